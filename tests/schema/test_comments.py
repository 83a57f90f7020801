"""What is said beside fields."""

from __future__ import annotations

import pytest
from printing import schema_of

from serbench.schema.types import records_of


def notes(messages, **wishes):
    """The comments of the root's fields."""
    root = records_of(schema_of(messages, comments=True, **wishes))[-1]
    return {field.name: field.note for field in root.fields}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 99, 4_000], "1 to 4,000"),
        ([7, 7], "always 7"),
        ([7], ""),
        ([1, 2_000_000_000], "1 to 2,000,000,000; near the end of 32 bits"),
        ([0.5, 2.5], "0.5 to 2.5"),
        ([1 / 3, 2e9 / 7], "0.333333 to 2.85714e+08"),
        ([1, 2.5], "1 to 2.5; whole numbers among them"),
        ([None, 3, 4], "null in 1; 3 to 4"),
        ([None, None], "always null, so its type is not known"),
        ([[], []], "always empty, so the type of its items is not known"),
        ([[1], [5, 6]], "each 1 to 6"),
        ([[1.5, 2.5]] * 8, "always 2 items; each 1.5 to 2.5"),
        ([{"1": 5}, {"2": 6}], "2 different keys; each 5 to 6"),
        (["a", "b", "a", "b"], '"a" or "b"'),
        (["a", "a"], 'always "a"'),
        (["a", "b"], ""),
        (["2024-01-01", "2024-01-02"], "dates"),
        ([1, "x"], ""),
        ([True, False], ""),
        (["\n", "\n"], ""),
    ],
)
def test_what_was_seen_is_told(values, expected):
    """Ranges, forms, and what there is always."""
    assert expected == notes([{"a": value} for value in values])["a"]


def test_how_often_a_field_is_there():
    """Of those that some lack."""
    assert {"a": "", "b": "in 1 of 3; always null, so its type is not known"} == notes(
        [{"a": True}, {"a": True, "b": None}, {"a": True}]
    )


def test_a_comment_is_one_line_whatever_the_keys_are():
    """Places of a record that is used in several."""
    place = {"street": "x", "city": "y", "zip": "z"}
    records = records_of(schema_of([{"a\n\ud800_address": place, "b_address": place}], comments=True))
    assert r"Of a\n\ud800_address, b_address." == records[0].note


def test_no_comments_on_request():
    """Neither of fields nor of records."""
    records = records_of(schema_of([{"a": 1}, {"b": {"c": 1}}]))
    assert {""} == {one.note for record in records for one in (record, *record.fields)}
