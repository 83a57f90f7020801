"""Times in texts, as RFC 3339 and ISO 8601 write them: other times that are valid as well."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from serbench.payloads.vary import draws

if TYPE_CHECKING:
    from random import Random

_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?(?![0-9:])"
_ZONE = r"(?:[Zz](?![0-9A-Za-z])|[+-][0-9]{2}:[0-9]{2}(?![0-9]))?"
CLOCK = rf"(?<![0-9A-Za-z:]){_TIME}(?![A-Za-z])"
DATE = rf"(?<![0-9])[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:[Tt ]{_TIME}{_ZONE})?(?![0-9])"
"""A time of day, and a date with or without one and its zone."""

_FORM = re.compile(
    r"(?P<date>[0-9-]{10})?(?P<mark>[Tt ])?(?P<clock>..:..)?(?P<second>:..)?(?:\.(?P<part>[0-9]+))?(?P<zone>.*)"
)
_BEGIN = datetime(2000, 1, 1)  # noqa: DTZ001 - zones are left as they stand
_MINUTE, _DAY = 60, 86_400
_DAYS = 28
"""Every month has these."""


def seconds(text: str) -> int | None:
    """Seconds since 2000 of what a pattern found, by its own clock; None: it is no time, or there is no such day."""
    date, clock = (text[:10], text[11:19]) if text[4:5] == "-" else ("2000-01-01", text[:8])
    try:
        made = datetime.fromisoformat(f"{date}T{clock if clock[5:6] == ':' else clock[:5] or '00:00'}")
    except ValueError:
        return None
    return (made - _BEGIN) // timedelta(seconds=1)


def form(text: str) -> str:
    """What times have in common that may stand for each other."""
    return re.sub("[0-9]", "0", text)


def other(rng: Random, text: str, near: tuple[int, int] | None) -> str:
    """A time in the form of another one.

    Args:
        rng: the source of chance.
        text: what a pattern found, and is a time.
        near: the seconds between which it is to lie; None: on the same day, and a date in the same month.
    """
    found = _FORM.fullmatch(text)
    parts = found.groupdict("") if found else {}
    step, end = (1, 19) if parts["second"] else (_MINUTE, 16) if parts["clock"] else (_DAY, 10)
    low, high = near or _around(text, step)
    at = low + step * draws.number(rng, 0, (high - low) // step + 1)
    made = (_BEGIN + timedelta(seconds=at)).isoformat(parts["mark"] or "T")[0 if parts["date"] else 11 : end]
    part = parts["part"]
    if part.strip("0"):
        part = f"{draws.number(rng, 0, 10 ** len(part)):0{len(part)}}"
    return f"{made}{'.' if part else ''}{part}{parts['zone']}"


def _around(text: str, step: int) -> tuple[int, int]:
    at = seconds(text) or 0
    if step < _DAY:
        return at - at % _DAY, at - at % _DAY + _DAY - step
    first = at - (int(text[8:10]) - 1) * _DAY
    return first, first + (_DAYS - 1) * _DAY
