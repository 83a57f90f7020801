"""Cap'n Proto: what is on the wire is what the `.capnp` text says, at any depth and size, for as long as it is read."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from codec_samples import OPTIONAL, SCALARS, payload

from serbench.codecs.capnp import CODECS
from serbench.errors import UnsupportedPayload
from serbench.schema.capnp import root_name, to_capnp
from serbench.schema.types import List, Map, Optional, Scalar, Union, record

PLAIN, _, PACKED = CODECS
each_codec = pytest.mark.parametrize("codec", CODECS, ids=[codec.name for codec in CODECS])
LIFETIME = """
import gc
from serbench.codecs.capnp import CODECS
from serbench.schema.spool import payload_of
from serbench.schema.types import List, Map, Scalar, Schema, record
for number in range(30):
    kind = record("Root", a=Map(Scalar.INT64, List(Scalar.INT32)), **{f"b{number}": Scalar.STRING})
    value = {"a": {n: [n] for n in range(50)}, f"b{number}": "x"}
    bound = CODECS[number % 2].bind(payload_of("one", Schema("Root", kind), [value]))
    gc.collect()
    assert value == bound.convert(bound.decode(bound.encode(bound.build(value))))
"""


def encoded(codec, sample, instance) -> bytes:
    """An instance on the wire."""
    bound = codec.bind(sample)
    return bytes(bound.encode(bound.build(instance)))


@pytest.mark.parametrize(("codec", "flags"), [(PLAIN, []), (PACKED, ["--packed"])], ids=["plain", "packed"])
def test_the_compiler_reads_what_is_written_here(codec, flags, tmp_path):
    """`capnp convert` turns it into JSON with the same values."""
    capnp = shutil.which("capnp")
    if capnp is None:
        pytest.skip("no capnp on this machine")
    (tmp_path / "message.capnp").write_text(to_capnp(SCALARS.schema))
    data = encoded(codec, SCALARS, SCALARS.instances[0])
    command = [capnp, "convert", f"{'packed' if flags else 'binary'}:json", "message.capnp", root_name(SCALARS.schema)]
    done = subprocess.run(command, cwd=tmp_path, input=data, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    back = json.loads(done.stdout)
    wanted = SCALARS.instances[0]
    assert (wanted["small"], wanted["big"], wanted["id"]) == (back["small"], int(back["big"]), int(back["id"]))
    assert (wanted["flag"], wanted["price"], wanted["text"]) == (back["flag"], back["price"], back["text"])


def test_what_is_absent_is_a_null_pointer_or_none():
    """So an empty text, list and struct and a zero are there all the same."""
    full, empty = ({"note": "", "count": 0, "tags": [], "labels": {}, "child": {}}, {})
    bound = PLAIN.bind(OPTIONAL)
    there, absent = (bound.decode(bound.encode(bound.build(value))) for value in (full, empty))
    assert [True] * 4 == [there._has(name) for name in ("note", "tags", "labels", "child")]
    assert [False] * 4 == [absent._has(name) for name in ("note", "tags", "labels", "child")]
    assert ("value", "none") == (str(there.count.which()), str(absent.count.which()))


def test_a_packed_message_is_smaller():
    """Zeros are what packing takes out."""
    for instance in SCALARS.instances[1:2]:
        assert len(encoded(PACKED, SCALARS, instance)) < len(encoded(PLAIN, SCALARS, instance))


@each_codec
def test_a_message_can_be_written_again_without_a_warning(codec):
    """The library warns of a second time unless it is told; warnings are errors in tests."""
    bound = codec.bind(SCALARS)
    message = bound.build(SCALARS.instances[0])
    assert bound.encode(message) == bound.encode(message)


def test_messages_outlive_the_parser():
    """Types of one payload are not freed while another is bound. In a process of its own, which it would end."""
    done = subprocess.run([sys.executable, "-c", LIFETIME], capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr


@each_codec
def test_a_message_may_be_read_as_often_as_wanted(codec):
    """The library's limit is 64 MiB of a message and of repeated reads of it together."""
    sample = payload("big", record("Big", a=List(Scalar.INT64)), {"a": list(range(100_000))})
    bound = codec.bind(sample)
    message = bound.decode(bound.encode(bound.build(sample.instances[0])))
    for _ in range(100):
        assert len(message.a) == 100_000
    assert sample.instances[0] == bound.convert(message)


@each_codec
@pytest.mark.parametrize("levels", [11, 12, 13, 25, 70])
def test_lists_and_maps_are_carried_at_any_depth(codec, levels):
    """Beyond the blocks that one function of Python may have, and the levels that the library allows by itself."""
    kind, value = Scalar.STRING, "x"
    for level in range(levels):
        kind, value = (Map(Scalar.STRING, kind), {"k": value}) if level % 3 else (List(kind), [value])
    sample = payload("deep", record("Deep", a=kind, b=Optional(kind)), {"a": value, "b": value})
    bound = codec.bind(sample)
    message = bound.decode(bound.encode(bound.build(sample.instances[0])))
    assert bound.read(message) is None
    assert sample.instances[0] == bound.convert(message)


def test_a_union_is_refused_with_its_path():
    """The text has a form for it, the codec has not."""
    kind = record("A", a=Optional(Union((Scalar.INT64, Scalar.STRING))))
    with pytest.raises(
        UnsupportedPayload,
        match=r"^a: the codec for Cap'n Proto carries one type in a place, and here are integers and strings$",
    ):
        PLAIN.bind(payload("union", kind))
