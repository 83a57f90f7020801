"""The protobuf shape of a schema, as plain data.

What proto3 has no form for is brought into one here, for the text and for the codec that builds descriptors alike:

* A list or a map inside a list or a map becomes a *wrapper*: a message of one field, `values`, that holds it.
* A nullable value (a union of NULL and one other type) becomes that other type, `optional` where it is a field. An
  actual null has no form: a codec refuses it by its kind.
* Other unions, what is always null, integers over 64 bits and a root that is no record have no form either: they raise
  UnsupportedPayload. (`serbench.schema.proto_text` has one for some of these, for people.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from serbench.errors import UnsupportedPayload
from serbench.schema.names import identifiers, lower_camel
from serbench.schema.payload import join
from serbench.schema.types import Enum, Field, List, Map, Record, Scalar, Schema, Type, Union, records_of

WRAPPED = "values"
"""The name of a wrapper's only field; its number is 1."""

SCALARS: dict[Scalar, str] = {
    Scalar.BOOL: "bool",
    Scalar.INT32: "int32",
    Scalar.INT64: "int64",
    Scalar.UINT32: "uint32",
    Scalar.UINT64: "uint64",
    Scalar.FLOAT32: "float",
    Scalar.FLOAT64: "double",
    Scalar.STRING: "string",
    Scalar.BYTES: "bytes",
}
"""Protobuf's name of each scalar that it has."""

Label = Literal["single", "repeated", "map"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a field holds.

    Attributes:
        label: one value, a list of them (packed where proto3 packs), or a map.
        type: a scalar's name in protobuf (`double`) or a message's; for a list of its items, for a map of its values.
        message: whether `type` names a message of the same lowering.
        key: of a map, the scalar name of its keys; empty otherwise.
    """

    label: Label
    type: str
    message: bool
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtoField:
    """A field of a message.

    Attributes:
        name: the key in the plain value; of a wrapper's field, `values`, which is no key.
        identifier: the name in protobuf, and the attribute in Python.
        json_name: the name, where protobuf has to be told it; empty otherwise.
        number: the field number.
        optional: whether the plain value may lack the key. It makes a single value `optional` (explicit presence); of a
            list and a map protobuf cannot tell empty from absent.
        content: what it holds.
        note: of the record's field.
    """

    name: str
    identifier: str
    json_name: str = ""
    number: int
    optional: bool
    content: Content
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message, on the top level of its file.

    Attributes:
        name: unique in the lowering.
        fields: in the order of the record.
        wrapper: whether the plain value is not a dict with these fields, but the value of the only field itself.
        choice: whether one of the fields is there, and is the value itself; only where a schema is printed.
        note: of the record.
    """

    name: str
    fields: tuple[ProtoField, ...]
    wrapper: bool = False
    choice: bool = False
    note: str = ""


def package(schema: Schema) -> str:
    """The protobuf package of a schema's messages."""
    return f"serbench.{schema.name.lower()}"


def lower(schema: Schema) -> tuple[Message, ...]:
    """The schema as messages that proto3 can express, each after those that it uses; the last one is the root.

    Raises:
        UnsupportedPayload: something has no form in protobuf, with its path, such as `items[].price` or `labels.*`.
    """
    if not isinstance(schema.root, Record):
        raise UnsupportedPayload("protobuf has messages only, and this payload's root is no record")
    lowering = Lowering(schema)
    lowering.record(schema.root, "")
    return tuple(lowering.messages.values())


def present(kind: Type) -> Type:
    """The type itself; of a nullable one, what it is when it is not null."""
    if isinstance(kind, Union) and not isinstance(kind, Enum):
        others = [option for option in kind.options if option is not Scalar.NULL]
        if len(others) == 1:
            return present(others[0])
    return kind


class Lowering:
    """Makes messages of records, each after those that it uses."""

    def __init__(self, schema: Schema) -> None:
        self.records = {record.name for record in records_of(schema)}
        self.messages: dict[str, Message] = {}
        self.wrappers: dict[Content, str] = {}

    def record(self, record: Record, path: str) -> str:
        """Lowers a record, after all that it uses; returns the message's name."""
        if record.name not in self.messages:
            names = self.names(record)
            fields = tuple(self.field(field, *names[field.name], join(path, field.name)) for field in record.fields)
            self.messages[record.name] = Message(name=record.name, fields=fields, note=record.note)
        return record.name

    def names(self, record: Record) -> dict[str, tuple[str, str]]:
        """The identifier of every field, and its JSON name where that is stated."""
        names = identifiers(record)
        stated = _stated(names)
        return {name: (word, name if name in stated else "") for name, word in names.items()}

    def field(self, field: Field, identifier: str, json_name: str, path: str) -> ProtoField:
        """A field of a record."""
        return ProtoField(
            name=field.name,
            identifier=identifier,
            json_name=json_name,
            number=field.number,
            optional=field.optional or present(field.type) is not field.type,
            content=self.content(field.type, path),
            note=field.note,
        )

    def content(self, kind: Type, path: str) -> Content:
        """What a field of that type holds."""
        match present(kind):
            case List(item):
                name, message = self.item(item, f"{path}[]")
                return Content(label="repeated", type=name, message=message)
            case Map(key, value):
                name, message = self.item(value, join(path, "*"))
                return Content(label="map", type=name, message=message, key=SCALARS[key])
            case other:
                name, message = self.item(other, path)
                return Content(label="single", type=name, message=message)

    def item(self, kind: Type, path: str) -> tuple[str, bool]:
        """The type name of one value, and whether it is a message."""
        match present(kind):
            case Record() as record:
                return self.record(record, path), True
            case List() | Map() as inner:
                return self.wrapper(self.content(inner, path)), True
            case Scalar() as scalar if scalar in SCALARS:
                return SCALARS[scalar], False
            case Scalar() as scalar:
                raise UnsupportedPayload(f"protobuf has no {scalar}", path)
            case _:
                raise UnsupportedPayload("protobuf has no union of these types", path)

    def wrapper(self, content: Content) -> str:
        """The message that holds a list or map where protobuf takes a single value only; one for each content."""
        if content not in self.wrappers:
            inner = content.type.rpartition(".")[2]
            inner = inner[0].upper() + inner[1:]
            name = f"MapOf{content.key.capitalize()}To{inner}" if content.label == "map" else f"ListOf{inner}"
            while name in self.records or name in self.messages:
                name += "_"
            field = ProtoField(name=WRAPPED, identifier=WRAPPED, number=1, optional=False, content=content)
            self.messages[name] = Message(name=name, fields=(field,), wrapper=True)
            self.wrappers[content] = name
        return self.wrappers[content]


def _stated(names: dict[str, str]) -> set[str]:
    """The names to state as JSON names: where the identifier differs, or its lowerCamelCase is another field's name."""
    ruled = {name: lower_camel(identifier) for name, identifier in names.items()}
    return {name for name in names if names[name] != name or (ruled[name] != name and ruled[name] in names)}
