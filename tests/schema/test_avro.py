"""The Avro schema that is made from a schema, and the names that Avro does not take."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench import registry
from serbench.errors import UnsupportedPayload
from serbench.schema.avro import lower, names, renaming, to_avro
from serbench.schema.types import Field, List, Map, Optional, Record, Scalar, Schema, Union, record

S = Scalar
MONEY = record("Money", amount=S.INT64, currency=S.STRING)
ODD = Record("Odd", (Field(name="x-y", type=S.INT32, number=1), Field(name="f_x_y", type=S.INT32, number=2)))


def lowered(kind):
    """The Avro schema of the type of a field `a`."""
    (field,) = lower(Schema("Root", record("Root", a=kind)))["fields"]
    return field["type"]


def test_a_schema_as_text():
    """The text is JSON; a record stands in full at its first use and by its full name afterwards."""
    schema = Schema("Order", record("Order", price=MONEY, tax=Optional(MONEY), tags=List(S.STRING)))
    assert json.loads(to_avro(schema)) == {
        "type": "record",
        "name": "serbench.order.Order",
        "fields": [
            {
                "name": "price",
                "type": {
                    "type": "record",
                    "name": "serbench.order.Money",
                    "fields": [{"name": "amount", "type": "long"}, {"name": "currency", "type": "string"}],
                },
            },
            {"name": "tax", "type": ["null", "serbench.order.Money"], "default": None},
            {"name": "tags", "type": {"type": "array", "items": "string"}},
        ],
    }


@pytest.mark.parametrize(
    ("kind", "avro"),
    [
        (S.INT32, "int"),
        (S.UINT32, "long"),
        (S.UINT64, "long"),
        (S.FLOAT32, "float"),
        (S.BYTES, "bytes"),
        (S.NULL, "null"),
        (Map(S.INT64, List(S.BOOL)), {"type": "map", "values": {"type": "array", "items": "boolean"}}),
        (Union((S.STRING, S.NULL)), ["null", "string"]),
        (Union((S.FLOAT64, S.INT64, S.BOOL)), ["boolean", "long", "double"]),
        (Union((S.INT64, S.UINT64)), "long"),
        (
            Union((Union((S.STRING, S.NULL)), S.NULL, List(S.BOOL))),
            ["null", "string", {"type": "array", "items": "boolean"}],
        ),
        (Union((List(S.INT64), List(S.UINT32))), {"type": "array", "items": "long"}),
    ],
)
def test_types(kind, avro):
    """Widths become the next signed ones; unions are flat, null first, integers before floats, and each type once."""
    assert avro == lowered(kind)


def test_a_field_that_may_be_absent_or_null_has_one_null():
    """Avro cannot tell the two apart; the default is of the first type, as Avro asks for."""
    (field,) = lower(Schema("A", record("A", a=Optional(Union((S.INT64, S.NULL))))))["fields"]
    assert field == {"name": "a", "type": ["null", "long"], "default": None}


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (List(record("B", b=S.BIGINT)), "a[].b: Avro has no bigint"),
        (Map(S.STRING, Union((S.NULL, List(S.BOOL), List(S.STRING)))), "a.*: Avro has no union of several types array"),
        (Union((Map(S.STRING, S.BOOL), Map(S.STRING, S.STRING))), "a: Avro has no union of several types map"),
    ],
)
def test_what_avro_cannot_express_is_refused_with_the_path(kind, reason):
    """The path says where in the schema it stands."""
    with pytest.raises(UnsupportedPayload, match=f"^{re.escape(reason)}$"):
        lowered(kind)


def test_a_name_that_avro_does_not_take_is_beside_the_one_it_has():
    """Another field's name is never taken, and names that only Python reserves stay."""
    assert names(ODD) == {"x-y": "f_x_y_2", "f_x_y": "f_x_y"}
    first, second = lower(Schema("Odd", ODD))["fields"]
    assert first == {"name": "f_x_y_2", "type": "int", "key": "x-y"}
    assert second == {"name": "f_x_y", "type": "int"}
    python = ("class", "self", "aB", "a_b")
    assert names(record("Python", **dict.fromkeys(python, S.BOOL))) == {name: name for name in python}


@given(st.lists(st.text(), unique=True))
def test_names_are_valid_and_tell_fields_apart(keys):
    """Whatever the keys are, each has a name of its own that Avro takes."""
    fields = (Field(name=key, type=S.BOOL, number=number) for number, key in enumerate(keys, start=1))
    mapped = names(Record("Any", tuple(fields)))
    assert keys == list(mapped)
    assert len(set(mapped.values())) == len(keys)
    assert all(re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name) for name in mapped.values())


def test_renaming_is_undone_by_renaming_back():
    """Records are renamed wherever they stand; keys of maps, scalars, null and what is absent stay."""
    root = record(
        "Root",
        one=ODD,
        many=List(List(ODD)),
        by_key=Map(S.STRING, ODD),
        maybe=Optional(Union((S.NULL, ODD))),
        any=Union((S.STRING, ODD, List(ODD))),
    )
    there, back = renaming(Schema("Root", root)), renaming(Schema("Root", root), back=True)
    odd = {"x-y": 1, "f_x_y": 2}
    renamed = {"f_x_y_2": 1, "f_x_y": 2}
    value = {"one": odd, "many": [[odd], []], "by_key": {"x-y": odd}}
    for more in ({"any": "x-y"}, {"any": odd, "maybe": None}, {"any": [odd], "maybe": odd}):
        assert {**value, **more} == back(there({**value, **more}))
    expected = {"one": renamed, "many": [[renamed], []], "by_key": {"x-y": renamed}, "any": [renamed]}
    assert expected == there({**value, "any": [odd]})


def test_a_schema_whose_names_avro_takes_needs_no_renaming():
    """There is no function then, so nothing is called."""
    assert renaming(Schema("Money", MONEY)) is None
    assert renaming(Schema("Many", List(Map(S.STRING, Union((S.NULL, MONEY))))), back=True) is None


@pytest.mark.parametrize("generated", registry.plug_ins("payloads"), ids=lambda one: one.name)
def test_the_schema_of_every_payload_is_one_that_fastavro_takes(generated):
    """A real parser of Avro schemas finds nothing wrong."""
    parse_schema = pytest.importorskip("fastavro").parse_schema
    parsed = parse_schema(json.loads(to_avro(generated.schema)))
    assert parsed["name"] == f"serbench.{generated.schema.name.lower()}.{generated.schema.root.name}"
