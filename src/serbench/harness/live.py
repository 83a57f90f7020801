"""What the present worker of a case has measured so far."""

from __future__ import annotations

import copy
import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from serbench.errors import WorkerFailure
from serbench.histogram import Histogram
from serbench.records.samples import Floor, SlowCalls, ThreadSamples, WorkerSamples
from serbench.statistics.tail import Tail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.harness.inbox import Answer, Strand
    from serbench.statistics.tail import Slowest


@dataclass(slots=True, kw_only=True)
class Process:
    """One worker process and its readings of the floor.

    Attributes:
        wave: which generation it belongs to.
        hash_seed: its PYTHONHASHSEED.
        clock_step_ns: as its hello said.
    """

    wave: int
    hash_seed: int
    clock_step_ns: float
    singles: list[float] = field(default_factory=list)
    batches: list[float] = field(default_factory=list)
    calls: int = 0

    def take(self, answer: Answer) -> None:
        """One reading of the floor."""
        self.singles.append(answer["ns_per_call"])
        self.batches.append(answer["batch_ns_per_call"])
        self.calls += answer["calls"]

    def floor(self) -> Floor:
        """The readings so far."""
        return Floor(
            ns_per_call=statistics.median(self.singles),
            batch_ns_per_call=statistics.median(self.batches),
            clock_step_ns=self.clock_step_ns,
            calls=self.calls,
        )


class Live:
    """The blocks of a case in one worker.

    Args:
        process: the worker.
        answer: what it said of its warm-up.
        threads: that measure at once.
        instances: that its calls rotate over.
        observe: told of every block that counts.
        paired: whether another side's worker measures the same blocks: then the median of each is kept.

    Attributes:
        process: the worker.
        ns_per_call: what it last read for a call.
        waiting: blocks of the present round.
        held: blocks of a round that was set aside.
    """

    def __init__(
        self,
        process: Process,
        answer: Answer,
        *,
        threads: int,
        instances: int,
        observe: Callable[[Answer], None],
        paired: bool = False,
    ) -> None:
        self.process = process
        self._observe = observe
        self.ns_per_call = float(answer["ns_per_call"])
        self.waiting: list[Answer] = []
        self.held: list[Answer] = []
        self._warm_up: tuple[int, bool] = answer["calls"], answer["ended"]
        self._histograms = [Histogram() for _ in range(threads)]
        self._means: list[list[float]] = [[] for _ in range(threads)]
        self._tail = Tail(instances)
        self._lead_in = self._batch_calls = 0
        self._paired = paired
        self._medians: list[float] = []

    @property
    def measured(self) -> bool:
        """Whether a block counts."""
        return bool(self._means[0])

    @property
    def has_blocks(self) -> bool:
        """Whether a block counts or is set aside."""
        return self.measured or bool(self.held)

    def wait(self, answer: Answer) -> None:
        """A block, whose round is not over.

        Raises:
            WorkerFailure: it is not what it should be: found here it costs its case, and once it counts the run.
        """
        strands, _ = answer.strands()
        if len(strands) != len(self._histograms):
            raise WorkerFailure(f"broke the worker protocol: it sent samples of {len(strands)} threads")
        self.ns_per_call = statistics.fmean(strand.batch_ns_per_call for strand in strands)
        self.waiting.append(answer)

    def fold(self, blocks: list[Answer]) -> None:
        """These blocks count; the list is emptied."""
        for answer in blocks:
            self._observe(answer)
            self._take(answer)
        blocks.clear()

    def _take(self, answer: Answer) -> None:
        strands, collections = answer.strands()
        if self._paired:
            self._medians.append(_median(strands))
        # The first thread to begin comes first: times of slow calls count from the worker's first call.
        in_time = sorted(zip(strands, self._histograms, self._means, strict=True), key=lambda own: int(own[0].times[0]))
        for strand, histogram, means in in_time:
            histogram.fold(self._tail.add(strand.times, strand.marks, collections, strand.told["first"]))
            means.append(strand.batch_ns_per_call)
            self._lead_in += strand.told["lead_in"]
            self._batch_calls += strand.told["batch_calls"]

    def as_it_stands(self) -> WorkerSamples:
        """What the worker has measured, what is set aside included; this changes nothing.

        Its slowest calls are left for the end: to look for them after every round takes as long as a block.
        """
        if not self.held:
            return self._samples(SlowCalls())
        before = self._histograms, self._means, self._tail, self._lead_in, self._batch_calls
        self._histograms = [histogram.copy() for histogram in self._histograms]
        self._means = [list(means) for means in self._means]
        self._tail = copy.deepcopy(self._tail)
        for answer in self.held:
            self._take(answer)
        found = self._samples(SlowCalls())
        self._histograms, self._means, self._tail, self._lead_in, self._batch_calls = before
        return found

    def closed(self) -> tuple[WorkerSamples, Slowest]:
        """What the worker has measured, and its slowest calls."""
        merged = self._merged()
        slowest = self._tail.slowest(max(1.0, merged.percentile(0.5) if merged.total else 1.0))
        return self._samples(slowest.timeline()), slowest

    def _samples(self, slow: SlowCalls) -> WorkerSamples:
        merged = self._merged()
        return WorkerSamples(
            calls=merged.total,
            histogram=merged.encode(),
            overflow=sum(histogram.overflow for histogram in self._histograms),
            lead_in=self._lead_in,
            warm_up=self._warm_up[0],
            warm_up_ended=self._warm_up[1],
            ns_per_call=tuple(statistics.fmean(means) for means in zip(*self._means, strict=True)),
            batch_calls=self._batch_calls,
            floor=self.process.floor(),
            pair=self.process.wave,
            hash_seed=self.process.hash_seed,
            collections=self._tail.collections,
            collection_ns=self._tail.collection_ns,
            switches=self._tail.switches,
            slow=slow,
            threads=self._threads(),
            block_medians=tuple(self._medians),
        )

    def _merged(self) -> Histogram:
        if len(self._histograms) == 1:
            return self._histograms[0]
        made = Histogram()
        for histogram in self._histograms:
            made.add(histogram)
        return made

    def _threads(self) -> tuple[ThreadSamples, ...]:
        if len(self._histograms) == 1:
            return ()
        return tuple(
            ThreadSamples(calls=histogram.total, histogram=histogram.encode(), ns_per_call=tuple(means))
            for histogram, means in zip(self._histograms, self._means, strict=True)
        )


def _median(strands: Sequence[Strand]) -> float:
    """Of the single calls of one block, all threads together, ns."""
    return float(np.median(np.concatenate([strand.times[1::2] - strand.times[::2] for strand in strands])))
