"""The rule: what is decided about the time of every metric, from all pairs of the run. Pure.

Metrics are decided in two stages. After the first pairs a metric is clear if a slowdown of its tolerance is excluded
and its estimate is under half of that, the trip point. Are all clear, the run passes; else all go on to a number of
pairs that was fixed before, and all pairs decide once. The first stage never fails a run, so there is one look at which
a false alarm can arise.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1, log1p, sqrt
from typing import TYPE_CHECKING, Generic, TypeVar

from serbench.records.verdict import Outcome
from serbench.statistics.family import family
from serbench.statistics.inversion import excludes_faster, excludes_slower, interval
from serbench.statistics.power import detectable, distance, more_pairs, twice
from serbench.statistics.swaps import all_estimates, estimate, flips

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from serbench.records.verdict import Metric
    from serbench.statistics.family import Family
    from serbench.statistics.swaps import Flips, Series

Key = TypeVar("Key", bound="Hashable")

P_REGRESSED = 0.03
"""How often clean runs may have a false alarm, whatever they measure."""

EXCLUDE = 0.05
"""A change is excluded where an estimate like this would be as rare, were it the true one."""

INTERVAL = 0.90
"""Coverage of the interval shown."""

FIRST_PAIRS = 10
SECOND_PAIRS = (20, 30)
"""Pairs of both stages together: the usual number, and the one for a larger budget."""

ROUNDS = 60
"""In each pair, at least."""

P99_SAMPLES = 1_000
"""Of a worker, at least, for its p99 to count."""

TOLERANCE: dict[Metric, float] = {"p10": 0.05, "p50": 0.05, "p99": 0.25}
"""The change that must not pass unseen. Half of it is the trip point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """What the pairs say about one metric. Changes are new over base less one: 0.05 is 5 % slower.

    Attributes:
        change: the estimate.
        interval: ends of the changes that are not excluded, 90 %; -1 and infinity where there are too few pairs.
        p_slower: how often chance alone makes any metric of the run look as much slower; 0 to 1.
        p_faster: the same for faster.
        slower_excluded: whether a slowdown of the tolerance is excluded.
        faster_excluded: whether a speed-up of it is: new is faster by what makes base slower by the tolerance.
        clear: whether the first stage may leave it at that: that slowdown is excluded and the estimate under the trip
            point.
        outcome: what became of it.
        detectable: the smallest slowdown that would have been caught nine times in ten; infinity where none would.
        more_pairs: how many more an answer takes, if the estimate stays where it is; 0 where there is an answer, None
            where the pairs are too few to tell.
    """

    change: float
    interval: tuple[float, float]
    p_slower: float
    p_faster: float
    slower_excluded: bool
    faster_excluded: bool
    clear: bool
    outcome: Outcome
    detectable: float
    more_pairs: int | None


def decide(
    series: Mapping[Key, Series], tolerances: Mapping[Key, float], *, seed: int, first_stage: bool
) -> dict[Key, Tested]:
    """Decides about all metrics of a run together.

    Args:
        series: of each metric of each case, all of the same pairs.
        tolerances: of each, above 0.
        seed: of the swaps.
        first_stage: whether these are the first pairs only. Then nothing regresses: what is not clear is inconclusive.

    Returns:
        In the order of `series`.

    Raises:
        ValueError: numbers of pairs differ, or a tolerance is missing or not above 0.
    """
    if not series:
        return {}
    counts = sorted({own.pairs for own in series.values()})
    if len(counts) > 1:
        raise ValueError(f"metrics of {counts[0]} and of {counts[-1]} pairs cannot be decided together")
    if any(tolerances.get(key, 0.0) <= 0 for key in series):
        raise ValueError("every metric needs a tolerance above 0")
    pool = _Pool.of(series, seed)
    # The first stage fails nothing. What it sends on, the second catches: that is told from the same data twice.
    catching = _Pool.of({key: twice(own) for key, own in series.items()}, seed) if first_stage else pool
    return {key: _tested(key, pool, catching, tolerances[key], first_stage=first_stage) for key in series}


