"""HDR histograms of ns per call: 1 ns to 60 s, three digits, 64-bit counts. The only module that knows `hdrh`.

Below 2,048 ns every nanosecond has a bucket of its own; above, a bucket is at most 1/1,024 of its values wide. `hdrh`
brings the layout and the wire format (HdrHistogram V2: varints, zlib, base64). What it does slowly or otherwise is done
here:

* `record_value` takes 700 to 1,000 ns a value; `fold` adds a whole batch to the same counts array.
* its totals pass through 32 bits when it decodes or adds; here they are summed from the counts.
* its `add` makes the minimum 0 where the first histogram was empty; `merge` adds counts.
* its percentiles round the rank; here a rank is what `ranks` says.
"""

from __future__ import annotations

import base64
import math
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Self

import numpy as np
from hdrh.codec import HdrCookieException, HdrHistogramEncoder, HdrLengthException
from hdrh.histogram import HdrHistogram

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt
    from hdrh.codec import PayloadHeader

SETTINGS = (1, 60_000_000_000, 3)
"""Lowest and highest value in ns, significant digits: the same in every histogram, so that all can be added."""

HIGHEST_NS = (1 << 36) - 1
"""What still has a bucket, 68.7 s: the layout ends at a power of two, and `record_value` counts up to there as well."""

_BUCKETS = 27 * 1024
_HAIR = float(2 * np.finfo(np.float64).eps)
_CHUNK = 1 << 15  # samples whose temporaries fit a second-level cache
_MANTISSA_SHIFT = 52 - 10  # a bucket is named by a value's exponent and the ten bits behind its first one
_REMEMBERED = 1 << 14
"""Blobs that are not decoded again, some kB each: of a saved run each is checked, summed up and drawn."""
_EXPONENT_BIAS = (1023 + 9) << 10  # makes 1,024 the index of 1,024


