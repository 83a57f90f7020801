"""What a perfectly steady call would have shown on this machine: the machine's own tail, for a call of any length.

Empty calls watch the machine. A reading of at least twice the median, and beyond p99, is one that an interruption fell
into; what is less is how the clock reads. (Interruptions in every hundredth empty call would be 200,000 a second.)
Interruptions are taken to arrive independently of each other, at a constant rate per time in which the machine does
run: the time watched less the interruptions themselves. A call of length T then meets a Poisson number of them, and
what they add to it is a compound Poisson sum.

That sum is worked out in two parts. Interruptions shorter than 32 T are put on a grid of T/512, each shared between the
two points around it so that its mean is kept; the distribution of their sum is one Fourier transform (S. A. Klugman,
H. H. Panjer, G. E. Willmot, Loss Models, 4th edition (2012), section 9.6). Where a call meets longer ones, only the
longest of all counts: if longer ones take a share s of the time, two of them meet in a call with a chance under
(s/32)^2, and shorter ones add a few per cent at most.

Two things it does not know. Ticks come evenly and not at random, so the sum of many varies less than it does here: a
call of 20 ms has five ticks of those that come every 4 ms, here it has five and two more or less. And work that is slow
without an interruption, as when others have emptied the caches, does not show in an empty call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from serbench.statistics.percentiles import CALLS_BEYOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from serbench.histogram import Histogram

    Floats = npt.NDArray[np.float64]

_FINE = 512  # points of the grid per length of the call
_LONG = 32  # an interruption of so many lengths of the call is not on the grid
_GRID = 4 * _LONG * _FINE  # what exceeds its end comes back at its start, and four of the longest do not happen


def earned(observed_ns: int, ns: float) -> float:
    """The highest 1/(1-q) for calls of this length: ten of those beyond it fit the time that was watched."""
    return observed_ns / (CALLS_BEYOND * ns)


def steady_curve(noise: Histogram, observed_ns: int, ns: float, x: Sequence[float]) -> tuple[float, ...]:
    """The percentiles of a perfectly steady call on this machine, drawn on the axis of `percentiles.curve`.

    Args:
        noise: single readings of empty calls; may be empty.
        observed_ns: time inside them.
        ns: what the call takes in the middle, above 0, interruptions included: a long call always meets some. The curve
            has this at x = 2, and what the call takes by itself at x = 1.
        x: 1/(1-q), rising, each at least 1.

    Returns:
        ns per call, never falling, for the first points of x: those that are earned. Empty where none is.
    """
    points = np.array([each for each in x if each <= earned(observed_ns, ns)])
    if not noise.total or not len(points):
        return ()
    machine = _Interruptions(noise, observed_ns)
    added = machine.added_ns(ns, np.array([2.0]))[0]
    own = ns / (1 + added / ns)  # what is added grows with the length
    return tuple((own + machine.added_ns(own, points)).tolist())


class _Interruptions:
    """How long they are, and how many there are of each length per ns in which the machine runs."""

    def __init__(self, noise: Histogram, observed_ns: int) -> None:
        values, counts = noise.values_counts()
        usual, p99 = noise.percentiles([0.5, 0.99]).tolist()
        met = values > max(2 * usual - 1, p99)
        self._ns = (values[met] - usual).astype(np.float64)
        self._rates = counts[met] / max(1.0, observed_ns - self._ns @ counts[met])

    def added_ns(self, length_ns: float, x: Floats) -> Floats:
        """The percentiles of what interruptions add to a call of this length, at 1/(1-q)."""
        none = np.exp(-self._rates.sum() * length_ns)
        if none > 1 - 1 / x.max():  # as many calls as that meet none
            return np.zeros(len(x))
        long = self._ns >= _LONG * length_ns
        step = length_ns / _FINE
        some = _compound(self._ns[~long] / step, self._rates[~long] * length_ns)
        # Both in order: the grid of what short ones add, and between its points the longer ones, each by itself.
        grid, longer_ns = np.arange(_GRID) * step, self._ns[long]
        at = np.searchsorted(grid, longer_ns, side="right")
        ns = np.insert(grid, at, longer_ns)
        below = np.insert(np.cumsum(some), at, 1.0)
        expected = np.insert(np.zeros(_GRID), at, self._rates[long] * length_ns)
        # At most so much is added if the short ones add no more, and none of the longer ones falls into the call.
        longer = expected[::-1].cumsum()[::-1] - expected
        at_most: Floats = np.maximum.accumulate(below * np.exp(-longer))
        found = np.searchsorted(at_most, 1 - 1 / x - 1e-12)
        percentiles: Floats = ns[np.minimum(found, len(ns) - 1)]
        return percentiles


def _compound(points: Floats, expected: Floats) -> Floats:
    """The compound Poisson distribution on 0, 1, ..., `_GRID` - 1.

    Args:
        points: where each kind of interruption lies on the grid, between its points, at least 0.
        expected: how many of each are expected.

    Returns:
        Probabilities of shape (`_GRID`,).
    """
    if not len(points):
        certain: Floats = np.eye(1, _GRID)[0]
        return certain
    lower = np.floor(points).astype(np.int64)
    upper_share = points - lower
    sizes = np.bincount(lower, expected * (1 - upper_share), _GRID)
    sizes += np.bincount(lower + 1, expected * upper_share, _GRID)
    transformed = np.exp(np.fft.rfft(sizes) - expected.sum())
    probabilities: Floats = np.maximum(np.fft.irfft(transformed, _GRID), 0.0)
    return probabilities
