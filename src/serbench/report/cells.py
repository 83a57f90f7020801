"""Tables as text: what a column and a grid are, and how numbers become cells. Not escaped for any output."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from serbench.compare.words import listed
from serbench.statistics.estimates import Estimate, Missing
from serbench.units import size_scale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from serbench.records.passes import Spread
    from serbench.statistics.estimates import Basis, Number
    from serbench.units import Scale

NOTHING = "-"
"""A cell without a number where another one of the line says why."""

UNSAID = Missing(short=NOTHING, reason="")
"""What stands behind such a cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column.

    Attributes:
        head: what it shows.
        unit: of all its numbers; empty without one.
        cells: its texts, one per line; those of numbers are as wide as each other, with their decimals in line.
        numeric: whether it holds numbers.
        spare: 0: always shown; else the higher, the sooner left out where there is no room; equals go together.
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
        legend: how to read its cells: the same for every table of its kind, and said once.
        payload: whose it is; empty for the whole run.
    """

    title: str
    columns: tuple[Column, ...]
    strong: tuple[int, ...]
    notes: tuple[str, ...]
    legend: tuple[str, ...] = ()
    payload: str = ""


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


def exact(value: float) -> Estimate:
    """A number of which no spread is shown."""
    return Estimate(value=value, low=value, high=value, basis="none", coverage=0.0, workers=1, calls=1)


def middle(spread: Spread, calls: int) -> Estimate:
    """A middle with both ends, where they differ."""
    low, high = spread.min, spread.max
    basis: Basis = "range" if low < high else "none"
    return Estimate(value=spread.median, low=low, high=high, basis=basis, coverage=0.0, workers=1, calls=calls)


def ranged(head: str, values: Sequence[Number], scale: Callable[[Iterable[float]], Scale]) -> Column:
    """A column of numbers with their ranges, in a unit of its own."""
    own = scale(known(values))
    return Column(head=head, unit=own.unit, cells=with_ends(values, size_text(own) if own.unit == "B" else own.text))


def known(*columns: Iterable[Number]) -> list[float]:
    """The values of the numbers that are not missing."""
    return [number.value for column in columns for number in column if isinstance(number, Estimate)]


def size_text(scale: Scale) -> Callable[[float], str]:
    """How a size is written: where the unit is bytes as it is, and to the byte where that is no whole or half one."""
    return _bytes if scale.unit == "B" else scale.text


def size_words(n: float) -> str:
    """A size with its own unit, written as in a table of that unit."""
    scale = size_scale([n])
    return f"{size_text(scale)(n)} {scale.unit}"


def _bytes(n: float) -> str:
    """A median of an even number of sizes may lie half a byte between two."""
    return f"{n:.10g}" if 2 * n == int(2 * n) else f"{n:.0f}"


def grouped_notes(notes: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Each text once, with the names that it holds for."""
    told: dict[str, dict[str, None]] = {}
    for name, text in notes:
        told.setdefault(text, {})[name] = None
    return (f"{listed(list(names))}: {text}" for text, names in told.items())


def grouped(digits: str) -> str:
    """A number in plain notation, its thousands a thin space apart from 10,000 on; one with an exponent as it is."""
    whole, point, rest = digits.partition(".")
    return f"{int(whole):,}".replace(",", "\u202f") + point + rest if len(whole) > 4 and whole.isdigit() else digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell taken apart.

    Attributes:
        text: what stands there, without spaces around it.
        pad: what is not seen behind it, so that the decimal points of a column stand below each other.
        spread: its interval or range, without brackets; empty where there is none.
        words: whether words stand in the place of a number.
    """

    text: str
    pad: str = ""
    spread: str = ""
    words: bool = False


def parted(column: Column) -> tuple[Cell, ...]:
    """The cells of a column for an output in which spaces put nothing in line."""
    found = [_parted(cell) if column.numeric else Cell(text=cell) for cell in column.cells]
    decimals = [_decimals(cell.text) for cell in found]
    most = max((n for n in decimals if n is not None), default=0)
    return tuple(
        cell if n is None else replace(cell, text=_grouped(cell.text), pad=("" if n or not most else ".") + "0" * zeros)
        for cell, n, zeros in zip(found, decimals, [most - max(n or 0, most and 1) for n in decimals], strict=True)
    )


def _parted(cell: str) -> Cell:
    text, bracket, spread = cell.strip().partition(" (")
    if not bracket:
        text, bracket, spread = cell.strip().partition(" [")
    if text == NOTHING:
        return Cell(text="\u2013", words=True)
    return Cell(
        text=text.rstrip(),
        spread="\u2013".join(map(_grouped, spread[:-1].split("-"))),
        words=not any(map(str.isdigit, text)),
    )


def _grouped(digits: str) -> str:
    return grouped(digits.replace(",", ""))


def _ends(number: Number, text: Callable[[float], str]) -> str:
    if isinstance(number, Missing) or number.basis == "none":
        return ""
    ends = f"{text(number.low)}-{text(number.high)}"
    return f"({ends})" if number.basis == "interval" else f"[{ends}]"


def _decimals(text: str) -> int | None:
    """Characters from the decimal point on; None for what is no number."""
    if not text.lstrip("~").replace(",", "").replace(".", "", 1).isdecimal():
        return None
    return len(text) - text.index(".") if "." in text else 0
