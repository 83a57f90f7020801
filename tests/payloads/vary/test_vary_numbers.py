"""Numbers of the same width."""

from __future__ import annotations

import struct
from collections import Counter
from decimal import Decimal
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.payloads.vary.draws import Turn
from serbench.payloads.vary.numbers import Floats, Integers, same_width
from serbench.schema.payload import contents

cbor2 = pytest.importorskip("cbor2")

EDGES = [sign * ((1 << n) + step) for n in range(66) for step in (-1, 0, 1) for sign in (1, -1)]


def drawn(place, value, count=50):
    """What was put in place of a value in as many instances."""
    rng = Random(1)
    return [place.draw(Turn(rng, {}), value) for _ in range(count)]


def widths(value):
    """Digits, bytes in MessagePack (where it has such integers), in CBOR as a varint, and what codecs may refuse."""
    kinds, _ = contents(value)
    packed = len(msgspec.msgpack.encode(value)) if -(1 << 63) <= value < 1 << 64 else 0
    varint = -(-value.bit_length() // 7) if 0 <= value < 1 << 64 else 10
    return len(str(value)), packed, len(cbor2.dumps(value)), varint, frozenset(kinds)


@given(st.integers() | st.integers(-(1 << 70), 1 << 70))
def test_an_integer_keeps_its_width_in_every_format(value):
    """So do the ends of the range that another one may come from, and it lies between these."""
    low, high = same_width(value)
    assert low <= value <= high
    assert widths(low) == widths(value) == widths(high)


def test_at_every_edge_an_integer_keeps_its_width():
    """Where a format takes another byte, where a double loses integers, where 32 and 64 bits end."""
    assert [] == [value for value in EDGES if {widths(end) for end in same_width(value)} != {widths(value)}]


def test_integers_of_any_size_are_drawn():
    """A double has 53 bits: the last ones of a larger integer come by other means."""
    assert {0, 1} == {made % 2 for made in drawn(Integers(Counter([1050118621198921728])), 1050118621198921728)}


@pytest.mark.parametrize(("value", "expected"), [(0, (0, 0)), (5, (1, 9)), (-1, (-9, -1)), (300, (256, 999))])
def test_ranges_are_as_large_as_they_can_be(value, expected):
    """Zero is alone: it is what protobuf leaves out."""
    assert expected == same_width(value)


@given(st.lists(st.integers(), min_size=8, max_size=30, unique=True), st.data())
def test_of_many_integers_new_ones_lie_between_the_next(values, data):
    """So what ascends still nearly does, and none is beyond the least and the greatest."""
    value = data.draw(st.sampled_from(values))
    ordered = sorted(values)
    at = ordered.index(value)
    low, high = same_width(value)
    for made in drawn(Integers(Counter(values)), value, 5):
        assert max(low, ordered[max(at - 1, 0)]) <= made <= min(high, ordered[min(at + 1, len(ordered) - 1)])


def test_few_integers_again_and_again_are_all_there_are():
    """A status is one that was seen; what was seen by itself in an enum as well."""
    statuses = Counter({200: 40, 404: 5, 500: 1})
    assert {200, 404} == set(drawn(Integers(statuses), 200))
    assert {404, 500} == set(drawn(Integers(statuses), 500))
    assert {1, 7} == set(drawn(Integers(Counter({1: 1, 7: 1}), closed=True), 1))
    assert set(range(1, 10)) == set(drawn(Integers(Counter({5: 7})), 5))


def test_equal_numbers_of_an_instance_stay_equal():
    """An id that stands in two places is the same there, and another one in the next instance."""
    first, second = Integers(Counter({4711: 1})), Integers(Counter({4711: 1, 5000: 1}))
    made = [(first.draw(turn, 4711), second.draw(turn, 4711)) for turn in (Turn(Random(n), {}) for n in range(9))]
    assert all(one == other for one, other in made)
    assert len(set(made)) == 9


@given(st.floats())
def test_a_float_keeps_its_digits_and_its_exponent(value):
    """Its text is as long and has as many digits; a whole one stays whole; zero, NaN and infinities stay."""
    for made in drawn(Floats(Counter([value])), value, 3):
        assert (len(repr(value)), value.is_integer(), value < 0) == (len(repr(made)), made.is_integer(), made < 0)
        assert repr(value).translate(str.maketrans("0123456789", "0" * 10)) == (
            repr(made).translate(str.maketrans("0123456789", "0" * 10))
        )


@given(st.floats(width=32, allow_nan=False))
def test_floats_of_32_bits_stay_such(value):
    """A place that holds no others gets no others."""
    for made in drawn(Floats(Counter([value]), narrow=True), value, 3):
        assert struct.unpack("<f", struct.pack("<f", made)) == (made,)
        assert len(repr(value)) == len(repr(made))


def test_nothing_exceeds_32_bits():
    """Where the digits alone would."""
    value = 3.3999999521443642e38
    for made in drawn(Floats(Counter([value]), narrow=True), value):
        assert struct.unpack("<f", struct.pack("<f", made)) == (made,)


def test_floats_become_others():
    """Where there is another one of that width."""
    for values, narrow in (([4.99], False), ([0.10000000149011612], True), ([-1e300], False), ([2e16], False)):
        (value,) = values
        assert len(set(drawn(Floats(Counter(values), narrow=narrow), value))) > 3


@given(st.lists(st.floats(-180, 180).map(lambda value: round(value, 6)), min_size=8, unique=True), st.data())
def test_of_many_floats_new_ones_lie_between_the_next(values, data):
    """As close as their own digits allow."""
    value = data.draw(st.sampled_from(values))
    ordered = sorted(values)
    at = ordered.index(value)
    for made in drawn(Floats(Counter(values)), value, 5):
        below, above = ordered[max(at - 1, 0)], ordered[min(at + 1, len(ordered) - 1)]
        step = 10.0 ** Decimal(repr(value)).normalize().as_tuple().exponent
        assert below - step <= made <= above + step


def test_prices_that_come_again_and_again_stay_among_themselves():
    """One becomes itself or one beside it."""
    prices = Counter({1.5: 9, 2.25: 9, 3.0: 9, 9.75: 9})
    assert {1.5, 2.25, 3.0} == set(drawn(Floats(prices), 2.25))
