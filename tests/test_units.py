"""Numbers for people: three digits in plain notation, one unit for all that stand side by side."""

from __future__ import annotations

from math import floor, log10

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench import units
from serbench.units import significant


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"),
        (0.0123, "0.0123"),
        (0.1, "0.100"),
        (1, "1.00"),
        (1.234, "1.23"),
        (9.994, "9.99"),
        (9.996, "10.0"),
        (99.96, "100"),
        (123.4, "123"),
        (999.6, "1000"),
        (12_345, "12300"),
        (-1.234, "-1.23"),
        (1e-9, "0.00000000100"),
        (1e15, "1000000000000000"),
    ],
)
def test_three_digits_in_plain_notation(value, expected):
    """Zeros behind the point count as digits, those before it do not; rounding up may make one more."""
    assert expected == significant(value)


@pytest.mark.parametrize(("digits", "expected"), [(1, "1"), (2, "1.2"), (5, "1.2346"), (7, "1.234560")])
def test_other_numbers_of_digits(digits, expected):
    """As many as are asked for, filled up with zeros."""
    assert expected == significant(1.23456, digits)


@given(st.floats(1e-12, 1e15), st.integers(1, 6))
def test_what_is_shown_is_the_value(value, digits):
    """Within half of the last digit, without an exponent, and with no more digits behind the point than there are."""
    text = significant(value, digits)
    unit = 10.0 ** (floor(log10(value)) + 1 - digits)
    assert abs(float(text) - value) <= 0.5 * unit * (1 + 1e-6)
    assert "e" not in text
    assert len(text.replace(".", "").lstrip("0").rstrip("0")) <= digits


@pytest.mark.parametrize(
    ("ns", "unit", "texts"),
    [
        ([1_500, 2_000_000], "us", ["1.50", "2000"]),
        ([999, 5_000], "ns", ["999", "5000"]),
        ([1_000], "us", ["1.00"]),
        ([1_000_000, 2_500_000], "ms", ["1.00", "2.50"]),
        ([3e9], "s", ["3.00"]),
        ([3e12], "s", ["3000"]),
        ([0.5], "ns", ["0.500"]),
        ([0, 2_000], "us", ["0", "2.00"]),
        ([-5_000, 2_000_000], "ms", ["-0.00500", "2.00"]),
        ([0, 0], "ns", ["0", "0"]),
        ([], "ns", []),
    ],
)
def test_the_smallest_time_decides_the_unit(ns, unit, texts):
    """It is at least 1 in it; what is not above 0 has no say."""
    scale = units.time_scale(iter(ns))
    assert (unit, texts) == (scale.unit, [scale.text(one) for one in ns])


def test_sizes_have_units_of_their_own():
    """In powers of ten, and with a number to calculate with."""
    scale = units.size_scale([2_500_000, 4_000_000_000])
    assert ("MB", 1e6, 2.5, "4000") == (scale.unit, scale.divisor, scale.value(2_500_000), scale.text(4e9))
    assert ["B", "kB", "GB"] == [units.size_scale([n]).unit for n in (999, 1_000, 10**12)]


@pytest.mark.parametrize(
    ("ns", "expected"),
    [
        (0, "0 ns"),
        (0.25, "0.250 ns"),
        (61, "61.0 ns"),
        (999.4, "999 ns"),
        (999.6, "1.00 us"),
        (1_234, "1.23 us"),
        (5e6, "5.00 ms"),
        (6.1e10, "61.0 s"),
    ],
)
def test_a_time_with_its_unit(ns, expected):
    """Seconds are the largest: minutes are nothing that a call takes."""
    assert expected == units.duration(ns)


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, "0 B"),
        (7, "7 B"),
        (999.0, "999 B"),
        (10.5, "10.5 B"),
        (1_000, "1.00 kB"),
        (2.5e6, "2.50 MB"),
        (8e9, "8.00 GB"),
    ],
)
def test_a_size_with_its_unit(n, expected):
    """Whole bytes as they are; a median may lie between two of them."""
    assert expected == units.size(n)
