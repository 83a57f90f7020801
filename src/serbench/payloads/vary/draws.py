"""The chance behind one further instance, and what is decided once for all of it.

As in generated payloads everything comes from `Random.random` and `getrandbits`: the same seed gives the same bytes on
every machine.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence
    from random import Random

_T = TypeVar("_T")
_Number = TypeVar("_Number", int, float)

MANY = 8
"""So many values tell what their place holds: new ones lie between those that are next to each other."""

_OFTEN = 4
_EXACT = 1 << 50


class Turn:
    """One further instance that is being made.

    Args:
        rng: the source of chance.
        table: for `str.translate`: what each letter and digit becomes.

    Attributes:
        made: what became of numbers and times so far, by type and value: equal ones stay equal.
    """

    __slots__ = ("made", "rng", "table")

    def __init__(self, rng: Random, table: dict[int, str]) -> None:
        self.rng = rng
        self.table = table
        self.made: dict[type, dict[Any, Any]] = {int: {}, float: {}, str: {}, tuple: {}}


def few_valued(counts: Counter[Any]) -> bool:
    """Whether these are all the values that there are, as of a state: `MANY` or more, each four times on average."""
    total = counts.total()
    return total >= MANY and total >= _OFTEN * len(counts)


def pick(rng: Random, values: Sequence[_T]) -> _T:
    """One of these."""
    return values[int(rng.random() * len(values))]


def number(rng: Random, low: int, count: int) -> int:
    """One of `count` integers from `low` on."""
    if count < _EXACT:
        return low + int(rng.random() * count)
    bits = count.bit_length() + 32
    return low + (rng.getrandbits(bits) * count >> bits)


def shuffled(rng: Random, values: Sequence[_T]) -> list[_T]:
    """These in another order."""
    return sorted(values, key=lambda _: rng.random())


def beside(ordered: Sequence[_T], index: int) -> tuple[_T, _T]:
    """What stands before and after an index; at an end, what stands there itself."""
    return ordered[max(index - 1, 0)], ordered[min(index + 1, len(ordered) - 1)]


def near(turn: Turn, ordered: Sequence[_Number], value: _Number) -> _Number:
    """One of few values in place of one: itself or one beside it, the same throughout an instance.

    Args:
        turn: the instance.
        ordered: all that the place has, in order.
        value: one of them.
    """
    made = turn.made[tuple]
    key = id(ordered), value
    if key not in made:
        made[key] = pick(turn.rng, (value, *beside(ordered, bisect_left(ordered, value))))
    found: _Number = made[key]
    return found
