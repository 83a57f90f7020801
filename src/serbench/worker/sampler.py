"""The sampler in Python: reads the clock around every call. `singles` and `batch` are the interface of every sampler.

The release of a call's result lies inside the timed region: to free a decoded document costs its user time as well.
"""

from __future__ import annotations

from itertools import pairwise
from math import gcd
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Sequence

NAME = "python"


def singles(call: Callable[[Any], Any], arguments: Sequence[Any], samples: array[int]) -> int:
    """Times calls one by one.

    Args:
        call: what is timed; called with one argument.
        arguments: one per call.
        samples: as long as arguments; receives ns per call.

    Returns:
        ns from the first reading of the clock to the last, the clock's own cost included.
    """
    clock = perf_counter_ns
    begin = clock()
    for index, argument in enumerate(arguments):
        start = clock()
        call(argument)
        samples[index] = clock() - start
    return clock() - begin


def batch(call: Callable[[Any], Any], arguments: Sequence[Any]) -> int:
    """Times calls as a whole, with no clock in between.

    Returns:
        ns for all of them, the loop included.
    """
    clock = perf_counter_ns
    start = clock()
    for argument in arguments:
        call(argument)
    return clock() - start


def lead_in(
    call: Callable[[Any], Any], arguments: Sequence[Any], at_least_ns: int, at_least_calls: int, limit_ns: int
) -> int:
    """Calls that are no samples: until both minima are reached, or the limit is.

    Returns:
        how many calls were made; at most as many as there are arguments.
    """
    clock = perf_counter_ns
    start = clock()
    made = 0
    for argument in arguments:
        passed = clock() - start
        if passed >= limit_ns or (made >= at_least_calls and passed >= at_least_ns):
            break
        call(argument)
        made += 1
    return made


def clock_step_ns() -> int:
    """The step that the clock is seen to take, in ns.

    Where it stands still between readings at times, that is the smallest difference. Where it never does, a step is
    shorter than a reading takes: then it is the largest of which all differences are multiples.
    """
    readings = [perf_counter_ns() for _ in range(2000)]
    differences = {after - before for before, after in pairwise(readings)}
    return min(differences - {0}, default=1) if 0 in differences else gcd(*differences)
