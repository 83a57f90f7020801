"""What is exact, and how a difference is told."""

from __future__ import annotations

import copy
import math
import struct
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum

import pytest
from fidelity_samples import exact
from hypothesis import given
from hypothesis import strategies as st

from serbench.fidelity.exactness import difference
from serbench.fidelity.objects import Text
from serbench.fidelity.probes import nested

SCALARS = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([0.0, -0.0, 1.0, math.nan]) | st.text("a01")
PLAIN = st.recursive(
    SCALARS | st.binary(max_size=1),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.dictionaries(st.sampled_from(["a", "v", "1", 1, 1.0, True, None]), inner, max_size=3)
    ),
    max_leaves=8,
)
NOON = datetime(2024, 7, 1, 12, tzinfo=UTC)
ODD_NAN = struct.unpack("<d", struct.pack("<Q", 0x7FF8_0000_0000_0001))[0]


class Small(IntEnum):
    """An int that is none."""

    ONE = 1


@given(PLAIN, PLAIN)
def test_two_values_differ_if_their_types_or_bits_do(a, b):
    """As another comparison of values has it, where the order of keys is free."""
    assert (exact(a) == exact(b)) == (difference(a, b, strict=False) == "")


@given(PLAIN)
def test_a_copy_is_the_same(value):
    """A value does not differ from what it is, whatever it is."""
    assert "" == difference(value, copy.deepcopy(value))


@pytest.mark.parametrize(
    ("must", "back", "words"),
    [
        (1, True, "True"),
        (1, 1.0, "1.0"),
        (0.0, -0.0, "-0.0"),
        ((1, 2), [1, 2], "[1, 2]"),
        (Text("a"), "a", "'a' (str)"),
        (1, Small.ONE, "<Small.ONE: 1>"),
        ([1, 2], [1, Small.ONE], "[1, <Small.ONE: 1>]"),
        ({"v": 1}, {"v": None}, "None"),
        ({"v": 1}, {}, "{}"),
        ({}, {"v": None}, "{'v': None}"),
        ({"v": {1: 2}}, {"v": {"1": 2}}, "{'1': 2}"),
        ({"v": {1: 2}}, {"v": {True: 2}}, "{True: 2}"),
        ({"v": {"a": 1, "b": 2}}, {"v": {"b": 2, "a": 1}}, "keys in the order b, a"),
        ({"v": {"a": 1, "b": 2}}, {"v": {"b": 3, "a": 1}}, "{'b': 3, 'a': 1}"),
        ({"v": b"\xff" * 90}, {"v": "/" * 120}, "'////////////////////'... (120 long)"),
        ([["x" * 99], 1], [["x" * 99], 2], "at [1]: 2"),
        (math.nan, None, "None"),
        (None, math.nan, "NaN"),
        (ODD_NAN, math.nan, "NaN with other bits"),
        ({1, 2}, {1.0, 2}, "{1.0, 2} (set)"),
        (NOON, NOON.replace(tzinfo=None), "2024-07-01T12:00:00 (datetime)"),
        (NOON, NOON.astimezone(timezone(timedelta(hours=2))), "2024-07-01T14:00:00+02:00 (datetime)"),
    ],
)
def test_a_difference_is_told_by_what_came_back(must, back, words):
    """What came back if it is short, and its type where that cannot be seen."""
    assert words == difference(must, back)


def test_what_strictness_adds():
    """Without it the order of keys and the bits of a NaN are free; with it, a usual NaN may be any."""
    assert "" == difference({"a": 1, "b": 2}, {"b": 2, "a": 1}, strict=False)
    assert "" == difference(ODD_NAN, math.nan, strict=False)
    assert "" == difference(math.nan, ODD_NAN)
    assert "" == difference(ODD_NAN, ODD_NAN)


def test_an_integer_of_a_subclass_may_do():
    """If that is said; True is none, and neither is another value."""
    assert "" == difference({"v": [1, 2]}, {"v": [Small.ONE, 2]}, subclasses=True)
    assert "[True]" == difference([1], [True], subclasses=True)
    assert "[<Small.ONE: 1>]" == difference([2], [Small.ONE], subclasses=True)


def test_values_may_be_deeper_than_python_recurses():
    """What is looked at is the deepest of them, too."""
    assert "" == difference(nested(5_000), nested(5_000))
    assert difference(nested(5_000), nested(4_999)).startswith("at [0][0][0]...: ")
