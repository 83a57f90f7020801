"""Which fields of a described type are enums: in the schema these are numbers like others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.schema.types import List, Map, Record, Schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.schema.payload import Described

_ENUM = 14  # by protobuf's numbers of types


def fields(schema: Schema, described: Described | None) -> frozenset[tuple[str, str]]:
    """The fields that are enums, or have enums in a list or a map: each as the name of its record and its own."""
    if described is None or not isinstance(schema.root, Record):
        return frozenset()
    from google.protobuf.descriptor_pb2 import FileDescriptorSet  # noqa: PLC0415 - only who has such files needs it
    from google.protobuf.descriptor_pool import DescriptorPool  # noqa: PLC0415 - the same

    pool = DescriptorPool()
    for file in FileDescriptorSet.FromString(described.files).file:
        pool.AddSerializedFile(file.SerializeToString())
    return frozenset(_of(schema.root, pool.FindMessageTypeByName(described.name)))


def _of(record: Record, message: Any) -> Iterator[tuple[str, str]]:
    for field in record.fields:
        one = message.fields_by_number[field.number]
        inner = field.type
        if isinstance(inner, Map):
            one, inner = one.message_type.fields_by_name["value"], inner.value
        elif isinstance(inner, List):
            inner = inner.item
        if one.type == _ENUM:
            yield record.name, field.name
        elif isinstance(inner, Record):
            yield from _of(inner, one.message_type)
