"""How a case went over several runs, as a small drawing in a table: places in it, and nothing of how it looks. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from serbench.report.change_tables import COLOURS
from serbench.statistics.estimates import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.compare.parts import CaseHistory

HEIGHT = 36.0
_STEP = 18.0  # from one run to the next
_EDGE = 5.0  # above and below: a dot is seen whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A drawing of that width and `HEIGHT`, in pixels.

    Attributes:
        width: of the whole.
        middle: where a time as that of the first run stands.
        path: the line through all dots, as an SVG path.
        dots: of each run that has timed the case.
        words: the same for those who do not see it.
    """

    width: float
    middle: float
    path: str
    dots: tuple[Dot, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A run: where its typical time is, the ends of its interval or range, and its verdict's colour."""

    x: float
    y: float
    top: float
    height: float
    colour: str


def first_typical(case: CaseHistory) -> float:
    """The typical time in the first run that has one, ns; 0 where none has."""
    values = (point.typical_ns for point in case.points)
    return next((ns.value for ns in values if isinstance(ns, Estimate) and ns.value > 0), 0.0)


def trend(case: CaseHistory, most: float) -> Trend | None:
    """The drawing of a case, up is slower, by ratio to the first run; None where fewer than two runs have timed it.

    Args:
        case: what is drawn.
        most: as many times as long and as short are at both ends.
    """
    dots = tuple(_dots(case, most))
    if len(dots) < 2:
        return None
    return Trend(
        width=_STEP * len(case.points),
        middle=HEIGHT / 2,
        path="M" + " L".join(f"{dot.x:g} {dot.y:g}" for dot in dots),
        dots=dots,
        words=_words(case),
    )


def _dots(case: CaseHistory, most: float) -> Iterator[Dot]:
    first = first_typical(case)
    for n, point in enumerate(case.points):
        ns = point.typical_ns
        if isinstance(ns, Estimate) and ns.value > 0:
            low, high = (_height(end / first, most) for end in (ns.low, ns.high))
            colour = COLOURS[case.changes[n - 1].verdict] if n else "slate"
            x = _STEP * (n + 0.5)
            y = _height(ns.value / first, most)
            yield Dot(x=x, y=y, top=high, height=round(low - high, 2), colour=colour)


def _height(ratio: float, most: float) -> float:
    """Pixels from above; what lies beyond an end is seen at it."""
    up = min(max(log(max(ratio, 1e-9)) / log(most), -1.0), 1.0)
    return round(HEIGHT / 2 - (HEIGHT / 2 - _EDGE) * up, 2)


def _words(case: CaseHistory) -> str:
    """`100, 128, 131 % of the first`."""
    first = first_typical(case)
    values = [point.typical_ns for point in case.points]
    told = [f"{100 * ns.value / first:.0f}" if isinstance(ns, Estimate) else "none" for ns in values]
    return f"{', '.join(told)} % of the first"
