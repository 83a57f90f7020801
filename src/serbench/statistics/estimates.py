"""A number with what is known of its spread, or the reason why there is no number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Basis = Literal["interval", "range", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number. Its unit stands in the name of the field that holds it. `low <= value <= high` always.

    Attributes:
        value: the point value.
        low: lower end of what `basis` says; the value itself where it says `none`.
        high: upper end.
        basis: `interval`: a confidence interval from at least six workers; `range`: smallest and largest of two to five
            workers, which is no interval; `none`: fewer than two workers with enough calls, so no spread is known.
        coverage: share of runs whose interval holds the true value, 0 to 1; 0 where there is no interval.
        workers: worker processes behind low and high, or groups of them.
        calls: timed calls behind the value.
        each: workers in a group; 1 where each stands for itself.
    """

    value: float
    low: float
    high: float
    basis: Basis
    coverage: float
    workers: int
    calls: int
    each: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Why there is no number.

    Attributes:
        short: two or three words for a cell, such as `too few calls`.
        reason: one sentence with figures and, where there is one, the next step.
    """

    short: str
    reason: str


Number = Estimate | Missing
"""Every number that may be missing."""
