"""Turns Ctrl-C, SIGTERM and a terminal that is closed into a wish that is looked at between blocks."""

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
        """From now on the signals are wishes. What `nohup` has ignored stays so."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._hear)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._hang_up)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        if self.wished:
            raise Hurry
        self.wished = True

    def _hang_up(self, _number: int, _frame: FrameType | None) -> None:
        """One closed terminal may be told by the shell and by the system: that is no second wish."""
        self.wished = True
