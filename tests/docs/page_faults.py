"""A codec file whose codecs are json with one fault each: they make the reasons that `docs/messages.md` shows.

The payload is `INVOICES`. With `--op read` a codec decodes each twice before it is timed.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from serbench.codecs.base import Bound, Codec
from serbench.errors import UnsupportedPayload

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.codecs.deviations import Deviation
    from serbench.records.cases import Model
    from serbench.schema.payload import Payload

INVOICES = [
    {"id": i, "total": 100 * i, "items": [{"sku": "A", "price": i}, {"sku": "B", "price": 2}]} for i in range(9)
]


def _exit() -> None:
    sys.stderr.write("fatal: arena is corrupt\n")
    sys.stderr.flush()
    os._exit(3)


def _raise() -> None:
    raise ValueError("no such field: price\nand more")


def _close() -> None:
    os.closerange(3, 20)
    time.sleep(60)


def _shout() -> None:
    for descriptor in range(3, 20):
        with contextlib.suppress(OSError):
            os.write(descriptor, b"hello\n")


AT_ONCE: dict[str, Callable[[], Any]] = {
    "crashes": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "exits": _exit,
    "raises": _raise,
    "eats": lambda: bytearray(1 << 60),
    "closes": _close,
    "shouts": _shout,
}
CHANGES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "drops": lambda value: {key: item for key, item in value.items() if key != "total"},
    "adds": lambda value: value | {"extra": 1},
    "floats": lambda value: value | {"total": float(value["total"])},
    "shortens": lambda value: value | {"items": value["items"][:1]},
}


def _empty(value: dict[str, Any]) -> bytes:
    data = json.dumps(value).encode()
    value.clear()
    return data


PARTS: dict[str, dict[str, Any]] = {
    "empties": {"encode": _empty},
    "elsewhere": {"access": "key"},
    "text": {"encode": json.dumps},
    "builds": {"build": dict},
    "skims": {"read": lambda value: value["id"]},
}


@dataclass(frozen=True)
class Faulty:
    """json, but for the fault of its name."""

    name: str
    format: str = "json"
    distribution: str | None = None
    model: Model = "plain"
    deviations: frozenset[Deviation] = frozenset()

    def bind(self, payload: Payload, /) -> Bound:
        """Puts the fault in its place."""
        if self.name == "refuses":
            raise UnsupportedPayload("prices are not for it", "items[].price")
        if self.name == "shrugs":
            raise UnsupportedPayload("")
        if self.name == "takes":
            for instance in payload.instances:
                del instance["total"]
        if self.name == "forgets":
            return None  # type: ignore[return-value] # that is the fault
        if self.name == "keeps":
            kept: list[Any] = []
            return Bound(
                encode=lambda value: kept.append(value) or str(len(kept) - 1).encode(),
                decode=lambda data: kept[int(data)],
            )
        calls = count()

        def decode(data: bytes) -> Any:
            AT_ONCE.get(self.name, lambda: None)()
            if self.name == "hangs" and next(calls) == 2 * len(INVOICES):
                time.sleep(60)
            return CHANGES.get(self.name, lambda value: value)(json.loads(data))

        return Bound(
            **{"encode": lambda value: json.dumps(value).encode(), "decode": decode} | PARTS.get(self.name, {})
        )


NAMES = (*AT_ONCE, *CHANGES, *PARTS, "forgets", "hangs", "keeps", "refuses", "shrugs", "takes")
CODECS: tuple[Codec, ...] = tuple(map(Faulty, NAMES))
