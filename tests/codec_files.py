"""Codec files for workers to import: json under other names, and whatever is to happen on import."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SOUND = """
from dataclasses import replace
from serbench.codecs.json import Json
CODECS = tuple(Json(name=name) for name in {names!r})
"""


def codec_file(folder: Path, *names: str, before: str = "", stem: str = "") -> str:
    """Writes a codec file and returns its path.

    Args:
        folder: where.
        names: of its codecs; with `{seed}` in them for the hash seed of the worker that imports it.
        before: code that is run first.
        stem: of the file; the first name where there is none.
    """
    path = folder / f"{stem or names[0]}.py"
    path.write_text(before + SOUND.format(names=names))
    return str(path)
