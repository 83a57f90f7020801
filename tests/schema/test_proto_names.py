"""Names of protobuf's fields."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.schema.names import lower_camel
from serbench.schema.proto_names import identifiers, in_camel_case, json_names
from serbench.schema.types import Field, Record, Scalar


def of(*names: str) -> Record:
    """A record with these fields."""
    fields = (Field(name=name, type=Scalar.BOOL, number=number) for number, name in enumerate(names, start=1))
    return Record("Any", tuple(fields))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("unit_price", "id", "line_1", "class", "message"), ["unit_price", "id", "line_1", "class", "message"]),
        (("unitPrice", "HTTPMethod", "Name", "ID"), ["unit_price", "http_method", "name", "id"]),
        (("@type", "$ref", "_id", "x-rate", "1st", "größe", "", "+1"), None),
        (("foo_bar", "fooBar", "foo-bar"), ["foo_bar", "foo_bar_2", "foo_bar_3"]),
        (("fooBar", "foo_bar"), ["foo_bar_2", "foo_bar"]),
    ],
)
def test_names_are_in_snake_case(names, expected):
    """What is written so stays; the rest becomes what is nearest."""
    expected = expected or ["type", "ref", "id", "x_rate", "f_1_st", "gr_e", "f", "f_1"]
    assert expected == list(identifiers(of(*names)).values())


@given(st.lists(st.text(max_size=4) | st.sampled_from(["a_b", "aB", "a-b", "AB", "a__b", "a_b_2"]), unique=True))
def test_identifiers_are_unique_and_allowed(names):
    """Whatever the names: they do not even meet in lowerCamelCase."""
    made = list(identifiers(of(*names)).values())
    assert len(names) == len({lower_camel(name) for name in made})
    assert [] == [name for name in made if not re.fullmatch("[a-z][a-z0-9_]*", name)]


def test_json_names_are_stated_where_they_are_no_rule():
    """Of keys in camelCase those that protobuf would not make; of others those that are no name of a field."""
    camel, snake = of("unitPrice", "taxRate", "in_stock", "@id"), of("unit_price", "tax_rate", "inStock", "@id")
    assert in_camel_case([camel])
    assert {"in_stock", "@id"} == set(json_names(camel, camel=True))
    assert not in_camel_case([snake])
    assert {"inStock", "@id"} == set(json_names(snake, camel=False))


def test_a_json_name_of_another_field_is_never_left_to_protobuf():
    """`foo_bar` would be `fooBar`, which is another field here."""
    assert {"foo_bar", "fooBar"} == set(json_names(of("foo_bar", "fooBar"), camel=False))
