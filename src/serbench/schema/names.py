"""Names of fields where a language does not take every string: reversible, and the same for all that need it."""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from serbench.schema.types import Record

_RESERVED = frozenset(
    {
        *("self", "DESCRIPTOR", "Extensions", "UnknownFields", "ByteSize", "Clear", "ClearExtension", "ClearField"),
        *("CopyFrom", "DiscardUnknownFields", "FindInitializationErrors", "FromString", "HasExtension", "HasField"),
        *("IsInitialized", "ListFields", "MergeFrom", "MergeFromString", "ParseFromString", "RegisterExtension"),
        *("SerializePartialToString", "SerializeToString", "SetInParent", "WhichOneof"),
    }
)


def identifiers(record: Record) -> dict[str, str]:
    """For every field name of a record an identifier that Python and protobuf take, unique in the record.

    A name that is one already stays as it is; others have `f_` before them, `_` in place of what is not allowed, and a
    number where two meet. Two meet where they are the same in lowerCamelCase: protobuf refuses `aB` beside `a_b`.
    """
    mapped: dict[str, str] = {}
    taken: set[str] = set()
    for field in record.fields:
        if _plain(field.name) and lower_camel(field.name) not in taken:
            mapped[field.name] = field.name
            taken.add(lower_camel(field.name))
    for field in record.fields:
        if field.name not in mapped:
            base = "f_" + re.sub(r"[^0-9A-Za-z_]", "_", field.name)
            name, n = base, 2
            while lower_camel(name) in taken:
                name, n = f"{base}_{n}", n + 1
            mapped[field.name] = name
            taken.add(lower_camel(name))
    return {field.name: mapped[field.name] for field in record.fields}


def _plain(name: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z][0-9A-Za-z_]*", name)) and not keyword.iskeyword(name) and name not in _RESERVED


def lower_camel(name: str) -> str:
    """The name that protobuf's JSON form gives a field: `unit_price` becomes `unitPrice`."""
    return re.sub(r"_+(.?)", lambda match: match[1].upper(), name)
