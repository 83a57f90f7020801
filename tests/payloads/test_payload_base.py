"""The sources of chance that generators use."""

from __future__ import annotations

import uuid
from datetime import datetime
from random import Random

import pytest

from serbench.payloads import base


def test_below_and_between_reach_both_ends():
    """Every integer of the range is drawn, and none beside it."""
    rng = Random(1)
    assert {base.below(rng, 4) for _ in range(200)} == {0, 1, 2, 3}
    assert {base.between(rng, -1, 2) for _ in range(200)} == {-1, 0, 1, 2}


def test_pick_takes_any_item():
    """Each item can be picked."""
    rng = Random(1)
    assert {base.pick(rng, "abc") for _ in range(100)} == set("abc")


def test_chance_is_as_likely_as_it_says():
    """A share of draws near the probability is true."""
    rng = Random(1)
    assert sum(base.chance(rng, 0.25) for _ in range(10_000)) == pytest.approx(2_500, rel=0.05)


def test_some_are_different_items():
    """So many different items, or all that there are."""
    rng = Random(1)
    drawn = [base.some(rng, "abcd", 3) for _ in range(100)]
    assert all(len(set(items)) == 3 for items in drawn)
    assert {item for items in drawn for item in items} == set("abcd")
    assert sorted(base.some(rng, "ab", 9)) == ["a", "b"]


def test_weighted_repeats_names():
    """A name stands as often as its weight."""
    assert base.weighted(card=2, cash=1) == ("card", "card", "cash")


def test_magnitudes_are_even():
    """Small counts are as frequent as large ones, and none needs more than the bits."""
    rng = Random(1)
    drawn = [base.magnitude(rng, 20) for _ in range(4_000)]
    assert max(drawn) < 1 << 20
    assert sum(value < 1 << 10 for value in drawn) == pytest.approx(2_000, rel=0.1)


def test_a_bell_is_around_zero():
    """The sum of four uniform numbers has mean 0 and variance 1/3."""
    rng = Random(1)
    drawn = [base.bell(rng) for _ in range(20_000)]
    assert sum(drawn) / len(drawn) == pytest.approx(0, abs=0.02)
    assert sum(value * value for value in drawn) / len(drawn) == pytest.approx(1 / 3, rel=0.03)


def test_identifiers_are_uuids():
    """An identifier is a random UUID in the usual form."""
    rng = Random(1)
    made = [base.identifier(rng) for _ in range(100)]
    assert [str(uuid.UUID(text)) for text in made] == made
    assert {(uuid.UUID(text).version, uuid.UUID(text).variant) for text in made} == {(4, uuid.RFC_4122)}


def test_snowflakes_sort_by_time():
    """A later id is larger, and both need more than 53 bits."""
    rng = Random(1)
    earlier, later = base.snowflake(rng, base.NOW_MS), base.snowflake(rng, base.NOW_MS + 1)
    assert 1 << 53 < earlier < later < 1 << 63


def test_times_are_rfc_3339():
    """Milliseconds are kept, and UTC is said by Z."""
    assert base.rfc3339(base.NOW_MS) == "2026-01-01T00:00:00.000Z"
    text = base.rfc3339(base.NOW_MS + 86_399_999)
    assert text == "2026-01-01T23:59:59.999Z"
    assert datetime.fromisoformat(text).timestamp() * 1000 == base.NOW_MS + 86_399_999
