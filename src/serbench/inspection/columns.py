"""Columns of a terminal: aligned by what a terminal shows, the first cut where there is no room."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

Rows = Sequence[Sequence[str]]
"""The head, then lines. A head that begins with `>` has its column aligned to the right."""

GAP = "  "
LEAST_FIRST = 30


def aligned(rows: Rows, width: int) -> list[str]:
    """The lines, of one width each, the head first.

    Args:
        rows: as many cells in each.
        width: what there is room for; only the first column gives way, and not below `LEAST_FIRST`.
    """
    right = [name.startswith(">") for name in rows[0]]
    table = [[cell.removeprefix(">") for cell in rows[0]], *(list(row) for row in rows[1:])]
    wide = [max(map(_width, column)) for column in zip(*table, strict=True)]
    wide[0] = max(min(wide[0], LEAST_FIRST), min(wide[0], width - sum(wide[1:]) - len(GAP) * (len(wide) - 1)))
    return [
        GAP.join(_padded(cut(cell, w), w, right=r) for cell, w, r in zip(row, wide, right, strict=True))
        for row in table
    ]


def share(part: float, whole: float) -> str:
    """A part of a whole in per cent, with one digit behind the point."""
    if not whole or not part:
        return "0 %"
    percent = 100 * part / whole
    return f"{percent:.1f} %" if abs(percent) >= 0.05 else "<0.1 %"


def cut(text: str, width: int) -> str:
    """A text of at most that width, without its middle where it is longer."""
    if _width(text) <= width:
        return text
    head, tail = "", ""
    for character in text:
        if _width(head + character) > width // 3:
            break
        head += character
    for character in reversed(text):
        if _width(head + character + tail) >= width:
            break
        tail = character + tail
    return f"{head}…{tail}"


def _padded(text: str, width: int, *, right: bool) -> str:
    room = " " * (width - _width(text))
    return room + text if right else text + room


def _width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum((unicodedata.east_asian_width(c) in "WF") + (not unicodedata.combining(c)) for c in text)
