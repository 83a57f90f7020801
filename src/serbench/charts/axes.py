"""Axes in the house style: a thin grid, few ticks, one unit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from serbench.charts.labels import width
from serbench.charts.marks import BEHIND, LINES, Area, Markers, Stroke, Words
from serbench.charts.marks import GRID as BOTTOM
from serbench.charts.panel import Axis
from serbench.charts.sheet import SMALL
from serbench.charts.svg import told
from serbench.charts.theme import GRID, INK, MUTED
from serbench.charts.ticks import log_ticks, number
from serbench.units import time_scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from serbench.charts.marks import Align
    from serbench.charts.panel import Panel
    from serbench.charts.theme import Colour, Dash
    from serbench.units import Scale

Direction = Literal["x", "y"]

_PERCENTILES = {2: "50", 10: "90", 100: "99", 1e3: "99.9", 1e4: "99.99", 1e5: "99.999", 1e6: "99.9999"}
_NOT_SEEN = 0.25  # pixels by which a line may miss its points
_LIFTED = (math.nan, math.nan)  # where the pen is
_ASCENT = 0.76  # from the baseline to the top of the letters of DejaVu Sans, of their size
_PAD = 8.0  # between a plot and its labels
_NAME = 18.0  # between the tops of labels and the top of their axis's name


def rule(panel: Panel, direction: Direction, positions: Sequence[float], labels: Sequence[str]) -> None:
    """A thin line across the plot at each position of an axis, and a label outside; none where there are no labels."""
    if not positions:
        return
    flat, many = direction == "x", len(positions)
    if flat:
        along = panel.pixels(positions, np.full(many, panel.y.low))[:, 0]
        ends = [[(x, panel.bottom), (x, panel.top), _LIFTED] for x in along.tolist()]
    else:
        along = panel.pixels(np.full(many, panel.x.low), positions)[:, 1]
        ends = [[(panel.left, y), (panel.right, y), _LIFTED] for y in along.tolist()]
    places = [place for pair in ends for place in pair]
    panel.marks.append(Stroke(places=places, colour=GRID, width=1, layer=BOTTOM))
    for at, label in zip(along.tolist(), labels, strict=False):
        if flat:
            _write(panel, at, panel.bottom - _PAD - _ASCENT * SMALL, label, MUTED, align="center")
        else:
            _write(panel, panel.left - _PAD, at - _ASCENT * SMALL / 2, label, MUTED, align="right")


def name_axis(panel: Panel, words: str) -> None:
    """What the axis across shows, under the labels of `rule`."""
    top = panel.bottom - _PAD - _NAME
    _write(panel, (panel.left + panel.right) / 2, top - _ASCENT * SMALL, words, MUTED, align="center")


def middle_scale(times_ns: Iterable[float]) -> Scale:
    """The unit of an axis: that of the middle between the smallest and the largest time, by ratio."""
    times = [max(ns, 1.0) for ns in times_ns]
    return time_scale([math.sqrt(min(times) * max(times))])


def log_times(
    panel: Panel, direction: Direction, times_ns: Iterable[float], scale: Scale, *, told: bool = True
) -> None:
    """A logarithmic axis of times with room for all of these (from 1 ns on), in that unit, with a tick at both ends.

    Args:
        panel: where.
        direction: which of its axes.
        times_ns: what is to be drawn.
        scale: the unit of the labels.
        told: whether there are labels; the same axis of the panel before may have them.
    """
    times = [max(ns, 1.0) for ns in times_ns]
    positions = log_ticks(min(times), max(times))
    setattr(panel, direction, Axis(positions[0], positions[-1], log=True))
    rule(panel, direction, positions, [number(scale.value(position)) for position in positions] if told else [])


def percentiles(panel: Panel, last: float, *, of: str = "calls") -> None:
    """From the fastest call to the last percentile; where two labels would touch, the left one is left out.

    The axis is 1/(1-q), logarithmic.

    Args:
        panel: where.
        last: 1/(1-q) of the last percentile, at least 2.
        of: what they are percentiles of.
    """
    panel.x = Axis(1.0, last, log=True)
    ticks = {x: label for x, label in _PERCENTILES.items() if x <= last}
    free = math.inf
    for x, label in reversed(list(ticks.items())):
        middle, half = panel.pixel(x, panel.y.low)[0], width(label, SMALL) / 2
        ticks[x] = label if middle + half <= free else ""
        free = middle - half - 4 if ticks[x] else free
    rule(panel, "x", list(ticks), list(ticks.values()))
    name_axis(panel, f"percentile of {of}")


def thinned(panel: Panel, xs: Sequence[float], ns: Sequence[float]) -> tuple[list[float], list[float]]:
    """As few of these points as draw their line, the first and the last among them.

    It is Ramer's, Douglas and Peucker's algorithm, on the sheet.

    Args:
        panel: where they are drawn; its axes must not change any more.
        xs: rising; may go on beyond `ns`.
        ns: as many times; what is under 1 ns is drawn as 1.
    """
    x, y = np.asarray(xs[: len(ns)]), np.maximum(ns, 1.0)
    across, up = panel.pixels(x, y).T
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


def say(panel: Panel, x: float, y: float, words: str, colour: Colour, *, size: float = SMALL, codec: str = "") -> None:
    """Text that begins at that pixel of the sheet, at half its height; `codec`: whose it is."""
    _write(panel, x, y - _ASCENT * size / 2, words, colour, size=size, gid=_of(codec))


def _write(
    panel: Panel,
    x: float,
    y: float,
    words: str,
    colour: Colour,
    *,
    size: float = SMALL,
    align: Align = "left",
    gid: str = "",
) -> None:
    """Text at a pixel of the sheet; nothing where there are no words."""
    if words:
        panel.marks.append(Words(place=(x, y), text=words, colour=colour, size=size, align=align, gid=gid))


def _of(codec: str) -> str:
    return told("codec", codec) if codec else ""


def line(
    panel: Panel,
    xs: Sequence[float],
    ys: Sequence[float],
    colour: Colour,
    *,
    width: float,
    dash: Dash = "-",
    gid: str = "",
) -> None:
    """A line in the numbers of the axes, not cut off at the edge of the plot; `gid` as `svg.told` has it."""
    panel.marks.append(Stroke(places=panel.pixels(xs, ys), colour=colour, width=width, dash=dash, gid=gid))


def stairs(panel: Panel, xs: Sequence[float], ys: Sequence[float], colour: Colour) -> None:
    """A thin line in the numbers of the axes that goes across before it goes up or down; others lie over it."""
    if len(xs) < 2:
        return
    places = np.repeat(panel.pixels(xs, ys), 2, axis=0)[:-1]
    places[1::2, 0] = places[2::2, 0]
    panel.marks.append(Stroke(places=places, colour=colour, width=1, layer=BEHIND))


def marks(
    panel: Panel,
    xs: Sequence[float],
    ys: Sequence[float],
    colour: Colour,
    *,
    shape: str,
    size: float,
    fill: Colour | None = None,
    codec: str = "",
) -> None:
    """Marks in the numbers of the axes, filled with their colour unless another one is given."""
    places, inside = panel.pixels(xs, ys), fill or colour
    panel.marks.append(Markers(places=places, shape=shape, size=size, edge=colour, fill=inside, gid=_of(codec)))


def area(
    panel: Panel, xs: Sequence[float], ys: Sequence[float], colour: Colour, *, alpha: float = 1.0, codec: str = ""
) -> None:
    """A filled shape in the numbers of the axes."""
    panel.marks.append(Area(places=panel.pixels(xs, ys), colour=colour, alpha=alpha, gid=_of(codec)))


def bar(panel: Panel, value: float, y: float, height: float, colour: Colour, *, alpha: float, codec: str) -> None:
    """A bar from zero across, at half its height, in the numbers of the axes."""
    low, high = y - height / 2, y + height / 2
    area(panel, [0, value, value, 0], [low, low, high, high], colour, alpha=alpha, codec=codec)


def draw_strokes(
    panel: Panel,
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
        panel: theirs.
        strokes: x and y of the beginning, x and y of the end.
        colour: of all.
        width: of a stroke, in pixels.
        codec: whose they are; nobody's if empty.
        round_ends: whether a very short stroke is a dot.
        behind: whether lines and marks lie over them.
    """
    places = [place for x, y, to_x, to_y in strokes for place in ((x, y), (to_x, to_y), _LIFTED)]
    layer = BEHIND if behind else LINES
    if places:
        panel.marks.append(
            Stroke(places=places, colour=colour, width=width, round_ends=round_ends, gid=_of(codec), layer=layer)
        )


def whisker(panel: Panel, low: float, high: float, y: float, *, codec: str) -> None:
    """How far a number may lie, along a row: a thin line with a stroke at both ends."""
    (left, middle), (right, _) = panel.pixels([low, high], [y, y]).tolist()
    ends = [(x, middle - 2.5, x, middle + 2.5) for x in (left, right)]
    draw_strokes(panel, [(left, middle, right, middle), *ends], INK, width=1, codec=codec)
