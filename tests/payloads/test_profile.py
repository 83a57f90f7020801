"""What a payload's bytes are made of."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serbench.payloads.profile import profile
from serbench.records.passes import EncodedBytes
from serbench.schema.spool import compact_json

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
VALUES = st.recursive(LEAVES, lambda part: st.lists(part) | st.dictionaries(st.text(), part))


def test_shares_are_of_the_bytes_as_json():
    """Keys belong to structure, quotes to their string, base64 to the rest."""
    instance = {"a": "xyz", "b": 12.5, "c": [True, None], "d": b"\xff"}
    text = '{"a":"xyz","b":12.5,"c":[true,null],"d":"/w=="}'
    assert text.encode() == compact_json(instance)
    seen = profile([instance])
    assert seen.strings == pytest.approx(5 / len(text))
    assert seen.numbers == pytest.approx(4 / len(text))
    assert seen.other == pytest.approx((4 + 4 + 6) / len(text))
    assert seen.structure == pytest.approx((len(text) - 5 - 4 - 14) / len(text))


def test_sizes_are_over_the_instances():
    """Mean, median, smallest and largest instance, in bytes."""
    assert EncodedBytes(mean=13 / 3, median=3, min=2, max=8) == profile(["", "a", "aaaaaa"]).bytes_as_json


def test_depth_is_of_the_deepest_instance():
    """It is the number of dicts and lists around the innermost leaf."""
    assert profile([1]).depth == 0
    assert profile([{"a": 1}, {"a": [{"b": 1}]}, []]).depth == 3


def test_escapes_and_bytes_beyond_ascii_count():
    """A string's share is of its bytes as JSON, its text of its characters."""
    seen = profile(['é"\n日'])
    assert seen.strings == 1
    assert seen.bytes_as_json.max == len('"é\\"\\n日"'.encode())
    assert seen.non_ascii == pytest.approx(2 / 4)


def test_repetition_of_keys_is_per_instance():
    """Keys over different keys in each instance, the mean over all."""
    assert profile([{"a": [{"b": 1}, {"b": 2}, {"b": 3}]}, {"a": 1}]).key_repetition == pytest.approx((4 / 2 + 1) / 2)


@settings(max_examples=30)
@given(st.lists(VALUES, min_size=1))
def test_shares_add_up(values):
    """Whatever the values: no share is below 0, and they make up all bytes."""
    seen = profile(values)
    shares = (seen.strings, seen.numbers, seen.structure, seen.other)
    assert sum(shares) == pytest.approx(1)
    assert min(shares) > -1e-9
    assert 0 <= seen.non_ascii <= 1
