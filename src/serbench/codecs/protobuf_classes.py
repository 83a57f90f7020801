"""Classes of protobuf's messages, made at run time of a payload's schema or of the type that its user stated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

from serbench.schema.carried import carried
from serbench.schema.proto import Message, ProtoField, lower, package

if TYPE_CHECKING:
    from serbench.schema.payload import Payload
    from serbench.schema.types import Schema


def own_class(payload: Payload) -> Any:
    """The class of a payload's messages: of the type that its user stated, or of one that is made of its schema.

    Raises:
        UnsupportedPayload: as `message_class`.
    """
    if payload.described is None:
        return message_class(carried(payload, "protobuf"))
    pool = DescriptorPool()
    for file in FileDescriptorSet.FromString(payload.described.files).file:
        pool.AddSerializedFile(file.SerializeToString())
    return GetMessageClass(pool.FindMessageTypeByName(payload.described.name))


def message_class(schema: Schema) -> Any:
    """The class of a payload's messages, in a descriptor pool of its own.

    Raises:
        UnsupportedPayload: protobuf has no form for something in the schema.
    """
    messages = lower(schema)
    file = FileDescriptorProto(name=f"{package(schema)}.proto", package=package(schema), syntax="proto3")
    for message in messages:
        _describe(message, file.message_type.add(name=message.name), file.package)
    pool = DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return GetMessageClass(pool.FindMessageTypeByName(f"{file.package}.{messages[-1].name}"))


def _describe(message: Message, into: DescriptorProto, scope: str) -> None:
    for field in message.fields:
        content = field.content
        if content.label == "map":
            made = _add(into, field.identifier, field.number, f"{message.name}.{_entry(into, field, scope)}", scope)
        else:
            made = _add(into, field.identifier, field.number, content.type, scope if content.message else "")
        if content.label != "single":
            made.label = FieldDescriptorProto.LABEL_REPEATED
        elif field.optional:
            made.proto3_optional = True
            made.oneof_index = len(into.oneof_decl)
            into.oneof_decl.add(name=f"_{field.identifier}")
        if field.json_name:
            made.json_name = field.json_name


def _entry(into: DescriptorProto, field: ProtoField, scope: str) -> str:
    """Adds the entry message of a map, with protoc's name for it."""
    name = "".join(part[:1].upper() + part[1:] for part in field.identifier.split("_")) + "Entry"
    entry = into.nested_type.add(name=name)
    entry.options.map_entry = True
    _add(entry, "key", 1, field.content.key)
    _add(entry, "value", 2, field.content.type, scope if field.content.message else "")
    return name


def _add(into: DescriptorProto, name: str, number: int, kind: str, scope: str = "") -> FieldDescriptorProto:
    """Adds a field of a scalar type, or of a message of that scope."""
    made = into.field.add(name=name, number=number, label=FieldDescriptorProto.LABEL_OPTIONAL)
    if scope:
        made.type = FieldDescriptorProto.TYPE_MESSAGE
        made.type_name = f".{scope}.{kind}"
    else:
        made.type = FieldDescriptorProto.Type.Value(f"TYPE_{kind.upper()}")
    return made
