"""Single calls and batches are two readings of the same thing: which of them can be believed, and do they agree?"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from serbench.records.cases import Caution
from serbench.statistics.estimates import Estimate, Missing
from serbench.units import duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.histogram import Histogram
    from serbench.records.samples import WorkerSamples
    from serbench.statistics.estimates import Number

FLOORS = 20
"""A call shorter than this many floors has no tail worth the name: 5 % of each reading would be the clock's."""

CLOCK_STEPS = 40
"""A call shorter than this many steps of the clock is read to no better than 2.5 %."""

TOLERANCE = 0.05
"""Readings that differ by less are left alone: identical processes differ as much."""

WORKERS_DIFFER = 1.3
"""Identical processes differ by 2 to 10 %; from here on it is something that a reader should know."""


def floor_ns(workers: Sequence[WorkerSamples]) -> float:
    """A single reading of an empty call, ns: median over workers. At least one worker."""
    return median(worker.floor.ns_per_call for worker in workers)


def no_tail(typical_ns: Number, workers: Sequence[WorkerSamples], merged: Histogram) -> Missing | None:
    """Why single readings of this case are not shown; None where they are.

    Interference inflates batch means, the median of single calls hardly: a call is as long as the smaller of the two.

    Args:
        typical_ns: its centre, from batches.
        workers: at least one.
        merged: all their calls, one by one.
    """
    if isinstance(typical_ns, Missing):
        return None
    ns = min(typical_ns.value, merged.percentile(0.5)) if merged.total else typical_ns.value
    floor = floor_ns(workers)
    step = median(worker.floor.clock_step_ns for worker in workers)
    taken = duration(ns)
    if ns < FLOORS * floor:
        why = f"a call of {taken} is shorter than {FLOORS} floors (an empty call reads {duration(floor)})"
    elif ns < CLOCK_STEPS * step:
        why = f"a call of {taken} is shorter than {CLOCK_STEPS} steps of the clock ({duration(step)} each)"
    else:
        return None
    return Missing(short="no tail claimed", reason=f"{why}; its centre is the typical time, which is read from batches")


def disagreement(typical_ns: Number, workers: Sequence[WorkerSamples], own: Sequence[Histogram]) -> Caution | None:
    """A caution where batches and single calls tell different stories.

    A batch mean is a mean: where calls are skewed it lies between the median and the mean of the single calls. A single
    reading holds the clock as well, which is at most the floor. Batches should therefore lie between the lower of the
    two less a floor and the higher of the two; what lies outside in the middle worker, by more than `TOLERANCE`, is
    told.

    Args:
        typical_ns: the centre, from batches.
        workers: what each measured.
        own: the histogram of each, in the same order.
    """
    gaps = [
        _gap(worker, calls) for worker, calls in zip(workers, own, strict=True) if worker.ns_per_call and calls.total
    ]
    if not gaps or not isinstance(typical_ns, Estimate) or abs(median(gaps)) <= TOLERANCE * typical_ns.value:
        return None
    single = median(calls.percentile(0.5) for calls in own if calls.total)
    text = (
        f"One by one the middle call takes {duration(single)}, in batches a call takes {duration(typical_ns.value)}; "
        f"the floor ({duration(floor_ns(workers))}) and the skew of the calls leave {duration(abs(median(gaps)))} "
        "unexplained. "
        "Measure again on a quieter machine before relying on either."
    )
    return Caution(name="readings-disagree", text=text)


def above_tail(typical_ns: Number, p99_ns: Number) -> Caution | None:
    """A caution where the typical time lies above p99: a mean over a batch is then made by very few of its calls."""
    if not (isinstance(typical_ns, Estimate) and isinstance(p99_ns, Estimate) and typical_ns.value > p99_ns.value):
        return None
    text = (
        f"The typical time ({duration(typical_ns.value)}) lies above p99 ({duration(p99_ns.value)}): fewer than one "
        "call in a hundred takes most of the time. Find out what interrupts (the collector, other programs) before "
        "ranking by it."
    )
    return Caution(name="typical-above-p99", text=text)


def differing(typical_ns: Number, *, instances: int, disturbed: bool) -> Caution | None:
    """A caution where workers differ so much that what is measured may be the state of caches or of the heap.

    Args:
        typical_ns: the centre, from batches.
        instances: how many the calls rotate over.
        disturbed: whether other programs ran in many of its blocks, so that it may be these.
    """
    if not isinstance(typical_ns, Estimate) or typical_ns.basis == "none":
        return None
    factor = typical_ns.high / typical_ns.low
    if factor < WORKERS_DIFFER:
        return None
    ends = f"{duration(typical_ns.low)} to {duration(typical_ns.high)}"
    text = f"Workers differ by a factor of {factor:.2g} ({ends}): {_why_differing(instances, disturbed=disturbed)}"
    return Caution(name="workers-differ", text=text)


def _why_differing(instances: int, *, disturbed: bool) -> str:
    why = "memory layout or caches decide, not the codec alone."
    if disturbed:
        why = "other programs ran meanwhile and may be why, or memory layout or caches. Quieten the machine first."
    if instances == 1:
        return f"{why} A longer --budget gives more workers."
    return f"{why} Fewer --instances show whether all of them are too much for the caches."


def _gap(worker: WorkerSamples, calls: Histogram) -> float:
    """By how many ns the middle batch of a worker lies above (or, negative, below) what its single calls allow."""
    batch = median(worker.ns_per_call)
    values, counts = calls.values_counts()
    centres = (calls.percentile(0.5), float(values @ counts) / calls.total)
    above, below = batch - max(centres), batch - (min(centres) - worker.floor.ns_per_call)
    return max(above, 0.0) + min(below, 0.0)
