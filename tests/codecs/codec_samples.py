"""The payloads of the conformance kit, for the tests of codecs, and an exact comparison."""

from __future__ import annotations

import math
import struct
from typing import Any

from serbench.codecs.deviations import Deviation
from serbench.conformance.shapes import (
    ALL,
    BIG_INTS,
    BIG_KEYS,
    BYTES,
    DEEP,
    INT_KEYS,
    NAMES,
    NAN,
    NESTED,
    NULLABLE,
    NULLS,
    ODD_NAME,
    OPTIONAL,
    ROOT_LIST,
    SCALARS,
    SHARED_BYTES,
    SURROGATE,
    SURROGATE_KEY,
    TUPLES,
    UNIONS,
    payload,
)

__all__ = [
    "ALL",
    "BIG_INTS",
    "BIG_KEYS",
    "BYTES",
    "DEEP",
    "INT_KEYS",
    "NAMES",
    "NAN",
    "NESTED",
    "NULLABLE",
    "NULLS",
    "ODD_NAME",
    "OPTIONAL",
    "ROOT_LIST",
    "SCALARS",
    "SHARED_BYTES",
    "SURROGATE",
    "SURROGATE_KEY",
    "TUPLES",
    "UNIONS",
    "exact",
    "exact_after",
    "payload",
]


def exact(value: Any) -> Any:
    """A form in which values are equal only if they are the same to the bit and the type; the order of keys is free."""
    match value:
        case float():
            return "float", "nan" if math.isnan(value) else struct.pack("<d", value)
        case list() | tuple():
            return type(value).__name__, [exact(item) for item in value]
        case dict():
            return "dict", {(type(key).__name__, key): exact(item) for key, item in value.items()}
    return type(value).__name__, value


def exact_after(deviations: frozenset[Deviation], back: Any) -> Any:
    """The same of what came back, where a subclass of int is an int if the codec says that it may be one."""
    return exact(_as_int(back) if Deviation.INT_SUBCLASS in deviations else back)


def _as_int(value: Any) -> Any:
    match value:
        case list():
            return [_as_int(item) for item in value]
        case dict():
            return {key: _as_int(item) for key, item in value.items()}
        case int() if not isinstance(value, bool):
            return int(value)
    return value
