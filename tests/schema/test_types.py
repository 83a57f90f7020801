"""Schemas as values, and as the JSON that travels with instances."""

from __future__ import annotations

import json

from hypothesis import given
from shapes import JSON_VALUES

from serbench.schema import types
from serbench.schema.inference import infer
from serbench.schema.types import Field, List, Map, Optional, Record, Scalar, Schema, Union, record

POINT = record("Point", x=Scalar.FLOAT64, y=Optional(Scalar.FLOAT32))


def test_fields_are_numbered_as_they_are_written():
    """The first field has number 1, and what is marked may be absent."""
    expected = (
        Field(name="x", type=Scalar.FLOAT64, number=1),
        Field(name="y", type=Scalar.FLOAT32, number=2, optional=True),
    )
    assert expected == POINT.fields


def test_a_schema_survives_json():
    """Every sort of type comes back, and a record that is used twice stands in full once."""
    fields = {
        "points": List(POINT),
        "by_id": Map(Scalar.INT64, POINT),
        "maybe": Union((Scalar.NULL, Scalar.STRING, List(Scalar.BYTES))),
        "nested": Optional(List(List(Scalar.UINT32))),
    }
    schema = Schema("Shape", record("Shape", **fields))
    text = json.dumps(types.to_json(schema))
    assert schema == types.from_json(json.loads(text))
    assert text.count('"record": "Point"') == 1
    assert text.count('{"ref": "Point"}') == 1


def test_field_numbers_are_kept():
    """Numbers with gaps are not counted anew."""
    schema = Schema("Gap", Record("Gap", (Field(name="a", type=Scalar.BOOL, number=7),)))
    assert schema == types.from_json(types.to_json(schema))


@given(JSON_VALUES)
def test_any_schema_survives_json(value):
    """Whatever was inferred comes back from JSON."""
    schema = infer("any", [value])
    assert schema == types.from_json(json.loads(json.dumps(types.to_json(schema))))


def test_records_come_after_those_that_they_use():
    """Each record stands once, the root at the end."""
    leaf = record("Leaf", a=Scalar.BOOL)
    branch = record("Branch", leaf=leaf, leaves=Map(Scalar.STRING, leaf))
    root = record("Root", either=Union((Scalar.NULL, branch)), leaf=List(leaf))
    assert (leaf, branch, root) == types.records_of(Schema("Root", root))
    assert types.records_of(Schema("Number", Scalar.INT32)) == ()
