"""Many metrics tested together: how often chance alone makes any of them look as unusual as one does.

Each estimate is ranked among those of its own metric under all swaps, so that a noisy metric cannot swamp a quiet one;
then the smallest rank share of all metrics under each swap is what chance alone brings about. As one swap flips the
same pairs for all metrics, whatever hangs together between them is in it, and nothing is assumed about it.

Source: P. H. Westfall and S. S. Young, Resampling-Based Multiple Testing (1993), single-step min-P.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

import numpy as np

from serbench.statistics.swaps import TIE

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from serbench.statistics.swaps import Floats

    Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Family:
    """All metrics of a run in the test against chance.

    Counts are of swaps, so that equal shares are equal. They are never 0: the swap that changes nothing is among them.

    Attributes:
        smallest: under each swap the smallest count of any metric, in ascending order; shape (S,).
        slower: of each metric, under how many swaps its estimate is at least as large as observed.
        faster: under how many it is at most as large.
    """

    smallest: Counts
    slower: tuple[int, ...]
    faster: tuple[int, ...]

    def p_slower(self, metric: int) -> float:
        """How often chance alone makes any metric look as much slower as this one, the n-th, does. From 1/S to 1."""
        return self._share(self.slower[metric])

    def p_faster(self, metric: int) -> float:
        """The same for faster: a swap's complement has all signs the other way, so the smallest counts are the same."""
        return self._share(self.faster[metric])

    def _share(self, count: int) -> float:
        return int(np.searchsorted(self.smallest, count, side="right")) / len(self.smallest)

    def critical(self, level: float) -> int:
        """The largest count whose share stays within a level, below 1; 0 where none does: there are too few swaps.

        It is no more than the level itself allows, as a metric's own swaps are in the share. Where all estimates are
        equal, the smallest counts alone would not say so.
        """
        within = at_most(level, len(self.smallest))
        return min(within, int(self.smallest[within]) - 1)


def family(metrics: Iterable[Floats]) -> Family:
    """Ranks every metric and takes the smallest.

    Args:
        metrics: of each the estimates under all swaps, at least one metric; in the order of `swaps.flips`: the first as
            observed, the second half those of the complements. They are not kept.
    """
    smallest, slower, faster = None, [], []
    for estimates in metrics:
        counts = ranked(estimates)
        slower.append(int(counts[0]))
        faster.append(int(counts[len(counts) // 2]))
        smallest = counts if smallest is None else np.minimum(smallest, counts)
    if smallest is None:
        raise ValueError("a family without metrics")
    return Family(smallest=np.sort(smallest), slower=tuple(slower), faster=tuple(faster))


def ranked(estimates: Floats) -> Counts:
    """How many of these are at least as large as each of them; equal ones, to 1e-12, count."""
    below: Counts = np.searchsorted(np.sort(estimates), estimates - TIE, side="left")
    return len(estimates) - below


def at_most(level: float, swaps: int) -> int:
    """The largest count of swaps whose share is at most a level. 5 % of 20 are 1, whatever a float makes of it."""
    return floor(level * swaps + 1e-9)
