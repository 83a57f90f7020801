"""Processes that a codec has started and left: found by a mark in their environment, wherever they have gone."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

MARK = "SERBENCH_WORKER"
"""The variable that every worker has, and with it all that it starts."""

TOKEN = f"{os.getpid()}-{secrets.token_hex(8)}"
"""What it says in workers of this process, and in those of no other."""

_PROC = Path("/proc")


def end(workers: Collection[int]) -> int:
    """Ends what workers of this process have left behind, and returns how many those were.

    Args:
        workers: process ids that are spared: workers that are still needed. Their children are not.
    """
    found = [pid for pid in _marked() if pid not in workers and pid != os.getpid()]
    for pid in found:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    return len(found)


def _marked() -> Iterator[int]:
    """Processes that carry the mark; none where the system does not show environments."""
    wanted = f"{MARK}={TOKEN}".encode()
    with contextlib.suppress(OSError):
        for entry in _PROC.iterdir():
            if entry.name.isdecimal():
                with contextlib.suppress(OSError):  # gone, or another user's
                    if wanted in (entry / "environ").read_bytes().split(b"\0"):
                        yield int(entry.name)
