"""A message type out of a set of descriptors, and the schema that corresponds to it.

* Field names and numbers are the type's own. Where Python has no such name (`from`), the field is renamed: what is on
  the wire knows only numbers.
* A field without presence is always there; one with presence (`optional`, a message, a member of a `oneof`) may be
  absent. Lists and maps are always there, and may be empty.
* Integers have their width, be they zigzag, fixed or not; an enum is its number.
* A type that contains itself has no schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.errors import UnknownName, UnusableFile, UsageError
from serbench.payloads.files import pools
from serbench.schema.inference import camel_case
from serbench.schema.types import Field, List, Map, Record, Scalar, Schema, Type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# By protobuf's numbers of types, which are part of its descriptors' format.
_SCALARS: dict[int, Scalar] = {
    **dict.fromkeys((5, 17, 15, 14), Scalar.INT32),  # int32, sint32, sfixed32, enum
    **dict.fromkeys((3, 18, 16), Scalar.INT64),  # int64, sint64, sfixed64
    **dict.fromkeys((13, 7), Scalar.UINT32),  # uint32, fixed32
    **dict.fromkeys((4, 6), Scalar.UINT64),  # uint64, fixed64
    1: Scalar.FLOAT64,
    2: Scalar.FLOAT32,
    8: Scalar.BOOL,
    9: Scalar.STRING,
    12: Scalar.BYTES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageType:
    """A type of messages.

    Attributes:
        name: in full, such as `shop.Order`.
        message: its class.
        pool: in which it is described.
        schema: the shape of its plain values.
        files: the descriptor set in which it is described, as bytes: with fields renamed where Python needs it.
    """

    name: str
    message: Any
    pool: Any
    schema: Schema
    files: bytes


def find(descriptor_set: bytes, label: str, name: str) -> MessageType:
    """The message type of that name.

    Args:
        descriptor_set: a FileDescriptorSet.
        label: its file, for errors.
        name: in full; empty: the only one of the last file.

    Raises:
        UnknownName: there is none of that name.
        UsageError: there are several and none was named.
        UnusableFile: it is no descriptor set, or the type has no schema.
    """
    from google.protobuf.message_factory import GetMessageClass  # noqa: PLC0415 - only who has such files needs it

    files = pools.parsed(descriptor_set, label)
    pool = pools.pool_of(files, label)
    own = [file for file in files.file if not pools.own(file.name)]
    names = sorted(f"{file.package}.{message.name}".lstrip(".") for file in own for message in file.message_type)
    nested = [inner for name in names for inner in _nested(pool.FindMessageTypeByName(name))]
    name = name or _only(own, names, label)
    if name not in (*names, *nested):
        raise UnknownName("message", name, (*names, *nested))
    shape = _Shape(label)
    root = shape.record(pool.FindMessageTypeByName(name), "")
    if pools.rename(files, shape.records):
        pool = pools.pool_of(files, label)
    return MessageType(
        name=name,
        message=GetMessageClass(pool.FindMessageTypeByName(name)),
        pool=pool,
        schema=Schema(root.name, root),
        files=files.SerializeToString(),
    )


def _only(files: Sequence[Any], names: Sequence[str], label: str) -> str:
    """The message of the last file, which is the one that was meant: the others are what it needs."""
    last = [message.name for file in files[-1:] for message in file.message_type]
    if not names:
        raise UnusableFile(f"{label}: no message in it; name a file that has one")
    if len(last) != 1:
        raise UsageError(f"{label}: several messages; name one with --message: {', '.join(names)}")
    return f"{files[-1].package}.{last[0]}".lstrip(".")


def _nested(message: Any) -> Iterator[str]:
    for inner in message.nested_types:
        if not inner.GetOptions().map_entry:
            yield inner.full_name
            yield from _nested(inner)


class _Shape:
    """Turns descriptors into records, each once."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.records: dict[str, Record] = {}
        self.open: list[str] = []
        self.names: set[str] = set()

    def record(self, message: Any, path: str) -> Record:
        full = message.full_name
        if full in self.open:
            place = f" ({path.lstrip('.')})" if path else ""
            raise UnusableFile(f"{self.label}: {full} contains itself{place}, which no schema can say; take another")
        if full not in self.records:
            self.open.append(full)
            name = self.unique(camel_case(full.removeprefix(f"{message.file.package}.").replace(".", "_")))
            fields = tuple(self.field(field, f"{path}.{field.name}") for field in message.fields)
            self.records[full] = Record(name, fields)
            self.open.pop()
        return self.records[full]

    def unique(self, name: str) -> str:
        made, n = name, 2
        while made in self.names:
            made, n = f"{name}{n}", n + 1
        self.names.add(made)
        return made

    def field(self, field: Any, path: str) -> Field:
        many = getattr(field, "is_repeated", None)
        many = field.label == field.LABEL_REPEATED if many is None else many
        entry = field.message_type if many and field.message_type else None
        if entry is not None and entry.GetOptions().map_entry:
            key = self.value(entry.fields_by_name["key"], path)
            if key is Scalar.BOOL:
                raise UnusableFile(
                    f"{self.label}: {path.lstrip('.')}: a map by bool has no schema; take another message"
                )
            kind: Type = Map(key, self.value(entry.fields_by_name["value"], path))
        else:
            one = self.value(field, path)
            kind = List(one) if many else one
        required = getattr(field, "is_required", False)
        optional = field.has_presence and not many and not required
        return Field(name=field.name, type=kind, number=field.number, optional=optional)

    def value(self, field: Any, path: str) -> Any:
        """The type of one value of a field."""
        if field.message_type is not None:
            return self.record(field.message_type, path)
        return _SCALARS[field.type]
