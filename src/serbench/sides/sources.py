"""What a side is made from: each part by its content, and a copy of it that may be built in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from serbench.sides import cache, revisions, tree
from serbench.sides.spec import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from serbench.sides.spec import Part


def content(part: Part) -> list[str]:
    """What a part is, wherever it lies."""
    if part.kind is Kind.DIRECTORY:
        return ["directory", tree.digest(tree.entries(part.path))]
    if part.kind is Kind.FILE:
        return ["file", part.path.name, cache.content(part.path)]
    if part.revision:
        return ["revision", part.revision.commit, part.revision.within]
    return ["requirement", re.sub(r"\s+", " ", part.text)]


def take(part: Part, to: Path, stop: Callable[[], bool]) -> tuple[str, list[str]]:
    """Copies what is built: a build leaves nothing in the user's tree.

    Returns:
        What pip is told to install, and what was taken, by content.
    """
    if part.revision:
        return str(revisions.export(part.revision, to, asked=part.text, stop=stop)), content(part)
    if part.kind is Kind.DIRECTORY:
        return str(to), ["directory", tree.copy(tree.entries(part.path), to)]
    return str(part.path) if part.kind is Kind.FILE else part.text, content(part)


def labels(parts: Sequence[Part], contents: Sequence[Sequence[str]]) -> Mapping[str, str]:
    """Variables with a version for projects that ask git for theirs: a copy has no history."""
    found = {}
    for part, inside in zip(parts, contents, strict=True):
        if part.kind in {Kind.DIRECTORY, Kind.REVISION} and part.distribution:
            name = re.sub(r"[-_.]+", "_", part.distribution).upper()
            version = revisions.nearest_version(part.path, part.revision.commit if part.revision else "HEAD")
            found[f"SETUPTOOLS_SCM_PRETEND_VERSION_FOR_{name}"] = f"{version}+serbench.{inside[1][:8]}"
    return found
