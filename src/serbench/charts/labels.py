"""What labels say, and where they go so that none lies on another. Places are in pixels."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from serbench.charts.svg import legal

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

LONGEST = 26
"""Characters of a name in a drawing; the tables have it in full."""


def short(name: str) -> str:
    """A name from outside as a drawing can carry it: one line, not longer than `LONGEST`."""
    line = " ".join(legal(name).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}\u2026"


def width(text: str, size: float) -> float:
    """About how wide a text is in pixels, in the widest of the faces that a page may find (DejaVu Sans)."""
    return size * sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.62 for c in text)


def spread(wanted: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """Positions at least `gap` apart, in the order of the wanted ones and as near to them as that allows.

    Least squares under the order: with `i * gap` taken off the i-th, it is isotonic regression, which pooling adjacent
    violators solves (Ayer et al., 1955).

    Args:
        wanted: any order.
        gap: between neighbours.
        low: the smallest position allowed; where there is no room for all, the uppermost stand above `high`.
        high: the largest one.
    """
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    pools: list[tuple[float, int]] = []
    for place, index in enumerate(order):
        mean, count = wanted[index] - place * gap, 1
        while pools and pools[-1][0] >= mean:
            other, others = pools.pop()
            mean, count = (mean * count + other * others) / (count + others), count + others
        pools.append((mean, count))
    top = max(low, high - gap * (len(wanted) - 1))
    flat = [min(max(mean, low), top) for mean, count in pools for _ in range(count)]
    found = dict(zip(order, (value + place * gap for place, value in enumerate(flat)), strict=True))
    return [found[index] for index in range(len(wanted))]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    def overlap(self, other: Box) -> float:
        """The area that both cover."""
        across = min(self.right, other.right) - max(self.left, other.left)
        up = min(self.top, other.top) - max(self.bottom, other.bottom)
        return max(across, 0.0) * max(up, 0.0)

    @property
    def area(self) -> float:
        """Square pixels."""
        return (self.right - self.left) * (self.top - self.bottom)


def place(
    points: Sequence[tuple[float, float]], texts: Sequence[str], *, size: float, room: Box, taken: Sequence[Box] = ()
) -> list[Box]:
    """A box for each point's label: beside it if that is free, else the nearest free place around it.

    Args:
        points: x and y of each.
        texts: the label of each.
        size: of the letters.
        room: what the labels may cover.
        taken: what they may not; nor do they cover a point or each other, if there is a way.
    """
    kept_free = [*taken, *(Box(x - 5, y - 5, x + 5, y + 5) for x, y in points)]
    found: dict[int, Box] = {}
    for index in sorted(range(len(points)), key=points.__getitem__, reverse=True):
        candidates = _candidates(*points[index], width(texts[index], size), size * 1.25)
        found[index] = _cheapest(candidates, points[index], kept_free, room)
        kept_free.append(found[index])
    return [found[index] for index in range(len(points))]


def _candidates(x: float, y: float, wide: float, high: float) -> list[Box]:
    """Places to the right, to the left and across, up to six lines up or down."""
    rises = [sign * n * high / 2 for n in range(13) for sign in (1, -1)]
    lefts = (x + 9, x - 9 - wide, x - wide / 2)
    return [Box(left, y + rise - high / 2, left + wide, y + rise + high / 2) for rise in rises for left in lefts]


def _cheapest(candidates: Sequence[Box], point: tuple[float, float], taken: Sequence[Box], room: Box) -> Box:
    """Overlap and what sticks out weigh more than distance; of free places the nearest wins, of equals the right."""
    (x, y), boxes = point, _corners(candidates)
    left, bottom, right, top = boxes.T
    far = np.abs((bottom + top) / 2 - y) * 2 + np.abs(left - 9 - x) / 10
    outside = (right - left) * (top - bottom) - _overlaps(boxes, [room])
    return candidates[int(np.argmin(far + 10 * (outside + _overlaps(boxes, taken))))]


def _overlaps(boxes: npt.NDArray[np.float64], taken: Sequence[Box]) -> npt.NDArray[np.float64]:
    """Of each box, the area that all of these cover."""
    left, bottom, right, top = (side[:, np.newaxis] for side in boxes.T)
    lefts, bottoms, rights, tops = _corners(taken).T
    across = np.minimum(right, rights) - np.maximum(left, lefts)
    up = np.minimum(top, tops) - np.maximum(bottom, bottoms)
    found: npt.NDArray[np.float64] = (np.maximum(across, 0) * np.maximum(up, 0)).sum(axis=1)
    return found


def _corners(boxes: Sequence[Box]) -> npt.NDArray[np.float64]:
    return np.array([(box.left, box.bottom, box.right, box.top) for box in boxes])
