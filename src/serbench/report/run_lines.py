"""Percentile curves of a case in several runs, ready to be drawn over each other. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.statistics.summary import summarise

if TYPE_CHECKING:
    from serbench.compare.parts import History

MOST_LINES = 6
"""As many can be told apart in one drawing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A run: its name and place among all runs, from 0; 1/(1-q), rising, and ns per call, as many: two at least."""

    name: str
    place: int
    x: tuple[float, ...]
    ns: tuple[float, ...]


def run_lines(history: History, case_id: str) -> tuple[RunLine, ...]:
    """The case in each run that has a curve of it; of more runs than can be told apart the first and the last ones.

    Raises:
        BadRunFile: a histogram cannot be read.
    """
    places = list(range(len(history.records)))
    if len(places) > MOST_LINES:
        places = [0, *places[1 - MOST_LINES :]]
    return tuple(line for place in places if (line := _line(history, place, case_id)))


def _line(history: History, place: int, case_id: str) -> RunLine | None:
    run = history.records[place]
    found = next((m for m in run.measurements if m.case.id == case_id), None)
    if found is None:
        return None
    seen = summarise(run.numbers(found))
    return RunLine(name=history.runs[place].name, place=place, x=seen.x, ns=seen.ns) if len(seen.x) > 1 else None
