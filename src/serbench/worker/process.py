"""The worker's process: how much memory it may take, and whom it ends with."""

from __future__ import annotations

import contextlib
import resource
import signal
import sys


def limit_memory(limit: int) -> int:
    """Limits this process's address space as far as the system lets it; returns the limit in bytes, 0 for none."""
    with contextlib.suppress(ValueError, OSError):  # macOS knows the limit and refuses it
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
        return allowed
    return 0


def tie_to_family() -> None:
    """Linux: the kernel ends this process with the one that started it, and makes orphans of its children its own.

    Elsewhere the end of stdin ends it, and a child whose parent has ended is nobody's.
    """
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - only where it is used

        library = ctypes.CDLL(None)
        library.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        library.prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
