"""Two JSON values that say the same in another form, and two that do not."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.worker.alike import alike

SAME = [
    (1, 1.0),
    ("12.50", 12.5),
    ("12.50", "12.5"),
    (12.5, "12.50"),
    ("007", 7),
    ("true", True),
    (1, True),
    ("off", False),
    ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00+00:00"),
    ("2024-01-01T02:00:00+02:00", "2024-01-01T00:00:00Z"),
    ("2024-01-01", "2024-01-01T00:00:00"),
    (1704067200, "2024-01-01T00:00:00Z"),
    (1704067200500, "2024-01-01T00:00:00.500000+00:00"),
    ("12:00", "12:00:00"),
    (90, "PT1M30S"),
    ("PT90S", "PT1M30S"),
    ("P1DT2H", "1 day, 2:00:00"),
    ("-PT5S", -5.0),
    ("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "a0eebc999c0b4ef8bb6d6bb9bd380a11"),
    ("a-b_", "a+b/"),
    ("YWI=", "YWI"),
    (" Jane@Example.com ", "jane@example.com"),
    ("https://example.com", "https://example.com/"),
    (["b", "a"], ["a", "b"]),
]
OTHER = [
    (12.7, 12),
    (1152921504606846977, 1.152921504606847e18),
    ("12.50", "12.49"),
    ("DE", "DF"),
    ("ab", "ac"),
    ("+49-1", "+491"),
    ("a", "ab"),
    ("2024-01-01T00:00:00", "2024-01-01T00:00:00Z"),
    ("2024-01-01T00:00:00Z", "2024-01-01T00:00:01Z"),
    (1704067200, "2024-01-01T00:00:01Z"),
    ("PT1M", "PT1H"),
    (True, "no"),
    (True, 2),
    (None, "None"),
    (None, 0),
    ("", None),
    (["a", "a"], ["a"]),
    ({"x": 1}, [1]),
    ([1], 1),
    ("P", "PT"),
    (float("inf"), 1e400 - 1e400),
    (10**400, "x"),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_other_forms_of_a_value_are_alike(a, b):
    """Whichever stands first."""
    assert alike(a, b)
    assert alike(b, a)


@pytest.mark.parametrize(("a", "b"), OTHER)
def test_other_values_are_not(a, b):
    """Whichever stands first."""
    assert not alike(a, b)
    assert not alike(b, a)


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_itself_with_either_mark_of_utc(instant):
    """As every library writes it."""
    assert alike(instant.isoformat(), instant.isoformat().replace("+00:00", "Z"))
    assert not alike(instant.isoformat(), datetime.isoformat(instant.replace(tzinfo=None)))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_a_decimal_is_alike_as_text_with_zeros_behind_it(number):
    """And not the next one."""
    assert alike(f"{number:f}", f"{number:f}00")
    assert not alike(f"{number:f}", f"{number + Decimal('0.0001'):f}")


@given(st.binary(min_size=3))
def test_bytes_are_alike_in_either_base64(data):
    """With and without filling."""
    assert alike(base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode().rstrip("="))


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()), st.text(max_size=5))
def test_whatever_is_compared_is_answered(a, b):
    """No value of JSON raises."""
    assert alike(a, b) in (True, False)
