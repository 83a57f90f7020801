"""The sample of a message: small enough for a page, true, and quickly made of the largest message."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.payloads import catalogue, instances
from serbench.payloads.instances import SAMPLE_CHARACTERS, sample
from serbench.schema import spool

TEXTS = st.text(st.characters(), max_size=40) | st.text("ab…\u202e\x00\ud800\U000e0001", min_size=30, max_size=700)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.binary(max_size=900)
KEYS = TEXTS | st.integers() | st.floats() | st.booleans() | st.none()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner) | st.tuples(inner, inner))
CUT = re.compile(r"… [\d,]+ (?:more|inside)|… of [\d,]+ (?:characters|digits)")


def sampled(value) -> str:
    """The sample of a value."""
    return sample(spool.encode(value))


class Endless(list):
    """A list of which no more than 200 items may be looked at."""

    def __len__(self) -> int:
        return 10_000_000

    def __iter__(self):
        yield from range(200)
        pytest.fail("it looked at too many items")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": [1, 2.5, True, None, "é"]}, '{"a":[1,2.5,true,null,"é"]}'),
        ({"raw": b"\x00\xff!"}, '{"raw":"AP8h"}'),
        ((1, (2,)), "[1,[2]]"),
        ({1: "a", None: "b", False: "c", 2.5: "d"}, '{"1":"a","null":"b","false":"c","2.5":"d"}'),
        ([float("nan"), float("-inf"), -0.0], "[NaN,-Infinity,-0.0]"),
        ([[], {}, ""], '[[],{},""]'),
        (
            "\x00\x7f\x9b\u2028\u202e\ud800\U000e0001 é日…",
            r'"\u0000\u007f\u009b\u2028\u202e\ud800\udb40\udc01 é日\u2026"',
        ),
    ],
)
def test_a_small_message_is_there_as_a_whole(value, expected):
    """As compact JSON; what cannot be printed anywhere is escaped, and so is the mark of what is left out."""
    assert expected == sampled(value)


def test_a_long_text_is_cut():
    """Its beginning, how many characters it has, and how many bytes all of it has."""
    made = sampled("x" * 1_000_000)
    assert re.fullmatch(r'"x{500}"… of 1,000,000 characters\n… 1,000,002 bytes in all', made)


def test_bytes_are_cut_as_the_base64_that_they_are():
    """They are a text like any other; its length is that of all of it."""
    made = sampled(b"\x00" * 1_000_000)
    assert re.fullmatch(r'"A{500}"… of 1,333,336 characters\n… 1,333,338 bytes in all', made)


def test_a_long_list_is_cut():
    """Its first items and how many more there are."""
    shown, rest, size = re.fullmatch(
        r"(\[.*),… ([\d,]+) more]\n… ([\d,]+) bytes in all", sampled(list(range(10_000)))
    ).groups()
    items = json.loads(f"{shown}]")
    assert list(range(len(items))) == items
    assert (10_000, "48,891") == (len(items) + int(rest.replace(",", "")), size)
    assert len(items) >= 100


def test_a_long_integer_is_cut():
    """It may have thousands of digits."""
    assert "-1000000000000000000… of 3,001 digits\n… 3,002 bytes in all" == sampled(-(10**3000))


def test_every_key_is_seen_before_much_of_one():
    """One part that is large takes no room from the names of the others."""
    value = {"first": "x" * 5_000, "list": [{"a": 1, "b": "y" * 500}] * 5_000, "last": {"deep": {"er": [1] * 900}}}
    made = sampled(value)
    assert ["first", "list", "a", "b", "last", "deep", "er"] == list(
        dict.fromkeys(key for key in re.findall(r'"(\w+)":', made))
    )
    assert "… of 5,000 characters" in made


def test_a_wide_message_shows_what_its_parts_are_like():
    """Fewer keys the further down, so that one level does not take the room of the next."""
    row = {f"name{n}": n for n in range(9)}
    assert '"key0":[{"name0":0,"name1":1,… 7 more},… 8 more]' in sampled({f"key{n}": [row] * 9 for n in range(9)})


def test_deep_nesting_is_cut():
    """At a level, with how many items are inside."""
    value = []
    for _ in range(400):
        value = [value, 1]
    made = sampled(value)
    assert re.match(r"\[{33}… 2 inside\],1\]", made)


@pytest.mark.parametrize("value", [Endless(), {"a": Endless(), "b": {"c": Endless()}}])
def test_what_is_left_out_is_not_looked_at(value):
    """So a list of ten million costs no more than one of two hundred."""
    encoded = spool.Encoded(instance=value, line=b"", kinds=frozenset(), tagged=False, json_bytes=88_888_890)
    assert sample(encoded).endswith("… 88,888,890 bytes in all")


@pytest.mark.parametrize("name", catalogue.known())
def test_every_payload_has_one(name):
    """It fills the room that it has, or it is all of the message."""
    _, info = instances.make(catalogue.get(name), seed=1, count=1)
    whole = "…" not in info.sample
    assert whole == (info.bytes_as_json <= SAMPLE_CHARACTERS)
    assert whole or len(info.sample) > SAMPLE_CHARACTERS // 2


@given(VALUES)
def test_any_message_fits_and_can_be_printed(value):
    """In one line, or two where it was cut; what was not cut is the message."""
    encoded = spool.encode(value)
    shown, *more = sample(encoded).split("\n")
    assert 0 < len(shown) <= SAMPLE_CHARACTERS
    assert shown.isprintable()
    shown.encode()
    if more:
        assert [f"… {encoded.json_bytes:,} bytes in all"] == more
        assert CUT.search(shown)
    else:
        assert (
            json.loads(spool.compact_json(value).decode(errors="surrogatepass")) == json.loads(shown) or "NaN" in shown
        )
