"""One offline page of a verdict: what was decided in words, every metric, and both sides of each case drawn.

It looks like the page of a run (`renderers.html`), has no script, and its policy allows its own style sheet only.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

from serbench.gate import row_words, words
from serbench.gate.curves import case_curves
from serbench.gate.row_words import amount, percent, plain, share
from serbench.records.verdict import METRIC_WORDS, Outcome
from serbench.renderers.page import page
from serbench.units import significant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from serbench.charts.base import Figure
    from serbench.gate.curves import CaseCurves
    from serbench.records.verdict import Ratio, Row, SideInfo, Verdict
    from serbench.renderers.base import AnyRenderer, Needs

    Draw = Callable[[CaseCurves], Figure | None]

NOTHING = "\N{EN DASH}"
NO_CHARTS = "The samples of both sides are not at hand, so nothing is drawn."

_COLOURS = {
    Outcome.REGRESSED: "vermilion",
    Outcome.NOT_COMPARABLE: "pink",
    Outcome.INCONCLUSIVE: "amber",
    Outcome.SAME: "slate",
    Outcome.IMPROVED: "green",
}
_THINNEST = 1.5  # of a bar, in per cent of the whole
_REACH = 4.0  # a bar shows changes of as many tolerances to either side


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictPage:
    """The page of a verdict. `draw` is `charts.sides.draw` unless another is given."""

    draw: Draw | None = None
    name: str = "html"
    needs: Needs = "verdict"
    suffix: str = ".html"

    def render(self, what: Verdict, /) -> str:
        """The whole page."""
        rows, noteworthy = words.ordered(what), words.noteworthy(what)
        of_note = {row.case_id for row in noteworthy}
        sections = list(_sections(case_curves(what), self.draw or _sides()))
        return page(
            "verdict.html.j2",
            styles=("report.css", "verdict.css"),
            verdict=what,
            words=words,
            plain=plain,
            colour=_COLOURS[what.outcome],
            sides=tuple(_sides_facts(what.base, what.new)),
            changed=[_line(row) for row in noteworthy],
            same=[_line(row) for row in rows if row.outcome is Outcome.SAME],
            metrics={row_words.metric(row): METRIC_WORDS[row.metric] for row in rows},
            sections=[section for section in sections if section.case_id in of_note],
            folded=[section for section in sections if section.case_id not in of_note],
            no_charts="" if what.runs else NO_CHARTS,
            ratios=[_ratio(ratio) for ratio in what.ratios],
            command=shlex.join(what.command),
        )


def _sides() -> Draw:
    from serbench.charts.sides import draw  # noqa: PLC0415 - matplotlib takes its time, and other outputs need none

    return draw


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """A case's drawing, or why there is none, and why it lacks pairs."""

    case_id: str
    figure: Figure | None
    why: str


def _sections(curves: Iterable[CaseCurves], draw: Draw) -> Iterator[_Section]:
    """In the order of cases; how to read a drawing is told with the first that has it."""
    told: set[str] = set()
    for case in curves:
        figure = draw(case)
        if figure and figure.description in told:
            figure = replace(figure, description="")
        told |= {figure.description} if figure else set()
        yield _Section(case_id=case.case_id, figure=figure, why=case.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A row of the table: texts, and where its bar has its parts, from 0 to 100."""

    colour: str
    case_id: str
    metric: str
    outcome: str
    cause: str
    sides: tuple[str, ...]
    change: tuple[str, ...]
    sure: tuple[str, ...]
    remarks: tuple[str, ...]
    bar: _Bar | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bar:
    """An interval against its row's own tolerance: no change in the middle, `_REACH` tolerances at both ends."""

    left: float
    width: float
    estimate: float
    trip: float


def _line(row: Row) -> _Line:
    return _Line(
        colour=_COLOURS[row.outcome],
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


def _text(value: float | None, words_of: Callable[[float], str]) -> str:
    if value is None:
        return NOTHING
    return words_of(value) if isfinite(value) else "none"


def _interval(ends: Sequence[float] | None) -> str:
    return " to ".join(percent(end) if isfinite(end) else "any" for end in ends) if ends else NOTHING


def _bar(row: Row) -> _Bar | None:
    if row.interval is None or row.change is None or row.tolerance <= 0:
        return None
    low, high, change, trip = (_place(value, row.tolerance) for value in (*row.interval, row.change, row.tolerance / 2))
    left = min(low, 100 - _THINNEST)  # what lies beyond the end is seen at it
    return _Bar(left=left, width=round(max(high - left, _THINNEST), 2), estimate=change, trip=trip)


def _place(change: float, tolerance: float) -> float:
    return round(50 + 50 * min(max(change / (_REACH * tolerance), -1.0), 1.0), 2)


def _sides_facts(base: SideInfo, new: SideInfo) -> Iterator[tuple[str, ...]]:
    """Label, base and new of everything that is known of a side."""
    yield "asked for", plain(base.asked), plain(new.asked)
    yield "Python", plain(base.python) or NOTHING, plain(new.python) or NOTHING
    for name in sorted(base.packages.keys() | new.packages):
        yield plain(name), *(plain(side.packages.get(name, NOTHING)) for side in (base, new))
    for name in sorted(base.origins.keys() | new.origins):
        label = f"{plain(name)} came from"
        yield label, *(plain(side.origins.get(name, NOTHING)) for side in (base, new))
    yield "sampler", plain(base.sampler) or NOTHING, plain(new.sampler) or NOTHING


def _ratio(ratio: Ratio) -> tuple[str, ...]:
    return plain(ratio.case_id), plain(ratio.over), f"{ratio.base:.3g}", f"{ratio.new:.3g}"


RENDERERS: tuple[AnyRenderer, ...] = (VerdictPage(),)
