"""The probe values: small, each with one thing about it that a format or a library may not carry.

Each stands in a record under `v`, since most services send records and some formats know nothing else. Those of the
group `objects` are no plain values: they go to the library as its users would hand them over, behind no schema.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.fidelity import objects
from serbench.schema.payload import Payload, contents
from serbench.schema.types import List, Map, Optional, Scalar, Schema, Type, Union, record

if TYPE_CHECKING:
    from collections.abc import Callable

S = Scalar
LONG = 1_000_000
_FIRST, _SECOND = b"key-1", b"key-2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One value to be sent to bytes and back.

    Attributes:
        name: in results and files.
        group: what it is about; a column of the overview.
        title: the value as people write it.
        make: the whole message, made anew.
        schema: its root type; None: no schema can say it, so only codecs that need none are asked.
        plain: whether it is made of what payloads may hold.
        limit: whether refusing it is a limit of a library's, which no deviation is about.
        twin: bytes that are put in the place of others in what was encoded, to make two keys one: `(old, new)`.
    """

    name: str
    group: str
    title: str
    make: Callable[[], Any]
    schema: Type | None
    plain: bool = True
    limit: bool = False
    twin: tuple[bytes, bytes] | None = None

    def payload(self, message: Any) -> Payload:
        """The payload whose only instance is that message.

        Args:
            message: what `make` made.
        """
        kinds = contents(message)[0] if self.plain else set()
        root = self.schema or record("Probe", v=S.NULL)
        return Payload(
            name="probe", schema=Schema("Probe", root), instances=(message,), kinds=frozenset(kinds), digest=""
        )


def _of(group: str, name: str, title: str, value: Any, kind: Type | None, **more: Any) -> Probe:
    """A probe of a value that nobody changes, under `v`."""
    schema = record("Probe", v=kind) if kind is not None else None
    return Probe(name=name, group=group, title=title, make=lambda: {"v": value}, schema=schema, **more)


def nested(levels: int) -> Any:
    """Lists in lists, so many of them."""
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


def _list_type(levels: int) -> Type:
    kind: Type = S.NULL
    for _ in range(levels):
        kind = List(kind)
    return kind


def _odd_nan() -> float:
    """A NaN whose lower bits say something."""
    value: float = struct.unpack("<d", struct.pack("<Q", 0x7FF8_0000_0000_BEEF))[0]
    return value


_MIXED = Union((S.INT64, S.FLOAT64, S.STRING, S.BOOL, S.NULL))
_NOTHING = record("Probe", v=Optional(Union((S.NULL, S.INT64))))
_EMPTY = record("Probe", list=Optional(List(S.INT64)), map=Optional(Map(S.STRING, S.INT64)))

