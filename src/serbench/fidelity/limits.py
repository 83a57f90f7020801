"""Bounds on what a codec may take of this process: processor time, and memory besides what it has."""

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

PROCESSOR_SECONDS = 3.0
"""What one probe or one input may take."""

ROOM_BYTES = 1 << 30
"""What a process may map besides what it holds once its codec has carried a first message."""

_MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024


@contextlib.contextmanager
def ending() -> Iterator[None]:
    """The kernel ends this process, by SIGPROF, where what is inside takes too much processor time. C code as well."""
    signal.setitimer(signal.ITIMER_PROF, PROCESSOR_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def leave_room() -> None:
    """From here on this process may map so much more and no more, as far as the system lets it be limited."""
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
        process.limit_memory(pages * resource.getpagesize() + ROOM_BYTES)


def peak_bytes() -> int:
    """The most memory that this process has held so far.

    Of Linux's own count: `getrusage` begins with what the process held that started this one.
    """
    with contextlib.suppress(OSError, IndexError):
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.partition("VmHWM:")[2].split()[0]) << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_BYTES
