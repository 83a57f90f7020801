"""The messages that are made from a schema are those that protoc would make from its `.proto`."""

from __future__ import annotations

from codec_samples import NAMES, payload
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.json_format import MessageToDict

from serbench.codecs.protobuf import CODECS
from serbench.codecs.protobuf_classes import message_class
from serbench.schema.proto import package
from serbench.schema.types import List, Map, Optional, Scalar, Schema, record

CODEC, _ = CODECS


def described(schema) -> FileDescriptorProto:
    """The file that the messages of a schema are in."""
    file = FileDescriptorProto()
    message_class(schema).DESCRIPTOR.file.CopyToProto(file)
    return file


def encoded(kind, instance) -> bytes:
    """An instance on the wire."""
    bound = CODEC.bind(payload("wire", kind, instance))
    return bytes(bound.encode(bound.build(instance)))


def test_an_optional_zero_is_on_the_wire_and_a_required_one_is_not():
    """Optional means explicit presence; all else has proto3's implicit one."""
    kind = record("Zeros", a=Scalar.INT64, b=Optional(Scalar.INT64), c=Optional(Scalar.STRING))
    assert encoded(kind, {"a": 0}) == b""
    assert encoded(kind, {"a": 0, "b": 0, "c": ""}) == b"\x10\x00\x1a\x00"


def test_lists_of_scalars_are_packed_and_lists_of_lists_have_a_wrapper():
    """A list of numbers is one field; an inner list is the first field of a message."""
    assert encoded(record("Packed", a=List(Scalar.INT64)), {"a": [1, 2]}) == b"\x0a\x02\x01\x02"
    assert encoded(record("Wrapped", a=List(List(Scalar.INT64))), {"a": [[1], []]}) == b"\x0a\x03\x0a\x01\x01\x0a\x00"


def test_an_optional_field_is_marked_as_one():
    """A descriptor made here can be printed as the `.proto` that says `optional`."""
    kind = record("Marks", a=Scalar.INT64, b=Optional(Scalar.INT64), c=Optional(List(Scalar.INT64)))
    (message,) = described(Schema("Marks", kind)).message_type
    assert [False, True, False] == [field.proto3_optional for field in message.field]
    assert ["_b"] == [oneof.name for oneof in message.oneof_decl]


def test_a_map_has_the_entry_that_protoc_makes():
    """Its name is the field's in CamelCase, and it is marked as an entry."""
    (message,) = described(Schema("Maps", record("Maps", by_id_2=Map(Scalar.UINT32, Scalar.STRING)))).message_type
    (entry,) = message.nested_type
    assert ("ById2Entry", True) == (entry.name, entry.options.map_entry)
    assert ["key", "value"] == [field.name for field in entry.field]


def test_json_names_are_those_of_the_plain_value_where_identifiers_are_not():
    """A name that protobuf does not take is still the one in its JSON form."""
    bound = CODEC.bind(NAMES)
    assert {"class", "x-y", "self", "Clear", "größe"} <= set(MessageToDict(bound.build(NAMES.instances[0])))


def test_messages_are_in_the_package_of_the_proto_file():
    """Names on top level are unique by schema."""
    schema = Schema("Ping", record("Ping", id=Scalar.INT64))
    assert package(schema) == described(schema).package
    assert f"{package(schema)}.Ping" == message_class(schema).DESCRIPTOR.full_name
