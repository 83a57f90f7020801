"""Records of one shape are one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from printing import schema_of
from shapes import JSON_VALUES

from serbench.schema.shapes import joined
from serbench.schema.types import List, Map, Record, Scalar, Union, records_of

S = Scalar
PLACE = {"street": "x", "city": "y", "postcode": "1", "country": "DE"}


def names(*messages) -> list[str]:
    """The names of all records, the root's last."""
    return [record.name for record in records_of(schema_of(messages))]


def fields(record: Record) -> dict[str, tuple[object, bool]]:
    """The type of each field, and whether it is optional."""
    return {field.name: (field.type, field.optional) for field in record.fields}


def test_the_same_fields_are_the_same_record():
    """Whatever it is called, where the fields say what it is."""
    assert ["Address", "Root"] == names({"billing_address": PLACE, "shipping_address": PLACE})
    money = {"amount": 1, "currency": "EUR"}
    assert ["AmountAndCurrency", "Root"] == names({"price": money, "total": money})


def test_fields_that_are_everywhere_say_nothing():
    """Two things with a name and an id are two things."""
    assert ["Brand", "Category", "Root"] == names({"brand": {"id": 1, "name": "x"}, "category": {"id": 2, "name": "y"}})


def test_records_that_are_called_alike_need_most_fields_in_common():
    """What one of them lacks is optional, and what is null in one has its type from the other."""
    more = {**PLACE, "region": "z", "city": None}
    schema = schema_of([{"a": {"address": PLACE}, "b": {"address": more}}])
    address = next(record for record in records_of(schema) if record.name == "Address")
    assert (S.STRING, True) == fields(address)["region"]
    assert (Union((S.STRING, S.NULL)), False) == fields(address)["city"]
    assert [1, 2, 3, 4, 5] == [field.number for field in address.fields]
    apart = names({"a": {"spec": {"x": 1, "y": 2}}, "b": {"spec": {"x": 1, "z": 2}}})
    assert ["Spec", "A", "BSpec", "B", "Root"] == apart


def test_fields_of_two_types_are_no_one_field():
    """Such records stay apart."""
    assert 3 == len(names({"a": {"part": {"size": 1, "unit": "x"}}, "part": {"size": "1", "unit": "x"}})) - 1


def test_a_record_is_not_taken_for_one_that_is_in_it():
    """There are no types that contain themselves."""
    inner = {"value": 1, "weight": 2}
    made = names({"node": {**inner, "node": {**inner, "node": inner}}})
    assert 4 == len(set(made)) == len(made)


def test_the_root_is_a_record_of_its_own():
    """It is called as its user says."""
    assert ["Place", "Root"] == names({**PLACE, "place": PLACE})


def test_whole_numbers_among_others_are_floats():
    """As long as a float has room for them."""
    (root,) = records_of(schema_of([{"a": 1, "b": [1, 2.5], "c": (1 << 53) + 1}, {"a": 1.5, "b": [None], "c": 1.5}]))
    assert (S.FLOAT64, False) == fields(root)["a"]
    assert (List(Union((S.FLOAT64, S.NULL))), False) == fields(root)["b"]
    assert (Union((S.INT64, S.FLOAT64)), False) == fields(root)["c"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (S.INT32, S.INT32, S.INT32),
        (S.INT32, S.INT64, S.INT64),
        (S.INT32, S.UINT64, None),
        (S.INT32, S.FLOAT64, S.FLOAT64),
        (S.INT64, S.FLOAT64, None),
        (S.NULL, S.STRING, Union((S.STRING, S.NULL))),
        (Union((S.STRING, S.NULL)), S.STRING, Union((S.STRING, S.NULL))),
        (Union((S.STRING, S.INT32)), S.NULL, Union((S.STRING, S.INT32, S.NULL))),
        (Union((S.STRING, S.INT32)), S.STRING, None),
        (List(S.NULL), List(S.STRING), List(Union((S.STRING, S.NULL)))),
        (Map(S.STRING, S.INT32), Map(S.STRING, S.INT64), Map(S.STRING, S.INT64)),
        (Map(S.STRING, S.INT32), Map(S.INT32, S.INT32), None),
        (S.STRING, S.INT32, None),
    ],
)
def test_types_that_one_type_holds(one, other, expected):
    """Widths are widened and null is added; other types are not one."""
    assert expected == joined(one, other)


@given(st.lists(JSON_VALUES, min_size=1, max_size=4))
def test_names_are_unique_and_numbers_too(messages):
    """Whatever the messages, of records as of the fields in each."""
    made = records_of(schema_of(messages, enums=16, comments=True))
    assert len(made) == len({record.name for record in made})
    for record in made:
        assert len(record.fields) == len({field.number for field in record.fields})
        assert len(record.fields) == len({field.name for field in record.fields})
