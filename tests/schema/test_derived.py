"""What languages of schemas have in common that lack a form of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.schema.derived import (
    TypeNames,
    bare,
    camel_case,
    may_lack,
    module_name,
    option_names,
    spelled,
    spoken,
)
from serbench.schema.types import Field, List, Map, Record, Scalar, Schema, Union, record

S = Scalar
NULLABLE = Union((S.NULL, S.STRING))
POINT = record("Point", x=NULLABLE)


@pytest.mark.parametrize(
    ("kind", "left"),
    [
        (S.STRING, S.STRING),
        (S.NULL, S.NULL),
        (NULLABLE, S.STRING),
        (Union((S.NULL, Union((POINT, S.NULL)))), POINT),
        (List(NULLABLE), List(S.STRING)),
        (Map(S.INT32, List(NULLABLE)), Map(S.INT32, List(S.STRING))),
        (Union((List(NULLABLE), S.NULL, List(S.STRING))), List(S.STRING)),
        (Union((S.INT32, S.NULL, Union((S.STRING, S.INT32)))), Union((S.INT32, S.STRING))),
        (Union(()), S.NULL),
    ],
)
def test_a_bare_type_has_no_null(kind, left):
    """Inside lists, maps and unions either; a record stays the one that it is."""
    assert left == bare(kind)


@pytest.mark.parametrize(
    ("kind", "optional", "lacks"),
    [(S.STRING, False, False), (S.STRING, True, True), (NULLABLE, False, True), (List(NULLABLE), False, False)],
)
def test_a_field_may_lack_its_value_where_it_is_optional_or_null(kind, optional, lacks):
    """A null inside is not the field's."""
    assert lacks is may_lack(Field(name="a", type=kind, number=1, optional=optional))


@given(st.lists(st.text("abAB_1", max_size=3), unique=True), st.sets(st.text("ab2", max_size=3)))
def test_spellings_are_unique(names, taken):
    """A number is put where two would meet, or one is taken; what is left as it is keeps its name."""
    made = spelled(names, str.lower, taken)
    assert list(made) == names
    assert len(set(made.values()) - taken) == len(names)
    assert [name for name in names if name == name.lower() and name not in taken and made[name] != name] == []


def test_types_are_named_after_what_they_hold():
    """Once for each, apart from records and from what a language has for itself."""
    names = TypeNames(Schema("A", record("A", b=record("ListOfText", c=S.BOOL))), {"A"})
    assert names.of(Record("A", (Field(name="b", type=record("ListOfText", c=S.BOOL), number=1),))) == "A2"
    listed = Map(S.STRING, List(S.INT32))
    assert [names.made(listed, "{}Entry") for _ in range(2)] == [
        ("StringToListOfInt32Entry", True),
        ("StringToListOfInt32Entry", False),
    ]
    assert names.made(List(record("ListOfText", c=S.BOOL))) == ("ListOfListOfText", True)
    assert names.made(Union((S.INT32, S.STRING))) == ("Int32OrString", True)


def test_options_have_names_of_their_own():
    """Two lists too."""
    names = TypeNames(Schema("A", POINT))
    options = (S.INT64, List(S.BOOL), List(S.STRING), Map(S.STRING, S.BOOL), POINT)
    assert option_names(options, names) == ["int64Value", "listValue", "listValue2", "mapValue", "pointValue"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ((S.INT32, S.BIGINT), "integers"),
        ((S.STRING, S.FLOAT32), "strings and floats"),
        ((POINT, Map(S.STRING, S.BOOL), List(S.BOOL), S.NULL, S.BOOL), "objects, lists, null and booleans"),
        ((S.UINT64, S.BYTES), "integers and bytes"),
    ],
)
def test_several_types_are_called_as_people_call_their_values(kind, words):
    """Each word once, in the order of the types."""
    assert words == spoken(kind)


@pytest.mark.parametrize(
    ("name", "camel", "module"),
    [("order_item", "OrderItem", "orderitem"), ("2d", "X2d", "x2d"), ("größe", "GrE", "gre"), ("", "X", "x")],
)
def test_names_of_types_and_modules(name, camel, module):
    """Letters and digits, the first a letter."""
    assert (camel, module) == (camel_case(name), module_name(Schema(name, S.BOOL)))
