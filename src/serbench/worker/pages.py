"""How much new memory calls write to, page by page, whichever allocator it is from: what is copied must go somewhere.

The kernel counts the pages that it gives to a process. Large blocks are made to be new ones in every call, so each page
of them is given when something is written to it: a copy of a megabyte is 245 pages, a view of it is none, and a block
that is let go before the call ends counts like one that is kept. Small objects lie in memory that Python has already.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import mmap
import resource
import time
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CALLS = 9
"""Messages that are looked at, at the most."""

SECONDS = 2.0
"""No further call is begun after that."""

_OWN_BYTES = 16 * mmap.PAGESIZE
"""A block that is larger than this gets pages of its own, and gives them back when it is let go."""

_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1  # of mallopt
_NO_HUGE_PAGES = 41  # of prctl: one of them would count like a small one


def measure(call: Callable[[Any], Any], arguments: Sequence[Any]) -> dict[str, Any]:
    """The new memory of calls, evenly spread over the instances. The process's allocators are not the same afterwards.

    Args:
        call: the operation.
        arguments: one per instance, at least one.

    Returns:
        `new_bytes`: whole pages, in bytes; median, min and max over instances. Nothing where the system has no way to
        be asked.

    Raises:
        Exception: whatever the call raises.
    """
    if not (trim := _prepared()):
        return {}
    count, deadline = min(CALLS, len(arguments)), time.monotonic() + SECONDS
    found: list[int] = []
    for n in range(count):
        argument = arguments[n * len(arguments) // count]
        call(argument)  # what it reads is there, and what it keeps between calls as well
        own = _pages(_nothing, argument, trim)
        found.append(max(0, _pages(call, argument, trim) - own) * mmap.PAGESIZE)
        if time.monotonic() >= deadline:
            break
    return {"new_bytes": {"median": median(found), "min": min(found), "max": max(found)}}


def _prepared() -> Callable[[int], int] | None:
    """Has large blocks come from the kernel; returns what gives free memory back to it. None: not on this system."""
    with contextlib.suppress(OSError, AttributeError):  # another system, another C library
        library = ctypes.CDLL(None)
        if library.prctl(_NO_HUGE_PAGES, 1, 0, 0, 0) == 0 and library.mallopt(_MMAP_THRESHOLD, _OWN_BYTES):
            library.mallopt(_TRIM_THRESHOLD, _OWN_BYTES)
            trim: Callable[[int], int] = library.malloc_trim
            return trim
    return None


def _pages(call: Callable[[Any], Any], argument: Any, trim: Callable[[int], int]) -> int:
    """Pages that the process was given during a call, its result's release not among it."""
    gc.collect()
    trim(0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    result = call(argument)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    del result
    return after - before


def _nothing(_: Any) -> None:
    """What is counted around this call is the measurement's own."""
