"""The garbage collector while a case is measured: its state, and when it ran."""

from __future__ import annotations

import contextlib
import gc
from array import array
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.records.cases import Gc


class Collections:
    """Notes the start and the end of every collection while it is asked to.

    Attributes:
        times: int64: start and end of each, alternating, in ns of the samplers' clock.
    """

    def __init__(self) -> None:
        self.times = array("q")
        self._noting = False
        self._started = 0
        gc.callbacks.append(self._note)

    def _note(self, phase: str, _info: dict[str, Any]) -> None:
        now = perf_counter_ns()
        if phase == "start":
            self._started = now
        elif self._noting and self._started:
            self.times.append(self._started)
            self.times.append(now)

    @contextlib.contextmanager
    def noted(self) -> Iterator[None]:
        """Collections in here are noted; what was noted before is dropped."""
        self.times = array("q")
        self._noting = True
        try:
            yield
        finally:
            self._noting = False


@contextlib.contextmanager
def collecting(state: Gc) -> Iterator[None]:
    """The collector on, off, or on with everything alive now out of its sight; on afterwards."""
    if state == "frozen":
        gc.freeze()
    (gc.disable if state == "off" else gc.enable)()
    try:
        yield
    finally:
        gc.enable()
