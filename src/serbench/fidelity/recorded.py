"""What comes back, for runs: looked at once for each version of a library, and kept.

What is kept depends on the interpreter, on the library's version and on our own files. Codecs of files and of other
packages, which may be edited where they lie, are looked at anew; and so is what was ended from outside.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from serbench import registry
from serbench.fidelity import running
from serbench.fidelity.probes import PROBES
from serbench.records.fidelity import Fidelity, Outcome, Probed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.records.cases import CodecInfo

_LEAST_SECONDS = 1.0
_OWN = "serbench."
_DEPENDS = ("fidelity", "codecs", "schema", "worker")
_FROM_OUTSIDE = ("SIGKILL", "SIGTERM", "no answer")


def recorded(
    codecs: Sequence[CodecInfo], seconds: float, *, stop: Callable[[], bool] = lambda: False
) -> tuple[Fidelity, ...]:
    """What comes back from these codecs: what was kept, and what there is time to look at.

    Args:
        codecs: who; those that cannot be used are left out.
        seconds: no codec is begun when less than one of them is left.
        stop: whether somebody asked for the end.

    Returns:
        In the order of the codecs, without those for which there was no time.

    Raises:
        Interrupted: somebody asked for the end.
    """
    end = time.monotonic() + seconds - _LEAST_SECONDS
    usable = [info for info in codecs if not info.unavailable]
    known = {info.name: found for info in usable if (found := _read(info))}
    new = [info for info in usable if info.name not in known]

    def look(info: CodecInfo, process: running.Process) -> Fidelity | None:
        return running.fidelity(info, process) if time.monotonic() < end else None

    for info, found in zip(new, running.each(new, look, stop=stop) if seconds > _LEAST_SECONDS else (), strict=False):
        if found:
            known[info.name] = found
            keep(info, found)
    return tuple(known[info.name] for info in usable if info.name in known)


def keep(info: CodecInfo, found: Fidelity) -> None:
    """Keeps what was found, if it may be kept. Where it cannot be written it is looked at again, which is no error."""
    place = _place(info)
    if place is None or any(map(_from_outside, found.probed)):
        return
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        new = place.with_suffix(f".{os.getpid()}.new")
        new.write_text(json.dumps([asdict(one) for one in found.probed]), encoding="utf-8")
        new.replace(place)


def _from_outside(probed: Probed) -> bool:
    return probed.outcome is Outcome.CRASHED and any(words in probed.words for words in _FROM_OUTSIDE)


def _read(info: CodecInfo) -> Fidelity | None:
    """What is kept of a codec; None where there is nothing, or something else."""
    place = _place(info)
    with contextlib.suppress(OSError, ValueError, TypeError, LookupError):
        told: list[dict[str, Any]] = json.loads(place.read_bytes()) if place else []
        probed = tuple(Probed(**one | {"outcome": Outcome(one["outcome"])}) for one in told)
        if [one.probe for one in probed] == [probe.name for probe in PROBES]:
            return Fidelity(codec=info.name, probed=probed)
    return None


def _place(info: CodecInfo) -> Path | None:
    """Where a codec's is kept; None where nothing is."""
    if not info.source.startswith(_OWN):
        return None
    with contextlib.suppress(RuntimeError):
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return cache / "serbench" / f"fidelity-{quote(info.name, safe='')}-{_fingerprint(info)}.json"
    return None


def _fingerprint(info: CodecInfo) -> str:
    """Changes with the interpreter, with what the catalogue says of the codec, and with our own files."""
    home = Path(registry.__file__).parent
    files = sorted(path for room in _DEPENDS for path in (home / room).glob("*.py"))
    stamps = [f"{path.relative_to(home)}@{path.stat().st_mtime_ns}" for path in files]
    text = "\n".join([sys.executable, sys.version, repr(info), *stamps])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
