"""Several runs in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.compare.pairs import halves
from serbench.compare.words import MOVED, SHOWN, counted, distance, drift, headline, listed, tally, times
from serbench.statistics.estimates import Estimate, Missing
from serbench.units import significant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from serbench.compare.parts import CaseHistory, Change, History

ONE_AFTER_THE_OTHER = (
    "The runs were measured one after the other: what changed on the machine in between counts as a change. "
    "This informs, it does not decide."
)
"""What can be held against it as such."""


def title(history: History) -> str:
    """`3 of 12 cases slower, 1 faster: v5 against v1`; step by step, how many steps there were."""
    if history.against == "first":
        return f"{headline(history.changes(len(history.runs) - 1))}: {history.runs[-1].name} against {_first(history)}"
    moved = [change for _, change in _moved(history)]
    if not moved:
        return f"No step changed a case beyond noise, from {_first(history)} to {history.runs[-1].name}"
    told = [f"{n:,} {way}" for way in MOVED if (n := sum(change.verdict is way for change in moved))]
    return f"{', '.join(told)}: steps from {_first(history)} to {history.runs[-1].name}"


def sentences(history: History) -> Iterator[str]:
    """The answer first, then what stands between it and certainty."""
    held = f"{_first(history)}, the first" if history.against == "first" else "the one before it"
    yield f"{counted(len(history.cases), 'case')} in {len(history.runs)} runs, each held against {held}."
    for n in range(1, len(history.runs)):
        yield f"{history.runs[n].name}: {tally(history.changes(n)) or 'no case'}."
    yield from _told(history)
    yield from _sizes(history)
    for n in range(1, len(history.runs)):
        yield from (f"In {history.runs[n].name} {text}" for text in drift(history.changes(n)))
    yield from _paired(history)
    if history.differences:
        labels = listed([found.label for found in history.differences])
        yield f"The runs also differ in {labels}: each may explain a change."
    if short := [run.name for run in history.runs if not run.complete]:
        yield f"Cut short, so that intervals are wider than they would have been: {listed(short)}."


def reasons(history: History, cases: Sequence[CaseHistory], called: Callable[[CaseHistory], str]) -> Iterator[str]:
    """Why some of these cannot be compared: each reason once, with the cases and runs that it holds for.

    Args:
        history: whose cases they are.
        cases: some of them.
        called: what a case is called beside the others.
    """
    told: dict[str, dict[str, None]] = {}
    for case in cases:
        for run, change in zip(history.runs[1:], case.changes, strict=True):
            if change.reason:
                told.setdefault(change.reason, {})[f"{called(case)} in {run.name}"] = None
    for reason, names in told.items():
        more = [f"{len(names) - SHOWN} more"] if len(names) > SHOWN else []
        yield f"{listed([*list(names)[:SHOWN], *more])}: {reason}"


def _first(history: History) -> str:
    return history.runs[0].name


def _moved(history: History) -> list[tuple[int, Change]]:
    """Changes beyond noise with the run that they are in, the largest first.

    Against the first run those of the last one, else those of every step.
    """
    last = len(history.runs) - 1
    places = [last] if history.against == "first" else range(1, last + 1)
    found = [(n, change) for n in places for change in history.changes(n) if change.verdict in MOVED]
    return sorted(found, key=lambda place: -round(distance(place[1]), 9))  # as far both ways: the earlier first


def _told(history: History) -> Iterator[str]:
    found = _moved(history)
    for n, change in found[:SHOWN]:
        if isinstance(change.typical_ratio, Estimate):
            where = f"in {history.runs[n].name}: it takes {times(change.typical_ratio)}"
            yield f"{change.case.id} is {change.verdict} {where} as in {history.runs[history.reference(n)].name}."
    if len(found) > SHOWN:
        yield f"{len(found) - SHOWN} more are slower or faster."


def _sizes(history: History) -> Iterator[str]:
    """The first sizes that are not what they were, each where it changed first."""
    found = []
    for case in history.cases:
        known = [
            (n, c.encoded_ratio) for n, c in enumerate(case.changes, 1) if not isinstance(c.encoded_ratio, Missing)
        ]
        found += [(case.case.id, n, ratio) for n, ratio in known if ratio != 1][:1]
    for case_id, n, ratio in found[:SHOWN]:
        names = history.runs[n].name, history.runs[history.reference(n)].name
        yield f"{case_id} writes {significant(ratio)} times as many bytes in {names[0]} as in {names[1]}."
    if len(found) > SHOWN:
        yield f"{len(found) - SHOWN} more write more or fewer bytes."


def _paired(history: History) -> Iterator[str]:
    """Which were measured in pairs, and what that leaves of the others."""
    runs = history.records
    held = [(history.reference(n), n) for n in range(1, len(runs))]
    paired = [places for places in held if halves(*(runs[n] for n in places))]
    if len(paired) < len(held):
        yield ONE_AFTER_THE_OTHER
    for one, other in paired:
        names = f"{history.runs[one].name} and {history.runs[other].name}"
        yield f"{names} are halves of one measurement in pairs: their ratios are the middle of the pairs' own."
