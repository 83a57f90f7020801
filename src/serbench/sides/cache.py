"""The folder where environments and stages are kept: keys, locks, and how a thing is made once and whole."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.errors import CannotWrite, Interrupted
from serbench.sides.commands import STOPPED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LOOK_SECONDS = 0.1
_KEY_DIGITS = 24
_CHUNK_BYTES = 1 << 20


def folder(name: str = "") -> Path:
    """`serbench/sides` in the user's cache, or a folder in it; it is there.

    Raises:
        CannotWrite: it cannot be made.
    """
    given = os.environ.get("XDG_CACHE_HOME", "")
    try:
        home = Path(given) if Path(given).is_absolute() else Path.home() / ".cache"
        path = home / "serbench" / "sides" / name
        path.mkdir(parents=True, exist_ok=True)
    except RuntimeError as homeless:
        raise CannotWrite("environments need a cache folder, and there is no home; set XDG_CACHE_HOME") from homeless
    except OSError as error:
        raise cannot_write(error) from error
    return path


def cannot_write(error: OSError) -> CannotWrite:
    """The same in words, with what to do."""
    place = error.filename or "the cache folder"
    reason = (error.strerror or str(error)).lower()
    return CannotWrite(f"{place}: cannot be written, {reason}; make room, or set XDG_CACHE_HOME to another folder")


def key(material: Any) -> str:
    """A name for what is made of that material: the start of its SHA-256.

    Args:
        material: anything that JSON can say; the order of keys does not matter.
    """
    return hashlib.sha256(json.dumps(material, sort_keys=True).encode()).hexdigest()[:_KEY_DIGITS]


def content(path: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


@contextlib.contextmanager
def locked(name: str, *, tell: Callable[[str], None], stop: Callable[[], bool]) -> Iterator[int]:
    """Holds a lock while something of that name is made; yields its descriptor.

    The lock goes with the last process that has the descriptor. Programs that write at the place inherit it, so that
    one that outlives a killed serbench keeps the next from writing at the same place.

    Raises:
        Interrupted: `stop` said so while another process had the lock.
    """
    descriptor = os.open(folder("locks") / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        told = False
        while not _taken(descriptor):
            if not told:
                tell("another serbench makes the same environment; waiting for it")
                told = True
            if stop():
                raise Interrupted(STOPPED)
            time.sleep(_LOOK_SECONDS)
        yield descriptor
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def remove(path: Path) -> None:
    """Takes a folder away, whatever is in it; a build may have left folders that nobody may write to."""
    shutil.rmtree(path, ignore_errors=True)
    if path.exists():
        for where, _, _ in os.walk(path):
            with contextlib.suppress(OSError):
                Path(where).chmod(stat.S_IRWXU)
        shutil.rmtree(path)


@contextlib.contextmanager
def passing(name: str) -> Iterator[Path]:
    """A folder for what is needed for a while."""
    path = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder("passing")))
    try:
        yield path
    finally:
        remove(path)


def write_mark(path: Path, told: dict[str, Any]) -> None:
    """Writes the file that says that what stands beside it is whole; it appears at once or not at all."""
    temporary = path.with_suffix(".new")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(told, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)


def read_mark(path: Path) -> dict[str, Any] | None:
    """What that file says; None where it is not there, or is none."""
    with contextlib.suppress(OSError, ValueError):
        told = json.loads(path.read_bytes())
        if isinstance(told, dict):
            return told
    return None
