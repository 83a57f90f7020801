"""What calls of one operation take of memory: a pass of its own, in a process whose times nobody reads.

First without a tracer: a heap of results, all held at once. From it come the growth of the resident peak, the objects
that the collector tracks, and what a full collection takes. Then call by call under `tracemalloc`, and at last call by
call without it, for the pages that the kernel gives (`pages.py`).

Everything that was alive before is frozen, and the collector is off but for collections that are asked for, so that
what is counted belongs to the calls. Results are measured in a steady state: each call was made before with the same
argument, so that caches and buffers that a library keeps, and the UTF-8 that a string keeps, count for no call.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import resource
import time
import tracemalloc
from array import array
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from serbench.worker import pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

HEAP_OBJECTS = 20_000
"""Results alive at once, at the most."""

HEAP_BYTES = 500_000_000
"""What they may take together, where the system tells how much is resident; half of what the process may still take,
if that is less."""

TRACED_SECONDS = 10.0
"""Calls under the tracer end when that has passed beside the time for the heap, however many there were to be."""

_MADE_BY, _COLLECTED_BY = 0.2, 0.9  # shares of the time: to collect a heap takes up to as long as to make it
_COLLECTIONS = 3
_PROCESS = Path("/proc/self")


def measure(call: Callable[[Any], Any], arguments: Sequence[Any], seconds: float, calls: int) -> dict[str, Any]:
    """What calls take of memory: the fields of `serbench.records.passes.Memory`.

    A run over the time is a call, or the collections of a heap that took longer than it took to be made; calls under
    the tracer come besides. The collector is left as it was, but for what was alive and not frozen in a process that
    had frozen something: that is frozen now.

    Args:
        call: the operation.
        arguments: one per instance, at least one.
        seconds: wall time for the heap; at least one call is made.
        calls: under the tracer, evenly spread over the instances, as many as there are at the most. A clock does not
            shorten them: medians over more or fewer messages would differ for no reason of the codec's.

    Returns:
        bytes as `tracemalloc` counts them, median, min and max over instances: `peak_bytes` is the most that was held
        during a call beyond what was held before, `live_bytes` what is held once it has returned and garbage has been
        collected. `resident_growth_bytes` is -1 where the system does not tell; where it does not let the peak be set
        back, it is what went beyond any earlier one. Memory that the process had free already hides as much growth:
        in a process that measured another operation before, that may be megabytes. `tracked_per_result` counts after
        a full collection, which untracks tuples and, up to Python 3.13, dicts of nothing but numbers and strings: it is
        what later collections go through. `new_bytes` is missing where the system has no way to be asked.

    Raises:
        Exception: whatever the call raises.
    """
    begin = time.monotonic()
    call(arguments[0])
    with _out_of_sight():
        heap = _heap(call, arguments, begin + seconds * _MADE_BY, begin + seconds * _COLLECTED_BY)
        traced = _traced(call, arguments, min(calls, len(arguments)), time.monotonic() + TRACED_SECONDS)
        return heap | traced | pages.measure(call, arguments)


@contextlib.contextmanager
def _out_of_sight() -> Iterator[None]:
    """Everything alive now is frozen, and no collection begins by itself; afterwards it is as before."""
    enabled, frozen = gc.isenabled(), gc.get_freeze_count()
    gc.disable()
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        if not frozen:
            gc.unfreeze()
        if enabled:
            gc.enable()


def _heap(
    call: Callable[[Any], Any], arguments: Sequence[Any], made_by: float, collected_by: float
) -> dict[str, int | float]:
    """What many results take that are alive at once."""
    held: list[Any] = [None] * HEAP_OBJECTS  # made before the peak is set back; frozen, so in no count
    _return_free_memory()
    gc.collect()
    gc.freeze()
    tracked = len(gc.get_objects())
    before = _peak_resident(reset=True)
    try:
        made = _fill(held, call, arguments, made_by)
        after = _peak_resident()
        gc.collect()  # from here on the heap is old, as that of a service is
        tracked = len(gc.get_objects()) - tracked
        collections: list[int] = []
        while not collections or (len(collections) < _COLLECTIONS and time.monotonic() < collected_by):
            collections.append(_collection_ns())
    finally:
        held.clear()
        gc.collect()
    return {
        "resident_growth_bytes": max(0, after - before) if min(before, after) >= 0 else -1,
        "resident_calls": made,
        "tracked_per_result": tracked / made,
        "heap_objects": made,
        "full_collection_ns": round(median(collections)),
    }


def _fill(held: list[Any], call: Callable[[Any], Any], arguments: Sequence[Any], made_by: float) -> int:
    """Puts results in, first to last, until there is no more place, time or memory; returns how many.

    Memory is looked at between stretches, each of which at most doubles what there is.
    """
    begin, cap = _resident(), _most_bytes()
    made, goal = 0, 1
    while made < goal:
        while made < goal:
            held[made] = call(arguments[made % len(arguments)])
            made += 1
            if time.monotonic() >= made_by:
                return made
        grown = max(1, _resident() - begin)
        goal = min(2 * made, len(held), made * cap // grown)
    return made


def _collection_ns() -> int:
    begin = time.perf_counter_ns()
    gc.collect()
    return time.perf_counter_ns() - begin


def _traced(call: Callable[[Any], Any], arguments: Sequence[Any], count: int, deadline: float) -> dict[str, Any]:
    """Peak and live bytes of single calls, evenly spread over the instances."""
    peaks, lives = [], []
    tracemalloc.start(1)
    try:
        for n in range(count):
            argument = arguments[n * len(arguments) // count]
            call(argument)
            peak, live = _held_by(call, argument)
            own_peak, own_live = _held_by(_nothing, argument)
            peaks.append(peak - own_peak)
            lives.append(live - own_live)
            if time.monotonic() >= deadline:
                break
    finally:
        tracemalloc.stop()
    return {"calls": len(peaks), "peak_bytes": _spread(peaks), "live_bytes": _spread(lives)}


def _held_by(call: Callable[[Any], Any], argument: Any) -> tuple[int, int]:
    """Bytes beyond what was held before: the most during the call, and those while its result is held.

    The collection before each reading of what is held empties the free lists of Python's own types, which would hand
    out objects unseen and hold on to others. Readings go to a buffer: as numbers of their own they would be held.
    """
    readings = array("q", (0, 0, 0))
    gc.collect()
    readings[0] = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    result = call(argument)
    readings[1] = tracemalloc.get_traced_memory()[1]
    gc.collect()
    readings[2] = tracemalloc.get_traced_memory()[0]
    del result
    return readings[1] - readings[0], readings[2] - readings[0]


def _nothing(_: Any) -> None:
    """Holds nothing: what is read around this call is the measurement's own."""


def _spread(values: Sequence[int]) -> dict[str, float]:
    return {"median": median(values), "min": min(values), "max": max(values)}


def _return_free_memory() -> None:
    """Has glibc give back what it holds for later: results that were put there would not show as growth."""
    with contextlib.suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


def _peak_resident(*, reset: bool = False) -> int:
    """The most bytes that this process had resident (VmHWM), since it was last set back; -1 where that is not told."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        if reset:
            with contextlib.suppress(OSError):
                (_PROCESS / "clear_refs").write_text("5")
        for line in (_PROCESS / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return -1


def _resident() -> int:
    """Bytes that are resident now; 0 where the system does not tell."""
    return _pages(1)


def _most_bytes() -> int:
    """What a heap of results may take."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return HEAP_BYTES
    return max(1, min(HEAP_BYTES, (limit - _pages(0)) // 2))


def _pages(field: int) -> int:
    """A field of `statm` in bytes: 0 for address space, 1 for what is resident."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((_PROCESS / "statm").read_text().split()[field]) * resource.getpagesize()
    return 0
