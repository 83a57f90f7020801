"""The changes of a comparison with every number and its interval, as a page shows them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING

from serbench.compare.parts import Verdict
from serbench.compare.words import MOVED, distance, listed
from serbench.gate.row_words import percent
from serbench.records.cases import OPERATION_WORDS
from serbench.report.cells import NOTHING, UNSAID, Column, aligned, parted, size_text, with_ends
from serbench.statistics.estimates import Estimate, Missing
from serbench.units import significant, size_scale, time_scale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from serbench.compare.parts import Change
    from serbench.report.cells import Cell
    from serbench.statistics.estimates import Number

COLOURS = {
    Verdict.SLOWER: "vermilion",
    Verdict.FASTER: "green",
    Verdict.WITHIN_NOISE: "slate",
    Verdict.NOT_COMPARABLE: "pink",
    Verdict.ONLY_IN_BASE: "shade",
    Verdict.ONLY_IN_NEW: "shade",
    Verdict.IN_NEITHER: "shade",
}
"""Of each verdict, by the names of the theme."""

_COMPARED = (*MOVED, Verdict.WITHIN_NOISE)
_ALONE = (Verdict.ONLY_IN_BASE, Verdict.ONLY_IN_NEW, Verdict.IN_NEITHER)
_REACHES = (1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0)  # of bars: as many times shorter or longer
_FILLED = 0.85  # of the way to the end of its bar is the largest change at the most
_THINNEST = 1.5  # of a bar, in per cent of the whole


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadChanges:
    """A payload with its operations."""

    name: str
    tables: tuple[ChangeTable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTable:
    """An operation of a payload: what it is, the units of its columns, a line a case, and reasons with their codecs."""

    operation: str
    words: str
    time: str
    size: str
    lines: tuple[ChangeLine, ...]
    notes: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """A case: typical time of base and new, their ratio and its bar, then those of p99, then new's size and change."""

    codec: str
    conditions: str
    verdict: Verdict
    moved: bool
    typical: tuple[Cell, ...]
    bar: Bar | None
    others: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The interval of a ratio, from 0 to 100: no change in the middle, the reach at both ends; by ratio."""

    left: float
    width: float
    estimate: float


def payload_changes(changes: Sequence[Change], most: float) -> Iterator[PayloadChanges]:
    """The changes of each payload, in their order; bars reach as many times to both sides."""
    for payload in dict.fromkeys(change.case.payload for change in changes):
        own = [change for change in changes if change.case.payload == payload]
        operations = dict.fromkeys(change.case.operation for change in own)
        tables = (_table([change for change in own if change.case.operation is name], most) for name in operations)
        yield PayloadChanges(name=payload, tables=tuple(tables))


def _table(changes: Sequence[Change], most: float) -> ChangeTable:
    operation = changes[0].case.operation
    numbers = [_numbers(change) for change in changes]
    time = time_scale(n.value for line in numbers for n in (*line[:2], *line[3:5]) if isinstance(n, Estimate))
    sizes = [NOTHING if isinstance(c.new_encoded_bytes, Missing) else c.new_encoded_bytes.median for c in changes]
    size = size_scale(n for n in sizes if not isinstance(n, str))
    texts: list[Callable[[float], str]] = [time.text, time.text, significant] * 2
    columns = [_cells(with_ends(of, text)) for of, text in zip(zip(*numbers, strict=True), texts, strict=True)]
    columns.append(_cells(aligned(n if isinstance(n, str) else size_text(size)(n) for n in sizes)))
    columns.append(_cells(aligned(map(_size_change, changes))))
    lines = zip(*columns, strict=True)
    return ChangeTable(
        operation=str(operation),
        words=OPERATION_WORDS[operation],
        time=time.unit,
        size=size.unit,
        lines=tuple(_line(change, cells, most) for change, cells in zip(changes, lines, strict=True)),
        notes=_notes(changes),
    )


def _numbers(change: Change) -> tuple[Number, ...]:
    """The six times and ratios of a line; why one is missing stands once, and not where the verdict says it."""
    typical: tuple[Number, ...] = (change.base_typical_ns, change.new_typical_ns, change.typical_ratio)
    tail: tuple[Number, ...] = (change.base_p99_ns, change.new_p99_ns, change.p99_ratio)
    if change.verdict in _ALONE:
        typical = tuple(UNSAID if isinstance(n, Missing) else n for n in typical)
    told = [UNSAID if isinstance(of, Missing) else n for of, n in zip(typical, tail, strict=True)]
    last = [UNSAID if isinstance(ratio, Missing) else ratio for ratio in (typical[2], tail[2])]
    return (*typical[:2], last[0], *told[:2], last[1])


def _cells(texts: Sequence[str]) -> tuple[Cell, ...]:
    return parted(Column(head="", unit="", cells=tuple(texts)))


def _size_change(change: Change) -> str:
    ratio = change.encoded_ratio
    if isinstance(ratio, Missing):
        return NOTHING
    return "same" if ratio == 1 else percent(ratio - 1)


def _line(change: Change, cells: Sequence[Cell], most: float) -> ChangeLine:
    return ChangeLine(
        codec=change.case.codec,
        conditions=change.case.id.partition("?")[2],
        verdict=change.verdict,
        moved=change.verdict in MOVED,
        typical=tuple(cells[:3]),
        bar=_bar(change.typical_ratio, most),
        others=tuple(cells[3:]),
    )


def _notes(changes: Sequence[Change]) -> dict[str, str]:
    """Why cases cannot be compared: each reason once, with the codecs."""
    told: dict[str, dict[str, None]] = {}
    for change in changes:
        if change.reason:
            told.setdefault(change.reason, {})[change.case.codec] = None
    return {reason: listed(list(codecs)) for reason, codecs in told.items()}


def reach(changes: Sequence[Change]) -> float:
    """How many times shorter or longer bars go, in all tables alike: a little beyond the largest change."""
    return reach_of(distance(change) for change in changes if change.verdict in _COMPARED)


def reach_of(distances: Iterable[float]) -> float:
    """The same of distances from no change, as natural logarithms."""
    largest = exp(min(max(distances, default=0.0) / _FILLED, log(_REACHES[-1])))
    return next((most for most in _REACHES if largest <= most), _REACHES[-1])


def _bar(ratio: Number, most: float) -> Bar | None:
    if isinstance(ratio, Missing) or ratio.low <= 0:
        return None
    low, high, middle = (_place(value, most) for value in (ratio.low, ratio.high, ratio.value))
    left = min(low, 100 - _THINNEST)  # what lies beyond the end is seen at it
    return Bar(left=left, width=round(max(high - left, _THINNEST), 2), estimate=middle)


def _place(ratio: float, most: float) -> float:
    return round(50 + 50 * min(max(log(ratio) / log(most), -1.0), 1.0), 2)
