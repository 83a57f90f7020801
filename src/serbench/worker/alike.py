"""Whether two JSON values are forms of one value: the same number, instant, duration, identifier, bytes or text.

A class that makes a datetime of text may write it otherwise, `+00:00` for `Z`. That is a conversion and no fault.
"""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from json import dumps
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable

_DURATION = re.compile(
    r"(?P<sign>[-+]?)P(?:(?P<weeks>[\d.]+)W)?(?:(?P<days>[\d.]+)D)?"
    r"(?:T(?:(?P<hours>[\d.]+)H)?(?:(?P<minutes>[\d.]+)M)?(?:(?P<seconds>[\d.]+)S)?)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?:(?P<days>\d+) days?, )?(?P<hours>\d+):(?P<minutes>\d\d):(?P<seconds>\d\d(?:\.\d+)?)")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{2,}")
_ALPHABET = str.maketrans("-_", "+/")
_TRUE = frozenset({"true", "1", "yes", "y", "on", "t"})
_FALSE = frozenset({"false", "0", "no", "n", "off", "f"})


def alike(a: Any, b: Any) -> bool:
    """Whether two JSON values that differ say the same."""
    if isinstance(a, list) and isinstance(b, list):
        return _in_any_order(a) == _in_any_order(b)
    if isinstance(a, dict | list) or isinstance(b, dict | list) or a is None or b is None:
        return False
    if isinstance(a, bool) or isinstance(b, bool):
        return any(_word(a) in words and _word(b) in words for words in (_TRUE, _FALSE))
    return any((found := form(a)) is not None and found == form(b) for form in _FORMS) or _same_moment(a, b)


def _in_any_order(items: list[Any]) -> list[str]:
    return sorted(dumps(item, sort_keys=True) for item in items)


def _word(value: Any) -> str:
    return str(value).strip().lower()


def _number(value: Any) -> Decimal | None:
    try:
        made = Decimal(value if isinstance(value, int) else str(value).strip())
    except InvalidOperation:
        return None
    return made if made.is_finite() else None


def _instant(value: Any) -> datetime | None:
    with contextlib.suppress(ValueError):
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    return None


def _time(value: Any) -> time | None:
    with contextlib.suppress(ValueError):
        return time.fromisoformat(value) if isinstance(value, str) else None
    return None


def _duration(value: Any) -> timedelta | None:
    """Of ISO 8601, of `1 day, 2:03:04`, or of a number of seconds."""
    if not isinstance(value, str):
        return timedelta(seconds=value) if abs(value) < 1e13 else None
    found = _DURATION.fullmatch(value) or _CLOCK.fullmatch(value)
    given = {unit: part for unit, part in found.groupdict().items() if part} if found else {}
    negative = given.pop("sign", "") == "-"
    with contextlib.suppress(ValueError, OverflowError):
        made = timedelta(**{unit: float(part) for unit, part in given.items()})
        return (-made if negative else made) if given else None
    return None


def _uuid(value: Any) -> UUID | None:
    with contextlib.suppress(ValueError, AttributeError):
        return UUID(value) if isinstance(value, str) else None
    return None


def _octets(value: Any) -> str | None:
    """Base64 in one alphabet and without its filling and its lines."""
    text = value.replace("\n", "").rstrip("=") if isinstance(value, str) else ""
    return text.translate(_ALPHABET) if _BASE64.fullmatch(text) else None


def _text(value: Any) -> str | None:
    """Of text without spaces around it, its case, and the slash that ends an address."""
    return value.strip().casefold().rstrip("/") if isinstance(value, str) else None


_FORMS: tuple[Callable[[Any], Any], ...] = (_number, _instant, _time, _duration, _uuid, _octets, _text)


def _same_moment(a: Any, b: Any) -> bool:
    """Whether one is the other's seconds or milliseconds since 1970."""
    for number, text in ((a, b), (b, a)):
        stated, seconds = _instant(text), _number(number)
        if stated and seconds is not None:
            since = Decimal(str((stated if stated.tzinfo else stated.replace(tzinfo=UTC)).timestamp()))
            if since in (seconds, seconds / 1000):
                return True
    return False
