"""What is special to Fory: dataclasses by field number, deep values, and its slow fallback."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys

import pytest
from codec_samples import payload

pytest.importorskip("pyfory")

from serbench.codecs.fory import CODECS
from serbench.errors import UnsupportedPayload
from serbench.schema.types import List, Optional, Scalar, record

PLAIN, TYPED = CODECS
ITEM = record("Item", Id=Scalar.UINT64, note=Optional(Scalar.STRING))


def test_objects_are_dataclasses_with_none_for_what_is_absent():
    """They are what a user would have written, and a name that begins with a capital is carried."""
    bound = TYPED.bind(payload("items", record("Items", items=List(ITEM)), {"items": [{"Id": 2**64 - 1}]}))
    decoded = bound.decode(bound.encode(bound.build({"items": [{"Id": 2**64 - 1}]})))
    (item,) = decoded.items
    assert dataclasses.is_dataclass(decoded)
    assert dataclasses.asdict(item) == {"Id": 2**64 - 1, "note": None}


def test_plain_values_keep_their_types():
    """In its mode for Python a tuple stays one, and keys are what they were."""
    value = {"a": (1, [2.0]), 3: b"x", None: True}
    bound = PLAIN.bind(payload("any", Scalar.NULL, value))
    back = bound.decode(bound.encode(value))
    assert value == back
    assert type(back["a"]) is tuple


def test_the_deepest_value_that_can_be_a_payload_is_carried():
    """Fory's own limit is lower; it is raised as a user with such values would raise it."""
    value, kind = 1, Scalar.INT64
    for level in range(50):
        value, kind = {"a": [value]}, record(f"Level{level}", a=List(kind))
    deepest = payload("deep", kind, value)
    for codec in CODECS:
        bound = codec.bind(deepest)
        assert value == bound.convert(bound.decode(bound.encode(bound.build(value))))


def test_a_record_of_many_fields_is_carried():
    """Fory's own limits are lower; they are raised likewise."""
    names = [f"a_field_with_a_long_name_{n}" for n in range(1000)]
    wide = payload("wide", record("Wide", **dict.fromkeys(names, Scalar.INT64)), dict.fromkeys(names, 1))
    bound = TYPED.bind(wide)
    (value,) = wide.instances
    assert value == bound.convert(bound.decode(bound.encode(bound.build(value))))


def test_what_has_no_type_in_fory_is_refused_with_the_path():
    """Integers without a width have none."""
    with pytest.raises(UnsupportedPayload, match=r"^a\[\]: Fory has integers of 64 bits, and some here fit neither"):
        TYPED.bind(payload("big", record("Big", a=List(Scalar.BIGINT))))


def test_the_switch_to_python_is_told():
    """The variable that switches the extension off stands in the warning."""
    code = (
        "from serbench.codecs.fory import CODECS\n"
        "for codec in CODECS:\n"
        "    (caution,) = codec.warnings\n"
        "    print(codec.native, caution.name, 'ENABLE_FORY_CYTHON_SERIALIZATION' in caution.text)"
    )
    environment = {**os.environ, "ENABLE_FORY_CYTHON_SERIALIZATION": "False"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["pure Python slow-fallback True"] * 2
