"""One offline page of a verdict: what was decided in words, every metric, and both sides of each case drawn.

It looks like the page of a run (`renderers.html`), has no script, and its policy allows its own style sheet only.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from serbench.gate import words
from serbench.gate.curves import case_curves
from serbench.gate.row_words import plain
from serbench.records.verdict import Outcome
from serbench.renderers.page import page
from serbench.report.verdict_lines import COLOURS, NOTHING, metric_words, verdict_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from serbench.charts.base import Figure
    from serbench.gate.curves import CaseCurves
    from serbench.records.verdict import Ratio, SideInfo, Verdict
    from serbench.renderers.base import AnyRenderer, Needs

    Draw = Callable[[CaseCurves], Figure | None]

NO_CHARTS = "The samples of both sides are not at hand, so nothing is drawn."


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
            colour=COLOURS[what.outcome],
            sides=tuple(_sides_facts(what.base, what.new)),
            changed=[verdict_line(row) for row in noteworthy],
            same=[verdict_line(row) for row in rows if row.outcome is Outcome.SAME],
            metrics=metric_words(rows),
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
