"""What the machine does to calls that do nothing, in figures: a reading far above the usual one is an interruption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.units import NS_PER_SECOND, duration, significant

if TYPE_CHECKING:
    from serbench.histogram import Histogram

SHORTEST_NS = 1_000
"""Longer than any empty call takes by itself: 20 to 110 ns were read on virtual machines."""

_PERCENTILES = (0.5, 0.99, 0.9999)
_CALLS_BEHIND = 10  # a percentile q is told from 10/(1-q) calls on
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruptions:
    """Empty calls that took longer than some length.

    Attributes:
        per_second: how often they came, per second of watching.
        share: of the time, what they took beyond the usual empty call.
    """

    per_second: float
    share: float


def interruptions(histogram: Histogram, observed_ns: int, longer_than_ns: int) -> Interruptions:
    """How often something came between, and how much time it took.

    Args:
        histogram: ns of empty calls.
        observed_ns: time inside them.
        longer_than_ns: what is shorter is none.

    Raises:
        ValueError: nothing was observed.
    """
    if observed_ns <= 0:
        raise ValueError("nothing was observed")
    usual = histogram.percentile(0.5)
    values, counts = histogram.values_counts()
    long = values > longer_than_ns
    taken = int(((values[long] - usual) * counts[long]).sum())
    return Interruptions(
        per_second=int(counts[long].sum()) * NS_PER_SECOND / observed_ns, share=min(1.0, taken / observed_ns)
    )


def noise_words(histogram: Histogram, observed_ns: int) -> str:
    """One line for people: how many empty calls, their percentiles as far as they are earned, interruptions over 1 us.

    Args:
        histogram: ns of empty calls.
        observed_ns: time inside them.
    """
    if not histogram.total or observed_ns <= 0:
        return "no empty call was measured"
    earned = [q for q in _PERCENTILES if round(histogram.total * (1 - q), 6) >= _CALLS_BEHIND]
    values = [
        f"p{100 * q:g} {duration(ns)}" for q, ns in zip(earned, histogram.percentiles(earned).tolist(), strict=True)
    ]
    found = interruptions(histogram, observed_ns, SHORTEST_NS)
    return (
        f"{_calls(histogram.total)} empty calls in {duration(observed_ns)}: "
        f"{', '.join([*values, f'longest {duration(histogram.max)}'])}; "
        f"{interruption_words(found, SHORTEST_NS)}"
    )


def interruption_words(found: Interruptions, longer_than_ns: int) -> str:
    """`270 interruptions a second longer than 1 us take 0.4 % of the time`."""
    longer = f"longer than {duration(longer_than_ns).replace('.00', '').replace('.0', '')}"
    if not found.per_second:
        return f"no interruption {longer}"
    return (
        f"{significant(found.per_second)} interruptions a second {longer} take "
        f"{significant(100 * found.share, 2)} % of the time"
    )


def _calls(n: int) -> str:
    return f"{significant(n / _MILLION, 2)} M" if n >= _MILLION else f"{n:,}"
