"""What so many of so many say about a rate: the exact interval of Clopper and Pearson."""

from __future__ import annotations

from math import comb, fsum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_STEPS = 60


def interval(hits: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """Ends of the rates under which so many hits, or more extreme ones, are not rarer than half of what is left out.

    Source: C. J. Clopper and E. S. Pearson, The use of confidence or fiducial limits illustrated in the case of the
    binomial, Biometrika 26 (1934). Exact: it covers at least as often as it says. Found by bisection.

    Args:
        hits: 0 to `of`.
        of: independent trials; none know nothing.
        level: coverage at least, 0 to 1.

    Returns:
        Both ends, 0 to 1.
    """
    if of == 0:
        return 0.0, 1.0
    out = (1 - level) / 2
    low = _where(lambda rate: 1 - _at_most(hits - 1, of, rate) >= out) if hits else 0.0
    high = _where(lambda rate: _at_most(hits, of, rate) <= out) if hits < of else 1.0
    return low, high


def _at_most(hits: int, of: int, rate: float) -> float:
    """How likely so many hits or fewer are."""
    return fsum(comb(of, k) * rate**k * (1 - rate) ** (of - k) for k in range(hits + 1))


def _where(holds: Callable[[float], bool]) -> float:
    """The rate from which on something holds."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high
