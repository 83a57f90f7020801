"""Bytes that came back as base64 text are decoded where a reader meets them; others are not."""

from __future__ import annotations

import binascii

import pytest

from serbench.schema.reader import reader
from serbench.schema.types import List, Map, Optional, Scalar, Schema, Union, record

B = Scalar.BYTES
SHAPES = {
    "field": (record("A", b=B), {"b": "x"}),
    "optional": (record("A", b=Optional(B)), {"b": "x"}),
    "nullable": (record("A", b=Union((Scalar.NULL, B))), {"b": "x"}),
    "optional nullable": (record("A", b=Optional(Union((B, Scalar.NULL)))), {"b": "x"}),
    "item": (List(B), ["x"]),
    "nullable item": (List(Union((Scalar.NULL, B))), [None, "x"]),
    "map value": (Map(Scalar.STRING, B), {"b": "x"}),
}


@pytest.mark.parametrize(("shape", "value"), SHAPES.values(), ids=SHAPES)
def test_every_leaf_of_bytes_is_decoded(shape, value):
    """What is no base64 is noticed, so it was decoded."""
    read = reader(Schema("A", shape), lambda data: data, access="item", base64_text=True)
    with pytest.raises(binascii.Error):
        read(value)


@pytest.mark.parametrize(("shape", "value"), SHAPES.values(), ids=SHAPES)
def test_bytes_that_came_back_as_bytes_are_left_alone(shape, value):
    """A codec that does not declare base64 text pays for no decoding."""
    assert reader(Schema("A", shape), lambda data: data, access="item")(value) is None


@pytest.mark.parametrize("value", [{}, {"b": None}])
def test_an_absent_or_null_leaf_is_not_decoded(value):
    """There is nothing to decode where a field may be absent or null, and is."""
    shape = Schema("A", record("A", b=Optional(Union((Scalar.NULL, B)))))
    assert reader(shape, lambda data: data, access="item", base64_text=True)(value) is None
