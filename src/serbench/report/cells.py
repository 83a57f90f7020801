"""Tables as text: what a column and a grid are, and how numbers become cells. Not escaped for any output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.statistics.estimates import Estimate, Missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from serbench.statistics.estimates import Number

NOTHING = "-"
"""A cell without a number where another one of the line says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column.

    Attributes:
        head: what it shows.
        unit: of all its numbers; empty without one.
        cells: its texts, one per line; those of numbers are as wide as each other, with their decimals in line.
        numeric: whether it holds numbers.
        spare: 0: always shown; else the higher, the sooner left out where there is no room.
    """

    head: str
    unit: str
    cells: tuple[str, ...]
    numeric: bool = True
    spare: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table as text.

    Attributes:
        title: one line.
        columns: from left to right.
        strong: numbers of the lines that stand out, from 0.
        notes: what a reader has to know, a line each.
    """

    title: str
    columns: tuple[Column, ...]
    strong: tuple[int, ...]
    notes: tuple[str, ...]


def words(head: str, cells: Sequence[str]) -> Column:
    """A column of text."""
    return Column(head=head, unit="", cells=tuple(map(str, cells)), numeric=False)


def numbers(head: str, unit: str, values: Sequence[Number], text: Callable[[float], str], *, spare: int = 0) -> Column:
    """A column of numbers; where one is missing, the two or three words that say why."""
    cells = aligned(text(value.value) if isinstance(value, Estimate) else value.short for value in values)
    return Column(head=head, unit=unit, cells=cells, spare=spare)


def aligned(cells: Iterable[str]) -> tuple[str, ...]:
    """Cells of one width, right-justified, the decimal points of the numbers among them in line."""
    made = list(cells)
    decimals = [_decimals(text) for text in made]
    most = max((n for n in decimals if n is not None), default=0)
    padded = [text if n is None else text + " " * (most - n) for text, n in zip(made, decimals, strict=True)]
    width = max(map(len, padded), default=0)
    return tuple(text.rjust(width) for text in padded)


def with_ends(numbers: Sequence[Number], text: Callable[[float], str]) -> tuple[str, ...]:
    """Cells like `14.2 (12.1-16.0)`: a number with its interval, or its range in square brackets, in line."""
    values = aligned(text(number.value) if isinstance(number, Estimate) else "" for number in numbers)
    ends = [_ends(number, text) for number in numbers]
    width = max(map(len, ends), default=0)
    shown = [
        number.short if isinstance(number, Missing) else f"{value} {end.ljust(width)}" if width else value
        for number, value, end in zip(numbers, values, ends, strict=True)
    ]
    width = max(map(len, shown), default=0)
    return tuple(one.rjust(width) for one in shown)


def _ends(number: Number, text: Callable[[float], str]) -> str:
    if isinstance(number, Missing) or number.basis == "none":
        return ""
    ends = f"{text(number.low)}-{text(number.high)}"
    return f"({ends})" if number.basis == "interval" else f"[{ends}]"


def _decimals(text: str) -> int | None:
    """Characters from the decimal point on; None for what is no number."""
    if not text.lstrip("~").replace(".", "", 1).isdecimal():
        return None
    return len(text) - text.index(".") if "." in text else 0
