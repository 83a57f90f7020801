"""Python objects as payloads."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import pytest

from serbench.errors import UnusableFile, UsageError
from serbench.payloads.files.load import load_objects
from serbench.payloads.files.objects import Instances, given
from serbench.schema.types import List, Map, Scalar, record


@dataclass
class Item:
    """A message of a program."""

    sku: str
    parts: list


def test_any_object_is_a_message():
    """It is named `object`, the next `object-2`; a list is one message, and so is None."""
    found = given([{"a": 1}, Instances("orders", [1, 2]), [1, 2], None])
    assert ["object", "orders", "object-2", "object-3"] == [one.name for one in found]
    loaded = [load_objects(one) for one in found]
    assert [({"a": 1},), (1, 2), ([1, 2],), (None,)] == [packed.payload.instances for packed, _ in loaded]
    assert ("objects of a program", "python:orders") == (loaded[1][1].title, loaded[1][1].origin)


def test_what_json_has_not_comes_through():
    """Bytes, tuples, and whole numbers as keys."""
    value = {"raw": b"\xff", "pair": (1, 2), "by": {1: "a", -5: "b"}}
    packed, _ = load_objects(Instances("odd", [value]))
    assert (value,) == packed.payload.instances
    assert record("Odd", raw=Scalar.BYTES, pair=List(Scalar.INT32), by=Map(Scalar.INT32, Scalar.STRING)) == (
        packed.payload.schema.root
    )


def test_dataclasses_are_dicts():
    """At any depth."""
    packed, _ = load_objects(Instances("items", [Item("a", [Item("b", []), {"x": Item("c", [])}])]))
    inner = [{"sku": "b", "parts": []}, {"x": {"sku": "c", "parts": []}}]
    assert ({"sku": "a", "parts": inner},) == packed.payload.instances


def test_a_stream_is_gone_through_once_and_only_its_beginning_is_kept():
    """The schema is that of all."""
    drawn = []
    stream = (drawn.append(n) or (n if n < 2999 else "last") for n in range(3000))
    packed, info = load_objects(Instances("stream", stream), count=2)
    assert ((0, 1), "objects of a program, its first 2 of 3,000 messages") == (packed.payload.instances, info.title)
    assert {Scalar.INT32, Scalar.STRING} == set(packed.payload.schema.root.options)
    assert 3000 == len(drawn)


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        (
            [1, {"at": dt.date(2026, 1, 1)}],
            "python:x: message 2: at: datetime.date is no plain value; convert it first",
        ),
        ([{1.5: 2}], "python:x: message 1: keys of dicts are text, or all of them whole numbers; here: float"),
        ([], "python:x: no message in it"),
    ],
)
def test_an_object_that_is_no_message_is_one_line(values, complaint):
    """With its number and its place."""
    with pytest.raises(UnusableFile, match=re.escape(complaint)):
        load_objects(Instances("x", values))


def test_instances_that_are_none_are_refused():
    """One message is no list of them, and a payload has a name."""
    for values, kind in (({"a": 1}, "dict"), ("text", "str"), (7, "int")):
        with pytest.raises(UsageError, match=f"Instances 'x': values are a list of messages, not one {kind}; put it"):
            given([Instances("x", values)])
    with pytest.raises(UsageError, match="the name of Instances is a text of its own, not ''"):
        given([Instances("", [])])
