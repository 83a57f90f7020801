"""What a printed schema says beside its fields: how often they are there, their range, what texts look like."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from serbench.schema.derived import bare
from serbench.schema.types import Enum, List, Map, Scalar, Type, Union

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.schema.observed import Observed, Texts
    from serbench.schema.types import Field

MOST_SHOWN = 4
"""Different texts that are told one by one, and places of a record."""
_CHARACTERS = 60
_SEVERAL = 8
_VALUES_EACH = 2
_DIGITS = 12
_NEARLY_FULL = 1 << 30


def of_field(field: Field, seen: Observed, dicts: int) -> str:
    """The comment of a field.

    Args:
        field: with its type as it is printed.
        seen: what was seen of it.
        dicts: how many records there were that might have it.
    """
    if not seen.count:
        return ""
    parts = [f"in {seen.count:,} of {dicts:,}"] if field.optional and seen.count < dicts else []
    if seen.nulls == seen.count:
        return "; ".join([*parts, "always null, so its type is not known"])
    if seen.nulls:
        parts.append(f"null in {seen.nulls:,}")
    return _printable("; ".join([*parts, *of_values(field.type, seen)]))


def of_values(kind: Type, seen: Observed) -> list[str]:
    """What there is to say of the values of a place."""
    match kind:
        case Enum() | Scalar():
            return _scalar(kind, seen)
        case List(item):
            if seen.lengths and seen.lengths.high == 0:
                return ["always empty, so the type of its items is not known"]
            inner = of_values(item, seen.items) if seen.items else []
            same = seen.count >= _SEVERAL and seen.lengths and seen.lengths.low == seen.lengths.high > 1
            count = [f"always {int(seen.lengths.low)} items"] if same and seen.lengths else []
            return [*count, *_each(inner)]
        case Map(_, value):
            keys = len(seen.keys)
            count = [f"{keys:,} different keys"] if keys > 1 and seen.values is None else []
            return [*count, *_each(of_values(value, seen.any_key()))]
        case Union():
            known = bare(kind)
            return [] if isinstance(known, Union) else of_values(known, seen)
    return []


def _each(values: Sequence[str]) -> list[str]:
    """What is said of all items, or of all values of a map, together."""
    return [f"each {'; '.join(values).removeprefix('each ')}"] if values else []


def _scalar(kind: Scalar | Enum, seen: Observed) -> list[str]:
    match kind:
        case Enum():
            return []
        case Scalar.STRING:
            return _texts(seen.texts) if seen.texts else []
        case Scalar.FLOAT32 | Scalar.FLOAT64:
            both = [one for one in (seen.integers, seen.floats) if one]
            mixed = ["whole numbers among them"] if len(both) > 1 else []
            low, high = min((one.low for one in both), default=0), max((one.high for one in both), default=0)
            return [*_range(low, high, seen), *mixed] if both else []
        case Scalar.BOOL | Scalar.NULL | Scalar.BYTES:
            return []
    if seen.integers is None:
        return []
    full = kind is Scalar.INT32 and max(-seen.integers.low, seen.integers.high) >= _NEARLY_FULL
    return [*_range(seen.integers.low, seen.integers.high, seen), *(["near the end of 32 bits"] if full else [])]


def _range(low: float, high: float, seen: Observed) -> list[str]:
    if low != high:
        return [f"{_number(low)} to {_number(high)}"]
    return [f"always {_number(low)}"] if seen.count - seen.nulls > 1 else []


def _number(number: float) -> str:
    if isinstance(number, int):
        return f"{number:,}"
    return repr(number) if len(repr(number)) <= _DIGITS else f"{number:,.6g}"


def _texts(texts: Texts) -> list[str]:
    if texts.forms:
        return [texts.forms[0]]
    different = list(texts.different or ())
    few = len(different) <= MOST_SHOWN and texts.count >= _VALUES_EACH * len(different) and all(map(_fit, different))
    if not different or not few or texts.count == 1 or sum(map(len, different)) > _CHARACTERS:
        return []
    shown = [json.dumps(text, ensure_ascii=False) for text in different]
    return [f"always {shown[0]}" if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"]


def _fit(text: str) -> bool:
    return text.isprintable()


def of_record(paths: Sequence[str]) -> str:
    """The comment of a record: where it stands, if that is not plain from where it is used."""
    different = list(dict.fromkeys(paths))
    if len(different) == 1:
        return ""
    more = len(different) - MOST_SHOWN
    shown = ", ".join(different[:MOST_SHOWN])
    return _printable(f"Of {shown}{f' and {more:,} more' if more > 0 else ''}.")


def _printable(text: str) -> str:
    """A text that stays on one line and is valid Unicode, whatever is in it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
