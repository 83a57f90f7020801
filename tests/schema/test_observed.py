"""What was seen in each place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from printing import observed
from shapes import JSON_VALUES

from serbench.schema.observed import MOST_CHARACTERS, MOST_KEYS, MOST_TEXTS, Observed, Range, Texts


def told(seen: Observed):
    """All of it as plain values, to be compared."""
    texts = seen.texts and (seen.texts.count, set(seen.texts.different or ()), seen.texts.forms)
    ranges = (seen.integers, seen.floats, seen.lengths)
    below = {name: told(one) for name, one in seen.keys.items()}, seen.items and told(seen.items)
    return seen.count, seen.nulls, seen.dicts, ranges, texts, below


def test_numbers_lists_and_texts_are_told_apart():
    """Of each place the range of its numbers, the lengths of its lists and its texts."""
    seen = observed([{"a": 1, "b": [1.5, 2.5]}, {"a": 7, "b": []}, {"a": None, "c": "x"}])
    assert (3, 3) == (seen.count, seen.dicts)
    assert Range(1, 7) == seen.keys["a"].integers
    assert (3, 1) == (seen.keys["a"].count, seen.keys["a"].nulls)
    assert Range(0, 2) == seen.keys["b"].lengths
    assert Range(1.5, 2.5) == seen.keys["b"].items.floats
    assert ["x"] == list(seen.keys["c"].texts.different)


def test_booleans_are_no_integers_and_nan_no_float():
    """Neither widens a range."""
    seen = observed([True, float("nan"), float("inf"), 2.0])
    assert seen.integers is None
    assert Range(2.0, 2.0) == seen.floats


@given(st.lists(JSON_VALUES, max_size=6), st.lists(JSON_VALUES, max_size=6))
def test_two_halves_are_the_whole(first, second):
    """What was seen apart and put together is what is seen at once."""
    halves = observed(first)
    halves.absorb(observed(second))
    assert told(observed([*first, *second])) == told(halves)


def test_texts_are_kept_while_they_are_few_and_short():
    """Many, or one that is long, are counted only."""
    for texts in ([str(n) for n in range(MOST_TEXTS + 1)], ["x" * (MOST_CHARACTERS + 1), "y"]):
        seen = Texts()
        seen.add(texts)
        seen.add(["y"])
        assert (len(texts) + 1, None) == (seen.count, seen.different)


def test_keys_are_kept_while_they_are_few():
    """Of too many keys, what stands under any of them is told."""
    seen = observed([{f"k{n}": n} for n in range(MOST_KEYS + 1)])
    assert {} == seen.keys
    assert Range(0, MOST_KEYS) == seen.values.integers == seen.any_key().integers


def test_forms_are_what_all_texts_look_like():
    """One that looks otherwise is enough that there is none."""
    forms = {
        "RFC 3339 times": ["2024-01-01T10:00:00Z", "2024-01-01T10:00:00.123+02:00"],
        "dates": ["2024-01-01"],
        "UUIDs": ["123e4567-e89b-12d3-a456-426614174000"],
        "URLs": ["https://example.com/x?y=1"],
    }
    for form, texts in forms.items():
        assert (form,) == observed(texts).texts.forms
        assert () == observed([*texts, "else"]).texts.forms
