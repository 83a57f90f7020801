"""What a side is made from: each part by its content, and a copy of it that may be built in."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from serbench.sides import cache, direct, revisions, tree
from serbench.sides.spec import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from serbench.sides.spec import Part


def content(part: Part) -> list[str]:
    """What a part is, wherever it lies."""
    if part.kind in {Kind.DIRECTORY, Kind.FILE}:
        return _on_disk(part.path)
    if part.revision:
        return ["revision", part.revision.commit, part.revision.within]
    path = direct.local(part.text)
    return ["requirement", _words(part), *(_on_disk(path) if path else ())]


def _words(part: Part) -> str:
    return re.sub(r"\s+", " ", part.text)


def _on_disk(path: Path) -> list[str]:
    if path.is_dir():
        return ["directory", tree.digest(tree.entries(path))]
    return ["file", path.name, cache.content(path)]


def take(part: Part, to: Path, stop: Callable[[], bool]) -> tuple[str, list[str]]:
    """Copies what is built: a build leaves nothing in the user's tree.

    An archive is copied as well: pip keeps what it has built under the place where it lay, whatever lies there by then.

    Returns:
        What pip is told to install, and what was taken, by content.
    """
    if part.revision:
        return str(revisions.export(part.revision, to, asked=part.text, stop=stop)), content(part)
    if part.kind is not Kind.REQUIREMENT:
        place, taken = _copied(part.path, to)
        return str(place), taken
    path = direct.local(part.text)
    if not path:
        return part.text, content(part)
    place, taken = _copied(path, to)
    return direct.elsewhere(part.text, place), ["requirement", _words(part), *taken]


def _copied(path: Path, to: Path) -> tuple[Path, list[str]]:
    """Where the copy of a file or folder is, and what was copied."""
    if path.is_dir():
        return to, ["directory", tree.copy(tree.entries(path), to)]
    to.mkdir(parents=True)
    place = to / path.name
    shutil.copyfile(path, place)
    return place, ["file", path.name, cache.content(place)]


def latest(part: Part) -> str:
    """The file of a folder that was written to last; empty where it is no folder."""
    path = direct.local(part.text) if part.kind is Kind.REQUIREMENT else part.path
    if not path or part.revision or not path.is_dir():
        return ""
    return max(tree.entries(path), key=lambda entry: entry.source.lstat().st_mtime_ns).name


def labels(parts: Sequence[Part], contents: Sequence[Sequence[str]]) -> Mapping[str, str]:
    """Variables with a version for projects that ask git for theirs: a copy has no history."""
    found = {}
    for part, inside in zip(parts, contents, strict=True):
        folder = direct.local(part.text) if part.kind is Kind.REQUIREMENT else part.path
        copied = part.kind in {Kind.DIRECTORY, Kind.REVISION} or bool(folder and folder.is_dir())
        if copied and folder and part.distribution:
            name = re.sub(r"[-_.]+", "_", part.distribution).upper()
            version = revisions.nearest_version(folder, part.revision.commit if part.revision else "HEAD")
            digest = inside[1] if part.revision else inside[-1]
            found[f"SETUPTOOLS_SCM_PRETEND_VERSION_FOR_{name}"] = f"{version}+serbench.{digest[:8]}"
    return found
