"""Encoded size against time: what a codec costs on the wire, held against what it costs in the process."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from serbench.charts.axes import linear_ticks, log_times, middle_scale, number, rule, say
from serbench.charts.base import Chart, Figure, anchor, by_payload, caption
from serbench.charts.labels import Box, place, short
from serbench.charts.sheet import SMALL, Grid, Sheet
from serbench.charts.theme import INK, MUTED, PAPER, Look, looks
from serbench.statistics.estimates import Estimate, Missing
from serbench.units import size_scale

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from serbench.report.parts import Report, Table
    from serbench.units import Scale


@dataclass(frozen=True, slots=True)
class Point:
    """A codec in a panel: typical ns per call and median encoded bytes."""

    codec: str
    ns: float
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeTime:
    """One figure per payload, a panel per table, a point per codec."""

    name: str = "size-time"
    order: int = 30

    def draw(self, report: Report, /) -> tuple[Figure, ...]:
        """The figures; none for a payload of which no case has a size and a time."""
        look = looks(codec.name for codec in report.codecs)
        return tuple(
            _figure(f"{self.name}-{anchor(payload)}", payload, tables, look)
            for payload, tables in by_payload(report).items()
            if any(points_of(table) for table in tables)
        )


def points_of(table: Table) -> list[Point]:
    """The rows that have a size and a time."""
    return [
        Point(row.codec.name, row.typical_ns.value, row.encoded_bytes.median)
        for row in table.rows
        if isinstance(row.typical_ns, Estimate) and not isinstance(row.encoded_bytes, Missing)
    ]


def front(points: Sequence[Point]) -> list[Point]:
    """Those than which none is both faster and smaller (Pareto's front), fastest first; equals are both in it."""
    return sorted(
        (
            p
            for p in points
            if not any(q.ns <= p.ns and q.size <= p.size and (q.ns, q.size) != (p.ns, p.size) for q in points)
        ),
        key=lambda p: (p.ns, p.size),
    )


def _figure(name: str, payload: str, tables: Sequence[Table], look: Mapping[str, Look]) -> Figure:
    every = [point for table in tables for point in points_of(table)]
    times, sizes = middle_scale(p.ns for p in every), size_scale(p.size for p in every)
    grid = Grid(count=len(tables), height=220, left=56, right=44)
    with Sheet(grid) as sheet:
        for n, table in enumerate(tables):
            axes = sheet.panel(n, str(table.operation), note=caption(table, tables, sizes.unit, of="encoded"))
            log_times(axes, axes.xaxis, [p.ns for p in every], times)
            axes.set_xlabel(f"{times.unit} per call", size=SMALL, color=MUTED.light, labelpad=6)
            _size_axis(axes, max(p.size for p in every), sizes)
            axes.tick_params(labelleft=grid.leads(n))
            _points(axes, points_of(table), look)
        return sheet.figure(
            id=name,
            title=f"{payload}: encoded size against time",
            description=(
                "Each mark is a codec: further left is faster, further down is smaller. Filled marks stand on the line "
                "of best bargains: no codec is at least as good in both and better in one. For a hollow mark there is "
                "such a codec. The time is the typical one, the size the median over all instances."
            ),
            payload=payload,
        )


def _size_axis(axes: Axes, largest: float, scale: Scale) -> None:
    """From zero, with some room for names above the largest."""
    end = 1.2 * max(largest, 1.0)
    ticks = linear_ticks(scale.value(end))
    axes.set_ylim(0, end)
    rule(axes.yaxis, [tick * scale.divisor for tick in ticks], [number(tick) for tick in ticks])


def _points(axes: Axes, points: Sequence[Point], look: Mapping[str, Look]) -> None:
    best = front(points)
    axes.step([p.ns for p in best], [p.size for p in best], where="post", color=MUTED.light, linewidth=1, zorder=1)
    for p in points:
        colour, fill = look[p.codec].colour.light, look[p.codec].colour.light if p in best else PAPER.light
        marker = look[p.codec].marker
        axes.plot(p.ns, p.size, marker=marker, color=fill, markeredgecolor=colour, markersize=8, clip_on=False)
    _names(axes, points, best)


def _names(axes: Axes, points: Sequence[Point], best: Sequence[Point]) -> None:
    """Each codec's name beside its mark, where nothing else is; a thin line to it where that is further off."""
    marks = _pixels(axes, points)
    stairs = [
        Box(*box)
        for (x, y), (later, lower) in pairwise(_pixels(axes, best))
        for box in ((x, y - 1, later, y + 1), (later - 1, lower, later + 1, y))
    ]
    room = Box(axes.bbox.x0, axes.bbox.y0, axes.bbox.x1 + 30, axes.bbox.y1)
    boxes = place(marks, [short(p.codec) for p in points], size=SMALL, room=room, taken=stairs)
    for point, (x, y), box in zip(points, marks, boxes, strict=True):
        middle = (box.bottom + box.top) / 2
        if abs(middle - y) > box.top - box.bottom:
            edge = (min(max(x, box.left), box.right), middle + math.copysign(6, y - middle))
            line = axes.transData.inverted().transform([(x, y), edge])
            axes.plot(*line.T, color=MUTED.light, linewidth=0.5, zorder=1)
        say(axes, box.left, middle, short(point.codec), INK if point in best else MUTED)


def _pixels(axes: Axes, points: Sequence[Point]) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in axes.transData.transform([(p.ns, p.size) for p in points])]


CHARTS: tuple[Chart, ...] = (SizeTime(),)
