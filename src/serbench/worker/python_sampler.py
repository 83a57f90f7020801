"""The sampler in Python: it reads the clock around every call. `serbench.worker.sampler` describes the interface.

A codec may fork inside a timed call and return in the child as well, which would then go on calling and fork again at
every call. So a child finds the arguments in hand dropped, which ends the loop over them, and then ends itself.
"""

from __future__ import annotations

import os
import resource
from contextlib import contextmanager
from os import getpid
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterable, Iterator

    Int64s = array[int] | memoryview[int]

NAME = "python"

_CALLS_PER_STRETCH = 64
_NS_PER_STRETCH = 500_000
_THREAD = getattr(resource, "RUSAGE_THREAD", None)  # macOS has none

# The arguments of every loop under way, by their id: several threads may sample at once.
_in_hand: dict[int, list[Any]] = {}


def _drop() -> None:
    """In a forked child: no loop finds another argument."""
    for arguments in _in_hand.values():
        arguments.clear()


os.register_at_fork(after_in_child=_drop)


def chain(first: Callable[[Any], Any], second: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Two steps as one callable of one argument."""
    return lambda argument, /: second(first(argument))


def singles(call: Callable[[Any], Any], arguments: Iterable[Any], times: Int64s, marks: Int64s, /) -> int:
    """Times calls one by one. The release of a result lies inside the timed region."""
    clock = perf_counter_ns
    with _held(arguments) as held:
        _check("times", times, exactly=2 * len(held))
        _check("marks", marks, at_least=2 * (len(held) + 1))
        at, pairs = 0, _mark(marks, 0, 0)
        stretch, since = 2 * _CALLS_PER_STRETCH, clock()
        for argument in held:
            start = clock()
            call(argument)
            end = clock()
            times[at] = start
            times[at + 1] = end
            at += 2
            if at == stretch or end - since >= _NS_PER_STRETCH:
                pairs = _mark(marks, pairs, at // 2)
                stretch, since = at + 2 * _CALLS_PER_STRETCH, clock()
        if stretch < at + 2 * _CALLS_PER_STRETCH:  # calls were made since the last mark
            pairs = _mark(marks, pairs, at // 2)
    return pairs


def batch(call: Callable[[Any], Any], arguments: Iterable[Any], /) -> int:
    """Times calls as a whole, with no clock in between."""
    clock = perf_counter_ns
    with _held(arguments) as held:
        start = clock()
        for argument in held:
            call(argument)
        return clock() - start


def lead_in(
    call: Callable[[Any], Any], arguments: Iterable[Any], at_least_ns: int, at_least_calls: int, limit_ns: int, /
) -> int:
    """Calls that are no samples: until both minima are reached, or the limit is."""
    clock = perf_counter_ns
    made = 0
    with _held(arguments) as held:
        start = clock()
        for argument in held:
            passed = clock() - start
            if passed >= limit_ns or (made >= at_least_calls and passed >= at_least_ns):
                break
            call(argument)
            made += 1
    return made


def readings(times: Int64s, /) -> None:
    """Fills the buffer with readings of the clock, taken back to back."""
    clock = perf_counter_ns
    _check("times", times)
    for at, reading in enumerate([clock() for _ in range(len(times))]):
        times[at] = reading


@contextmanager
def _held(arguments: Iterable[Any]) -> Iterator[list[Any]]:
    """The arguments as a list of our own, which a callee cannot change; in a child that returned here, the end."""
    held = list(arguments)
    process = getpid()
    _in_hand[id(held)] = held
    try:
        yield held
    finally:
        if getpid() != process:
            os._exit(0)  # whatever was raised: it is not the child that was asked
        del _in_hand[id(held)]


def _mark(marks: Int64s, pairs: int, made: int) -> int:
    """Writes how many calls were made so far, and how often the system took the CPU from this thread."""
    if _THREAD is None:
        return 0
    marks[2 * pairs] = made
    marks[2 * pairs + 1] = resource.getrusage(_THREAD).ru_nivcsw
    return pairs + 1


def _check(name: str, buffer: Int64s, *, exactly: int | None = None, at_least: int = 0) -> None:
    """Refuses a buffer that cannot take what is written to it."""
    view = memoryview(buffer)
    if view.readonly:
        raise ValueError(f"{name} is read-only")
    if not (view.ndim == 1 and view.c_contiguous and view.itemsize == 8 and view.format in ("q", "l")):
        raise ValueError(f"{name} is no contiguous buffer of signed 8-byte integers")
    if exactly is not None and len(view) != exactly:
        raise ValueError(f"{name} has room for {len(view)} integers instead of {exactly}")
    if len(view) < at_least:
        raise ValueError(f"{name} has room for {len(view)} integers instead of at least {at_least}")
