"""What a sitting says of the time that it has."""

from __future__ import annotations

import pytest

from serbench.trial.sitting import _pairs_in, _without_clock_seconds


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-2.5, "0 pairs of 1.0 s"), (0.4, "0 pairs of 1.0 s"), (1.9, "1 pair of 1.0 s"), (9.9, "9 pairs of 1.0 s")],
)
def test_pairs_are_counted_in_words(seconds, words):
    """None where the time was over before the first."""
    assert words == _pairs_in(seconds, 1.0)


@pytest.mark.parametrize(
    ("passes", "seconds"),
    [
        (("time", "memory", "instructions"), {"memory": 5.0, "instructions": 10.0}),
        (("instructions",), {"instructions": 40.0}),
        (("memory", "instructions"), {"memory": pytest.approx(40 / 3), "instructions": pytest.approx(80 / 3)}),
        ((), {}),
    ],
)
def test_what_needs_no_clock_has_the_budget_where_no_time_is_gated(passes, seconds):
    """`--metric instructions` would else leave the most of it unused, and count nothing."""
    assert seconds == _without_clock_seconds(passes, 100.0, 2, limited=True)


def test_without_a_budget_each_case_has_some_seconds():
    """And one more, for starting."""
    assert {"instructions": 30.0} == _without_clock_seconds(("time", "instructions"), 24.0, 2, limited=False)
