"""Texts and times of the same form."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outlines import of_text

from serbench.payloads.vary import times
from serbench.payloads.vary.draws import Turn
from serbench.payloads.vary.texts import Letters, Texts

ANY_TEXT = st.text(st.characters(codec=None), max_size=40)
TIMES = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 28)).flatmap(  # noqa: DTZ001 - zones are written behind it
    lambda at: st.sampled_from(
        [
            *(at.isoformat(timespec=part) for part in ("minutes", "seconds", "milliseconds", "microseconds")),
            *(at.isoformat(timespec="seconds") + zone for zone in ("Z", "+02:00", "-11:30")),
            *(at.isoformat(" ", "seconds"), at.date().isoformat(), at.time().isoformat("seconds")),
        ]
    )
)


def made(*texts, seed=1, keys=False, counts=None):
    """What an instance has in place of texts of one place."""
    letters = Letters()
    for text in texts:
        letters.see(text)
    rng = Random(seed)
    turn, place = Turn(rng, letters.table(rng)), Texts(counts or Counter(texts), keys=keys)
    return [place.draw(turn, text) for text in texts]


@given(ANY_TEXT, st.integers(0, 99))
def test_form_and_length_stay(text, seed):
    """In characters, in UTF-8, and as JSON; letters for letters, digits for digits, all else as it is."""
    if not re.search("[0-9]:[0-9]|[0-9]-[0-9]", text):
        (other,) = made(text, seed=seed)
        assert of_text(text) == of_text(other)


@given(st.lists(ANY_TEXT, min_size=2, max_size=5, unique=True), st.integers(0, 99))
def test_what_is_different_stays_different_where_no_time_is(texts, seed):
    """A cipher has an inverse, so keys never meet."""
    if not re.search("[0-9]:[0-9]|[0-9]-[0-9]", " ".join(texts)):
        assert len(set(made(*texts, seed=seed, keys=True))) == len(texts)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("7c9e6679-7425-40de-944b-e07fc1f90ae7", r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
        (
            "https://api.example.com/v1/orders/1001?page=2",
            r"https://[a-z]{3}\.[a-z]{7}\.[a-z]{3}/[a-z]\d/[a-z]{6}/\d00\d\?[a-z]{4}=\d",
        ),
        ("Zoë.O'Brien@example.co.uk", r"[A-Z][a-z]ë\.[A-Z]'[A-Z][a-z]{4}@[a-z]{7}\.[a-z]{2}\.[a-z]{2}"),
        ("SGVsbG8gd29ybGQ=", r"[A-Za-z0-9]{15}="),
        ("at 2026-02-28T23:59:59.123Z, 12:30", r"[a-z]{2} 2026-02-28T\d\d:\d\d:\d\d\.\d{3}Z, \d\d:\d\d"),
        ("2026-13-45 is no day", r"\d0\d\d-\d\d-\d\d [a-z]{2} [a-z]{2} [a-z]{3}"),
    ],
)
def test_what_has_a_form_keeps_it(text, pattern):
    """Ids, addresses, names and times look like such, and are others."""
    found = {made(text, seed=seed)[0] for seed in range(20)}
    assert len(found) > 15
    assert all(re.fullmatch(pattern, other) for other in found)


def test_one_cipher_for_an_instance():
    """What is the same in two texts is the same still, in capitals too; the next instance has another cipher."""
    several = [made("order", "Order", "reorder", seed=seed) for seed in range(9)]
    assert all((first.title(), first) == (second, third[2:]) for first, second, third in several)
    assert len({first for first, _, _ in several}) == 9


def test_scripts_are_kept_to_letters_that_were_seen():
    """Cyrillic becomes Cyrillic, a kanji another one of the messages; emoji stay."""
    old = "Привет мир 日本語 ✨👀"
    (new,) = made(old)
    assert new != old
    assert set(old) == set(new)
    assert [unicodedata.name(c).split()[0] for c in old if c.isalpha()] == (
        [unicodedata.name(c).split()[0] for c in new if c.isalpha()]
    )
    assert new.endswith(" ✨👀")


def test_few_texts_again_and_again_are_all_there_are():
    """A state is one that was seen, as often as it was; as a key it is like any other."""
    counts = Counter(paid=30, cancelled=10)
    place, rng = Texts(counts), Random(1)
    found = Counter(place.draw(Turn(rng, Letters().table(rng)), "paid") for _ in range(1000))
    assert {"paid", "cancelled"} == set(found)
    assert 650 < found["paid"] < 850
    keys = {key for seed in range(9) for key in made("paid", seed=seed, keys=True, counts=counts)}
    assert len(keys) > 5
    assert {4} == set(map(len, keys))


def test_what_is_no_day_is_no_time():
    """Its digits are like any others."""
    assert len({made("2026-13-45", seed=seed)[0] for seed in range(9)}) == 9


def test_a_day_stays_in_its_month():
    """The shortest of them as well, and is any of its days but the last few."""
    found = {made("2026-02-10", seed=seed)[0] for seed in range(200)}
    assert ("2026-02-01", "2026-02-28") == (min(found), max(found))


@given(TIMES, st.integers(0, 99))
def test_times_become_times(text, seed):
    """Of the same form and valid; a day in the same month, a time on the same day; the zone stays."""
    (other,) = made(text, seed=seed)
    assert times.form(text) == times.form(other)
    clock = text[-8:] if ":" in text and "-" not in text[:5] else ""
    if not clock:
        assert text[:7] == other[:7]
        assert datetime.fromisoformat(other) is not None
        assert (text[:10] == other[:10]) or len(text) == 10
        assert datetime.fromisoformat(text).utcoffset() == datetime.fromisoformat(other).utcoffset()
    else:
        assert datetime.strptime(other, "%H:%M:%S") is not None  # noqa: DTZ007 - a time of day


def test_of_many_times_new_ones_lie_between_the_next():
    """A log stays in order, nearly; a fraction of nothing but zeros stays, another one does not."""
    log = [f"2026-01-01T00:{minute:02}:00.000Z" for minute in range(20)]
    for n, other in enumerate(made(*log)):
        assert log[max(n - 1, 0)] <= other <= log[min(n + 1, 19)]
        assert other.endswith(".000Z")
    assert made("2026-01-01T00:00:00.125Z")[0][-4:] != "125Z"


def test_the_same_time_twice_stays_the_same():
    """Created when it was changed."""
    first, second = made("2026-01-01T00:00:00Z", "since 2026-01-01T00:00:00Z")
    assert first == second[-20:]
