"""Dataclasses are what a user would have written for the schema, and a union that a library cannot take is refused."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from serbench.errors import UnsupportedPayload
from serbench.schema.dataclasses import ABSENT, derive, refuse_unions
from serbench.schema.types import Field, List, Map, Optional, Record, Scalar, Schema, Union, record

INNER = record("Inner", a=Scalar.INT64)
ORDER = Record(
    "Order",
    (
        Field(name="note", type=Scalar.STRING, number=1, optional=True),
        Field(name="id", type=Scalar.UINT64, number=2),
        Field(name="unit-price", type=Scalar.FLOAT32, number=3),
        Field(name="items", type=List(INNER), number=4),
        Field(name="by_id", type=Map(Scalar.INT32, INNER), number=5),
        Field(name="maybe", type=Union((Scalar.NULL, INNER)), number=6),
        Field(name="either", type=Union((Scalar.NULL, Scalar.BYTES)), number=7, optional=True),
        Field(name="never", type=Scalar.NULL, number=8, optional=True),
    ),
)


def test_fields_have_the_types_and_defaults_that_a_user_would_write():
    """What may be absent is None; where null is a value of its own, absent is another thing."""
    kind, (inner, order) = derive(Schema("Order", ORDER))
    assert kind is order
    fields = {field.name: (field.type, field.default) for field in dataclasses.fields(order)}
    missing = dataclasses.MISSING
    assert fields == {
        "note": (str | None, None),
        "id": (int, missing),
        "f_unit_price": (float, missing),
        "items": (list[inner], missing),
        "by_id": (dict[int, inner], missing),
        "maybe": (inner | None, missing),
        "either": (bytes | None, ABSENT),
        "never": (type(None), ABSENT),
    }


def test_only_a_name_that_is_none_of_python_is_an_alias():
    """It stands in the metadata of the field."""
    _, (*_, order) = derive(Schema("Order", ORDER))
    aliases = {field.name: dict(field.metadata) for field in dataclasses.fields(order) if field.metadata}
    assert {"f_unit_price": {"alias": "unit-price"}} == aliases


def test_a_root_that_is_no_record_is_a_type_all_the_same():
    """A list of records, or a scalar."""
    kind, (inner,) = derive(Schema("Inners", List(INNER)))
    assert list[inner] == kind
    assert (str, ()) == derive(Schema("Text", Scalar.STRING))


def test_each_schema_has_classes_of_its_own():
    """Two payloads share none, names or not."""
    assert derive(Schema("Order", INNER))[0] is not derive(Schema("Order", INNER))[0]


def test_what_is_absent_is_false_and_says_so():
    """As readers expect it."""
    assert not ABSENT
    assert repr(ABSENT) == "ABSENT"
    with pytest.raises((TypeError, pickle.PicklingError, AttributeError)):
        vars(ABSENT)


@pytest.mark.parametrize(
    ("kind", "where", "what"),
    [
        (record("A", a=Union((Scalar.INT64, Scalar.STRING))), "a", "integers and strings"),
        (
            record("A", a=List(Optional(Scalar.INT64).type), b=Map(Scalar.STRING, Union((Scalar.BOOL, INNER)))),
            "b.*",
            "booleans and objects",
        ),
        (List(Union((Scalar.NULL, Union((Scalar.BOOL, Scalar.STRING))))), "[]", "booleans and strings"),
    ],
)
def test_a_union_that_is_not_told_apart_is_refused_with_its_path(kind, where, what):
    """Wherever it stands."""
    with pytest.raises(UnsupportedPayload) as caught:
        refuse_unions(Schema("A", kind), "library", lambda _: False)
    assert str(caught.value) == f"{where}: library cannot tell {what} apart in one place"


def test_a_nullable_type_is_no_union_and_what_is_told_apart_is_looked_into():
    """The options of a union may hold one as well."""
    asked = []
    nested = Union((Scalar.NULL, INNER, List(Union((Scalar.INT64, Scalar.BOOL)))))

    def told_apart(options):
        asked.append(options)
        return True

    refuse_unions(Schema("A", record("A", a=Union((Scalar.NULL, Scalar.STRING)), b=nested)), "library", told_apart)
    assert [2, 2] == [len(options) for options in asked]
