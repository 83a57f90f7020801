"""The JSON Schema of a schema."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator
from schema_samples import EVERY, NAMES, ODD, SHAPE
from shapes import JSON_VALUES

from serbench import registry
from serbench.payloads import instances
from serbench.schema.inference import infer
from serbench.schema.jsonschema import to_jsonschema
from serbench.schema.types import List, Map, Optional, Scalar, Schema, Union, record

S = Scalar


def validator(schema: Schema) -> Draft202012Validator:
    """A validator of what a schema describes, after a look at the text itself."""
    document = json.loads(to_jsonschema(schema))
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document)


def test_the_text_is_json_schema():
    """The root by its name, each record once, bytes as base64, keys as text."""
    document = json.loads(to_jsonschema(SHAPE))
    assert {name: document[name] for name in ("$schema", "title", "$ref")} == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Shape",
        "$ref": "#/$defs/Shape",
    }
    shape, point = document["$defs"]["Shape"], document["$defs"]["Point"]
    assert shape["required"] == ["name", "rings", "by_id", "note", "from", "parts"]
    assert shape["properties"]["note"] == {"type": ["string", "null"]}
    assert shape["properties"]["parts"]["items"] == {"type": "string", "contentEncoding": "base64"}
    assert shape["properties"]["by_id"]["propertyNames"] == {"pattern": "^(0|[1-9][0-9]*)$"}
    assert point == {
        "type": "object",
        "properties": {"x": {"type": "number"}, "y": {"type": "number"}},
        "required": ["x"],
    }


@pytest.mark.parametrize("schema", EVERY.values(), ids=EVERY)
def test_it_holds_to_the_metaschema(schema):
    """Whatever the shape and the names."""
    validator(schema)


@pytest.mark.parametrize("generated", registry.plug_ins("payloads"), ids=lambda one: one.name)
def test_generated_payloads_are_valid(generated):
    """Each instance of each, as JSON writes it."""
    payload = instances.make(generated, seed=1, count=2)[0].payload
    check = validator(payload.schema)
    for instance in payload.instances:
        text = json.dumps(instance, default=lambda data: base64.b64encode(data).decode())
        assert [error.message for error in check.iter_errors(json.loads(text))] == []


@given(JSON_VALUES)
def test_any_json_value_is_valid_under_the_schema_that_is_inferred_from_it(value):
    """Every shape has a JSON Schema, a root that is no record too."""
    assert validator(infer("any", [value])).is_valid(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (record("A", a=S.INT32), {}),
        (record("A", a=S.INT32), {"a": 2**31}),
        (record("A", a=S.UINT64), {"a": -1}),
        (record("A", a=S.UINT64), {"a": 2**64}),
        (record("A", a=S.INT64), {"a": 1.5}),
        (record("A", a=Optional(S.STRING)), {"a": None}),
        (record("A", a=Union((S.STRING, S.NULL))), {}),
        (record("A", a=Union((S.STRING, List(S.BOOL)))), {"a": [1]}),
        (record("A", a=Map(S.INT32, S.BOOL)), {"a": {"x": True}}),
        (record("A", a=Map(S.UINT32, S.BOOL)), {"a": {"-1": True}}),
        (record("A", a=Map(S.STRING, S.BOOL)), {"a": {"x": 1}}),
        (record("A", a=List(record("B", b=S.BOOL))), {"a": [{"b": True}, {}]}),
        (S.BYTES, 1),
        (Union(()), 1),
    ],
)
def test_what_is_of_another_shape_is_not_valid(kind, value):
    """A key that is missing, a number beyond its width, null where there is none, another type."""
    assert not validator(Schema("A", kind)).is_valid(value)


def test_names_are_kept():
    """JSON takes every name."""
    document = json.loads(to_jsonschema(ODD))
    assert set(NAMES) <= set(document["$defs"]["None"]["properties"])
