"""What is special to Avro: names, null, tuples in unions, and a schema that is parsed once."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO

import pytest
from codec_samples import payload

fastavro = pytest.importorskip("fastavro")

from serbench.codecs.fastavro import CODECS  # noqa: E402 - only where the library is there
from serbench.schema.types import Field, List, Optional, Record, Scalar, Union, record  # noqa: E402

(CODEC,) = CODECS
SOME = record("Some", id=Scalar.INT64, note=Optional(Scalar.STRING))


def test_a_message_is_the_record_alone():
    """No header and no schema: a varint, and an index of the union before the text."""
    bound = CODEC.bind(payload("some", SOME, {"id": 1}))
    assert [b"\x02\x00", b"\x02\x02\x04ok"] == [bound.encode({"id": 1}), bound.encode({"id": 1, "note": "ok"})]
    assert bound.decode(b"\x02\x00") == {"id": 1, "note": None}


def test_names_that_avro_does_not_take_are_changed_on_the_wire_only():
    """The schema that fastavro is given has valid names; the plain value keeps its own."""
    kind = Record("Odd", (Field(name="x-y", type=Scalar.INT64, number=1),))
    bound = CODEC.bind(payload("odd", kind, {"x-y": 1}))
    assert bound.decode(bound.encode({"x-y": 1})) == {"x-y": 1}
    schema = {"type": "record", "name": "Other", "fields": [{"name": "f_x_y", "type": "long"}]}
    assert fastavro.schemaless_reader(BytesIO(bound.encode({"x-y": 1})), schema, None) == {"f_x_y": 1}


def test_a_tuple_in_a_union_is_a_list():
    """As a rule `fastavro` takes `("string", "a")` for a text; a payload of tuples says that it does not mean that."""
    kind = record("Pairs", pair=Union((Scalar.NULL, Scalar.STRING, List(Scalar.STRING))))
    bound = CODEC.bind(payload("pairs", kind, {"pair": ("string", "a")}))
    assert bound.decode(bound.encode({"pair": ("string", "a")})) == {"pair": ["string", "a"]}


def test_the_schema_is_not_parsed_in_a_call(monkeypatch):
    """What fastavro has parsed it does not parse again, and no codec of ours does."""
    bound = CODEC.bind(payload("some", SOME, {"id": 1}))
    monkeypatch.setattr(fastavro, "parse_schema", None)
    assert bound.decode(bound.encode({"id": 1})) == {"id": 1, "note": None}


def test_a_missing_extension_is_told():
    """Without its compiled modules fastavro runs all the same, and the codec says how."""
    code = (
        "import sys\n"
        "sys.modules['fastavro._write'] = sys.modules['fastavro._read'] = None\n"
        "from serbench.codecs.fastavro import CODECS\n"
        "(codec,) = CODECS\n"
        "(caution,) = codec.warnings\n"
        "print(codec.native, caution.name, sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["pure Python", "slow-fallback"]
