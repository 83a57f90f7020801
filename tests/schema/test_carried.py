"""A schema as messages carry it, and the nulls that they do not carry."""

from __future__ import annotations

import pytest

from serbench.errors import UnsupportedPayload
from serbench.schema.carried import beside_floats, boxed, carried, loose_null, mixes_numbers
from serbench.schema.spool import payload_of
from serbench.schema.types import List, Map, Optional, Record, Scalar, Schema, Union, record

S = Scalar
TEXT_OR_NULL = Union((S.STRING, S.NULL))
NUMBER = Union((S.INT64, S.FLOAT64))


def payload(kind, *instances):
    """A payload of that type."""
    return payload_of("sample", Schema("Sample", kind), instances)


def carried_field(kind):
    """What becomes of a field of that type."""
    return carried(payload(record("A", a=kind)), "this").root.fields[0].type


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        (S.INT32, S.INT32),
        (S.NULL, TEXT_OR_NULL),
        (List(S.NULL), List(S.STRING)),
        (Map(S.STRING, S.NULL), Map(S.STRING, S.STRING)),
        (Union((S.NULL, List(S.NULL))), Union((List(S.STRING), S.NULL))),
        (Union((S.NULL, Union((S.NULL, S.STRING)))), TEXT_OR_NULL),
        (NUMBER, S.FLOAT64),
        (Union((S.FLOAT32, S.INT32, S.NULL)), Union((S.FLOAT64, S.NULL))),
        (List(Map(S.STRING, NUMBER)), List(Map(S.STRING, S.FLOAT64))),
        (record("In", b=NUMBER), record("In", b=S.FLOAT64)),
    ],
)
def test_a_place_has_one_type_and_null(kind, made):
    """What is never there is text; numbers beside floats are floats."""
    assert made == carried_field(kind)


def test_names_numbers_and_presence_stay():
    """A record is at all of its places what it is at one."""
    shared = record("In", a=S.INT32, b=Optional(S.NULL))
    one, other = carried(payload(record("A", x=shared, y=List(shared))), "this").root.fields
    assert other.type.item is one.type
    assert [("a", 1, False), ("b", 2, True)] == [(f.name, f.number, f.optional) for f in one.type.fields]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (
            Union((S.INT64, S.STRING)),
            "a: the codec for this carries one type in a place, and here are integers and strings",
        ),
        (
            List(Union((List(S.BOOL), record("In", b=S.BOOL), S.NULL))),
            "a[]: the codec for this carries one type in a place, and here are lists and objects",
        ),
        (
            Map(S.STRING, Union((*NUMBER.options, S.BOOL))),
            "a.*: the codec for this carries one type in a place, and here are integers",
        ),
        (List(S.BIGINT), "a[]: this has integers of 64 bits, and some here fit neither signed nor unsigned ones"),
        (
            Union((S.BIGINT, S.FLOAT64)),
            "a: the codec for this carries one type in a place, and here are integers and floats",
        ),
    ],
)
def test_what_has_no_form_is_refused_with_its_path(kind, reason):
    """In words for whoever knows the documents."""
    with pytest.raises(UnsupportedPayload) as caught:
        carried_field(kind)
    assert str(caught.value).startswith(reason)


def test_integers_that_a_float_does_not_hold_are_none():
    """Wherever in the payload they are: a float would be another number. A float holds all of 32 bits."""
    kind = record("A", a=NUMBER)
    assert carried(payload(kind, {"a": 2**53}), "this").root.fields[0].type is S.FLOAT64
    short = record("A", a=Union((S.INT32, S.FLOAT64)), b=S.INT64)
    assert carried(payload(short, {"a": 1, "b": 2**62}), "this").root.fields[0].type is S.FLOAT64
    with pytest.raises(
        UnsupportedPayload,
        match=r"^a: the codec for this carries one type in a place, and here are integers and floats$",
    ):
        carried(payload(kind, {"a": 2**53 + 1}), "this")


@pytest.mark.parametrize("root", [List(record("Values", a=S.INT32)), Map(S.STRING, S.INT32), S.INT32, TEXT_OR_NULL])
def test_a_root_that_is_no_record_is_in_one(root):
    """Its name is none of the others'."""
    sample = payload(root)
    made = carried(sample, "this").root
    (field,) = made.fields
    assert boxed(sample)
    assert isinstance(made, Record)
    assert (root, "values", 1, False) == (field.type, field.name, field.number, field.optional)
    assert made.name == ("Values_" if isinstance(root, List) else "Values")
    assert carried(sample, "this", box=False).root == root


def test_a_record_is_in_no_other():
    """A schema that needs no rewriting is as it was."""
    sample = payload(record("A", a=S.INT32, b=Optional(List(TEXT_OR_NULL))))
    assert not boxed(sample)
    assert carried(sample, "this") == sample.schema


@pytest.mark.parametrize(
    ("kind", "mixed"),
    [
        (NUMBER, True),
        (Union((S.NULL, *NUMBER.options)), True),
        (Union((S.NULL, NUMBER)), True),
        (Union((S.BIGINT, S.FLOAT64)), False),
        (Union((*NUMBER.options, S.STRING)), False),
        (Union((S.NULL, S.FLOAT64)), False),
        (S.FLOAT64, False),
        (None, False),
    ],
)
def test_where_integers_stand_beside_floats(kind, mixed):
    """Null may stand there too, and nothing else."""
    assert mixed is beside_floats(kind)


@pytest.mark.parametrize("kind", [NUMBER, List(NUMBER), record("A", a=List(record("B", b=Map(S.STRING, NUMBER))))])
def test_a_schema_mixes_numbers_wherever_they_stand(kind):
    """At the root, in lists and in records in these."""
    assert mixes_numbers(Schema("A", kind))


def test_a_schema_does_not_mix_numbers_of_different_places():
    """An integer here and a float there are no mix."""
    assert not mixes_numbers(Schema("A", record("A", a=S.INT64, b=List(S.FLOAT64), c=Union((S.INT64, S.STRING)))))


ROWS = List(Union((S.NULL, record("Row", a=Union((S.NULL, Map(S.STRING, Union((S.NULL, S.INT32)))))))))


@pytest.mark.parametrize(
    ("kind", "instances", "where"),
    [
        (ROWS, ([{"a": None}, {"a": {"x": 1}}],), ""),
        (ROWS, ([], [{"a": None}, None]), "instance 1: [1]"),
        (ROWS, ([{"a": {"x.y": None}}],), 'instance 0: [0].a["x.y"]'),
        (Union((S.NULL, S.INT32)), (1, None), "instance 1: (root)"),
        (record("A", a=S.NULL, b=Union((S.STRING, S.NULL))), ({"a": None, "b": None},), ""),
        (
            record("A", a=Union((S.INT32, List(Union((S.INT32, S.NULL)))))),
            ({"a": 1}, {"a": (1, None)}),
            "instance 1: a[1]",
        ),
        (record("A", a=List(S.NULL)), ({"a": []},), ""),
    ],
)
def test_a_null_is_loose_where_it_is_no_field(kind, instances, where):
    """In a list, in a map, or as the message."""
    assert where == loose_null(payload(kind, *instances))
