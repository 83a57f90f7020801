"""Encoded size against time: what a codec costs on the wire, held against what it costs in the process."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from serbench.charts.axes import draw_strokes, log_times, marks, middle_scale, name_axis, rule, say, stairs
from serbench.charts.base import Chart, Figure, anchor, by_payload, caption
from serbench.charts.labels import Box, place, short, width
from serbench.charts.panel import Axis
from serbench.charts.sheet import SMALL, Grid, Sheet
from serbench.charts.theme import INK, MUTED, PAPER, Look, looks
from serbench.charts.ticks import linear_ticks, number
from serbench.compare.words import listed
from serbench.statistics.estimates import Estimate, Missing
from serbench.units import size_scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from serbench.charts.panel import Panel
    from serbench.report.parts import Table
    from serbench.report.whole import Report
    from serbench.units import Scale

_PREFERRED = ("zstd", "gzip", "brotli")
_HALF = 4.0  # of the stroke at a compressed size, in pixels

_WORDS = (
    "Each mark is a codec: further left is faster, further down is smaller. Filled marks stand on the line of best "
    "bargains (Pareto's front): of no other codec are messages smaller in no more time, or as small in certainly less. "
    "For a hollow mark there is such a codec. The time is the typical one, the size the median over all instances."
)


@dataclass(frozen=True, slots=True)
class Point:
    """A codec in a panel.

    Attributes:
        codec: its name.
        ns: typical ns per call.
        low: lower end of the interval of that, or of the range of its workers; itself where neither is known.
        high: upper end.
        size: median encoded bytes.
        packed: the same of messages compressed one by one; 0 where that is not known.
    """

    codec: str
    ns: float
    low: float
    high: float
    size: float
    packed: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeTime:
    """One figure per payload, a panel per table, a point per codec."""

    name: str = "size-time"
    order: int = 30

    def draw(self, report: Report, /) -> tuple[Figure, ...]:
        """The figures; none for a payload of which no case has a size and a time."""
        look = looks(codec.name for codec in report.codecs)
        packed = {sizes.case_id: sizes.median_bytes for sizes in report.compressed}
        return tuple(
            _figure(f"{self.name}-{anchor(payload)}", payload, tables, packed, look)
            for payload, tables in by_payload(report).items()
            if any(points_of(table) for table in tables)
        )


def points_of(table: Table, packed: Mapping[str, float] | None = None) -> list[Point]:
    """The rows that have a size and a time.

    Args:
        table: their table.
        packed: median bytes of a compressed message, by case.
    """
    return [
        Point(
            row.codec.name,
            row.typical_ns.value,
            row.typical_ns.low,
            row.typical_ns.high,
            row.encoded_bytes.median,
            (packed or {}).get(row.case_id, 0.0),
        )
        for row in table.rows
        if isinstance(row.typical_ns, Estimate) and not isinstance(row.encoded_bytes, Missing)
    ]


def front(points: Sequence[Point]) -> list[Point]:
    """Those that none beats in time and size (Pareto's front), fastest first.

    A smaller one beats all that are not faster than it. One of the same size beats only those whose time is told apart
    from its own and longer: their intervals, or ranges where workers are too few for intervals, do not meet. So what
    noise alone sets apart is on the front together, and no noise takes anything off it.
    """
    return sorted((p for p in points if not any(_beats(q, p) for q in points)), key=lambda p: (p.ns, p.size))


def _beats(one: Point, other: Point) -> bool:
    return (one.size < other.size and one.ns <= other.ns) or (one.size == other.size and one.high < other.low)


def _figure(
    name: str,
    payload: str,
    tables: Sequence[Table],
    packed: Mapping[str, Mapping[str, float]],
    look: Mapping[str, Look],
) -> Figure:
    method = _method(packed[row.case_id] for table in tables for row in table.rows if row.case_id in packed)
    own = {case: sizes[method] for case, sizes in packed.items() if method in sizes}
    panels = [points_of(table, own) for table in tables]
    every = [point for points in panels for point in points]
    times, sizes = middle_scale(p.ns for p in every), size_scale(p.size for p in every)
    grid = Grid(count=len(tables), height=220, left=56, right=44, top=18.0 * bool(method))
    sheet = Sheet(grid)
    if method:
        _key(sheet, grid.left, method)
    for n, table in enumerate(tables):
        panel = sheet.panel(n, str(table.operation), note=caption(table, tables, sizes.unit, of="encoded"))
        log_times(panel, "x", [p.ns for p in every], times)
        name_axis(panel, f"{times.unit} per call")
        _size_axis(panel, max(max(p.size, p.packed) for p in every), sizes, told=grid.leads(n))
        _points(panel, panels[n], look)
    return sheet.figure(
        id=name,
        title=f"{payload}: encoded size against time",
        description=_WORDS + _packed_words(method),
        payload=payload,
        finding=_finding(tables, panels),
    )


def _method(sizes: Iterable[Mapping[str, float]]) -> str:
    """The compressor whose sizes are drawn, with its level; empty where nothing was compressed."""
    known = {method for medians in sizes for method in medians}
    ranked = sorted(known, key=lambda method: (_place_of(method), method))
    return next(iter(ranked), "")


def _place_of(method: str) -> int:
    name = method.partition(" ")[0]
    return _PREFERRED.index(name) if name in _PREFERRED else len(_PREFERRED)


def _packed_words(method: str) -> str:
    return (
        f" The stroke under a mark is the size of its messages under {method}, each compressed by itself; "
        "the time does not hold the compressing."
        if method
        else ""
    )


def _finding(tables: Sequence[Table], panels: Sequence[Sequence[Point]]) -> str:
    """Who is on the front, panel by panel; the conditions where an operation was measured under several."""
    counts = [table.operation for table in tables]
    said = []
    for table, points in zip(tables, panels, strict=True):
        where = f" ({table.conditions_words})" if counts.count(table.operation) > 1 else ""
        if points:
            said.append(f"On the line in {table.operation}{where}: {listed([p.codec for p in front(points)])}.")
    return " ".join(said)


def _size_axis(panel: Panel, largest: float, scale: Scale, *, told: bool) -> None:
    """From zero, with some room for names above the largest."""
    end = 1.2 * max(largest, 1.0)
    ticks = linear_ticks(scale.value(end))
    panel.y = Axis(0.0, end)
    rule(panel, "y", [tick * scale.divisor for tick in ticks], [number(tick) for tick in ticks] if told else [])


def _points(panel: Panel, points: Sequence[Point], look: Mapping[str, Look]) -> None:
    best = front(points)
    stairs(panel, [p.ns for p in best], [p.size for p in best], MUTED)
    packed = [p for p in points if p.packed]
    for p, (x, y), (_, low) in zip(packed, _pixels(panel, packed), _pixels(panel, packed, packed=True), strict=True):
        colour = look[p.codec].colour
        draw_strokes(panel, [(x, y, x, low)], colour, width=0.75, codec=p.codec, behind=True)
        draw_strokes(panel, [(x - _HALF, low, x + _HALF, low)], colour, width=2, codec=p.codec, behind=True)
    for p in points:
        mine, fill = look[p.codec], None if p in best else PAPER
        marks(panel, [p.ns], [p.size], mine.colour, shape=mine.marker, size=8, fill=fill, codec=p.codec)
    _names(panel, points, best)


def _names(panel: Panel, points: Sequence[Point], best: Sequence[Point]) -> None:
    """Each codec's name beside its mark, where nothing else is; a thin line to it where that is further off."""
    places = _pixels(panel, points)
    stairs = [
        Box(*box)
        for (x, y), (later, lower) in pairwise(_pixels(panel, best))
        for box in ((x, y - 1, later, y + 1), (later - 1, lower, later + 1, y))
    ]
    drops = [
        Box(x - _HALF, min(y, low) - 2, x + _HALF, max(y, low))
        for p, (x, y), (_, low) in zip(points, places, _pixels(panel, points, packed=True), strict=True)
        if p.packed
    ]
    room = Box(panel.left, panel.bottom, panel.right + 30, panel.top)
    boxes = place(places, [short(p.codec) for p in points], size=SMALL, room=room, taken=[*stairs, *drops])
    for point, (x, y), box in zip(points, places, boxes, strict=True):
        middle = (box.bottom + box.top) / 2
        if abs(middle - y) > box.top - box.bottom:
            edge = (min(max(x, box.left), box.right), middle + math.copysign(6, y - middle))
            draw_strokes(panel, [(x, y, *edge)], MUTED, width=0.5, codec=point.codec, behind=True)
        say(panel, box.left, middle, short(point.codec), INK if point in best else MUTED, codec=point.codec)


def _pixels(panel: Panel, points: Sequence[Point], *, packed: bool = False) -> list[tuple[float, float]]:
    """Where points lie on the sheet, by their encoded or their compressed size."""
    sizes = [p.packed if packed else p.size for p in points]
    return [(x, y) for x, y in panel.pixels([p.ns for p in points], sizes).tolist()]


def _key(sheet: Sheet, x: float, method: str) -> None:
    """What marks and strokes are, once for all panels."""
    for words, strokes in (
        ("as encoded", [(-3.0, 0.0, 3.0, 0.0), (0.0, -3.0, 0.0, 3.0)]),
        (f"under {method}", [(0.0, 5.0, 0.0, -4.0), (-_HALF, -4.0, _HALF, -4.0)]),
    ):
        sheet.strokes(x + 6, 11, strokes, colour=MUTED, width=1.25)
        sheet.text(x + 18, 15, words, colour=MUTED, size=SMALL)
        x += 40 + width(words, SMALL)


CHARTS: tuple[Chart, ...] = (SizeTime(),)
