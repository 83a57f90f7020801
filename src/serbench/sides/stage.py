"""The worker's files as a side gets them: copied, so that a process there imports nothing else of serbench."""

from __future__ import annotations

import contextlib
import errno
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.errors import UnusableFile
from serbench.sides import cache, commands, sampler

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from serbench.sides.interpreters import Interpreter

_PACKAGES = ("codecs", "records", "schema", "worker")
_MODULES = ("__init__.py", "errors.py", "registry.py", "units.py")
_HERE = Path(__file__).parents[1]
_CODECS = "codec_files"
_MARK = "stage.json"
_COMPILE_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A folder that comes first on a worker's path. What is in it never changes.

    Attributes:
        path: the folder.
        codec_files: where the copy of each codec file is.
        sampler: "native" or "python": the better one that works there.
    """

    path: Path
    codec_files: Mapping[Path, str]
    sampler: str


def files() -> dict[str, bytes]:
    """Content of the worker's files by their place in a stage: what a worker may import of serbench, and no more."""
    paths = [_HERE / name for name in _MODULES]
    paths += [path for package in _PACKAGES for path in (_HERE / package).rglob("*.py")]
    return {f"serbench/{path.relative_to(_HERE).as_posix()}": path.read_bytes() for path in sorted(paths)}


def make(interpreter: Interpreter, codec_files: Sequence[Path], *, stop: Callable[[], bool]) -> Stage:
    """The stage for an interpreter, from the cache if nothing has changed.

    Args:
        interpreter: that runs the workers.
        codec_files: files with codecs of the user's own.
        stop: whether somebody asked for the end.

    Raises:
        UnusableFile: a codec file cannot be read.
        CannotWrite: the cache cannot be written to.
        Interrupted: `stop` said so.
    """
    content, places = files(), {}
    for path in codec_files:
        source = _read(path)
        places[path] = f"{_CODECS}/{hashlib.sha256(source).hexdigest()[:12]}/{path.name}"
        content[places[path]] = source
    chosen = sampler.way(interpreter)
    digests = {name: hashlib.sha256(source).hexdigest() for name, source in content.items()}
    digests["_sampler.c"] = cache.content(sampler.SOURCE)
    key = cache.key([digests, interpreter.build, chosen.material])
    home = cache.folder("stages") / key
    told = cache.read_mark(home / _MARK)
    if told is None or not _whole(home, content):
        try:
            cache.remove(home)
            told = _made(home, content, interpreter, chosen, stop)
        except OSError as error:
            raise cache.cannot_write(error) from error
    copies = {path: str(home / place) for path, place in places.items()}
    return Stage(path=home, codec_files=copies, sampler=told["sampler"])


def _whole(home: Path, content: Mapping[str, bytes]) -> bool:
    """Whether all files are there, by their sizes: whoever cleans a cache may take some."""
    with contextlib.suppress(OSError):
        return all((home / name).stat().st_size == len(source) for name, source in content.items())
    return False


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnusableFile(f"{path}: cannot be read, {reason}; name another codec file") from error


def _made(
    home: Path,
    content: Mapping[str, bytes],
    interpreter: Interpreter,
    chosen: sampler.Way,
    stop: Callable[[], bool],
) -> dict[str, str]:
    """Makes it beside its place and moves it there; another process may have been faster with the same."""
    with cache.passing("stage") as passing:
        stage, log = passing / "stage", passing / "log"
        for name, source in content.items():
            place = stage / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(source)
        native = sampler.put(chosen, stage, interpreter, log, stop)
        _compile(stage, interpreter, log, stop)
        told = {"sampler": "native" if native else "python", "python": interpreter.label}
        cache.write_mark(stage / _MARK, told)
        try:
            stage.rename(home)
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise
    return told


def _compile(stage: Path, interpreter: Interpreter, log: Path, stop: Callable[[], bool]) -> None:
    """Writes byte-code: workers write none, and each would compile all files anew. A codec file may be no Python."""
    command = [interpreter.python, "-I", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", str(stage)]
    with contextlib.suppress(commands.TooLong):
        commands.run(command, seconds=_COMPILE_SECONDS, stop=stop, output=log)
