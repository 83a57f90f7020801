"""Blocks: calls of one case in a row, in one thread or in several at once, and what was noted meanwhile."""

from __future__ import annotations

import sys
import threading
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.worker.rotation import Rotation
    from serbench.worker.sampler import Sampler

_TRAILING_CALLS = 16
_FLOOR_CALLS = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How long a block is. See `serbench.harness.plan.Block`."""

    lead_in_ns: int
    lead_in_calls: int
    lead_in_limit_ns: int
    lead_in_at_most: int
    calls: int
    batch: int


@dataclass(slots=True, kw_only=True, eq=False)
class Strand:
    """What one thread measures in a block.

    Attributes:
        rotation: its own: which instance is next.
        first: the instance of its first single call.
        times: int64: start and end of each single call.
        marks: int64: calls so far and involuntary context switches so far.
        lead_in: calls before, which are no samples.
        batch_ns: of the batch as a whole; of the single calls as a whole where there was no batch.
        batch_calls: how many they were.
    """

    rotation: Rotation
    first: int = 0
    times: array[int] = field(default_factory=lambda: array("q"))
    marks: array[int] = field(default_factory=lambda: array("q"))
    lead_in: int = 0
    batch_ns: int = 0
    batch_calls: int = 0
    error: BaseException | None = None

    def measure(self, sampler: Sampler, call: Callable[[Any], Any], size: Size) -> None:
        """A lead-in, single calls, a batch."""
        before = self.rotation.take(size.lead_in_at_most)
        self.lead_in = sampler.lead_in(call, before, size.lead_in_ns, size.lead_in_calls, size.lead_in_limit_ns)
        self.rotation.give_back(len(before) - self.lead_in)
        self.first = self.rotation.next
        arguments = self.rotation.take(size.calls)
        written = sampler.singles(call, arguments, self.times, self.marks)
        del self.marks[2 * written :]
        self.batch_ns, self.batch_calls = self.times[-1] - self.times[0], size.calls
        if size.batch:
            self.batch_ns, self.batch_calls = sampler.batch(call, self.rotation.take(size.batch)), size.batch

    def told(self) -> dict[str, int]:
        """What the answer says of it."""
        return {
            "calls": len(self.times) // 2,
            "marks": len(self.marks) // 2,
            "first": self.first,
            "lead_in": self.lead_in,
            "batch_ns": self.batch_ns,
            "batch_calls": self.batch_calls,
        }


def prepared(rotations: Sequence[Rotation], size: Size) -> list[Strand]:
    """A strand for each rotation, with room for its readings: nothing of that is left to be done inside a block."""
    room, stretches = bytes(16 * size.calls), bytes(16 * (size.calls + 1))
    return [Strand(rotation=r, times=array("q", room), marks=array("q", stretches)) for r in rotations]


def measure(sampler: Sampler, call: Callable[[Any], Any], strands: Sequence[Strand], size: Size) -> None:
    """Measures all strands at once, each in a thread of its own; a single one in this thread.

    A thread that has done its own goes on calling, a few calls at a time that are no samples, until all have: what is
    measured is the same company from the first call to the last.

    Raises:
        BaseException: what the call raised, in any of them.
    """
    if len(strands) == 1:
        strands[0].measure(sampler, call, size)
        return
    together = threading.Barrier(len(strands))
    unfinished = list(strands)

    def run(strand: Strand) -> None:
        try:
            together.wait()
            try:
                strand.measure(sampler, call, size)
            finally:
                unfinished.remove(strand)
            while unfinished:
                sampler.batch(call, strand.rotation.take(_TRAILING_CALLS))
        except BaseException as error:
            strand.error = error

    threads = [threading.Thread(target=run, args=(strand,), daemon=True) for strand in strands]
    started = []
    try:
        for thread in threads:
            thread.start()
            started.append(thread)
    except BaseException:
        together.abort()  # there is no room for another: those that wait for it go home
        raise
    finally:
        for thread in started:
            thread.join()
    if error := next((strand.error for strand in strands if strand.error), None):
        raise error


def answer(strands: Sequence[Strand], collections: array[int], *, batches: bool) -> tuple[dict[str, Any], memoryview]:
    """What the strands have measured, as the protocol wants it.

    Args:
        strands: one for each thread.
        collections: start and end of each collection meanwhile, ns.
        batches: whether they had batches of their own.
    """
    numbers = array("q")
    for strand in strands:
        numbers += strand.times
        numbers += strand.marks
    numbers += collections
    inside = max(s.times[-1] - s.times[0] + (s.batch_ns if batches else 0) for s in strands)
    told = {
        "is": "samples",
        "count": len(numbers),
        "threads": [strand.told() for strand in strands],
        "collections": len(collections) // 2,
        "block_ns": inside,
    }
    if sys.byteorder == "big":
        numbers.byteswap()
    return told, memoryview(numbers).cast("B")


def floor(sampler: Sampler) -> dict[str, float]:
    """What the sampler reads for `callable`, a C function of one argument that does nothing to speak of.

    The mean of the middle nine tenths of single readings: a median would know no more than the step of the clock.
    """
    arguments = [None] * _FLOOR_CALLS
    times, marks = array("q", bytes(16 * len(arguments))), array("q", bytes(16 * (len(arguments) + 1)))
    sampler.lead_in(callable, arguments, 20_000, 100, 100_000)
    sampler.singles(callable, arguments, times, marks)
    batch_ns = sampler.batch(callable, arguments) / len(arguments)
    samples = sorted(end - start for start, end in zip(times[::2], times[1::2], strict=True))
    middle = samples[len(samples) // 20 : -(len(samples) // 20)]
    return {"ns_per_call": sum(middle) / len(middle), "batch_ns_per_call": batch_ns, "calls": len(samples)}