_INTEGERS = (
    _of("integers", "over-53-bits", "2^53 + 1", (1 << 53) + 1, S.INT64),
    _of("integers", "int64-ends", "-2^63 and 2^63 - 1", [-(1 << 63), (1 << 63) - 1], List(S.INT64)),
    _of("integers", "over-63-bits", "2^63", 1 << 63, S.UINT64),
    _of("integers", "uint64-end", "2^64 - 1", (1 << 64) - 1, S.UINT64),
    _of("integers", "over-64-bits", "2^64", 1 << 64, S.BIGINT),
    _of("integers", "below-int64", "-2^63 - 1", -(1 << 63) - 1, S.BIGINT),
    _of("integers", "huge", "10^100", 10**100, S.BIGINT),
    _of("integers", "booleans", "True beside 1", {"a": True, "b": 1}, record("Both", a=S.BOOL, b=S.INT64)),
)
_FLOATS = (
    _of("floats", "whole-float", "1.0, not 1", 1.0, S.FLOAT64),
    _of("floats", "tenth", "0.1", 0.1, S.FLOAT64),
    _of("floats", "float-ends", "1.8e308 and 5e-324", [1.7976931348623157e308, 5e-324], List(S.FLOAT64)),
    _of("floats", "negative-zero", "-0.0", -0.0, S.FLOAT64),
    _of("floats", "nan", "NaN", math.nan, S.FLOAT64),
    _of("floats", "nan-bits", "NaN with bits of its own", _odd_nan(), S.FLOAT64),
    _of("floats", "infinities", "inf and -inf", [math.inf, -math.inf], List(S.FLOAT64)),
)
_TEXT = (
    _of("text", "empty-text", "''", "", S.STRING),
    _of("text", "zero-character", "text with a NUL", "a\0b", S.STRING),
    _of("text", "odd-text", "controls, e + accent, emoji", "\x1f\x7f\u2028e\u0301\U0001f600", S.STRING),
    _of("text", "surrogate", "a lone surrogate", "a\ud800", S.STRING),
    Probe(
        name="long-text",
        group="text",
        title="a million characters",
        make=lambda: {"v": "x" * LONG},
        schema=record("Probe", v=S.STRING),
        limit=True,
    ),
    _of("text", "bytes", "bytes, all 256 and none", [bytes(range(256)), b""], List(S.BYTES)),
)
_NESTED = (
    _of("nested", "tuple", "a tuple", (1, 2), List(S.INT64)),
    Probe(
        name="empty",
        group="nested",
        title="an empty list and map",
        make=lambda: {"list": [], "map": {}},
        schema=_EMPTY,
    ),
    _of("nested", "empty-inside", "[[], [[]]]", [[], [[]]], List(List(List(S.INT64)))),
    _of("nested", "mixed-numbers", "[1, 1.5]", [1, 1.5], List(Union((S.INT64, S.FLOAT64)))),
    _of("nested", "mixed-list", "[1, 1.0, '1', True, None]", [1, 1.0, "1", True, None], List(_MIXED)),
    Probe(
        name="deep-90",
        group="nested",
        title="lists 90 deep",
        make=lambda: {"v": nested(90)},
        schema=record("Probe", v=_list_type(90)),
        limit=True,
    ),
    Probe(
        name="deep-1000",
        group="nested",
        title="lists 1,000 deep",
        make=lambda: {"v": nested(1000)},
        schema=None,
        limit=True,
    ),
    Probe(
        name="root-list",
        group="nested",
        title="a list as the message",
        make=lambda: [{"a": 1}, {"a": 2}],
        schema=List(record("Item", a=S.INT64)),
    ),
    Probe(name="root-text", group="nested", title="text as the message", make=lambda: "text", schema=S.STRING),
)
_KEYS = (
    _of("keys", "integer-keys", "{1: 'a'}", {1: "a"}, Map(S.INT64, S.STRING)),
    _of("keys", "float-keys", "{1.5: 'a'}", {1.5: "a"}, None),
    _of("keys", "other-keys", "{None: 'a', False: 'b'}", {None: "a", False: "b"}, None),
    _of("keys", "alike-keys", "{1: 'a', '1': 'b'}", {1: "a", "1": "b"}, None),
    _of(
        "keys",
        "key-order",
        "keys in the order c, a, b",
        {"c": 1, "a": 2, "b": 3},
        record("Order", b=S.INT64, c=S.INT64, a=S.INT64),
    ),
    Probe(
        name="key-twice",
        group="keys",
        title="a key twice on the wire",
        make=lambda: {"v": {_FIRST.decode(): 1, _SECOND.decode(): 2}},
        schema=record("Probe", v=Map(S.STRING, S.INT64)),
        twin=(_SECOND, _FIRST),
    ),
    _of("keys", "odd-keys", "keys '', 'a.b', '$x'", {"": 1, "a.b": 2, "$x": 3}, Map(S.STRING, S.INT64)),
    _of("keys", "zero-in-key", "a key with a NUL", {"a\0b": 1}, Map(S.STRING, S.INT64)),
    _of("keys", "surrogate-key", "a key with a surrogate", {"a\ud800": 1}, Map(S.STRING, S.INT64)),
    Probe(name="none", group="keys", title="None in a field", make=lambda: {"v": None}, schema=_NOTHING),
    Probe(name="absent", group="keys", title="the field absent", make=dict, schema=_NOTHING),
)
_OBJECTS = tuple(
    Probe(name=name, group="objects", title=title, make=make, schema=None, plain=False)
    for name, title, make in objects.OBJECTS
)

PROBES: tuple[Probe, ...] = (*_INTEGERS, *_FLOATS, *_TEXT, *_NESTED, *_KEYS, *_OBJECTS)
GROUPS: tuple[str, ...] = tuple(dict.fromkeys(probe.group for probe in PROBES))
BY_NAME: dict[str, Probe] = {probe.name: probe for probe in PROBES}
