"""The code between plain values and Cap'n Proto messages. With the library it is tested with the codec."""

from __future__ import annotations

import pytest

from serbench.schema.capnp_code import builder, converter, reader
from serbench.schema.types import List, Map, Optional, Scalar, record

KIND = record(
    "Root",
    unit_price=Scalar.INT64,
    count=Optional(Scalar.INT64),
    note=Optional(Scalar.STRING),
    labels=Map(Scalar.STRING, Scalar.STRING),
    items=List(record("Item", tags=List(Scalar.STRING))),
)


class Fake:
    """A struct that writes down what is asked of it."""

    def __init__(self, asked: list, path: str = "", **fields):
        self.__dict__.update(asked=asked, path=path, fields=fields)

    def __getattr__(self, name):
        self.asked.append(f"{self.path}{name}")
        return self.fields[name]

    def _has(self, name):
        self.asked.append(f"{self.path}{name}?")
        return name in self.fields


def message(asked: list) -> Fake:
    """A message without a note."""
    return Fake(
        asked,
        unitPrice=5,
        count=Fake(asked, "count.", value=0),
        labels=[Fake(asked, "labels.", key="k", value="v")],
        items=[Fake(asked, "items.", tags=["a"])],
    )


def test_every_leaf_is_read_once_and_what_may_be_absent_is_asked_for():
    """By the names that Cap'n Proto has for fields."""
    asked = []
    assert reader(KIND)(message(asked)) is None
    leaves = ["unitPrice", "count", "count.value?", "count.value", "note?", "labels", "labels.key", "labels.value"]
    assert asked == [*leaves, "items", "items.tags"]


def test_a_message_becomes_the_plain_value():
    """With the names of the plain value, and without what is absent."""
    plain = {"unit_price": 5, "count": 0, "labels": {"k": "v"}, "items": [{"tags": ["a"]}]}
    assert plain == converter(KIND)(message([]))


def test_what_is_absent_is_not_set():
    """A struct that is set is there."""

    class Message:
        pass

    made = builder(record("Root", a=Optional(Scalar.STRING), b=Scalar.STRING, c=List(List(Scalar.INT64))), Message)
    assert vars(made({"b": "x", "c": ((1,), [])})) == {"b": "x", "c": ((1,), [])}
    with pytest.raises(KeyError):
        made({"a": "y"})
