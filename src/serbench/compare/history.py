"""Holds several runs against the first of them, or each against the one before. It informs and decides nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from serbench.compare.cases import Sides, change
from serbench.compare.environment import variations
from serbench.compare.history_words import sentences
from serbench.compare.parts import CaseHistory, History, Point, RunFacts, reference
from serbench.errors import UsageError
from serbench.statistics.estimates import Missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.compare.parts import Against
    from serbench.records.cases import Case
    from serbench.records.run import Run

MOST_RUNS = 12
"""As many have a column each."""

LONGEST_NAME = 16
"""Characters of a run's name: it heads a column of numbers."""

NOT_IN_IT = Missing(short="not in it", reason="the run has no such case")
"""The numbers of a case that a run has not."""


def history(runs: Sequence[Run], names: Sequence[str] = (), *, against: Against = "first") -> History:
    """Saved runs side by side, case by case.

    Args:
        runs: in the order in which they are to be read, two at least.
        names: what they are called, such as by their folders; as many, or none.
        against: what each is held against.

    Raises:
        UsageError: fewer than two, or too many.
        BadRunFile: a histogram cannot be read.
    """
    check_count(len(runs))
    called = distinct(names or [""] * len(runs))
    sides = [Sides(run, name) for run, name in zip(runs, called, strict=True)]
    made = History(
        runs=tuple(map(_facts, sides)),
        against=against,
        sentences=(),
        differences=tuple(variations(runs)),
        cases=tuple(_case(case, sides, against) for case in _cases(sides)),
        records=tuple(runs),
    )
    return replace(made, sentences=tuple(sentences(made)))


def check_count(n: int) -> None:
    """Makes sure that so many runs can stand side by side.

    Raises:
        UsageError: they cannot.
    """
    if n > MOST_RUNS:
        raise UsageError(f"{n} runs: no more than {MOST_RUNS} can stand side by side; leave out some")
    if n < 2:
        raise UsageError(f"{n} run{'s' * (n != 1)}: a comparison takes two; name another")


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """These names where each is short and no other's; else `run 1`, `run 2` and so on."""
    fit = all(name.isprintable() and 0 < len(name) <= LONGEST_NAME and name == name.strip() for name in names)
    if fit and len(set(names)) == len(names):
        return tuple(names)
    return tuple(f"run {n}" for n in range(1, len(names) + 1))


def _facts(side: Sides) -> RunFacts:
    return RunFacts(name=side.name, id=side.run.id, started=side.run.started, complete=side.run.complete)


def _cases(sides: Sequence[Sides]) -> Iterator[Case]:
    """Each once; not those that are the same as another in every run that has them, of which there are two at least."""
    for case_id in dict.fromkeys(case_id for side in sides for case_id in side.cases):
        found = [side.cases[case_id] for side in sides if case_id in side.cases]
        if len(found) < 2 or not all(measurement.same_as for measurement in found):
            yield found[0].case


def _case(case: Case, sides: Sequence[Sides], against: Against) -> CaseHistory:
    return CaseHistory(
        case=case,
        points=tuple(_point(case.id, side) for side in sides),
        changes=tuple(change(case, sides[reference(against, n)], sides[n]) for n in range(1, len(sides))),
    )


def _point(case_id: str, side: Sides) -> Point:
    if case_id not in side.cases:
        return Point(typical_ns=NOT_IN_IT, p99_ns=NOT_IN_IT, encoded_bytes=NOT_IN_IT)
    found = side.side(case_id)
    return Point(typical_ns=found.summary.typical_ns, p99_ns=found.summary.p99_ns, encoded_bytes=found.encoded)
