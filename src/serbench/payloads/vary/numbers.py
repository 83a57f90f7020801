"""Numbers of the same width: an integer keeps its bytes in every format, a float its digits and its exponent."""

from __future__ import annotations

import math
import struct
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from serbench.payloads.vary import draws

if TYPE_CHECKING:
    from collections import Counter
    from random import Random

    from serbench.payloads.vary.draws import Turn

_TRIES = 16
_SURE_DIGITS = 15
_LEAST, _MOST = 1e-300, 1e308
"""A float between these that has so many digits has no shorter text."""

_KEPT = 1 << 16
"""As many values of a place have their range kept; those of others are reckoned each time."""


def _limits(*binary: int) -> list[int]:
    return sorted({0, 1, *(10**n for n in range(1, 20)), *binary})


_UP = _limits(
    *(24, 1 << 8, 1 << 16, 1 << 32),  # CBOR
    *(1 << 7, 1 << 15, 1 << 31, 1 << 63, 1 << 64),  # MessagePack, and signed integers
    *(1 << n for n in range(14, 64, 7)),  # bytes of a varint
    (1 << 53) + 1,  # what a double holds
)
_DOWN = _limits(
    *(n + 1 for n in (24, 1 << 8, 1 << 16, 1 << 32)),
    *(n + 1 for n in (1 << 5, 1 << 7, 1 << 15, 1 << 31, 1 << 53, 1 << 63)),
)
"""Of magnitudes. Where a number begins to take another digit, or another byte in some format."""


def same_width(value: int) -> tuple[int, int]:
    """The first and the last integer that have as many digits as this one and take as many bytes in each format."""
    limits, size = (_UP, value) if value >= 0 else (_DOWN, -value)
    if size >= limits[-1]:
        digits, below_zero = len(str(size)), value < 0
        data = -(-(size - below_zero).bit_length() // 8)
        low = max(limits[-1], 10 ** (digits - 1), (1 << 8 * (data - 1)) + below_zero)
        high = min(10**digits - 1, (1 << 8 * data) - 1 + below_zero)
    else:
        at = bisect_right(limits, size)
        low, high = limits[at - 1], limits[at] - 1
    return (low, high) if value >= 0 else (-high, -low)


class Integers:
    """The integers of one place.

    Args:
        counts: how often each was seen.
        closed: whether there are no others, as of an enum.
    """

    def __init__(self, counts: Counter[int], *, closed: bool = False) -> None:
        self.all = list(counts.elements()) if closed else []
        self.few = draws.few_valued(counts)
        self.ordered = sorted(counts)
        self.ranges: dict[int, tuple[int, int]] = {}

    def draw(self, turn: Turn, value: int) -> int:
        """An integer in place of that one."""
        if self.all:
            return draws.pick(turn.rng, self.all)
        if self.few:
            return draws.near(turn, self.ordered, value)
        made: int | None = turn.made[int].get(value)
        if made is None:
            low, count = self.ranges.get(value) or self._range(value)
            made = turn.made[int][value] = draws.number(turn.rng, low, count)
        return made

    def _range(self, value: int) -> tuple[int, int]:
        """The first integer that may stand for that one, and how many may."""
        low, high = same_width(value)
        if len(self.ordered) >= draws.MANY:
            below, above = draws.beside(self.ordered, bisect_left(self.ordered, value))
            low, high = max(low, below), min(high, above)
        if len(self.ranges) < _KEPT:
            self.ranges[value] = low, high - low + 1
        return low, high - low + 1


class Floats:
    """The floats of one place.

    Args:
        counts: how often each was seen.
        narrow: whether all of them are exactly floats of 32 bits.
    """

    def __init__(self, counts: Counter[float], *, narrow: bool = False) -> None:
        self.few = draws.few_valued(counts)
        self.narrow = narrow
        self.ordered = sorted(value for value in counts if math.isfinite(value))
        self.ranges: dict[float, tuple[int, int, int]] = {}

    def draw(self, turn: Turn, value: float) -> float:
        """A float in place of that one. Zero stays, and what is not finite."""
        if not value or not math.isfinite(value):
            return value
        if self.few:
            return draws.near(turn, self.ordered, value)
        made: float | None = turn.made[float].get(value)
        if made is None:
            made = turn.made[float][value] = self._other(turn.rng, value)
        return made

    def _other(self, rng: Random, value: float) -> float:
        low, count, exponent = self.ranges.get(value) or self._range(value)
        sure = not self.narrow and low + count <= 10**_SURE_DIGITS and _LEAST < abs(value) < _MOST
        sign = "-" if value < 0 else ""
        for _ in range(_TRIES):
            digits = draws.number(rng, low, count)
            if digits % 10:
                made = float(f"{sign}{digits}e{exponent}")
                made = _of_32_bits(made) if self.narrow else made
                if sure or len(repr(made)) == len(repr(value)):
                    return made
        return value

    def _range(self, value: float) -> tuple[int, int, int]:
        """The first of the numbers that its digits may make, how many there are, and their exponent."""
        digits, exponent = _digits(value)
        low, high = 10 ** (len(digits) - 1), 10 ** len(digits) - 1
        if len(self.ordered) >= draws.MANY:
            below, above = draws.beside(self.ordered, bisect_left(self.ordered, value))
            nearer, farther = (below, above) if value > 0 else (-above, -below)
            low = max(low, min(_scaled(nearer, exponent), int(digits)))
            high = min(high, max(_scaled(farther, exponent), int(digits)))
        if len(self.ranges) < _KEPT:
            self.ranges[value] = low, high - low + 1, exponent
        return low, high - low + 1, exponent


def _digits(value: float) -> tuple[str, int]:
    """The digits of a float's shortest text without zeros at the ends, and the power of ten of the last one."""
    mantissa, _, power = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    kept = digits.rstrip("0")
    return kept, int(power or 0) - len(fraction) + len(digits) - len(kept)


def _scaled(value: float, exponent: int) -> int:
    """A float as a multiple of that power of ten; what is on the other side of zero as zero."""
    if value <= 0:
        return 0
    return int(value) // 10**exponent if exponent >= 0 else int(f"{value:.{-exponent}f}".replace(".", ""))


def _of_32_bits(value: float) -> float:
    try:
        (made,) = struct.unpack("<f", struct.pack("<f", value))
    except OverflowError:
        return math.inf
    return float(made)
