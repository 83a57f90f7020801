"""Intervals along a percentile curve."""

from __future__ import annotations

import pytest

import fakes
from serbench.histogram import Histogram
from serbench.statistics.percentiles import band, percentile


def histograms(workers: int, calls: int) -> tuple[Histogram, list[Histogram]]:
    """All calls of so many workers together, and those of each."""
    blobs = [worker.histogram for worker in fakes.even_workers(2_000, workers=workers, calls=calls)]
    return Histogram.merge(blobs), [Histogram.decode(blob) for blob in blobs]


def test_a_band_has_the_intervals_of_percentiles():
    """From the median to the last percentile that has one: that of the percentile itself."""
    merged, own = histograms(6, 2_000)
    found = band(merged, own)
    assert [2, 4, 10, 20, 100, 200] == [x for x, *_ in found]
    for x, low, high in found:
        number = percentile(1 - 1 / x, merged, own)
        assert (number.low, number.high) == (low, high)
        assert low < high


@pytest.mark.parametrize(("workers", "calls"), [(3, 2_000), (1, 10_000), (6, 2)])
def test_few_workers_or_calls_give_no_band(workers, calls):
    """A range is no interval, and what is not earned has none."""
    assert () == band(*histograms(workers, calls))
