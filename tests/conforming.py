"""Whether a plain value has the type that a schema states, strictly: widths, presence and nothing besides."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from serbench.schema.types import List, Map, Record, Scalar, Type, Union

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

INTEGERS = {
    Scalar.INT32: (-(1 << 31), (1 << 31) - 1),
    Scalar.INT64: (-(1 << 63), (1 << 63) - 1),
    Scalar.UINT32: (0, (1 << 32) - 1),
    Scalar.UINT64: (0, (1 << 64) - 1),
}
TYPES = {Scalar.NULL: type(None), Scalar.BOOL: bool, Scalar.STRING: str, Scalar.BYTES: bytes, Scalar.BIGINT: int}


def violations(value: Any, kind: Type, path: str = "") -> Iterator[str]:
    """Where a value is not what its type says; nothing if it is."""
    match kind:
        case Record():
            yield from _of_record(value, kind, path)
        case List(item):
            yield from (
                _of_parts(enumerate(value), item, path) if type(value) is list else [f"{path}: {value!r} is no list"]
            )
        case Map(_, item):
            yield from _of_parts(value.items(), item, path) if type(value) is dict else [f"{path}: {value!r} is no map"]
            yield from _of_parts([(key, key) for key in value] if type(value) is dict else [], kind.key, path)
        case Union() if all(list(violations(value, option, path)) for option in kind.options):
            yield f"{path}: {value!r} is none of {kind.options}"
        case Scalar() if not _is_scalar(value, kind):
            yield f"{path}: {value!r} is no {kind}"


def _of_parts(parts: Iterable[tuple[Any, Any]], kind: Type, path: str) -> Iterator[str]:
    for name, part in parts:
        yield from violations(part, kind, f"{path}.{name}")


def _of_record(value: Any, kind: Record, path: str) -> Iterator[str]:
    if type(value) is not dict:
        yield f"{path}: {value!r} is no record"
        return
    for name in value.keys() - {field.name for field in kind.fields}:
        yield f"{path}: {name} is not in {kind.name}"
    for field in kind.fields:
        if field.name in value:
            yield from violations(value[field.name], field.type, f"{path}.{field.name}")
        elif not field.optional:
            yield f"{path}: {field.name} is missing"


def _is_scalar(value: Any, kind: Scalar) -> bool:
    if kind in INTEGERS:
        low, high = INTEGERS[kind]
        return type(value) is int and low <= value <= high
    if kind is Scalar.FLOAT32:
        return type(value) is float and struct.unpack("<f", struct.pack("<f", value))[0] == value
    return type(value) is TYPES.get(kind, float)
