from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.charts import axes, ticks
from serbench.charts.panel import Axis, Panel


@given(st.floats(1, 1e10), st.floats(1, 1e5))
def test_logarithmic_ticks_hold_all_times(low, factor):
    """Ticks rise, and reach from at or below the smallest to at or above the largest, two of them at least."""
    found = ticks.log_ticks(low, low * factor)
    assert found[0] <= low
    assert found[-1] >= low * factor
    assert 2 <= len(found) <= 12
    assert all(a < b for a, b in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (130, 450, [100, 200, 500]),
        (100, 1000, [100, 200, 500, 1000]),
        (100, 100, [100, 200]),
        (30, 90_000, [10, 100, 1000, 10_000, 100_000]),
    ],
)
def test_logarithmic_ticks_are_round(low, high, expected):
    """1, 2 and 5 of each decade, or only 1 where that would be too many; no tick more than is needed."""
    assert expected == ticks.log_ticks(low, high)


@given(st.floats(1e-3, 1e9))
def test_linear_ticks_fill_the_axis(end):
    """From zero, three to six of them, none beyond the end and the last one less than a step before it."""
    found = ticks.linear_ticks(end)
    assert 0 == found[0]
    assert 3 <= len(found) <= 6
    assert found[-1] <= end < found[-1] + found[1]


def test_linear_ticks_are_round():
    """Steps are 1, 2 or 5 of a decade."""
    assert [0, 20, 40, 60] == ticks.linear_ticks(77)


@pytest.mark.parametrize(
    ("times", "unit"), [([100, 900], "ns"), ([600, 50_000], "us"), ([2e6], "ms"), ([900, 1100], "ns")]
)
def test_an_axis_has_the_unit_of_its_middle(times, unit):
    """The unit fits the middle of the axis by ratio, so that most of its numbers are neither long nor tiny."""
    assert unit == axes.middle_scale(times).unit


@pytest.mark.parametrize(
    ("value", "expected"), [(0.5, "0.5"), (100.0, "100"), (50_000.0, "50\u202f000"), (0.1 + 0.2, "0.3")]
)
def test_a_ticks_number_has_no_digit_too_many(value, expected):
    """No trailing zeros, no rounding errors of the computer."""
    assert expected == ticks.number(value)


@given(st.lists(st.floats(0, 12), min_size=1, max_size=60))
def test_a_thinned_line_is_where_its_points_are(rises):
    """Its first and last point stay, and none that went is farther from it than can be seen."""
    xs = [10 ** (n / 15) for n in range(len(rises))]
    ns = np.exp(np.cumsum(rises) / 10).tolist()
    plot = Panel(40, 0, 440, 210, x=Axis(1, 1e4, log=True), y=Axis(1, max(ns) * 2, log=True))
    x, y = axes.thinned(plot, xs, ns)
    every, kept = plot.pixels(xs, ns), plot.pixels(x, y)
    assert ([xs[0], ns[0]], [xs[-1], ns[-1]]) == ([x[0], y[0]], [x[-1], y[-1]])
    for point in every:
        assert min(_distance(point, *ends) for ends in itertools.pairwise([*kept, kept[-1]])) <= 0.26


def _distance(point, begin, end) -> float:
    """Of a point from a stroke."""
    along = end - begin
    share = np.clip(np.dot(point - begin, along) / (np.dot(along, along) or 1), 0, 1)
    return float(math.hypot(*(point - begin - share * along)))


def test_a_straight_line_takes_two_points():
    """However many it came with; calls of no time are drawn at a nanosecond."""
    plot = Panel(40, 0, 440, 210, x=Axis(1, 1e4, log=True), y=Axis(1, 1e4, log=True))
    assert ([1.0, 100.0], [1.0, 100.0]) == axes.thinned(plot, [1, 5, 10, 50, 100, 1000], [1, 5, 10, 50, 100])
    assert ([1.0, 10.0], [1.0, 1.0]) == axes.thinned(plot, [1.0, 10.0], [0.0, 0.5])
