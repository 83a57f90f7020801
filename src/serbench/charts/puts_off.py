"""Decode is not parse: what decoding leaves undone until the values are read, codec by codec.

A lazy decoder returns early and does the work when a field is asked for. `decode` stops at the codec's own object,
`load` at plain Python values, `read` when every leaf was touched.
"""

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
from serbench.records.cases import Operation
from serbench.report.cells import grouped
from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.intervals import apart
from serbench.units import significant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from serbench.charts.panel import Panel
    from serbench.records.cases import Conditions
    from serbench.report.parts import Row, Table
    from serbench.report.whole import Report
    from serbench.statistics.estimates import Number
    from serbench.units import Scale

SHOWN = (Operation.DECODE, Operation.LOAD, Operation.READ)
"""From the least that parsing may do to all of it."""

_ALPHAS = {Operation.DECODE: 0.4, Operation.LOAD: 0.65, Operation.READ: 1.0}
_BAR = 14.0  # of one operation, in pixels
_APART = 14.0  # between codecs
_ROOM = 124.0  # behind the longest bar, for its numbers

Rows = dict[str, dict[Operation, "Row"]]
"""The rows of each codec by operation; codecs in the order in which they are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutsOff:
    """One figure per payload, a panel per conditions, a bar per codec and operation."""

    name: str = "puts-off"
    order: int = 25

    def draw(self, report: Report, /) -> tuple[Figure, ...]:
        """The figures; none for a payload of which no codec has two of the operations."""
        look = looks(codec.name for codec in report.codecs)
        figures = (
            _figure(f"{self.name}-{anchor(payload)}", payload, tables, look)
            for payload, tables in by_payload(report).items()
        )
        return tuple(figure for figure in figures if figure)


def rows_of(tables: Sequence[Table]) -> Rows:
    """The rows of those codecs that have a number, by the time that reading takes; who has none of that stands last."""
    found: Rows = {}
    for table in tables:
        for row in table.rows:
            found.setdefault(row.codec.name, {})[table.operation] = row
    timed = {name: rows for name, rows in found.items() if any(_times(rows))}
    return dict(sorted(timed.items(), key=lambda item: _rank(item[1])))


def _times(rows: Mapping[Operation, Row]) -> list[Estimate]:
    numbers = (rows[operation].typical_ns for operation in SHOWN if operation in rows)
    return [ns for ns in numbers if isinstance(ns, Estimate)]


def _rank(rows: Mapping[Operation, Row]) -> tuple[bool, float]:
    read = rows[Operation.READ].typical_ns if Operation.READ in rows else None
    return (False, read.value) if isinstance(read, Estimate) else (True, max(ns.value for ns in _times(rows)))


def _figure(name: str, payload: str, tables: Sequence[Table], look: Mapping[str, Look]) -> Figure | None:
    """The figure of a payload; None where there is nothing to hold against each other."""
    parsing = [table for table in tables if table.operation in SHOWN]
    panels: dict[Conditions, Rows] = {}
    for conditions in dict.fromkeys(table.conditions for table in parsing):
        rows = rows_of([table for table in parsing if table.conditions == conditions])
        if any(len(_times(own)) > 1 for own in rows.values()):
            panels[conditions] = rows
    if not panels:
        return None
    operations = [operation for operation in SHOWN if any(table.operation is operation for table in parsing)]
    scale = middle_scale(ns.value for rows in panels.values() for own in rows.values() for ns in _times(own))
    step = _BAR * len(operations) + _APART
    left = max(width(short(codec), TEXT) for rows in panels.values() for codec in rows) + 14
    most = max(len(rows) for rows in panels.values())
    right = left + 8 if len(panels) > 1 else 30
    grid = Grid(count=len(panels), height=step * most, left=left, right=right, widest=620, top=18, head=38)
    sheet = Sheet(grid)
    _key(sheet, left, operations)
    headed = [next(table for table in parsing if table.conditions == conditions) for conditions in panels]
    for n, (table, rows) in enumerate(zip(headed, panels.values(), strict=True)):
        panel = sheet.panel(n, "from bytes to values", note=caption(table, headed, scale.unit))
        panel.y = Axis(step * most, 0.0)
        _time_axis(panel, rows.values(), scale, grid.width)
        for place, (codec, own) in enumerate(rows.items()):
            corner, top = grid.corner(n)
            sheet.name(corner - 12, top + (place + 0.5) * step + 4, codec)
            asked = {operation: own.get(operation) for operation in operations}
            _bars(panel, place * step + _APART / 2, asked, look[codec], scale)
    return sheet.figure(
        id=name,
        title=f"{payload}: decode is not parse",
        description=(
            "For each codec, how long it takes to decode a message (up to the codec's own object), to load it (up "
            "to plain Python values) and to read it (until every leaf was touched), from zero; typical times, the "
            "thin line is the interval of the number, or the range of its workers where they are too few for one. "
            "Behind a bar stands how many times decode it is; ~ where the two cannot be told apart. A reader that "
            "takes many times decode belongs to a decoder that puts work off until a value is asked for."
        ),
        payload=payload,
    )


def _time_axis(panel: Panel, rows: Iterable[Mapping[Operation, Row]], scale: Scale, pixels: float) -> None:
    """From zero to the longest bar, with room for its numbers."""
    longest = max((ns.high for own in rows for ns in _times(own)), default=1.0)
    end = max(longest, 1.0) * pixels / (pixels - _ROOM)
    ticks = linear_ticks(scale.value(end))
    panel.x = Axis(0.0, end)
    rule(panel, "x", [tick * scale.divisor for tick in ticks], [number(tick) for tick in ticks])


def _bars(panel: Panel, top: float, own: Mapping[Operation, Row | None], look: Look, scale: Scale) -> None:
    """The bars of one codec, each from zero with its spread and numbers; words in the place of what is missing."""
    decode = own.get(Operation.DECODE)
    for n, (operation, row) in enumerate(own.items()):
        if row is None:
            continue
        y, codec, ns = top + (n + 0.5) * _BAR, row.codec.name, row.typical_ns
        if isinstance(ns, Missing):
            _beside(panel, (0, y), ns.short, MUTED, codec)
        elif decode and row.same_as == decode.case_id:
            _beside(panel, (0, y), "the same call as decode", MUTED, codec)
        else:
            bar(panel, ns.value, y, _BAR - 3, look.colour, alpha=_ALPHAS[operation], codec=codec)
            if ns.basis != "none":
                whisker(panel, ns.low, ns.high, y, codec=codec)
            words = grouped(scale.text(ns.value)) + (_times_words(ns, decode.typical_ns) if decode else "")
            _beside(panel, (ns.high, y), words, INK if operation is Operation.READ else MUTED, codec)


def _times_words(own: Estimate, decode: Number) -> str:
    """`  x 4.2`: how many times decode a number is; nothing for decode itself, or where it has none."""
    if own is decode or isinstance(decode, Missing) or decode.value <= 0:
        return ""
    return f"\u2002x {'' if apart(own, decode) else '~'}{significant(own.value / decode.value, 2)}"


def _beside(panel: Panel, place: tuple[float, float], words: str, ink: Colour, codec: str) -> None:
    """Words a little to the right of that place."""
    right, middle = panel.pixel(*place)
    say(panel, right + 6, middle, words, ink, codec=codec)


def _key(sheet: Sheet, x: float, operations: Sequence[Operation]) -> None:
    """What the marks are, once for all panels."""
    marks = [*((str(o), _BAR - 3, SLATE, _ALPHAS[o]) for o in operations), ("interval", 1.0, INK, 1.0)]
    for words, height, colour, alpha in marks:
        sheet.box(x, 13 - height / 2, 16, height, colour=colour, alpha=alpha)
        sheet.text(x + 22, 17, words, colour=MUTED, size=SMALL)
        x += 38 + width(words, SMALL)


CHARTS: tuple[Chart, ...] = (PutsOff(),)
