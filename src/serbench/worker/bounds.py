"""Bounds on what a codec may take of the process that it is examined in: processor time, and memory besides its own."""

from __future__ import annotations

import contextlib
import resource
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.worker import process

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024


@contextlib.contextmanager
def ending(seconds: float) -> Iterator[None]:
    """The kernel ends this process, by SIGPROF, where what is inside takes more processor time. C code as well."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def leave_room(room_bytes: int) -> None:
    """From here on this process may map so much more and no more, as far as the system lets it be limited."""
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
        process.limit_memory(pages * resource.getpagesize() + room_bytes)


def peak_bytes() -> int:
    """The most memory that this process has held so far.

    Of Linux's own count: `getrusage` begins with what the process held that started this one.
    """
    with contextlib.suppress(OSError, IndexError):
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.partition("VmHWM:")[2].split()[0]) << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_BYTES
