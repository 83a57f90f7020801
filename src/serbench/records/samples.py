"""What time measurements consist of: workers' samples, rounds and what disturbed them, the machine's own noise.

Times are nanoseconds; unit and denominator stand in the field's name. A histogram is text here (HdrHistogram V2,
compressed, base64, ns per call); `serbench.histogram` reads it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What an empty C function of one argument reads in the same worker, over all its rounds.

    Attributes:
        ns_per_call: a single reading; median over rounds of the mean of the middle nine tenths.
        batch_ns_per_call: median of batch means (no clock in between).
        clock_step_ns: the smallest step the clock was seen to take.
        calls: single readings behind it.
    """

    ns_per_call: float
    batch_ns_per_call: float
    clock_step_ns: float
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadSamples:
    """What one of several threads of a worker measured: its own calls among those of the worker.

    Attributes:
        calls: timed calls in the histogram (its total).
        histogram: HdrHistogram V2 compressed, base64: ns of every single call of this thread.
        ns_per_call: batch means of this thread, one per block.
    """

    calls: int
    histogram: str
    ns_per_call: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowCalls:
    """The slowest single calls of a worker and when they were: a timeline, in the order of time.

    Attributes:
        at_ns: start of each, since the first single call of the worker's case.
        ns: how long it took.
        labels: a letter for each: `g` collector, `p` preempted, `i` instance, `o` other.
    """

    at_ns: tuple[int, ...] = ()
    ns: tuple[int, ...] = ()
    labels: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSamples:
    """What one worker process measured of one case.

    Attributes:
        calls: timed calls in the histogram (its total).
        histogram: HdrHistogram V2 compressed, base64: ns of every single call, of all threads.
        overflow: timed calls beyond the histogram's range; in no percentile, never lost.
        lead_in: calls made before blocks that are no samples.
        warm_up: calls made before the first block that are no samples.
        warm_up_ended: whether warm-up ended by itself and not by its cap.
        ns_per_call: batch means, one per block: a batch timed as a whole over its number of calls.
        batch_calls: calls behind those means, all batches together.
        block_medians: median of the single calls of each block, ns, in the order of rounds; only of workers that
            measure in pairs, whose other half has as many.
        floor: the empty call in the same worker.
        pair: which wave of workers this process belonged to, from 0.
        hash_seed: PYTHONHASHSEED of the process.
        collections: collections that ran while calls were timed one by one.
        collection_ns: how long they took together.
        switches: involuntary context switches while calls were timed one by one; 0 where the system does not count.
        slow: its slowest single calls, labelled, with their time.
        threads: one entry for each of several threads; empty for one.
    """

    calls: int
    histogram: str
    overflow: int
    lead_in: int
    warm_up: int
    warm_up_ended: bool
    ns_per_call: tuple[float, ...]
    batch_calls: int
    floor: Floor
    pair: int
    hash_seed: int
    collections: int = 0
    collection_ns: int = 0
    switches: int = 0
    slow: SlowCalls = SlowCalls()
    threads: tuple[ThreadSamples, ...] = ()
    block_medians: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What the slowest calls of a case were: each has one label.

    Attributes:
        share: which share of all single calls they are: 0.001, or 0.01 where there are fewer than 10,000; in a run that
            was resumed less, where not as many are still known.
        from_ns: all calls that took at least as long.
        gc: the collector ran inside and accounts for most of what they took beyond the usual.
        preempted: the scheduler took the processor away in their stretch.
        instance: usual for their own instance, slow among all: a larger message.
        other: none of these.
    """

    share: float
    from_ns: int
    gc: int
    preempted: int
    instance: int
    other: int

    @property
    def calls(self) -> int:
        """How many they are."""
        return self.gc + self.preempted + self.instance + self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    """What else went on while something was measured; each is a share of wall time, None where it cannot be read.

    Attributes:
        foreign_cpu: processor time that other programs took on the measuring core.
        foreign_cpu_elsewhere: the same on all other usable cores, in cores.
        steal: processor time of all usable cores that the hypervisor gave to others.
        pressure: how long something runnable had to wait for a processor (pressure stall, `some`).
        disturbed: whether that is too much for numbers to be trusted.
    """

    foreign_cpu: float | None = None
    foreign_cpu_elsewhere: float | None = None
    steal: float | None = None
    pressure: float | None = None
    disturbed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Every case once, one block each, in a fresh random order.

    Attributes:
        n: from 1.
        wave: which generation of workers, from 0.
        started: RFC 3339.
        seconds: wall time of the round.
        block_seconds: wall time of it inside blocks (singles and batches, without lead-in).
        disturbance: what else went on meanwhile.
        repeated: whether it was so disturbed that it was measured again: its samples are in no number.
    """

    n: int
    wave: int
    started: str
    seconds: float
    block_seconds: float
    disturbance: Disturbance = Disturbance()
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What the machine does to a call that does nothing: an empty call measured like a case, on the same core.

    Attributes:
        calls: empty calls in the histogram (its total).
        histogram: HdrHistogram V2 compressed, base64: ns of every empty call.
        overflow: empty calls beyond the histogram's range.
        observed_ns: time inside these calls: for so long was the machine watched.
        core: the one it was measured on; -1 where processes are not pinned.
    """

    calls: int
    histogram: str
    overflow: int
    observed_ns: int
    core: int
