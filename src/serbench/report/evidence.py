"""What stands behind a number, and what a tail is made of: parts of a report's rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.records.samples import Labels

if TYPE_CHECKING:
    from serbench.statistics.estimates import Missing, Number


@dataclass(frozen=True, slots=True, kw_only=True)
class TailParts(Labels):
    """What the slowest calls of a case were, and what the machine would have made of a steady call.

    Attributes:
        steady_ns: what a perfectly steady call of this length would have shown on this machine at the percentile
            1 - `share`.
        machines: whether that is at least half of the way from the median to the case's own: the machine's tail.
        uneven: whether that is over twice the case's own: the noise was not the same throughout, and nothing follows.
    """

    steady_ns: Number
    machines: bool
    uneven: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What stands behind the numbers of a case: all workers together, medians where there is one number of each.

    Attributes:
        calls: timed one by one.
        batch_calls: timed in batches.
        workers: processes.
        lead_in_calls: before blocks, which are no samples.
        warm_up_calls: before the first block, which are no samples.
        floor_ns: an empty call, read by itself.
        batch_floor_ns: an empty call, in batches.
        clock_step_ns: the smallest step that the clock was seen to take.
        collections: while calls were timed one by one.
        collection_ns: what they took together.
        switches: involuntary context switches meanwhile.
        rounds: of these workers, which count.
        disturbed_rounds: how many of them other programs disturbed.
        thread_ns: the lowest and the highest median batch mean of a thread; empty with one thread.
    """

    calls: int
    batch_calls: int
    workers: int
    lead_in_calls: int
    warm_up_calls: int
    floor_ns: float
    batch_floor_ns: float
    clock_step_ns: float
    collections: int
    collection_ns: int
    switches: int
    rounds: int
    disturbed_rounds: int
    thread_ns: tuple[float, ...] = ()

    @property
    def mostly_disturbed(self) -> bool:
        """Whether other programs disturbed at least half of its rounds: its typical time may be theirs too."""
        return 0 < self.rounds <= 2 * self.disturbed_rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What a row rests on.

    Attributes:
        tail: what its slowest calls were, or why that is not known.
        evidence: how it was measured, or why it was not.
        command: the command that measures just this case again, quoted for a shell.
    """

    tail: TailParts | Missing
    evidence: Evidence | Missing
    command: str
