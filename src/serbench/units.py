"""Units: time is nanoseconds and size is bytes everywhere; only what a person reads is scaled, one unit per table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NS_PER_SECOND = 1_000_000_000

_TIME = ((1e9, "s"), (1e6, "ms"), (1e3, "us"), (1.0, "ns"))
_SIZE = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1.0, "B"))


class Scale:
    """One unit for a column or an axis: `scale.text(1234)` is `1.23` where `scale.unit` is `us`.

    Args:
        divisor: how many base units (ns or bytes) one shown unit has.
        unit: its symbol.
    """

    def __init__(self, divisor: float, unit: str) -> None:
        self.divisor = divisor
        self.unit = unit

    def value(self, base: float) -> float:
        """The number in this unit."""
        return base / self.divisor

    def text(self, base: float) -> str:
        """The number in this unit with three significant digits, without the unit."""
        return significant(base / self.divisor)


def time_scale(ns: Iterable[float]) -> Scale:
    """The unit in which the smallest positive of these times is at least 1 (ns at the least)."""
    return _scale(ns, _TIME)


def size_scale(sizes: Iterable[float]) -> Scale:
    """The unit in which the smallest positive of these sizes is at least 1 (bytes at the least)."""
    return _scale(sizes, _SIZE)


def _scale(values: Iterable[float], units: tuple[tuple[float, str], ...]) -> Scale:
    smallest = float(f"{min((v for v in values if v > 0), default=1.0):.3g}")  # as it is going to be written
    for divisor, unit in units:
        if smallest >= divisor:
            return Scale(divisor, unit)
    return Scale(*units[-1])


def significant(value: float, digits: int = 3) -> str:
    """A number with that many significant digits, in plain notation: 0.0123, 1.23, 123, 12300."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.{digits}g}")
    exponent = int(f"{rounded:e}".partition("e")[2])
    return f"{rounded:.{max(0, digits - 1 - exponent)}f}"


def duration(ns: float) -> str:
    """One time with its own unit: `1.23 us`."""
    scale = time_scale([ns])
    return f"{scale.text(ns)} {scale.unit}"


def size(n: float) -> str:
    """One size with its own unit, in powers of ten: `1.23 kB`; whole bytes below 1,000."""
    if 0 <= n < 1000 and n == int(n):
        return f"{int(n)} B"
    scale = size_scale([n])
    return f"{scale.text(n)} {scale.unit}"
