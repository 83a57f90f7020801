"""Axes in the house style: a thin grid, few ticks, one unit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from serbench.charts.labels import width
from serbench.charts.sheet import SMALL
from serbench.charts.svg import told
from serbench.charts.theme import GRID, INK, MUTED, Colour
from serbench.report.cells import grouped
from serbench.units import time_scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.transforms import Transform

    from serbench.units import Scale


_PERCENTILES = {2: "50", 10: "90", 100: "99", 1e3: "99.9", 1e4: "99.99", 1e5: "99.999", 1e6: "99.9999"}
_NOT_SEEN = 0.15
"""Pixels by which a line may miss its points."""

_GAP = math.nan  # where the pen is lifted
_PAD = 8.0  # between a plot and its labels
_NAME = 18.0  # between the tops of labels and the top of their axis's name


def rule(axis: Axis, positions: Sequence[float], labels: Sequence[str]) -> None:
    """A thin line across the plot at each position, and a label outside; none where there are no labels.

    Ticks of matplotlib's own would take as long as all else in a drawing, and five times the room in a page. The axis's
    limits and the axes' place must not change any more.
    """
    axis.set_visible(False)
    if not positions:
        return
    axes, flat = axis.axes, axis is axis.axes.xaxis
    along = [value for position in positions for value in (position, position, _GAP)]
    across = [0.0, 1.0, _GAP] * len(positions)
    places = (along, across) if flat else (across, along)
    transform = axes.get_xaxis_transform() if flat else axes.get_yaxis_transform()
    line = Line2D(*places, transform=transform, color=GRID.light, linewidth=1, clip_on=False, zorder=0.5)
    axes.add_artist(line)
    for position, label in zip(positions, labels, strict=False):
        x, y = transform.transform((position, 0) if flat else (0, position))
        if flat:
            _write(axes, x, y - _PAD, label, MUTED, ha="center", va="top")
        else:
            _write(axes, x - _PAD, y, label, MUTED, ha="right", va="center_baseline")


def name_axis(axes: Axes, words: str) -> None:
    """What the axis across shows, under the labels of `rule`."""
    middle = (axes.bbox.x0 + axes.bbox.x1) / 2
    _write(axes, middle, axes.bbox.y0 - _PAD - _NAME, words, MUTED, ha="center", va="top")


def middle_scale(times_ns: Iterable[float]) -> Scale:
    """The unit of an axis: that of the middle between the smallest and the largest time, by ratio."""
    times = [max(ns, 1.0) for ns in times_ns]
    return time_scale([math.sqrt(min(times) * max(times))])


def log_times(axes: Axes, axis: Axis, times_ns: Iterable[float], scale: Scale, *, told: bool = True) -> None:
    """A logarithmic axis of times with room for all of these (from 1 ns on), in that unit, with a tick at both ends.

    Args:
        axes: where.
        axis: which of theirs.
        times_ns: what is to be drawn.
        scale: the unit of the labels.
        told: whether there are labels; the same axis of the panel before may have them.
    """
    times = [max(ns, 1.0) for ns in times_ns]
    positions = log_ticks(min(times), max(times))
    set_scale, set_limits = (axes.set_xscale, axes.set_xlim) if axis is axes.xaxis else (axes.set_yscale, axes.set_ylim)
    set_scale("log")
    set_limits(positions[0], positions[-1])
    rule(axis, positions, [number(scale.value(position)) for position in positions] if told else [])


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
    name_axis(axes, f"percentile of {of}")


def thinned(axes: Axes, xs: Sequence[float], ns: Sequence[float]) -> tuple[list[float], list[float]]:
    """As few of these points as draw their line, the first and the last among them.

    It is Ramer's, Douglas and Peucker's algorithm, on the sheet. The axes' limits and place must not change any more.

    Args:
        axes: where they are drawn.
        xs: rising; may go on beyond `ns`.
        ns: as many times; what is under 1 ns is drawn as 1.
    """
    x, y = np.asarray(xs[: len(ns)]), np.maximum(ns, 1.0)
    across, up = axes.transData.transform(np.column_stack((x, y))).T
    kept = {0, len(x) - 1}
    spans = [(0, len(x) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        wide, high = across[last] - across[first], up[last] - up[first]
        inside = slice(first + 1, last)
        off = np.abs(wide * (up[inside] - up[first]) - high * (across[inside] - across[first]))
        farthest = int(np.argmax(off))
        if off[farthest] > _NOT_SEEN * math.hypot(wide, high):
            middle = first + 1 + farthest
            kept.add(middle)
            spans += [(first, middle), (middle, last)]
    places = sorted(kept)
    return x[places].tolist(), y[places].tolist()


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


def say(axes: Axes, x: float, y: float, words: str, colour: Colour, *, size: float = SMALL, codec: str = "") -> None:
    """Text that begins at that pixel of the sheet, at half its height; `codec`: whose it is."""
    _write(axes, x, y, words, colour, size=size, va="center_baseline", gid=told("codec", codec) if codec else None)


def _write(axes: Axes, x: float, y: float, words: str, colour: Colour, *, size: float = SMALL, **how: Any) -> None:
    """Text at a pixel of the sheet."""
    sheet = _sheet_of(axes)
    left, bottom = sheet.inverted().transform((x, y))
    axes.add_artist(Text(left, bottom, words, transform=sheet, color=colour.light, size=size, clip_on=False, **how))


def _sheet_of(axes: Axes) -> Transform:
    """Shares of the sheet: what is placed in them stays in its place at every resolution of a picture."""
    return axes.figure.transFigure


def line(axes: Axes, xs: Sequence[float], ys: Sequence[float], colour: Colour, *, gid: str, **how: Any) -> None:
    """A line, or marks without one, in the numbers of the axes; not cut off at the edge of the plot.

    Args:
        axes: where.
        xs: its points.
        ys: as many.
        colour: of line and marks.
        gid: whose it is, as `svg.told` has it; empty: nobody's.
        how: what else matplotlib is to know of it.
    """
    axes.add_artist(Line2D(xs, ys, transform=axes.transData, color=colour.light, clip_on=False, gid=gid, **how))


def bar(axes: Axes, value: float, y: float, height: float, colour: Colour, *, alpha: float, codec: str) -> None:
    """A bar from zero across, at half its height, in the numbers of the axes."""
    look: dict[str, Any] = {"color": colour.light, "alpha": alpha, "linewidth": 0, "clip_on": False}
    corner = (0, y - height / 2)
    axes.add_artist(Rectangle(corner, value, height, transform=axes.transData, gid=told("codec", codec), **look))


def draw_strokes(
    axes: Axes,
    strokes: Iterable[tuple[float, float, float, float]],
    colour: Colour,
    *,
    width: float,
    codec: str = "",
    round_ends: bool = False,
    behind: bool = False,
) -> None:
    """Strokes from one pixel of the sheet to another, as one line with gaps: a tenth of what markers take in a page.

    Args:
        axes: of their panel.
        strokes: x and y of the beginning, x and y of the end.
        colour: of all.
        width: of a stroke, in pixels.
        codec: whose they are; nobody's if empty.
        round_ends: whether a very short stroke is a dot.
        behind: whether lines and marks lie over them.
    """
    corners = [corner for x, y, to_x, to_y in strokes for corner in ((x, y), (to_x, to_y), (_GAP, _GAP))]
    if not corners:
        return
    sheet = _sheet_of(axes)
    drawn = Line2D(
        *sheet.inverted().transform(corners).T,
        transform=sheet,
        color=colour.light,
        linewidth=width,
        solid_capstyle="round" if round_ends else "butt",
        clip_on=False,
        snap=False,  # a dot moved to whole pixels has no length left
        zorder=1 if behind else 2,
        gid=told("codec", codec) if codec else None,
    )
    axes.add_artist(drawn)


def whisker(axes: Axes, low: float, high: float, y: float, *, codec: str) -> None:
    """How far a number may lie, along a row: a thin line with a stroke at both ends."""
    (left, middle), (right, _) = axes.transData.transform([(low, y), (high, y)])
    ends = [(x, middle - 2.5, x, middle + 2.5) for x in (left, right)]
    draw_strokes(axes, [(left, middle, right, middle), *ends], INK, width=1, codec=codec)


def number(value: float) -> str:
    """A tick's number: no digit too many."""
    return grouped(f"{value:.10g}")
