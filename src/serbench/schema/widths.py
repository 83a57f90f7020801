"""The widths that hold all numbers of a place: bounds that later numbers widen."""

from __future__ import annotations

import math
import struct
import sys
from array import array
from typing import TYPE_CHECKING

from serbench.schema.types import Scalar

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_LOWS = (0, -(1 << 31), -(1 << 63))
_HIGHS = ((1 << 31) - 1, (1 << 63) - 1, (1 << 64) - 1)
_WIDENED_DIGITS = 14

# Of eight bytes, from the lowest, the fourth where only three bits of it are of the 23 that 32 bits have, and the last
# one: sign and most of the exponent.
_HIGHEST_THREE = bytes(range(0, 256, 1 << 5))
_ZERO = bytes([0, 0x80])
_MIDDLE = bytes([*range(0x39, 0x47), *range(0xB9, 0xC7)])


class Integers:
    """The widths that hold all integers of a place."""

    __slots__ = ("high", "low")

    def __init__(self) -> None:
        self.low = 0
        self.high = 0

    def add(self, values: Collection[int]) -> None:
        """Widens to hold these, of which there is at least one."""
        least, most = min(values), max(values)
        self.widen(
            next((n for n, bound in enumerate(_LOWS) if least >= bound), len(_LOWS)),
            next((n for n, bound in enumerate(_HIGHS) if most <= bound), len(_HIGHS)),
        )

    def widen(self, low: int, high: int) -> None:
        """Widens to these widths. What no 64 bits hold is without bounds: nothing widens it any more."""
        self.low, self.high = max(self.low, low), max(self.high, high)
        if self.low == len(_LOWS) or self.high == len(_HIGHS) or (self.low and self.high == len(_HIGHS) - 1):
            self.low, self.high = len(_LOWS), len(_HIGHS)

    @property
    def bounds(self) -> tuple[int, int] | None:
        """What an integer may be from and to, both included, without widening anything; None: whatever it likes."""
        return None if self.low == len(_LOWS) else (_LOWS[self.low], _HIGHS[self.high])

    @property
    def scalar(self) -> Scalar:
        """The first of int32, int64, uint64 and bigint that holds all."""
        if self.low == len(_LOWS):
            return Scalar.BIGINT
        return (Scalar.INT64 if self.low == len(_LOWS) - 1 else Scalar.INT32, Scalar.INT64, Scalar.UINT64)[self.high]


class Floats:
    """Whether the floats of a place came from 32 bits.

    Attributes:
        exact: each is exactly one of 32 bits.
        widened: some have more digits than anybody would have written: what 32 bits look like in 64.
    """

    __slots__ = ("exact", "widened")

    def __init__(self) -> None:
        self.exact = True
        self.widened = False

    def add(self, values: Sequence[float]) -> None:
        """Takes these into account."""
        if self.exact:
            self.exact = _plainly(values) or _exact(values)
            self.widened = self.widened or any(_digits(value) > _WIDENED_DIGITS for value in values)

    @property
    def scalar(self) -> Scalar:
        """The width."""
        return Scalar.FLOAT32 if self.exact and self.widened else Scalar.FLOAT64


def _plainly(values: Sequence[float]) -> bool:
    """Whether the bits alone say that each is one of 32 bits; not: they may be nevertheless.

    They do where the last 29 of 52 bits of the fraction are zero, and the exponent is in the middle of what 32 bits
    have room for, or all else is zero too. Columns of bytes are looked at, a tenth of the work of converting each.
    """
    bits = _bits(values)
    if bits[7::8].translate(None, _ZERO) != bits[7::8]:
        bits = _bits(list(filter(None, values)))
    low = sum(bits[n::8].count(0) for n in range(3))
    fits = low == len(bits) // 8 * 3 and not bits[3::8].translate(None, _HIGHEST_THREE)
    return fits and not bits[7::8].translate(None, _MIDDLE)


def _bits(values: Sequence[float]) -> bytes:
    bits = struct.pack(f"{len(values)}d", *values)
    return bits if sys.byteorder == "little" else bits[::-1]


def _exact(values: Sequence[float]) -> bool:
    """Whether each is one of 32 bits; NaN, which equals nothing, is of any width."""
    numbers = [value for value in values if not math.isnan(value)]
    return array("f", numbers).tolist() == numbers


def _digits(value: float) -> int:
    """How many digits say exactly this float."""
    return len(repr(value).partition("e")[0].replace(".", "").replace("-", "").strip("0"))
