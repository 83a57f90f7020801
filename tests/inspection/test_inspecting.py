"""What messages are made of: every byte and every value is told once, however they are read."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from dataclasses import replace

import cbor2
import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inspected import codec, field, inspection, lines, spots, texts, warned

from serbench.errors import Interrupted, UnusableFile
from serbench.inspection import inspect as inspecting
from serbench.inspection import keys, leaves, reading
from serbench.inspection.parts import Different, Range, Shape
from serbench.payloads import catalogue, instances
from serbench.payloads.files.base import Reading
from serbench.payloads.profile import profile
from serbench.schema.spool import compact_json

TEXT = st.text(st.characters(codec=None), max_size=6)
KEYS = st.sampled_from(["a", "b", "c:d", "", "é", "\0", "\ud800", "*"])
ODD = st.sampled_from([-0.0, float("inf"), "\0", "\ud800", (1 << 53) + 1, 1 << 63, 1 << 64])
LEAVES = ODD | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT
VALUES = st.recursive(
    LEAVES, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(KEYS, inside, max_size=4), max_leaves=12
)
MESSAGES = st.lists(VALUES.map(lambda value: json.loads(json.dumps(value))), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """One place for all examples."""
    return tmp_path_factory.mktemp("inspecting") / "any.ndjson"


@given(MESSAGES)
def test_bytes_add_up(file, messages):
    """Those of the kinds, the keys and the structure make all of it, and so do those of the fields."""
    found = inspection(lines(file, messages))
    total = sum(len(compact_json(message)) for message in messages)
    assert total == found.sizes.total == sum(one.json_bytes for one in found.fields)
    assert total == found.structure_bytes + found.keys.json_bytes + sum(one.json_bytes for one in found.shares)
    assert found.structure_bytes >= 0
    assert found.text_bytes == file.stat().st_size


@given(MESSAGES)
def test_values_add_up(file, messages):
    """Each value is of one kind and in one field; shares are those of a payload's profile."""
    found = inspection(lines(file, messages))
    assert found.values == sum(one.count for one in found.fields) == sum(one.count for one in found.shares)
    for shape in Shape:
        of_fields = sum(one.shapes.get(shape, 0) for one in found.fields)
        assert of_fields == sum(one.count for one in found.shares if one.shape is shape)
    seen = profile(messages)
    strings = sum(one.json_bytes for one in found.shares if one.shape is Shape.STRING)
    assert seen.strings == pytest.approx(strings / found.sizes.total)
    assert seen.depth == found.depth
    assert seen.non_ascii == pytest.approx(found.non_ascii / max(1, found.characters))


@given(MESSAGES)
def test_the_same_is_found_in_batches_of_any_size(file, messages):
    """One message at a time or all at once; only the order of fields of one size is free."""
    lines(file, messages)
    whole = inspection(file)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "BATCH", 1)
        parts = inspection(file)
    for one in (whole, parts):
        assert [f.json_bytes for f in one.fields] == sorted((f.json_bytes for f in one.fields), reverse=True)
    assert {f.path: f for f in whole.fields} == {f.path: f for f in parts.fields}
    assert {w.oddity: set(w.spots) for w in whole.warnings} == {w.oddity: set(w.spots) for w in parts.warnings}
    for name in ("sizes", "shares", "keys", "structure_bytes", "characters", "non_ascii", "depth", "values"):
        assert getattr(whole, name) == getattr(parts, name)


def test_few_messages_are_held_at_once(tmp_path, monkeypatch):
    """A thousand, or as many as fit some bytes."""
    path = lines(tmp_path / "a.ndjson", range(10, 2_510))
    sizes = [
        len(batch) for batch, texts_ in reading.read(str(path), Reading(), 1).batches() if len(batch) == len(texts_)
    ]
    assert [1000, 1000, 500] == sizes
    monkeypatch.setattr(reading, "BATCH_BYTES", 3 * 90 + 4 * 10)
    first, *_ = reading.read(str(path), Reading(), 1).batches()
    assert 100 == len(first[0])


