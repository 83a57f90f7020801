"""Whether something of every message stays in the process when its result is gone."""

from __future__ import annotations

import gc
import tracemalloc
from typing import TYPE_CHECKING, Any

from serbench.conformance import samples
from serbench.conformance.hand import Breach, Found

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.codecs.base import Codec
    from serbench.conformance.hand import At, Hand

    Call = Callable[[Any, bytes], Any]

_PAYLOAD = "order"
EACH = 80
_BATCHES = 3
MOST_SHARE = 0.25
"""Of the bytes of a message, what may stay. What libraries keep of keys and types does not grow with messages."""

_MANY = 5000
"""Messages that fill what a library keeps of short texts: 16,384 of them are usual."""


def memory(codec: Codec, at: At) -> Found:
    """Traces what stays of batches of messages. A cache that fills up is no leak, so it is given time to."""
    return Found().over(codec, [samples.generated(_PAYLOAD, seed=1, count=1)], at, _memory)


def _memory(hand: Hand) -> None:
    messages = samples.messages(_PAYLOAD, seed=20, count=_BATCHES * EACH)
    data = [hand.dump(message, "") for message in messages]
    hand.hush("calls under the tracer of memory")
    tracemalloc.start()
    try:
        _look(hand, "encoding", lambda message, _: hand.dump(message, ""), list(zip(messages, data, strict=True)))
        _look(hand, "decoding", lambda _, encoded: hand.load(encoded, ""), list(zip(messages, data, strict=True)))
    finally:
        tracemalloc.stop()


def _look(hand: Hand, step: str, call: Call, pairs: Sequence[tuple[Any, bytes]]) -> None:
    """Makes sure that not much stays of messages, at least once many were there."""
    size = sum(len(data) for _, data in pairs) / len(pairs)
    if _stays(call, pairs) <= MOST_SHARE * size:
        return
    messages = samples.messages(_PAYLOAD, seed=21, count=_MANY + len(pairs))
    more = [(message, hand.dump(message, "")) for message in messages]
    for pair in more[:_MANY]:
        call(*pair)
    stays = _stays(call, more[_MANY:])
    if stays > MOST_SHARE * size:
        what = f"after {step} messages of {size:,.0f} bytes, {stays:,.0f} bytes stay of each, however many there are"
        raise Breach(hand.where(""), what)


def _stays(call: Call, pairs: Sequence[tuple[Any, bytes]]) -> float:
    """Bytes that stay of a message: of the batches behind the first, that which leaves the least."""
    growth = []
    for begin in range(0, len(pairs), EACH):
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for index in range(begin, begin + EACH):
            call(*pairs[index])
        gc.collect()
        growth.append(tracemalloc.get_traced_memory()[0] - before)
    return min(growth[1:]) / EACH
