"""Slowness put in on purpose: what is to be caught must be known. The gate's own test and its experiment use it."""

from __future__ import annotations

from itertools import cycle, repeat
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def burdened(call: Callable[[Any], Any], loops: Sequence[int]) -> Callable[[Any], Any]:
    """The same call with idle turns of a loop behind it.

    Args:
        call: what is slowed down.
        loops: turns behind each call, one number after the other and then from the start again. Zeros add nothing but
            the frame that all burdened calls have: a burden is held against another burden, never against none.
    """
    following = cycle(loops)

    def slower(argument: Any) -> Any:
        result = call(argument)
        for _ in repeat(None, next(following)):
            pass
        return result

    return slower
