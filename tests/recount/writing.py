"""How a page writes numbers, said again without the modules that write it."""

from __future__ import annotations

import re
from decimal import Decimal

UNITS = {
    "ns": 1,
    "us": 1e3,
    "ms": 1e6,
    "s": 1e9,
    "B": 1,
    "kB": 1e3,
    "MB": 1e6,
    "GB": 1e9,
    "/s": 1,
    "k/s": 1e3,
    "M/s": 1e6,
}

THIN = "\u202f"
"""Between thousands in tables."""

NUMBER = rf"\d(?:[\d,.{THIN}]*\d)?"
"""A number as it stands in a text."""

TIME = rf"{NUMBER} (?:ns|us|ms|s)\b"
SIZE = rf"{NUMBER} (?:B|kB|MB|GB)\b"

_NUMBERS = re.compile(NUMBER)


def three(value: float, digits: int = 3) -> str:
    """So many significant digits, without exponent: `0.0123`, `1.20`, `12300`."""
    return format(Decimal(f"{Decimal(value):.{digits - 1}e}"), "f") if value else "0"


def parted(text: str) -> str:
    """From 10,000 on with thin spaces between the thousands."""
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}".replace(",", THIN) + point + rest if len(whole) > 4 else text


def own_unit(value: float, *units: str) -> str:
    """A number with the largest of these units in which it is written as 1 or more: `1.23 us`."""
    rounded = float(three(value))
    unit = max((u for u in units if rounded >= UNITS[u]), key=UNITS.__getitem__, default=units[0])
    return f"{three(value / UNITS[unit])} {unit}"


def lasts(ns: float) -> str:
    """A time with its own unit."""
    return own_unit(ns, "ns", "us", "ms", "s")


def weighs(size: float) -> str:
    """A size with its own unit; whole and half bytes under 1,000."""
    return f"{size:g} B" if size < 999.5 and 2 * size == int(2 * size) else own_unit(size, "B", "kB", "MB", "GB")


def in_unit(value: float, unit: str) -> str:
    """A number in that unit, which stands elsewhere."""
    return three(value / UNITS[unit])


def times(n: int, noun: str) -> str:
    """`1 call`, `2,000 calls`."""
    return f"{n:,} {noun}{'s' * (n != 1)}"


def places(text: str) -> list[tuple[int, int]]:
    """From where to where each number of a text stands."""
    return [found.span() for found in _NUMBERS.finditer(text)]
