"""Sizes of messages: exact as long as they are few, to three digits where they are many."""

from __future__ import annotations

import math
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.inspection import spread
from serbench.inspection.spread import Spread

BATCHES = st.lists(st.lists(st.integers(1, 10**7), max_size=150), min_size=1, max_size=4).filter(any)


def told(batches):
    """What is told of sizes that come in batches."""
    seen = Spread()
    for batch in batches:
        seen.add(batch)
    return seen.sizes()


@given(BATCHES)
def test_few_sizes_are_told_exactly(batches):
    """Total, ends, median, and a 99th percentile of a hundred or more."""
    sizes = sorted(size for batch in batches for size in batch)
    found = told(batches)
    assert (sum(sizes), sizes[0], median(sizes), sizes[-1]) == (found.total, found.min, found.median, found.max)
    rank = math.ceil(0.99 * len(sizes)) - 1
    assert found.p99 == (sizes[rank] if len(sizes) >= 100 else None)


@pytest.mark.parametrize(("count", "p99"), [(99, None), (100, 99), (101, 100), (200, 198), (1000, 990)])
def test_a_99th_percentile_is_the_least_size_that_99_of_100_do_not_exceed(count, p99):
    """Of a hundred messages or more."""
    assert p99 == told([range(1, count + 1)]).p99


@given(BATCHES)
def test_many_sizes_are_told_to_three_digits(batches):
    """In memory that does not grow; total and ends stay exact."""
    sizes = sorted(size for batch in batches for size in batch)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spread, "MOST_SIZES", 5)
        found = told(batches)
    assert (sum(sizes), sizes[0], sizes[-1]) == (found.total, found.min, found.max)
    assert median(sizes) == pytest.approx(found.median, rel=0.005)
    assert sizes[0] <= found.median <= sizes[-1]


def test_no_more_sizes_are_kept_than_there_are_numbers_of_three_digits():
    """However many there are."""
    seen = Spread()
    for start in range(1, 200_000, 10_000):
        seen.add(range(start, start + 10_000))
    assert 200_000 == seen.count
    assert len(seen.counts) < 4_000
