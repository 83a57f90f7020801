"""The closed list of deviations: what a codec does not carry, or carries otherwise.

A deviation either *changes* a value (verification then expects the changed value and nothing else) or *refuses* a kind
of value (a payload in which it occurs is skipped, with the path, before any call). Each has its words and a probe: the
smallest value that shows it.
"""

from __future__ import annotations

import base64
import math
import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from serbench.schema.carried import beside_floats, loose_null
from serbench.schema.derived import may_lack
from serbench.schema.payload import Kind, first_occurrence
from serbench.schema.types import Field, List, Map, Record, Type, Union

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from serbench.schema.payload import Payload

_Kind = TypeVar("_Kind", Record, List, Map)


class Deviation(StrEnum):
    """The names, as they stand in codecs, in result files and in reports."""

    BYTES_AS_BASE64 = "BYTES_AS_BASE64"
    TUPLE_AS_LIST = "TUPLE_AS_LIST"
    KEYS_AS_STRINGS = "KEYS_AS_STRINGS"
    FLOAT32 = "FLOAT32"
    EMPTY_AS_ABSENT = "EMPTY_AS_ABSENT"
    ABSENT_AS_NULL = "ABSENT_AS_NULL"
    NULL_AS_ABSENT = "NULL_AS_ABSENT"
    INT_AS_FLOAT = "INT_AS_FLOAT"
    INT_SUBCLASS = "INT_SUBCLASS"
    INT_64_BITS = "INT_64_BITS"
    INT_63_BITS = "INT_63_BITS"
    NO_NAN = "NO_NAN"
    NO_NULL = "NO_NULL"
    NO_LOOSE_NULL = "NO_LOOSE_NULL"
    NO_BYTES = "NO_BYTES"
    NO_SURROGATES = "NO_SURROGATES"
    STRING_KEYS_ONLY = "STRING_KEYS_ONLY"
    NO_ZERO_IN_KEYS = "NO_ZERO_IN_KEYS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a deviation means.

    Attributes:
        words: for people, one clause.
        probe: the smallest plain value that shows it.
        refuses: the kind that the codec does not carry; None where the deviation changes values.
        where: where the first such value stands in a payload in which the kind occurs; empty: none is refused. None:
            every one of the kind is.
    """

    words: str
    probe: Any
    refuses: Kind | None = None
    where: Callable[[Payload], str] | None = None


RULES: dict[Deviation, Rule] = {
    Deviation.BYTES_AS_BASE64: Rule(words="bytes are written as base64 text and come back as that text", probe=b"\xff"),
    Deviation.TUPLE_AS_LIST: Rule(words="a tuple comes back as a list", probe=(1, 2)),
    Deviation.KEYS_AS_STRINGS: Rule(words="keys that are no strings come back as strings", probe={1: "a"}),
    Deviation.FLOAT32: Rule(words="every float is rounded to 32 bits", probe=0.1),
    Deviation.EMPTY_AS_ABSENT: Rule(
        words="an empty list or map in an optional or nullable field comes back as absent", probe={"a": []}
    ),
    Deviation.ABSENT_AS_NULL: Rule(words="an optional field that is absent comes back as null", probe={}),
    Deviation.NULL_AS_ABSENT: Rule(words="a field that is null comes back as absent", probe={"a": None}),
    Deviation.INT_AS_FLOAT: Rule(words="an integer comes back as a float where floats stand as well", probe=1),
    Deviation.INT_SUBCLASS: Rule(words="some integers come back as a subclass of int", probe=1 << 40),
    Deviation.INT_64_BITS: Rule(words="integers must fit 64 bits", probe=1 << 64, refuses=Kind.INT_OVER_64_BITS),
    Deviation.INT_63_BITS: Rule(words="integers must be under 2^63", probe=1 << 63, refuses=Kind.INT_OVER_63_BITS),
    Deviation.NO_NAN: Rule(words="NaN and infinities are not carried", probe=float("inf"), refuses=Kind.NON_FINITE),
    Deviation.NO_NULL: Rule(words="null is not carried", probe=None, refuses=Kind.NULL),
    Deviation.NO_LOOSE_NULL: Rule(
        words="null is carried as a field only, not in a list, in a map or by itself",
        probe=[None],
        refuses=Kind.NULL,
        where=loose_null,
    ),
    Deviation.NO_BYTES: Rule(words="bytes are not carried", probe=b"\xff", refuses=Kind.BYTES),
    Deviation.NO_SURROGATES: Rule(words="lone surrogates are not carried", probe="\ud800", refuses=Kind.SURROGATE),
    Deviation.STRING_KEYS_ONLY: Rule(words="only strings can be keys", probe={1: "a"}, refuses=Kind.NON_STRING_KEY),
    Deviation.NO_ZERO_IN_KEYS: Rule(
        words="keys with a zero character are not carried", probe={"\0": "a"}, refuses=Kind.ZERO_IN_KEY
    ),
}

OF_MESSAGES = frozenset(
    {
        Deviation.TUPLE_AS_LIST,
        Deviation.NULL_AS_ABSENT,
        Deviation.INT_AS_FLOAT,
        Deviation.INT_64_BITS,
        Deviation.NO_LOOSE_NULL,
        Deviation.NO_SURROGATES,
    }
)
"""What codecs have in common that carry messages as `serbench.schema.carried` has them."""


def expected(value: Any, kind: Type, deviations: AbstractSet[Deviation]) -> Any:
    """What must come back for a plain value after exactly these deviations.

    Args:
        value: the instance, or a part of it.
        kind: its type in the schema.
        deviations: the codec's; those that refuse change nothing here.

    Returns:
        The value itself where no deviation changes values, else a changed copy.
    """
    changing = {d for d in deviations if RULES[d].refuses is None}
    return _changed(value, kind, changing) if changing else value


def refusal(payload: Payload, deviations: AbstractSet[Deviation]) -> tuple[Deviation, str] | None:
    """The first of these deviations, in the order of the closed list, that refuses something in a payload.

    Returns:
        The deviation and where what it refuses stands first, as `instance 3: items[0].price`, in text that can be
        printed (a lone surrogate in a key is escaped); None where the payload can be carried.
    """
    for deviation in Deviation:
        rule = RULES[deviation]
        if deviation in deviations and rule.refuses is not None and rule.refuses in payload.kinds:
            where = rule.where(payload) if rule.where else first_occurrence(payload, rule.refuses)
            if where or not rule.where:
                return deviation, where.encode(errors="backslashreplace").decode()
    return None


def _changed(value: Any, kind: Type | None, active: AbstractSet[Deviation]) -> Any:
    match value:
        case bytes() if Deviation.BYTES_AS_BASE64 in active:
            return base64.b64encode(value).decode()
        case float() if Deviation.FLOAT32 in active:
            return _float32(value)
        case int() if Deviation.INT_AS_FLOAT in active and type(value) is int and beside_floats(kind):
            return float(value)
        case list() | tuple():
            part = _part(kind, List)
            items = [_changed(item, part.item if part else None, active) for item in value]
            return tuple(items) if isinstance(value, tuple) and Deviation.TUPLE_AS_LIST not in active else items
        case dict():
            return _changed_dict(value, kind, active)
    return value


def _changed_dict(value: dict[Any, Any], kind: Type | None, active: AbstractSet[Deviation]) -> dict[Any, Any]:
    known = _part(kind, Record)
    fields = {field.name: field for field in known.fields} if known else {}
    entries = _part(kind, Map)
    changed = {}
    for key, item in value.items():
        field = None if entries else fields.get(key)
        if field and _vanishes(item, field, active):
            continue
        name = _key(key) if Deviation.KEYS_AS_STRINGS in active else key
        below = entries.value if entries else field.type if field else None
        changed[name] = _changed(item, below, active)
    if known and not entries and Deviation.ABSENT_AS_NULL in active:
        changed |= {name: None for name, field in fields.items() if field.optional and name not in changed}
    return changed


def _vanishes(item: Any, field: Field, active: AbstractSet[Deviation]) -> bool:
    """Whether a field comes back as absent. A record without a key is there all the same."""
    if item is None:
        return Deviation.NULL_AS_ABSENT in active
    if item or Deviation.EMPTY_AS_ABSENT not in active or not may_lack(field):
        return False
    return (isinstance(item, list | tuple) and _part(field.type, List) is not None) or (
        isinstance(item, dict) and _part(field.type, Map) is not None
    )


def _float32(value: float) -> float:
    """The value as 32 bits hold it; what is beyond them becomes an infinity, as it does in C."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def _key(key: Any) -> str:
    """A key as JSON writes it."""
    if isinstance(key, str):
        return key
    return {True: "true", False: "false", None: "null"}[key] if key is None or isinstance(key, bool) else str(key)


def _part(kind: Type | None, wanted: type[_Kind]) -> _Kind | None:
    """The type itself, or the option of a union, if it is of that sort."""
    options = kind.options if isinstance(kind, Union) else (kind,)
    return next((option for option in options if isinstance(option, wanted)), None)
