"""The program that a codec is examined in: it answers one request at a time and may die of any.

It speaks as the workers that measure do, in JSON lines, with verbs of its own:

    {"do": "open", "source": module or file, "codec": name}
        -> {"is": "opened"}
    {"do": "probe", "probe": name}
        -> {"is": "probed", "outcome": ..., "words": text, "undeclared": text}
    {"do": "attack", "seed": n, "first": n, "count": n, "seconds": f, "notes": path}
        -> {"is": "attacked", "next": n, "refused": n, "decoded": n, "harmed": [harm, words, made, index, base64]}
    {"do": "input", "data": base64}
        -> {"is": "fed", "harm": name or empty, "words": text}
    any of them
        -> {"is": "failed", "reason": text}
"""

from __future__ import annotations

import base64
import contextlib
import os
import resource
from typing import TYPE_CHECKING, Any

from serbench.fidelity import feeding
from serbench.fidelity.limits import ending, leave_room
from serbench.fidelity.probes import BY_NAME
from serbench.fidelity.trying import attempt, warm_up
from serbench.worker import describe, guard, process, protocol, words

if TYPE_CHECKING:
    from serbench.codecs.base import Codec


class Inside:
    """Answers until the orchestrator has gone.

    Args:
        channel: the protocol's private end.
    """

    def __init__(self, channel: protocol.Channel) -> None:
        self._channel = channel
        self._codec: Codec
        self._feeder: feeding.Feeder | None = None

    def serve(self) -> None:
        """Reads and answers. Whatever a codec raises becomes an answer."""
        answers = {"open": self._open, "probe": self._probe, "attack": self._attack, "input": self._input}
        while (request := self._channel.receive()) is not None:
            if request["do"] == "bye":
                return
            try:
                answer = answers[request["do"]](request)
            except BaseException as error:  # a codec may raise SystemExit as well
                answer = {"is": "failed", "reason": words.raised(error)}
            self._channel.send(answer)

    def _at(self, step: str) -> None:
        self._channel.end_children()
        self._channel.send({"is": "at", "what": step})

    def _open(self, request: dict[str, Any]) -> dict[str, Any]:
        self._at(f"import of {request['source']}")
        self._codec = next(one for one in describe.load(request["source"]) if one.name == request["codec"])
        self._at("a first message")
        warm_up(self._codec)
        leave_room()
        return {"is": "opened"}

    def _probe(self, request: dict[str, Any]) -> dict[str, Any]:
        with ending():
            probed = attempt(self._codec, BY_NAME[request["probe"]], self._at)
        return {
            "is": "probed",
            "outcome": probed.outcome,
            "words": probed.words,
            "undeclared": probed.undeclared,
        }

    def _ready(self) -> feeding.Feeder:
        if self._feeder is None:
            self._at("bind")
            self._feeder = feeding.Feeder(self._codec, self._at)
        return self._feeder

    def _attack(self, request: dict[str, Any]) -> dict[str, Any]:
        names = ("seed", "first", "count", "seconds", "notes")
        return {"is": "attacked", **self._ready().attack(**{name: request[name] for name in names})}

    def _input(self, request: dict[str, Any]) -> dict[str, Any]:
        feeder = self._ready()
        self._at("decode")
        harm, told = feeder.feed(base64.b64decode(request["data"]))
        return {"is": "fed", "harm": harm or "", "words": told}


def main() -> None:
    """Takes the protocol to private descriptors and serves."""
    process.tie_to_family()
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # processes die here on purpose
    channel = protocol.private_channel(guard.captured_output())
    try:
        Inside(channel).serve()
    except OSError:  # the descriptors of the protocol are gone: a codec has closed them, or the orchestrator has died
        os._exit(protocol.LOST)
    os._exit(0)  # what was decoded is nobody's any more


if __name__ == "__main__":
    main()
