"""Where the ticks of an axis stand, and their numbers."""

from __future__ import annotations

import math

from serbench.report.cells import grouped


def log_ticks(low: float, high: float) -> list[float]:
    """Ticks from at or below `low` to at or above `high`: 1, 2 and 5 of each decade, or 1 where that would be many."""
    mantissas = (1, 2, 5) if high / low < 200 else (1,)
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2)
    every = [mantissa * 10.0**decade for decade in decades for mantissa in mantissas]
    first = max(n for n, tick in enumerate(every) if tick <= low)
    last = min(n for n, tick in enumerate(every) if tick >= high and n > first)
    return every[first : last + 1]


def linear_ticks(end: float) -> list[float]:
    """Three to six round ticks from zero up, none beyond `end`."""
    decade = 10.0 ** math.floor(math.log10(end / 5))
    step = next(mantissa * decade for mantissa in (1, 2, 5, 10) if mantissa * decade * 5 >= end)
    return [n * step for n in range(math.floor(end / step) + 1)]


def number(value: float) -> str:
    """A tick's number: no digit too many."""
    return grouped(f"{value:.10g}")
