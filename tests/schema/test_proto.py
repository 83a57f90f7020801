"""The protobuf shape of a schema."""

from __future__ import annotations

import re

import pytest

from serbench.errors import UnsupportedPayload
from serbench.schema.proto import SCALARS, Content, Message, ProtoField, lower, package, present
from serbench.schema.proto_text import to_proto
from serbench.schema.types import List, Map, Optional, Scalar, Schema, Union, record

POINT = record("Point", x=Scalar.FLOAT64, y=Optional(Scalar.FLOAT32))
MAYBE = Union((Scalar.STRING, Scalar.NULL))
SHAPE = Schema(
    "Shape",
    record(
        "Shape",
        **{
            "name": Scalar.STRING,
            "rings": List(List(POINT)),
            "by_id": Map(Scalar.INT64, List(POINT)),
            "note": MAYBE,
            "centre": Optional(POINT),
            "tags": Optional(List(MAYBE)),
            "from": Scalar.UINT32,
            "counts": Map(Scalar.STRING, Scalar.INT32),
        },
    ),
)
TEXT = """\
syntax = "proto3";

package serbench.shape;

message Shape {
  string name = 1;
  repeated ListOfPoint rings = 2;
  map<int64, ListOfPoint> by_id = 3;
  optional string note = 4;
  optional Point centre = 5;
  repeated string tags = 6;
  uint32 from = 7;
  map<string, int32> counts = 8;
}

message ListOfPoint {
  repeated Point values = 1;
}

message Point {
  double x = 1;
  optional float y = 2;
}
"""


def root_of(**fields) -> Message:
    """The root message of a schema with these fields."""
    return lower(Schema("Root", record("Root", **fields)))[-1]


def test_the_text_is_proto3():
    """Root first; wrappers, optional fields, maps and names that differ stand as protobuf writes them."""
    assert to_proto(SHAPE) == TEXT


def test_messages_come_after_those_that_they_use():
    """The last one is the root, and a wrapper is made once for each content."""
    assert [message.name for message in lower(SHAPE)] == ["Point", "ListOfPoint", "Shape"]
    assert [message.wrapper for message in lower(SHAPE)] == [False, True, False]


def test_fields_say_all_that_a_codec_needs():
    """Key, identifier, number, presence and content of each field."""
    fields = {field.name: field for field in lower(SHAPE)[-1].fields}
    expected = ProtoField(
        name="from",
        identifier="f_from",
        json_name="from",
        number=7,
        optional=False,
        content=Content(label="single", type="uint32", message=False),
    )
    assert expected == fields["from"]
    assert Content(label="map", type="ListOfPoint", message=True, key="int64") == fields["by_id"].content
    assert Content(label="repeated", type="string", message=False) == fields["tags"].content
    assert [field.name for field in fields.values() if field.optional] == ["note", "centre", "tags"]


def test_every_depth_of_lists_and_maps_has_a_wrapper():
    """A list of a list of maps is a list of wrappers of wrappers."""
    schema = Schema("Root", record("Root", deep=List(List(Map(Scalar.STRING, Scalar.FLOAT64)))))
    assert [message.name for message in lower(schema)] == ["MapOfStringToDouble", "ListOfMapOfStringToDouble", "Root"]


def test_wrappers_do_not_take_names_of_records():
    """Records that are called like a wrapper keep their name."""
    inner = record("ListOfDouble", a=Scalar.BOOL)
    schema = Schema("Root", record("Root", a=List(List(Scalar.FLOAT64)), b=List(List(inner))))
    names = [message.name for message in lower(schema)]
    assert names == ["ListOfDouble_", "ListOfDouble", "ListOfListOfDouble", "Root"]
    double = record("Double", a=Scalar.BOOL)
    schema = Schema("Root", record("Root", a=List(List(Scalar.FLOAT64)), b=List(List(double))))
    assert len({message.name for message in lower(schema)}) == 4


@pytest.mark.parametrize(("scalar", "expected"), SCALARS.items())
def test_every_scalar_of_protobuf_has_its_name(scalar, expected):
    """A scalar field is that scalar, in a list and in a map as well."""
    message = root_of(a=scalar, b=List(scalar), c=Map(Scalar.STRING, scalar))
    assert [expected] * 3 == [field.content.type for field in message.fields]


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        (Scalar.NULL, "a: protobuf has no null"),
        (Scalar.BIGINT, "a: protobuf has no bigint"),
        (List(Scalar.NULL), "a[]: protobuf has no null"),
        (Map(Scalar.STRING, Scalar.BIGINT), "a.*: protobuf has no bigint"),
        (List(record("In", b=List(List(Scalar.BIGINT)))), "a[].b[][]: protobuf has no bigint"),
        (Union((Scalar.INT32, Scalar.STRING)), "a: protobuf has no union of these types"),
        (Union((Scalar.NULL, Scalar.INT32, Scalar.STRING)), "a: protobuf has no union of these types"),
        (Union(()), "a: protobuf has no union of these types"),
    ],
)
def test_what_has_no_form_is_refused_with_its_path(kind, complaint):
    """Such a payload is skipped with the place that says why."""
    with pytest.raises(UnsupportedPayload, match=f"^{re.escape(complaint)}$"):
        root_of(a=kind)


@pytest.mark.parametrize("root", [Scalar.INT32, List(POINT), Map(Scalar.STRING, POINT), MAYBE])
def test_a_root_that_is_no_record_is_refused(root):
    """Protobuf has messages only."""
    with pytest.raises(UnsupportedPayload, match="this payload's root is no record"):
        to_proto(Schema("Root", root))


def test_what_is_present_in_a_nullable_value():
    """The other type of a union with NULL, through any number of unions; else the type itself."""
    assert present(MAYBE) is Scalar.STRING
    assert present(Union((Scalar.NULL, Union((POINT, Scalar.NULL))))) is POINT
    both = Union((Scalar.INT32, Scalar.STRING))
    assert present(both) is both
    assert present(Scalar.NULL) is Scalar.NULL


def test_json_names_are_stated_where_protobuf_would_take_another_fields():
    """Protobuf calls `unit_price` `unitPrice` in JSON, which is another field here."""
    message = root_of(unit_price=Scalar.BOOL, unitPrice=Scalar.BOOL, total_price=Scalar.BOOL)
    assert {"unit_price": "unit_price", "unitPrice": "unitPrice", "total_price": ""} == {
        field.name: field.json_name for field in message.fields
    }


def test_packages_are_lower_case():
    """Each payload has a package of its own."""
    assert package(SHAPE) == "serbench.shape"
