"""A histogram so small and so plain that a page can hold a thousand of them: an `svg` of one path and four labels.

Time goes from left to right on a logarithmic axis. Heights are logarithmic as well: a single slow call can be seen
beside ten thousand usual ones. The axis is thick along the middle half of the calls.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from serbench.charts.labels import spread, width
from serbench.units import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.report.bins import Bins

WIDTH = 300
"""In pixels: what the narrowest screen has room for."""

_TOP, _BASE, _AXIS, _HEIGHT = 16, 70, 71.5, 90
_LEAST = 3  # the height of a bin of one call
_TEXT = 11.0  # the size of letters, as cases.css has it
_GAP = 8.0


def strip(calls: Bins, colour: str) -> str:
    """The picture, fit for a page under a strict Content-Security-Policy; its size is up to the page's style sheet.

    What it shows is said by `calls.words`, for the page to put beside it.

    Args:
        calls: what it shows.
        colour: a name of the theme's, such as `blue`.
    """
    left, right = (round(WIDTH * calls.place(ns)) for ns in calls.middle_ns)
    marks = [round(WIDTH * calls.place(ns)) for ns in calls.marks.values()]
    ticks = "".join(f"M{x} {_TOP}V{_BASE}" for x in marks)
    names = [f"{name} {duration(ns)}" for name, ns in calls.marks.items()]
    return (
        f'<svg class="strip" viewBox="0 0 {WIDTH} {_HEIGHT}" role="img"><title>Calls by time</title>'
        f'<path class="f-{colour}" d="{_outline(calls.counts)}"/><path class="s-ink" d="{ticks}M0 {_AXIS}H{WIDTH}"/>'
        f'<rect class="f-ink" x="{left}" y="{_BASE}" width="{max(right - left, 1)}" height="3"/>'
        f"{''.join(_labels(names, marks))}"
        f'<text y="{_HEIGHT - 4}">fastest {duration(calls.low_ns)}</text>'
        f'<text x="{WIDTH}" y="{_HEIGHT - 4}" text-anchor="end">slowest {duration(calls.high_ns)}</text></svg>'
    )


def _outline(counts: Sequence[int]) -> str:
    """One closed shape over all bins; neighbours of one height share a line."""
    step = WIDTH / len(counts)
    heights = _heights(counts)
    path, at, left = [f"M0 {_BASE}"], 0, 0
    for n, height in enumerate(heights, start=1):
        if height != at:
            path.append(f"v{at - height}")
            at = height
        if n == len(heights) or heights[n] != height:
            right = round(step * n)
            path.append(f"h{right - left}")
            left = right
    return f"{''.join(path)}V{_BASE}Z"


def _heights(counts: Sequence[int]) -> list[int]:
    """Whole pixels: none for an empty bin, `_LEAST` for one call, all of the height for the fullest bin."""
    room, most = _BASE - _TOP - _LEAST, log(max(counts)) or 1.0
    return [_LEAST + round(room * log(count) / most) if count else 0 for count in counts]


def _labels(names: Sequence[str], marks: Sequence[float]) -> Iterator[str]:
    """The names of marks above them, none on another one, none cut off."""
    wide = max((width(name, _TEXT) for name in names), default=0.0)
    middles = spread(marks, gap=wide + _GAP, low=wide / 2, high=WIDTH - wide / 2)
    for name, x in zip(names, middles, strict=True):
        yield f'<text x="{x:.0f}" y="{_TOP - 4}" text-anchor="middle">{name}</text>'
