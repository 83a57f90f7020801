"""protobuf's JSON form is on the wire, and what its parser cannot take back is refused."""

from __future__ import annotations

import json
import struct

import pytest
from codec_samples import payload

from serbench.codecs.protobuf_json import CODECS
from serbench.errors import UnsupportedPayload
from serbench.schema.types import List, Map, Optional, Scalar, record

(CODEC,) = CODECS
(LARGEST,) = struct.unpack("<f", b"\xff\xff\x7f\x7f")
FLOATS = record("Floats", a=Scalar.FLOAT64, b=List(List(Scalar.FLOAT32)), c=Map(Scalar.STRING, Scalar.FLOAT32))


def test_text_is_that_of_the_json_form():
    """Names are lowerCamelCase, 64 bits and bytes are text, what has its default is left out; UTF-8 on one line."""
    kind = record(
        *("Item",),
        unit_price=Scalar.INT64,
        data=Scalar.BYTES,
        n=Scalar.INT32,
        text=Scalar.STRING,
        o=Optional(Scalar.BOOL),
    )
    value = {"unit_price": 5, "data": b"\xff", "n": 0, "text": "é", "o": False}
    bound = CODEC.bind(payload("item", kind, value))
    text = bound.encode(bound.build(value))
    assert json.loads(text) == {"unitPrice": "5", "data": "/w==", "text": "é", "o": False}
    assert "é".encode() in text
    assert b"\n" not in text
    assert value == bound.convert(bound.decode(text))


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"a": 0.0, "b": [[], [0.5, LARGEST]], "c": {}}, "b[1][1]"),
        ({"a": 0.0, "b": [], "c": {"k": -LARGEST}}, "c.k"),
    ],
)
def test_the_largest_float_of_32_bits_is_refused_where_it_stands(value, path):
    """The library writes it rounded up, and then finds it too large."""
    with pytest.raises(UnsupportedPayload, match="largest 32-bit float") as caught:
        CODEC.bind(payload("floats", FLOATS, {"a": 0.0, "b": [], "c": {}}, value))
    assert str(caught.value).startswith(f"instance 1: {path}: ")


def test_floats_of_64_bits_and_all_smaller_ones_are_carried():
    """Only the very largest of 32 bits is at fault."""
    (smaller,) = struct.unpack("<f", b"\xfe\xff\x7f\x7f")
    value = {"a": LARGEST, "b": [[smaller, -smaller]], "c": {"k": float("inf")}}
    bound = CODEC.bind(payload("floats", FLOATS, value))
    assert value == bound.convert(bound.decode(bound.encode(bound.build(value))))
