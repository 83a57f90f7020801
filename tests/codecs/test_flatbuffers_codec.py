"""FlatBuffers: the classes do what flatc's do, and are lazy."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from codec_samples import NESTED, OPTIONAL, SCALARS, exact, payload

from serbench.codecs.flatbuffers import CODECS
from serbench.errors import UnsupportedPayload
from serbench.schema.flatbuffers import to_fbs
from serbench.schema.types import Field, List, Optional, Record, Scalar, Union, record

CODEC, _ = CODECS
FLATC = shutil.which("flatc", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))))
ORDER = payload(
    "order",
    record(
        "Order",
        id=Scalar.STRING,
        count=Scalar.INT32,
        price=Scalar.FLOAT64,
        paid=Optional(Scalar.BOOL),
        tags=List(Scalar.STRING),
        ratios=Optional(List(Scalar.FLOAT32)),
        blob=Scalar.BYTES,
        items=List(record("Item", sku=Scalar.STRING, n=Optional(Scalar.UINT64))),
        rings=List(List(Scalar.INT64)),
    ),
    {
        "id": "é",
        "count": 0,
        "price": -0.0,
        "paid": False,
        "tags": ["", "b"],
        "ratios": [0.5, -0.0],
        "blob": b"\0\xff",
        "items": [{"sku": "a", "n": 2**64 - 1}, {"sku": ""}],
        "rings": [[1, -2], []],
    },
    {"id": "", "count": -1, "price": 1e300, "tags": [], "blob": b"", "items": [], "rings": []},
)


def encoded(sample, instance) -> bytes:
    """An instance on the wire."""
    bound = CODEC.bind(sample)
    return bytes(bound.encode(bound.build(instance)))


@pytest.fixture
def theirs(tmp_path):
    """The module that flatc makes of the text of ORDER."""
    if FLATC is None:
        pytest.skip("no flatc on this machine")
    (tmp_path / "order.fbs").write_text(to_fbs(ORDER.schema))
    command = [FLATC, "--python", "--gen-object-api", "--gen-onefile", "order.fbs"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=60, capture_output=True)
    (path,) = tmp_path.glob("*_generated.py")
    spec = importlib.util.spec_from_file_location("order_generated", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_flatcs_own_classes_read_what_is_written_here(theirs):
    """Every field by its accessor."""
    table = theirs.Order.GetRootAs(encoded(ORDER, ORDER.instances[0]), 0)
    assert ("é".encode(), 0, "-0.0", False) == (table.Id(), table.Count(), str(table.Price()), table.Paid())
    assert [b"", b"b"] == [table.Tags(j) for j in range(table.TagsLength())]
    assert [0.5, -0.0] == [table.Ratios(j) for j in range(table.RatiosLength())]
    assert [0, 255] == [table.Blob(j) for j in range(table.BlobLength())]
    assert [(b"a", 2**64 - 1), (b"", None)] == [(table.Items(j).Sku(), table.Items(j).N()) for j in range(2)]
    rings = [table.Rings(j) for j in range(table.RingsLength())]
    assert [[1, -2], []] == [[ring.Values(j) for j in range(ring.ValuesLength())] for ring in rings]
    assert theirs.Order.GetRootAs(encoded(ORDER, ORDER.instances[1]), 0).Paid() is None


def test_what_flatcs_own_classes_write_is_read_here(theirs):
    """An object of theirs, unpacked from our bytes and packed again, comes back here as it was."""
    import flatbuffers

    bound = CODEC.bind(ORDER)
    for instance in ORDER.instances:
        table = theirs.OrderT.InitFromObj(theirs.Order.GetRootAs(encoded(ORDER, instance), 0))
        builder = flatbuffers.Builder()
        builder.Finish(table.Pack(builder))
        back = bound.convert(bound.decode(bytes(builder.Output())))
        assert {**instance, "price": back["price"]} == back
        assert instance["price"] == back["price"]


@pytest.mark.parametrize("sample", [ORDER, SCALARS, OPTIONAL, NESTED], ids=lambda sample: sample.name)
def test_one_builder_writes_every_message(sample):
    """What was written before leaves no trace in what is written next."""
    bound = CODEC.bind(sample)
    objects = [bound.build(instance) for instance in sample.instances]
    first = [bytes(bound.encode(one)) for one in objects]
    assert first == [bytes(bound.encode(one)) for one in objects]
    assert first[::-1] == [bytes(bound.encode(one)) for one in objects[::-1]]


def test_a_zero_that_has_a_sign_is_written():
    """A default is left out, which -0.0 is not."""
    one = payload("zeros", record("Zeros", a=Scalar.FLOAT64, b=Scalar.INT64, c=List(Scalar.FLOAT64)))
    bound = CODEC.bind(one)
    value = {"a": -0.0, "b": 0, "c": [-0.0]}
    assert exact(value) == exact(bound.convert(bound.decode(bytes(bound.encode(bound.build(value))))))
    plain = payload("ints", record("Ints", b=Scalar.INT64))
    assert len(encoded(plain, {"b": 0})) < len(encoded(plain, {"b": 1}))


def test_decode_reads_nothing_but_where_the_root_is():
    """What is broken behind it is found by who reads it."""
    import struct

    data = bytearray(encoded(ORDER, ORDER.instances[0]))
    data[8:] = b"\xff" * (len(data) - 8)
    bound = CODEC.bind(ORDER)
    table = bound.decode(bytes(data))
    with pytest.raises((struct.error, TypeError, ValueError)):
        assert table.id


def test_a_map_is_looked_up_and_counted():
    """Entries have what a dict has for that."""
    bound = CODEC.bind(NESTED)
    people = bound.decode(bytes(bound.encode(bound.build(NESTED.instances[0])))).people
    assert (["a", "b"], 2, "A") == (list(people), len(people), people["a"].name)
    with pytest.raises(KeyError):
        assert people["c"]


@pytest.mark.parametrize("name", ["Init", "GetRootAs", "Pack", "Entries", "flatbuffers", "v", "value", "builder", "o0"])
def test_no_field_is_in_the_way_of_the_code(name):
    """Names of the generated code's own begin with an underscore, or are local."""
    field = Field(name=name, type=List(record("In", a=Scalar.STRING)), number=1)
    sample = payload("names", Record("Root", (field, Field(name="b", type=Scalar.STRING, number=2))))
    bound = CODEC.bind(sample)
    value = {name: [{"a": "x"}], "b": "y"}
    assert value == bound.convert(bound.decode(bytes(bound.encode(bound.build(value)))))


def test_lists_are_carried_at_any_depth():
    """Every level is a wrapper."""
    kind, value = Scalar.INT64, 1
    for _ in range(40):
        kind, value = List(kind), [value]
    sample = payload("deep", record("Deep", a=kind), {"a": value})
    bound = CODEC.bind(sample)
    found = bound.decode(bytes(bound.encode(bound.build(sample.instances[0])))).a
    for _ in range(40):
        (found,) = found
    assert found == 1


def test_a_union_is_refused_with_its_path():
    """The text has a form for it, the codec has not."""
    kind = record("A", a=List(Union((Scalar.INT64, Scalar.STRING))))
    with pytest.raises(
        UnsupportedPayload,
        match=r"^a\[\]: the codec for FlatBuffers carries one type in a place, and here are integers and strings$",
    ):
        CODEC.bind(payload("union", kind))
