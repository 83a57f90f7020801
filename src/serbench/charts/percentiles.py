"""Latency against percentile: how a case's calls are spread, from the fastest to the last percentile that is earned.

The axis is 1/(1-q), logarithmic, as in Gil Tene's HdrHistogram plots: each step to the right is ten times rarer.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from serbench.charts.axes import log_times, middle_scale, percentiles, say, thinned
from serbench.charts.base import Chart, Figure, anchor, by_payload, caption
from serbench.charts.labels import short, spread, width
from serbench.charts.sheet import SMALL, TEXT, Grid, Sheet
from serbench.charts.theme import MUTED, SHADE, Look, looks
from serbench.statistics.estimates import Missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from serbench.report.parts import Curve, Report, Row, Table

_LINE = 15.0  # from one line of small text to the next


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
    grid = Grid(count=len(tables), height=max(210, 15 * rows), left=44, right=names + 34)
    below = [_without_line([row for row in table.rows if not _curve(row, curves)], grid) for table in tables]
    steady = any(curve.steady for curve in drawn)
    grid = replace(grid, foot=grid.foot + _LINE * max(map(len, below)), top=18.0 * steady)
    times = [ns for curve in drawn for ns in (curve.ns[0], curve.ns[-1], *curve.steady[-1:])]
    scale = middle_scale(times)
    with Sheet(grid) as sheet:
        if steady:
            _key(sheet, grid.left)
        for n, table in enumerate(tables):
            axes = sheet.panel(n, str(table.operation), note=caption(table, tables, scale.unit))
            log_times(axes, axes.yaxis, times, scale)
            axes.tick_params(labelleft=grid.leads(n))
            percentiles(axes, max(2.0, *(curve.x[-1] for curve in drawn)))
            _lines(axes, [(row, _curve(row, curves)) for row in table.rows], look)
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
                "machine: where a codec's line meets it, the tail is the machine's."
            ),
            payload=payload,
        )


def _curve(row: Row, curves: Mapping[str, Curve]) -> Curve | None:
    """The row's curve, or that of the case whose numbers it has."""
    return curves.get(row.same_as or row.case_id)


def _lines(axes: Axes, drawn: Sequence[tuple[Row, Curve | None]], look: Mapping[str, Look]) -> None:
    """The lines of a panel, and their names in the order of their ends, where they do not touch."""
    known = [(curve, look[row.codec.name]) for row, curve in drawn if curve]
    for curve, _ in known:  # the grey ones first: they stand behind all others
        if curve.steady:
            x, ns = thinned(curve.x, curve.steady)
            axes.plot(x, ns, color=SHADE.light, linewidth=1, clip_on=False)
    for curve, mine in known:
        x, ns = thinned(curve.x, curve.ns)
        axes.plot(x, ns, color=mine.colour.light, linewidth=1.75, linestyle=mine.dash, clip_on=False)
        axes.plot(x[-1], ns[-1], color=mine.colour.light, marker=mine.marker, markersize=6, clip_on=False)
    ends = [axes.transData.transform((curve.x[-1], curve.ns[-1])) for curve, _ in known]
    heights = spread([y for _, y in ends], gap=15, low=axes.bbox.y0 + 4, high=axes.bbox.y1 - 4)
    for (curve, mine), (x, y), height in zip(known, ends, heights, strict=True):
        name = axes.bbox.x1 + 14
        leader = axes.transData.inverted().transform([(x + 5, y), (name - 2, height)])
        axes.plot(*leader.T, color=mine.colour.light, linewidth=0.75, clip_on=False)
        say(axes, name + 2, height, short(curve.codec.name), mine.colour, size=TEXT)


def _key(sheet: Sheet, x: float) -> None:
    """What the grey lines are, once for all panels."""
    sheet.box(x, 11, 20, 1, colour=SHADE)
    sheet.text(x + 26, 15, "grey: a perfectly steady call on this machine", colour=MUTED, size=SMALL)


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
