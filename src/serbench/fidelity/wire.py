"""The matrix as JSON for programs: docs/fidelity.schema.json says what stands in it."""

from __future__ import annotations

import base64
import json
import platform
from typing import TYPE_CHECKING, Any

from serbench.fidelity import found, summary
from serbench.fidelity.probes import PROBES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.fidelity.parts import Attack, Examined
    from serbench.records.cases import CodecInfo

# 1: the first.
FORMAT = "serbench.fidelity/1"


def to_json(examined: Sequence[Examined], missing: Sequence[CodecInfo], version: str) -> str:
    """JSON text that ends in a newline.

    Args:
        examined: codecs with what was found.
        missing: codecs that cannot be used.
        version: of serbench.
    """
    tree = {
        "format": FORMAT,
        "serbench": version,
        "python": platform.python_version(),
        "probes": [{"probe": p.name, "group": p.group, "title": p.title} for p in PROBES],
        "codecs": [_codec(one) for one in examined],
        "missing": [{"codec": info.name, "reason": info.unavailable} for info in missing],
    }
    return json.dumps(tree, indent=2) + "\n"


def _codec(one: Examined) -> dict[str, Any]:
    info = one.info
    told = {
        "codec": info.name,
        "format": info.format,
        "model": info.model,
        "distribution": info.distribution,
        "version": info.version,
        "native": info.native,
        "deviations": list(info.deviations),
        "outcomes": {str(outcome): n for outcome, n in summary.counts(one.fidelity).items()},
        "probed": [
            {"probe": p.probe, "outcome": str(p.outcome), "words": p.words, "undeclared": p.undeclared}
            for p in one.fidelity.probed
        ],
    }
    return told | ({"attack": _attack(info, one.attack)} if one.attack else {})


def _attack(info: CodecInfo, attack: Attack) -> dict[str, Any]:
    return {
        "seed": attack.seed,
        "tried": attack.tried,
        "refused": attack.refused,
        "decoded": attack.decoded,
        "ended": attack.ended,
        "findings": [
            {
                "harm": str(finding.harm),
                "words": finding.words,
                "made": finding.made,
                "index": finding.index,
                "again": finding.again,
                "bytes": len(finding.data),
                "data": base64.b64encode(finding.data).decode(),
                "file": finding.file,
                "command": found.command(info, finding.file) if finding.file else "",
            }
            for finding in attack.findings
        ],
    }
