"""One offline page of two runs side by side: what changed in words, every case, curves, and in what the runs differ.

It looks like the page of a run (`renderers.html`), has no script, and its policy allows its own style sheet only. Of
two halves of a gate the verdict stands on top, if it was given.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from serbench.charts.base import anchor
from serbench.compare.pairs import CERTAIN, halves
from serbench.compare.words import IN_PAIRS, MOVED, distance, headline
from serbench.errors import UsageError
from serbench.gate import words
from serbench.gate.curves import both_lines
from serbench.gate.row_words import plain
from serbench.records.verdict import Outcome
from serbench.renderers.page import page
from serbench.report.change_tables import COLOURS, payload_changes, reach
from serbench.report.run_facts import conditions, measured
from serbench.report.verdict_lines import COLOURS as VERDICT_COLOURS
from serbench.report.verdict_lines import VerdictLine, metric_words, verdict_line
from serbench.statistics.estimates import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.charts.base import Figure
    from serbench.compare.parts import Change, Comparison
    from serbench.gate.curves import CaseCurves
    from serbench.records.verdict import Verdict
    from serbench.renderers.base import AnyRenderer, Needs

    Draw = Callable[[CaseCurves], Figure | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPage:
    """The page of two runs.

    Attributes:
        draw: `charts.sides.draw` unless another is given.
        most: at most so many cases are drawn.
        verdict: the gate's, of the same two runs; None where there is none.
    """

    draw: Draw | None = None
    most: int = 12
    verdict: Verdict | None = None
    name: str = "html"
    needs: Needs = "comparison"
    suffix: str = ".html"

    def render(self, what: Comparison, /) -> str:
        """The whole page.

        Raises:
            UsageError: the verdict is about other runs.
        """
        most = reach(what.changes)
        runs = what.runs or ()
        drawn, left_out = _drawn(what, self.draw or _sides(), self.most)
        different, alike = conditions(runs, [(d.label, d.base, d.new) for d in what.differences])
        gated = _gated(self.verdict, what) if self.verdict else None
        told = {IN_PAIRS, words.summary(self.verdict) if self.verdict else ""}  # said elsewhere on the page
        answer, *others = [text for text in what.sentences if text not in told]
        return page(
            "comparison.html.j2",
            styles=("report.css", "verdict.css", "comparison.css"),
            comparison=what,
            gated=gated,
            headline=headline(what.changes),
            answer=answer,
            sentences=others,
            paired=what.runs[0].pairing if what.runs and halves(*what.runs) else None,
            certain=f"{100 * CERTAIN:g}",
            anchor=anchor,
            colours=COLOURS,
            how_to_read=next((figure.description for figure, _ in drawn), ""),
            payloads=list(payload_changes(what.changes, most)),
            reach=f"{most:g}",
            moved=[replace(figure, description="") for figure, case in drawn if case.verdict in MOVED],
            others=[replace(figure, description="") for figure, case in drawn if case.verdict not in MOVED],
            left_out=left_out,
            different=different,
            alike=alike,
            measured=measured(runs),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gated:
    """The verdict over two runs, ready to stand on top of their comparison."""

    headline: str
    finding: str
    colour: str
    changed: list[VerdictLine]
    same: list[VerdictLine]
    legend: dict[str, str]
    metrics: dict[str, str]
    decided: tuple[tuple[str, str], ...]
    notes: list[str]
    command: str


def _gated(verdict: Verdict, comparison: Comparison) -> _Gated:
    about = [run.id for run in verdict.runs or ()]
    if about != [comparison.base_id, comparison.new_id]:
        raise UsageError("the verdict is about other runs than the comparison; decide about the same two")
    rows = words.ordered(verdict)
    return _Gated(
        headline=words.headline(verdict),
        finding=words.finding(verdict),
        colour=VERDICT_COLOURS[verdict.outcome],
        changed=[verdict_line(row) for row in words.noteworthy(verdict)],
        same=[verdict_line(row) for row in rows if row.outcome is Outcome.SAME],
        legend=words.LEGEND,
        metrics=metric_words(rows),
        decided=words.decided(verdict),
        notes=[plain(note) for note in verdict.notes],
        command=shlex.join(verdict.command),
    )


def _sides() -> Draw:
    from serbench.charts.sides import draw  # noqa: PLC0415 - matplotlib takes its time, and other outputs need none

    return draw


def _drawn(what: Comparison, draw: Draw, most: int) -> tuple[list[tuple[Figure, Change]], int]:
    """The curves of as many cases as are wanted, the most changed first, and how many more both runs have timed."""
    if what.runs is None:
        return [], 0
    timed = [change for change in what.changes if isinstance(change.typical_ratio, Estimate)]
    timed.sort(key=lambda change: (change.verdict not in MOVED, -distance(change)))
    base, new = what.runs
    made = []
    for change in timed[:most]:
        case_id = change.case.id
        sides = (run.numbers(run.measurement(case_id)).workers for run in (base, new))
        if figure := draw(both_lines(case_id, *sides)):
            made.append((figure, change))
    return made, len(timed) - len(timed[:most])


RENDERERS: tuple[AnyRenderer, ...] = (ComparisonPage(),)
