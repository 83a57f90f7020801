"""The file from which workers read instances."""

from __future__ import annotations

import gc
import hashlib
import json

import pytest
from hypothesis import given
from shapes import PLAIN_VALUES

from serbench.errors import SerbenchError
from serbench.schema import spool, types
from serbench.schema.payload import Kind
from serbench.schema.types import List, Scalar, Schema, record

SCHEMA = Schema("Thing", record("Thing", a=Scalar.INT32))


def same(left, right) -> bool:
    """Equal with types, order of keys, sign of zero and NaN."""
    return repr(left) == repr(right)


@given(PLAIN_VALUES)
def test_every_plain_value_comes_back(tmp_path_factory, value):
    """Bytes, tuples, NaN, lone surrogates and odd keys included, with the kinds and the digest."""
    path = tmp_path_factory.mktemp("spool") / "thing.ndjson"
    payload = spool.payload_of("thing", SCHEMA, [value, value])
    spool.write(payload, path)
    read = spool.read(path)
    assert same([value, value], list(read.instances))
    assert (payload.name, payload.schema, payload.kinds, payload.digest) == (
        read.name,
        read.schema,
        read.kinds,
        read.digest,
    )


def test_the_file_is_what_its_description_says(tmp_path):
    """A header of one line, then a line of JSON in UTF-8 for each instance."""
    path = tmp_path / "thing.ndjson"
    spool.write(spool.payload_of("thing", SCHEMA, [{"a": 1}, {"b": "é\n\u2028"}]), path)
    header, *lines = path.read_bytes().split(b"\n")
    assert [b'{"a":1}', '{"b":"é\\n\u2028"}'.encode(), b""] == lines
    digest = hashlib.sha256(json.dumps(types.to_json(SCHEMA), separators=(",", ":")).encode() + b"\n")
    digest.update(b"\n".join(lines))
    expected = {
        "format": "serbench.instances/1",
        "name": "thing",
        "schema": types.to_json(SCHEMA),
        "kinds": [],
        "digest": digest.hexdigest(),
        "count": 2,
        "tagged": False,
    }
    assert expected == json.loads(header)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (b"\xff", {"$bytes": "/w=="}),
        ((1, 2), {"$tuple": [1, 2]}),
        (float("-inf"), {"$float": "-inf"}),
        ({1: b"a"}, {"$map": [[1, {"$bytes": "YQ=="}]]}),
        ({"$bytes": "a"}, {"$map": [["$bytes", "a"]]}),
        ({"a": "$bytes"}, {"a": "$bytes"}),
    ],
)
def test_what_json_cannot_carry_is_tagged(value, line):
    """Such a value is an object with one key that begins with a dollar sign, and the header says that there is one."""
    encoded = spool.encode(value)
    assert line == json.loads(encoded.line)
    assert encoded.tagged == (line != value)


def test_a_lone_surrogate_stays_readable_json():
    """The file is UTF-8 whatever instances hold."""
    encoded = spool.encode("é\ud800")
    assert json.loads(encoded.line.decode()) == "é\ud800"
    assert encoded.kinds == {Kind.SURROGATE}


@pytest.mark.parametrize(
    ("value", "expected"),
    [({"a": "é"}, 10), ({"a": b"abc"}, 12), ((1, 2), 5), ({1: 2}, 7), ("\ud800", 5), (float("inf"), 8)],
)
def test_the_size_is_of_compact_json(value, expected):
    """Sizes do not count what only this file's tags add; bytes are base64."""
    assert expected == spool.encode(value).json_bytes == len(spool.compact_json(value))


def test_a_pack_adds_up():
    """Kinds are those of any instance, the size is that of all."""
    packed = spool.pack("thing", SCHEMA, map(spool.encode, [{"a": 1.5}, {"a": None}, {}]))
    assert {Kind.FLOAT, Kind.NULL} == packed.payload.kinds
    assert packed.json_bytes == len('{"a":1.5}{"a":null}{}')
    assert ({"a": 1.5}, {"a": None}, {}) == packed.payload.instances


def test_no_instances_are_no_instances(tmp_path):
    """An empty payload comes back empty."""
    path = tmp_path / "none.ndjson"
    spool.write(spool.payload_of("none", SCHEMA, []), path)
    assert list(spool.read(path).instances) == []


