"""Both sides of a case that was gated: their percentiles, and how far new was from base in each pair.

It is no plug-in: it draws from a verdict's case and not from a report.
"""

from __future__ import annotations

from math import expm1, isfinite
from typing import TYPE_CHECKING

from serbench.charts.axes import area, draw_strokes, log_times, marks, middle_scale, percentiles, rule, say, thinned
from serbench.charts.axes import line as draw_line
from serbench.charts.base import Figure, anchor
from serbench.charts.labels import spread
from serbench.charts.panel import Axis
from serbench.charts.sheet import SMALL, TEXT, WIDTH, Grid, Sheet
from serbench.charts.theme import BLUE, GRID, INK, MUTED, SLATE, Look
from serbench.charts.ticks import linear_ticks, number

if TYPE_CHECKING:
    from serbench.gate.curves import CaseCurves, Pairs

_LOOKS = {"base": Look(SLATE, (0.0, (3.0, 1.25)), "o"), "new": Look(BLUE, "-", "s")}
_LEFT = 48.0
_PLOT = 420.0
_PAIRS_LEFT = _LEFT + _PLOT + 100  # room for the names of both lines, and between the two drawings
_PAIRS_HEIGHT = 64.0
_PAIRS_STEP = 112.0  # from one metric to the next: a title, a plot, the numbers of its axis

_LINES_WORDS = (
    "How long calls took on each side, all its processes together, from the fastest to the rarest, every "
    "step ten times rarer; a line ends at the last percentile that enough calls stand behind. Lower is faster. "
)
_PAIRS_WORDS = (
    "At the right a dot is a pair of processes, one of each side, the first pair uppermost: how much longer new took "
    "than base. The dashed line is the trip point; the upright stroke is the estimate over all pairs, which leaves out "
    "the noisiest of them, the grey band its interval."
)


def draw(case: CaseCurves) -> Figure | None:
    """The figure of a case; None where there is nothing to draw."""
    lines = [line for line in (case.base, case.new) if line.x]
    if not lines and not case.pairs:
        return None
    strips = len(case.pairs)
    grid = Grid(
        count=1,
        height=_PAIRS_STEP * max(2, strips) - 60,
        left=_LEFT,
        right=WIDTH - _LEFT - _PLOT if strips else 60,
        widest=_PLOT,
    )
    sheet = Sheet(grid)
    if lines:
        _lines(sheet, case)
    for n, pairs in enumerate(case.pairs):
        _strip(sheet, 34 + n * _PAIRS_STEP, pairs)
    return sheet.figure(
        id=f"sides-{anchor(case.case_id)}",
        title=f"{case.case_id}: both sides",
        description=_LINES_WORDS + _PAIRS_WORDS * bool(strips),
        payload="",
    )


def _lines(sheet: Sheet, case: CaseCurves) -> None:
    """The percentiles of both sides."""
    both = {name: line for name, line in (("base", case.base), ("new", case.new)) if line.x}
    times = [ns for line in both.values() for ns in (line.ns[0], line.ns[-1])]
    scale = middle_scale(times)
    panel = sheet.panel(0, "time of a call", note=f"{scale.unit} per call")
    log_times(panel, "y", times, scale)
    percentiles(panel, max(2.0, *(line.x[-1] for line in both.values())), of="batch means" if case.batch else "calls")
    for name, line in both.items():
        look, (x, ns) = _LOOKS[name], thinned(panel, line.x, line.ns)
        draw_line(panel, x, ns, look.colour, width=1.75, dash=look.dash)
        marks(panel, x[-1:], ns[-1:], look.colour, shape=look.marker, size=6)
    ends = [panel.pixel(line.x[-1], line.ns[-1]) for line in both.values()]
    heights = spread([y for _, y in ends], gap=15, low=panel.bottom + 4, high=panel.top - 4)
    for name, (right, middle), height in zip(both, ends, heights, strict=True):
        colour, edge = _LOOKS[name].colour, panel.right + 14
        draw_strokes(panel, [(right + 5, middle, edge - 2, height)], colour, width=0.75)
        say(panel, edge + 2, height, name, colour, size=TEXT)


def _strip(sheet: Sheet, top: float, pairs: Pairs) -> None:
    """One metric: a dot for each pair, the trip point, the estimate and its interval. In per cent."""
    row, trip = pairs.row, 100 * expm1(pairs.trip)
    dots = [100 * expm1(ratio) for ratio in pairs.log_ratios]
    band = [100 * end for end in row.interval] if row.interval and all(map(isfinite, row.interval)) else []
    width = WIDTH - _PAIRS_LEFT - 20
    panel = sheet.plot(_PAIRS_LEFT, top, width, _PAIRS_HEIGHT)
    sheet.text(_PAIRS_LEFT, top - 14, f"{row.metric}, pair by pair", bold=True)
    note = f"new over base, per cent; trip point +{trip:.3g}"
    sheet.text(_PAIRS_LEFT + width, top - 14, note, colour=MUTED, size=SMALL, align="right")
    seen = [*dots, *band, 0.0, trip]
    room = 0.06 * (max(seen) - min(seen))
    low, high = min(seen) - room, max(seen) + room
    panel.x, panel.y = Axis(low, high), Axis(len(dots) - 0.5, -0.5)  # the first pair uppermost
    ticks = linear_ticks(max(high, -low))
    every = sorted({*ticks, *(-tick for tick in ticks)})
    rule(panel, "x", shown := [tick for tick in every if low <= tick <= high], [_signed(tick) for tick in shown])
    if band:
        left, right = band
        ends = [panel.y.low, panel.y.low, panel.y.high, panel.y.high]
        area(panel, [left, right, right, left], ends, GRID)
    upright = [panel.y.low, panel.y.high]
    draw_line(panel, [trip, trip], upright, INK, width=1, dash=(0.0, (3.0, 2.0)))
    if row.change is not None:
        draw_line(panel, [100 * row.change] * 2, upright, BLUE, width=2)
    marks(panel, dots, range(len(dots)), BLUE, shape="o", size=3.5)


def _signed(tick: float) -> str:
    return f"+{number(tick)}" if tick > 0 else number(tick)