def test_a_field_is_told(tmp_path):
    """Its kinds, how many objects have it, where its values lie and what they are."""
    made = [{"n": 1, "s": "ab", "l": [True]}, {"n": 2.5, "s": "abcd", "l": []}, {"n": None, "l": [False, True]}]
    found = inspection(lines(tmp_path / "a.ndjson", made))
    n, s, items = (field(found, path) for path in ("$.n", "$.s", "$.l[]"))
    assert ({"integer": 1, "float": 1, "null": 1}, 3, 3) == (n.shapes, n.count, n.of)
    assert (Range(low=1, high=2.5), ("1", "2.5")) == (n.numbers, n.values)
    assert (2, 3, Range(low=2, high=4), ('"ab"', '"abcd"')) == (s.count, s.of, s.characters, s.values)
    assert (3, 3, 2) == (items.count, items.of, items.true)
    assert Range(low=0, high=2) == field(found, "$.l").items
    assert Range(low=2, high=3) == field(found, "$").keys


def test_sizes_and_repetition_are_told(tmp_path):
    """Of keys how many there are and how many different ones."""
    found = inspection(lines(tmp_path / "a.ndjson", [{"a": 1}, {"a": 1, "bc": 22}, {}]))
    assert (2, 7, 15, 24) == (found.sizes.min, found.sizes.median, found.sizes.max, found.sizes.total)
    assert found.sizes.p99 is None
    assert (3, 3 + 3 + 4, Different(count=2, at_least=False)) == (
        found.keys.count, found.keys.json_bytes, found.keys.different,
    )  # fmt: skip


@pytest.mark.parametrize("text", ["42", "[]", "{}", '"text"', "null", "[[]]"])
def test_a_bare_value_is_a_message(tmp_path, text):
    """The smallest documents have a field, and their bytes are theirs."""
    path = tmp_path / "bare.json"
    path.write_text(text)
    found = inspection(path)
    assert (len(text), 1) == (found.sizes.total, found.messages)
    assert found.fields[0].path in ("$", "$[]")


def test_keys_that_are_data_are_told_apart_no_longer(tmp_path):
    """One document with a map of records, and many whose keys come and go; a record of many keys stays one."""
    one = tmp_path / "map.json"
    one.write_text(json.dumps({"users": {f"u{n}": {"age": n} for n in range(50)}}))
    assert ["$", "$.users", "$.users.*", "$.users.*.age"] == sorted(f.path for f in inspection(one).fields)
    many = lines(tmp_path / "maps.ndjson", [{"tags": {f"k{n}": n, f"l{n}": n}} for n in range(600)])
    found = inspection(many)
    assert ["$", "$.tags", "$.tags.*"] == sorted(f.path for f in found.fields)
    assert (1200, Range(low=0, high=599)) == (field(found, "$.tags.*").count, field(found, "$.tags.*").numbers)
    assert 1201 == found.keys.different.count
    record = lines(tmp_path / "record.ndjson", [{f"f{n}": n for n in range(300)}] * 3)
    assert 301 == len(inspection(record).fields)


@pytest.mark.parametrize("batch", [1, 1000])
def test_what_is_odd_in_a_map_is_where_it_was_first(tmp_path, monkeypatch, batch):
    """Although its key was told apart when it was found, and others had it since."""
    monkeypatch.setattr(reading, "BATCH", batch)
    made = [{f"k{n}": 1 << 60 if n in (3, 400) else n} for n in range(600)]
    found = inspection(lines(tmp_path / "maps.ndjson", made))
    assert [("$.*", 2, "line 4")] == spots(found, "int-over-53-bits")


def test_the_first_of_a_few_keys_that_are_data_is_known(tmp_path, monkeypatch):
    """Keys that are told apart until all messages were seen."""
    monkeypatch.setattr(reading, "BATCH", 1)
    made = [{f"k{n}": 1 << 60 if n in (3, 30) else n} for n in range(40)]
    found = inspection(lines(tmp_path / "maps.ndjson", made))
    assert [("$.*", 2, "line 4")] == spots(found, "int-over-53-bits")


RECORDS = st.lists(st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3), min_size=40, max_size=44)


