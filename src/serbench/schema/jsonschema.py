"""The JSON Schema of a schema (draft 2020-12), as the text of a `.schema.json` file.

Every shape has one: JSON Schema describes what JSON writes. So bytes are texts in base64, and keys that are integers
are texts of digits. A record is closed to nothing: other keys than its own are let through, as they are by what reads
the messages.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from serbench.schema.derived import TypeNames
from serbench.schema.language import Language
from serbench.schema.types import Enum, List, Map, Record, Scalar, Schema, Type, Union, records_of

if TYPE_CHECKING:
    from collections.abc import Iterable

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SCALARS: dict[Scalar, dict[str, Any]] = {
    Scalar.NULL: {"type": "null"},
    Scalar.BOOL: {"type": "boolean"},
    Scalar.INT32: {"type": "integer", "minimum": -(1 << 31), "maximum": (1 << 31) - 1},
    Scalar.INT64: {"type": "integer", "minimum": -(1 << 63), "maximum": (1 << 63) - 1},
    Scalar.UINT32: {"type": "integer", "minimum": 0, "maximum": (1 << 32) - 1},
    Scalar.UINT64: {"type": "integer", "minimum": 0, "maximum": (1 << 64) - 1},
    Scalar.BIGINT: {"type": "integer"},
    Scalar.FLOAT32: {"type": "number"},
    Scalar.FLOAT64: {"type": "number"},
    Scalar.STRING: {"type": "string"},
    Scalar.BYTES: {"type": "string", "contentEncoding": "base64"},
}
_SIGNED = r"^(0|-?[1-9][0-9]*)$"
_UNSIGNED = r"^(0|[1-9][0-9]*)$"


def to_jsonschema(schema: Schema) -> str:
    """The schema as the text of a JSON Schema: the root by its name, every record under `$defs`."""
    names = TypeNames(schema)
    records = [*reversed(records_of(schema))]
    enums = [enum for record in records for field in record.fields for enum in _enums(field.type)]
    defined = {names.of(record): _record(record, names) for record in records}
    defined |= {names.made(enum)[0]: {"type": "string", "enum": list(enum.values)} for enum in enums}
    document = {
        "$schema": DIALECT,
        "title": schema.name,
        **_type(schema.root, names),
        **({"$defs": defined} if defined else {}),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _record(record: Record, names: TypeNames) -> dict[str, Any]:
    required = [field.name for field in record.fields if not field.optional]
    return {
        **_described(record.note),
        "type": "object",
        "properties": {field.name: _type(field.type, names) | _described(field.note) for field in record.fields},
        **({"required": required} if required else {}),
    }


def _type(kind: Type, names: TypeNames) -> dict[str, Any]:
    match kind:
        case Record():
            return {"$ref": f"#/$defs/{names.of(kind)}"}
        case List(item):
            return {"type": "array", "items": _type(item, names)}
        case Map(key, value):
            return {"type": "object", **_keys(key), "additionalProperties": _type(value, names)}
        case Enum():
            return {"$ref": f"#/$defs/{names.made(kind)[0]}"}
        case Union(options):
            return _any(_type(option, names) for option in options)
        case Scalar():
            return _SCALARS[kind]


def _described(note: str) -> dict[str, str]:
    return {"description": note} if note else {}


def _enums(kind: Type) -> list[Enum]:
    match kind:
        case Enum():
            return [kind]
        case List(inner) | Map(_, inner):
            return _enums(inner)
        case Union(options):
            return [enum for option in options for enum in _enums(option)]
    return []


def _keys(key: Scalar) -> dict[str, Any]:
    if key is Scalar.STRING:
        return {}
    unsigned = key in (Scalar.UINT32, Scalar.UINT64)
    return {"propertyNames": {"pattern": _UNSIGNED if unsigned else _SIGNED}}


def _any(options: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Any of these: by a list of types where they say no more than that, `{"type": ["string", "null"]}`."""
    made = list(options)
    types = [option.get("type") for option in made]
    if made and all(len(option) == 1 and isinstance(option.get("type"), str) for option in made):
        return {"type": types}
    return {"anyOf": made} if made else {"not": {}}


LANGUAGES = (
    Language(
        name="jsonschema",
        title="JSON Schema, draft 2020-12",
        write=lambda schema, _: to_jsonschema(schema),
        packages=False,
    ),
)
