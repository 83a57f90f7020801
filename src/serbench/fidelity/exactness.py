"""Whether two values are the same to the type and the bit, the order of keys included; if not, what became of one.

Goes by a stack of its own: values may be nested deeper than Python's recursion goes.
"""

from __future__ import annotations

import struct
from datetime import datetime
from typing import Any

_SHORT = 60
_PLAIN = (type(None), bool, int, float, str, bytes, list, tuple, dict)
_USUAL_NAN = struct.pack("<d", float("nan"))
_Path = tuple[Any, ...]


def difference(must: Any, back: Any, *, strict: bool = True, subclasses: bool = False) -> str:
    """What a value came back as.

    Args:
        must: what should have come back.
        back: what did.
        strict: whether the order of keys and the bits of a NaN count.
        subclasses: whether an integer of a subclass of int will do where its value is the same.

    Returns:
        What came back where that is short, else the first part of it that differs and where; empty where both are the
        same. Of messages that have nothing but `v` it is about what stands there.
    """
    if type(must) is type(back) is dict and {"v"} == must.keys() == back.keys():
        must, back = must["v"], back["v"]
    found = _first(must, back, strict=strict, subclasses=subclasses)
    if not found:
        return ""
    path, words = found
    if not path:
        return words
    whole = _whole(back)
    if whole and whole != _whole(must):
        return whole
    return f"at {''.join(f'[{key!r}]' for key in path[:3])}{'...' if len(path) > 3 else ''}: {words}"


def _first(must: Any, back: Any, *, strict: bool, subclasses: bool) -> tuple[_Path, str] | None:
    """Path and words of the first difference; one of order only where there is no other."""
    stack: list[tuple[_Path, Any, Any]] = [((), must, back)]
    disorder: tuple[_Path, str] | None = None
    while stack:
        path, a, b = stack.pop()
        if subclasses and type(a) is int and isinstance(b, int) and not isinstance(b, bool) and a == b:
            continue
        if words := _differs(a, b, strict=strict):
            return path, words
        if isinstance(a, dict):
            if strict and not disorder and list(a) != list(b):
                disorder = path, f"keys in the order {', '.join(map(str, b))}"
            stack += [((*path, key), a[key], b[key]) for key in reversed(a)]
        elif isinstance(a, list | tuple):
            stack += [((*path, n), a[n], b[n]) for n in reversed(range(len(a)))]
    return disorder


def _differs(a: Any, b: Any, *, strict: bool) -> str:
    """How two values differ, without what is inside of them."""
    if type(a) is type(b):
        if isinstance(a, dict):
            same = _typed(a) == _typed(b)  # 1, 1.0 and True are different keys
        elif isinstance(a, list | tuple):
            same = len(a) == len(b)
        else:
            same = _same_leaf(a, b, strict=strict)
        if same:
            return ""
    return _shown(b, beside=a)


def _same_leaf(a: Any, b: Any, *, strict: bool) -> bool:
    """Whether two leaves of one type are the same. A NaN is another where it has bits of its own."""
    if isinstance(a, float):
        bits, others = struct.pack("<d", a), struct.pack("<d", b)
        return bits == others or (a != a and b != b and not (strict and bits != _USUAL_NAN))  # noqa: PLR0124 - NaN
    if isinstance(a, set | frozenset):
        return _typed(a) == _typed(b)
    if isinstance(a, datetime):
        return _moment(a) == _moment(b)
    return bool(a == b)


def _typed(values: Any) -> set[tuple[type, Any]]:
    return {(type(value), value) for value in values}


def _moment(value: datetime) -> tuple[Any, ...]:
    """What a datetime says: its fields, its offset, and the name of its zone if that has one."""
    return value.replace(tzinfo=None), value.fold, value.utcoffset(), getattr(value.tzinfo, "key", None)


def _shown(value: Any, beside: Any) -> str:
    """A value in a few words, with its type where that cannot be seen."""
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - NaN
        return "NaN with other bits" if isinstance(beside, float) else "NaN"
    if isinstance(value, datetime):
        text = value.isoformat()
    elif isinstance(value, str | bytes | bytearray) and len(value) > _SHORT:
        text = f"{value[:20]!r}... ({len(value):,} long)"
    else:
        text = _whole(value) or "something longer"
    name = type(value).__name__
    alike = type(value) in _PLAIN and text != _whole(beside)
    return text if alike or name in text else f"{text} ({name})"


def _whole(value: Any) -> str:
    """Its repr, if that is short."""
    try:
        text = repr(value)
    except Exception:  # deeper than repr goes, or of a class that has none
        return ""
    return text if len(text) <= _SHORT else ""
