"""The change between the halves of one measurement in pairs: every pair's own ratio, and the interval of these.

The two workers of a pair were alive together and took turns, so what the machine did meets both alike and falls out of
their ratio. Pairs are independent of each other, as workers of one run are, and so the interval is the same as there
(`statistics.intervals`), of the ratios and not of the times.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from serbench.errors import BadRunFile
from serbench.histogram import Histogram
from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.intervals import coverage
from serbench.statistics.percentiles import needed_calls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.records.run import Measurement, Run
    from serbench.records.samples import WorkerSamples
    from serbench.statistics.estimates import Basis, Number

    Pair = tuple[WorkerSamples, WorkerSamples]

CERTAIN = 0.99
"""Coverage of the interval at the least. Of two runs that are no halves, two intervals must be apart, which is rarer
than that an interval of 95 % lies beyond no change; so the one that decides alone has to hold more often."""

PAIRS_FOR_INTERVAL = 8
"""The fewest values whose smallest and largest hold the median so often (99.2 %)."""

_NO_TIME = Missing(short="no time", reason="the clock did not move during whole batches; this clock cannot measure it")
_P99 = 0.99


def halves(base: Run, new: Run) -> bool:
    """Whether they are both sides of one measurement in pairs, whichever is held against the other."""
    one, other = base.pairing, new.pairing
    return bool(one and other and one.id == other.id and one.side != other.side)


def pairs(base: Measurement, new: Measurement) -> list[Pair]:
    """Workers of two halves that measured in turns, in the order of time; those without a batch are left out."""
    by_number = {worker.pair: worker for worker in new.workers if worker.ns_per_call}
    return [
        (worker, by_number[worker.pair]) for worker in base.workers if worker.ns_per_call and worker.pair in by_number
    ]


def typical_ratio(found: Sequence[Pair]) -> Number:
    """The middle over pairs of what a call of new takes, over what one of base takes.

    Within a pair it is the median over rounds, of new's batch over base's; where the halves have unlike rounds it is
    that of their medians.

    Args:
        found: at least one pair.
    """
    if any(min(worker.ns_per_call) <= 0 for pair in found for worker in pair):
        return _NO_TIME
    calls = sum(min(worker.batch_calls for worker in pair) for pair in found)
    return _spread([_within(*pair) for pair in found], calls)


def p99_ratio(found: Sequence[Pair]) -> Number:
    """The middle over pairs of new's p99 over base's; missing where not every worker has earned one by itself.

    Raises:
        BadRunFile: a histogram cannot be read.
    """
    try:
        own = [[Histogram.decode(worker.histogram) for worker in pair] for pair in found]
    except ValueError as error:
        raise BadRunFile(f"{error}; measure again") from error
    fewest, needed = min(one.total for pair in own for one in pair), needed_calls(_P99)
    if fewest < needed:
        return Missing(short="too few calls", reason=f"a worker has {fewest:,} calls and p99 takes {needed:,}")
    tails = [[one.percentile(_P99) for one in pair] for pair in own]
    if any(base <= 0 for base, _ in tails):
        return _NO_TIME
    return _spread([new / base for base, new in tails], sum(one.total for pair in own for one in pair))


def _within(base: WorkerSamples, new: WorkerSamples) -> float:
    if len(base.ns_per_call) != len(new.ns_per_call):
        return median(new.ns_per_call) / median(base.ns_per_call)
    return median(after / before for before, after in zip(base.ns_per_call, new.ns_per_call, strict=True))


def _spread(ratios: Sequence[float], calls: int) -> Estimate:
    """Their median; the interval that holds it at `CERTAIN` from eight pairs on, below that the range."""
    n, ordered = len(ratios), sorted(ratios)
    k = max((k for k in range(1, n // 2 + 1) if coverage(n, k) >= CERTAIN), default=1)
    basis: Basis = "interval" if n >= PAIRS_FOR_INTERVAL else "range" if n > 1 else "none"
    return Estimate(
        value=median(ordered),
        low=ordered[k - 1],
        high=ordered[-k],
        basis=basis,
        coverage=coverage(n, k) if basis == "interval" else 0.0,
        workers=n,
        calls=calls,
    )
