"""Classes in the manner of flatc's. What they do is tested with the codec, which has the library."""

from __future__ import annotations

import pytest
from schema_samples import EVERY, SHAPE

from serbench.schema.flatbuffers import lower
from serbench.schema.flatbuffers_code import to_python
from serbench.schema.types import Optional, Scalar, Schema, record

ACCESSOR = """\
    @property
    def count(self):
        o = flatbuffers.number_types.UOffsetTFlags.py_type(self._tab.Offset(6))
        if o != 0:
            return self._tab.Get(flatbuffers.number_types.Int32Flags, o + self._tab.Pos)
        return 0
"""
PACK = """\
    def _pack(self, builder):
        v = self.id
        o0 = builder.CreateString(v)
        v = self.note
        if v is not None:
            o2 = builder.CreateString(v)
        builder.StartObject(5)
        builder.PrependUOffsetTRelativeSlot(0, flatbuffers.number_types.UOffsetTFlags.py_type(o0), 0)
        builder.PrependInt32Slot(1, self.count, 0)
        if self.note is not None:
            builder.PrependUOffsetTRelativeSlot(2, flatbuffers.number_types.UOffsetTFlags.py_type(o2), 0)
        builder.PrependInt64Slot(3, self.at, None)
        builder.PrependFloat64Slot(4, self.price, None)
        return builder.EndObject()
"""


def test_accessors_and_pack_are_as_flatc_writes_them():
    """Numbers in their slots, offsets before the table is begun; floats are always written."""
    kind = record(
        "Any",
        id=Scalar.STRING,
        count=Scalar.INT32,
        note=Optional(Scalar.STRING),
        at=Optional(Scalar.INT64),
        price=Scalar.FLOAT64,
    )
    code = to_python(lower(Schema("Any", kind)))
    assert ACCESSOR in code
    assert PACK in code


@pytest.mark.parametrize("schema", [s for name, s in EVERY.items() if name != "unions"])
def test_the_code_compiles(schema):
    """Whatever the shape and the names."""
    namespace = {}
    exec(to_python(lower(schema)), namespace)
    assert f"_{len(lower(schema).tables) - 1}" in namespace


def test_names_of_the_code_are_none_of_the_schemas():
    """Classes have numbers, in the order of the tables."""
    namespace = {}
    exec(to_python(lower(SHAPE)), namespace)
    names = {name for name in namespace if not name.startswith("__")}
    assert all(name.startswith("_") for name in names)
    assert {"_Entries", "_0", "_0T", "_0B", "_4", "_4T", "_4B"} <= names
