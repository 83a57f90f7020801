"""What was found, for people and for programs."""

from __future__ import annotations

import json
import platform
from typing import TYPE_CHECKING, Any

from serbench.worker.words import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.conformance.parts import Checked, Conformance

# 1: the first.
FORMAT = "serbench.conformance/1"


def line(checked: Checked) -> str:
    """One line: passed and on what, or failed with what, where, and what to do."""
    check = checked.check
    if checked.findings:
        more = len(checked.findings) - 1
        others = f" (and {more} more, see -o json)" if more else ""
        return f"failed  {check.name:13}  {checked.findings[0]}{others}; {check.remedy}"
    if checked.untried:
        return f"-       {check.name:13}  not tried: {checked.untried}"
    return f"passed  {check.name:13}  {check.holds}" + (f" ({checked.told})" if checked.told else "")


def heading(found: Conformance) -> str:
    """The codec, before its lines."""
    return f"{found.info.name} ({printable(found.info.source)})"


def summary(found: Conformance) -> str:
    """How it ended, after its lines."""
    failed = sum(not checked.passed for checked in found.checks)
    untried = sum(bool(checked.untried) and checked.passed for checked in found.checks)
    some = (
        f"{failed} of {len(found.checks)} checks failed"
        if failed
        else f"all {len(found.checks) - untried} checks passed"
    )
    return f"{found.info.name}: {some}" + (f", {untried} not tried" if untried else "")


def text(found: Sequence[Conformance]) -> str:
    """Every codec, its checks a line each, and how it ended; ends in a newline."""
    parts = ["\n".join([heading(one), *map(line, one.checks), summary(one)]) for one in found]
    return "\n\n".join(parts) + "\n"


def to_json(found: Sequence[Conformance], version: str) -> str:
    """JSON text that ends in a newline.

    Args:
        found: codecs with their checks.
        version: of serbench.
    """
    tree = {
        "format": FORMAT,
        "serbench": version,
        "python": platform.python_version(),
        "codecs": [_codec(one) for one in found],
    }
    return json.dumps(tree, indent=2) + "\n"


def _codec(one: Conformance) -> dict[str, Any]:
    info = one.info
    return {
        "codec": info.name,
        "source": info.source,
        "version": info.version,
        "passed": one.passed,
        "checks": [_check(checked) for checked in one.checks],
    }


def _check(checked: Checked) -> dict[str, Any]:
    return {
        "check": checked.check.name,
        "holds": checked.check.holds,
        "result": "failed" if checked.findings else "untried" if checked.untried else "passed",
        "on": checked.told,
        "untried": checked.untried,
        "findings": [{"where": finding.where, "what": finding.what} for finding in checked.findings],
        "remedy": checked.check.remedy if checked.findings else "",
    }
