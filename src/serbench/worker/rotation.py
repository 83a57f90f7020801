"""Rotation over instances: call i of a case in a worker uses instance i mod n, carried on from block to block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


class Rotation:
    """Hands out the next arguments, in turn.

    Args:
        arguments: one per instance.
        start: the instance that is first.

    Attributes:
        next: the instance whose turn is next.
    """

    def __init__(self, arguments: Sequence[Any], start: int = 0) -> None:
        self._arguments = list(arguments)
        self.next = start % len(self._arguments)

    def take(self, calls: int) -> list[Any]:
        """The next arguments, as many as asked for. References are copied, nothing else."""
        n = len(self._arguments)
        repeats = (self.next + calls + n - 1) // n
        taken = (self._arguments * repeats)[self.next : self.next + calls]
        self.next = (self.next + calls) % n
        return taken

    def give_back(self, calls: int) -> None:
        """The last of what was taken was not used."""
        self.next = (self.next - calls) % len(self._arguments)
