"""One offline page of several runs: how it went in words, a column a run, curves, and in what the runs differ.

It looks like the page of two runs (`renderers.comparison_page`) and has no script either.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from serbench.charts.base import anchor
from serbench.compare.history_words import title
from serbench.compare.parts import Verdict
from serbench.compare.words import MOVED, distance
from serbench.renderers.page import page
from serbench.report.change_tables import COLOURS
from serbench.report.history_tables import payload_histories, trend_reach
from serbench.report.run_facts import conditions, measured
from serbench.report.run_lines import MOST_LINES, run_lines
from serbench.report.trends import HEIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from serbench.charts.base import Figure
    from serbench.compare.parts import CaseHistory, History
    from serbench.renderers.base import AnyRenderer, Needs
    from serbench.report.run_lines import RunLine

    Draw = Callable[[str, Sequence[RunLine]], Figure]

_COUNTED = (Verdict.SLOWER, Verdict.FASTER, Verdict.WITHIN_NOISE, Verdict.NOT_COMPARABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """The page of several runs. `draw` is `charts.runs.draw` unless another is given; at most so many are drawn."""

    draw: Draw | None = None
    most: int = 12
    name: str = "html"
    needs: Needs = "history"
    suffix: str = ".html"

    def render(self, what: History, /) -> str:
        """The whole page."""
        drawn, left_out = _drawn(what, self.draw or _runs(), self.most)
        different, alike = conditions(what.records, [(found.label, *found.values) for found in what.differences])
        return page(
            "history.html.j2",
            styles=("report.css", "verdict.css", "comparison.css", "history.css"),
            history=what,
            headline=title(what),
            anchor=anchor,
            colours=COLOURS,
            reference=what.reference,
            overview=list(_overview(what)),
            payloads=list(payload_histories(what)),
            reach=f"{trend_reach(what):g}",
            height=HEIGHT,
            how_to_read=next((figure.description for figure in drawn), ""),
            figures=[replace(figure, description="") for figure in drawn],
            left_out=left_out,
            some=f"the first and the last {MOST_LINES - 1}" if len(what.runs) > MOST_LINES else "",
            different=different,
            alike=[fact[:2] for fact in alike],
            measured=measured(what.records),
        )


def _overview(history: History) -> Iterator[tuple[str, ...]]:
    """Of each run: its name, how many of its cases are slower, faster, within noise, not comparable; dashes first."""
    for n, run in enumerate(history.runs):
        counts = Counter(change.verdict for change in history.changes(n)) if n else {}
        told = [f"{counts[verdict]:,}" if n else "\N{EN DASH}" for verdict in _COUNTED]
        yield run.name, *told


def _runs() -> Draw:
    from serbench.charts.runs import draw  # noqa: PLC0415 - matplotlib takes its time, and other outputs need none

    return draw


def _drawn(history: History, draw: Draw, most: int) -> tuple[list[Figure], int]:
    """The curves of as many cases as are wanted, the most changed first, and how many more have curves in two runs."""
    found = [(case, run_lines(history, case.case.id)) for case in sorted(history.cases, key=_moved)]
    several = [(case, lines) for case, lines in found if len(lines) > 1]
    return [draw(case.case.id, lines) for case, lines in several[:most]], max(0, len(several) - most)


def _moved(case: CaseHistory) -> tuple[bool, float]:
    """Sorts what changed beyond noise first, the largest change before the others."""
    return (
        not any(change.verdict in MOVED for change in case.changes),
        -max((distance(change) for change in case.changes), default=0.0),
    )


RENDERERS: tuple[AnyRenderer, ...] = (HistoryPage(),)
