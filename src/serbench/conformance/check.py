"""Checks codecs: every check in turn, in processes of the codec's own; a death is a finding."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.conformance import probed
from serbench.conformance.parts import CHECKS, Check, Checked, Conformance, Finding
from serbench.conformance.running import Died, Process
from serbench.errors import UnusableFile, UsageError, WorkerFailure
from serbench.harness import catalogue, strays

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.records.cases import CodecInfo

_OTHER_HASH_SEED = 1


def never() -> bool:
    """Nobody asks for the end."""
    return False


def find(wanted: str, *, stop: Callable[[], bool] = never) -> tuple[CodecInfo, ...]:
    """The codecs of a file, or the one of that name.

    Raises:
        UsageError: there is none that can be used, with file and line.
    """
    if wanted.endswith(".py") or "/" in wanted:
        return _of_file(wanted, stop)
    return catalogue.resolve([wanted], catalogue.catalogue(stop=stop))


def _of_file(file: str, stop: Callable[[], bool]) -> tuple[CodecInfo, ...]:
    if not Path(file).is_file():
        raise UnusableFile(f"{file}: no such file; `serbench codec new NAME` writes one")
    if not file.endswith(".py"):
        raise UnusableFile(f"{file}: a codec's file ends in .py")
    with contextlib.closing(Process(stop, {})) as process:
        try:
            told = process.ask(do="look", source=file)
        except (Died, WorkerFailure) as failure:
            raise UsageError(f"{file}: its import did not come to an end: {failure}; see what it does there") from None
    place = f"{file}:{told['line']}" if told["line"] else file
    if told["broken"]:
        raise UsageError(f"{place}: {told['broken']}")
    try:
        return tuple(one for one in catalogue.catalogue([file], stop=stop) if one.source == file)
    except UsageError as error:
        raise UsageError(f"{place}: {error}") from None


def check(
    info: CodecInfo,
    names: Sequence[str] = (),
    *,
    large: bool = True,
    stop: Callable[[], bool] = never,
    told: Callable[[str], None] = lambda _: None,
) -> Conformance:
    """Everything that is found out about a codec.

    Args:
        info: the codec; it can be used.
        names: of the checks; empty: all.
        large: whether round trips are tried with large messages as well.
        stop: whether somebody asked for the end.
        told: is told the name of each check before it is made.

    Raises:
        Interrupted: somebody asked for the end.
    """
    opening = {"do": "open", "source": info.source, "codec": info.name}
    checks = [one for one in CHECKS if not names or one.name in names]
    made = []
    with (
        tempfile.TemporaryDirectory(prefix="serbench-check-") as folder,
        contextlib.closing(Process(stop, opening)) as process,
    ):
        request = {"large": large, "file": str(Path(folder) / "written")}
        for one in checks:
            told(one.name)
            made.append(_made(one, info, process, request, stop))
    strays.end(())
    return Conformance(info=info, checks=tuple(made))


def _made(one: Check, info: CodecInfo, process: Process, request: dict[str, Any], stop: Callable[[], bool]) -> Checked:
    if one.name == "fidelity":
        return probed.checked(one, info, stop)
    if one.name != "other-process":
        return _asked(one, process, request | {"check": one.name})
    written = _asked(one, process, request | {"check": "written"})
    if not Path(request["file"]).is_file():
        return written
    opening = {"do": "open", "source": info.source, "codec": info.name}
    with contextlib.closing(Process(stop, opening, _OTHER_HASH_SEED)) as other:
        return _asked(one, other, request | {"check": one.name})


def _asked(one: Check, process: Process, request: dict[str, Any]) -> Checked:
    """What a process says of a check, or that it did not live to say it."""
    try:
        answer = process.ask(do="check", **request)
    except Died as death:
        return Checked(check=one, findings=(Finding(where="", what=str(death)),))
    except WorkerFailure as failure:
        return Checked(check=one, findings=(Finding(where="", what=f"it raised {failure}"),))
    findings = tuple(Finding(where=where, what=what) for where, what in answer["findings"])
    return Checked(check=one, findings=findings, told=answer["told"], untried=answer["untried"])
