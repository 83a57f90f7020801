"""A codec file whose codecs are json that does something to its process. It begins with the 400th encode of a binding.

So each is bound and verified like any other, and offends while it is warmed or measured: a test that binds few
instances and asks for blocks of known size knows in which of them. Only `wrong_type` offends from the first call on.
What ends, or stays for good once it is done, is done once in a process; the rest is done in every call from then on.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.codecs.base import Bound, Codec, base64_text
from serbench.codecs.deviations import Deviation

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.records.cases import Model
    from serbench.schema.payload import Payload

SOUND_CALLS = 400
"""Calls of encode in a binding before the first that offends."""

LEFT = "EVIL_LEFT"
"""The variable that names a file: `forks_leaves`, `forks_detached` and `starts_bare` write the id of the child there
that they leave, one a line."""

LEFT_SECONDS = 300
"""How long such a child sleeps, if nobody ends it."""

PRINTED = "from an evil codec"

SELDOM = 50
"""Of so many calls of the seldom ones one forks. Else a budget is spent on forks alone where these are slow."""


def _hang() -> None:
    while True:
        time.sleep(1)


def _allocate() -> None:
    kept = []
    while True:
        kept.append(bytes(1 << 26))  # zeros that nobody has touched: only the address space is used up


def _close_standard() -> None:
    os.closerange(0, 3)  # what is closed already is left out


def _redirect() -> None:
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 1)


def _spin() -> None:
    while True:
        pass


def _start_thread() -> None:
    threading.Thread(target=_spin, daemon=True).start()


def _fork_and_wait() -> None:
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)


def _fork_and_leave() -> None:
    if os.fork():
        return
    os.setsid()  # out of the group that is ended with the worker
    _stay()


def _fork_and_detach() -> None:
    if child := os.fork():
        os.waitpid(child, 0)
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    _stay()


def _start_bare() -> None:
    """Another program in a session of its own, without a single variable."""
    _tell_left(subprocess.Popen(["/bin/sleep", str(LEFT_SECONDS)], env={}, start_new_session=True).pid)


def _tell_left(pid: int) -> None:
    if path := os.environ.get(LEFT):
        with Path(path).open("a") as left:
            left.write(f"{pid}\n")


def _stay() -> None:
    _tell_left(os.getpid())
    time.sleep(LEFT_SECONDS)
    os._exit(0)


def _seldom(fault: Callable[[], Any]) -> Callable[[], Any]:
    calls = count()
    return lambda: None if next(calls) % SELDOM else fault()


FAULTS: dict[str, Callable[[], Any]] = {
    "segfaults": lambda: ctypes.string_at(0),
    "exits": lambda: os._exit(3),
    "hangs": _hang,
    "allocates": _allocate,
    "closes_all": lambda: os.closerange(0, 1 << 16),
    "prints": lambda: print(PRINTED),  # noqa: T201 - a codec that does is the point
    "closes_standard": _close_standard,
    "redirects": _redirect,
    "threads": cache(_start_thread),
    "forks_waits": _fork_and_wait,
    "forks_leaves": cache(_fork_and_leave),
    "forks_detached": cache(_fork_and_detach),
    "starts_bare": cache(_start_bare),
    "forks_returns": os.fork,
    "seldom_forks_waits": _seldom(_fork_and_wait),
    "seldom_forks_returns": _seldom(os.fork),
    "collector_off": gc.disable,
    "thresholds": lambda: gc.set_threshold(100_000, 50, 50),
    "sound": lambda: None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evil:
    """json until it is not."""

    name: str
    format: str = "json"
    distribution: str | None = None
    model: Model = "plain"
    deviations: frozenset[Deviation] = frozenset(
        {Deviation.TUPLE_AS_LIST, Deviation.BYTES_AS_BASE64, Deviation.KEYS_AS_STRINGS}
    )

    def bind(self, _payload: Payload, /) -> Bound:
        """Counts calls of encode from here."""
        calls, fault = count(), FAULTS.get(self.name, lambda: None)
        sound = {"wrong_type": 0, "wrong_type_late": SOUND_CALLS}.get(self.name)

        def encode(value: Any) -> Any:
            call = next(calls)
            if call >= SOUND_CALLS:
                fault()
            if sound is not None and call >= sound:
                return 7
            return json.dumps(value, default=base64_text).encode()

        return Bound(encode=encode, decode=json.loads)


CODECS: tuple[Codec, ...] = tuple(Evil(name=name) for name in (*FAULTS, "wrong_type", "wrong_type_late"))
