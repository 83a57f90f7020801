"""What else went on while something was measured: other programs, interrupts and the hypervisor.

Other programs' time is what the kernel counted as busy on a core, less what the run's own processes took. `/proc/stat`
is assumed to show the machine, or the virtual machine, whose core numbers pinning uses: so it does in containers of
Docker and Kubernetes. Where it is the container's own (LXCFS), programs outside of it are not seen. Where it counts
nothing (gVisor), nothing is said. Time stolen by the hypervisor is no other program's; it is told apart.

The kernel counts in ticks, and cuts off each of the counters that are added here: a difference was found to be off by
up to two ticks (20 ms), whatever time it spans.
"""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from serbench.harness.machine import text
from serbench.records.samples import Disturbance
from serbench.units import NS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

FOREIGN_SHARE = 0.03
"""Of the measuring core: a program that wakes up every 2 to 5 ms for so much moved the median of blocks of 2 ms by 4 to
8 %, and p99.9 of calls of 4 us from 20 to 52 and 86 us. A quiet core reads 0 to 1.1 % over a second."""

STEAL_SHARE = 0.02
"""Of all usable cores: it may all be the measuring one's, and is twice as much there where two cores are usable. A
quiet virtual machine read 0.04 % over hours, and 0.5 % at the most over a second."""

PRESSURE_SHARE = 0.1
"""Tells of the measuring core only where nothing better does: it also rises to 50 % where two programs share another
core, which changed no call's time. Another program that takes 5 % of the measuring core makes it 5 to 9 %."""

_LEAST_TICKS = 10  # spans that are shorter: two ticks would be over a fifth of them
_TICKS_TO_TELL = 3  # what other programs took: more than counting in ticks makes up
_TICKS = os.sysconf("SC_CLK_TCK")  # per second
_BUSY = (0, 1, 2, 5, 6)  # user, nice, system, irq, softirq; a guest's time is part of user
_STEAL = 7
_SHOWN = 0.005  # shares that are shown as 1 % or more
_SHOWN_CORES = 0.05  # and 0.1 cores


