"""One offline page of two runs side by side: what changed in words, every case, curves, and in what the runs differ.

It looks like the page of a run (`renderers.html`), has no script, and its policy allows its own style sheet only.
"""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from serbench.charts.base import anchor
from serbench.compare.parts import Verdict
from serbench.compare.words import IN_PAIRS, halves
from serbench.gate.curves import both_lines
from serbench.renderers.page import page
from serbench.report.cells import NOTHING
from serbench.report.change_tables import MOVED, distance, payload_changes, reach
from serbench.report.ground import ground
from serbench.statistics.estimates import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from serbench.charts.base import Figure
    from serbench.compare.parts import Change, Comparison, Difference
    from serbench.gate.curves import CaseCurves
    from serbench.records.run import Run
    from serbench.renderers.base import AnyRenderer, Needs

    Draw = Callable[[CaseCurves], Figure | None]

_COLOURS = {
    Verdict.SLOWER: "vermilion",
    Verdict.FASTER: "green",
    Verdict.WITHIN_NOISE: "slate",
    Verdict.NOT_COMPARABLE: "pink",
    Verdict.ONLY_IN_BASE: "shade",
    Verdict.ONLY_IN_NEW: "shade",
}
_SETTINGS = frozenset({"sampler", "passes", "seed", "budget"})
"""What of the measuring was chosen before it began: where it differs it may explain a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPage:
    """The page of two runs. `draw` is `charts.sides.draw` unless another is given; at most so many cases are drawn."""

    draw: Draw | None = None
    most: int = 12
    name: str = "html"
    needs: Needs = "comparison"
    suffix: str = ".html"

    def render(self, what: Comparison, /) -> str:
        """The whole page."""
        most = reach(what.changes)
        drawn, left_out = _drawn(what, self.draw or _sides(), self.most)
        different, alike = _conditions(what.runs, what.differences)
        return page(
            "comparison.html.j2",
            styles=("report.css", "verdict.css", "comparison.css"),
            comparison=what,
            headline=headline(what.changes),
            answer=what.sentences[0],
            sentences=[text for text in what.sentences[1:] if text != IN_PAIRS],
            paired=what.runs[0].pairing if what.runs and halves(*what.runs) else None,
            anchor=anchor,
            colours=_COLOURS,
            how_to_read=next((figure.description for figure, _ in drawn), ""),
            payloads=list(payload_changes(what.changes, most)),
            reach=f"{most:g}",
            moved=[replace(figure, description="") for figure, case in drawn if case.verdict in MOVED],
            others=[replace(figure, description="") for figure, case in drawn if case.verdict not in MOVED],
            left_out=left_out,
            different=different,
            alike=alike,
            measured=list(_measured(*what.runs)) if what.runs else [],
        )


def headline(changes: Sequence[Change]) -> str:
    """`3 of 12 cases slower, 1 faster`: of those that can be compared."""
    counts = Counter(change.verdict for change in changes)
    moved = {verdict: counts[verdict] for verdict in MOVED if counts[verdict]}
    known = counts[Verdict.WITHIN_NOISE] + sum(moved.values())
    if not known:
        return "Nothing can be compared"
    if not moved:
        return "No case changed beyond noise"
    told = [f"{n:,} {verdict}" for verdict, n in moved.items()]
    first, _, rest = told[0].partition(" ")
    return ", ".join([f"{first} of {known:,} {'case' if known == 1 else 'cases'} {rest}", *told[1:]])


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


Facts = list[tuple[str, str, str]]
"""A label, and what is known under it of base and of new."""


def _conditions(runs: tuple[Run, Run] | None, differences: Iterable[Difference]) -> tuple[Facts, Facts]:
    """What the runs were measured on and with: first that in which they differ, then the rest."""
    found = {d.label: (d.base, d.new) for d in differences}
    if runs:
        of_each = [_settings(run) for run in runs]
        labels = dict.fromkeys(label for facts in of_each for label in facts)
        own = {label: (of_each[0].get(label, NOTHING), of_each[1].get(label, NOTHING)) for label in labels}
        found = own | {label: both for label, both in found.items() if label not in own}
    facts = [(label, *both) for label, both in found.items()]
    return [fact for fact in facts if fact[1] != fact[2]], [fact for fact in facts if fact[1] == fact[2]]


def _settings(run: Run) -> dict[str, str]:
    made = ground(run)
    chosen = [fact for fact in made.measuring if fact.label in _SETTINGS]
    return {"serbench": run.serbench} | {fact.label: fact.value for fact in (*made.environment, *chosen)}


def _measured(base: Run, new: Run) -> Iterator[tuple[str, str, str]]:
    """How the measuring of each went, which is never the same twice."""
    of_each = []
    for run in (base, new):
        facts = {fact.label: fact.value for fact in ground(run).measuring if fact.label not in _SETTINGS}
        about = {"run": run.id, "started": run.started, "complete": "yes" if run.complete else "no, it was cut short"}
        sides = {"side": run.pairing.asked} if run.pairing else {}
        of_each.append(about | sides | facts | {"command": shlex.join(run.command)})
    for label in dict.fromkeys(label for facts in of_each for label in facts):
        yield label, of_each[0].get(label, NOTHING), of_each[1].get(label, NOTHING)


RENDERERS: tuple[AnyRenderer, ...] = (ComparisonPage(),)
