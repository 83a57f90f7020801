"""Keys that stand twice: none is missed, and nothing else is taken for one."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspected import inspection, spots, texts, warned

from serbench.inspection import doubles

KEYS = st.sampled_from(["a", "b", ":", "c:d", "\\", '"', "\\u003a"])
LEAVES = st.integers(0, 9) | st.sampled_from(["", ":", "x:y", "\\u003a", '\\"'])


class Pairs(list):
    """The members of an object, in which keys may stand twice."""


VALUES = st.recursive(
    LEAVES,
    lambda inside: st.lists(inside, max_size=3) | st.lists(st.tuples(KEYS, inside), max_size=4).map(Pairs),
    max_leaves=10,
)


def written(value):
    """A value as JSON text."""
    if isinstance(value, Pairs):
        members = ", ".join(f"{json.dumps(key)}: {written(item)}" for key, item in value)
        return f"{{{members}}}"
    return f"[{', '.join(map(written, value))}]" if isinstance(value, list) else json.dumps(value)


def lost(value):
    """How many values of a text are lost, those inside of lost ones left out."""
    if isinstance(value, Pairs):
        kept = dict(value)
        return len(value) - len(kept) + sum(map(lost, kept.values()))
    return sum(map(lost, value)) if isinstance(value, list) else 0


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """One place for all examples."""
    return tmp_path_factory.mktemp("doubles") / "any.ndjson"


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_every_lost_value_is_counted(file, values):
    """Whatever colons stand in texts and in keys."""
    found = warned(inspection(texts(file, map(written, values)))).get("duplicate-key")
    assert sum(map(lost, values)) == (sum(spot.count for spot in found.spots) if found else 0)


def test_a_text_without_is_not_looked_into(tmp_path, monkeypatch):
    """Which would take longer than all the rest; one with is, and so is one with a colon that is an escape."""
    looked = []
    monkeypatch.setattr("serbench.inspection.survey.doubles", lambda text: looked.append(text) or Counter())
    inspection(texts(tmp_path / "a.ndjson", ['{"a:": ":", "b": [{"c": "::"}, {}]}', '"::"']))
    assert [] == looked
    inspection(texts(tmp_path / "b.ndjson", ['{"a": 1, "a": 2}']))
    inspection(texts(tmp_path / "c.ndjson", [r'{"a": "\u003A"}']))
    assert [b'{"a": 1, "a": 2}\n', b'{"a": "\\u003A"}\n'] == looked


def test_a_colon_that_is_an_escape_hides_no_lost_key(tmp_path):
    """Although the text has as many colons as its value then."""
    found = inspection(texts(tmp_path / "a.ndjson", [r'{"a": "\u003a", "b": 1, "b": 2}']))
    assert [("$.b", 1, "line 1")] == spots(found, "duplicate-key")


def test_its_place_and_its_first_message_are_told(tmp_path):
    """Also where the same key twice is written in two ways."""
    made = ['{"a": 1}', '{"x": [{"k": 1, "k": 2, "k": 3}]}', '{"x": [{"k": 1}], "y": 1, "\\u0079": 2}', '{"y":1,"y":1}']
    found = inspection(texts(tmp_path / "a.ndjson", made))
    assert [("$.x[].k", 2, "line 2"), ("$.y", 2, "line 3")] == spots(found, "duplicate-key")


def test_keys_that_are_data_are_told_together(tmp_path):
    """As in the table of fields."""
    members = ", ".join(f'"k{n}": {{}}, "k{n}": {{}}' for n in range(40))
    path = tmp_path / "a.json"
    path.write_text(f"{{{members}}}")
    assert [("$.*", 40, f"{path}")] == [(p, n, str(path)) for p, n, _ in spots(inspection(path), "duplicate-key")]


def test_a_lone_colon_is_enough_to_look():
    """More or fewer colons than the values have."""
    assert not doubles.suspect([b'{"a": 1}', b"[]"], 1)
    assert doubles.suspect([b'{"a": 1}', b"[]"], 0)
    assert doubles.suspect([b'"\\u003a"'], 1)
