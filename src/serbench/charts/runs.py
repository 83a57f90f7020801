"""Percentiles of one case in several runs, a line for each.

It is no plug-in: it draws what runs have in common and not a report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.charts.axes import draw_strokes, line, log_times, marks, middle_scale, percentiles, say, thinned
from serbench.charts.base import Figure, anchor
from serbench.charts.labels import short, spread, width
from serbench.charts.sheet import TEXT, Grid, Sheet
from serbench.charts.theme import LOOKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.report.run_lines import RunLine

_LEFT = 48.0
_PLOT = 420.0
_HEIGHT = 180.0
_WORDS = (
    "How long calls took in each run, all its processes together, from the fastest to the rarest, every step ten times "
    "rarer; a line ends at the last percentile that enough calls stand behind. Lower is faster."
)


def draw(case_id: str, lines: Sequence[RunLine]) -> Figure:
    """The figure of a case; a run looks the same in all of them.

    Args:
        case_id: whose they are.
        lines: one at least, and no more than can be told apart.
    """
    names = {one.place: short(one.name) for one in lines}
    room = 30 + max(width(name, TEXT) for name in names.values())
    sheet = Sheet(Grid(count=1, height=_HEIGHT, left=_LEFT, right=room, widest=_PLOT))
    times = [ns for one in lines for ns in (one.ns[0], one.ns[-1])]
    scale = middle_scale(times)
    panel = sheet.panel(0, "time of a call", note=f"{scale.unit} per call")
    log_times(panel, "y", times, scale)
    percentiles(panel, max(2.0, *(one.x[-1] for one in lines)))
    for one in lines:
        look, (x, ns) = LOOKS[one.place % len(LOOKS)], thinned(panel, one.x, one.ns)
        line(panel, x, ns, look.colour, width=1.75, dash=look.dash)
        marks(panel, x[-1:], ns[-1:], look.colour, shape=look.marker, size=6)
    ends = [panel.pixel(one.x[-1], one.ns[-1]) for one in lines]
    heights = spread([y for _, y in ends], gap=15, low=panel.bottom + 4, high=panel.top - 4)
    for one, (right, middle), height in zip(lines, ends, heights, strict=True):
        colour, edge = LOOKS[one.place % len(LOOKS)].colour, panel.right + 14
        draw_strokes(panel, [(right + 5, middle, edge - 2, height)], colour, width=0.75)
        say(panel, edge + 2, height, names[one.place], colour, size=TEXT)
    return sheet.figure(id=f"runs-{anchor(case_id)}", title=case_id, description=_WORDS, payload="")
