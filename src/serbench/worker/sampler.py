"""Samplers: they call, and read the clock around every call. One is in C, `_sampler`, the other in Python.

Both do the same. The one in C puts less of its own into a sample: no step of the interpreter lies between two readings
of the clock, only the call and the release of its result.
"""

from __future__ import annotations

from array import array
from itertools import pairwise
from math import gcd
from typing import TYPE_CHECKING, Any, Protocol

from serbench.worker import python_sampler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from serbench.worker.python_sampler import Int64s

_READINGS = 2000
_ROW = 10
_LONGEST_STEP, _SHORTEST_GRID = 250, 5  # give or take one, nearly everything lies on a shorter grid


class Sampler(Protocol):
    """What a sampler offers; the two modules are the two samplers.

    Whatever a call raises comes out at once. A child that a call forked and that returns ends there, with status 0. The
    arguments may be changed by a callee: those are used that were there at the start. Buffers are writable, contiguous,
    of signed 8-byte integers; any other is a ValueError.
    """

    NAME: str

    def chain(self, first: Callable[[Any], Any], second: Callable[[Any], Any], /) -> Callable[[Any], Any]:
        """Two steps as one callable of one argument: `second(first(argument))`.

        What the first step returned is released after the second one.
        """

    def singles(self, call: Callable[[Any], Any], arguments: Iterable[Any], times: Int64s, marks: Int64s, /) -> int:
        """Times calls one by one.

        The release of a call's result lies inside the timed region: to free a decoded document costs its user time as
        well. So does a collection of the garbage collector that the call has brought about.

        Args:
            call: what is timed; called with one argument.
            arguments: one per call.
            times: receives the start and the end of every call, alternating, as `time.perf_counter_ns` reads them: two
                per argument, no more and no less.
            marks: receives pairs: calls made so far, and involuntary context switches of this thread so far. The first
                pair is from before the first call, then one follows every stretch of calls. A stretch ends after 64
                calls or 500 us, whichever comes first, and after the last call. Two per argument and two more suffice.

        Returns:
            how many pairs were written; 0 where the system does not count switches per thread (macOS).
        """

    def batch(self, call: Callable[[Any], Any], arguments: Iterable[Any], /) -> int:
        """Times calls as a whole, with no clock in between.

        Returns:
            ns for all of them, the loop included.
        """

    def lead_in(
        self,
        call: Callable[[Any], Any],
        arguments: Iterable[Any],
        at_least_ns: int,
        at_least_calls: int,
        limit_ns: int,
        /,
    ) -> int:
        """Calls that are no samples: until both minima are reached, or the limit is.

        Returns:
            how many calls were made; at most as many as there are arguments.
        """

    def readings(self, times: Int64s, /) -> None:
        """Fills the buffer with readings of the clock, taken back to back."""


def load(name: str = "") -> Sampler:
    """The sampler of that name, "native" or "python"; without a name the native one, if it was built.

    Raises:
        RuntimeError: there is no sampler of that name, or it was not built.
    """
    if name not in ("", "native", "python"):
        raise RuntimeError(f"there is no sampler {name!r}, only native and python")
    if name != "python":
        try:
            from serbench.worker import _sampler  # noqa: PLC0415 - built where there is a compiler
        except ImportError as missing:
            if name:
                raise RuntimeError(f"the native sampler was not built: {missing}") from missing
        else:
            return _sampler
    return python_sampler


def clock_step_ns(sampler: Sampler) -> int:
    """The step that the clock is seen to take, in ns.

    Where it stands still between readings at times, that is the smallest difference. Where it never does, a step is
    shorter than a reading takes: then it is the longest one on whose grid readings lie in short rows, give or take a
    nanosecond, for a step of 10.02 ns is rounded; in some rows different numbers of steps apart.
    """
    readings = _readings(sampler)
    differences = [after - before for before, after in pairwise(readings)]
    if 0 in differences:
        return min(set(differences) - {0}, default=1)
    rows = [readings[at : at + _ROW] for at in range(0, len(readings), _ROW)]
    grids = (step for step in range(_LONGEST_STEP, _SHORTEST_GRID, -1) if _on_grid(rows, step))
    return next(grids, gcd(*differences))


def _on_grid(rows: list[list[int]], step: int) -> bool:
    """Whether readings lie on multiples of a step, in all rows but a few: some are interrupted."""
    off, apart = 0, set()
    for row in rows:
        steps = [round((ns - row[0]) / step) for ns in row]
        if any(abs(ns - row[0] - n * step) > 1 for ns, n in zip(row, steps, strict=True)):
            off += 1
            if off > len(rows) // 10:
                return False
        else:
            apart |= {after - before for before, after in pairwise(steps)}
    return len(apart) > 1 and gcd(*apart) == 1


def clock_cost_ns(sampler: Sampler) -> int:
    """What one reading of the clock takes, in ns: the median difference between two that follow each other."""
    readings = _readings(sampler)
    differences = sorted(after - before for before, after in pairwise(readings))
    return differences[len(differences) // 2]


def _readings(sampler: Sampler) -> list[int]:
    times = array("q", bytes(8 * _READINGS))
    sampler.readings(times)
    return times.tolist()
