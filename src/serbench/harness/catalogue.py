"""The catalogue: what codecs there are, told by workers. The orchestrator imports none of them.

Two workers look at half of the modules each. Where one dies, each of its modules gets one of its own, so that a module
which crashes on import costs itself only. The catalogue of our own modules is cached by the versions of everything
installed; files, and modules of others, which may be edited where they lie, are looked at anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench import registry
from serbench.errors import MissingLibrary, UnknownName, UnusableFile, UsageError, WorkerFailure
from serbench.harness import strays
from serbench.harness.link import Link, close_all, wait_any
from serbench.records.cases import Caution, CodecInfo
from serbench.sides.base import HERE
from serbench.worker import protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.sides.base import Launch

_PATIENCE_SECONDS = 20.0
_AT_ONCE = 2  # workers: importing all libraries is what a first run waits for
OWN = "serbench."
"""What the names of our own modules begin with."""


def catalogue(files: Sequence[str] = (), *, stop: Callable[[], bool] = lambda: False) -> tuple[CodecInfo, ...]:
    """Every codec of the installed modules, then those of the files.

    Args:
        files: paths of codec files, and classes of the user's own (`pkg.module:Order`).
        stop: looked at while a worker is waited for.

    Raises:
        UsageError: a file or a class cannot be used, or two codecs have one name.
    """
    modules = registry.sources("codecs")
    own = _cached([module for module in modules if module.startswith(OWN)], stop)
    others = [module for module in modules if not module.startswith(OWN)]
    told = [_info(entry) for entry in _ask(others, stop)] if others else []
    foreign = [_info(entry) for file in dict.fromkeys(files) for entry in _of_file(file, stop)]
    entries = (*own, *told, *foreign)
    _refuse_doubles(entries)
    return entries


def of_file(file: str, stop: Callable[[], bool] = lambda: False) -> tuple[CodecInfo, ...]:
    """The codecs in a file.

    Raises:
        UsageError: it cannot be used.
    """
    return tuple(_info(entry) for entry in _of_file(file, stop))


def of_side(
    sources: Sequence[str], launch: Launch, stop: Callable[[], bool] = lambda: False
) -> tuple[tuple[CodecInfo, ...], str]:
    """The codecs of these modules and files as a side has them, and its version of Python.

    Args:
        sources: dotted modules, and paths of files as the side's workers find them.
        launch: how they are started.
        stop: looked at while a worker is waited for.
    """
    answers = _answers(sources, stop, launch)
    python = next((answer["python"] for answer in answers if "python" in answer), "")
    return tuple(_info(entry) for entry in _entries(answers, sources)), python


def resolve(names: Sequence[str], known: Sequence[CodecInfo]) -> tuple[CodecInfo, ...]:
    """The codecs of these names, which were asked for one by one.

    Raises:
        MissingLibrary: its library is not installed; with the command that installs it.
        UnknownName: there is no such codec.
    """
    by_name = {info.name: info for info in known}
    for name in names:
        info = by_name.get(name) or _hidden(name, known)
        if info is None:
            raise UnknownName("codec", name, by_name)
        if info.unavailable:
            raise MissingLibrary(f"codec {name!r} cannot be used: {info.unavailable}")
    return tuple(by_name[name] for name in names)


def _hidden(name: str, known: Sequence[CodecInfo]) -> CodecInfo | None:
    """The module that would define that name if it could be imported: `msgspec` for `msgspec-json`."""
    return next((info for info in known if info.unavailable and name.startswith(f"{info.name}-")), None)


def _of_file(file: str, stop: Callable[[], bool]) -> list[dict[str, Any]]:
    if registry.names_type(file):
        return _of_type(file, stop)
    if not file.endswith(".py"):
        raise UnusableFile(f"{file}: a codec's file ends in .py")
    entries = _ask([file], stop)
    for entry in entries:
        if entry.get("unavailable"):
            raise UsageError(f"{file}: no codec in it can be used; {entry['unavailable']}")
    return entries


def _of_type(place: str, stop: Callable[[], bool]) -> list[dict[str, Any]]:
    """The ways of a class of the user's own; those whose library is missing say so, if there is another."""
    entries = _ask([place], stop)
    if all(entry.get("unavailable") for entry in entries):
        raise UsageError(f"--type {place}: {entries[0]['unavailable']}")
    return entries


def _ask(sources: Sequence[str], stop: Callable[[], bool]) -> list[dict[str, Any]]:
    """What workers say of these modules, in this order."""
    return _entries(_answers(sources, stop, HERE), sources)


def _entries(answers: Sequence[dict[str, Any]], sources: Sequence[str]) -> list[dict[str, Any]]:
    told = (entry for answer in answers for entry in answer["codecs"])
    return sorted(told, key=lambda entry: sources.index(entry["source"]))


