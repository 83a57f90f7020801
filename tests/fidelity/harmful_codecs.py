"""A codec file whose codecs are pickle or json, but for one thing that they do to certain values or certain input."""

from __future__ import annotations

import json
import os
import pickle
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.codecs.base import Bound, Codec

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.codecs.deviations import Deviation
    from serbench.records.cases import Model
    from serbench.schema.payload import Payload


class Panic(BaseException):
    """What a library of Rust's raises when it panics."""


def _die() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _spin() -> None:
    while True:
        pass


def _panic() -> None:
    raise Panic("index out of bounds")


def _allocate() -> None:
    bytes(1 << 40)


_GROWN: list[bool] = []


def _grow() -> None:
    """Once in a process: from then on nothing is new to whoever looks at the most that it has held."""
    if not _GROWN:
        _GROWN.append(True)
        bytearray(b"x") * (400 << 20)


def _refuse() -> None:
    raise ValueError("not that")


def _on_none(harm: Callable[[], None]) -> Bound:
    """Does it where `v` is None."""

    def encode(value: Any) -> bytes:
        if isinstance(value, dict) and value.get("v", 0) is None:
            harm()
        return pickle.dumps(value)

    return Bound(encode=encode, decode=pickle.loads)


def _on_short(harm: Callable[[], None]) -> Bound:
    """Does it to what was cut short; else it is json."""

    def decode(data: bytes) -> Any:
        if data.startswith(b"{") and not data.endswith(b"}"):
            harm()
        return json.loads(data)

    return Bound(encode=lambda value: json.dumps(value).encode(), decode=decode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harmful:
    """pickle or json, but for that."""

    name: str
    make: Callable[[], Bound]
    deviations: frozenset[Deviation] = frozenset()
    format: str = "any"
    distribution: str | None = None
    model: Model = "plain"

    def bind(self, _payload: Payload, /) -> Bound:
        """A new pair of callables."""
        return self.make()


CODECS: tuple[Codec, ...] = (
    Harmful(name="dies", make=lambda: _on_none(_die)),
    Harmful(name="spins", make=lambda: _on_none(_spin)),
    Harmful(name="panics", make=lambda: _on_none(_panic)),
    Harmful(name="refuses", make=lambda: _on_none(_refuse)),
    Harmful(name="dies-on-short", make=lambda: _on_short(_die)),
    Harmful(name="spins-on-short", make=lambda: _on_short(_spin)),
    Harmful(name="panics-on-short", make=lambda: _on_short(_panic)),
    Harmful(name="allocates-on-short", make=lambda: _on_short(_allocate)),
    Harmful(name="grows-on-short", make=lambda: _on_short(_grow)),
    Harmful(name="refuses-short", make=lambda: _on_short(_refuse)),
)
