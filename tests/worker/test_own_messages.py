"""A message against what a class makes of it: what is kept and told, what is work not done, and what is a fault."""

from __future__ import annotations

import json
import math

import pytest

import own_classes
from serbench.codecs.own import OwnBound
from serbench.errors import UnsupportedPayload
from serbench.schema.inference import infer
from serbench.schema.spool import payload_of
from serbench.worker.own_messages import Comparison, cost, differences, path


def compared(message, write, read=None):
    """What a comparison says of one message: the difference, and the words; `write` makes JSON of what was read."""
    bound = OwnBound(
        encode=lambda value: json.dumps(write(value)).encode(),
        decode=read or json.loads,
        kind="Order",
        written_by="",
        explain=lambda _value, error: str(error),
    )
    payload = payload_of("one", infer("One", [message]), [message])
    comparison = Comparison(bound, payload)
    data = bound.encode(bound.decode(json.dumps(message)))
    return comparison.difference(0, data, bound.decode(data)), comparison.words()


def test_a_message_that_comes_back_as_it_was_needs_no_words():
    """Nothing was made of it, nothing added, nothing left out; the order of keys is free."""
    message = {"a": 1, "b": [{"c": "x"}, {"c": None}]}
    assert ("", "") == compared(message, lambda value: dict(reversed(value.items())))


@pytest.mark.parametrize(
    ("message", "written", "words"),
    [
        ({"at": "2024-01-01T00:00:00Z"}, {"at": "2024-01-01T00:00:00+00:00"}, "writes otherwise at "),
        ({"a": [{"p": "1.50"}]}, {"a": [{"p": 1.5}]}, "writes otherwise a[].p ('1.50' (str) as '1.5' (float))"),
        ({"a": 1}, {"a": 1, "b": None}, "adds b (null)"),
        ({"a": 1}, {"a": 1, "b": {"c": "EUR"}}, """adds b ('{"c": "EUR"}')"""),
        ({"a": None, "b": 1}, {"b": 1}, "leaves out a (null)"),
        ({"a": ["y", "x"]}, {"a": ["x", "y"]}, "writes otherwise a ("),
    ],
)
def test_what_a_class_does_on_purpose_is_told(message, written, words):
    """With the path, and an example in quotes, which redaction takes out."""
    difference, said = compared(message, lambda _: written)
    assert "" == difference
    assert said.startswith("It ")
    assert words in said


def test_what_a_class_makes_of_leaves_is_told():
    """Though it writes the very same text again."""
    order = own_classes.Order(
        id=own_classes.UUID(int=1), created=own_classes.dt.datetime(2024, 1, 1), status=None, items=[]
    )
    message = {"a": 1}
    assert ("", "It makes UUID of id, datetime of created") == compared(message, lambda _: message, lambda _: order)


def test_many_paths_are_counted():
    """Three are named."""
    _, words = compared({"z": 0}, lambda value: value | dict.fromkeys("abcdef"))
    assert "It adds a (null), b (null), c (null) and 3 more" == words


@pytest.mark.parametrize(
    ("message", "written", "difference"),
    [
        (
            {"a": [{"p": 12.7}]},
            {"a": [{"p": 12}]},
            "a[0].p: expected 12.7 (float), got 12 (int), which is another value",
        ),
        ({"a": None}, {"a": "None"}, "a: expected None (NoneType), got 'None' (str), which is another value"),
        ({"a": [1, 2]}, {"a": [1]}, "a: expected [1, 2] (list), got [1] (list), which is another value"),
        ({"a": {"b": 1}}, {"a": [1]}, "a: expected {'b': 1} (dict), got [1] (list), which is another value"),
        ({"x.y": "a"}, {"x.y": "b"}, "[\"x.y\"]: expected 'a' (str), got 'b' (str), which is another value"),
    ],
)
def test_another_value_is_a_fault_with_its_path(message, written, difference):
    """Numbers cut to integers, null made text, items lost: none of them is another form of the same."""
    assert difference == compared(message, lambda _: written)[0]


def test_a_field_that_the_class_has_not_makes_the_payload_one_that_it_cannot_carry():
    """It would do less than others, so it is not measured."""
    with pytest.raises(
        UnsupportedPayload, match=r"^instance 0: a\[1\]\.x: Order has no field for it and leaves it out$"
    ):
        compared({"a": [{"y": 1}, {"y": 1, "x": 2}]}, lambda value: {"a": [{"y": one["y"]} for one in value["a"]]})


@pytest.mark.parametrize("default", ["EUR", 7, 1.5, True, [], {}, [1], {"a": 1}])
def test_a_default_that_is_left_out_is_no_loss(default):
    """The class has the field: another value in its place is written."""

    def without(value):
        return {key: item for key, item in value.items() if item != default}

    difference, words = compared({"id": 100, "x": default}, without)
    assert "" == difference
    assert "leaves out x (" in words


def test_a_default_whose_other_values_are_refused_is_no_loss_either():
    """As those of a closed list are."""

    def read(data):
        value = json.loads(data)
        if value.get("x", "EUR") != "EUR":
            raise ValueError
        return value

    assert "" == compared({"id": 1, "x": "EUR"}, lambda value: {"id": value["id"]}, read)[0]


def test_what_was_written_must_say_the_same_once_it_was_read():
    """A class that is another one each time it is read carries nothing."""
    difference, _ = compared({"n": 1}, lambda value: {"n": value["n"] + 1})
    assert difference == "n: written and read and written again, expected 2 (int), got 3 (int)"


def test_nan_is_nan():
    """And not null."""
    assert [] == list(differences([math.nan], [math.nan]))
    assert [((0,), "changed", None)] == [
        (steps, how, after) for steps, how, _, after in differences([math.nan], [None])
    ]


def test_of_several_forms_the_one_that_loses_least_is_the_cheapest():
    """Whatever raises is worst; another value is worse than another form or a default."""
    payload = payload_of("one", infer("One", [{"a": "1.0"}]), [{"a": "1.0"}])

    def form(write):
        return OwnBound(
            encode=lambda value: json.dumps(write(value)).encode(),
            decode=json.loads,
            kind="Order",
            written_by="",
            explain=lambda _value, error: str(error),
        )

    writers = (
        lambda value: value,
        lambda value: value | {"b": None},
        lambda _: {"a": 2},
        lambda value: value["nothing"],
    )
    costs = [cost(form(write), payload) for write in writers]
    assert costs == sorted(set(costs))
    assert 0 == costs[0]
    assert costs[1] == cost(form(lambda _: {"a": 1.0}), payload)


def test_the_way_is_written_as_every_path_is():
    """Keys that look like two are in quotes."""
    assert 'a[0]["x.y"].b' == path(("a", 0, "x.y", "b"))
    assert "(root)" == path(())
