from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.report.cells import exact
from serbench.report.heat import STEPS, in_words, scale_of, scales, shades
from serbench.statistics.estimates import Estimate, Missing

FAILED = Missing(short="failed", reason="SIGSEGV")


def number(value, spread=0.01, basis="interval"):
    """A number whose interval reaches that share to both sides."""
    low, high = value * (1 - spread), value * (1 + spread)
    return Estimate(value=value, low=low, high=high, basis=basis, coverage=0.97, workers=6, calls=100)


def told(numbers, kind="time", *, exact=False):
    """Text, step and mark of each cell."""
    return [(one.text, one.step, one.mark) for one in shades(numbers, kind, exact=exact)]


def test_numbers_are_told_over_the_best_of_their_column():
    """The best is 1, whatever its place; what has no number says why."""
    expected = [("3.00", 3, ""), ("1", 0, "best"), ("failed", None, ""), ("12.0", 5, "")]
    assert expected == told([number(300), number(100), FAILED, number(1_200)])


def test_decimal_points_stand_below_each_other():
    """What a text lacks of the longest decimals is put behind it, unseen; words get none."""
    made = shades([number(100), number(10_000_000), number(150), FAILED], "time", exact=False)
    assert ["1", "100\u202f000", "1.50", "failed"] == [one.text for one in made]
    assert [".00", ".00", "", ""] == [one.pad for one in made]


def test_of_rates_more_is_better():
    """The best has the most; half of that is two times worse."""
    assert [("0.500", 2, ""), ("1", 0, "best"), ("0.100", 5, "")] == told(
        [number(50), number(100), number(10)], kind="rate"
    )


@pytest.mark.parametrize(
    ("numbers", "marks"),
    [
        ([number(100), number(150)], ["best", ""]),
        ([number(100), number(101), number(150)], ["tie", "tie", ""]),
        ([number(100), number(150, basis="range")], ["unsure", "unsure"]),
        ([number(100, basis="none"), number(101)], ["unsure", "unsure"]),
        ([number(100), number(101), number(150, basis="range")], ["tie", "tie", "unsure"]),
        ([number(100)], [""]),
        ([number(100), FAILED], ["", ""]),
    ],
)
def test_what_cannot_be_told_apart_from_the_best_is_marked(numbers, marks):
    """A tie where intervals meet, unsure where there are none; a lone number is the best of nothing."""
    assert marks == [mark for *_, mark in told(numbers)]


def test_counted_numbers_are_apart_unless_they_are_equal():
    """They have no interval and need none."""
    assert ["tie", "tie", ""] == [m for *_, m in told([exact(500), exact(500), exact(501)], "size", exact=True)]
    assert ["best", ""] == [m for *_, m in told([exact(500), exact(501)], "size", exact=True)]


@pytest.mark.parametrize(
    ("value", "step"), [(1.1049, 0), (1.1051, 1), (1.5, 1), (2.0, 2), (4.0, 3), (8.0, 4), (8.05, 5)]
)
def test_steps_go_by_what_is_written(value, step):
    """1.1049 is written 1.10, which is the first step's end."""
    assert step == shades([number(1.0), number(value)], "time", exact=False)[1].step


def test_numbers_can_be_written_in_a_unit():
    """With the steps and marks that they have as multiples, of nothing too."""
    numbers = [number(3_000), FAILED, number(1_500)]
    (unit,) = scales([numbers], "time")
    made = shades(numbers, "time", exact=False, scale=unit)
    assert [("3.00", 2, ""), ("failed", None, ""), ("1.50", 0, "best")] == [(m.text, m.step, m.mark) for m in made]
    made = shades([exact(0), exact(5)], "size", exact=True, scale=scale_of([5], "size"))
    assert [("0", 0), ("5", len(STEPS))] == [(one.text, one.step) for one in made]


@pytest.mark.parametrize(
    ("columns", "units"),
    [
        ([[number(1_000)], [number(9_999_000)]], ["us", "us"]),
        ([[number(1_000)], [number(10_000_000)]], ["us", "ms"]),
        ([[number(1_000)], [number(10_000_000), number(5_000)]], ["us", "us"]),
        ([[number(500)], [FAILED], [number(10_000_000)]], ["ns", "ns", "ms"]),
        ([[FAILED]], ["ns"]),
    ],
)
def test_columns_share_a_unit_unless_they_are_too_different(columns, units):
    """From ten thousand on in the smallest's unit each has its own; one without numbers has no say."""
    assert units == [scale.unit for scale in scales(columns, "time")]


def test_nothing_is_a_multiple_of_nothing():
    """Over a best of 0 only another 0 is told."""
    found = told([exact(0), exact(5), exact(0)], "size", exact=True)
    assert [("1", 0, "tie"), ("from nothing", None, ""), ("1", 0, "tie")] == found


def test_a_column_without_numbers_says_why():
    """In a word, each."""
    assert [("failed", None, "")] * 2 == told([FAILED, FAILED])
    assert [] == told([])


@given(st.lists(st.floats(1e-3, 1e12), min_size=1, max_size=8), st.sampled_from(["time", "rate"]))
def test_steps_never_fall_from_the_best_to_the_worst(values, kind):
    """The best stands on the first step, and no step is beyond the last."""
    ordered = sorted(values, reverse=kind == "rate")
    steps = [one.step for one in shades([number(value) for value in ordered], kind, exact=False)]
    assert 0 == steps[0]
    assert steps == sorted(steps)
    assert steps[-1] <= len(STEPS)


@pytest.mark.parametrize(
    ("one", "kind", "expected"),
    [
        (number(3_000), "time", "3.00 us (2.97\u20133.03)"),
        (number(3_000, basis="range"), "time", "3.00 us"),
        (exact(127.5), "size", "127.5 B"),
        (exact(12_345), "size", "12.3 kB"),
        (number(250_000, 0.1), "rate", "250 k/s (225\u2013275)"),
        (number(3_000_000, 0.1), "rate", "3.00 M/s (2.70\u20133.30)"),
        (exact(7), "rate", "7.00 /s"),
        (FAILED, "time", "SIGSEGV"),
    ],
)
def test_a_number_by_itself_has_its_own_unit(one, kind, expected):
    """With its interval, where there is one."""
    assert expected == in_words(one, kind)


@pytest.mark.parametrize(
    ("rates", "unit"), [([999.4, 1e9], "/s"), ([999.6, 1e9], "k/s"), ([5e6], "M/s"), ([0.0, 2e3], "k/s"), ([0.0], "/s")]
)
def test_rates_have_the_unit_in_which_the_smallest_is_at_least_one(rates, unit):
    """As it is going to be written; nothing has no say."""
    assert unit == scale_of(rates, "rate").unit
