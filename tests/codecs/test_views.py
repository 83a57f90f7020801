"""The variants that do not copy: what they are handed, what they hand out, and what it costs in pages."""

from __future__ import annotations

import json
import mmap
import os
import subprocess
import sys
from pathlib import Path

import cbor2
import pytest
from codec_samples import BYTES, exact, payload

from serbench import registry
from serbench.codecs.base import identity, mapped, owned
from serbench.codecs.deviations import expected
from serbench.schema.types import Scalar, record
from serbench.worker import pages

CODECS = {codec.name: codec for module in registry.sources("codecs") for codec in registry.load(module).CODECS}
VIEWS = {name: codec for name, codec in CODECS.items() if name.endswith("-view")}
HAND_OUT = ("msgspec-msgpack-view", "pickle-view", "flatbuffers-view", "pyarrow-view")
"""Those whose library gives views back."""

SIZE = 1_000_000
FEW = 64 * 1024
MESSAGE = {"name": "a", "data": bytes(range(250)) * (SIZE // 250)}
BLOB = payload("blob", record("Blob", name=Scalar.STRING, data=Scalar.BYTES), MESSAGE)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
each_view = pytest.mark.parametrize("codec", VIEWS.values(), ids=VIEWS)


def data_of(message):
    """The bytes of a decoded message, however they are reached."""
    return message["data"] if isinstance(message, dict) else message.data


def new_pages(call, argument):
    """Bytes of new memory, the least of five calls."""
    return pages.measure(call, [argument] * 5)["new_bytes"]["min"]


def all_new_pages():
    """Of decoding a message of a megabyte: by each codec with a variant, by the variant, and on to plain values."""
    told = {}
    for name, codec in VIEWS.items():
        usual, variant = (each.bind(BLOB) for each in (CODECS[name.removesuffix("-view")], codec))
        data, handed = (bytes(each.encode(each.build(MESSAGE))) for each in (usual, variant))
        handed = variant.source(handed)
        told[name] = {
            "usual": new_pages(usual.decode, data),
            "variant": new_pages(variant.decode, handed),
            "reached": new_pages(lambda data, bound=variant: data_of(bound.decode(data)), handed),
            "converted": new_pages(lambda data, bound=variant: bound.convert(bound.decode(data)), handed),
        }
    data = cbor2.dumps(MESSAGE)
    told["cbor2"] = {"usual": new_pages(cbor2.loads, data), "variant": new_pages(cbor2.loads, memoryview(data))}
    return told


@pytest.fixture(scope="module")
def taken():
    """New memory, as a process of its own tells it: what this one has done before would be in the numbers."""
    code = "import json, test_views; print(json.dumps(test_views.all_new_pages()))"
    places = {"PYTHONPATH": os.pathsep.join([*sys.path, str(Path(__file__).parent)])}
    run = subprocess.run(
        [sys.executable, "-c", code], check=False, env=os.environ | places, capture_output=True, timeout=120
    )
    assert 0 == run.returncode, run.stderr.decode()
    return json.loads(run.stdout)


@each_view
def test_a_variant_is_handed_a_view_of_mapped_memory(codec):
    """It is read-only, as that of a file is, and no bytes object is behind it."""
    handed = codec.bind(BLOB).source(b"abc")
    assert (b"abc", True, mmap.mmap) == (bytes(handed), handed.readonly, type(handed.obj))


@each_view
def test_a_variant_gives_what_the_usual_one_gives(codec):
    """The same bytes are written, and the same value comes back; pickle's have a form of their own."""
    bound, usual = codec.bind(BYTES), CODECS[codec.name.removesuffix("-view")].bind(BYTES)
    for instance in BYTES.instances:
        data, other = (bytes(each.encode(each.build(instance))) for each in (bound, usual))
        assert codec.name == "pickle-view" or data == other
        back = bound.convert(bound.decode(bound.source(data)))
        assert exact(expected(instance, BYTES.schema.root, codec.deviations)) == exact(back)


@pytest.mark.parametrize("name", HAND_OUT)
def test_what_is_handed_out_is_the_message_itself(name):
    """Whoever changes the buffer changes the value that was decoded from it."""
    bound = VIEWS[name].bind(BLOB)
    buffer = bytearray(bound.encode(bound.build(MESSAGE)))
    decoded = bound.decode(memoryview(buffer))
    view = data_of(decoded)
    assert (memoryview, MESSAGE["data"]) == (type(view), bytes(view))
    at = buffer.find(MESSAGE["data"])
    buffer[at : at + 3] = b"xyz"
    assert b"xyz" == bytes(data_of(decoded)[:3])


@LINUX
@pytest.mark.parametrize("name", HAND_OUT)
def test_decoding_to_views_takes_no_new_memory(name, taken):
    """Until somebody wants bytes: then they are copied, once."""
    assert taken[name]["reached"] < FEW
    assert abs(taken[name]["converted"] - SIZE) < FEW


@LINUX
@pytest.mark.parametrize("name", VIEWS)
def test_no_variant_copies_what_it_is_handed(name, taken):
    """It takes no more new memory from a view than the usual one takes from bytes."""
    assert taken[name]["variant"] <= taken[name]["usual"] + FEW


@LINUX
def test_cbor2_copies_a_view_and_so_has_no_variant(taken):
    """Where this fails, it has learned to read in place: then it can have one."""
    assert "cbor2-view" not in CODECS
    assert taken["cbor2"]["variant"] > taken["cbor2"]["usual"] + SIZE - FEW


@pytest.mark.parametrize("name", HAND_OUT)
def test_messages_without_bytes_are_handed_out_as_ever(name):
    """There is nothing to view and nothing to convert back."""
    plain = payload("plain", record("Plain", name=Scalar.STRING), {"name": "a"})
    bound = VIEWS[name].bind(plain)
    decoded = bound.decode(bound.source(bytes(bound.encode(bound.build({"name": "a"})))))
    assert {"name": "a"} == bound.convert(decoded)
    assert bound.convert is identity or name not in ("pickle-view", "pyarrow-view")


def test_mapped_messages_follow_each_other():
    """At words' distance in one mapping, none over another, and a large one in a mapping of its own."""
    source = mapped()
    sizes = (0, 1, 64, 65, 1 << 25, 3)
    views = [source(bytes([n]) * size) for n, size in enumerate(sizes)]
    assert [bytes([n]) * size for n, size in enumerate(sizes)] == [bytes(view) for view in views]
    assert views[1].obj is views[2].obj is views[3].obj is not views[4].obj


def test_two_payloads_share_no_mapping():
    """What one has room for is not the other's."""
    one, other = mapped(), mapped()
    assert one(b"a").obj is not other(b"b").obj


def test_an_owned_value_has_bytes_where_it_had_views():
    """All the way down, and whatever else is there stays the object that it is."""
    text = "a" * 100
    value = {"a": memoryview(b"x"), "b": [memoryview(b"y"), (memoryview(b""), 1)], "c": text}
    back = owned(value)
    assert {"a": b"x", "b": [b"y", (b"", 1)], "c": text} == back
    assert back["c"] is text
