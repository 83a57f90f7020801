"""A schema from instances."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapes import JSON_VALUES

from conforming import violations
from serbench.schema.inference import DEEPEST, MOST_FIELDS, camel_case, infer
from serbench.schema.types import List, Map, Optional, Record, Scalar, Schema, Union, record, records_of

NESTED = Union((List(Scalar.INT32), Scalar.INT32))


@given(st.lists(JSON_VALUES, min_size=1, max_size=4))
def test_instances_have_the_type_that_was_inferred_from_them(instances):
    """Whatever the instances, each is exactly what the schema says."""
    schema = infer("any", instances)
    assert [text for one in instances for text in violations(one, schema.root)] == []


@given(st.lists(JSON_VALUES, min_size=1, max_size=4))
def test_unions_are_as_readers_need_them(instances):
    """A union has different options: one record or map at most, one list at most; names of records are unique."""
    schema = infer("any", instances)
    records = records_of(schema)
    assert len({made.name for made in records}) == len(records)
    for made in records:
        for field in made.fields:
            if isinstance(field.type, Union):
                assert sum(isinstance(option, Record | Map) for option in field.type.options) <= 1
                assert sum(isinstance(option, List) for option in field.type.options) <= 1
                assert len(set(field.type.options)) == len(field.type.options) >= 2


def inferred(*instances):
    """The type of the root."""
    return infer("root", instances).root


@pytest.mark.parametrize(
    ("instances", "expected"),
    [
        ((1, -5), Scalar.INT32),
        ((1, (1 << 31) - 1), Scalar.INT32),
        ((1, 1 << 31), Scalar.INT64),
        ((-(1 << 31) - 1,), Scalar.INT64),
        (((1 << 64) - 1, 0), Scalar.UINT64),
        (((1 << 64) - 1, -1), Scalar.BIGINT),
        ((1 << 64,), Scalar.BIGINT),
        ((1.0,), Scalar.FLOAT64),
        ((1, 1.5), Union((Scalar.INT32, Scalar.FLOAT64))),
        ((True, 1), Union((Scalar.INT32, Scalar.BOOL))),
        (("a", None), Union((Scalar.STRING, Scalar.NULL))),
        ((None,), Scalar.NULL),
        (([],), List(Scalar.NULL)),
        (([], [1], ["a"]), List(Union((Scalar.INT32, Scalar.STRING)))),
        (([1], {"a": 1}, [[2]], "x"), Union((record("Root", a=Scalar.INT32), List(NESTED), Scalar.STRING))),
    ],
)
def test_each_value_has_its_type(instances, expected):
    """Integers by their range, unions in a fixed order, lists merged."""
    assert expected == inferred(*instances)


def test_keys_that_some_lack_are_optional():
    """Fields stand in the order of their first appearance; a null is a value."""
    expected = record("Root", a=Scalar.INT32, b=Optional(Union((Scalar.STRING, Scalar.NULL))), c=Optional(Scalar.BOOL))
    assert expected == inferred({"a": 1, "b": None}, {"c": True, "a": 2}, {"a": 3, "b": "x"})


def test_records_are_named_after_their_keys():
    """CamelCase, with a number where a name is taken; records of lists are merged."""
    schema = infer("my order", [{"ship-to": {"a": 1}, "items": [{"ship_to": {}}, {"x": 1}], "7": {}, "é": {}}])
    assert schema.name == "MyOrder"
    assert [made.name for made in records_of(schema)] == ["ShipTo", "ShipTo2", "Items", "X7", "X", "MyOrder"]


def keyed(*groups):
    """Dicts with a key for each number of a group."""
    return [{f"id-{n}": {"v": n} for n in group} for group in groups]


def test_many_keys_that_come_and_go_are_a_map():
    """More than 32 keys, most of which some dict lacks, with values of one type."""
    expected = Map(Scalar.STRING, record("Root", v=Scalar.INT32))
    assert expected == inferred(*keyed(range(20), range(15, 40)))


@pytest.mark.parametrize(
    "instances",
    [
        keyed(range(10), range(10, MOST_FIELDS)),
        [{f"k{n}": n for n in range(40)}],
        keyed(range(40), range(30)),
        [{f"k{n}": n for n in range(40)}, {f"k{n}": str(n) for n in range(20, 60)}],
    ],
    ids=["few keys", "one dict of numbers", "most are always there", "values of two types"],
)
def test_other_dicts_are_records(instances):
    """Keys of a record are not data."""
    assert isinstance(inferred(*instances), Record)


@pytest.mark.parametrize("value", [{"v": 1}, [1, 2]], ids=["dicts", "lists"])
def test_one_dict_of_many_alike_is_a_map(value):
    """A single document with hundreds of ids as keys: what is keyed by them is one type, not a field each."""
    assert isinstance(inferred({f"id-{n}": value for n in range(40)}), Map)
    assert isinstance(inferred({f"id-{n}": value for n in range(MOST_FIELDS)}), Record)


def test_names_of_a_map_that_is_none_are_free_again():
    """What was tried leaves no trace in the names of records."""
    values = [{f"k{n}": {"in": {}} for n in range(40)}, {f"k{n}": "text" for n in range(20, 80)}]
    names = [made.name for made in records_of(infer("root", values))]
    assert "Root" in names
    assert "Root2" not in names


def test_field_numbers_leave_out_what_protobuf_keeps():
    """After 18,999 comes 20,000."""
    made = inferred({f"k{n}": 1 for n in range(19_001)})
    assert [18_999, 20_000] == [field.number for field in made.fields[18_998:19_000]]


def test_what_is_nested_too_deeply_is_refused():
    """As deep as code can be generated, and no deeper."""
    deep = 1
    for _ in range(DEEPEST):
        deep = [deep]
    assert isinstance(infer("deep", [deep]), Schema)
    with pytest.raises(RecursionError):
        infer("deep", [[deep]])


@pytest.mark.parametrize(("name", "expected"), [("user_id", "UserId"), ("aB c", "ABC"), ("9", "X9"), ("", "X")])
def test_camel_case_is_an_identifier(name, expected):
    """Letters and digits, the first a letter."""
    assert expected == camel_case(name)
