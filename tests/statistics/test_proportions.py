"""Rates and their exact intervals."""

from __future__ import annotations

from math import comb

import pytest

from serbench.statistics.proportions import interval


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 20, 0.0, 0.1684), (20, 20, 0.8316, 1.0), (2, 60, 0.0041, 0.1153), (5, 10, 0.1871, 0.8129)],
)
def test_known_intervals(hits, of, low, high):
    """Of tables of the 95 % limits."""
    assert (low, high) == pytest.approx(interval(hits, of), abs=5e-5)


def test_none_of_none_says_nothing():
    """No trial, no knowledge."""
    assert (0.0, 1.0) == interval(0, 0)


@pytest.mark.parametrize("rate", [0.03, 0.2, 0.5, 0.77])
def test_it_covers_as_often_as_it_says(rate):
    """Over all outcomes of 25 trials, weighed by how likely they are."""
    covered = 0.0
    for hits in range(26):
        low, high = interval(hits, 25)
        covered += (low <= rate <= high) * comb(25, hits) * rate**hits * (1 - rate) ** (25 - hits)
    assert covered >= 0.95
