"""The FlatBuffers shape of a schema, as plain data, and the `.fbs` text of it.

What FlatBuffers have no form for is brought into one here, for the text and for the codec that makes classes alike:

* A map is a vector of tables with `key` and `value`. (`(key)` is not stated: it promises that vectors are sorted.)
* A list or a map inside a list, and bytes in one, become a *wrapper*: a table of one field, `values`, that holds them.
* Several types are a union of tables, in a table of its own with the field `value`; what is no record is wrapped.
* A nullable value is of its other type, and optional where it is a field.
* Required texts, bytes, vectors and tables are `(required)`; optional numbers are `= null`.
* What is always null, integers over 64 bits and a root that is no record raise UnsupportedPayload.

Fields are in the order of their numbers, which is their order on the wire: new ones go last.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import Literal

from serbench.errors import UnsupportedPayload
from serbench.schema.derived import TypeNames, bare, comment, comments, constants, may_lack, module_name, root_record
from serbench.schema.language import Language
from serbench.schema.names import identifiers
from serbench.schema.payload import join
from serbench.schema.types import Enum, Field, List, Map, Record, Scalar, Schema, Type, Union, records_of

SCALARS: dict[Scalar, str] = {
    Scalar.BOOL: "bool",
    Scalar.INT32: "int",
    Scalar.INT64: "long",
    Scalar.UINT32: "uint",
    Scalar.UINT64: "ulong",
    Scalar.FLOAT32: "float",
    Scalar.FLOAT64: "double",
}
"""FlatBuffers' name of each scalar that stands in a table itself."""

Holds = Literal["scalar", "string", "bytes", "table", "union"]
Role = Literal["record", "entry", "wrapper", "union"]

_ATTRIBUTE = "field_name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a field holds: one of something or, as a vector, many of it. `type` is a scalar's name or a table's."""

    holds: Holds
    type: str = ""
    vector: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A field of a table.

    Attributes:
        name: the key in the plain value; of a made-up table, the field's own name.
        identifier: the name in the text, and the attribute in Python.
        optional: whether it may be absent.
        content: what it holds.
        note: of the field.
    """

    name: str
    identifier: str
    optional: bool
    content: Content
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: a record's, with its slots in the order of their numbers, or one that is made up."""

    name: str
    slots: tuple[Slot, ...]
    role: Role = "record"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """All tables, each after those that it uses; the last one is the root. The tables of each union, and all enums."""

    tables: tuple[Table, ...]
    unions: dict[str, tuple[str, ...]]
    enums: dict[str, Enum]


def lower(schema: Schema) -> Shape:
    """The schema as tables.

    Raises:
        UnsupportedPayload: something has no form, with its path, such as `items[].price` or `labels.*`.
    """
    lowering = _Lowering(schema)
    lowering.record(root_record(schema, "FlatBuffers", "tables"), "")
    return Shape(tables=tuple(lowering.tables.values()), unions=lowering.unions, enums=lowering.enums)


