"""The centre and the tail side by side: p50 and p99 of every codec as bars from zero, each with its spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.charts.axes import bar, middle_scale, rule, say, whisker
from serbench.charts.base import Chart, Figure, anchor, by_payload, caption
from serbench.charts.labels import short, width
from serbench.charts.panel import Axis
from serbench.charts.sheet import SMALL, TEXT, Grid, Sheet
from serbench.charts.theme import INK, MUTED, SLATE, Colour, Look, looks
from serbench.charts.ticks import linear_ticks, number
from serbench.report.cells import grouped
from serbench.statistics.estimates import Estimate, Missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from serbench.charts.panel import Panel
    from serbench.report.parts import Row, Table
    from serbench.report.whole import Report
    from serbench.units import Scale

_ROW = 38.0
_APART = 0.18
_THICK = 0.3
_PALE = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """One figure per payload, a panel per table, two bars per codec."""

    name: str = "bars"
    order: int = 20

    def draw(self, report: Report, /) -> tuple[Figure, ...]:
        """The figures; none for a payload of which no case has a number."""
        look = looks(codec.name for codec in report.codecs)
        return tuple(
            _figure(f"{self.name}-{anchor(payload)}", payload, tables, look)
            for payload, tables in by_payload(report).items()
            if any(_numbers(table.rows) for table in tables)
        )


def _figure(name: str, payload: str, tables: Sequence[Table], look: Mapping[str, Look]) -> Figure:
    codecs = list(dict.fromkeys(row.codec.name for table in tables for row in table.rows))
    scale = middle_scale(n.value for table in tables for n in _numbers(table.rows))
    left = max(width(short(codec), TEXT) for codec in codecs) + 14
    grid = Grid(count=len(tables), height=_ROW * len(codecs), left=left, right=30, top=18, head=38)
    sheet = Sheet(grid)
    _key(sheet, left)
    for n, table in enumerate(tables):
        panel = sheet.panel(n, str(table.operation), note=caption(table, tables, scale.unit))
        _time_axis(panel, table, scale, grid.width)
        panel.y = Axis(len(codecs) - 0.5, -0.5)
        for row in table.rows:
            _bars(panel, codecs.index(row.codec.name), row, look[row.codec.name], scale)
        for place, codec in enumerate(codecs if grid.leads(n) else ()):
            _, top = grid.corner(n)
            sheet.name(left - 12, top + (place + 0.5) * _ROW + 4, codec)
    return sheet.figure(
        id=name,
        title=f"{payload}: p50 and p99",
        description=(
            "Two bars for each codec, from zero: half of its calls took no longer than the first (p50), 99 of 100 "
            "no longer than the second, paler one (p99). The thin line is the interval of the number, or the range "
            "of its workers where they are too few for one. Shorter is faster; a pair of like length is steady."
        ),
        payload=payload,
    )


def _numbers(rows: Sequence[Row]) -> list[Estimate]:
    return [n for row in rows for n in (_centre(row), row.p99_ns) if isinstance(n, Estimate)]


def _centre(row: Row) -> Estimate | Missing:
    """The median of single calls, or the typical time where single calls are too short to be read."""
    return row.p50_ns if isinstance(row.p50_ns, Estimate) else row.typical_ns


def _time_axis(panel: Panel, table: Table, scale: Scale, pixels: float) -> None:
    """From zero to the longest bar, with room for its number."""
    longest = max((n.high for n in _numbers(table.rows)), default=1.0)
    end = max(longest, 1.0) * pixels / (pixels - 64)
    ticks = linear_ticks(scale.value(end))
    panel.x = Axis(0.0, end)
    rule(panel, "x", [tick * scale.divisor for tick in ticks], [number(tick) for tick in ticks])


def _bars(panel: Panel, place: int, row: Row, look: Look, scale: Scale) -> None:
    """The bars of one codec, each from zero with its spread and its number; words in the place of what is missing."""
    centre, codec = _centre(row), row.codec.name
    if isinstance(centre, Missing):
        _beside(panel, (0, place), centre.short, MUTED, codec)
        return
    bars = ((place - _APART, centre, 1.0, INK), (place + _APART, row.p99_ns, _PALE, MUTED))
    for y, shown, alpha, ink in bars:
        if isinstance(shown, Missing):
            _beside(panel, (0, y), shown.short, MUTED, codec)
            continue
        bar(panel, shown.value, y, _THICK, look.colour, alpha=alpha, codec=codec)
        if shown.basis != "none":
            whisker(panel, shown.low, shown.high, y, codec=codec)
        typical = "" if shown in (row.p50_ns, row.p99_ns) else " typical"
        _beside(panel, (shown.high, y), grouped(scale.text(shown.value)) + typical, ink, codec)


def _beside(panel: Panel, place: tuple[float, float], words: str, ink: Colour, codec: str) -> None:
    """Words a little to the right of that place."""
    right, middle = panel.pixel(*place)
    say(panel, right + 6, middle, words, ink, codec=codec)


def _key(sheet: Sheet, x: float) -> None:
    """What the marks are, once for all panels."""
    for words, height, colour, alpha in (("p50", 10, SLATE, 1), ("p99", 10, SLATE, _PALE), ("interval", 1, INK, 1)):
        sheet.box(x, 13 - height / 2, 16, height, colour=colour, alpha=alpha)
        sheet.text(x + 22, 17, words, colour=MUTED, size=SMALL)
        x += 38 + width(words, SMALL)


CHARTS: tuple[Chart, ...] = (Bars(),)