def processor_ns(pid: int) -> int:
    """Processor time of a process so far, of all its threads, also those that have ended.

    This is what `clock_getcpuclockid` of POSIX leads to, in 0.4 us and up to date: `/proc/PID/task/*/schedstat` takes
    thirty times as long and forgets threads that have ended; `/proc/PID/stat` counts in ticks.

    Raises:
        OSError: there is no such process, or no such clock on this system.
    """
    return time.clock_gettime_ns((~pid << 3) | 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What the counters stood at.

    Attributes:
        wall_ns: monotonic.
        busy: ticks by core; empty where the kernel does not say.
        steal: the same, of the hypervisor.
        own: ns by process.
        pressure_us: how long something had to wait; None where the kernel does not say.
    """

    wall_ns: int
    busy: dict[int, int]
    steal: dict[int, int]
    own: dict[int, int]
    pressure_us: int | None


class Watch:
    """Tells what else went on between `begin` and `end`.

    The processes that both are given do the run's work on the measuring core, this process does its part on the others.
    Without a measuring core all of them are anywhere.

    Args:
        root: where `proc` is looked for; without it, as on macOS, nothing is known and nothing raises.
        measuring_core: the one that measures; None where nothing is pinned: all usable cores take its place.
        usable: the cores that the run may use, as they were before anything was pinned.
        processor: ns that a process took so far.
        wall: monotonic ns.
    """

    def __init__(
        self,
        root: Path,
        measuring_core: int | None,
        usable: frozenset[int],
        *,
        processor: Callable[[int], int] = processor_ns,
        wall: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._root = root
        self._usable = usable
        self._pinned = measuring_core is not None
        self._measuring = usable if measuring_core is None else frozenset({measuring_core})
        self._processor = processor
        self._wall = wall
        self._before: _Reading | None = None

    def begin(self, pids: Iterable[int]) -> None:
        """Reads the counters.

        Args:
            pids: processes that do the run's work, without this one.
        """
        self._before = self._read(pids)

    def end(self, pids: Iterable[int]) -> Disturbance:
        """Reads them again and says what others took in between; nothing is known where nothing was begun.

        Args:
            pids: as for `begin`. One that is new counts from its start, one that has gone as it was last read.
        """
        before, after = self._before, self._read(pids)
        if before is None or (wall := (after.wall_ns - before.wall_ns) / NS_PER_SECOND) <= 0:
            return Disturbance()
        foreign, elsewhere = self._foreign(before, after, wall)
        steal = _spent(before.steal, after.steal, self._usable)
        long_enough = wall * _TICKS >= _LEAST_TICKS
        found = Disturbance(
            foreign_cpu=foreign if long_enough else None,
            foreign_cpu_elsewhere=elsewhere if long_enough else None,
            steal=_share(steal, wall * len(self._usable)) if long_enough else None,
            pressure=_share(_waited(before, after), wall),
        )
        return replace(found, disturbed=self._too_much(found, wall))

    def _foreign(self, before: _Reading, after: _Reading, wall: float) -> tuple[float | None, float | None]:
        """What others took of the measuring core, as a share, and of the other cores, in cores."""
        own = {pid: (ns - before.own.get(pid, 0)) / NS_PER_SECOND for pid, ns in after.own.items()}
        everywhere = _spent(before.busy, after.busy, self._usable)
        if everywhere is None or os.getpid() not in own or _contradicted(everywhere, sum(own.values())):
            return None, None
        if not self._pinned:
            return _share(everywhere - sum(own.values()), wall * len(self._usable)), None
        here = own.pop(os.getpid())
        others = self._usable - self._measuring
        busy, beside = (_spent(before.busy, after.busy, cores) for cores in (self._measuring, others))
        share = None if busy is None else _share(busy - sum(own.values()), wall)
        return share, None if beside is None or not others else max(0.0, beside - here) / wall

    def _too_much(self, found: Disturbance, wall: float) -> bool:
        if (found.steal or 0) > STEAL_SHARE:
            return True
        if found.foreign_cpu is not None:
            ticks = found.foreign_cpu * wall * len(self._measuring) * _TICKS
            return found.foreign_cpu > FOREIGN_SHARE and ticks > _TICKS_TO_TELL
        return self._pinned and (found.pressure or 0) > PRESSURE_SHARE  # else worker and orchestrator wait themselves

    def _read(self, pids: Iterable[int]) -> _Reading:
        busy: dict[int, int] = {}
        steal: dict[int, int] = {}
        with contextlib.suppress(OSError, ValueError, IndexError):
            for core, counters in _counters(text(self._root / "proc/stat")):
                if core in self._usable:
                    busy[core] = sum(counters[field] for field in _BUSY)
                    steal[core] = counters[_STEAL]
        return _Reading(
            wall_ns=self._wall(),
            busy=busy,
            steal=steal,
            own=self._own(pids) if busy else {},
            pressure_us=_pressure(self._root),
        )

    def _own(self, pids: Iterable[int]) -> dict[int, int]:
        own = {}
        for pid in (os.getpid(), *pids):
            with contextlib.suppress(OSError):
                own[pid] = self._processor(pid)
        return own


def words(disturbance: Disturbance) -> str:
    """One line for people: `other programs took 34 % of the measuring core; the hypervisor took 2 %`."""
    foreign, elsewhere = disturbance.foreign_cpu, disturbance.foreign_cpu_elsewhere
    where = "all usable cores" if elsewhere is None else "the measuring core"  # unpinned, there is no elsewhere
    parts = []
    if (foreign or 0) >= _SHOWN:
        parts.append(f"other programs took {_percent(foreign)} of {where}")
    if elsewhere is not None and elsewhere >= _SHOWN_CORES:
        parts.append(f"other programs kept {elsewhere:.1f} of the other cores busy")
    if (disturbance.steal or 0) >= _SHOWN:
        parts.append(f"the hypervisor took {_percent(disturbance.steal)}")
    if foreign is None and (disturbance.pressure or 0) >= _SHOWN:
        parts.append(f"something had to wait for a processor for {_percent(disturbance.pressure)} of the time")
    if not parts and foreign is None:
        return "what else went on cannot be read"
    return "; ".join(parts) or "nothing else went on"


def _percent(share: float | None) -> str:
    return f"{(share or 0) * 100:.0f} %"


def _counters(stat: str) -> Iterable[tuple[int, list[int]]]:
    """The cores' numbers and counters in `/proc/stat`: they stand on top, below the line of all of them together."""
    for line in stat.splitlines():
        name, *fields = line.split()
        if not name.startswith("cpu"):
            return
        if name != "cpu":
            yield int(name.removeprefix("cpu")), [int(field) for field in fields]


def _pressure(root: Path) -> int | None:
    with contextlib.suppress(OSError, ValueError):
        some = text(root / "proc/pressure/cpu").splitlines()[:1]
        return int("".join(some).rpartition("total=")[2])
    return None


def _waited(before: _Reading, after: _Reading) -> float | None:
    """Seconds."""
    if before.pressure_us is None or after.pressure_us is None:
        return None
    return (after.pressure_us - before.pressure_us) / 1e6


def _spent(before: dict[int, int], after: dict[int, int], cores: frozenset[int]) -> float | None:
    """Seconds that a counter rose by on these cores together; None where one of them is not counted."""
    if not cores <= before.keys() & after.keys():
        return None
    return sum(after[core] - before[core] for core in cores) / _TICKS


def _share(part: float | None, whole: float) -> float | None:
    return None if part is None or not whole else min(1.0, max(0.0, part / whole))


def _contradicted(busy: float, own: float) -> bool:
    """Whether the kernel counted less than half of what the run itself took: then these counters do not count."""
    return own > 2 * busy + _TICKS_TO_TELL / _TICKS
