"""The Avro schema of a payload's schema, as JSON values and as text, and the names that Avro does not take.

What Avro has no form for is brought into one here:

* An optional field is a union with null, and null its default: absent and null are the same in Avro.
* An unsigned integer has the next wider signed type. That is `long` for 64 bits too, so what is over 63 bits has no
  form: a codec refuses it by its value.
* The keys of a map are strings. Other keys have no form: a codec refuses them by their kind.
* A union has null first, as a default must be of its first type, and integers before floats: a writer takes the first
  type that fits, and an integer fits a float.
* A field whose name Avro does not take has another one, and its own name beside it as `key`; of values of an enum, such
  names stand in `values`, with what they are.

Integers over 64 bits, and unions of several lists or several maps, raise UnsupportedPayload.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from serbench.errors import UnsupportedPayload
from serbench.schema.derived import spelled
from serbench.schema.language import Language
from serbench.schema.payload import join
from serbench.schema.proto import package
from serbench.schema.types import Enum, Field, List, Map, Record, Scalar, Schema, Type, Union

if TYPE_CHECKING:
    from collections.abc import Callable

    Rename = Callable[[Any], Any]

SCALARS: dict[Scalar, str] = {
    Scalar.NULL: "null",
    Scalar.BOOL: "boolean",
    Scalar.INT32: "int",
    Scalar.INT64: "long",
    Scalar.UINT32: "long",
    Scalar.UINT64: "long",
    Scalar.FLOAT32: "float",
    Scalar.FLOAT64: "double",
    Scalar.STRING: "string",
    Scalar.BYTES: "bytes",
}
"""Avro's name of each scalar that it has, in the order in which they stand in a union."""
_RANK = {name: rank for rank, name in enumerate(dict.fromkeys(SCALARS.values()))}


def to_avro(schema: Schema, namespace: str = "") -> str:
    """The schema as the text of an `.avsc` file.

    Raises:
        UnsupportedPayload: as `lower`.
    """
    return json.dumps(lower(schema, namespace), indent=2, ensure_ascii=False) + "\n"


def lower(schema: Schema, namespace: str = "") -> Any:
    """The schema as the JSON values of an Avro schema. A record stands in full at its first use, then by its name.

    Args:
        schema: the schema.
        namespace: of its names; empty: its package.

    Raises:
        UnsupportedPayload: something has no form in Avro, with its path, such as `items[].price` or `labels.*`.
    """
    return _Lowering(namespace or package(schema)).type(schema.root, "")


def names(record: Record) -> dict[str, str]:
    """For every field name of a record one that Avro takes, unique in the record; the name itself wherever possible."""
    mapped = {field.name: field.name for field in record.fields if re.fullmatch(r"[A-Za-z_][0-9A-Za-z_]*", field.name)}
    taken = set(mapped)
    for field in record.fields:
        if field.name not in mapped:
            base = "f_" + re.sub(r"[^0-9A-Za-z_]", "_", field.name)
            name, n = base, 2
            while name in taken:
                name, n = f"{base}_{n}", n + 1
            mapped[field.name] = name
            taken.add(name)
    return {field.name: mapped[field.name] for field in record.fields}


def renaming(schema: Schema, *, back: bool = False) -> Rename | None:
    """A copy of a plain value with the names that Avro takes, or from those back; None where all names stay."""
    return _Renaming(back=back).type(schema.root)


