"""Turns Ctrl-C and SIGTERM into a wish that is looked at between blocks."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType


class Hurry(BaseException):
    """A second wish for the end. Nothing on the way takes it for an error."""


class Stop:
    """Whether somebody asked for the end; a second time is not so patient."""

    def __init__(self) -> None:
        self.wished = False

    def __call__(self) -> bool:
        """Whether somebody asked for the end."""
        return self.wished

    def listen(self) -> None:
        """From now on the two signals are wishes."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._hear)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        if self.wished:
            raise Hurry
        self.wished = True
