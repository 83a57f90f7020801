from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.charts.panel import Axis, Panel

ends = st.tuples(st.floats(1, 1e6), st.floats(1.5, 1e4))


@given(ends, st.booleans(), st.floats(0, 1))
def test_a_place_on_an_axis_is_its_share(low_and_factor, log, share):
    """Both ends are at the edges, and what lies between goes by difference, or on a logarithmic axis by ratio."""
    low, factor = low_and_factor
    high = low * factor
    value = low * factor**share if log else low + share * (high - low)
    found = Axis(low, high, log=log).shares([low, value, high]).tolist()
    assert pytest.approx([0.0, share, 1.0], abs=1e-6) == found


def test_what_takes_no_time_lies_where_a_nanosecond_does():
    """A logarithmic axis has no zero."""
    first, second = Axis(1, 1e3, log=True).shares([0.0, 1.0]).tolist()
    assert 0.0 == first == second


def test_pixels_go_up_and_to_the_right():
    """From the plot's left lower corner; an axis may go the other way round, as rows do that count downwards."""
    panel = Panel(10, 20, 110, 220, x=Axis(0, 10), y=Axis(4, 0))
    assert [[10.0, 20.0], [60.0, 120.0], [110.0, 220.0]] == panel.pixels([0, 5, 10], [4, 2, 0]).tolist()
    assert (60.0, 120.0) == panel.pixel(5, 2)