@given(RECORDS)
@settings(max_examples=10)
def test_what_stands_under_keys_that_are_data_is_seen_as_in_a_list(file, records):
    """A map of records and a list of them have the same fields, which are odd in the same way."""
    records = json.loads(json.dumps(records))
    listed = inspection(lines(file, [records]))
    mapped = inspection(lines(file, [{f"key-{n}": record for n, record in enumerate(records)}]))
    told = {one.path.replace("$.*", "$[]", 1): one for one in mapped.fields}
    assert {one.path for one in listed.fields} == told.keys()
    for one in listed.fields:
        if one.path not in ("$", "$[]"):
            assert one == replace(told[one.path], path=one.path)
    odd, odd_mapped = ({(w.oddity, s.path, s.count) for w in one.warnings for s in w.spots} for one in (listed, mapped))
    assert odd == {(oddity, path.replace("$.*", "$[]", 1), count) for oddity, path, count in odd_mapped}


def test_awkward_keys_have_paths_of_their_own(tmp_path):
    """No key looks like a step to something else."""
    made = [{"*": 1, "[]": 2, "a.b": 3, "": 4, "a": {"b": 5}, "é-$@_1": 6, '"': 7}]
    paths = {f.path for f in inspection(lines(tmp_path / "a.ndjson", made)).fields}
    awkward = {'$["*"]', '$["[]"]', '$["a.b"]', '$[""]', "$.é-$@_1", r'$["\""]'}
    assert {"$", "$.a", "$.a.b"} | awkward == paths


def test_different_values_are_counted_to_a_limit(tmp_path):
    """And it says so; long texts that differ behind their beginning differ."""
    limit = leaves.MOST_DIFFERENT
    made = [{"few": "x" * 500 + str(n % 3), "most": n % limit, "more": n % (limit + 1)} for n in range(200)]
    found = inspection(lines(tmp_path / "a.ndjson", made))
    assert Different(count=3, at_least=False) == field(found, "$.few").different
    assert () == field(found, "$.few").values
    assert Different(count=limit, at_least=False) == field(found, "$.most").different
    assert Different(count=limit, at_least=True) == field(found, "$.more").different


def test_different_keys_are_counted_to_a_limit(tmp_path, monkeypatch):
    """And it says so."""
    monkeypatch.setattr(keys, "MOST_KEYS", 10)
    path = lines(tmp_path / "a.ndjson", [{f"k{n}": 1} for n in range(10)])
    assert Different(count=10, at_least=False) == inspection(path).keys.different
    path = lines(tmp_path / "a.ndjson", [{f"k{n}": 1} for n in range(11)])
    assert Different(count=10, at_least=True) == inspection(path).keys.different


