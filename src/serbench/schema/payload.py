"""A payload as codecs see it, and what occurs in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from json import dumps
from typing import TYPE_CHECKING, Any

from serbench.errors import SerbenchError
from serbench.schema.by_type import by_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from serbench.schema.types import Schema


class Kind(StrEnum):
    """Something that occurs in a payload and that not every codec carries."""

    NULL = "null"
    BYTES = "bytes"
    TUPLE = "tuple"
    INT_OVER_53_BITS = "int-over-53-bits"
    INT_OVER_63_BITS = "int-over-63-bits"
    INT_OVER_64_BITS = "int-over-64-bits"
    FLOAT = "float"
    NON_FINITE = "non-finite"
    NON_STRING_KEY = "non-string-key"
    SURROGATE = "surrogate"
    ZERO_IN_KEY = "zero-in-key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A type of protobuf's that the messages of a payload have, where their user stated one.

    Attributes:
        name: in full, such as `shop.Order`.
        files: a FileDescriptorSet, each file after those that it needs. Fields have the identifiers of
            `serbench.schema.names`.
    """

    name: str
    files: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """All that a codec ever sees of a payload.

    Attributes:
        name: as on the command line.
        schema: its shape.
        instances: plain Python values; measuring rotates over them.
        kinds: what occurs in any instance.
        digest: sha256 over schema and instances, and over the type that was stated.
        described: that type; None: there is none, and types are made of the schema.
    """

    name: str
    schema: Schema
    instances: Sequence[Any]
    kinds: frozenset[Kind]
    digest: str
    described: Described | None = None


def occurrences(value: Any, path: str = "") -> Iterator[tuple[Kind, str]]:
    """Every kind in a plain value, keys included, with the path where it stands, in order, as often as it occurs."""
    for kind in _kinds(type(value), [value]):
        yield kind, path
    if isinstance(value, dict):
        for key, item in value.items():
            below = join(path, str(key))
            for kind in _key_kinds([key]):
                yield kind, below
            yield from occurrences(item, below)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from occurrences(item, f"{path}[{index}]")


def contents(value: Any) -> tuple[set[Kind], set[Any]]:
    """Every kind in a plain value, and every key of its dicts.

    Goes level by level, a whole level of one type at a time: most of the work is done by a few calls per level.

    Raises:
        SerbenchError: something is no plain value: another type, or a key that is no scalar.
    """
    kinds: set[Kind] = set()
    keys: set[Any] = set()
    level: list[Any] = [value]
    while level:
        below: list[Any] = []
        for kind, same in by_type(level):
            kinds |= _kinds(kind, same)
            if kind is dict:
                keys.update(*same)
                below.extend(chain.from_iterable(item.values() for item in same))
            elif kind in (list, tuple):
                below.extend(chain.from_iterable(same))
        level = below
    return kinds | _key_kinds(keys), keys


_INT53 = 1 << 53
_INT64_MIN, _INT64_MAX = -(1 << 63), (1 << 63) - 1
_UINT64_MAX = (1 << 64) - 1


def _ints(values: Iterable[int]) -> set[Kind]:
    """Of each integer the narrowest kind: what a double, a signed and an unsigned integer of 64 bits do not hold."""
    return {_int(value) for value in values if not -_INT53 <= value <= _INT53}


def _int(value: int) -> Kind:
    if _INT64_MIN <= value <= _INT64_MAX:
        return Kind.INT_OVER_53_BITS
    return Kind.INT_OVER_63_BITS if 0 < value <= _UINT64_MAX else Kind.INT_OVER_64_BITS


def _floats(values: Sequence[float]) -> set[Kind]:
    if math.isfinite(sum(values)):  # then each of them is
        return {Kind.FLOAT}
    return {Kind.FLOAT if finite else Kind.NON_FINITE for finite in map(math.isfinite, values)}


def _strings(values: Iterable[str]) -> set[Kind]:
    try:
        "".join(values).encode()
    except UnicodeEncodeError:
        return {Kind.SURROGATE}
    return set()


_OF_TYPE: dict[type, Callable[[Sequence[Any]], set[Kind]]] = {
    type(None): lambda _: {Kind.NULL},
    bool: lambda _: set(),
    int: _ints,
    float: _floats,
    str: _strings,
    bytes: lambda _: {Kind.BYTES},
    tuple: lambda _: {Kind.TUPLE},
    list: lambda _: set(),
    dict: lambda _: set(),
}
_KEYS = frozenset({str, int, float, bool, type(None)})


def _kinds(kind: type, values: Sequence[Any]) -> set[Kind]:
    """The kinds among values of one type, without what is inside them."""
    if kind not in _OF_TYPE:
        raise SerbenchError(f"{kind.__module__}.{kind.__qualname__} in a payload is no plain value; convert it first")
    return _OF_TYPE[kind](values)


def _key_kinds(keys: Iterable[Any]) -> set[Kind]:
    types = set(map(type, keys))
    if types - _KEYS:
        names = ", ".join(sorted(kind.__qualname__ for kind in types - _KEYS))
        raise SerbenchError(f"a key of type {names} in a payload is no plain key; convert it first")
    other = {Kind.NON_STRING_KEY} if types - {str} else set()
    integers = _ints(key for key in keys if type(key) is int)
    strings = [key for key in keys if isinstance(key, str)]
    zero = {Kind.ZERO_IN_KEY} if any("\0" in key for key in strings) else set()
    return other | integers | zero | _strings(strings)


_MARKS = frozenset('."[]')


def join(path: str, key: str) -> str:
    """The path of a key below a path: `items[3].price`; `labels["host.name"]` where a key would look like two."""
    if key and _MARKS.isdisjoint(key):
        return f"{path}.{key}" if path else key
    return f"{path}[{dumps(key, ensure_ascii=False)}]"


def first_occurrence(payload: Payload, kind: Kind) -> str:
    """Where that kind stands first, as `instance 3: items[0].price`; empty if it does not occur."""
    for index, instance in enumerate(payload.instances):
        for found, path in occurrences(instance):
            if found is kind:
                return f"instance {index}: {path or '(root)'}"
    return ""
