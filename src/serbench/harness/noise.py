"""The machine's own noise: calls that do nothing, measured like a case, on the same core, for as long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.harness.plan import CALLS_AT_MOST, SINGLES_SHARE
from serbench.histogram import Histogram
from serbench.records.samples import Noise

if TYPE_CHECKING:
    from serbench.harness.inbox import Answer

_NS_PER_SAMPLE = 80  # two readings of the clock and an empty call, about: it only sizes a block


class Meter:
    """Takes empty calls in.

    Attributes:
        observed_ns: time inside them so far.
    """

    def __init__(self) -> None:
        self._histogram = Histogram()
        self.observed_ns = 0

    def take(self, answer: Answer) -> None:
        """A block of them."""
        for strand in answer.strands()[0]:
            durations = strand.times[1::2] - strand.times[::2]
            self._histogram.fold(durations)
            self.observed_ns += int(durations.sum())

    def restore(self, noise: Noise) -> None:
        """What an earlier part of the run has measured."""
        overflow = self._histogram.overflow + noise.overflow
        self._histogram = Histogram.merge([self._histogram.encode(), noise.histogram])
        self._histogram.overflow = overflow
        self.observed_ns += noise.observed_ns

    @property
    def histogram(self) -> Histogram:
        """Of all of them."""
        return self._histogram

    def record(self, core: int | None) -> Noise | None:
        """What a run says of it; None before the first block."""
        if not self._histogram.total:
            return None
        return Noise(
            calls=self._histogram.total,
            histogram=self._histogram.encode(),
            overflow=self._histogram.overflow,
            observed_ns=self.observed_ns,
            core=-1 if core is None else core,
        )


def calls(share_ns: float) -> int:
    """How many empty calls take the time that a case's single calls have in its share."""
    return max(1, min(CALLS_AT_MOST, int(SINGLES_SHARE * share_ns / _NS_PER_SAMPLE)))