def _answers(sources: Sequence[str], stop: Callable[[], bool], launch: Launch) -> list[dict[str, Any]]:
    """The hellos of workers for these modules. What the modules have started on import is ended."""
    try:
        return _shared(sources, stop, launch)
    finally:
        strays.end(workers=())


def _shared(sources: Sequence[str], stop: Callable[[], bool], launch: Launch) -> list[dict[str, Any]]:
    """The hellos of workers that share these modules; alone with each of them where one dies on its share."""
    shares = [list(sources[n::_AT_ONCE]) for n in range(min(_AT_ONCE, len(sources)))]
    links = [Link(on=frozenset(), hash_seed=0, launch=launch) for _ in shares]
    answers: list[dict[str, Any]] = []
    try:
        for link, share in zip(links, shares, strict=True):
            request = {"do": "hello", "version": protocol.VERSION, "sources": share, "describe": True}
            link.post(request, patience=_PATIENCE_SECONDS)
        for link, share in zip(links, shares, strict=True):
            try:
                wait_any([link], stop)
                answers.append(link.take().fields)
            except WorkerFailure as failure:
                if len(share) > 1:
                    answers += [answer for source in share for answer in _shared([source], stop, launch)]
                else:
                    answers.append({"codecs": [_broken(share[0], str(failure))]})
    finally:
        close_all(links)
    return answers


def _broken(source: str, reason: str) -> dict[str, Any]:
    name = Path(source).stem if source.endswith(".py") else source.rpartition(".")[2]
    empty = dict.fromkeys(("format", "distribution", "version", "native"), "")
    why = f"broken: {reason}"
    return {
        "name": name,
        "model": "plain",
        "deviations": [],
        "source": source,
        "warnings": [],
        "unavailable": why,
        **empty,
    }


def _info(entry: dict[str, Any]) -> CodecInfo:
    warnings = tuple(Caution(**warning) for warning in entry["warnings"])
    return CodecInfo(**entry | {"deviations": tuple(entry["deviations"]), "warnings": warnings})


def _refuse_doubles(entries: Sequence[CodecInfo]) -> None:
    first: dict[str, CodecInfo] = {}
    for entry in entries:
        other = first.setdefault(entry.name, entry)
        if other is not entry:
            raise UsageError(f"two codecs are named {entry.name!r}: {other.source} and {entry.source}; rename one")


def _cached(sources: Sequence[str], stop: Callable[[], bool]) -> list[CodecInfo]:
    folder = _cache_folder()
    if not folder:
        return [_info(entry) for entry in _ask(sources, stop)]
    path = folder / f"catalogue-{_fingerprint(sources)}.json"
    with contextlib.suppress(OSError, ValueError, TypeError, LookupError):  # not there, or not what was kept there
        return [_info(entry) for entry in json.loads(path.read_bytes())]
    entries = _ask(sources, stop)
    if not any(entry.get("unavailable", "").startswith("broken") for entry in entries):
        _keep(path, entries)
    return [_info(entry) for entry in entries]


def _keep(path: Path, entries: list[dict[str, Any]]) -> None:
    """A cache that cannot be written is no cache, and no error."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}.new")
        new.write_text(json.dumps(entries))
        new.replace(path)


def _cache_folder() -> Path | None:
    """Where the catalogue is kept; None where the user has no home."""
    with contextlib.suppress(RuntimeError):
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "serbench"
    return None


def _fingerprint(sources: Sequence[str]) -> str:
    """Changes with the interpreter, with any installed distribution, and with the files of our own adapters.

    And with variables that choose between native parts and others, such as `MSGPACK_PUREPYTHON`.
    """
    adapters = sorted(Path(registry.__file__).parent.glob("codecs/*.py")) + sorted(
        Path(registry.__file__).parent.glob("worker/*.py")
    )
    stamps = [f"{path.name}@{path.stat().st_mtime_ns}" for path in adapters]
    switches = sorted(f"{name}={value}" for name, value in os.environ.items() if "PYTHON" in name)
    text = "\n".join([sys.executable, sys.version, *sources, *_installed(), *stamps, *switches])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _installed() -> list[str]:
    """What lies in the folders of distributions' metadata; to read it would take longer than all the rest.

    Their names have their versions, but for what is installed to be edited in place: that has the time of its change.
    """
    found = []
    for place in sys.path:
        with contextlib.suppress(OSError):  # not there, or no folder
            entries = [e for e in os.scandir(place or os.curdir) if e.name.endswith((".dist-info", ".egg-info"))]
            found += [f"{entry.name}@{entry.stat().st_mtime_ns}" for entry in entries]
    return sorted(found)