def test_memory_does_not_grow_with_the_number_of_messages(tmp_path):
    """Eight times as many, with keys, texts and numbers that do not repeat, take hardly more."""
    peaks = []
    for count in (1_500, 12_000):
        made = ({"id": f"{n:032x}", "n": n, "x": n / 7, "map": {f"key-{n}": n}} for n in range(count))
        path = lines(tmp_path / "a.ndjson", made)
        tracemalloc.start()
        inspection(path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    names = 10_500 * 150  # the keys are different, and so many are told apart
    assert peaks[1] < 1.5 * peaks[0] + names


@pytest.mark.parametrize("name", ["order", "ping"])
def test_a_generated_payload_is_inspected_as_a_run_has_it(name):
    """The same instances."""
    found = inspecting.inspect(name, Reading(), codecs=(), seed=7)
    packed, info = instances.make(catalogue.get(name), seed=7)
    assert (info.instances, info.bytes_as_json) == (found.messages, found.sizes.total)
    assert (packed.payload.name, "generated", None) == (found.name, found.origin, found.text_bytes)


def test_files_of_every_kind_are_inspected(tmp_path):
    """The same messages, the same finding: JSON, lines of it, packed, MessagePack, CBOR, in a folder."""
    message = {"a": [1, 2.5, "é"], "b": {"c": None}}
    text = json.dumps(message).encode()
    (tmp_path / "a.json").write_bytes(text)
    (tmp_path / "a.ndjson").write_bytes(text + b"\n")
    (tmp_path / "a.ndjson.gz").write_bytes(gzip.compress(text))
    (tmp_path / "a.msgpack").write_bytes(msgpack.packb(message))
    (tmp_path / "a.cbor").write_bytes(cbor2.dumps(message))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.json").write_bytes(text)
    found = [inspection(path) for path in sorted(tmp_path.iterdir())]
    assert 6 == len(found)
    for one in found[1:]:
        assert (found[0].fields, found[0].sizes, found[0].keys) == (one.fields, one.sizes, one.keys)
    assert {None, len(text), len(text) + 1} == {one.text_bytes for one in found}


def test_a_type_of_protobuf_is_inspected(tmp_path):
    """The messages are what a run would measure."""
    pytest.importorskip("grpc_tools")
    (tmp_path / "o.proto").write_text('syntax = "proto3"; message O { int64 id = 1; optional string note = 2; }')
    data = lines(tmp_path / "o.ndjson", [{"id": "7"}, {"id": 8, "note": "x"}])
    found = inspection(tmp_path / "o.proto", message="O", data=(str(data),))
    assert ("O from o.ndjson", 2) == (found.title, found.messages)
    assert (1, 2) == (field(found, "$.note").count, field(found, "$.note").of)
    assert {"integer": 2} == field(found, "$.id").shapes


def test_keys_that_are_no_text_are_written_as_json_writes_them(tmp_path):
    """Their bytes add up as well, and what they lead to is one field."""
    made = [{1: "a", -2: b"bc"}, {"a": {None: 1, True: [2], 1.5: 3}}, {}]
    path = tmp_path / "a.msgpack"
    path.write_bytes(b"".join(map(msgpack.packb, made)))
    found = inspection(path)
    assert sum(map(len, map(compact_json, made))) == found.sizes.total == sum(one.json_bytes for one in found.fields)
    assert len('"1""-2""a""null""true""1.5"') == found.keys.json_bytes
    assert {"$", "$.*", "$.*.*", "$.*.*[]"} == {one.path for one in found.fields}
    assert [("$.*", 3, "message 2"), ("$", 2, "message 1")] == spots(found, "non-string-key")


def test_lines_that_are_none_are_counted(tmp_path):
    """And the first is named; where all are, there is nothing to inspect."""
    found = inspection(texts(tmp_path / "a.ndjson", ['{"a": 1}', "{", '{"a": 2}', "}"]), skip_bad=True)
    assert (2, 2) == (found.messages, found.left_out)
    assert found.first_left_out.endswith("a.ndjson: line 2")
    with pytest.raises(UnusableFile, match=r"no message in it; all 1 are bad, the first at .*: line 1$"):
        inspection(texts(tmp_path / "b.ndjson", ["{"]), skip_bad=True)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"a": [cbor2.CBORTag(99, 1)]}, r"message 2: a\[\]: .*CBORTag is no plain value; convert it first$"),
        ({"a": {b"x": 1}}, r"message 2: a: keys of dicts are text, or all of them whole numbers; here: bytes$"),
        ({"a": 10**5000}, "message 2: Exceeds the limit"),
    ],
)
def test_what_no_payload_holds_is_refused_with_its_place(tmp_path, value, words):
    """As a run refuses it."""
    path = tmp_path / "a.cbor"
    path.write_bytes(cbor2.dumps({"a": 1}) + cbor2.dumps(value))
    with pytest.raises(UnusableFile, match=words):
        inspection(path)


def test_deep_messages_are_inspected_as_far_as_they_can_be_read(tmp_path):
    """Beyond what a run measures, which is told; what Python does not parse is an error."""
    path = tmp_path / "deep.json"
    path.write_text("[" * 100 + "]" * 100)
    assert {} == warned(inspection(path))
    path.write_text("[" * 600 + "]" * 600)
    found = inspection(path)
    assert (600, 600) == (found.depth, len(found.fields))
    assert [1, 1] == [warned(found)[name].spots[0].count for name in ("deep", "very-deep")]
    path.write_text("[" * 101 + "]" * 101)
    assert ["deep"] == list(warned(inspection(path)))
    path.write_text("[" * 100_000)
    with pytest.raises(UnusableFile, match="nested too deeply"):
        inspection(path)


def test_it_stops_where_somebody_asks_for_the_end(tmp_path):
    """With a word, and without a finding."""
    path = lines(tmp_path / "a.ndjson", [1])
    with pytest.raises(Interrupted, match=r"^stopped before all messages were read$"):
        inspecting.inspect(str(path), Reading(), codecs=[codec("c")], seed=1, stop=lambda: True)
