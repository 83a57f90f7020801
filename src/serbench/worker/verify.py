"""Verification before timing: what comes back must be what went in, after exactly the codec's declared deviations.

Types count: 1 is not 1.0, True is not 1, a tuple is not a list. NaN equals NaN, 0.0 is not -0.0. The order of keys in a
dict does not count: no format here promises it.
"""

from __future__ import annotations

import hashlib
import marshal
from typing import TYPE_CHECKING, Any

from serbench.codecs.deviations import RULES, Deviation, expected
from serbench.schema.carried import mixes_numbers
from serbench.schema.derived import has_optional, may_lack
from serbench.schema.payload import Kind, join
from serbench.schema.types import List, Map, Union, records_of
from serbench.worker.touch import leaves, stand_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from serbench.schema.payload import Payload
    from serbench.schema.types import Field, Schema

_SHOWS_IN: dict[Deviation, Kind | None] = {
    Deviation.INT_SUBCLASS: None,
    Deviation.BYTES_AS_BASE64: Kind.BYTES,
    Deviation.TUPLE_AS_LIST: Kind.TUPLE,
    Deviation.KEYS_AS_STRINGS: Kind.NON_STRING_KEY,
    Deviation.FLOAT32: Kind.FLOAT,
    Deviation.NULL_AS_ABSENT: Kind.NULL,
}


def active(deviations: frozenset[Deviation], payload: Payload) -> frozenset[Deviation]:
    """The deviations that change something in this payload."""
    seen = {None, *payload.kinds}
    found = {d for d in deviations if RULES[d].refuses is None and d in _SHOWS_IN and _SHOWS_IN[d] in seen}
    if Deviation.EMPTY_AS_ABSENT in deviations and _has_optional_containers(payload.schema):
        found.add(Deviation.EMPTY_AS_ABSENT)
    if Deviation.ABSENT_AS_NULL in deviations and has_optional(payload.schema):
        found.add(Deviation.ABSENT_AS_NULL)
    if Deviation.INT_AS_FLOAT in deviations and mixes_numbers(payload.schema):
        found.add(Deviation.INT_AS_FLOAT)
    return frozenset(found)


def _fields(schema: Schema) -> Iterator[Field]:
    return (field for record in records_of(schema) for field in record.fields)


def _has_optional_containers(schema: Schema) -> bool:
    optional = (field.type for field in _fields(schema) if may_lack(field))
    options = (option for kind in optional for option in (kind.options if isinstance(kind, Union) else (kind,)))
    return any(isinstance(option, List | Map) for option in options)


def round_trip_difference(instance: Any, back: Any, payload: Payload, deviations: frozenset[Deviation]) -> str:
    """How a value that came back differs from what must come back.

    Args:
        instance: what went in.
        back: what came back.
        payload: what the instance is of.
        deviations: those that are active in this payload.

    Returns:
        The path of the first difference and what it is; empty where there is none.
    """
    must = expected(instance, payload.schema.root, deviations) if deviations else instance
    if Kind.BYTES not in payload.kinds and _same_as_marshalled(must, back):
        return ""
    return first_difference(must, back, subclasses=Deviation.INT_SUBCLASS in deviations)


def _same_as_marshalled(a: Any, b: Any) -> bool:
    """Whether two plain values without bytes are the same, types and order included; False may also mean: look closer.

    marshal's version 2 writes exact types, floats as their bits, and neither references nor interning: the quickest
    exact comparison that the standard library has. It cannot tell bytes from other buffers.
    """
    try:
        return marshal.dumps(a, 2) == marshal.dumps(b, 2)
    except ValueError:
        return False


def fingerprint(value: Any) -> bytes:
    """Changes with a plain value, whatever changes in it; the same for the same value in one process."""
    return hashlib.blake2b(marshal.dumps(value, 2), digest_size=16).digest()


def first_changed(before: Sequence[bytes], values: Sequence[Any]) -> int | None:
    """The index of the first value that has no longer the fingerprint that it had; None where all have."""
    for index, seen in enumerate(before):
        try:
            if fingerprint(values[index]) != seen:
                return index
        except ValueError:  # it holds what is no plain value any more
            return index
    return None


def first_difference(must: Any, back: Any, path: str = "", *, subclasses: bool = False) -> str:
    """The path of the first difference between two plain values and what it is; empty where there is none.

    Args:
        must: what is expected.
        back: what there is.
        path: where they stand.
        subclasses: whether an integer may have come back as a subclass of int.
    """
    if type(must) is not type(back) and not (subclasses and type(must) is int and _is_int(back)):
        return f"{path or '(root)'}: expected {_shown(must)}, got {_shown(back)}"
    if isinstance(must, dict):
        return _dict_difference(must, back, path, subclasses=subclasses)
    if isinstance(must, list | tuple):
        if len(must) != len(back):
            return f"{path or '(root)'}: expected {len(must)} items, got {len(back)}"
        pairs = enumerate(zip(must, back, strict=True))
        differences = (first_difference(a, b, f"{path}[{i}]", subclasses=subclasses) for i, (a, b) in pairs)
        return next(filter(None, differences), "")
    if must == back and (must != 0 or str(must) == str(back)):  # 0.0 is not -0.0
        return ""
    return "" if must != must and back != back else f"{path or '(root)'}: expected {_shown(must)}, got {_shown(back)}"  # noqa: PLR0124 - NaN


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _dict_difference(must: dict[Any, Any], back: dict[Any, Any], path: str, *, subclasses: bool) -> str:
    types = {key: type(key) for key in back}  # 1, 1.0 and True find each other
    for key, value in must.items():
        here = join(path, str(key))
        if key not in back:
            return f"{here}: missing"
        if types[key] is not type(key):
            return f"{here}: the key came back as another type"
        if difference := first_difference(value, back[key], here, subclasses=subclasses):
            return difference
    extra = next((key for key in back if key not in must), None)
    return f"{join(path, _key_shown(extra))}: not in what went in" if len(back) != len(must) else ""


def _shown(value: Any) -> str:
    try:
        text = repr(value)
    except Exception:  # deeper than repr goes, longer than an int may be, or of a class that has none
        text = "something that cannot be shown"
    return f"{text if len(text) <= 60 else text[:57] + '...'} ({type(value).__name__})"


def _key_shown(key: Any) -> str:
    """A key that came back: it may be of any class that has a hash."""
    try:
        return str(key)
    except Exception:
        return f"a key of type {type(key).__name__}"


def unread_leaf(
    reader_around: Callable[[Callable[[Any], Any]], Callable[[Any], None]],
    decode: Callable[[Any], Any],
    data: Any,
    instance: Any,
    schema: Schema,
) -> tuple[str, int]:
    """Runs a reader over one message behind stand-ins and looks for a leaf that it left out.

    Args:
        reader_around: makes the reader for a decode; the timed one was made by the same.
        decode: the codec's.
        data: what decode takes.
        instance: the plain value, after deviations.
        schema: its shape.

    Returns:
        The path of the first leaf that was not touched, empty where all were; and the number of leaves.
    """
    touched: set[str] = set()
    reader_around(lambda encoded: stand_in(decode(encoded), schema.root, touched))(data)
    wanted = list(leaves(instance, schema.root))
    return next((path or "(root)" for path in wanted if path not in touched), ""), len(wanted)
