"""Which texts are enums."""

from __future__ import annotations

import pytest
from printing import schema_of

from serbench.schema.types import Enum, List, Map, Scalar, Union, records_of

STATES = ["open", "closed"] * 10


def kinds(messages, enums=16):
    """The types of the root's fields."""
    return {field.name: field.type for field in records_of(schema_of(messages, "Order", enums=enums))[-1].fields}


def test_few_texts_that_come_again_and_again_are_an_enum():
    """Named after the field, and after the record where the field says little."""
    found = kinds([{"state": state, "payment_state": state} for state in STATES])
    assert Enum(name="OrderState", values=("open", "closed")) == found["state"]
    assert "PaymentState" == found["payment_state"].name


def test_null_items_and_values_of_maps():
    """Null is no text, and what is in lists and maps counts as well."""
    messages = [{"state": s, "tags": [s], "by": {"1": s}} for s in STATES] + [{"state": None, "tags": [], "by": {}}]
    found = kinds(messages)
    state = Enum(name="OrderState", values=("open", "closed"))
    assert Union((state, Scalar.NULL)) == found["state"]
    assert List(Enum(name="OrderTag", values=("open", "closed"))) == found["tags"]
    assert Map(Scalar.STRING, Enum(name="OrderBy", values=("open", "closed"))) == found["by"]


@pytest.mark.parametrize(
    "texts",
    [
        ["open"] * 40,
        STATES[:19],
        [f"state {n % 17}" for n in range(170)],
        [f"state {n % 16}" for n in range(63)],
        ["1", "2"] * 10,
        ["open", "x" * 41] * 10,
        ["open", "é"] * 10,
        ["open", ""] * 10,
        ["https://x.org/a", "https://x.org/b"] * 10,
        ["2024-01-01", "2024-01-02"] * 10,
        [*STATES, 1],
    ],
    ids=["one", "few seen", "many", "seldom", "digits", "long", "letters", "empty", "URLs", "dates", "no text"],
)
def test_other_texts_stay_texts(texts):
    """That values are few is no proof that there will be no other, so little makes an enum."""
    kind = kinds([{"state": text} for text in texts])["state"]
    assert kind in (Scalar.STRING, Union((Scalar.INT32, Scalar.STRING)))


def test_how_many_values_is_for_the_user_to_say():
    """None at all where nobody asks for enums."""
    messages = [{"state": f"state {n % 20}"} for n in range(100)]
    assert Scalar.STRING == kinds(messages)["state"]
    assert 20 == len(kinds(messages, enums=20)["state"].values)
    assert Scalar.STRING == kinds([{"state": state} for state in STATES], enums=0)["state"]


def test_the_same_values_under_the_same_name_are_one_enum():
    """Others of that name have another."""
    messages = [{"a": {"x": {"kind": s}}, "kind": s, "b": {"kind": s.upper()}} for s in STATES]
    enums = {
        (record.name, field.type.name)
        for record in records_of(schema_of(messages, "Order", enums=16))
        for field in record.fields
        if isinstance(field.type, Enum)
    }
    assert {("X", "XKind"), ("Order", "XKind"), ("B", "BKind")} == enums
