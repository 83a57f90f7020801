"""Intervals from workers' own values: one worker is one sample of memory layout and hash seed; its calls are not.

Source: the sign-test interval of a median, in H. A. David and H. N. Nagaraja, Order Statistics, 3rd edition (2003),
section 7.1. It holds for every distribution that workers' values may have; ties only make it hold more often.
"""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

from serbench.statistics.estimates import Estimate, Missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.statistics.estimates import Basis, Number

WORKERS_FOR_INTERVAL = 6
"""The fewest values whose smallest and largest hold the median in at least 95 % of cases (96.9 %)."""

COVERAGE = 0.95
"""Intervals have at least this coverage; the exact one is stated beside each."""


def coverage(n: int, k: int) -> float:
    """How often the k-th smallest and largest of n independent values have their distribution's median between them.

    Args:
        n: values.
        k: 1 for smallest and largest, at most n / 2.

    Returns:
        1 - 2 P(X < k) for X binomial with n trials of probability 1/2: exact for continuous distributions, else at
        least.
    """
    return 1 - 2 * sum(comb(n, i) for i in range(k)) / (1 << n)


def trimmed(n: int) -> int:
    """The k whose k-th smallest and largest of n values bound the narrowest interval of at least `COVERAGE`.

    Below six values none covers as much, and k is 1: the range.
    """
    return max((k for k in range(1, n // 2 + 1) if coverage(n, k) >= COVERAGE), default=1)


def spread(value: float, own: Sequence[float], calls: int) -> Estimate:
    """A point value with what the workers' own values say about it.

    An order-statistic interval from six workers on; below that the range. Where the point value lies outside, the
    nearer end is moved out to it: an interval that does not hold its own value misleads, and a wider one covers no
    less.

    Args:
        value: the point value.
        own: the same statistic of each worker by itself, in any order; may be empty.
        calls: timed calls behind the value.
    """
    n = len(own)
    k = trimmed(n)
    basis: Basis = "interval" if n >= WORKERS_FOR_INTERVAL else "range" if n > 1 else "none"
    ordered = sorted(own) if n > 1 else [value]
    return Estimate(
        value=value,
        low=min(value, ordered[k - 1]),
        high=max(value, ordered[-k]),
        basis=basis,
        coverage=coverage(n, k) if basis == "interval" else 0.0,
        workers=n,
        calls=calls,
    )


def ratio(over: Number, under: Number) -> Number:
    """One number over another, such as new over base.

    Its ends are the extreme ratios of the ends. If one interval covers a and the other b, both hold at once with at
    least a + b - 1 (Bonferroni's inequality), and so does the ratio.

    Args:
        over: the numerator.
        under: the denominator, above 0.

    Returns:
        An estimate with the weaker basis of the two, or what is missing.
    """
    match over, under:
        case Estimate(), Estimate():
            return _ratio(over, under)
        case Missing(), _:
            return over
        case _:
            return under


def _ratio(over: Estimate, under: Estimate) -> Estimate:
    value = over.value / under.value
    bases = (over.basis, under.basis)
    basis: Basis = "none" if "none" in bases else "range" if "range" in bases else "interval"
    return Estimate(
        value=value,
        low=value if basis == "none" else over.low / under.high,
        high=value if basis == "none" else over.high / under.low,
        basis=basis,
        coverage=max(0.0, over.coverage + under.coverage - 1) if basis == "interval" else 0.0,
        workers=min(over.workers, under.workers),
        each=max(over.each, under.each),
        calls=min(over.calls, under.calls),
    )


def apart(one: Number, other: Number) -> bool:
    """Whether two numbers certainly differ: both have an interval and the intervals do not meet."""
    if not (isinstance(one, Estimate) and isinstance(other, Estimate)):
        return False
    return one.basis == other.basis == "interval" and (one.high < other.low or other.high < one.low)
