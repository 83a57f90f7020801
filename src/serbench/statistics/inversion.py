"""Which changes the data exclude, and the interval of those that they do not.

A change of d is tested by taking d off the new side and swapping: if it is the true one, what is left has no sides. The
interval holds the changes that this does not reject, so it covers the true one as often as it says, in any noise.

What makes it quick is that it is monotone, swap by swap. Taking off more by a little h makes the estimate as observed
smaller by h, and that under a swap by at most h: a mean of ordered values moves by no more than its values do. So
where an estimate under a swap has come up to the one observed, it stays there, and as an end is closed in upon, only
swaps that are still open need another look.

Source: E. J. G. Pitman, Significance tests which may be applied to samples from any populations, Supplement to the
Journal of the Royal Statistical Society 4 (1937).
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import numpy as np

from serbench.statistics.family import at_most
from serbench.statistics.swaps import TIE, all_estimates, estimate, estimates

if TYPE_CHECKING:
    from serbench.statistics.swaps import Flips, Series

PRECISION = 1e-9
"""Of the ends, as logarithms."""

FARTHEST = 64.0
"""An end farther than this from the estimate, as a logarithm, is nowhere: there are too few pairs for one."""


def excludes_slower(series: Series, flips: Flips, change: float, level: float) -> bool:
    """Whether a slowdown is excluded: were it the true change, an estimate as low as this would be rare.

    Args:
        series: the metric.
        flips: from `swaps.flips`.
        change: logarithm of new over base. Above 0 for a slowdown.
        level: the share of swaps with an estimate at most as large as observed, once the change is taken off the new
            side, that counts as rare.
    """
    under = all_estimates(series, flips, change)
    return int(np.count_nonzero(under <= under[0] + TIE)) <= at_most(level, len(flips))


def excludes_faster(series: Series, flips: Flips, change: float, level: float) -> bool:
    """Whether a speed-up is excluded, which is the mirror.

    Args:
        series: the metric.
        flips: from `swaps.flips`.
        change: logarithm of base over new. Above 0 for a speed-up.
        level: as for a slowdown.
    """
    return excludes_slower(series.mirrored(), flips, change, level)


def interval(series: Series, flips: Flips, level: float) -> tuple[float, float]:
    """The changes that are not excluded, as logarithms of new over base. It holds the estimate.

    Args:
        series: the metric.
        flips: from `swaps.flips`.
        level: on each side, below 1/2: 0.05 makes an interval of 90 %.

    Returns:
        Both ends; minus infinity and infinity where there are too few pairs for them.
    """
    count = at_most(level, len(flips))
    return lower_end(series, flips, count), -lower_end(series.mirrored(), flips, count)


def lower_end(series: Series, flips: Flips, count: int) -> float:
    """The smallest change that, taken off, lets more than so many swaps have an estimate as large as observed.

    Args:
        series: the metric.
        flips: from `swaps.flips`.
        count: of swaps with an estimate at least as large, less than half of all.

    Returns:
        A logarithm of new over base; minus infinity where no change leaves as few.
    """
    centre = high = estimate(series)
    under = all_estimates(series, flips, centre)
    step = max(float(np.partition(under, -count - 1)[-count - 1]), PRECISION)
    open_ = flips[under >= -TIE]
    while True:
        low = high - step
        if centre - low > FARTHEST:
            return -inf
        reached = _reached(series, open_, low, centre)
        if np.count_nonzero(reached) <= count:
            return _closed_in(series, open_, low, high, count)
        open_, high, step = open_[reached], low, 2 * step


def _closed_in(series: Series, open_: Flips, low: float, high: float, count: int) -> float:
    """Bisection between a change that leaves at most `count` swaps and one that leaves more, all of them in `open_`."""
    centre = estimate(series)
    reached = _reached(series, open_, low, centre)
    open_, count = open_[~reached], count - int(np.count_nonzero(reached))
    while high - low > PRECISION:
        middle = (low + high) / 2
        reached = _reached(series, open_, middle, centre)
        here = int(np.count_nonzero(reached))
        if here > count:
            open_, high = open_[reached], middle
        else:
            open_, low, count = open_[~reached], middle, count - here
    return high


def _reached(series: Series, flips: Flips, less: float, centre: float) -> Flips:
    """Under which swaps the estimate is at least as large as observed, after taking that off the new side."""
    reached: Flips = estimates(series, flips, less) >= centre - less - TIE
    return reached
