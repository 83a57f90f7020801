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
from typing import TYPE_CHECKING, Any

from serbench.fidelity import feeding
from serbench.fidelity.limits import PROCESSOR_SECONDS, ROOM_BYTES
from serbench.fidelity.probes import BY_NAME
from serbench.fidelity.trying import attempt, warm_up
from serbench.worker import answering, bounds, describe

if TYPE_CHECKING:
    from serbench.codecs.base import Codec
    from serbench.worker.answering import Answers
    from serbench.worker.protocol import Channel


class Inside:
    """Holds the codec.

    Args:
        channel: the protocol's private end.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._codec: Codec
        self._feeder: feeding.Feeder | None = None

    def answers(self) -> Answers:
        """What is done at each verb."""
        return {"open": self._open, "probe": self._probe, "attack": self._attack, "input": self._input}

    def _at(self, step: str) -> None:
        answering.at(self._channel, step)

    def _open(self, request: dict[str, Any]) -> dict[str, Any]:
        self._at(f"import of {request['source']}")
        self._codec = next(one for one in describe.load(request["source"]) if one.name == request["codec"])
        self._at("a first message")
        warm_up(self._codec)
        bounds.leave_room(ROOM_BYTES)
        return {"is": "opened"}

    def _probe(self, request: dict[str, Any]) -> dict[str, Any]:
        with bounds.ending(PROCESSOR_SECONDS):
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


if __name__ == "__main__":
    answering.serve(lambda channel, _: Inside(channel).answers())
