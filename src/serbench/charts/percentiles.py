"""Latency against percentile: how a case's calls are spread, from the fastest to the last percentile that is earned.

The axis is 1/(1-q), logarithmic, as in Gil Tene's HdrHistogram plots: each step to the right is ten times rarer.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from serbench.charts.axes import area, draw_strokes, line, log_times, marks, middle_scale, percentiles, say, thinned
from serbench.charts.base import Chart, Figure, anchor, by_payload, caption
from serbench.charts.labels import short, spread, width
from serbench.charts.sheet import SMALL, TEXT, Grid, Sheet
from serbench.charts.svg import told
from serbench.charts.theme import MUTED, SHADE, SLATE, Look, looks
from serbench.statistics.estimates import Missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from serbench.charts.panel import Panel
    from serbench.report.parts import Curve, Row, Table
    from serbench.report.whole import Report

_LINE = 15.0  # from one line of small text to the next
_PALE = 0.16


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentiles:
    """One figure per payload, a panel per table, a line per codec."""

    name: str = "percentiles"
    order: int = 10

    def draw(self, report: Report, /) -> tuple[Figure, ...]:
        """The figures; none for a payload of which no case has a curve."""
        curves = {curve.case_id: curve for curve in report.curves}
        look = looks(codec.name for codec in report.codecs)
        return tuple(
            _figure(f"{self.name}-{anchor(payload)}", payload, tables, curves, look)
            for payload, tables in by_payload(report).items()
            if any(_curve(row, curves) for table in tables for row in table.rows)
        )


def _figure(
    name: str, payload: str, tables: Sequence[Table], curves: Mapping[str, Curve], look: Mapping[str, Look]
) -> Figure:
    drawn = [curve for table in tables for row in table.rows if (curve := _curve(row, curves))]
    rows = max(len(table.rows) for table in tables)
    names = max(width(short(curve.codec.name), TEXT) for curve in drawn)
    grid = Grid(count=len(tables), height=max(210, 15 * rows), left=52, right=names + 34)
    below = [_without_line([row for row in table.rows if not _curve(row, curves)], grid) for table in tables]
    steady = any(curve.steady for curve in drawn)
    banded = any(curve.band for curve in drawn)
    grid = replace(grid, foot=grid.foot + _LINE * max(map(len, below)), top=18.0 * (steady or banded))
    times = [ns for curve in drawn for ns in (curve.ns[0], curve.ns[-1], *curve.steady[-1:])]
    scale = middle_scale(times)
    sheet = Sheet(grid)
    _key(sheet, grid.left, steady=steady, bands=banded)
    for n, table in enumerate(tables):
        panel = sheet.panel(n, str(table.operation), note=caption(table, tables, scale.unit))
        log_times(panel, "y", times, scale, told=grid.leads(n))
        percentiles(panel, max(2.0, *(curve.x[-1] for curve in drawn)))
        panel.gid = told("panel", f"{table.operation} {_place(panel, grid.corner(n), grid)}")
        _lines(panel, [(row, _curve(row, curves)) for row in table.rows], look)
        left, top = grid.corner(n)
        for place, text in enumerate(below[n]):
            sheet.text(left, top + grid.height + 58 + _LINE * place, text, colour=MUTED, size=SMALL)
    return sheet.figure(
        id=name,
        title=f"{payload}: time of a call by percentile",
        description=(
            "Each line is a codec: how long its calls took, from the fastest at the left to the rarest at the "
            "right, every step ten times rarer. A line ends at the last percentile that enough calls stand behind. "
            "Lower is faster; a line that stays flat is steady. The grey line behind it is what a call of the same "
            "median that always takes the same would have shown here, given what interrupted empty calls on this "
            "machine: where a codec's line meets it, the tail is the machine's. A pale band is the interval of the "
            "percentiles as far as the worker processes give one, known at a few of them and drawn through between."
        ),
        payload=payload,
    )


def _curve(row: Row, curves: Mapping[str, Curve]) -> Curve | None:
    """The row's curve, or that of the case whose numbers it has."""
    return curves.get(row.same_as or row.case_id)


