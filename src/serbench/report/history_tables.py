"""The tables of several runs as a page shows them: a column for each, and a drawing of how each case went. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from serbench.compare.history_words import reasons
from serbench.compare.words import MOVED
from serbench.gate.row_words import percent
from serbench.records.cases import OPERATION_WORDS
from serbench.report.cells import NOTHING, Column, aligned, parted, size_text
from serbench.report.change_tables import reach_of
from serbench.report.trends import Trend, first_typical, trend
from serbench.statistics.estimates import Estimate, Missing
from serbench.units import significant, size_scale, time_scale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from serbench.compare.parts import CaseHistory, Change, History, Verdict
    from serbench.report.cells import Cell
    from serbench.statistics.estimates import Number
    from serbench.units import Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadHistory:
    """A payload with its operations."""

    name: str
    tables: tuple[HistoryTable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryTable:
    """An operation of a payload.

    Attributes:
        operation: its name.
        words: what it is.
        time: its typical times.
        tail: p99.
        size: encoded sizes; None where they are the same in all runs that have the case.
        notes: why runs cannot be compared, with the cases and runs.
    """

    operation: str
    words: str
    time: Face
    tail: Face
    size: Face | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A table of one figure: its unit and a line a case."""

    unit: str
    lines: tuple[FaceLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceLine:
    """A case: its codec, its conditions as they stand in its id, a cell a run, and the drawing, of times only."""

    codec: str
    conditions: str
    cells: tuple[RunCell, ...]
    trend: Trend | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCell:
    """A case in a run: its number, its change with the interval of it, and the verdict, which the first run has not."""

    number: Cell
    change: str = ""
    spread: str = ""
    verdict: Verdict | None = None
    moved: bool = False


def payload_histories(history: History) -> Iterator[PayloadHistory]:
    """The tables of each payload, in their order."""
    most = trend_reach(history)
    for payload in dict.fromkeys(case.case.payload for case in history.cases):
        own = [case for case in history.cases if case.case.payload == payload]
        operations = dict.fromkeys(case.case.operation for case in own)
        tables = (_table([case for case in own if case.case.operation is name], history, most) for name in operations)
        yield PayloadHistory(name=payload, tables=tuple(tables))


def trend_reach(history: History) -> float:
    """How many times shorter or longer than in the first run the drawings go, alike in all tables."""
    return reach_of(
        abs(log(point.typical_ns.value / first))
        for case in history.cases
        if (first := first_typical(case))
        for point in case.points
        if isinstance(point.typical_ns, Estimate) and point.typical_ns.value > 0
    )


def _table(cases: Sequence[CaseHistory], history: History, most: float) -> HistoryTable:
    operation = cases[0].case.operation
    time = [[point.typical_ns for point in case.points] for case in cases]
    tail = [[_quiet(point.p99_ns) for point in case.points] for case in cases]
    return HistoryTable(
        operation=str(operation),
        words=OPERATION_WORDS[operation],
        time=_face(cases, time, time_scale, _time_cell, [trend(case, most) for case in cases]),
        tail=_face(cases, tail, time_scale, _tail_cell),
        size=_sizes(cases),
        notes=tuple(reasons(history, cases, lambda case: case.case.codec)),
    )


def _face(
    cases: Sequence[CaseHistory],
    numbers: Sequence[Sequence[Number]],
    scale: Callable[[Iterable[float]], Scale],
    cell: Callable[[Cell, Change | None], RunCell],
    trends: Sequence[Trend | None] = (),
) -> Face:
    """A table whose columns have one unit; a cell is made of its number and of the change that leads to it."""
    own = scale(number.value for line in numbers for number in line if isinstance(number, Estimate))
    text = size_text(own) if own.unit == "B" else own.text
    columns = []
    for column in zip(*numbers, strict=True):
        texts = aligned(number.short if isinstance(number, Missing) else text(number.value) for number in column)
        columns.append(parted(Column(head="", unit="", cells=texts)))
    lines = [
        FaceLine(
            codec=case.case.codec,
            conditions=case.case.id.partition("?")[2],
            cells=tuple(cell(number, found) for number, found in zip(line, (None, *case.changes), strict=True)),
            trend=drawn,
        )
        for case, line, drawn in zip(cases, zip(*columns, strict=True), trends or [None] * len(cases), strict=True)
    ]
    return Face(unit=own.unit, lines=tuple(lines))


def _time_cell(number: Cell, change: Change | None) -> RunCell:
    if change is None:
        return RunCell(number=number)
    told = _ratio(change.typical_ratio)
    return RunCell(number=number, change=told[0], spread=told[1], verdict=change.verdict, moved=change.verdict in MOVED)


def _tail_cell(number: Cell, change: Change | None) -> RunCell:
    told = _ratio(change.p99_ratio) if change else ("", "")
    return RunCell(number=number, change=told[0], spread=told[1])


def _size_cell(number: Cell, change: Change | None) -> RunCell:
    if change is None or isinstance(change.encoded_ratio, Missing):
        return RunCell(number=number)
    return RunCell(number=number, change=_size_change(change.encoded_ratio))


def _size_change(ratio: float) -> str:
    return "same" if ratio == 1 else f"{percent(ratio - 1)} %"


def _ratio(ratio: Number) -> tuple[str, str]:
    """`x1.28` with a times sign, and its ends."""
    if isinstance(ratio, Missing):
        return "", ""
    ends = f"{significant(ratio.low)}\N{EN DASH}{significant(ratio.high)}" if ratio.basis != "none" else ""
    return f"\N{MULTIPLICATION SIGN}{significant(ratio.value)}", ends


def _sizes(cases: Sequence[CaseHistory]) -> Face | None:
    """Encoded sizes, where any of them has changed."""
    found = [[point.encoded_bytes for point in case.points] for case in cases]
    medians = [{size.median for size in line if not isinstance(size, Missing)} for line in found]
    if all(len(line) < 2 for line in medians):
        return None
    numbers = [[_known(NOTHING if isinstance(size, Missing) else size.median) for size in line] for line in found]
    return _face(cases, numbers, size_scale, _size_cell)


def _known(median: float | str) -> Number:
    if isinstance(median, str):
        return Missing(short=median, reason="")
    return Estimate(value=median, low=median, high=median, basis="none", coverage=0.0, workers=1, calls=1)


def _quiet(number: Number) -> Number:
    """A number whose reason, where it is missing, stands elsewhere on the page."""
    return Missing(short=NOTHING, reason="") if isinstance(number, Missing) else number
