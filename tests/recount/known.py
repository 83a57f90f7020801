"""Numbers with what the workers say of them: order statistics, ratios, and whether two are told apart."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A number with its ends; `basis` is `interval`, `range` or empty."""

    value: float
    low: float
    high: float
    basis: str
    coverage: float = 0.0
    workers: int = 1
    calls: int = 0
    each: int = 1

    def of(self, value: float, low: float, high: float) -> Known:
        """Another number that rests on the same."""
        return Known(
            value=value,
            low=low,
            high=high,
            basis=self.basis,
            coverage=self.coverage,
            workers=self.workers,
            calls=self.calls,
            each=self.each,
        )


def spread(value: float, own: list[float], calls: int, each: int = 1) -> Known:
    """The narrowest order-statistic interval of 95 % or more; of fewer than six values their range."""
    n = len(own)
    if n < 2:
        return Known(value=value, low=value, high=value, basis="", workers=n, calls=calls, each=each)
    low, high, coverage = extremes(own)
    return Known(
        value=value,
        low=min(value, low),
        high=max(value, high),
        basis="interval" if n >= 6 else "range",
        coverage=coverage if n >= 6 else 0.0,
        workers=n,
        calls=calls,
        each=each,
    )


def extremes(own: list[float]) -> tuple[float, float, float]:
    """The order statistics that hold the median in 95 % of cases or more, as near to it as can be, and how often."""
    n, ordered = len(own), sorted(own)
    covers = {k: 1 - 2 * sum(comb(n, i) for i in range(k)) / 2**n for k in range(1, n // 2 + 1)}
    k = max((k for k, share in covers.items() if share >= 0.95), default=1)
    return ordered[k - 1], ordered[-k], covers[k]


def over(one: Known, other: Known) -> Known:
    """A ratio; its ends are the extreme ratios of the ends, where both have any."""
    basis = "" if "" in (one.basis, other.basis) else "range" if "range" in (one.basis, other.basis) else "interval"
    value = one.value / other.value
    low, high = (one.low / other.high, one.high / other.low) if basis else (value, value)
    coverage = max(0.0, one.coverage + other.coverage - 1) if basis == "interval" else 0.0
    return Known(
        value=value,
        low=low,
        high=high,
        basis=basis,
        coverage=coverage,
        workers=min(one.workers, other.workers),
        calls=min(one.calls, other.calls),
        each=max(one.each, other.each),
    )


def apart(one: Known, other: Known) -> bool:
    """Whether intervals do not meet."""
    return one.basis == other.basis == "interval" and (one.high < other.low or other.high < one.low)
