"""Schemas as people would write them."""

from __future__ import annotations

from dataclasses import replace

from printing import observed, schema_of
from wild import ISSUES

from serbench.schema.printed import Wishes, printed
from serbench.schema.types import Enum, List, Map, Optional, Scalar, Schema, Union, record, records_of

MONEY = record("Money", amount=Scalar.INT64)
STATED = Schema("Order", record("Order", price=MONEY, total=Optional(MONEY), state=Scalar.STRING, ratio=Scalar.FLOAT32))


def names(*messages) -> list[str]:
    """The names of all records, the root's last."""
    return [record.name for record in records_of(schema_of(messages))]


def test_items_and_values_of_maps_are_in_the_singular():
    """As people name them."""
    assert ["LineItem", "Price", "Root"] == names({"line_items": [{"a": 1}], "prices": {"1": {"b": 1}, "2": {"b": 2}}})


def test_a_name_that_is_taken_has_the_name_of_what_it_is_in_before_it():
    """Those further out have the plain names."""
    assert ["Spec", "Pod", "NodeSpec", "Node", "Root"] == names({"pod": {"spec": {"a": 1}}, "node": {"spec": {"b": 1}}})


def test_items_whose_name_says_nothing_are_called_after_what_they_are_in():
    """`data` of `charges` are charges."""
    assert ["Charge", "Charges", "Root"] == names({"charges": {"data": [{"a": 1}]}})


def test_the_root_says_where_all_is_from():
    """In its comment, before it all."""
    wishes = Wishes(name="Issue", origin="Inferred.")
    assert "Inferred." == printed(schema_of(ISSUES), observed(ISSUES), wishes).root.note


def test_a_stated_schema_stays_what_it_is():
    """Names, records, numbers and types; only the root has another name if one is asked for."""
    messages = [{"price": {"amount": 1}, "state": "ab"[n % 2] * 2, "ratio": 1} for n in range(20)]
    wishes = Wishes(name="Sale", stated=True, comments=False)
    made = printed(STATED, observed(messages), wishes)
    assert Schema("Sale", replace(STATED.root, name="Sale")) == made


def test_a_stated_schema_has_enums_and_comments_as_well():
    """Money of all places together."""
    messages = [{"price": {"amount": n}, "total": {"amount": 50}, "state": ("on", "off")[n % 2]} for n in range(20)]
    made = printed(STATED, observed(messages), Wishes(name="Order", stated=True, enums=16))
    assert Enum(name="OrderState", values=("on", "off")) == made.root.fields[2].type
    money = records_of(made)[0]
    assert ("0 to 50", "Of price, total.") == (money.fields[0].note, money.note)


def test_keys_that_are_data_make_a_map():
    """Paths, codes and dates as keys, whose values are then one record."""
    paths = {"/a": {"200": {"description": "x"}}, "/b": {"200": {"description": "y"}, "404": {"schema": 1}}}
    kind = schema_of([{"paths": paths}]).root.fields[0].type
    assert isinstance(kind, Map)
    assert isinstance(kind.value, Map)
    assert [True, True] == [field.optional for field in kind.value.value.fields]


def test_a_root_of_any_type():
    """Lists and bare values are what they are."""
    assert List(Scalar.INT32) == schema_of([[1]]).root
    assert Union((Scalar.INT32, Scalar.STRING)) == schema_of([1, "x"]).root
