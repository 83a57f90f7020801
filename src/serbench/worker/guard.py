"""Notices what a codec does to its process besides its work, and puts it back for the next call.

Standard descriptors, what is printed, threads, child processes, the collector. What cannot be put back (a thread that
goes on) is told as long as it goes on, so that the orchestrator can keep this process still while others are measured.
What it works with is bound at import: a codec may put something else in the place of `time.monotonic`.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import sys
import tempfile
import threading
from os import SEEK_SET, WNOHANG, dup, dup2, fstat, ftruncate, lseek, pread, waitpid
from pathlib import Path
from time import monotonic, sleep
from typing import Any

_SHOWN = 60  # characters of what was printed
_TASKS = Path("/proc/self/task")
_STREAMS = ("stdin", "stdout", "stderr")
_SETTLE_SECONDS = 0.25  # a thread that was waited for stays in the system's list until it has run a little further
_LOOK_SECONDS = 0.001


class Guard:
    """Knows how the process is meant to be.

    Args:
        printed: the descriptor of a file that stands behind standard output.
    """

    def __init__(self, printed: int) -> None:
        self._printed = printed
        self._streams = _streams()
        self._kept = [dup(standard) for standard in (0, 1, 2)]
        self._identities = [_identity(standard) for standard in (0, 1, 2)]
        self._forks = 0
        self._reaped = _reaped()
        self._children = False
        self._listed = _tasks_listed() is not None  # decided once: ids of Python and of the system do not compare
        self._seen: frozenset[str] = frozenset()
        self._tasks = self._tasks_now()
        self._left: frozenset[str] = frozenset()
        self._thresholds, self._debug, self._callbacks = gc.get_threshold(), gc.get_debug(), list(gc.callbacks)
        self._froze = False
        os.register_at_fork(before=self._count_fork)

    def _count_fork(self) -> None:
        self._forks += 1

    def begin(self) -> None:
        """From here on everything that differs is the codec's doing: to be called once more before its import."""
        self._callbacks = list(gc.callbacks)
        self._tasks, self._left = self._tasks_now(), frozenset()

    def noticed(self, *, collecting: bool) -> list[tuple[str, str]]:
        """What the codec has done since it was last asked, as names and words, all of it put back as far as it goes.

        Args:
            collecting: whether the collector is meant to be on.
        """
        found = [
            ("moves-descriptors", self._descriptors()),
            ("prints", self._prints()),
            ("starts-threads", self._threads()),
            ("starts-processes", self._processes()),
            ("changes-collector", self._collector(collecting=collecting)),
        ]
        return [(name, words) for name, words in found if words]

    def look_for_frozen(self, before: int) -> None:
        """Notes whether a codec has put objects out of the collector's sight; to count them takes long.

        Args:
            before: how many were frozen before it could.
        """
        self._froze = self._froze or gc.get_freeze_count() > before

    @property
    def busy(self) -> bool:
        """Whether threads or child processes of the codec were there when it was last asked what it had done."""
        return bool(self._left) or self._children

    def _descriptors(self) -> str:
        moved = [standard for standard in (0, 1, 2) if _identity(standard) != self._identities[standard]]
        for standard in moved:
            dup2(self._kept[standard], standard)
        names = []
        for standard, (now, own) in enumerate(zip(_streams(), self._streams, strict=True)):
            closed = _closed(own)
            if closed:
                self._streams[standard] = _opened(standard)
            if closed or now is not own:
                setattr(sys, _STREAMS[standard], self._streams[standard])
                names.append(f"sys.{_STREAMS[standard]}")
        which = ", ".join([*map(str, moved), *names])
        return f"It closed or redirected {which}" if which else ""

    def _prints(self) -> str:
        with contextlib.suppress(Exception):  # whatever a codec has made of the stream
            sys.stdout.flush()
        size = fstat(self._printed).st_size
        if not size:
            return ""
        begin = pread(self._printed, _SHOWN, 0).decode(errors="replace")
        ftruncate(self._printed, 0)
        lseek(self._printed, 0, SEEK_SET)
        return f"It printed {size:,} bytes to standard output, beginning with {begin!r}"

    def _threads(self) -> str:
        known = self._tasks | self._left
        deadline = monotonic() + _SETTLE_SECONDS
        while (now := self._tasks_now()) - known and monotonic() < deadline:
            sleep(_LOOK_SECONDS)
        self._left = now - self._tasks
        some = "a thread" if len(self._left) == 1 else f"{len(self._left)} threads"
        return f"It left {some} running" if self._left else ""

    def _tasks_now(self) -> frozenset[str]:
        """Ids of this process's threads; as they last were where they cannot be listed any more."""
        now = _tasks_listed() if self._listed else _tasks_of_python()
        self._seen = self._seen if now is None else now
        return self._seen

    def _processes(self) -> str:
        forks, self._forks = self._forks, 0
        before, self._children = self._children, _has_children()
        reaped, self._reaped = _reaped() != self._reaped, _reaped()
        if self._children:
            return "It left child processes behind"
        return "It started child processes" if forks or (reaped and not before) else ""

    def _collector(self, *, collecting: bool) -> str:
        changed = []
        if gc.isenabled() != collecting:
            (gc.enable if collecting else gc.disable)()
            changed.append(f"switched it {'off' if collecting else 'on'}")
        if gc.get_threshold() != self._thresholds:
            changed.append(f"set its thresholds to {gc.get_threshold()}")
            gc.set_threshold(*self._thresholds)
        if gc.get_debug() != self._debug:
            gc.set_debug(self._debug)
            changed.append("set its debug flags")
        if gc.callbacks != self._callbacks:
            gc.callbacks[:] = self._callbacks
            changed.append("changed its callbacks")
        if self._froze:
            self._froze = False
            changed.append("froze what was alive")
        return f"It changed the garbage collector: {', '.join(changed)}" if changed else ""


def captured_output() -> int:
    """A file in memory for what a codec prints; where the system has none, a temporary one without a name."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("serbench-printed")
    with tempfile.TemporaryFile() as file:
        return dup(file.fileno())


def _identity(descriptor: int) -> tuple[int, int]:
    try:
        found = fstat(descriptor)
    except OSError:
        return (-1, -1)
    return found.st_dev, found.st_ino


def _streams() -> list[Any]:
    """The standard streams; a codec may have taken one away altogether."""
    return [getattr(sys, name, None) for name in _STREAMS]


def _closed(stream: Any) -> bool:
    try:
        return bool(stream is not None and stream.closed)
    except ValueError:  # its buffer was detached
        return True


def _opened(standard: int) -> Any:
    """A stream in the place of one that was closed, which did not close its descriptor."""
    line_by_line = 1 if standard == 2 else -1
    mode = "w" if standard else "r"
    return open(standard, mode, line_by_line, encoding="utf-8", errors="backslashreplace", closefd=False)


def _tasks_listed() -> frozenset[str] | None:
    """Ids of this process's threads, those that Python does not know of included; None where they cannot be listed."""
    with contextlib.suppress(OSError):  # another system, or a codec has taken all descriptors
        return frozenset(task.name for task in _TASKS.iterdir())
    return None


def _tasks_of_python() -> frozenset[str]:
    """Idents of the threads that Python knows of."""
    return frozenset(str(thread.ident) for thread in threading.enumerate())


def _has_children() -> bool:
    """Whether there are child processes that go on running. Ended ones are reaped."""
    with contextlib.suppress(ChildProcessError):
        while waitpid(-1, WNOHANG) != (0, 0):
            pass
        return True
    return False


def _reaped() -> int:
    """Changes when a child process has been waited for."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt
