"""What runs that are held against each other were measured on and with, a value of each side by side. Pure."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from serbench.report.cells import NOTHING
from serbench.report.ground import ground

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from serbench.records.run import Run

Facts = list[tuple[str, ...]]
"""A label, and what is known under it of each run."""

_SETTINGS = frozenset({"sampler", "passes", "seed", "budget"})
"""What of the measuring was chosen before it began: where it differs it may explain a change."""


def conditions(runs: Sequence[Run], differences: Iterable[tuple[str, ...]]) -> tuple[Facts, Facts]:
    """What the runs were measured on and with: first that in which they differ, then the rest.

    Args:
        runs: any number; none where they are not at hand.
        differences: facts that are known to differ already.
    """
    known = {label: tuple(values) for label, *values in differences}
    own = {label: values for label, *values in _aligned([_settings(run) for run in runs])}
    found = own | {label: values for label, values in known.items() if label not in own}
    facts: Facts = [(label, *values) for label, values in found.items()]
    return [fact for fact in facts if len(set(fact[1:])) > 1], [fact for fact in facts if len(set(fact[1:])) == 1]


def measured(runs: Sequence[Run]) -> Facts:
    """How the measuring of each went, which is never the same twice."""
    return list(_aligned([_about(run) for run in runs]))


def _aligned(of_each: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, ...]]:
    for label in dict.fromkeys(label for facts in of_each for label in facts):
        yield label, *(facts.get(label, NOTHING) for facts in of_each)


def _settings(run: Run) -> dict[str, str]:
    made = ground(run)
    chosen = [fact for fact in made.measuring if fact.label in _SETTINGS]
    return {"serbench": run.serbench} | {fact.label: fact.value for fact in (*made.environment, *chosen)}


def _about(run: Run) -> dict[str, str]:
    facts = {fact.label: fact.value for fact in ground(run).measuring if fact.label not in _SETTINGS}
    about = {"run": run.id, "started": run.started, "complete": "yes" if run.complete else "no, it was cut short"}
    sides = {"side": run.pairing.asked} if run.pairing else {}
    return about | sides | facts | {"command": shlex.join(run.command)}
