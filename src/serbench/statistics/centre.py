"""The centre: `typical`, and the throughput that follows from it."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.intervals import spread
from serbench.units import NS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.records.samples import WorkerSamples
    from serbench.statistics.estimates import Number


def typical(workers: Sequence[WorkerSamples]) -> Number:
    """The median over workers of their median batch mean, ns per call: what is compared, and gives throughput.

    Batches have no clock in between, so this holds for calls of any length.
    """
    own = [median(worker.ns_per_call) for worker in workers if worker.ns_per_call]
    if not own:
        return Missing(short="no batches", reason="no worker finished a batch; give the run a longer --budget")
    centre = median(own)
    if centre <= 0:
        return Missing(
            short="no time", reason="the clock did not move during whole batches; this clock cannot measure it"
        )
    return spread(centre, own, sum(worker.batch_calls for worker in workers))


def per_second(ns: Number, amount: float = 1.0) -> Number:
    """How much a second, where one call takes that many ns and handles that amount (1: objects a second)."""
    if isinstance(ns, Missing):
        return ns
    each = amount * NS_PER_SECOND
    return Estimate(
        value=each / ns.value,
        low=each / ns.high,
        high=each / ns.low,
        basis=ns.basis,
        coverage=ns.coverage,
        workers=ns.workers,
        calls=ns.calls,
    )
