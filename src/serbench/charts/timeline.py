"""When slow calls were: in bursts, in a rhythm, or at a worker's beginning."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.charts.axes import draw_strokes, middle_scale, name_axis, rule, say
from serbench.charts.base import Chart, Figure, anchor, by_payload, caption
from serbench.charts.labels import short, width
from serbench.charts.panel import Axis
from serbench.charts.sheet import SMALL, TEXT, Grid, Sheet
from serbench.charts.theme import MUTED, looks
from serbench.charts.ticks import linear_ticks, log_ticks, number
from serbench.statistics.estimates import Missing
from serbench.units import NS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from serbench.charts.panel import Panel
    from serbench.charts.theme import Colour, Look
    from serbench.report.parts import Row, Table
    from serbench.report.whole import Report
    from serbench.units import Scale

_BAND = 62.0  # of one codec
_ROOM = 0.14  # of a band, above and below its marks
_MOST = 75
"""As many calls are drawn of a codec, the slowest of all its workers."""
_MANY, _MOST_OF_MANY = 250, 20
"""Where more cases than this are drawn a page would grow beyond bounds: of each as many as that."""

_HALF = 2.75
_MARKS: Mapping[str, tuple[str, tuple[tuple[float, float, float, float], ...], float]] = {
    "g": ("collector", ((0.0, -_HALF, 0.0, _HALF),), 1.5),
    "p": ("preempted", ((-2.25, -2.25, 2.25, 2.25), (-2.25, 2.25, 2.25, -2.25)), 1.25),
    "i": ("larger message", ((-_HALF, 0.0, _HALF, 0.0),), 1.5),
    "o": ("unexplained", ((-0.1, 0.0, 0.1, 0.0),), 2.5),  # not every renderer draws a stroke of no length
}
"""By the letter of a label: what it is, the strokes of its mark in pixels around its place, and their width."""

_Call = tuple[int, int, str]
"""How long it took, when it was (both ns), and its letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """One figure per payload, a panel per operation that ranks, a band per codec."""

    name: str = "timeline"
    order: int = 40

    def draw(self, report: Report, /) -> tuple[Figure, ...]:
        """The figures; none for a payload of which no slow call is known."""
        most = _MOST if len(report.timelines) <= _MANY else _MOST_OF_MANY
        calls = {
            timeline.case_id: heapq.nlargest(
                most,
                (call for slow in timeline.workers for call in zip(slow.ns, slow.at_ns, slow.labels, strict=True)),
            )
            for timeline in report.timelines
        }
        look = looks(codec.name for codec in report.codecs)
        shown = {p: [t for t in tables if t.headline] for p, tables in by_payload(report).items()}
        return tuple(
            _figure(f"{self.name}-{anchor(payload)}", payload, tables, calls, look, most=most)
            for payload, tables in shown.items()
            if any(calls.get(row.case_id) for table in tables for row in table.rows)
        )


def _figure(
    name: str,
    payload: str,
    tables: Sequence[Table],
    calls: Mapping[str, Sequence[_Call]],
    look: Mapping[str, Look],
    *,
    most: int,
) -> Figure:
    codecs = list(dict.fromkeys(row.codec.name for table in tables for row in table.rows))
    every = [call for table in tables for row in table.rows for call in calls.get(row.case_id, ())]
    scale = middle_scale(ns for ns, *_ in every)
    ticks = _ticks([max(1, ns) for ns, *_ in every])
    numbers = max(width(number(scale.value(tick)), SMALL) for tick in ticks)
    left = max(width(short(codec), TEXT) for codec in codecs) + numbers + 26
    grid = Grid(count=len(tables), height=_BAND * len(codecs), left=left, right=28, widest=460, top=20)
    sheet = Sheet(grid)
    _key(sheet, left)
    for n, table in enumerate(tables):
        panel = sheet.panel(n, str(table.operation), note=caption(table, tables, scale.unit))
        at_ns = [at for row in table.rows for _, at, _ in calls.get(row.case_id, ())]
        _axes(panel, at_ns, ticks, len(codecs), scale if grid.leads(n) else None)
        for row in table.rows:
            place, colour = codecs.index(row.codec.name), look[row.codec.name].colour
            _band(panel, place, row, calls=calls.get(row.case_id, ()), ticks=ticks, colour=colour)
        for place, codec in enumerate(codecs if grid.leads(n) else ()):
            middle = grid.corner(n)[1] + (place + 0.5) * _BAND + 4
            sheet.name(left - numbers - 20, middle, codec)
    return sheet.figure(
        id=name,
        title=f"{payload}: the slowest calls over time",
        description=(
            f"Each mark is one of the slowest calls of a codec, at most {most} of all its workers: across, the "
            "time since its worker's first call; up, how long it took, on a logarithmic scale. Its shape says what "
            "it was. A crowd at the left is a worker's beginning, a column a burst, an even spacing a rhythm."
        ),
        payload=payload,
    )