def test_digests_tell_messages_apart():
    """Schema, content and how it is divided into instances decide; the name does not."""
    digests = [
        spool.payload_of(name, schema, instances).digest
        for name, schema, instances in (
            ("a", SCHEMA, [1, 2]),
            ("b", SCHEMA, [1, 2]),
            ("a", SCHEMA, [12]),
            ("a", SCHEMA, [1, 2.0]),
            ("a", Schema("Other", SCHEMA.root), [1, 2]),
        )
    ]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 4


def test_a_changed_file_is_refused_where_it_is_checked(tmp_path):
    """A changed byte and a cut end are found by the digest; without a check nothing is computed."""
    path = tmp_path / "thing.ndjson"
    spool.write(spool.payload_of("thing", SCHEMA, [{"a": 1}, {"a": 2}]), path)
    whole = path.read_bytes()
    for changed in (whole.replace(b'{"a":2}', b'{"a":3}'), whole[: whole.rindex(b"\n{")]):
        path.write_bytes(changed)
        with pytest.raises(SerbenchError, match="content and digest differ; it was changed or cut short"):
            spool.read(path)
        assert spool.read(path, check=False).instances[0] == {"a": 1}


@pytest.mark.parametrize("content", [b"", b"hello", b"[]\n", b'{"format": "serbench.instances/2"}\n', b"\xff\n"])
def test_another_file_is_refused(tmp_path, content):
    """What is no spool of this version is said to be none."""
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(SerbenchError, match=r"not a serbench\.instances/1 file"):
        spool.read(path)


def test_equal_keys_are_one_object_in_all_instances(tmp_path):
    """As in a program, whose keys are constants: encoders meet the same key objects again."""
    path = tmp_path / "thing.ndjson"
    spool.write(spool.payload_of("thing", SCHEMA, [{"some key": 1}, {"some key": 2}]), path)
    assert len({id(key) for instance in spool.read(path).instances for key in instance}) == 1


@pytest.mark.parametrize("before", [True, False])
def test_reading_leaves_the_collector_as_it_was(tmp_path, before):
    """It pauses the collector and restores what it found, also where the content is broken."""
    path = tmp_path / "thing.ndjson"
    spool.write(spool.payload_of("thing", SCHEMA, [{"a": 1}]), path)
    broken = tmp_path / "broken.ndjson"
    broken.write_bytes(path.read_bytes().replace(b'{"a":1}', b'{"a":'))
    was = gc.isenabled()
    try:
        (gc.enable if before else gc.disable)()
        spool.read(path)
        with pytest.raises(json.JSONDecodeError):
            spool.read(broken, check=False)
        assert before == gc.isenabled()
    finally:
        (gc.enable if was else gc.disable)()


@pytest.mark.parametrize("name", ["caf\u00e9", "caf\udce9"])
def test_names_and_keys_may_be_anything(tmp_path, name):
    """A name of a file in another encoding, and a key with a lone surrogate, are written and read like others."""
    schema = Schema("R", record("R", **{name: Scalar.INT32}))
    packed = spool.pack(name, schema, [spool.encode({name: 1})])
    packed.write(tmp_path / "odd.ndjson")
    back = spool.read(tmp_path / "odd.ndjson")
    assert (name, schema, [{name: 1}]) == (back.name, back.schema, list(back.instances))


def test_what_was_read_once_is_read_from_a_copy(tmp_path):
    """Without a check the same Python takes what it has read before: the same values, keys as shared as they were."""
    instances = [{"a": 1.5, "b": [b"x", (1, None), {1: "y"}]}, {"a": float("inf"), "b": []}]
    schema = Schema("Any", record("Any", a=Scalar.FLOAT64, b=List(Scalar.NULL)))
    path = tmp_path / "any.ndjson"
    spool.write(spool.payload_of("any", schema, instances), path)
    first = spool.read(path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0])  # nothing but the header is read from here now
    again = spool.read(path, check=False)
    assert list(first.instances) == list(again.instances)
    assert (first.digest, first.kinds, first.schema) == (again.digest, again.kinds, again.schema)
    assert next(iter(again.instances[0])) is next(iter(again.instances[1]))
    with pytest.raises(SerbenchError, match="content and digest differ"):
        spool.read(path)
