"""The tables of several runs as grids of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.compare.history_words import reasons
from serbench.compare.parts import Verdict
from serbench.compare.words import MOVED
from serbench.report.cells import Column, Grid, aligned, numbers, words
from serbench.statistics.estimates import Estimate, Missing
from serbench.units import significant, time_scale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.compare.parts import CaseHistory, Change, History

HISTORY_LEGEND = (
    "Typical time of a call, and how many times as long it is as in another run.",
    "slower, faster: beyond noise; ? too few workers to tell; without a word within noise.",
)
"""How to read the cells of these tables."""

_UNSURE = {
    Verdict.NOT_COMPARABLE: "not comparable",
    Verdict.ONLY_IN_BASE: "gone",
    Verdict.ONLY_IN_NEW: "new",
    Verdict.IN_NEITHER: "-",
}


def history_grids(history: History) -> tuple[Grid, ...]:
    """The tables of several runs, one per payload: the first run's times, and the change to each of the others."""
    payloads = dict.fromkeys(case.case.payload for case in history.cases)
    return tuple(_grid(name, [c for c in history.cases if c.case.payload == name], history) for name in payloads)


def runs_grid(history: History) -> Grid:
    """What the runs are: name, id, when they began, and in what they differ."""
    runs = history.runs
    return Grid(
        title="The runs",
        columns=(
            words("run", [run.name for run in runs]),
            words("id", [run.id for run in runs]),
            words("started", [run.started for run in runs]),
            *(words(found.label, found.values) for found in history.differences),
        ),
        strong=(),
        notes=(),
    )


def _grid(payload: str, cases: Sequence[CaseHistory], history: History) -> Grid:
    times = [[case.points[n].typical_ns for case in cases] for n in range(len(history.runs))]
    scale = time_scale(ns.value for column in times for ns in column if isinstance(ns, Estimate))
    columns = [numbers(history.runs[0].name, scale.unit, times[0], scale.text, spare=1)]
    for n, run in enumerate(history.runs[1:], 1):
        head = f"{run.name}/{history.runs[history.reference(n)].name}"
        columns.append(numbers(run.name, scale.unit, times[n], scale.text, spare=2))
        columns.append(Column(head=head, unit="x", cells=_ratios([case.changes[n - 1] for case in cases])))
    return Grid(
        title=payload,
        columns=(
            words("codec", [case.case.codec for case in cases]),
            words("operation", [_operation(case) for case in cases]),
            *columns,
        ),
        strong=tuple(n for n, case in enumerate(cases) if any(c.verdict in MOVED for c in case.changes)),
        notes=tuple(reasons(history, cases, lambda case: f"{case.case.codec} {_operation(case)}")),
    )


def _operation(case: CaseHistory) -> str:
    asked = case.case.id.partition("?")[2]
    return f"{case.case.operation} {asked}" if asked else str(case.case.operation)


def _ratios(changes: Sequence[Change]) -> tuple[str, ...]:
    """Cells such as `slower 1.28`, their numbers in line."""
    known = [change.typical_ratio for change in changes]
    shown = aligned("" if isinstance(ratio, Missing) else significant(ratio.value) for ratio in known)
    made = [
        _without(change) if isinstance(change.typical_ratio, Missing) else _told(change, text)
        for change, text in zip(changes, shown, strict=True)
    ]
    width = max(map(len, made), default=0)
    return tuple(text.rjust(width) for text in made)


def _without(change: Change) -> str:
    """What stands in the place of a ratio: what became of the case, in two words."""
    if change.verdict is Verdict.NOT_COMPARABLE and isinstance(change.new_typical_ns, Missing):
        return change.new_typical_ns.short
    return _UNSURE.get(change.verdict, "")


def _told(change: Change, text: str) -> str:
    if change.verdict in MOVED:
        return f"{change.verdict} {text}"
    return f"? {text}" if change.verdict is Verdict.NOT_COMPARABLE else text
