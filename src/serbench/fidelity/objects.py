"""Objects that programs have and plain values do not: dates, exact decimals, sets, classes of their own."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable

_MOMENT = datetime(2024, 7, 1, 12, 30, 15, 123456)  # noqa: DTZ001 - without a zone, as many have it


class Text(str):  # noqa: SLOT000 - as users write theirs
    """A subclass of str."""


class Colour(Enum):
    """An enum of text."""

    RED = "red"


@dataclass(frozen=True)
class Point:
    """A class of the user's own."""

    x: int
    y: int


def _zone() -> tzinfo:
    """A named zone; where the system knows none, an offset."""
    try:
        return ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        return UTC


def _under_v(value: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: {"v": value()}


OBJECTS: tuple[tuple[str, str, Callable[[], Any]], ...] = tuple(
    (name, title, _under_v(value))
    for name, title, value in (
        ("datetime", "a datetime without a zone", lambda: _MOMENT),
        ("datetime-offset", "a datetime at +05:30", lambda: _MOMENT.replace(tzinfo=timezone(timedelta(minutes=330)))),
        ("datetime-zone", "a datetime of a named zone", lambda: _MOMENT.replace(tzinfo=_zone())),
        ("decimal", "Decimal('1.10')", lambda: Decimal("1.10")),
        ("uuid", "a UUID", lambda: uuid.UUID("12345678-1234-5678-1234-567812345678")),
        ("set", "{1, 2}, a set", lambda: {1, 2}),
        ("enum", "an Enum's member", lambda: Colour.RED),
        ("str-subclass", "a subclass of str", lambda: Text("a")),
        ("dataclass", "a dataclass", lambda: Point(1, 2)),
    )
)
"""Name, title and what makes the message."""
