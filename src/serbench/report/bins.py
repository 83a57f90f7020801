"""All single calls of a case in bins of their time: what a small histogram draws, and the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, log1p
from typing import TYPE_CHECKING

import numpy as np

from serbench.units import duration, time_scale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from serbench.histogram import Histogram

BINS = 60
"""The most bins; fewer where the clock or the histogram tells fewer times apart."""
FEW_BINS = 40
"""The same where a page has very many such pictures."""

_STEPS = 2  # of the clock in the narrowest bin: with fewer, every other bin would look empty
_FINEST = 1 / 1024  # of a time: the width of a histogram's bucket


@dataclass(frozen=True, slots=True, kw_only=True)
class Bins:
    """Calls by time.

    Attributes:
        low_ns: the fastest call, where the first bin begins; at least 1.
        high_ns: the slowest call, where the last bin ends.
        counts: calls in each bin; all are equally wide on the logarithm of time.
        middle_ns: from where to where the middle half of the calls lies.
        marks: times that have a name, such as `p99`, in ns.
        words: what there is to be seen, one sentence.
    """

    low_ns: float
    high_ns: float
    counts: tuple[int, ...]
    middle_ns: tuple[float, float]
    marks: Mapping[str, float]
    words: str

    def place(self, ns: float) -> float:
        """Where a time lies between the fastest call and the slowest, 0 to 1, on the logarithm of time."""
        if self.high_ns <= self.low_ns:
            return 0.5
        return min(max(log(max(ns, 1.0) / self.low_ns) / log(self.high_ns / self.low_ns), 0.0), 1.0)


def bins(merged: Histogram, clock_step_ns: float, marks: Mapping[str, float], *, most: int = BINS) -> Bins:
    """The calls of a histogram.

    Args:
        merged: at least one call.
        clock_step_ns: the smallest step of the clock that read them.
        marks: the times that are to be marked, ns by name.
        most: the most bins.
    """
    low, high = float(max(merged.min, 1)), float(max(merged.max, 1))
    lower, upper = (float(ns) for ns in merged.percentiles([0.25, 0.75]))
    return Bins(
        low_ns=low,
        high_ns=high,
        counts=_counts(merged, (low, high), clock_step_ns, most),
        middle_ns=(lower, upper),
        marks=marks,
        words=_words(lower, upper, high),
    )


def _counts(merged: Histogram, ends: tuple[float, float], clock_step_ns: float, most: int) -> tuple[int, ...]:
    low, high = ends
    values, counts = merged.values_counts()
    narrowest = _STEPS * max(1.0, clock_step_ns, _FINEST * low)
    wide = log(high / low)
    many = max(1, min(most, int(wide / log1p(narrowest / low))))
    places = np.log(np.maximum(values, 1) / low) * (many / wide if wide else 0.0)
    found = np.zeros(many, np.int64)
    np.add.at(found, np.clip(places.astype(np.int64), 0, many - 1), counts)
    return tuple(found.tolist())


def _words(lower: float, upper: float, high: float) -> str:
    """`Half of the calls took 1.20 to 1.40 us, the slowest 9.80 us.`: one sentence."""
    scale = time_scale([lower])
    first = scale.text(lower) if scale.unit == time_scale([upper]).unit else duration(lower)
    half = f"{first} to {duration(upper)}" if duration(lower) != duration(upper) else f"about {duration(lower)}"
    return f"Half of the calls took {half}, the slowest {duration(high)}."
