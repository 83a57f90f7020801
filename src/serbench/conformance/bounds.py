"""Bounds on what a codec may take while it is checked: processor time, and memory besides what is there."""

from __future__ import annotations

import contextlib
import resource
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.worker import process

if TYPE_CHECKING:
    from collections.abc import Iterator

PROCESSOR_SECONDS = 30.0
"""Of one check."""

ROOM_BYTES = 4 << 30
"""What a codec may map besides what is there."""


@contextlib.contextmanager
def ending() -> Iterator[None]:
    """The kernel ends this process, by SIGPROF, where what is inside takes too much processor time. C code as well."""
    signal.setitimer(signal.ITIMER_PROF, PROCESSOR_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def leave_room() -> None:
    """From here on this process may map that much more, as far as the system lets it be limited."""
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_bytes().split()[0])
        process.limit_memory(pages * resource.getpagesize() + ROOM_BYTES)
