"""Processes that a codec has started and left.

A worker is a reaper of orphans: as long as it lives, what it has started descends from it, in whatever session and with
whatever environment. What is left of workers that have gone is found by a mark in its environment.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

MARK = "SERBENCH_WORKER"
"""The variable that every worker has, and with it all that it starts."""

TOKEN = f"{os.getpid()}-{secrets.token_hex(8)}"
"""What it says in workers of this process, and in those of no other."""

_PROC = Path("/proc")
_END_SECONDS = 1.0  # after SIGKILL they are gone in milliseconds; one that waits for a dead disk is not waited for
_LOOK_SECONDS = 0.005
_LOOKS = 4
_ENDED = ("Z", "X")


class _Stat(NamedTuple):
    """What the kernel says of a process.

    Attributes:
        state: a letter; Z and X are of those that have ended.
        parent: its parent's id.
        started: clock ticks since the machine's start; tells it from a later one with the same id.
    """

    state: str
    parent: int
    started: int


def started(pid: int) -> int | None:
    """When a process was started, in clock ticks since the machine's start; None where that is not known."""
    stat = _stat(pid)
    return stat and stat.started


def descendants(roots: Mapping[int, int | None]) -> dict[int, int]:
    """Processes that descend from these and go on, by process id, with the time of their start.

    Args:
        roots: process ids with the time of their start; they are not among what is found.
    """
    known = {pid: stat for pid in _ids() if (stat := _stat(pid))}
    children: dict[int, list[int]] = {}
    for pid, stat in known.items():
        children.setdefault(stat.parent, []).append(pid)
    family = [pid for pid, began in roots.items() if pid in known and known[pid].started == began]
    seen = {os.getpid(), *family}
    for parent in family:  # it grows
        new = [pid for pid in children.get(parent, ()) if pid not in seen]
        family += new
        seen.update(new)
    return {pid: known[pid].started for pid in family if pid not in roots and known[pid].state not in _ENDED}


def tell(processes: Mapping[int, int], what: signal.Signals) -> None:
    """Sends a signal to those that are still the ones that had these ids.

    Args:
        processes: process ids with the time of their start.
        what: the signal.
    """
    for pid, began in processes.items():
        if began == started(pid):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, what)


def stop_family(root: int, began: int | None) -> dict[int, int]:
    """Stops what descends from a worker, which is stopped itself; returns it, for `tell` to let it go on.

    Args:
        root: the worker.
        began: the time of its start.
    """
    stopped: dict[int, int] = {}
    for _ in range(_LOOKS):  # what was started while one looked is found by looking again
        new = {pid: at for pid, at in descendants({root: began}).items() if stopped.get(pid) != at}
        if not new:
            break
        tell(new, signal.SIGSTOP)
        stopped |= new
    return stopped


def end_family(root: int, began: int | None, remembered: Mapping[int, int]) -> None:
    """Ends what descends from a worker, for as long as it takes and a second at the most; not the worker.

    Args:
        root: the worker, stopped if it lives, so that it starts nothing meanwhile.
        began: the time of its start.
        remembered: what has descended from it: it still does if it lives, and is found by that alone if it has gone.
    """
    deadline = time.monotonic() + _END_SECONDS
    while True:
        alive = {pid: at for pid, at in remembered.items() if _goes_on(_stat(pid), at)}
        alive |= descendants({root: began, **alive})
        tell(alive, signal.SIGKILL)
        if not alive or time.monotonic() > deadline:
            return
        time.sleep(_LOOK_SECONDS)


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
    for pid in _ids():
        with contextlib.suppress(OSError):  # gone, or another user's
            if wanted in (_PROC / str(pid) / "environ").read_bytes().split(b"\0"):
                yield pid


def _ids() -> list[int]:
    """All processes that the system shows; none where there is no /proc."""
    with contextlib.suppress(OSError):
        return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdecimal()]
    return []


def _goes_on(stat: _Stat | None, began: int) -> bool:
    """Whether that is still the process that was started then, and has not ended."""
    return stat is not None and stat.started == began and stat.state not in _ENDED


def _stat(pid: int) -> _Stat | None:
    """What the kernel says of a process; None where it has gone or nothing is said."""
    try:
        fields = (_PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
        return _Stat(fields[0].decode(), int(fields[1]), int(fields[19]))
    except (OSError, IndexError, ValueError):
        return None
