"""What occurs in plain values, and where."""

from __future__ import annotations

import enum
import re

import pytest
from hypothesis import given
from shapes import PLAIN_VALUES

from serbench.errors import SerbenchError
from serbench.schema.payload import Kind, Payload, contents, first_occurrence, join, occurrences
from serbench.schema.types import Scalar, Schema


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, {Kind.NULL}),
        (True, set()),
        ((1 << 53), set()),
        ((1 << 53) + 1, {Kind.INT_OVER_53_BITS}),
        (-(1 << 53) - 1, {Kind.INT_OVER_53_BITS}),
        ((1 << 63) - 1, {Kind.INT_OVER_53_BITS}),
        (1 << 63, {Kind.INT_OVER_63_BITS}),
        ((1 << 64) - 1, {Kind.INT_OVER_63_BITS}),
        (1 << 64, {Kind.INT_OVER_64_BITS}),
        (-(1 << 63), {Kind.INT_OVER_53_BITS}),
        (-(1 << 63) - 1, {Kind.INT_OVER_64_BITS}),
        ([1 << 60, 1 << 70], {Kind.INT_OVER_53_BITS, Kind.INT_OVER_64_BITS}),
        (1.5, {Kind.FLOAT}),
        (float("nan"), {Kind.NON_FINITE}),
        ([1e308, 1e308], {Kind.FLOAT}),
        ([1.0, float("-inf"), float("inf")], {Kind.FLOAT, Kind.NON_FINITE}),
        ("é😀", set()),
        ("\udc00", {Kind.SURROGATE}),
        (b"", {Kind.BYTES}),
        ((), {Kind.TUPLE}),
        ({"a": {1: "b"}}, {Kind.NON_STRING_KEY}),
        ({"\ud800": 1}, {Kind.SURROGATE}),
        ([[{}, []], "a"], set()),
    ],
)
def test_each_kind_is_seen(value, expected):
    """Nested or not, in a value or in a key, exactly these kinds occur."""
    assert expected == contents(value)[0] == {kind for kind, _ in occurrences(value)}


@given(PLAIN_VALUES)
def test_the_quick_look_and_the_thorough_one_agree(value):
    """Kinds without paths, found level by level, are those that are found with their paths."""
    kinds, keys = contents(value)
    assert kinds == {kind for kind, _ in occurrences(value)}
    assert keys == set(_keys(value))


def _keys(value):
    if isinstance(value, dict):
        yield from value
    if isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _keys(item)


def test_paths_lead_to_what_occurs():
    """Every occurrence is told, in order, with the path of the value itself."""
    value = {"a": [1, (b"x", None)], "b": {2: float("inf")}}
    expected = [
        (Kind.TUPLE, "a[1]"),
        (Kind.BYTES, "a[1][0]"),
        (Kind.NULL, "a[1][1]"),
        (Kind.NON_STRING_KEY, "b.2"),
        (Kind.NON_FINITE, "b.2"),
    ]
    assert expected == list(occurrences(value))


def test_the_first_occurrence_names_the_instance():
    """A skipped case says which instance it is about, and where in it."""
    instances = [{"a": 1}, {"a": [1, None]}, None]
    payload = Payload(name="p", schema=Schema("P", Scalar.NULL), instances=instances, kinds=frozenset(), digest="")
    assert first_occurrence(payload, Kind.NULL) == "instance 1: a[1]"
    assert first_occurrence(payload, Kind.BYTES) == ""
    roots = Payload(name="p", schema=payload.schema, instances=[1, None], kinds=frozenset(), digest="")
    assert first_occurrence(roots, Kind.NULL) == "instance 1: (root)"


def test_paths_join_with_points():
    """The root has no point before it."""
    assert (join("", "a"), join("a[0]", "b")) == ("a", "a[0].b")


def test_what_is_no_plain_value_is_refused():
    """A type that instances must not have is named, in a value and in a key."""
    colour = enum.StrEnum("Colour", ["RED"])
    for look in (contents, lambda value: list(occurrences(value))):
        with pytest.raises(SerbenchError, match=re.escape("Colour in a payload is no plain value; convert it first")):
            look([colour.RED])
        with pytest.raises(SerbenchError, match="a key of type tuple in a payload is no plain key; convert it first"):
            look({(1, 2): 3})


def test_a_key_that_would_look_like_two_is_quoted():
    """Paths of different places differ."""
    paths = {join("a", "b"), join("", "a.b"), join("a", ""), join("", "a[0]"), join("a", '"b"')}
    assert {"a.b", '["a.b"]', 'a[""]', '["a[0]"]', 'a["\\"b\\""]'} == paths
