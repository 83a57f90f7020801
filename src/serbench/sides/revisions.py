"""Revisions of the current repository: which commit one is, what a file was there, and all files of it."""

from __future__ import annotations

import os
import re
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.errors import NoSuchSide, SideFailure
from serbench.sides import commands
from serbench.sides.tree import PROJECT_FILES

if TYPE_CHECKING:
    from collections.abc import Callable

_GIT_SECONDS = 30.0
_ARCHIVE_SECONDS = 120.0
_BYTES_AT_MOST = 2 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A commit of a repository.

    Attributes:
        top: the repository's work tree.
        commit: its full id.
        within: the project's folder in it, with a slash at the end; empty: the top.
    """

    top: Path
    commit: str
    within: str


def locate(text: str, directory: Path) -> Revision:
    """The commit that `git:` names.

    Args:
        text: a branch, a tag, an id, or whatever git takes for a commit.
        directory: a folder in the repository: the project's.

    Raises:
        NoSuchSide: there is no git, no repository, no such commit, or no project in that folder at that commit.
    """
    asked = f"git:{text}"
    try:
        code, place, complaint = _git(directory, "rev-parse", "--show-toplevel", "--show-prefix")
    except FileNotFoundError as missing:
        raise NoSuchSide(f"{asked}: git is not installed; install it, or name a version or a wheel") from missing
    if code or not place:
        why = complaint.rpartition("fatal: ")[2].partition("\n")[0] or "not a git repository"
        raise NoSuchSide(f"{asked}: {directory}: {why}; run it inside the repository")
    top, _, within = place.rstrip("\n").partition("\n")
    code, commit, _ = _git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{text}^{{commit}}")
    if code or not text:
        raise NoSuchSide(f"{asked}: no such revision in {top}; {_remedy(directory)}")
    revision = Revision(top=Path(top), commit=commit.strip(), within=within.strip("\n"))
    if not any(read(revision, name) for name in PROJECT_FILES):
        where = f"the folder {within.rstrip('/')}" if within else "its top folder"
        raise NoSuchSide(
            f"{asked}: no pyproject.toml or setup.py in {where} at that commit; go to the project's folder"
        )
    return revision


def _remedy(directory: Path) -> str:
    _, shallow, _ = _git(directory, "rev-parse", "--is-shallow-repository")
    if shallow.strip() == "true":
        return "the clone is shallow: git fetch --unshallow --tags, or fetch-depth: 0 in a checkout action"
    return "git log --oneline and git tag list what there is, git fetch --tags brings more"


def _git(directory: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, and what was printed to stdout and stderr."""
    command = ["git", *arguments]
    try:
        done = subprocess.run(
            command,
            cwd=directory,
            start_new_session=True,  # a Ctrl-C is for serbench alone
            env=commands.variables(GIT_OPTIONAL_LOCKS="0"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 124, "", f"fatal: git {arguments[0]} took longer than {_GIT_SECONDS:.0f} s"
    return done.returncode, os.fsdecode(done.stdout), done.stderr.decode(errors="replace").strip()


def read(revision: Revision, name: str) -> str:
    """The text of a file of the project at that commit; empty where it is not there."""
    code, text, _ = _git(revision.top, "cat-file", "blob", f"{revision.commit}:{revision.within}{name}")
    return "" if code else text


def nearest_version(directory: Path, commit: str = "HEAD") -> str:
    """The version in the last tag before a commit, such as 1.2 of v1.2; 0 where there is none or no git."""
    try:
        _, tag, _ = _git(directory, "describe", "--tags", "--abbrev=0", "--end-of-options", commit)
    except OSError:
        return "0"
    match = re.fullmatch(r"(?:.*[^0-9.])?([0-9]+(?:\.[0-9]+)*)", tag.strip())
    return match[1] if match else "0"


def export(revision: Revision, to: Path, *, asked: str, stop: Callable[[], bool]) -> Path:
    """Writes all files of the repository at that commit into a new folder, and returns the project's folder in it.

    Raises:
        SideFailure: git could not, it took too long, or they are more than 2 GB.
        Interrupted: `stop` said so.
    """
    to.mkdir(parents=True)
    archive, complaints = to / ".archive.tar", to / ".archive.txt"
    command = ["git", "-C", str(revision.top), "archive", "--format=tar", revision.commit]
    try:
        code = commands.run(command, seconds=_ARCHIVE_SECONDS, stop=stop, output=archive, errors=complaints)
    except commands.TooLong:
        raise SideFailure(f"{asked}: git archive took longer than {_ARCHIVE_SECONDS:.0f} s; try again") from None
    if code:
        last = complaints.read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]
        raise SideFailure(f"{asked}: git archive failed: {last[:200]}; git fsck may say more")
    if archive.stat().st_size > _BYTES_AT_MOST:
        raise SideFailure(f"{asked}: its files are more than 2 GB; name a wheel or a version")
    _unpack(archive, to, asked)
    archive.unlink()
    complaints.unlink()
    return to / revision.within


def _unpack(archive: Path, to: Path, asked: str) -> None:
    """Unpacks what stays inside the folder; links that lead out of it are left away."""
    if not hasattr(tarfile, "data_filter"):
        raise SideFailure(f"{asked}: unpacking safely needs Python 3.11.4 or newer; upgrade it, or name a wheel")

    def inside(member: tarfile.TarInfo, path: str) -> tarfile.TarInfo | None:
        try:
            return tarfile.data_filter(member, path)
        except tarfile.FilterError:
            return None

    with tarfile.open(archive) as tar:
        tar.extractall(to, filter=inside)  # noqa: S202 - the filter is the check that is asked for