def all_clear(tested: Mapping[Key, Tested]) -> bool:
    """Whether the first stage is enough: no metric needs another look."""
    return all(one.clear for one in tested.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pool(Generic[Key]):
    """All metrics, and the swaps that test them together."""

    series: Mapping[Key, Series]
    places: Mapping[Key, int]
    flips: Flips
    family: Family

    @classmethod
    def of(cls, series: Mapping[Key, Series], seed: int) -> _Pool[Key]:
        pairs = next(iter(series.values())).pairs
        swaps = flips(pairs, len(series), seed)
        together = family(all_estimates(own, swaps) for own in series.values())
        return cls(series=series, places={key: n for n, key in enumerate(series)}, flips=swaps, family=together)

    def slower(self, key: Key) -> float:
        """The least slowdown that the test against chance sees here, if it is the estimate. A logarithm."""
        return distance(self.series[key], self.flips, self.family.critical(P_REGRESSED))

    def faster(self, key: Key) -> float:
        """The least speed-up."""
        return distance(self.series[key].mirrored(), self.flips, self.family.critical(P_REGRESSED))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signs:
    """What an outcome is made of. Logarithms of new over base."""

    centre: float
    ends: tuple[float, float]
    tolerance: float
    trip: float
    p_slower: float
    p_faster: float
    slower_excluded: bool
    faster_excluded: bool

    @property
    def regressed(self) -> bool:
        return self.p_slower <= P_REGRESSED and self.centre >= self.trip

    @property
    def improved(self) -> bool:
        return self.p_faster <= P_REGRESSED and self.centre <= -self.trip

    @property
    def clear(self) -> bool:
        return self.slower_excluded and self.centre < self.trip

    def outcome(self, *, first_stage: bool) -> Outcome:
        if first_stage and not self.clear:
            return Outcome.INCONCLUSIVE
        if self.regressed:
            return Outcome.REGRESSED
        if self.improved:
            return Outcome.IMPROVED
        same = first_stage or (self.slower_excluded and self.faster_excluded)
        return Outcome.SAME if same else Outcome.INCONCLUSIVE

    def ways(self, slower: float, faster: float) -> list[tuple[float, float]]:
        """To an answer, for `more_pairs`; how far the tests against chance reach: from the estimate down, and up.

        There is always one: an estimate beyond a trip point waits for chance to be ruled out, one within the tolerance
        for the interval to draw in.
        """
        centre, (low, high) = self.centre, self.ends
        found = [(slower, centre)] if centre >= self.trip else [(faster, -centre)] if centre <= -self.trip else []
        up, down = (high - centre, self.tolerance - centre), (centre - low, self.tolerance + centre)
        if abs(centre) < self.tolerance:
            found.append(max(up, down, key=lambda way: way[0] / way[1]))
        return found


def _tested(key: Key, pool: _Pool[Key], catching: _Pool[Key], tolerance: float, *, first_stage: bool) -> Tested:
    series, place, limit = pool.series[key], pool.places[key], log1p(tolerance)
    signs = _Signs(
        centre=estimate(series),
        ends=interval(series, pool.flips, (1 - INTERVAL) / 2),
        tolerance=limit,
        trip=log1p(tolerance / 2),
        p_slower=pool.family.p_slower(place),
        p_faster=pool.family.p_faster(place),
        slower_excluded=excludes_slower(series, pool.flips, limit, EXCLUDE),
        faster_excluded=excludes_faster(series, pool.flips, limit, EXCLUDE),
    )
    slower = catching.slower(key)
    outcome = signs.outcome(first_stage=first_stage)
    more: int | None = 0
    if outcome is Outcome.INCONCLUSIVE:
        wider = sqrt(catching.series[key].pairs / series.pairs)
        more = more_pairs(series.pairs, signs.ways(slower * wider, catching.faster(key) * wider))
    return Tested(
        change=expm1(signs.centre),
        interval=(expm1(signs.ends[0]), expm1(signs.ends[1])),
        p_slower=signs.p_slower,
        p_faster=signs.p_faster,
        slower_excluded=signs.slower_excluded,
        faster_excluded=signs.faster_excluded,
        clear=signs.clear,
        outcome=outcome,
        detectable=expm1(detectable(series, pool.flips, marks=(signs.trip, slower))),
        more_pairs=more,
    )
