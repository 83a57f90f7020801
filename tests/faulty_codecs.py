"""A codec file whose codecs are json with one fault each. The fault strikes in decode, from its 400th call on."""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from serbench.codecs.base import Bound, Codec
from serbench.codecs.deviations import Deviation
from serbench.errors import UnsupportedPayload

if TYPE_CHECKING:
    from serbench.schema.payload import Payload

SOUND_CALLS = 400
PLAIN = frozenset({Deviation.TUPLE_AS_LIST, Deviation.BYTES_AS_BASE64, Deviation.KEYS_AS_STRINGS})


def _hang() -> None:
    while True:
        time.sleep(1)


def _raise() -> None:
    raise ValueError("the 400th call\nand a second line")


FAULTS = {
    "dies": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "exits": lambda: os._exit(3),
    "hangs": _hang,
    "raises": _raise,
    "eats": lambda: bytearray(1 << 46),
    "quits": lambda: exec("raise SystemExit(5)"),
    "sound": lambda: None,
}


@dataclass(frozen=True)
class Faulty:
    """json until it is not."""

    name: str
    format: str = "json"
    distribution: str | None = None
    model: str = "plain"
    deviations: frozenset[Deviation] = PLAIN

    def bind(self, _payload: Payload, /) -> Bound:
        """Counts calls from here."""
        if self.name == "refuses":
            raise UnsupportedPayload("numbers are not its thing", "lines[].n")
        if self.name == "bind-dies":
            os.kill(os.getpid(), signal.SIGKILL)
        calls, fault = count(), FAULTS.get(self.name, lambda: None)

        def decode(data: bytes) -> Any:
            if next(calls) >= SOUND_CALLS:
                fault()
            value = json.loads(data)
            if self.name == "lies":
                value["lines"][-1]["n"] = float(value["lines"][-1]["n"])
            return value

        def read(value: Any) -> None:
            for line in value["lines"]:
                line["n"]

        return Bound(
            encode=lambda value: json.dumps(value).encode(), decode=decode, read=read if self.name == "skims" else None
        )


CODECS: tuple[Codec, ...] = tuple(Faulty(name) for name in (*FAULTS, "refuses", "lies", "skims", "bind-dies"))
