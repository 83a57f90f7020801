"""Files and objects with `--vary`."""

from __future__ import annotations

import json
import struct

import pytest

from serbench.payloads import instances
from serbench.payloads.files.base import Reading
from serbench.payloads.files.load import load, load_objects
from serbench.payloads.files.objects import Instances

DOCUMENT = {"id": 4711, "name": "Zoë", "at": "2026-01-01T00:00:00Z", "parts": [{"sku": "a-1", "price": 9.5}]}

PROTO = """\
syntax = "proto3";
enum E { A = 0; B = 1; C = 7; }
message N { E e = 1; }
message L { E e = 1; }
message P { E e = 1; }
message M {
  E one = 1;
  repeated E all = 2;
  map<string, E> by = 3;
  N in = 4;
  repeated L from = 5;
  map<int32, P> to = 6;
  int32 free = 7;
  float part = 8;
}
"""


@pytest.fixture
def document(tmp_path):
    """The path of a file with one message."""
    path = tmp_path / "order.json"
    path.write_text(json.dumps(DOCUMENT))
    return str(path)


@pytest.fixture
def lines(tmp_path):
    """The path of a file with three."""
    path = tmp_path / "orders.ndjson"
    path.write_text("".join(f'{{"id": {n}}}\n' for n in (1001, 2002, 3003)))
    return str(path)


def test_one_document_becomes_as_many_as_a_generated_payload_has(document):
    """The document stands first, the others are all different; how many were made is recorded and told."""
    packed, info = load(document, vary=1)
    assert packed.payload.instances[0] == DOCUMENT
    assert (instances.MOST, instances.MOST - 1) == (info.instances, info.varied)
    assert len({one.line for one in packed.encoded}) == instances.MOST
    assert info.title == "order.json, and 1,023 varied from it"


def test_off_is_off(document):
    """Without it there is what there is, and that none was made is recorded."""
    packed, info = load(document)
    assert ((DOCUMENT,), 1, 0, "order.json") == (packed.payload.instances, info.instances, info.varied, info.title)


def test_the_seed_makes_the_same_again(document):
    """Another seed and a payload of another name have others; the schema is that of what was given."""
    one, again, other, plain = (load(document, vary=seed)[0].payload for seed in (1, 1, 2, None))
    assert one.digest == again.digest != other.digest
    assert one.schema == other.schema == plain.schema
    named, _ = load_objects(Instances("other", [DOCUMENT]), count=3, vary=1)
    assert one.instances[1:3] != named.payload.instances[1:]


def test_a_number_of_instances_is_filled_up(lines):
    """As many as were asked for, the given ones first; where these are enough none is made."""
    packed, info = load(lines, count=5, vary=1)
    assert ([1001, 2002, 3003], 2) == ([one["id"] for one in packed.payload.instances[:3]], info.varied)
    assert info.title == "orders.ndjson, and 2 varied from its 3 messages"
    _, info = load(lines, count=2, vary=1)
    assert (0, "orders.ndjson, its first 2 of 3 messages") == (info.varied, info.title)


def test_as_many_as_fit(document, monkeypatch):
    """By size, eight at least; none of what fills the caches by itself, unless a number was said."""
    size = len(json.dumps(DOCUMENT, ensure_ascii=False, separators=(",", ":")).encode())
    for most, expected in ((20 * size, 20), (2 * size, instances.FEWEST), (size, 1)):
        monkeypatch.setattr(instances, "FILL_BYTES", most)
        assert expected == load(document, vary=1)[1].instances
    assert load(document, count=3, vary=1)[1].varied == 2


def test_what_has_nothing_to_vary_is_not_made_again():
    """No copies are passed off as other messages; where there are few others, there are no more than these."""
    for value, least, most in (([True, None, "", [], {}], 1, 1), (7, 9, 9), ({"flag": "a"}, 2, 2)):
        packed, info = load_objects(Instances("poor", [value]), vary=1)
        assert least <= len({one.line for one in packed.encoded}) <= most
        assert info.instances == info.varied + 1 < instances.MOST // 2


def test_shapes_stay_as_frequent_as_they_were():
    """A message that cannot be varied is made again among those that can."""
    packed, _ = load_objects(Instances("beats", [True, {"id": 4711}]), count=10, vary=1)
    assert [bool, dict] * 5 == [type(one) for one in packed.payload.instances]


def test_messages_that_were_left_are_not_made_up_for(tmp_path, monkeypatch):
    """Where the next one does not fit any more, none is made in its place that would."""
    path = tmp_path / "orders.ndjson"
    path.write_text('{"id":1}\n{"id":2}\n{"id":1000000000000}\n')
    monkeypatch.setattr(instances, "FEWEST", 1)
    monkeypatch.setattr(instances, "FILL_BYTES", 25)
    _, info = load(str(path), vary=1)
    assert (2, 0) == (info.instances, info.varied)


def test_objects_are_varied_as_files_are():
    """Kinds that JSON lacks stay what they are."""
    value = {"raw": b"\x00\xff", "pair": (10, 20), "by": {1: "a", -5: "b"}}
    packed, info = load_objects(Instances("odd", [value]), count=20, vary=1)
    assert (20, 19, "objects of a program, and 19 varied from it") == (info.instances, info.varied, info.title)
    assert {(bytes, tuple, dict)} == {tuple(map(type, one.values())) for one in packed.payload.instances}
    assert len({one.line for one in packed.encoded}) > 15


def test_numbers_of_an_enum_are_those_that_were_seen(tmp_path, monkeypatch):
    """A type that was stated knows its enums, in lists, maps and further down; other numbers are not bound by that."""
    pytest.importorskip("grpc_tools", reason="reading .proto takes grpcio-tools")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.proto").write_text(PROTO)
    message = {"one": "B", "all": ["B", "C"], "by": {"x": "C"}, "in": {"e": "C"}, "from": [{"e": "B"}]}
    (tmp_path / "m.json").write_text(json.dumps(message | {"to": {"1": {"e": "C"}}, "free": 5, "part": 0.1}))
    packed, info = load("a.proto", count=60, reading=Reading(message="M", data=("m.json",)), vary=1)
    found = packed.payload.instances
    fixed = [[m["one"], *m["all"], *m["by"].values(), m["in"]["e"], m["from"][0]["e"]] for m in found]
    assert all(numbers[:1] + numbers[3:] == [1, 7, 7, 1] and {*numbers[1:3]} <= {1, 7} for numbers in fixed)
    assert {7} == {inner["e"] for one in found for inner in one["to"].values()}
    assert len({one["free"] for one in found}) == 9
    assert all(struct.unpack("<f", struct.pack("<f", one["part"])) == (one["part"],) for one in found)
    assert info.title == "M from m.json, and 59 varied from it"
