"""What codecs say of their libraries: absent, without the native part, and how they are called."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys

import msgpack
import orjson
import ormsgpack
import pytest
from codec_samples import BYTES, INT_KEYS, SCALARS, payload

from serbench.codecs.base import base64_text
from serbench.codecs.msgpack import CODECS as MSGPACK
from serbench.codecs.orjson import CODECS as ORJSON
from serbench.codecs.ormsgpack import CODECS as ORMSGPACK
from serbench.errors import UnsupportedPayload
from serbench.schema.types import Field, List, Map, Record, Scalar, Union, record

LIBRARIES = {
    "orjson": "orjson",
    "msgpack": "msgpack",
    "ormsgpack": "ormsgpack",
    "msgspec": "msgspec",
    "protobuf": "google.protobuf.internal",
    "protobuf_json": "google.protobuf.json_format",
    "fastavro": "fastavro",
    "fory": "pyfory",
    "pyarrow": "pyarrow",
    "bson": "bson",
    "capnp": "capnp",
    "cbor2": "cbor2",
    "flatbuffers": "flatbuffers",
    "ion": "amazon.ion",
    "jiter": "jiter",
    "rapidjson": "rapidjson",
    "simdjson": "simdjson",
    "thrift": "thriftpy2.protocol",
    "ujson": "ujson",
}


@pytest.mark.parametrize(("module", "library"), LIBRARIES.items())
def test_a_missing_library_is_an_import_error_that_names_it(monkeypatch, module, library):
    """The library is imported at the top of its module, so a worker learns at once that it is missing."""
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"serbench.codecs.{module}", raising=False)
    with pytest.raises(ModuleNotFoundError) as caught:
        importlib.import_module(f"serbench.codecs.{module}")
    assert library == caught.value.name


@pytest.mark.parametrize(
    ("module", "variable", "value", "native"),
    [
        ("msgpack", "MSGPACK_PUREPYTHON", "1", "pure Python"),
        ("protobuf", "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION", "python", "python"),
    ],
)
def test_a_library_without_its_native_part_is_told(module, variable, value, native):
    """A slow fallback is named, with a warning that says what switches it off."""
    code = (
        f"from serbench.codecs.{module} import CODECS\n"
        "codec = CODECS[0]\n"
        "(caution,) = codec.warnings\n"
        "print(codec.native, caution.name, caution.text, sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, variable: value}, capture_output=True, text=True, check=True
    )
    said, name, text = done.stdout.splitlines()
    assert (native, "slow-fallback") == (said, name)
    assert variable in text


def test_the_librarys_own_callable_is_timed_where_the_payload_needs_no_option():
    """orjson, ormsgpack and msgpack are called without a function of ours in between."""
    codec = ORJSON[0]
    assert (orjson.dumps, orjson.loads) == (codec.bind(SCALARS).encode, codec.bind(SCALARS).decode)
    assert (orjson.dumps, orjson.loads) != (codec.bind(BYTES).encode, codec.bind(BYTES).decode)
    codec = ORMSGPACK[0]
    assert (ormsgpack.packb, ormsgpack.unpackb) == (codec.bind(BYTES).encode, codec.bind(BYTES).decode)
    assert ormsgpack.unpackb != codec.bind(INT_KEYS).decode
    codec = MSGPACK[0]
    assert msgpack.unpackb == codec.bind(BYTES).decode
    assert msgpack.unpackb != codec.bind(INT_KEYS).decode


def test_json_text_is_compact_utf8():
    """Every JSON codec writes the same bytes: no spaces, no escapes of what UTF-8 has, base64 for bytes."""
    shape = record("Text", s=Scalar.STRING, b=Scalar.BYTES, n=List(Scalar.INT64), f=Scalar.FLOAT64)
    one = payload("text", shape, {"s": 'é😀"\n', "b": b"\xff\xfe", "n": [1, 2], "f": 1.5})
    for module, name in (
        ("json", "json"),
        ("orjson", "orjson"),
        ("msgspec", "msgspec-json"),
        ("msgspec", "msgspec-json-struct"),
    ):
        codecs = importlib.import_module(f"serbench.codecs.{module}").CODECS
        bound = next(codec for codec in codecs if codec.name == name).bind(one)
        written = bytes(bound.encode(bound.build(one.instances[0])))
        assert written == '{"s":"é😀\\"\\n","b":"//4=","n":[1,2],"f":1.5}'.encode(), name


def test_the_hook_takes_bytes_and_nothing_else():
    """What is neither JSON nor bytes is a TypeError, as libraries expect of their hook."""
    assert base64_text(b"\xff\xfe") == "//4="
    with pytest.raises(TypeError, match="set is not JSON serializable"):
        base64_text(set())


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (record("A", a=List(Union((Scalar.STRING, Scalar.BYTES)))), "a[]: msgspec cannot tell"),
        (
            record("A", a=Map(Scalar.STRING, Union((record("B"), Map(Scalar.STRING, Scalar.BOOL))))),
            "a.*: msgspec cannot",
        ),
        (record("A", a=Union((List(Scalar.BOOL), List(Scalar.STRING)))), "a: msgspec cannot tell"),
        (
            record("A", a=Record("B", (Field(name="\n", type=Scalar.BOOL, number=1),))),
            r"a: msgspec takes no field of the name '\n'",
        ),
    ],
)
def test_structs_that_msgspec_cannot_have_are_refused_with_the_path(kind, reason):
    """A union or a name that msgspec does not take is an answer, not a crash."""
    codec = next(c for c in importlib.import_module("serbench.codecs.msgspec").CODECS if c.model == "typed")
    with pytest.raises(UnsupportedPayload) as caught:
        codec.bind(payload("odd", kind))
    assert str(caught.value).startswith(reason)
