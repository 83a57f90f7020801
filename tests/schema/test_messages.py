"""The code between plain values and messages is straight-line and rewrites only what must be."""

from __future__ import annotations

from types import SimpleNamespace

from serbench.schema.messages import build_source, builder, convert_source, converter
from serbench.schema.types import Field, List, Map, Optional, Record, Scalar, Schema, Union, record

ITEM = record("Item", sku=Scalar.STRING, note=Optional(Scalar.STRING))


def test_a_value_that_a_message_takes_is_handed_over_as_it_is():
    """Without wrappers and odd names, building is the constructor's own business."""
    shape = Schema("Order", record("Order", items=List(ITEM), by_id=Map(Scalar.INT64, ITEM), tags=List(Scalar.STRING)))
    assert "def build(value):\n    return Message(**value)\n" == build_source(shape)


def test_only_what_must_be_rewritten_is_rewritten():
    """A wrapper far below makes the records above it be rewritten, and nothing beside them."""
    rings = record("Area", rings=List(List(Scalar.FLOAT64)))
    shape = Schema("Map", record("Map", areas=Optional(List(rings)), items=List(ITEM)))
    value = {"areas": [{"rings": [[1.0], []]}], "items": [{"sku": "a"}]}
    built = builder(shape, lambda **fields: fields)(value)
    assert {"areas": [{"rings": [{"values": [1.0]}, {"values": []}]}], "items": [{"sku": "a"}]} == built
    assert built["items"] is value["items"]
    assert {"areas": None, "items": []} == builder(shape, lambda **fields: fields)({"items": []})


def test_names_that_protobuf_does_not_take_are_rewritten():
    """The keyword is the identifier of the field's name."""
    shape = Schema("Odd", Record("Odd", (Field(name="class", type=Scalar.INT64, number=1),)))
    assert {"f_class": 1} == builder(shape, lambda **fields: fields)({"class": 1})
    assert {"class": 1} == converter(shape)(SimpleNamespace(f_class=1))


def test_each_record_is_written_once():
    """A record that stands in many places has one function."""
    shape = Schema("Twice", record("Twice", a=ITEM, b=List(ITEM), c=Map(Scalar.STRING, ITEM)))
    assert 3 == convert_source(shape).count("def ")


def test_converting_leaves_out_what_is_absent():
    """A scalar and a message are asked for, a list and a map are absent where they are empty."""
    shape = Schema(
        "Some", record("Some", a=Optional(Scalar.INT64), b=Optional(List(Scalar.INT64)), c=List(Scalar.INT64))
    )
    absent = SimpleNamespace(HasField=lambda _: False, a=0, b=[], c=[])
    present = SimpleNamespace(HasField=lambda _: True, a=0, b=[0], c=[1])
    assert {"c": []} == converter(shape)(absent)
    assert {"a": 0, "b": [0], "c": [1]} == converter(shape)(present)


def test_a_field_that_is_null_is_absent():
    """On the way in it is handed over as None, which messages take so; on the way out it is left out."""
    kind = record("Null", a=Union((Scalar.NULL, Scalar.INT64)), b=Union((List(List(Scalar.INT64)), Scalar.NULL)))
    shape = Schema("Null", kind)
    build = builder(shape, SimpleNamespace)
    assert SimpleNamespace(a=None, b=None) == build({"a": None, "b": None})
    assert SimpleNamespace(a=0, b=[{"values": [1]}]) == build({"a": 0, "b": [[1]]})
    absent = SimpleNamespace(HasField=lambda _: False, a=0, b=[])
    assert {} == converter(shape)(absent)


def test_lists_nest_at_any_depth():
    """More comprehensions in each other than one function may have; each list but the first is in a message."""
    kind, value, message = List(ITEM), [{"sku": "a"}], [SimpleNamespace(sku="a", HasField=lambda _: False)]
    for _ in range(70):
        kind, value, message = List(kind), [value], [SimpleNamespace(values=message)]
    shape = Schema("Deep", record("Deep", a=kind))
    assert {"a": value} == converter(shape)(SimpleNamespace(a=message))
    built = builder(shape, lambda **fields: fields)({"a": value})["a"]
    for _ in range(70):
        (built,) = built
        built = built["values"]
    assert [{"sku": "a"}] == built
