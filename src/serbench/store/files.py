"""Runs on disk: a folder with `run.json` and what else was asked for. Only complete files ever stand at their place."""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.errors import BadRunFile, CannotWrite, UnusableFile, UsageError
from serbench.store.wire import from_wire, to_wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.records.run import Run

RUN_FILE = "run.json"
PAGE_FILE = "index.html"

_PROBE = b"\0" * 65_536


def open_folder(path: Path, *, force: bool) -> Path:
    """Makes the folder of a run, with its parents, and proves that it can be written to: before anything is measured.

    Args:
        path: the folder.
        force: whether a run in it may be replaced. It stays until the new one is first saved.

    Raises:
        UsageError: it holds a run, or the page of one.
        CannotWrite: it cannot be made or written to.
    """
    try:
        if not force and os.path.lexists(path / RUN_FILE):
            raise UsageError(f"{path}: holds a run already; choose another --dir, or replace it with --force")
        if not force and os.path.lexists(path / PAGE_FILE):
            raise UsageError(f"{path}: holds an {PAGE_FILE} already; choose another --dir, or replace it with --force")
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(path, error) from error
    with _temporary(path / RUN_FILE) as temporary:
        _write_synced(temporary, _PROBE)
    return path


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keeps other runs out of a folder for as long as one writes into it; they would take each other's place.

    It ends with the process, however that ends. Where the file system has no locks nothing is kept out.

    Raises:
        UsageError: another run writes into it at this moment.
        CannotWrite: it is not there any more.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                f"{folder}: another run is being measured there; wait for its end, or choose another --dir"
            ) from None
        except OSError:
            pass
        yield
    finally:
        os.close(descriptor)


def save(run: Run, folder: Path) -> Path:
    """Writes `run.json` into the run's folder, in place of the one before.

    Returns:
        Where it is.

    Raises:
        CannotWrite: no space, no permission; the run.json before is untouched.
    """
    path = folder / RUN_FILE
    _replace(path, to_wire(run))
    return path


def forget_page(folder: Path) -> None:
    """Takes the page of an earlier run away, which would stand beside another run's results."""
    with suppress(OSError):
        (folder / PAGE_FILE).unlink()


def load(path: Path) -> Run:
    """Reads a run.

    Args:
        path: a run.json, or the folder that holds one.

    Raises:
        UnusableFile: nothing is there, or it cannot be read.
        BadRunFile: it is no run, broken, or newer than this serbench.
    """
    try:
        if path.is_dir():
            path = path / RUN_FILE
        data = path.read_bytes()
    except OSError as error:
        raise UnusableFile(f"{path}: {_reason(error)}; expected a run.json or a folder that holds one") from error
    try:
        return from_wire(data)
    except BadRunFile as error:
        raise BadRunFile(f"{path}: {error}") from error


def write_text(path: Path, text: str) -> None:
    """Writes an output, as UTF-8, complete or not at all. A device or pipe (/dev/stdout) is written to as it is.

    Raises:
        CannotWrite: no space, no permission, no such folder.
    """
    data = text.encode("utf-8", "backslashreplace")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _replace(Path(os.path.realpath(path)), data)  # a link stays a link: what it points at is replaced
    except OSError as error:
        raise _cannot_write(path, error) from error


def probe(path: Path) -> None:
    """Proves that an output can be written, without touching what is there.

    Raises:
        CannotWrite: no permission, no space, no such folder.
    """
    if path.exists() and not path.is_file():
        if not os.access(path, os.W_OK):
            raise _cannot_write(path, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
        return
    with _temporary(Path(os.path.realpath(path))) as temporary:
        _write_synced(temporary, b"")


def latest(reports: Path, folder: Path) -> None:
    """Points `latest` in the folder of all reports at a run's folder. A real file or folder of that name is left alone.

    Raises:
        CannotWrite: the link cannot be made.
    """
    link = reports / "latest"
    with _temporary(link) as temporary:
        if link.exists() and not link.is_symlink():
            return
        temporary.symlink_to(os.path.relpath(folder.resolve(), reports.resolve()), target_is_directory=True)
        temporary.replace(link)


def _replace(path: Path, data: bytes) -> None:
    with _temporary(path) as temporary:
        _write_synced(temporary, data)
        temporary.replace(path)
        _sync_folder(path.parent)


@contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """A name beside a file, for what is going to be renamed to it; gone afterwards, come what may.

    Raises:
        CannotWrite: for every OSError inside.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield temporary
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Makes a rename last through a power cut, where the file system can; the file is complete in any case."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _cannot_write(path: Path, error: OSError) -> CannotWrite:
    return CannotWrite(f"{path}: cannot be written, {_reason(error)}; make room or choose another place")


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
