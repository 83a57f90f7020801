"""The FlatBuffers shape of a schema, and its `.fbs` text."""

from __future__ import annotations

import json
import re

import pytest
from compilers import compiler, run
from schema_samples import EVERY, ODD, SHAPE, UNCARRIED, UNION

from serbench.errors import UnsupportedPayload
from serbench.schema.flatbuffers import Content, lower, to_fbs
from serbench.schema.types import Field, List, Map, Optional, Record, Scalar, Schema, record

TEXT = """\
namespace serbench.shape;

attribute "field_name";

table Point {
  x: double;
  y: float = null;
}

table ListOfPoint {
  values: [Point] (required);
}

table Uint64ToListOfPointEntry {
  key: ulong;
  value: [Point] (required);
}

table BytesValue {
  values: [ubyte] (required);
}

table Shape {
  name: string (required);
  rings: [ListOfPoint] (required);
  by_id: [Uint64ToListOfPointEntry] (required);
  note: string;
  centre: Point;
  tags: [string];
  f_from: uint (field_name: "from");
  parts: [BytesValue] (required);
}

root_type Shape;
"""


def test_the_text_is_fbs():
    """Tables after those that they use; wrappers, entries, presence and names that differ as FlatBuffers have them."""
    assert to_fbs(SHAPE) == TEXT


@pytest.mark.parametrize("schema", EVERY.values(), ids=EVERY)
def test_flatc_takes_it(schema, tmp_path):
    """Code can be generated from it."""
    (tmp_path / "message.fbs").write_text(to_fbs(schema), encoding="utf-8")
    run(compiler("flatc"), "--python", "--cpp", "message.fbs", cwd=tmp_path)
    assert list(tmp_path.glob("*_generated.h"))


def test_every_name_can_be_told_again():
    """A name that is no identifier stands in an attribute, unchanged."""
    root = to_fbs(ODD).rpartition("table ")[2].partition("}\n")[0]
    told = []
    for line in root.splitlines()[1:]:
        stated = re.search(r'field_name: (".*")\)', line)
        told.append(json.loads(stated[1]) if stated else re.match(r" +(\w+):", line)[1])
    assert [field.name for field in sorted(ODD.root.fields, key=lambda field: field.number)] == told


def test_fields_are_in_the_order_of_their_numbers():
    """That is their order on the wire, whatever the gaps."""
    fields = (Field(name="b", type=Scalar.BOOL, number=7), Field(name="a", type=Scalar.BOOL, number=3))
    (table,) = lower(Schema("Root", Record("Root", fields))).tables
    assert [slot.name for slot in table.slots] == ["a", "b"]


def test_made_up_tables_are_made_once_and_not_called_like_records():
    """Two lists of lists of one type share a wrapper, beside a record of that name."""
    taken = record("ListOfInt64", a=Scalar.BOOL)
    kind = List(List(Scalar.INT64))
    shape = lower(Schema("Root", record("Root", a=kind, b=kind, c=taken, d=Optional(kind))))
    assert [(table.name, table.role) for table in shape.tables] == [
        ("ListOfInt642", "wrapper"),
        ("ListOfInt64", "record"),
        ("Root", "record"),
    ]
    assert {slot.content for slot in shape.tables[-1].slots if slot.name != "c"} == {
        Content(holds="table", type="ListOfInt642", vector=True)
    }


def test_a_map_in_a_map_needs_no_wrapper():
    """Its entries are a field of the outer one's entries; in a list it does."""
    inner = Map(Scalar.STRING, Scalar.BOOL)
    shape = lower(Schema("Root", record("Root", a=Map(Scalar.INT32, inner), b=List(inner))))
    roles = {table.name: table.role for table in shape.tables}
    assert roles == {
        "StringToBoolEntry": "entry",
        "Int32ToStringToBoolEntry": "entry",
        "StringToBoolValue": "wrapper",
        "Root": "record",
    }


def test_a_union_is_of_tables():
    """What is no record is in a wrapper, and the whole in a table, so that it can be in a vector too."""
    text = to_fbs(UNION)
    assert "union AnyInt64OrString { Int64Value, StringValue }\n" in text
    assert "table Int64OrString {\n  value: AnyInt64OrString (required);\n}" in text
    assert "  value: Int64OrStringOrListOfFloat64OrPart;\n  items: [Int64OrString] (required);" in text


@pytest.mark.parametrize(("kind", "complaint"), UNCARRIED)
def test_what_has_no_form_is_refused_with_its_path(kind, complaint):
    """Such a payload is skipped with the place that says why."""
    with pytest.raises(UnsupportedPayload, match=f"^{re.escape(complaint.format('FlatBuffers have'))}$"):
        lower(Schema("Root", record("Root", a=kind)))


def test_a_root_that_is_no_record_is_refused():
    """A root is a table."""
    with pytest.raises(UnsupportedPayload, match="FlatBuffers has tables only, and this payload's root is no record"):
        to_fbs(Schema("Root", List(Scalar.INT32)))