def _ticks(times_ns: Sequence[int]) -> list[float]:
    """The ends of a band's scale, and the powers of ten between them."""
    ends = log_ticks(min(times_ns), max(times_ns))
    inside = [tick for tick in ends[1:-1] if math.log10(tick).is_integer()]
    kept = [tick for tick in inside if ends[0] * 3 < tick < ends[-1] / 3]
    return [ends[0], *kept[:: math.ceil(len(kept) / 2) or 1], ends[-1]]


def _height(ns: float, place: int, ticks: Sequence[float]) -> float:
    """Where a time lies in the band of that place; bands count downwards."""
    share = math.log(max(ns, 1) / ticks[0]) / math.log(ticks[-1] / ticks[0])
    return place + 1 - _ROOM - share * (1 - 2 * _ROOM)


def _axes(panel: Panel, at_ns: Sequence[int], ticks: Sequence[float], bands: int, scale: Scale | None) -> None:
    """Seconds across, from a worker's first call; the scale of times again in every band, without labels if None."""
    end = max([*at_ns, 1]) / NS_PER_SECOND
    panel.x, panel.y = Axis(-0.02 * end, 1.02 * end), Axis(bands, 0.0)
    seconds = linear_ticks(end) if at_ns else []
    rule(panel, "x", seconds, [number(tick) for tick in seconds])
    heights = [_height(tick, place, ticks) for place in range(bands) for tick in ticks]
    rule(panel, "y", heights, [number(scale.value(tick)) for tick in ticks] * bands if scale else [])
    if at_ns:  # where nobody was slow there is no last slow call to end at
        name_axis(panel, "seconds since the worker's first call")
    edges = [panel.pixel(0, place)[1] for place in range(1, bands)]
    draw_strokes(panel, [(panel.left, y, panel.right, y) for y in edges], MUTED, width=0.5)


def _band(
    panel: Panel, place: int, row: Row, *, calls: Sequence[_Call], ticks: Sequence[float], colour: Colour
) -> None:
    """The calls of one codec, or why there are none."""
    if not calls:
        tail = row.behind.tail
        why = tail.short if isinstance(tail, Missing) else "no slow calls"
        _, middle = panel.pixel(0, place + 0.5)
        say(panel, panel.left + 6, middle, why, MUTED, codec=row.codec.name)
        return
    for letter, (_, strokes, wide) in _MARKS.items():
        own = sorted((at / NS_PER_SECOND, _height(ns, place, ticks)) for ns, at, label in calls if label == letter)
        if own:
            pixels = panel.pixels(*zip(*own, strict=True)).tolist()
            marks = [(x + a, y + b, x + c, y + d) for x, y in pixels for a, b, c, d in strokes]
            draw_strokes(panel, marks, colour, width=wide, codec=row.codec.name, round_ends=True)


def _key(sheet: Sheet, x: float) -> None:
    """What the marks are, once for all panels."""
    for name, strokes, wide in _MARKS.values():
        sheet.strokes(x + 4, 11, strokes, colour=MUTED, width=wide)
        sheet.text(x + 14, 15, name, colour=MUTED, size=SMALL)
        x += 34 + width(name, SMALL)


CHARTS: tuple[Chart, ...] = (Timeline(),)