class Histogram:
    """Counts of ns per call in buckets. A live one takes 221 kB; the blob that `encode` writes takes 2 to 6 kB.

    Attributes:
        overflow: samples that no bucket takes: above `HIGHEST_NS`, or negative (a clock that was set back). They are in
            no percentile and not in the blob. 0 ns is a value like others.
    """

    def __init__(self) -> None:
        self._hdr = HdrHistogram(*SETTINGS)
        self._counts: npt.NDArray[np.int64] = np.frombuffer(self._hdr.counts, dtype=np.int64)
        self._filled: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]] | None = None
        self.overflow = 0

    def fold(self, samples: npt.NDArray[np.int64]) -> int:
        """Adds a batch of samples: the same result, blob for blob, as `record_value` of each of them.

        Args:
            samples: int64 of shape (n,), ns per call.

        Returns:
            How many of them overflowed.
        """
        before = self.total
        for start in range(0, len(samples), _CHUNK):
            self._fold_chunk(samples[start : start + _CHUNK])
        overflow = len(samples) - (self.total - before)
        self.overflow += overflow
        return overflow

    def _fold_chunk(self, samples: npt.NDArray[np.int64]) -> None:
        lowest, highest = int(samples.min()), int(samples.max())
        if lowest < 0 or highest > HIGHEST_NS:
            inside = samples[(samples >= 0) & (samples <= HIGHEST_NS)]
            if len(inside):
                self._fold_chunk(inside)
            return
        self._filled = None
        counts = np.bincount(_indices(samples))
        self._counts[: len(counts)] += counts
        self._hdr.total_count += len(samples)
        self._hdr.min_value = min(self._hdr.min_value, lowest)
        self._hdr.max_value = max(self._hdr.max_value, highest)

    @property
    def total(self) -> int:
        """Samples in the buckets; those that overflowed are not among them."""
        return int(self._hdr.total_count)

    @property
    def min(self) -> int:
        """The lowest ns of the first bucket that is not empty.

        Raises:
            ValueError: nothing has been recorded.
        """
        self._demand_samples()
        return int(self._hdr.get_min_value())

    @property
    def max(self) -> int:
        """The highest ns of the last bucket that is not empty: what `percentile(1)` says.

        Raises:
            ValueError: nothing has been recorded.
        """
        self._demand_samples()
        return int(self._hdr.get_max_value())

    def percentile(self, q: float) -> int:
        """The smallest value, in ns, at or below which at least a share q of the samples lie.

        Raises:
            ValueError: nothing has been recorded, or q is not in 0 to 1.
        """
        self._demand_samples()
        if not 0 <= q <= 1:
            raise ValueError(f"percentiles are asked for as shares in 0 to 1, such as 0.99; got {[q]}")
        values, _, at_most = self._buckets()
        return int(values[at_most.searchsorted(max(math.ceil((q - _HAIR) * self.total), 1))])  # as `ranks` has it

    def percentiles(self, qs: Sequence[float] | npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """`percentile` of several shares in one pass.

        Args:
            qs: shares of shape (k,), each in 0 to 1, in any order.

        Returns:
            ns of shape (k,): the highest value of the bucket in which the sample of that rank lies.

        Raises:
            ValueError: nothing has been recorded, or a share is not in 0 to 1.
        """
        self._demand_samples()
        values, _, at_most = self._buckets()
        return values[np.searchsorted(at_most, ranks(qs, self.total))]

    def values_counts(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The buckets that are not empty, in ascending order: their highest values in ns, and their counts."""
        values, counts, _ = self._buckets()
        return values, counts

    def _buckets(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Highest values, counts, and sums of counts of the buckets that are not empty; kept until one changes."""
        if self._filled is None:
            filled = np.flatnonzero(self._counts)
            counts = self._counts[filled]
            self._filled = _highest_values(filled), counts, np.cumsum(counts)
        return self._filled

    def encode(self) -> str:
        """HdrHistogram V2, compressed, base64."""
        return str(self._hdr.encode(), "ascii")

    @classmethod
    def decode(cls, blob: str) -> Self:
        """The histogram that `encode` wrote; `overflow` is not in a blob and starts at 0.

        Raises:
            ValueError: it is no HdrHistogram V2 blob, or one with other settings.
        """
        return cls.merge([blob])

    @classmethod
    def merge(cls, blobs: Iterable[str]) -> Self:
        """The sum of histograms, as if all their samples had been recorded in one.

        Raises:
            ValueError: one is no HdrHistogram V2 blob, has other settings, or the sum does not fit 63 bits.
        """
        merged = cls()
        total, first, last = 0, _BUCKETS, -1
        for blob in blobs:
            filled, counts, own = _decoded(blob)
            total += own
            if total >= 1 << 63:
                raise ValueError("a histogram's counts exceed 63 bits")
            merged._counts[filled] += counts
            if own:
                first, last = min(first, int(filled[0])), max(last, int(filled[-1]))
        if total:
            merged._hdr.set_internal_tacking_values(first, last, total)
        return merged

    def add(self, other: Histogram) -> None:
        """Adds the samples of another histogram, those that overflowed included.

        Raises:
            ValueError: the sum does not fit 63 bits.
        """
        if self.total + other.total >= 1 << 63:
            raise ValueError("a histogram's counts exceed 63 bits")
        self._filled = None
        self._counts += other._counts
        self.overflow += other.overflow
        filled = np.flatnonzero(self._counts != 0)
        if len(filled):
            self._hdr.set_internal_tacking_values(int(filled[0]), int(filled[-1]), self.total + other.total)

    def copy(self) -> Histogram:
        """Another one with the same samples."""
        made = Histogram()
        made.add(self)
        return made

    def _demand_samples(self) -> None:
        if not self.total:
            raise ValueError("an empty histogram has no percentiles")


def ranks(qs: Sequence[float] | npt.NDArray[np.float64], n: int) -> npt.NDArray[np.int64]:
    """Which of n ordered samples is the smallest at or below which at least a share q of them lie: ceil(q n), from 1.

    As in Java's HdrHistogram, q is taken to be a hair smaller than its floating-point value, so that 0.07 of 100 is 7,
    and not the 8 that rounding up makes of 7.000000000000001. The hair covers the rounding of q, of 1 - q and of q n.

    Args:
        qs: shares of shape (k,), each in 0 to 1; 0 gives rank 1.
        n: samples, at least 1. Exact for shares of six decimals up to 1e9 samples, one rank off at most beyond.

    Returns:
        Ranks of shape (k,), each in 1 to n.

    Raises:
        ValueError: a share is not in 0 to 1.
    """
    shares = np.asarray(qs, dtype=np.float64)
    if not np.all((shares >= 0) & (shares <= 1)):
        raise ValueError(f"percentiles are asked for as shares in 0 to 1, such as 0.99; got {shares.tolist()}")
    return np.maximum(np.ceil((shares - _HAIR) * n), 1).astype(np.int64)


def _indices(ns: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The bucket of each value, all in 0 to `HIGHEST_NS`.

    Exponent and leading mantissa bits of a float64 are the index, but for values under 1,024, which are their own:
    there and only there the float's index is under 1,024 (all such integers are exact as floats). Two vectorised
    comparisons choose between them; `np.where` takes longer than all the rest.
    """
    indices = ns.astype(np.float64).view(np.int64)
    indices >>= _MANTISSA_SHIFT
    indices -= _EXPONENT_BIAS
    np.maximum(indices, 1024, out=indices)
    return np.minimum(indices, ns, out=indices)


def _highest_values(indices: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The highest value, in ns, that each bucket takes."""
    width_bits = np.maximum((indices >> 10) - 1, 0)
    highest: npt.NDArray[np.int64] = ((indices - (width_bits << 10) + 1) << width_bits) - 1
    return highest


@lru_cache(maxsize=_REMEMBERED)
def _decoded(blob: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]:
    """The buckets of a blob that are not empty: their indices, their counts, and the sum of these."""
    try:
        base64.b64decode(blob, validate=True)  # hdrh's own call skips characters that are no base64
        payload = HdrHistogramEncoder.decode(blob)
        _demand_settings(payload.payload)
        payload.init_counts(_BUCKETS)
    except (ValueError, IndexError, OverflowError, zlib.error, HdrCookieException, HdrLengthException) as error:
        raise ValueError(
            f"not a histogram of serbench (HdrHistogram V2, base64): {error or type(error).__name__}"
        ) from error
    every = np.frombuffer(payload.get_counts(), dtype=np.int64)
    filled = np.flatnonzero(every)
    counts = every[filled]
    filled.setflags(write=False)
    counts.setflags(write=False)
    return filled, counts, sum(counts.tolist())


def _demand_settings(header: PayloadHeader) -> None:
    found = (header.lowest_trackable_value, header.highest_trackable_value, header.significant_figures)
    if found != SETTINGS or header.normalizing_index_offset:
        raise ValueError(f"lowest, highest and digits are {found}, not {SETTINGS}, or buckets are shifted")
