"""Which versions of `run.json` there have been, and how an older one becomes the newest.

    1   the first.

A change that an older serbench could not read (it refuses unknown keys), or would read wrongly, is a new version: a
line above, `VERSION`, and one function in `STEPS`, which makes a document of version n one of version n + 1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from serbench.errors import BadRunFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Document = dict[str, Any]
    Steps = Mapping[int, Callable[[Document], Document]]

VERSION = 1
STEPS: Steps = {}

_FORMAT = re.compile(r"serbench\.run/([1-9][0-9]{0,5})")


def format_name(version: int) -> str:
    """What stands under `format` in a run of that version."""
    return f"serbench.run/{version}"


def migrated(document: Any, steps: Steps = STEPS, newest: int = VERSION) -> Document:
    """A parsed `run.json` in the newest version.

    Args:
        document: what was parsed, of any version or from elsewhere.
        steps: by version, what makes its documents those of the next.
        newest: the version to reach.

    Raises:
        BadRunFile: it is no run of serbench, or newer than this serbench.
    """
    match document:
        case {"format": str(name)} if found := _FORMAT.fullmatch(name):
            version = int(found[1])
        case _:
            raise BadRunFile(f"not a run of serbench: its format is not {format_name(newest)}")
    if version > newest:
        raise BadRunFile(
            f"written by a newer serbench: {name}, this one reads up to {format_name(newest)}; "
            "upgrade it with pip install --upgrade serbench"
        )
    for step in range(version, newest):
        document = steps[step](document)
    return {**document, "format": format_name(newest)}
