"""Widths of floats: what the bits say quickly is what converting each of them says."""

from __future__ import annotations

import math
from ctypes import c_float

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.schema.by_type import by_type
from serbench.schema.widths import Floats, _plainly

SMALLEST = 2.0**-149
LARGEST = (2 - 2.0**-23) * 2.0**127

of_32 = st.floats(width=32)
of_64 = st.floats(width=64)


def _is_of_32(value):
    return math.isnan(value) or c_float(value).value == value


@given(st.lists(st.one_of(of_32, of_32, of_32, st.just(0.0)), max_size=20), st.lists(of_64, max_size=1))
def test_floats_are_exact_where_each_is(narrow, wide):
    """However many there are, whatever they are, in one list or one after the other."""
    values = [*narrow, *wide]
    together, apart = Floats(), Floats()
    together.add(values)
    for value in values:
        apart.add([value])
    assert all(map(_is_of_32, values)) == together.exact == apart.exact


@pytest.mark.parametrize(
    "near",
    [SMALLEST, LARGEST, 2.0**-126, 2.0**-112, 2.0**112, 1.0, 0.1, 5e-324, 1.7e308, math.pi, 1 + 2.0**-23, 1 + 2.0**-24],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_floats_at_the_edges(near, sign):
    """Around the limits of 32 bits, and of what the bits alone tell."""
    for value in (near, math.nextafter(near, 0), math.nextafter(near, math.inf), c_float(near).value, near / 2):
        floats = Floats()
        floats.add([0.5, -0.0, sign * value, 0.0])
        assert _is_of_32(value) == floats.exact, value


@given(st.lists(of_64 | of_32, max_size=8))
def test_what_bits_say_quickly_is_so(values):
    """They may fail to say it; they never say it of what has more bits."""
    assert not _plainly(values) or all(map(_is_of_32, values))


def test_ordinary_vectors_are_told_by_their_bits():
    """Negative numbers and zeros included: the slow way is for what is rare."""
    assert _plainly([])
    assert _plainly([0.0, -0.0])
    assert _plainly([c_float(value).value for value in (0.1, -0.03, 17.3, 1e-20, -4e30, 0.0)])


@given(st.lists(st.one_of(st.none(), st.booleans(), st.integers(), of_64, st.text(max_size=1)), max_size=12))
def test_values_by_type(values):
    """Each value once, in its order, under exactly its own type: a bool is no int."""
    found = list(by_type(values))
    assert {type(value) for value in values} == {kind for kind, _ in found}
    assert len(found) == len({kind for kind, _ in found})
    for kind, same in found:
        assert [id(value) for value in values if type(value) is kind] == list(map(id, same))