class _Lowering:
    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.seen: set[str] = set()

    def type(self, kind: Type, path: str) -> Any:
        match kind:
            case Scalar() if kind in SCALARS:
                return SCALARS[kind]
            case Scalar():
                raise UnsupportedPayload(f"Avro has no {kind}", path)
            case Record():
                return self.record(kind, path)
            case List(item):
                return {"type": "array", "items": self.type(item, f"{path}[]")}
            case Map(_, value):
                return {"type": "map", "values": self.type(value, join(path, "*"))}
            case Enum():
                return self.enum(kind)
            case Union():
                return self.union(kind.options, path)

    def enum(self, enum: Enum) -> Any:
        name = f"{self.namespace}.{enum.name}"
        if name in self.seen:
            return name
        self.seen.add(name)
        symbols = spelled(enum.values, _symbol)
        other = {symbol: value for value, symbol in symbols.items() if symbol != value}
        values = {"values": other} if other else {}
        return {"type": "enum", "name": name, "symbols": list(symbols.values()), **values}

    def record(self, record: Record, path: str) -> Any:
        name = f"{self.namespace}.{record.name}"
        if name in self.seen:
            return name
        self.seen.add(name)
        named = names(record)
        fields = [self.field(field, named[field.name], join(path, field.name)) for field in record.fields]
        return {"type": "record", "name": name, **_doc(record.note), "fields": fields}

    def field(self, field: Field, name: str, path: str) -> dict[str, Any]:
        key = {**({} if name == field.name else {"key": field.name}), **_doc(field.note)}
        if not field.optional:
            return {"name": name, "type": self.type(field.type, path), **key}
        return {"name": name, "type": self.union((Scalar.NULL, field.type), path), "default": None, **key}

    def union(self, options: tuple[Type, ...], path: str) -> Any:
        """A union of all options, those of inner unions among them; the type itself where there is only one."""
        flat: dict[str, Any] = {}
        for kind in _flat(options):
            name = self.type(kind, path)
            key = json.dumps(name)
            if isinstance(name, dict) and name["type"] in {"array", "map"}:
                key = name["type"]
                if flat.get(key, name) != name:
                    raise UnsupportedPayload(f"Avro has no union of several types {key}", path)
            flat[key] = name
        ordered = sorted(flat.values(), key=lambda name: _RANK.get(name, 99) if isinstance(name, str) else 99)
        return ordered if len(ordered) > 1 else ordered[0]


def _doc(note: str) -> dict[str, str]:
    return {"doc": note} if note else {}


def _symbol(value: str) -> str:
    made = re.sub(r"[^0-9A-Za-z_]", "_", value)
    return f"_{made}" if made[:1].isdigit() else made


def _flat(options: tuple[Type, ...]) -> list[Type]:
    parts = (
        _flat(option.options) if isinstance(option, Union) and not isinstance(option, Enum) else [option]
        for option in options
    )
    return [kind for part in parts for kind in part]


class _Renaming:
    """Makes the function of each type below which a name differs, once for each record; None for other types."""

    def __init__(self, *, back: bool) -> None:
        self.back = back
        self.of_record: dict[str, Rename | None] = {}

    def type(self, kind: Type) -> Rename | None:
        match kind:
            case Record():
                if kind.name not in self.of_record:
                    self.of_record[kind.name] = self.record(kind)
                return self.of_record[kind.name]
            case List(item):
                return _of_items(self.type(item))
            case Map(_, value):
                return _of_values(self.type(value))
            case Union():
                return self.union(kind)
        return None

    def record(self, record: Record) -> Rename | None:
        pairs = [pair[::-1] if self.back else pair for pair in names(record).items()]
        entries = [(*pair, self.type(f.type)) for pair, f in zip(pairs, record.fields, strict=True)]
        if all(old == new and not inner for old, new, inner in entries):
            return None

        def renamed(value: dict[str, Any]) -> dict[str, Any]:
            present = ((new, value[old], inner) for old, new, inner in entries if old in value)
            return {new: inner(item) if inner and item is not None else item for new, item, inner in present}

        return renamed

    def union(self, union: Union) -> Rename | None:
        """A union has one record or map and one list at most; what is neither stays."""
        of_dict, of_list = (
            next(
                (made for option in _flat(union.options) if isinstance(option, of) and (made := self.type(option))),
                None,
            )
            for of in (Record | Map, List)
        )
        if not (of_dict or of_list):
            return None

        def renamed(value: Any) -> Any:
            inner = of_dict if isinstance(value, dict) else of_list if isinstance(value, list | tuple) else None
            return inner(value) if inner else value

        return renamed


def _of_items(inner: Rename | None) -> Rename | None:
    return inner and (lambda value: [inner(item) for item in value])


def _of_values(inner: Rename | None) -> Rename | None:
    return inner and (lambda value: {key: inner(item) for key, item in value.items()})


LANGUAGES = (
    Language(
        name="avro",
        title="Apache Avro, as JSON",
        write=to_avro,
        signed=True,
        lacks={Scalar.BIGINT: "integers over 64 bits"},
    ),
)
