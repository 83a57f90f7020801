"""The files of a project's folder: those that its author means, their digest, and a copy to build from."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.errors import NoSuchSide
from serbench.sides.commands import variables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PROJECT_FILES = ("pyproject.toml", "setup.py")
_GIT_SECONDS = 60.0
_BYTES_AT_MOST = 1 << 30
_CHUNK_BYTES = 1 << 20
_SKIPPED = frozenset(
    {"__pycache__", ".git", ".hg", ".svn", ".venv", "venv", ".tox", ".nox", "node_modules", ".eggs"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"}
)
_SKIPPED_AT_TOP = frozenset({"build", "dist"})  # further down they may be packages
_SKIPPED_ENDINGS = (".egg-info", ".pyc", ".pyo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of a project.

    Attributes:
        name: path in the project, with slashes.
        source: where its content is.
        link: what it points at, where it is a link to something in the same project; empty: a file.
    """

    name: str
    source: Path
    link: str = ""


def entries(directory: Path) -> list[Entry]:
    """The files of a project, in the order of their names.

    In a git work tree: what git tracks, and what it neither tracks nor ignores. Else, and where git ignores the
    project: all but caches, virtual environments and what builds leave.

    Raises:
        NoSuchSide: they are more than 1 GB.
    """
    tracked = _tracked(directory)
    names = tracked if any(name in tracked for name in PROJECT_FILES) else list(_walked(directory, ""))
    found = sorted((entry for name in names for entry in _expanded(directory, name)), key=lambda entry: entry.name)
    size = sum(entry.source.lstat().st_size for entry in found)
    if size > _BYTES_AT_MOST:
        raise NoSuchSide(f"{directory}: its files are {size / 1e9:.1f} GB; keep data elsewhere, or have git ignore it")
    return found


def _tracked(directory: Path) -> list[str]:
    """Names that git gives; none where there is no git or no work tree."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", "."]
    try:
        done = subprocess.run(
            command,
            cwd=directory,
            env=variables(),
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=False,
            start_new_session=True,  # a Ctrl-C is for serbench alone
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    names = os.fsdecode(done.stdout).split("\0") if done.returncode == 0 else []
    return [name.rstrip("/") for name in names if name and os.path.lexists(directory / name)]


def _walked(top: Path, within: str) -> Iterator[str]:
    """Names of all files below a folder of the project but those that nobody means."""
    for path in sorted((top / within).iterdir()):
        name = f"{within}/{path.name}" if within else path.name
        if path.name in _SKIPPED or path.name.endswith(_SKIPPED_ENDINGS) or name in _SKIPPED_AT_TOP:
            continue
        if path.is_dir() and not path.is_symlink():
            if not (path / "pyvenv.cfg").exists():
                yield from _walked(top, name)
        else:
            yield name


def _expanded(top: Path, name: str) -> Iterator[Entry]:
    """A name's file or link; the files of a folder, which is a submodule or where a link leads out of the project."""
    path = top / name
    if path.is_symlink():
        real = path.resolve()
        if real.is_relative_to(top.resolve()):
            yield Entry(name=name, source=path, link=os.path.relpath(real, path.parent.resolve()))
        elif real.is_file():
            yield Entry(name=name, source=real)
        elif real.is_dir():
            for inner in _walked(real, ""):
                if (real / inner).is_file():  # a link in what a link leads to may lead back
                    yield Entry(name=f"{name}/{inner}", source=real / inner)
    elif path.is_dir():
        for inner in _walked(path, ""):
            yield from _expanded(top, f"{name}/{inner}")
    elif path.is_file():
        yield Entry(name=name, source=path)


def digest(files: Sequence[Entry]) -> str:
    """SHA-256 over names, contents, links and what may be executed."""
    return _digested(files, None)


def copy(files: Sequence[Entry], to: Path) -> str:
    """Copies the files and returns the digest of what was copied, however they change meanwhile."""
    to.mkdir(parents=True)
    return _digested(files, to)


def _digested(files: Sequence[Entry], to: Path | None) -> str:
    whole = hashlib.sha256()
    for entry in files:
        place = to / entry.name if to else None
        if place:
            place.parent.mkdir(parents=True, exist_ok=True)
        if entry.link:
            kind, inside = "link", hashlib.sha256(os.fsencode(entry.link)).hexdigest()
            if place:
                place.symlink_to(entry.link)
        else:
            mode = entry.source.stat().st_mode
            kind, inside = "run" if mode & stat.S_IXUSR else "file", _read(entry.source, place)
        whole.update(b"%s\0%s\0%s\n" % (kind.encode(), os.fsencode(entry.name), inside.encode()))
    return whole.hexdigest()


def _read(source: Path, place: Path | None) -> str:
    """SHA-256 of a file, which is copied on the way where there is a place."""
    inside = hashlib.sha256()
    with source.open("rb") as file, Path(place or os.devnull).open("wb") as copied:
        while chunk := file.read(_CHUNK_BYTES):
            inside.update(chunk)
            copied.write(chunk)
    if place:
        shutil.copymode(source, place)
    return inside.hexdigest()
