"""Codecs that do nothing but take time, and keep their own record of it: what the self-test is held against.

A codec file, loaded by workers. Every call writes when it began and ended, as seen from inside, how long it collected
garbage and how often the scheduler had taken the processor away by then, to a file in the folder that
`SERBENCH_SELF_TEST` names, one file per codec and process.
"""

from __future__ import annotations

import gc
import marshal
import mmap
import os
import resource
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

from serbench.codecs.base import Bound, Codec

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.records.cases import Model
    from serbench.schema.payload import Payload

FOLDER = "SERBENCH_SELF_TEST"
"""The variable that says where records go; without it none are kept."""

DELAY_NS = 40_000
RARE_FACTOR = 20
RARE = 1 / 200
SLOWER = 1.05
SETTLE_NS = 5_000  # from asking the system to the end: interrupts come close after that more often than elsewhere
HEAP = 20_000  # live objects that a collection goes through: it takes several times the delay

_MOST_CALLS = 1 << 17
_THREAD = getattr(resource, "RUSAGE_THREAD", None)  # Linux has it
FIELDS = 5
"""Of a record: start, end, ns of a collection, and the thread's involuntary context switches so far as it read them
after its start and before its end; 0 where the system does not count them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthetic:
    """Takes a fixed time; one call in 200, drawn from a seeded generator and never periodic, is another one.

    Attributes:
        name: what it is called.
        delay_ns: how long a call takes.
        rare_factor: how much longer one call in 200 takes.
        collects: whether one call in 200 collects garbage among many live objects.
    """

    name: str
    delay_ns: int = DELAY_NS
    rare_factor: int = 1
    collects: bool = False
    format: str = "synthetic"
    distribution: str | None = None
    model: Model = "plain"
    deviations: frozenset[Any] = frozenset()

    def bind(self, _payload: Payload, /) -> Bound:
        """A clock-watching `decode`, with a record of its own."""
        return Bound(encode=marshal.dumps, decode=self._decode())

    def _decode(self) -> Callable[[bytes], Any]:
        random = Random(f"serbench self-test {self.name} {os.getpid()}").random
        rare_ns, usual_ns = self.delay_ns * self.rare_factor, self.delay_ns
        collect = _collector() if self.collects else None
        clock, loads, switches = perf_counter_ns, marshal.loads, _switches
        room, at, last = _room(self.name), -FIELDS, FIELDS * (_MOST_CALLS - 1)

        ended = 0
        kept: Any = None

        def decode(data: bytes) -> Any:
            nonlocal at, ended, kept
            begin = clock()
            so_far = switches()
            if at >= 0:
                room[at + 1] = ended
            at = at + FIELDS if at < last else 0
            rare = random() < RARE
            end = begin + (rare_ns if rare else usual_ns)
            kept = loads(data)  # and the release of the call before's
            room[at] = begin
            room[at + 1] = end  # as planned, should there be no next call that writes how it was
            room[at + 2] = collect() if collect and rare else 0
            room[at + 3] = so_far
            while clock() < end - SETTLE_NS:
                pass
            room[at + 4] = switches()
            while clock() < end:
                pass
            ended = clock()  # nothing follows but the way back: what does is in serbench's time and not in this
            return kept

        return decode


def _switches() -> int:
    """Involuntary context switches of this thread so far."""
    return resource.getrusage(_THREAD).ru_nivcsw if _THREAD is not None else 0


def _collector() -> Callable[[], int]:
    """Collects garbage and returns the ns that it took. The heap is made once what was there has been frozen."""
    heap: list[list[Any]] = []

    def collect() -> int:
        if not heap and gc.get_freeze_count():
            heap.extend([] for _ in range(HEAP))
        begin = perf_counter_ns()
        gc.collect()
        return perf_counter_ns() - begin

    return collect


def _room(name: str) -> memoryview:
    """For records of calls; in a file, where there is a folder for it, so that a killed process has written too."""
    size = 8 * FIELDS * _MOST_CALLS
    folder = os.environ.get(FOLDER)
    if not folder:
        return memoryview(bytearray(size)).cast("q")
    path = Path(folder) / f"{name}.{os.getpid()}"
    path.write_bytes(bytes(size))
    with path.open("r+b") as file:
        room = memoryview(mmap.mmap(file.fileno(), size)).cast("q")
    room[:] = room  # every page is there before it is timed
    return room


CODECS: tuple[Codec, ...] = (
    Synthetic(name="fixed"),
    Synthetic(name="rare", rare_factor=RARE_FACTOR),
    Synthetic(name="collecting", collects=True),
    Synthetic(name="slower", delay_ns=round(DELAY_NS * SLOWER)),
)
