"""Whether calls that run at the same time in threads give what calls in turn give."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from serbench.conformance import samples
from serbench.conformance.hand import Breach, Found
from serbench.conformance.shapes import BYTES, OPTIONAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.codecs.base import Codec
    from serbench.conformance.hand import At, Hand
    from serbench.schema.payload import Payload

THREADS = 4
_SECONDS = 0.15
_MOST_CALLS = 400
_SWITCH_SECONDS = 1e-6
_PATIENCE_SECONDS = 20.0
_MESSAGES = 8


def threads(codec: Codec, at: At) -> Found:
    """The same bound codec in several threads at once, each with the messages in an order of its own."""
    return Found().over(codec, _payloads(), at, _together)


def _payloads() -> Iterator[Payload]:
    for name in ("ping", "order", "chat"):
        yield samples.generated(name, seed=1, count=_MESSAGES)
    yield from (BYTES, OPTIONAL)


def _together(hand: Hand) -> None:
    instances = hand.payload.instances
    alone = [hand.dump(instance, index) for index, instance in enumerate(instances)]
    for instance, data in zip(instances, alone, strict=True):
        hand.same(instance, hand.load(data, ""), "")
    hand.hush("calls in threads")
    breaches: list[Breach] = []
    begin = threading.Barrier(THREADS)
    running = [
        threading.Thread(target=_strand, args=(hand, alone, n, begin, breaches), daemon=True) for n in range(THREADS)
    ]
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        for thread in running:
            thread.start()
        for thread in running:
            thread.join(_PATIENCE_SECONDS)
    finally:
        sys.setswitchinterval(usual)
    if any(thread.is_alive() for thread in running):
        raise Breach(hand.where(""), f"{THREADS} threads at once did not come to an end within {_PATIENCE_SECONDS:g} s")
    if breaches:
        raise breaches[0]


def _strand(hand: Hand, alone: list[bytes], number: int, begin: threading.Barrier, breaches: list[Breach]) -> None:
    """One thread's calls."""
    begin.wait()
    deadline = time.monotonic() + _SECONDS
    for call in range(_MOST_CALLS):
        index = (number + call) % len(alone)
        if breaches or (call >= len(alone) and time.monotonic() > deadline):
            return
        try:
            _once(hand, hand.payload.instances[index], alone[index], index)
        except Breach as breach:
            breaches.append(breach)


def _once(hand: Hand, instance: Any, alone: bytes, index: int) -> None:
    where = f", message {index} in {THREADS} threads at once"
    data = hand.dump(instance, where)
    if len(data) != len(alone):
        raise Breach(hand.where(where), "other bytes than alone")
    hand.same(instance, hand.load(data, where), where)
    hand.same(instance, hand.load(alone, where), where)
