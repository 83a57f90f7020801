"""What the gate could have seen: the smallest slowdown it would have caught, and how many more pairs an answer takes.

A slowdown is caught if its estimate reaches two marks: the trip point, and the least estimate at which the test against
chance would speak. The second is found by moving the data themselves up or down until it just does, which is how the
end of an interval is found: so it is the distance from the estimate to the lower end at that level. An estimate is off
by chance; the swaps of the data with the whole estimate taken off show by how much. So the slowdown must be beyond both
marks by that.

This is an approximation, as the second mark is found from these data and would be another one in others. To be beyond
it nine times in ten takes more than what nine estimates in ten are not off by: what 95 in 100 are not off by is about
right. In simulations of 20 pairs and 12 metrics (normal and one-sided noise, large and small) the figure was caught in
83 to 98 % of runs, and in 78 to 91 % where a quarter of all processes were 1.6 times slower; as told after ten pairs,
in 78 to 94 %. A small simulation is in `tests/statistics/test_power.py`.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, inf, isfinite
from typing import TYPE_CHECKING

import numpy as np

from serbench.statistics.inversion import lower_end
from serbench.statistics.swaps import all_estimates, estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.statistics.swaps import Flips, Series

NOT_OFF_BY = 0.95
"""Share of estimates that are off by no more than what is allowed for, so that nine in ten are caught."""


def twice(series: Series) -> Series:
    """Every pair twice: what twice as many pairs would be, if the second half came out as the first."""
    return replace(series, base=series.base * 2, new=series.new * 2)


def distance(series: Series, flips: Flips, count: int) -> float:
    """The least slowdown, as a logarithm, that noise like this metric's lets a test see if it were the estimate.

    Args:
        series: the metric.
        flips: from `swaps.flips`.
        count: the most swaps with an estimate at least as large that the test allows, `Family.critical`.

    Returns:
        At least 0; infinity where the test cannot see any, as there are too few swaps.
    """
    return estimate(series) - lower_end(series, flips, count) if count else inf


def chance(series: Series, flips: Flips) -> float:
    """What 95 estimates in 100 are not too low by, a logarithm: of swaps with the estimate taken off the new side."""
    centred = all_estimates(series, flips, estimate(series))
    return float(np.quantile(centred, NOT_OFF_BY, method="inverted_cdf"))


def detectable(series: Series, flips: Flips, *, marks: Sequence[float]) -> float:
    """The smallest slowdown that would have been caught nine times in ten, as a logarithm of new over base.

    Args:
        series: the metric.
        flips: from `swaps.flips`.
        marks: what its estimate must reach, logarithms: the trip point, and the `distance` for a test against chance.

    Returns:
        At least the largest of the marks; infinity where nothing could be caught.
    """
    return max(marks) + chance(series, flips)


def more_pairs(pairs: int, ways: Sequence[tuple[float, float]]) -> int | None:
    """How many more pairs it takes until there is an answer, if the estimate stays where it is.

    Distances shrink with the square root of the number of pairs.

    Args:
        pairs: so far.
        ways: to an answer, any of which will do: how far something reaches now, and how far it may reach; logarithms.

    Returns:
        At least 1; None where no way leads there: there is none, or with so few pairs nothing is known of how far.
    """
    factors = [(now / room) ** 2 for now, room in ways if room > 0 and isfinite(now)]
    return max(1, ceil(pairs * min(factors)) - pairs) if factors else None
