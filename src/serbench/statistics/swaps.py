"""What the estimate of a change would have been, had the sides of some pairs been the other way round.

Two workers make a pair, one per side, alike in everything but what is measured. Where both sides are the same, each
pair might as well have come the other way round, so the estimate as observed is one drawn from those under all swaps,
whatever the noise looks like: no shape of distribution is assumed, and pairs need not even be alike.

Sources: R. A. Fisher, The Design of Experiments (1935), on Darwin's pairs of plants; E. J. G. Pitman, Significance
tests which may be applied to samples from any populations, Supplement to the Journal of the Royal Statistical Society 4
(1937). That random swaps will do in place of all, if the one observed is among them: M. Dwass, Modified randomization
tests for nonparametric hypotheses, Annals of Mathematical Statistics 28 (1957); B. Phipson and G. K. Smyth, Permutation
p-values should never be zero, Statistical Applications in Genetics and Molecular Biology 9 (2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from random import Random
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Flips = npt.NDArray[np.bool_]

Kind = Literal["low", "half", "ratio"]
"""How pairs become one estimate: by the fastest workers of each side, by the faster half, or by ratios within pairs."""

ALL_SWAPS_UP_TO = 12
"""Pairs: then 2^K swaps are no more than would be drawn."""

SWAPS = 4_096
SWAPS_OF_MANY = 20_000
"""So that even the rarest swap of each metric, all different ones, is a small share of them."""

MANY_METRICS = 100
"""Above this, there are more swaps."""

TIE = 1e-12
"""Estimates that differ by less are equal: the same terms were added in another order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One metric of one case, by pair. Both sides in the same unit, natural logarithms; which unit does not matter.

    Attributes:
        kind: how the pairs become one estimate.
        base: of the metric on the base side, K values. Empty for `ratio`.
        new: the same on the new side. For `ratio`: of new over base within each pair, by whatever makes it, such as
            the median over rounds of log(block median of new / block median of base).

    Raises:
        ValueError: no pairs, sides of unequal length, or a value that is no finite number.
    """

    kind: Kind
    base: tuple[float, ...] = ()
    new: tuple[float, ...]

    def __post_init__(self) -> None:
        expected = 0 if self.kind == "ratio" else len(self.new)
        if not self.new or len(self.base) != expected:
            raise ValueError(
                f"{len(self.base)} values of base and {len(self.new)} of new make no series of {self.kind}"
            )
        if not all(isfinite(value) for value in (*self.base, *self.new)):
            raise ValueError("a logarithm that is no finite number: the metric was zero, negative or missing")

    @property
    def pairs(self) -> int:
        """K."""
        return len(self.new)

    def mirrored(self) -> Series:
        """New for base and base for new: every estimate changes its sign."""
        if self.kind == "ratio":
            return Series(kind=self.kind, new=tuple(-ratio for ratio in self.new))
        return Series(kind=self.kind, base=self.new, new=self.base)


def kept(kind: Kind, pairs: int) -> int:
    """How many of K values are in the mean.

    Args:
        kind: `low`: 0.3 K, `half`: K / 2, both to the nearest whole number, halves up, at least one. `ratio`: what a
            quarter at each end leaves, and a quarter is rounded down.
        pairs: K, at least 1.
    """
    if kind == "ratio":
        return pairs - 2 * (pairs // 4)
    return max(1, (3 * pairs + 5) // 10 if kind == "low" else (pairs + 1) // 2)


def estimate(series: Series) -> float:
    """The logarithm of new over base, as observed.

    For `low` and `half` the mean of the smallest values of new less that of base, each side ordered by itself: noise on
    shared machines is one-sided. For `ratio` the mean without the lowest and the highest quarter.
    """
    return float(estimates(series, np.zeros((1, series.pairs), np.bool_))[0])


def estimates(series: Series, flips: Flips, less: float = 0.0) -> Floats:
    """The estimate under each of some swaps.

    Args:
        series: of K pairs.
        flips: which pairs change sides; shape (any, K).
        less: taken off the new side before anything changes sides, a logarithm.

    Returns:
        Logarithms of new over base; one for each row of flips.
    """
    new, count = np.array(series.new) - less, kept(series.kind, series.pairs)
    if series.kind == "ratio":
        return _middle(np.where(flips, -new, new), count)
    base = np.array(series.base)
    return _smallest(np.where(flips, base, new), count) - _smallest(np.where(flips, new, base), count)


def _smallest(values: Floats, count: int) -> Floats:
    values.partition(count - 1, axis=1)
    mean: Floats = values[:, :count].mean(axis=1)
    return mean


def _middle(values: Floats, count: int) -> Floats:
    left = (values.shape[1] - count) // 2
    values.partition((left, left + count - 1), axis=1)
    mean: Floats = values[:, left : left + count].mean(axis=1)
    return mean


def all_estimates(series: Series, flips: Flips, less: float = 0.0) -> Floats:
    """The same for all rows that `flips` has made, in half the time: a complement has the negative estimate."""
    first = estimates(series, flips[: len(flips) // 2], less)
    return np.concatenate((first, -first))


def flips(pairs: int, metrics: int, seed: int) -> Flips:
    """Swaps of whole pairs, for all metrics of a run together. No swap is there twice.

    All 2^K of them up to 12 pairs, or where there are no more than would be drawn. Else 4,096, or 20,000 above 100
    metrics: half are drawn, the first is the one that leaves everything as it is, and all have their complements.

    They are drawn by `random.Random.getrandbits`, whose numbers are the same on every machine and Python; numpy
    promises no such thing of its distributions.

    Args:
        pairs: K, at least 1.
        metrics: that are tested together.
        seed: same seed, same swaps. Has no effect where all swaps are there.

    Returns:
        Whether a pair changes sides; shape (S, K). Row 0 is the identity, row S/2 + i the complement of row i. 20,000
        swaps of 30 pairs are 0.6 MB, and what is worked out from them 5 MB a side at most.

    Raises:
        ValueError: no pairs.
    """
    if pairs < 1:
        raise ValueError(f"{pairs} pairs cannot be swapped")
    wanted = SWAPS_OF_MANY if metrics > MANY_METRICS else SWAPS
    codes = range(1 << (pairs - 1)) if pairs <= ALL_SWAPS_UP_TO or 1 << pairs <= wanted else None
    first = _bits(codes or _drawn(pairs - 1, wanted // 2, Random(seed)), pairs)
    return np.concatenate((first, ~first))


def _drawn(bits: int, count: int, random: Random) -> dict[int, None]:
    """Different numbers of so many bits, in the order in which they came, 0 before them: the last pair never moves.

    That loses nothing: of a swap and its complement, one leaves the last pair in its place.
    """
    codes = {0: None}
    while len(codes) < count:
        codes[random.getrandbits(bits)] = None
    return codes


def _bits(codes: range | dict[int, None], pairs: int) -> Flips:
    width = (pairs + 7) // 8
    rows = np.frombuffer(b"".join(code.to_bytes(width, "little") for code in codes), np.uint8).reshape(-1, width)
    return np.unpackbits(rows, axis=1, count=pairs, bitorder="little").astype(np.bool_)
