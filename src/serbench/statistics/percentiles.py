"""Percentiles are earned: one is printed only with enough calls behind it, and says how far workers agree on it.

A percentile is the smallest value at or below which at least a share q of the calls lie, floor included. The printed
one is that of all workers' calls together.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from serbench.histogram import Histogram, ranks
from serbench.records.cases import Caution
from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.intervals import WORKERS_FOR_INTERVAL, spread, trimmed
from serbench.units import duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from serbench.statistics.estimates import Number

CALLS_BEYOND = 10
"""A percentile is earned when this many calls are expected beyond it."""

BANDED = (0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999)
"""The percentiles of a curve whose intervals are worked out."""

POINTS_PER_DECADE = 24
"""Of 1/(1-q), on a curve: more than a drawing shows, fewer than would make a report heavy."""


def needed_calls(q: float) -> int:
    """How many calls earn the percentile q: 10/(1-q); 20 for the median, 1,000 for p99, 10,000 for p99.9."""
    return round(CALLS_BEYOND / (1 - q))


def label(q: float) -> str:
    """`p50`, `p99`, `p99.9`."""
    return f"p{100 * q:.6g}"


def percentile(q: float, merged: Histogram, own: Sequence[Histogram]) -> Number:
    """The percentile of all calls, with an interval from the workers' own percentiles.

    A worker's own percentile stands behind the interval only if that worker alone has earned it. With fewer calls the
    estimate of a tail is too low more often than too high, all workers err the same way, and the interval would hold
    less often than it says. At the least number of calls it still does in 95 % of cases (simulated in the tests). Such
    workers stay in the value. Where fewer than six have earned it alone, as many workers as it takes are put together:
    groups of processes are as independent of each other as processes are. Fewer than six of them have a range.

    Args:
        q: share, 0 to under 1.
        merged: all workers' calls.
        own: the histogram of each worker.

    Returns:
        ns per call, or what is missing.
    """
    needed = needed_calls(q)
    if merged.total < needed:
        reason = f"{label(q)} takes {needed:,} calls and there are {merged.total:,}; give the run a longer --budget"
        return Missing(short="too few calls", reason=reason)
    values, each = _earned(q, own)
    return replace(spread(float(merged.percentile(q)), values, merged.total), each=each)


def outside(q: float, merged: Histogram, own: Sequence[Histogram]) -> Caution | None:
    """A caution where the percentile of all calls lies outside the interval of the workers' own.

    It never lies outside their range if all of them have earned it (a mixture's percentile lies between those of its
    parts), so this takes nine workers or a worker that has not.
    """
    values = sorted(_earned(q, own)[0])
    k = trimmed(len(values))
    if merged.total < needed_calls(q) or len(values) < WORKERS_FOR_INTERVAL:
        return None
    value, low, high = merged.percentile(q), values[k - 1], values[-k]
    if low <= value <= high:
        return None
    text = (
        f"{label(q)} of all calls together is {duration(value)}, outside the interval of the workers' own "
        f"({duration(low)} to {duration(high)}): a few workers decide it. "
        "The interval shown is widened to reach it."
    )
    return Caution(name="tail-of-few-workers", text=text)


def _earned(q: float, own: Sequence[Histogram]) -> tuple[list[float], int]:
    """The percentiles, ns, of those that have earned it, and how many workers each of them is."""
    alone = [float(worker.percentile(q)) for worker in own if worker.total >= needed_calls(q)]
    if len(alone) < WORKERS_FOR_INTERVAL:
        for size in range(2, len(own) // 2 + 1):
            groups = _groups(own, len(own) // size)
            if len(groups) > len(alone) and all(group.total >= needed_calls(q) for group in groups):
                return [float(group.percentile(q)) for group in groups], size
    return alone, 1


def _groups(own: Sequence[Histogram], count: int) -> list[Histogram]:
    """The workers in so many groups, in turn: of each group some were early in the run and some late."""
    groups = [Histogram() for _ in range(count)]
    for n, worker in enumerate(own):
        groups[n % count].add(worker)
    return groups


def last_earned(calls: int) -> float:
    """The highest percentile that so many calls earn, as a share; 0 where not even the median is earned."""
    return 1 - CALLS_BEYOND / calls if calls >= needed_calls(0.5) else 0.0


def curve(merged: Histogram) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Percentiles from the fastest call to the last one earned, evenly spaced on the logarithm of 1/(1-q).

    Returns:
        1/(1-q), rising from 1, and ns per call, never falling: as long as each other, empty where nothing is earned.
    """
    if not last_earned(merged.total):
        return (), ()
    x = _points(merged.total)
    ns = merged.percentiles(1 - 1 / x)
    return tuple(x.tolist()), tuple(map(float, ns.tolist()))


def curve_of(ordered: Sequence[float]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The same of values that are in no histogram, such as batch means; they rise."""
    if not last_earned(len(ordered)):
        return (), ()
    x = _points(len(ordered))
    return tuple(x.tolist()), tuple(ordered[rank - 1] for rank in ranks(1 - 1 / x, len(ordered)).tolist())


def band(merged: Histogram, own: Sequence[Histogram]) -> tuple[tuple[float, float, float], ...]:
    """The intervals along a curve, of those percentiles of `BANDED` that have one.

    Returns:
        1/(1-q), rising, with the low and the high end in ns per call.
    """
    found = ((q, percentile(q, merged, own)) for q in BANDED)
    return tuple(
        (round(1 / (1 - q), 6), ns.low, ns.high)
        for q, ns in found
        if isinstance(ns, Estimate) and ns.basis == "interval"
    )


def _points(count: int) -> npt.NDArray[np.float64]:
    """1/(1-q) of a curve that so many values stand behind."""
    end = count / CALLS_BEYOND
    return np.geomspace(1, end, 2 + math.ceil(POINTS_PER_DECADE * math.log10(end)))
