"""The processes that a codec is checked in: started when first asked, again after a death, bounded in time."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.conformance.limits import PROCESSOR_SECONDS
from serbench.errors import Interrupted
from serbench.harness.link import Link, LinkFailure, Stopped
from serbench.sides.base import Launch

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.harness.inbox import Answer

SILENCE_SECONDS = 30.0
"""Wall time without a sign of life."""

MOST_SECONDS = 120.0
"""Wall time of one request; processor time is bounded more tightly by the process itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inside(Launch):
    """Starts the program that codecs are checked in."""

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-P", "-m", "serbench.conformance.inside"]


class Died(Exception):
    """The process of a codec has ended, by itself or because it took too long. The text says how, and in which step."""


def _how(failure: LinkFailure) -> Died:
    how = str(failure).removesuffix(" (--timeout)")
    if how.startswith("killed by SIGPROF"):
        how = how.replace("killed by SIGPROF", f"no end within {PROCESSOR_SECONDS:g} s of processor time", 1)
    return Died(how)


class Process:
    """A process for one codec, or for looking at a file.

    Args:
        stop: whether somebody asked for the end.
        opening: the request that comes first in each new process; empty: none.
        hash_seed: its PYTHONHASHSEED.
    """

    def __init__(self, stop: Callable[[], bool], opening: dict[str, Any], hash_seed: int = 0) -> None:
        self._stop = stop
        self._opening = opening
        self._hash_seed = hash_seed
        self._link: Link | None = None

    def ask(self, **request: Any) -> Answer:
        """The answer to a request.

        Raises:
            Died: the process did not live to give it, or took too long; it is gone.
            WorkerFailure: it cannot be done.
            Interrupted: somebody asked for the end.
        """
        deadline = time.monotonic() + MOST_SECONDS

        def over() -> bool:
            return self._stop() or time.monotonic() > deadline

        try:
            return self._open(over).ask(request, patience=SILENCE_SECONDS, stop=over)
        except LinkFailure as failure:
            self._link = None
            raise _how(failure) from None
        except Stopped:
            self.close()
            if self._stop():
                raise Interrupted("stopped before the codec was checked") from None
            raise Died(f"no end within {MOST_SECONDS:g} s; killed") from None

    def _open(self, over: Callable[[], bool]) -> Link:
        if self._link is None:
            link = Link(on=frozenset(), hash_seed=self._hash_seed, launch=_Inside())
            try:
                if self._opening:
                    link.ask(self._opening, patience=SILENCE_SECONDS, stop=over)
            except BaseException:
                link.kill()
                raise
            self._link = link
        return self._link

    def close(self) -> None:
        """Ends the process, if there is one."""
        if self._link is not None:
            self._link.kill()
            self._link = None
