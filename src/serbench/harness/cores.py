"""Which core measures and which orchestrates."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Cores:
    """The split of the usable cores. Both empty where the system cannot pin or has one core.

    Attributes:
        measuring: the core that workers measure on, as a set of one.
        others: where the orchestrator stays meanwhile.
    """

    measuring: frozenset[int] = frozenset()
    others: frozenset[int] = frozenset()

    @property
    def only(self) -> int | None:
        """The core that measures; None where nothing is pinned."""
        return next(iter(self.measuring), None)

    @property
    def everywhere(self) -> frozenset[int]:
        """All of them: where workers get ready while nothing is measured."""
        return self.measuring | self.others


def split() -> Cores:
    """The last usable core measures: the first one is where systems put their interrupts."""
    if not hasattr(os, "sched_getaffinity"):
        return Cores()
    *others, last = sorted(os.sched_getaffinity(0))
    return Cores(measuring=frozenset({last}), others=frozenset(others)) if others else Cores()


def usable() -> frozenset[int]:
    """Cores that this process may use; empty where the system does not tell."""
    return frozenset(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else frozenset()


def pin(pid: int, cores: frozenset[int]) -> None:
    """Moves a process to these cores; nothing happens for an empty set or a process that has gone."""
    if cores:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(pid, cores)


@contextlib.contextmanager
def aside(cores: Cores) -> Iterator[None]:
    """Keeps this process off the measuring core, and puts it back afterwards."""
    if not cores.others:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores.others)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
