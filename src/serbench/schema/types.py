"""The types of a schema: scalars with width, records, lists, maps and unions.

A schema is stated once and everything typed is derived from it: msgspec structs, protobuf descriptors, `.proto` text,
the code of `read`. It has a JSON form, because it travels with the instances to workers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Scalar(StrEnum):
    """A leaf, with its width where formats differ by it. Numbers are Python's; the width is what must fit."""

    NULL = "null"
    BOOL = "bool"
    INT32 = "int32"
    INT64 = "int64"
    UINT32 = "uint32"
    UINT64 = "uint64"
    BIGINT = "bigint"
    FLOAT32 = "float32"
    FLOAT64 = "float64"
    STRING = "string"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a record.

    Attributes:
        name: the key in the plain value.
        type: what it holds.
        number: from 1, unique in the record; protobuf's field number.
        optional: whether an instance may lack the key. (A key that is there with None has a type with NULL in it.)
        note: what readers of the schema are told about it, one line; it stays out of the JSON form.
    """

    name: str
    type: Type
    number: int
    optional: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A dict with known keys. `name` is CamelCase and unique in a schema; `note` is as that of a field."""

    name: str
    fields: tuple[Field, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """A list of values of one type."""

    item: Type


@dataclass(frozen=True, slots=True)
class Map:
    """A dict whose keys are data. Keys are STRING or an integer scalar."""

    key: Scalar
    value: Type


@dataclass(frozen=True, slots=True)
class Union:
    """One of several types; a nullable value is a union with NULL."""

    options: tuple[Type, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enum(Union):
    """Text of a few known values, in a schema that is printed. Who knows of no enums sees a union of one type, text.

    Attributes:
        name: CamelCase, unique among the enums and records of a schema.
        values: the texts, each once.
    """

    options: tuple[Type, ...] = (Scalar.STRING,)
    name: str
    values: tuple[str, ...]


Type = Scalar | Record | List | Map | Union


@dataclass(frozen=True, slots=True)
class Schema:
    """The shape of a payload. `name` is the CamelCase name of the root; `root` is a Record for every message."""

    name: str
    root: Type


def record(name: str, /, **fields: Type | Optional) -> Record:
    """A record whose fields are numbered from 1 in the order in which they are written."""
    return Record(
        name,
        tuple(
            Field(name=key, type=spec.type, number=number, optional=True)
            if isinstance(spec, Optional)
            else Field(name=key, type=spec, number=number)
            for number, (key, spec) in enumerate(fields.items(), start=1)
        ),
    )


@dataclass(frozen=True, slots=True)
class Optional:
    """Marks a field of `record()` whose key an instance may lack."""

    type: Type


def to_json(schema: Schema) -> dict[str, Any]:
    """The schema as JSON values. A record stands in full at its first use and by its name afterwards."""
    seen: set[str] = set()

    def write(kind: Type) -> Any:
        match kind:
            case Scalar():
                return str(kind)
            case Record() if kind.name in seen:
                return {"ref": kind.name}
            case Record():
                seen.add(kind.name)
                return {"record": kind.name, "fields": [_field(f, write(f.type)) for f in kind.fields]}
            case List():
                return {"list": write(kind.item)}
            case Map():
                return {"map": [str(kind.key), write(kind.value)]}
            case Union():
                return {"union": [write(option) for option in kind.options]}

    return {"name": schema.name, "root": write(schema.root)}


def _field(field: Field, written: Any) -> dict[str, Any]:
    base = {"name": field.name, "number": field.number, "type": written}
    return {**base, "optional": True} if field.optional else base


def from_json(data: dict[str, Any]) -> Schema:
    """The schema that `to_json` wrote."""
    records: dict[str, Record] = {}

    def read(value: Any) -> Type:
        if isinstance(value, str):
            return Scalar(value)
        if "ref" in value:
            return records[value["ref"]]
        if "record" in value:
            fields = tuple(
                Field(name=f["name"], type=read(f["type"]), number=f["number"], optional=f.get("optional", False))
                for f in value["fields"]
            )
            return records.setdefault(value["record"], Record(value["record"], fields))
        if "list" in value:
            return List(read(value["list"]))
        if "map" in value:
            return Map(Scalar(value["map"][0]), read(value["map"][1]))
        return Union(tuple(read(option) for option in value["union"]))

    return Schema(data["name"], read(data["root"]))


def records_of(schema: Schema) -> tuple[Record, ...]:
    """Every record of the schema once, each after the records that it uses."""
    found: dict[str, Record] = {}

    def visit(kind: Type) -> None:
        match kind:
            case Record():
                if kind.name not in found:
                    for field in kind.fields:
                        visit(field.type)
                    found[kind.name] = kind
            case List():
                visit(kind.item)
            case Map():
                visit(kind.value)
            case Union():
                for option in kind.options:
                    visit(option)
            case Scalar():
                pass

    visit(schema.root)
    return tuple(found.values())
