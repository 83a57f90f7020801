"""A codec file: pickle, which carries every plain value, and pickles that lie, break their contract or fall over.

The payload is made for them as well: what each does wrong stands in its reason.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from serbench.codecs.base import Bound, Codec
from serbench.codecs.deviations import Deviation
from serbench.errors import UnsupportedPayload
from serbench.schema.types import List, Optional, Scalar, Schema, record

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.records.cases import Model
    from serbench.schema.payload import Payload

CALLS = "FAKE_CALLS"
"""The variable that names a file: `counts` writes the id of every instance that it decodes there, one a line, and
`watches` whether the collector was on in a call, and how many of the lists that earlier calls kept it had in sight."""

IDLE = 1_000_000_000
"""A collector that waits for more objects than these is on and does not run."""

_KEPT: list[list[Any]] = []

SCHEMA = Schema(
    "Note",
    record("Note", id=Scalar.INT64, price=Scalar.FLOAT64, pair=List(Scalar.INT64), note=Optional(Scalar.STRING)),
)
INSTANCES = [
    {"id": i, "price": i + 0.5, "pair": (i, i + 1)} | ({} if i % 2 else {"note": f"note {i}"}) for i in range(7)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fake:
    """A codec whose bind is a function."""

    name: str
    make: Callable[[Payload], Bound]
    format: str = "fake"
    distribution: str | None = None
    model: Model = "plain"
    deviations: frozenset[Deviation] = frozenset()

    def bind(self, payload: Payload, /) -> Bound:
        """What `make` makes."""
        return self.make(payload)


def pickled(**changes: Any) -> Callable[[Payload], Bound]:
    """Binds pickle, with something else in the place of some of it."""
    return lambda _: Bound(**{"encode": pickle.dumps, "decode": pickle.loads} | changes)


def decoding(change: Callable[[dict[str, Any]], Any]) -> Callable[[Payload], Bound]:
    """Binds pickle with something that happens to every decoded value."""

    def decode(data: bytes) -> Any:
        value = pickle.loads(data)
        return value if (changed := change(value)) is None else changed

    return pickled(decode=decode)


def _raise(error: BaseException) -> Any:
    raise error


def _hang(_: Any) -> None:
    while True:
        pass


def _chatter(_: Any) -> None:
    print("from Python")  # noqa: T201 - a codec that does is the point
    os.write(1, b'{"is": "bye"}\n')
    assert sys.stdin.read() == ""


def _count(value: dict[str, Any]) -> None:
    with Path(os.environ[CALLS]).open("a") as calls:
        calls.write(f"{value['id']}\n")


def _watch(_: Any) -> None:
    in_sight = set(map(id, gc.get_objects()))
    with Path(os.environ[CALLS]).open("a") as calls:
        state = "off" if not gc.isenabled() else "idle" if gc.get_threshold()[0] > IDLE else "on"
        calls.write(f"{state} {sum(id(kept) in in_sight for kept in _KEPT)}\n")
    _KEPT.append([])


def _refuse(_: Payload) -> Bound:
    raise UnsupportedPayload("prices are not for it", "price")


def _object(value: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(**{"note": None} | value)


def _plain(value: SimpleNamespace) -> dict[str, Any]:
    return {name: item for name, item in vars(value).items() if item is not None}


def _read_all(value: dict[str, Any]) -> None:
    for item in value.values():
        list(item) if isinstance(item, tuple) else item


def _fake(name: str, make: Callable[[Payload], Bound], model: Model = "plain", *deviations: Deviation) -> Fake:
    return Fake(name=name, make=make, model=model, deviations=frozenset(deviations))


AS_OBJECTS = {"build": _object, "convert": _plain, "access": "attribute"}

SOUND = (
    _fake("sound", pickled()),
    _fake("objects", pickled(**AS_OBJECTS), "typed"),
    _fake("lists", decoding(lambda v: v | {"pair": list(v["pair"])}), "plain", Deviation.TUPLE_AS_LIST),
    _fake("views", pickled(source=memoryview)),
    _fake("reads", pickled(read=_read_all)),
    _fake("chatters", decoding(_chatter)),
    _fake("counts", decoding(_count)),
    _fake("watches", decoding(_watch)),
)
LIARS = (
    _fake("drops", decoding(lambda v: v.pop("price") and None)),
    _fake("adds", decoding(lambda v: v | {"extra": 1})),
    _fake("floats", decoding(lambda v: v | {"id": float(v["id"])})),
    _fake("undeclared", decoding(lambda v: v | {"pair": list(v["pair"])})),
    _fake("declared", pickled(), "plain", Deviation.TUPLE_AS_LIST),
    _fake("shortens", decoding(lambda v: v | {"pair": v["pair"][:1]})),
    _fake("late", decoding(lambda v: v | {"price": 3.0} if v["id"] == 3 else v)),
    _fake("text", pickled(encode=json.dumps)),
    _fake("builds", pickled(build=dict)),
    _fake("converts", pickled(convert=dict)),
)
FAILING = (
    _fake("raises", decoding(lambda v: _raise(ValueError("no twos\nand more")) if v["id"] == 2 else v)),
    _fake("silent", decoding(lambda _: _raise(KeyboardInterrupt()))),
    _fake("quits", decoding(lambda _: _raise(SystemExit(5)))),
    _fake("eats", decoding(lambda _: bytearray(1 << 60))),
)
DEADLY = (
    _fake("exits", decoding(lambda _: os._exit(3))),
    _fake("crashes", decoding(lambda _: os.kill(os.getpid(), signal.SIGSEGV))),
)
OTHERS = (
    _fake("skims", pickled(read=lambda v: v["id"])),
    _fake("skips-late", pickled(read=lambda v: v["id"] == 3 or _read_all(v))),
    _fake("stumbles", pickled(read=lambda v: v["nothing"])),
    _fake("refuses", _refuse),
    _fake("hangs", decoding(_hang)),
)

CODECS: tuple[Codec, ...] = (*SOUND, *LIARS, *FAILING, *DEADLY, *OTHERS)
