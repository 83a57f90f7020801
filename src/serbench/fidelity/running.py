"""Examines codecs: one process for each, a new one after each death, each bounded in time and memory."""

from __future__ import annotations

import contextlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from serbench.errors import Interrupted, WorkerFailure
from serbench.fidelity.limits import PROCESSOR_SECONDS
from serbench.fidelity.probes import PROBES
from serbench.harness import strays
from serbench.harness.link import Link, LinkFailure, Stopped
from serbench.records.fidelity import Fidelity, Outcome, Probed
from serbench.sides.base import Launch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.harness.inbox import Answer
    from serbench.records.cases import CodecInfo

_Found = TypeVar("_Found")

PATIENCE_SECONDS = 60.0
"""Wall time without a sign of life; processor time is bounded more tightly by the process itself."""

MOST_AT_ONCE = 4
_LONGEST_WORDS = 120
_TIME_OVER = "killed by SIGPROF"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inside(Launch):
    """Starts the program that codecs are examined in."""

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-P", "-m", "serbench.fidelity.inside"]


class Died(Exception):
    """The process of a codec has ended.

    Attributes:
        hung: whether it had to be ended.
        doing: the step that it was in.
    """

    def __init__(self, failure: LinkFailure, doing: str) -> None:
        words = str(failure)
        self.hung = words.startswith((_TIME_OVER, "no answer"))
        self.doing = doing
        if words.startswith(_TIME_OVER):
            words = f"no end within {PROCESSOR_SECONDS:g} s of processor time during {doing}; killed"
        words = words.removesuffix(" (--timeout)")
        super().__init__(words if len(words) <= _LONGEST_WORDS else f"{words[: _LONGEST_WORDS - 3]}...")


class Process:
    """The process of a codec: started when it is first asked something, and again after its death.

    Args:
        info: the codec.
        stop: whether somebody asked for the end.
    """

    def __init__(self, info: CodecInfo, stop: Callable[[], bool]) -> None:
        self._info = info
        self._stop = stop
        self._link: Link | None = None
        self._unusable = ""

    def ask(self, **request: Any) -> Answer:
        """The answer to a request.

        Raises:
            Died: the process did not live to give it.
            WorkerFailure: it cannot be done.
            Interrupted: somebody asked for the end.
        """
        link = self._link or self._open()
        try:
            return link.ask(request, patience=PATIENCE_SECONDS, stop=self._stop)
        except LinkFailure as failure:
            self._link = None
            raise Died(failure, failure.link.doing) from None
        except Stopped:
            raise _stopped() from None

    def _open(self) -> Link:
        """A new process with the codec in it. What could not be opened once is not tried again."""
        if self._unusable:
            raise WorkerFailure(self._unusable)
        self._link = link = Link(on=frozenset(), hash_seed=0, launch=_Inside())
        request = {"do": "open", "source": self._info.source, "codec": self._info.name}
        try:
            link.ask(request, patience=PATIENCE_SECONDS, stop=self._stop)
        except WorkerFailure as failure:
            self.close()
            self._unusable = f"it could not be made ready: {failure}"
            raise WorkerFailure(self._unusable) from None
        except Stopped:
            raise _stopped() from None
        return link

    def close(self) -> None:
        """Ends the process, if there is one."""
        if self._link is not None:
            self._link.kill()
            self._link = None


def _stopped() -> Interrupted:
    return Interrupted("stopped before the codecs were examined")


def each(
    codecs: Sequence[CodecInfo],
    examine: Callable[[CodecInfo, Process], _Found],
    *,
    stop: Callable[[], bool] = lambda: False,
    told: Callable[[str], None] = lambda _: None,
) -> list[_Found]:
    """Examines codecs, a few at a time, each with a process of its own.

    Args:
        codecs: who.
        examine: how; it is called in threads.
        stop: whether somebody asked for the end.
        told: is told the name of each that is done.

    Raises:
        Interrupted: somebody asked for the end.
    """

    def one(info: CodecInfo) -> _Found:
        with contextlib.closing(Process(info, stop)) as process:
            found = examine(info, process)
        told(info.name)
        return found

    try:
        with ThreadPoolExecutor(at_once(len(codecs))) as pool:
            return list(pool.map(one, codecs))
    finally:
        strays.end(())


def at_once(codecs: int) -> int:
    """How many codecs are examined at a time."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(MOST_AT_ONCE, cores, codecs))


def fidelity(info: CodecInfo, process: Process) -> Fidelity:
    """What comes back of every probe."""
    probed: list[Probed] = []
    for probe in PROBES:
        try:
            answer = process.ask(do="probe", probe=probe.name)
        except Died as death:
            probed.append(Probed(probe=probe.name, outcome=Outcome.CRASHED, words=str(death)))
        except WorkerFailure as failure:
            probed.append(Probed(probe=probe.name, outcome=Outcome.UNTRIED, words=str(failure)))
        else:
            names = ("outcome", "words", "undeclared")
            told = {name: answer[name] for name in names}
            probed.append(Probed(probe=probe.name, **told | {"outcome": Outcome(told["outcome"])}))
    return Fidelity(codec=info.name, probed=tuple(probed))