class _Lowering:
    def __init__(self, schema: Schema) -> None:
        fields = {word for record in records_of(schema) for word in identifiers(record).values()}
        self.names = TypeNames(schema, fields)  # flatc takes no field that is called like its table
        self.tables: dict[str, Table] = {}
        self.unions: dict[str, tuple[str, ...]] = {}
        self.enums: dict[str, Enum] = {}

    def record(self, record: Record, path: str) -> Content:
        name = self.names.of(record)
        if name not in self.tables:
            known = identifiers(record)
            fields = sorted(record.fields, key=lambda field: field.number)
            slots = tuple(self.slot(field, known[field.name], path) for field in fields)
            self.tables[name] = Table(name=name, slots=slots, note=record.note)
        return Content(holds="table", type=name)

    def slot(self, field: Field, identifier: str, path: str) -> Slot:
        content = self.content(bare(field.type), join(path, field.name))
        optional = may_lack(field)
        return Slot(name=field.name, identifier=identifier, optional=optional, content=content, note=field.note)

    def content(self, kind: Type, path: str) -> Content:
        """What a field of a bare type holds."""
        match kind:
            case List(item):
                one = self.item(item, f"{path}[]")
            case Map(key, value):
                name, first = self.names.made(kind, "{}Entry")
                if first:
                    slots = (self.made("key", key, path), self.made("value", value, join(path, "*")))
                    self.tables[name] = Table(name=name, slots=slots, role="entry")
                one = Content(holds="table", type=name)
            case Record():
                return self.record(kind, path)
            case Enum():
                name = self.names.made(kind)[0]
                self.enums[name] = kind
                return Content(holds="scalar", type=name)
            case Union(options):
                return self.union(kind, options, path)
            case _:
                return _scalar(kind, path)
        return Content(holds=one.holds, type=one.type, vector=True)

    def item(self, kind: Type, path: str) -> Content:
        """What a vector of a bare type holds."""
        return (
            self.wrapper(kind, path)
            if isinstance(kind, List | Map) or kind is Scalar.BYTES
            else self.content(kind, path)
        )

    def wrapper(self, kind: Type, path: str) -> Content:
        """The table that holds what cannot stand by itself; one for each type."""
        name, first = self.names.made(kind, "{}" if isinstance(kind, List) else "{}Value")
        if first:
            self.tables[name] = Table(name=name, slots=(self.made("values", kind, path),), role="wrapper")
        return Content(holds="table", type=name)

    def union(self, union: Union, options: tuple[Type, ...], path: str) -> Content:
        name, first = self.names.made(union)
        if first:
            options = tuple(dict.fromkeys(options))
            tables = [
                (self.record(option, path) if isinstance(option, Record) else self.wrapper(option, path)).type
                for option in options
            ]
            any_of, _ = self.names.made(union, "Any{}")
            self.unions[any_of] = tuple(tables)
            held = Content(holds="union", type=any_of)
            slot = Slot(name="value", identifier="value", optional=False, content=held)
            self.tables[name] = Table(name=name, slots=(slot,), role="union")
        return Content(holds="table", type=name)

    def made(self, name: str, kind: Type, path: str) -> Slot:
        """The field of a made-up table."""
        return Slot(name=name, identifier=name, optional=False, content=self.content(kind, path))


def _scalar(kind: Type, path: str) -> Content:
    match kind:
        case Scalar.STRING:
            return Content(holds="string")
        case Scalar.BYTES:
            return Content(holds="bytes")
        case Scalar() if kind in SCALARS:
            return Content(holds="scalar", type=SCALARS[kind])
    raise UnsupportedPayload(f"FlatBuffers have no {kind}", path)


def to_fbs(schema: Schema, namespace: str = "") -> str:
    """The schema as the text of an `.fbs` file, in that namespace or its own.

    Raises:
        UnsupportedPayload: as `lower`.
    """
    shape = lower(schema)
    stated = any(slot.identifier != slot.name for table in shape.tables for slot in table.slots)
    attribute = [f'attribute "{_ATTRIBUTE}";\n'] if stated else []
    blocks = [*itertools.starmap(_enum, shape.enums.items()), *(_block(table, shape.unions) for table in shape.tables)]
    root = f"root_type {shape.tables[-1].name};\n"
    head = f"namespace {namespace or f'serbench.{module_name(schema)}'};\n"
    return "\n".join([head, *attribute, *blocks, root])


def _enum(name: str, enum: Enum) -> str:
    small = "ubyte" if len(enum.values) <= 1 << 8 else "ushort"
    lines = [f"  {word},{comment(said, '//')}" for word, said in constants(enum).items()]
    return "\n".join([f"enum {name} : {small} {{", *lines, "}\n"])


def _block(table: Table, unions: dict[str, tuple[str, ...]]) -> str:
    made = [
        f"union {slot.content.type} {{ {', '.join(unions[slot.content.type])} }}\n"
        for slot in table.slots
        if slot.content.holds == "union"
    ]
    above = comments(table.note, "//")
    return "\n".join([*made, *above, f"table {table.name} {{", *(f"  {_line(slot)}" for slot in table.slots), "}\n"])


def _line(slot: Slot) -> str:
    content = slot.content
    one = {"string": "string", "bytes": "[ubyte]"}.get(content.holds, content.type)
    by_value = content.holds == "scalar" and not content.vector
    null = " = null" if by_value and slot.optional else ""
    marks = [] if by_value or slot.optional else ["required"]
    if slot.identifier != slot.name:
        marks.append(f"{_ATTRIBUTE}: {json.dumps(slot.name, ensure_ascii=False)}")
    words = f" ({', '.join(marks)})" if marks else ""
    return f"{slot.identifier}: {f'[{one}]' if content.vector else one}{null}{words};{comment(slot.note, '//')}"


LANGUAGES = (
    Language(
        name="flatbuffers",
        title="FlatBuffers",
        write=to_fbs,
        lacks={Scalar.BIGINT: "integers over 64 bits"},
        records_only=True,
        longest=1_000,
        nulls=False,
    ),
)
