"""The decoder that passes over what is known never passes over anything new."""

from __future__ import annotations

import json
from unittest import mock

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.payloads.files import quick, texts
from serbench.payloads.files.base import Reading
from serbench.payloads.files.load import load
from serbench.schema.inference import infer, schema_of
from serbench.schema.places import Place

NUMBERS = st.sampled_from(
    [0, -1, 5, 1 << 31, -(1 << 40), 1 << 63, 1 << 64, -(1 << 70), 1.5, 0.1, -0.0, 1e300, 0.10000000149011612]
)
NARROW = st.recursive(
    NUMBERS | st.none() | st.booleans() | st.sampled_from(["", "x"]),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", 'q"']), part, max_size=3),
    max_leaves=8,
)
"""Values that are often alike."""

OTHER = st.recursive(
    st.none() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=3), part, max_size=3),
    max_leaves=8,
)
"""Values that are not."""


def seen_of(values):
    """A place that has seen values."""
    place = Place()
    place.add(values)
    return place


@given(st.lists(NARROW, min_size=1, max_size=5), NARROW)
def test_what_is_taken_would_have_changed_nothing(values, other):
    """Whatever was seen and whatever comes: a text that the decoder takes leaves the schema as it is."""
    try:
        quick.decoder(seen_of(values))(json.dumps(other).encode())
    except (ValueError, RecursionError):
        return
    assert infer("any", values) == infer("any", [*values, other])


@given(st.lists(NARROW, min_size=1, max_size=5), st.lists(NARROW, max_size=3))
def test_what_is_taken_need_not_be_seen_ever(values, later):
    """Nor does it matter for anything that comes afterwards."""
    place, decode = seen_of(values), quick.decoder(seen_of(values))
    for one in later:
        try:
            decode(json.dumps(one).encode())
        except ValueError:
            place.add([one])
            decode = quick.decoder(place)
    assert infer("any", [*values, *later]) == schema_of("any", place)


@pytest.mark.parametrize("value", [{"a": [1, 2], "b": {"c": "x"}}, [1.5, 0.1], [None, True, "x"], {}, [], [[], {}]])
def test_what_was_seen_twice_is_taken(value):
    """Or nothing would be gained."""
    quick.decoder(seen_of([value, value]))(json.dumps(value).encode())


@pytest.mark.parametrize(
    "other", [1, 1.5, True, None, "x", [1], {"a": 1}, {"b": 1}, {"a": 1, "c": 1}, {"a": "x", "b": 1}]
)
def test_what_is_new_is_not_taken(other):
    """Another type, a key that is not known, one that is lacking."""
    with pytest.raises(msgspec.ValidationError):
        quick.decoder(seen_of([{"a": 1, "b": 2}]))(json.dumps(other).encode())


TEXTS = st.lists(st.lists(NARROW | OTHER, min_size=1, max_size=4), min_size=1, max_size=12)


@given(TEXTS, st.integers(1, 4))
def test_the_result_is_the_same_without_the_decoder(tmp_path_factory, groups, repeated):
    """Payload, schema, digest and what is told, for any file; the schema is that of all messages at once."""
    path = tmp_path_factory.mktemp("quick") / "any.ndjson"
    values = [value for group in groups for value in group * repeated]
    path.write_text("".join(json.dumps(one) + "\n" for one in values))
    found = load(str(path), count=2)
    with (
        mock.patch.object(quick, "decoder", return_value=quick.nothing),
        mock.patch("msgspec.json.decode", quick.nothing),
    ):
        assert repr(found) == repr(load(str(path), count=2))
    assert infer("any", values) == found[0].payload.schema


PIECES = st.sampled_from(
    [
        *'{}[]:,"',
        "\\",
        "u",
        "d800",
        "0",
        "-",
        "1",
        "9" * 30,
        ".",
        "e",
        "+",
        "E5",
        "true",
        "null",
        "NaN",
        "Infinity",
        "\t",
        "\x01",
        " ",
        "é",
        "\ud800",
        '"a"',
        "1e999",
        "\x0b",
        "\u2028",
    ]
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_what_msgspec_takes_is_what_python_takes(text):
    """Any text is parsed to the same value, or is no JSON with the same words."""
    data = text.encode(errors="surrogatepass")

    def outcome():
        try:
            return repr(texts.parsed(data, "file", 1))
        except ValueError as error:
            return str(error)
        except Exception as error:
            return str(error)

    with mock.patch("msgspec.json.decode", quick.nothing):
        exact = outcome()
    assert exact == outcome()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_parsed_to_the_last_bit(number):
    """As Python parses them, be they written short or long."""
    for text in (repr(number), f"{number:.25e}", f"{number:.3e}"):
        assert repr(json.loads(text)) == repr(texts.parsed(text.encode(), "file", 1))


def test_most_texts_of_a_file_are_not_turned_into_objects(tmp_path):
    """Of a thousand messages alike all but the first few are passed over."""
    path = tmp_path / "alike.ndjson"
    path.write_text("".join(json.dumps({"id": n, "tags": ["a"], "at": 0.1}) + "\n" for n in range(3000)))
    with mock.patch.object(texts, "parsed", wraps=texts.parsed) as parsed:
        assert 1024 == load(str(path), reading=Reading())[1].instances
    assert parsed.call_count <= 1024 + 2


def test_a_file_in_which_all_is_new_is_read_to_its_end(tmp_path):
    """Floats that may all be of 32 bits are looked at one by one."""
    path = tmp_path / "vectors.ndjson"
    path.write_text("[0.10000000149011612]\n" * 9000)
    packed, info = load(str(path), count=1)
    assert "vectors.ndjson, its first 1 of 9,000 messages" == info.title
    assert "float32" == packed.payload.schema.root.item
