"""Batch means as tools of others compare them: a process's values, and the figures of all of them together.

Percentiles of single calls are serbench's own; pyperf and pytest-benchmark know one number per round. A round here is
what both take for one: many calls timed as a whole, over their number.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.records.cases import Case, CodecInfo
    from serbench.records.run import Measurement, Run
    from serbench.records.samples import WorkerSamples

FENCE = 1.5
"""Interquartile ranges beyond the quartiles: a value further out is an outlier (Tukey, 1977)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """The batches of one worker process.

    Attributes:
        number: which wave of workers it belonged to, from 0.
        hash_seed: PYTHONHASHSEED of the process.
        ns_per_call: batch means in the order of time, each above 0.
        calls_per_batch: mean over the batches, rounded; at least 1.
        lead_in_calls: before blocks, which are in no batch.
        warm_up_calls: before the first block, likewise.
    """

    number: int
    hash_seed: int
    ns_per_call: tuple[float, ...]
    calls_per_batch: int
    lead_in_calls: int
    warm_up_calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Batch means of all processes together, ns per call.

    Attributes:
        batches: how many.
        calls_per_batch: mean over them, rounded; at least 1.
        min, max, mean, median: of them.
        stddev: sample standard deviation; 0 with one batch.
        q1, q3: quartiles, as `quartiles` has them.
        low, high: the lowest and the highest value within `FENCE`.
        beyond_stddev: values further from the mean than one standard deviation.
        beyond_fence: values outside `low` to `high`.
        total: their sum.
    """

    batches: int
    calls_per_batch: int
    min: float
    max: float
    mean: float
    median: float
    stddev: float
    q1: float
    q3: float
    low: float
    high: float
    beyond_stddev: int
    beyond_fence: int
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBatches:
    """One measured case that has numbers of its own.

    Attributes:
        case: the case.
        codec: its codec.
        also: ids of the cases that are the same (`dump` of a plain codec).
        processes: at least one, in the order of time.
        figures: of all of them together.
    """

    case: Case
    codec: CodecInfo
    also: tuple[str, ...]
    processes: tuple[Process, ...]
    figures: Figures

    @property
    def group(self) -> str:
        """What cases of several codecs have in common: their id without the codec."""
        return self.case.id.partition("/")[2]


def case_batches(run: Run) -> tuple[CaseBatches, ...]:
    """Every case with batches, in the run's order.

    A case of which a batch took no time on its clock is left out: there is nothing that a ratio could be made of.
    """
    codecs = {codec.name: codec for codec in run.codecs}
    also: dict[str, list[str]] = {}
    for measurement in run.measurements:
        also.setdefault(measurement.same_as, []).append(measurement.case.id)
    return tuple(
        CaseBatches(
            case=measurement.case,
            codec=codecs[measurement.case.codec],
            also=tuple(also.get(measurement.case.id, ())),
            processes=processes,
            figures=_figures(measurement, processes),
        )
        for measurement in run.measurements
        if (processes := tuple(_process(worker) for worker in measurement.workers if worker.ns_per_call))
        and all(min(process.ns_per_call) > 0 for process in processes)
    )


def quartiles(ordered: Sequence[float]) -> tuple[float, float]:
    """The first and the third quartile: the mean of Tukey's hinges with and without the middle value of an odd number.

    pytest-benchmark has the same ("method 2" of an even number, "method 3" of an odd one).

    Args:
        ordered: at least one value, rising.
    """
    n = len(ordered)
    halves = [half for half in (n // 2, n - n // 2) if half]
    return fmean(median(ordered[:half]) for half in halves), fmean(median(ordered[n - half :]) for half in halves)


def _process(worker: WorkerSamples) -> Process:
    return Process(
        number=worker.pair,
        hash_seed=worker.hash_seed,
        ns_per_call=worker.ns_per_call,
        calls_per_batch=max(1, round(worker.batch_calls / len(worker.ns_per_call))),
        lead_in_calls=worker.lead_in,
        warm_up_calls=worker.warm_up,
    )


def _figures(measurement: Measurement, processes: Sequence[Process]) -> Figures:
    ordered = sorted(ns for process in processes for ns in process.ns_per_call)
    values = np.array(ordered)
    mean = fmean(ordered)
    deviation = float(values.std(ddof=1)) if len(ordered) > 1 else 0.0
    q1, q3 = quartiles(ordered)
    room = FENCE * (q3 - q1)
    inside = values[(q1 - room <= values) & (values <= q3 + room)]
    return Figures(
        batches=len(ordered),
        calls_per_batch=max(1, round(sum(worker.batch_calls for worker in measurement.workers) / len(ordered))),
        min=ordered[0],
        max=ordered[-1],
        mean=mean,
        median=median(ordered),
        stddev=deviation,
        q1=q1,
        q3=q3,
        low=float(inside[0]),
        high=float(inside[-1]),
        beyond_stddev=int((np.abs(values - mean) > deviation).sum()),
        beyond_fence=len(ordered) - len(inside),
        total=sum(ordered),
    )
