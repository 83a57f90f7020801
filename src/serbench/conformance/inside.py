"""The program that a codec is checked in: it answers one request at a time and may die of any.

It speaks as the workers that measure do, in JSON lines, with verbs of its own:

    {"do": "look", "source": module or file}
        -> {"is": "looked", "broken": text, "line": n}
    {"do": "open", "source": module or file, "codec": name}
        -> {"is": "opened"}
    {"do": "check", "check": name, "large": whether with large messages, "file": for what one process leaves another}
        -> {"is": "checked", "findings": [[where, what], ...], "told": text, "untried": text}
    any of them
        -> {"is": "failed", "reason": text}
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.conformance import fresh, kept, looking, pace, samples, steady, together, trips
from serbench.conformance.hand import Found
from serbench.conformance.limits import PROCESSOR_SECONDS, ROOM_BYTES
from serbench.worker import answering, bounds, describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.codecs.base import Codec
    from serbench.conformance.hand import Hand
    from serbench.worker.answering import Answers
    from serbench.worker.guard import Guard
    from serbench.worker.protocol import Channel


class Inside:
    """Holds the codec.

    Args:
        channel: the protocol's private end.
        watch: notices what the codec does to the process.
    """

    def __init__(self, channel: Channel, watch: Guard) -> None:
        self._channel = channel
        self._guard = watch
        self._codec: Codec
        self._noticed: list[str] = []

    def answers(self) -> Answers:
        """What is done at each verb, each bounded."""
        bounded = bounds.ending(PROCESSOR_SECONDS)
        return {"look": bounded(self._look), "open": bounded(self._open), "check": bounded(self._check)}

    def _at(self, step: str) -> None:
        answering.at(self._channel, step)

    def _look(self, request: dict[str, Any]) -> dict[str, Any]:
        self._at(f"import of {request['source']}")
        return {"is": "looked", **looking.look(request["source"])}

    def _open(self, request: dict[str, Any]) -> dict[str, Any]:
        self._at(f"import of {request['source']}")
        self._guard.begin()
        self._codec = next(one for one in describe.load(request["source"]) if one.name == request["codec"])
        self._noticed = self._own_doing()
        bounds.leave_room(ROOM_BYTES)
        return {"is": "opened"}

    def _check(self, request: dict[str, Any]) -> dict[str, Any]:
        checks: dict[str, Callable[[], Found]] = {
            "contract": lambda: trips.contract(self._codec, self._at),
            "process": self._process,
            "round-trip": lambda: trips.round_trip(self._codec, self._at, large=request["large"]),
            "read": lambda: trips.read(self._codec, self._at, large=request["large"]),
            "written": lambda: trips.write(self._codec, self._at, Path(request["file"])),
            "other-process": lambda: trips.other_process(self._codec, self._at, Path(request["file"])),
            "bind": lambda: pace.bind(self._codec, self._at),
            "fresh": lambda: fresh.fresh(self._codec, self._at),
            "pace": lambda: pace.pace(self._codec, self._at),
            "memory": lambda: kept.memory(self._codec, self._at),
            "order": lambda: steady.order(self._codec, self._at),
            "threads": lambda: together.threads(self._codec, self._at),
        }
        found = checks[request["check"]]()
        findings = [[finding.where, finding.what] for finding in found.findings]
        return {"is": "checked", "findings": findings, "told": found.told, "untried": found.untried}

    def _process(self) -> Found:
        """What the codec has done to its process while it was imported, and while it works."""
        found = Found()
        for what in self._noticed:
            found.add("while it was imported", what)

        def work(hand: Hand) -> None:
            for index, instance in enumerate(hand.payload.instances):
                hand.load(hand.dump(instance, index), index)

        payloads = [samples.generated(name, seed=1, count=2) for name in samples.STEADY]
        found.over(self._codec, payloads, self._at, work)
        for what in self._own_doing():
            found.add("while it worked", what)
        return found

    def _own_doing(self) -> list[str]:
        """What the codec has done to the process. Threads of native libraries, which wait for work, are not its own."""
        noticed = self._guard.noticed(collecting=True)
        alone = len(sys._current_frames()) == 1  # noqa: SLF001 - it knows threads that `threading` does not
        return [what[:1].lower() + what[1:] for name, what in noticed if not (alone and name == "starts-threads")]


if __name__ == "__main__":
    answering.serve(lambda channel, watch: Inside(channel, watch).answers())
