"""The rows of a verdict as pages show them: texts, and a bar of the interval against the row's own tolerance. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

from serbench.gate import row_words
from serbench.gate.row_words import amount, percent, plain, share
from serbench.records.verdict import METRIC_WORDS, Outcome
from serbench.units import significant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.records.verdict import Row

NOTHING = "\N{EN DASH}"

COLOURS = {
    Outcome.REGRESSED: "vermilion",
    Outcome.NOT_COMPARABLE: "pink",
    Outcome.INCONCLUSIVE: "amber",
    Outcome.SAME: "slate",
    Outcome.IMPROVED: "green",
}
"""Of each outcome, by the names of the theme."""

_THINNEST = 1.5  # of a bar, in per cent of the whole
_REACH = 4.0  # a bar shows changes of as many tolerances to either side


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictLine:
    """A row of the table: its texts, the name of its colour, and its bar."""

    colour: str
    case_id: str
    metric: str
    outcome: str
    cause: str
    sides: tuple[str, ...]
    change: tuple[str, ...]
    sure: tuple[str, ...]
    remarks: tuple[str, ...]
    bar: VerdictBar | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictBar:
    """Where its parts are, from 0 to 100: no change in the middle, four tolerances at both ends."""

    left: float
    width: float
    estimate: float
    trip: float


def verdict_line(row: Row) -> VerdictLine:
    """A row; what it has not is a dash."""
    return VerdictLine(
        colour=COLOURS[row.outcome],
        case_id=plain(row.case_id),
        metric=row_words.metric(row),
        outcome=str(row.outcome),
        cause=plain(row.cause),
        sides=(_text(row.base, partial(amount, row.metric)), _text(row.new, partial(amount, row.metric))),
        change=(_text(row.change, percent), _interval(row.interval)),
        sure=(
            share(row.tolerance) if row.change is not None else NOTHING,
            _text(row.detectable, percent),
            _text(row_words.probability(row), partial(significant, digits=2)),
        ),
        remarks=row_words.remarks(row),
        bar=_bar(row),
    )


def metric_words(rows: Sequence[Row]) -> dict[str, str]:
    """What the metrics of these rows are, by their names in the table."""
    return {row_words.metric(row): METRIC_WORDS[row.metric] for row in rows}


def _text(value: float | None, words_of: Callable[[float], str]) -> str:
    if value is None:
        return NOTHING
    return words_of(value) if isfinite(value) else "none"


def _interval(ends: Sequence[float] | None) -> str:
    return " to ".join(percent(end) if isfinite(end) else "any" for end in ends) if ends else NOTHING


def _bar(row: Row) -> VerdictBar | None:
    if row.interval is None or row.change is None or row.tolerance <= 0:
        return None
    low, high, change, trip = (_place(value, row.tolerance) for value in (*row.interval, row.change, row.tolerance / 2))
    left = min(low, 100 - _THINNEST)  # what lies beyond the end is seen at it
    return VerdictBar(left=left, width=round(max(high - left, _THINNEST), 2), estimate=change, trip=trip)


def _place(change: float, tolerance: float) -> float:
    return round(50 + 50 * min(max(change / (_REACH * tolerance), -1.0), 1.0), 2)
