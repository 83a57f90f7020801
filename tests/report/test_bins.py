"""Calls in bins of their time: none is lost, and their middle is said in words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.histogram import Histogram
from serbench.report.bins import BINS, bins


def of(samples, step: float = 1.0, **marks: float):
    """The bins of these ns."""
    made = Histogram()
    made.fold(np.asarray(list(samples), np.int64))
    return bins(made, step, marks)


@given(st.lists(st.integers(0, 10**10), min_size=1, max_size=60), st.sampled_from([1.0, 41.0, 5_000.0]))
def test_every_call_is_in_a_bin(samples, step):
    """Whatever was measured: as many calls as there are, the fastest in the first bin and the slowest in the last."""
    made = of(samples, step)
    assert len(samples) == sum(made.counts)
    assert 1 <= len(made.counts) <= BINS
    assert made.counts[0] > 0
    assert made.counts[-1] > 0
    assert 1 <= made.low_ns <= made.high_ns


@given(st.lists(st.integers(1, 10**9), min_size=2, max_size=40))
def test_places_are_in_the_order_of_times(samples):
    """From 0 for the fastest to 1 for the slowest."""
    made = of(samples)
    places = [made.place(ns) for ns in sorted(samples)]
    assert sorted(places) == places
    assert all(0 <= place <= 1 for place in places)


def test_bins_are_equally_wide_on_the_logarithm():
    """A call at ten times the fastest is in the middle of a hundred times."""
    made = of([1_000, 10_000, 100_000])
    assert BINS == len(made.counts)
    assert [0, BINS // 2, BINS - 1] == [n for n, count in enumerate(made.counts) if count]
    assert 0.5 == pytest.approx(made.place(10_000), abs=0.001)


def test_no_bin_is_narrower_than_two_steps_of_the_clock():
    """A clock that steps by 100 ns fills every bin of an even spread: no comb of full and empty ones."""
    made = of(range(1_000, 6_000, 100), step=100.0)
    assert 0 not in made.counts
    assert len(made.counts) < BINS


def test_calls_of_one_length_are_one_bin():
    """Also those on a clock that stood still; their place is the middle."""
    for ns in (0, 1_300):
        made = of([ns] * 7)
        assert ((7,), 0.5) == (made.counts, made.place(ns))
    assert "Half of the calls took about 1.30 us, the slowest 1.30 us." == of([1_300] * 7).words


def test_the_words_say_where_half_of_the_calls_are():
    """The middle half by quartiles; a unit stands once where both ends share it."""
    made = of([1_100, 1_200, 1_200, 1_300, 1_400, 1_400, 1_500, 9_795])
    assert (1_200, 1_400) == made.middle_ns
    assert "Half of the calls took 1.20 to 1.40 us, the slowest 9.80 us." == made.words
    assert (
        "Half of the calls took 900 ns to 1.10 us, the slowest 1.20 us."
        == of([800, 900, 900, 1_000, 1_000, 1_100, 1_200, 1_200]).words
    )
