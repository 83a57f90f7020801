"""A plot on a sheet: where it lies, its two axes, and what is drawn on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from serbench.charts.marks import Mark

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Axis:
    """From which value to which a plot goes, from the left or from below; logarithmic ones begin at 1 at the least."""

    low: float
    high: float
    log: bool = False

    def shares(self, values: Sequence[float] | Floats) -> Floats:
        """How far along the axis each value lies: 0 at `low`, 1 at `high`; what is smaller than 1 lies where 1 does."""
        along = np.asarray(values, dtype=np.float64)
        if not self.log:
            return (along - self.low) / (self.high - self.low)
        low, high = np.log([self.low, self.high])
        shares: Floats = (np.log(np.maximum(along, 1.0)) - low) / (high - low)
        return shares


@dataclass(slots=True)
class Panel:
    """A plot.

    Attributes:
        left, bottom, right, top: its edges, in pixels from the sheet's left lower corner.
        x: the axis across.
        y: the axis up.
        gid: what scripts are told of it, as `svg.told` has it; empty: nothing.
        marks: what is on it.
    """

    left: float
    bottom: float
    right: float
    top: float
    x: Axis = Axis(0.0, 1.0)
    y: Axis = Axis(0.0, 1.0)
    gid: str = ""
    marks: list[Mark] = field(default_factory=list)

    def pixels(self, xs: Sequence[float] | Floats, ys: Sequence[float] | Floats) -> Floats:
        """Where points lie on the sheet, of shape (n, 2)."""
        across = self.left + self.x.shares(xs) * (self.right - self.left)
        return np.column_stack((across, self.bottom + self.y.shares(ys) * (self.top - self.bottom)))

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies on the sheet."""
        ((across, up),) = self.pixels([x], [y]).tolist()
        return across, up
