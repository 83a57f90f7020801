"""The rule applied to many stretches of one long measurement, as if each were a run of the gate: how often it fires.

Pure. For the gate's own test, and for the experiment that stands in the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from serbench.gate import rule
from serbench.records.verdict import WORST_FIRST, Outcome
from serbench.statistics.proportions import interval

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from serbench.gate.paired import Key
    from serbench.gate.rule import Tested
    from serbench.statistics.swaps import Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One stretch, decided in two stages.

    Attributes:
        tested: of the stage that decided.
        stage: 1 or 2.
    """

    tested: Mapping[Key, Tested]
    stage: int

    @property
    def outcome(self) -> Outcome:
        """The worst of all metrics."""
        found = {one.outcome for one in self.tested.values()}
        return next((outcome for outcome in WORST_FIRST if outcome in found), Outcome.SAME)

    def regressed(self, metrics: Sequence[str]) -> bool:
        """Whether one of these metrics is slower, in any case."""
        return any(key.metric in metrics and one.outcome is Outcome.REGRESSED for key, one in self.tested.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How often something happened.

    Attributes:
        hits: stretches in which it did.
        of: all of them; they may overlap.
        independent: how many of them have no pair in common.
    """

    hits: int
    of: int
    independent: int

    @property
    def share(self) -> float:
        """Of all stretches."""
        return self.hits / self.of if self.of else 0.0

    @property
    def ends(self) -> tuple[float, float]:
        """The 95 % interval of Clopper and Pearson, as if there were only the independent ones, at the same share."""
        return interval(round(self.share * self.independent), self.independent)


def decided(
    series: Mapping[Key, Series], tolerances: Mapping[Key, float], *, first: int, seed: int, pairs: int
) -> Decided:
    """What the rule says of a stretch of pairs, in time order.

    Args:
        series: of all pairs.
        tolerances: of each metric.
        first: where the stretch begins.
        seed: of swaps.
        pairs: of both stages together.
    """
    early = {key: _cut(own, first, rule.FIRST_PAIRS) for key, own in series.items()}
    tested = rule.decide(early, tolerances, seed=seed, first_stage=True)
    if rule.all_clear(tested):
        return Decided(tested=tested, stage=1)
    whole = {key: _cut(own, first, pairs) for key, own in series.items()}
    return Decided(tested=rule.decide(whole, tolerances, seed=seed, first_stage=False), stage=2)


def _cut(series: Series, first: int, pairs: int) -> Series:
    stretch = slice(first, first + pairs)
    return replace(series, base=series.base[stretch], new=series.new[stretch])


def rate(found: Sequence[Decided], counts: Callable[[Decided], bool], *, independent: int) -> Rate:
    """How often something is true of stretches."""
    return Rate(hits=sum(map(counts, found)), of=len(found), independent=independent)
