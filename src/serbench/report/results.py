"""A table of a run with every number and its interval, as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.report.basis import threads_words
from serbench.report.cells import NOTHING, UNSAID, exact, grouped, size_text
from serbench.statistics.estimates import Estimate, Missing
from serbench.units import significant, size_scale, time_scale

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from serbench.report.parts import Row, Table
    from serbench.statistics.estimates import Number


@dataclass(frozen=True, slots=True)
class Head:
    """A column of numbers: its name, the one unit of all, how such a number is written, and whether its spread is."""

    name: str
    unit: str
    text: Callable[[float], str]
    spread: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberCell:
    """A number, or the words in its place.

    Attributes:
        text: what stands there.
        pad: what is not seen, so that the decimal points of a column stand below each other.
        spread: from where to where the number may lie; empty where that is not known.
        basis: what is behind the number.
        value: the number; None without one.
    """

    text: str
    pad: str = ""
    spread: str = ""
    basis: str = ""
    value: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A table: its columns of numbers, a cell for each in every row, and notes with the codecs that they are about."""

    heads: tuple[Head, ...]
    lines: tuple[tuple[NumberCell, ...], ...]
    notes: Mapping[str, Sequence[str]]


def results(table: Table) -> Results:
    """Size, times with their intervals, throughput and the distance to the best; a line for each row."""
    numbers = [_numbers(row) for row in table.rows]
    sizes = size_scale(n.value for n, *_ in numbers if isinstance(n, Estimate))
    times = time_scale(n.value for _, *several in numbers for n in several[:4] if isinstance(n, Estimate))
    heads = (
        Head("size", sizes.unit, size_text(sizes)),
        *(Head(name, times.unit, times.text) for name in ("typical", "p50", "p99", "p99.9")),
        Head("objects", "per second", significant, spread=False),  # that of `typical` says it
        Head("encoded", "MB/s", significant, spread=False),
        Head("to best", "\u00d7", significant),
    )
    columns = (_column(column, head) for column, head in zip(zip(*numbers, strict=True), heads, strict=True))
    return Results(heads=heads, lines=tuple(zip(*columns, strict=True)), notes=_notes(table.rows))


def _numbers(row: Row) -> tuple[Number, ...]:
    """The numbers of a row, in the order of the heads; why it was not timed stands once."""
    size = row.encoded_bytes
    median: Number = size if isinstance(size, Missing) else exact(size.median)
    others = (row.p50_ns, row.p99_ns, row.p999_ns, row.objects_per_second, row.megabytes_per_second, row.relative)
    if isinstance(row.typical_ns, Missing):
        others = (UNSAID,) * 6
    return (median, row.typical_ns, *others)


def _column(numbers: Sequence[Number], head: Head) -> list[NumberCell]:
    texts = [grouped(head.text(n.value)) for n in numbers if isinstance(n, Estimate)]
    decimals = max((len(text.partition(".")[2]) for text in texts), default=0)
    return [
        _cell(n, head, decimals)
        if isinstance(n, Estimate)
        else NumberCell(text="\u2013" if n.short == NOTHING else n.short)
        for n in numbers
    ]


def _cell(number: Estimate, head: Head, decimals: int) -> NumberCell:
    text, low, high = (grouped(head.text(value)) for value in (number.value, number.low, number.high))
    own = text.partition(".")[2]
    return NumberCell(
        text=text,
        pad=("" if own or not decimals else ".") + "0" * (decimals - len(own)),
        spread=f"{low}\u2013{high}" if head.spread and number.basis != "none" else "",
        basis=_basis(number),
        value=number.value,
    )


def _basis(number: Estimate) -> str:
    """`96.9 % interval of 6 workers, 12,000 calls`."""
    if number.calls <= 1:  # counted, not measured
        return ""
    who = f"{number.workers} workers"
    if number.each > 1:
        who = f"{number.workers} groups of at least {number.each} workers"
    kind = {"interval": f"{100 * number.coverage:.3g} % interval", "range": "range", "none": ""}[number.basis]
    return ", ".join(filter(None, (kind and f"{kind} of {who}", f"{number.calls:,} calls")))


def _notes(rows: Sequence[Row]) -> dict[str, list[str]]:
    """What there is to know about numbers and missing numbers: each text once, with its codecs."""
    notes: dict[str, list[str]] = {}
    for row in rows:
        measured = f"measured as {row.same_as.partition('?')[0].rpartition('/')[2]}" if row.same_as else ""
        reasons = (n.reason for n in _numbers(row) if isinstance(n, Missing)) if row.status == "measured" else ()
        texts = (measured, *reasons, threads_words(row), *(caution.text for caution in row.cautions))
        for text in dict.fromkeys(texts):
            if text:
                notes.setdefault(text, []).append(row.codec.name)
    return notes
