"""Axes in the house style: a thin grid, few ticks, one unit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from serbench.charts.labels import width
from serbench.charts.sheet import SMALL
from serbench.charts.theme import GRID, MUTED, Colour
from serbench.report.cells import grouped
from serbench.units import time_scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from serbench.units import Scale


_PERCENTILES = {2: "50", 10: "90", 100: "99", 1e3: "99.9", 1e4: "99.99", 1e5: "99.999", 1e6: "99.9999"}
_MOST_POINTS = 200


def rule(axis: Axis, positions: Sequence[float], labels: Sequence[str]) -> None:
    """Ticks at these positions, without a tick mark, each with a thin line across the plot."""
    axis.set_major_locator(FixedLocator(positions))
    axis.set_major_formatter(FixedFormatter(labels))
    axis.set_minor_locator(NullLocator())
    axis.set_tick_params(length=0, pad=8, labelsize=SMALL, labelcolor=MUTED.light)
    axis.grid(visible=True, color=GRID.light, linewidth=1, clip_on=False)


def middle_scale(times_ns: Iterable[float]) -> Scale:
    """The unit of an axis: that of the middle between the smallest and the largest time, by ratio."""
    times = [max(ns, 1.0) for ns in times_ns]
    return time_scale([math.sqrt(min(times) * max(times))])


def log_times(axes: Axes, axis: Axis, times_ns: Iterable[float], scale: Scale) -> None:
    """A logarithmic axis of times with room for all of these (from 1 ns on), in that unit, with a tick at both ends."""
    times = [max(ns, 1.0) for ns in times_ns]
    positions = log_ticks(min(times), max(times))
    set_scale, set_limits = (axes.set_xscale, axes.set_xlim) if axis is axes.xaxis else (axes.set_yscale, axes.set_ylim)
    set_scale("log")
    set_limits(positions[0], positions[-1])
    rule(axis, positions, [number(scale.value(position)) for position in positions])


def percentiles(axes: Axes, last: float, *, of: str = "calls") -> None:
    """From the fastest call to the last percentile; where two labels would touch, the left one is left out.

    The axis is 1/(1-q), logarithmic. Its limits and the axes' place must not change any more.

    Args:
        axes: where.
        last: 1/(1-q) of the last percentile, at least 2.
        of: what they are percentiles of.
    """
    axes.set_xscale("log")
    axes.set_xlim(1, last)
    ticks = {x: label for x, label in _PERCENTILES.items() if x <= last}
    free = math.inf
    for x, label in reversed(list(ticks.items())):
        middle, half = axes.transData.transform((x, 1))[0], width(label, SMALL) / 2
        ticks[x] = label if middle + half <= free else ""
        free = middle - half - 4 if ticks[x] else free
    rule(axes.xaxis, list(ticks), list(ticks.values()))
    axes.set_xlabel(f"percentile of {of}", size=SMALL, color=MUTED.light, labelpad=6)


def thinned(xs: Sequence[float], ns: Sequence[float]) -> tuple[list[float], list[float]]:
    """At most 200 of these points, evenly spread over a logarithmic axis, the first and the last among them."""
    slots = _MOST_POINTS - 2
    last = xs[len(ns) - 1]
    across = math.log(last / xs[0]) or 1.0
    last_of_slot = {round(slots * math.log(x / xs[0]) / across): n for n, x in enumerate(xs[: len(ns)])}
    kept = sorted({0, *last_of_slot.values()})
    return [xs[n] for n in kept], [ns[n] for n in kept]


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


def say(axes: Axes, x: float, y: float, words: str, colour: Colour, *, size: float = SMALL) -> None:
    """Text that begins at that pixel of the sheet, at half its height."""
    (left, middle) = axes.transData.inverted().transform((x, y))
    axes.text(left, middle, words, color=colour.light, size=size, va="center_baseline")


def number(value: float) -> str:
    """A tick's number: no digit too many."""
    return grouped(f"{value:.10g}")