def _lines(panel: Panel, drawn: Sequence[tuple[Row, Curve | None]], look: Mapping[str, Look]) -> None:
    """The lines of a panel, and their names in the order of their ends, where they do not touch."""
    known = [(curve, look[row.codec.name]) for row, curve in drawn if curve]
    for curve, mine in known:  # bands and grey lines first: they stand behind all others
        _band(panel, curve, mine)
        if curve.steady:
            x, ns = thinned(panel, curve.x, curve.steady)
            line(panel, x, ns, SHADE, width=1, gid=told("codec", curve.codec.name))
    for curve, mine in known:
        (x, ns), codec = thinned(panel, curve.x, curve.ns), curve.codec.name
        line(panel, x, ns, mine.colour, width=1.75, dash=mine.dash, gid=told("curve", codec))
        marks(panel, x[-1:], ns[-1:], mine.colour, shape=mine.marker, size=6, codec=codec)
    ends = [panel.pixel(curve.x[-1], curve.ns[-1]) for curve, _ in known]
    heights = spread([y for _, y in ends], gap=15, low=panel.bottom + 4, high=panel.top - 4)
    for (curve, mine), (end, y), height in zip(known, ends, heights, strict=True):
        name, codec = panel.right + 14, curve.codec.name
        draw_strokes(panel, [(end + 5, y, name - 2, height)], mine.colour, width=0.75, codec=codec)
        say(panel, name + 2, height, short(codec), mine.colour, size=TEXT, codec=codec)


def _band(panel: Panel, curve: Curve, look: Look) -> None:
    """The interval of the percentiles, from the first that has one to the last.

    Between those that are known it goes with the line, as far from it as the ones before and behind say.
    """
    known = curve.band
    if len(known) < 2:
        return
    at, low, high = np.log(np.maximum(np.asarray(known), 1.0)).T
    across, up = np.log(curve.x), np.log(np.maximum(curve.ns, 1.0))
    own = np.interp(at, across, up)
    inside = np.union1d(across[(across > at[0]) & (across < at[-1])], at)
    middle = np.interp(inside, across, up)
    ends = [np.exp(middle + np.interp(inside, at, end - own)).tolist() for end in (low, high)]
    (x, lower), (back, upper) = (thinned(panel, np.exp(inside).tolist(), end) for end in ends)
    around = [*lower, *reversed(upper)]
    area(panel, [*x, *reversed(back)], around, look.colour, alpha=_PALE, codec=curve.codec.name)


def _place(panel: Panel, corner: tuple[float, float], grid: Grid) -> str:
    """Where a panel lies and what its axes say, for scripts.

    Left, right, top and bottom in pixels, 1/(1-q) at the right, ns at the bottom and at the top. Both axes are
    logarithmic; at the left 1/(1-q) is 1.
    """
    left, top = corner
    numbers = (left, left + grid.width, top, top + grid.height, panel.x.high, panel.y.low, panel.y.high)
    return " ".join(f"{number:.6g}" for number in numbers)


def _key(sheet: Sheet, x: float, *, steady: bool, bands: bool) -> None:
    """What grey lines and pale bands are, once for all panels."""
    if steady:
        words = "grey: a perfectly steady call on this machine"
        sheet.box(x, 11, 20, 1, colour=SHADE)
        sheet.text(x + 26, 15, words, colour=MUTED, size=SMALL)
        x += 46 + width(words, SMALL)
    if bands:
        sheet.box(x, 6, 20, 10, colour=SLATE, alpha=_PALE)
        sheet.text(x + 26, 15, "pale: the interval of the percentiles", colour=MUTED, size=SMALL)


def _without_line(rows: Sequence[Row], grid: Grid) -> list[str]:
    """What stands under the axis: who has no line, and why, in lines that reach to the next panel."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        reasons.setdefault(_why(row), []).append(short(row.codec.name))
    text = "; ".join(f"{', '.join(names)} ({why})" for why, names in reasons.items())
    room = grid.width + grid.right - 12
    return textwrap.wrap(f"no line: {text}", int(room / width("x", SMALL)), break_on_hyphens=False) if text else []


def _why(row: Row) -> str:
    return row.p99_ns.short if isinstance(row.p99_ns, Missing) else "no curve"


CHARTS: tuple[Chart, ...] = (Percentiles(),)
