"""Whether calls are quicker where a message is known already: by the codec, or by its bind.

Batches of messages that were never used are called twice, and the ratio of the second time to the first is taken, or
of messages that bind has seen to such that it has not. Before each call of a batch the processor's caches are filled
with something else; what libraries keep of text by themselves makes a second call quicker as well, by far less than
half. A breach is claimed where it is less than half in all batches but two, which a busy machine may spoil: then the
interval of the sign test for the median lies below a half, at 99.6 %, in each of two attempts that must agree.
"""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, Any

from serbench.conformance import samples
from serbench.conformance.hand import Breach, Found

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.codecs.base import Codec
    from serbench.conformance.hand import At, Hand

BATCHES = 15
SPOILT = 2
EACH = 10
LEAST_RATIO = 0.5
_PAYLOADS = ("order", "ticks")
_OTHER_BYTES = bytearray(8 << 20)
_TURNED = bytes(255 - value for value in range(256))
_BOUND_SEED, _OTHER_SEED, _LEAD_SEED = 1, 2, 3


def pace(codec: Codec, at: At) -> Found:
    """Repeated messages beside new ones, on encoding and on decoding."""
    payloads = (samples.generated(name, seed=_BOUND_SEED, count=1) for name in _PAYLOADS)
    return Found().over(codec, payloads, at, _pace)


def quicker(ratios: list[float]) -> bool:
    """Whether these say that the second time is less than half of the first: of `BATCHES` all but `SPOILT`."""
    return sorted(ratios)[-1 - SPOILT] < LEAST_RATIO


def _shown(ratios: list[float]) -> str:
    found = sorted(ratios)
    return f"{found[SPOILT]:.2f} to {found[-1 - SPOILT]:.2f}"


def _pace(hand: Hand) -> None:
    for step, ratios in (("encoding", encode_ratios), ("decoding", decode_ratios), ("building", build_ratios)):
        if all(quicker(ratios(hand, seed)) for seed in (10, 11)):
            shown = _shown(ratios(hand, 12))
            raise Breach(hand.where(""), f"{step} a message again takes {shown} of the time that it took first")


def encode_ratios(hand: Hand, seed: int) -> list[float]:
    """Time of encoding a batch again to that of encoding it first, per batch."""
    owns = [hand.build(one, "") for one in _messages(hand, seed)]
    lead = [hand.build(one, "") for one in _messages(hand, _LEAD_SEED)]
    return _again(hand.bound.encode, owns, owns, lead)


def build_ratios(hand: Hand, seed: int) -> list[float]:
    """The same of building and encoding."""
    bound, messages = hand.bound, _messages(hand, seed)
    return _again(lambda one: bound.encode(bound.build(one)), messages, messages, _messages(hand, _LEAD_SEED))


def decode_ratios(hand: Hand, seed: int) -> list[float]:
    """The same of decoding, the second time from the same objects."""
    sources = [hand.bound.source(hand.dump(one, "")) for one in _messages(hand, seed)]
    lead = [hand.bound.source(hand.dump(one, "")) for one in _messages(hand, _LEAD_SEED)]
    return _again(hand.bound.decode, sources, sources, lead)


def bind(codec: Codec, at: At) -> Found:
    """Messages that bind has seen beside others: both must come back, and take the same time."""
    return Found().over(codec, _seen_by_bind(), at, _bind)


def _seen_by_bind() -> list[Any]:
    made = []
    for name in samples.STEADY:
        payload = samples.generated(name, seed=_BOUND_SEED, count=BATCHES * EACH if name in _PAYLOADS else 2)
        others = samples.messages(name, seed=_OTHER_SEED, count=BATCHES * EACH)
        made.append(samples.with_kinds_of(payload, others))
    return made


def _bind(hand: Hand) -> None:
    for index, message in enumerate(samples.messages(hand.payload.name, seed=_OTHER_SEED, count=2 * EACH)):
        where = f", message {index} that bind did not see"
        hand.same(message, hand.load(hand.dump(message, where), where), where)
    if hand.payload.name in _PAYLOADS and all(quicker(bind_ratios(hand)) for _ in range(2)):
        shown = _shown(bind_ratios(hand))
        raise Breach(hand.where(""), f"encoding a message that bind has seen takes {shown} of the time of another")


def bind_ratios(hand: Hand) -> list[float]:
    """Time of dumping a batch that a new bind has seen to that of one that it has not."""
    new = hand.codec.bind(hand.payload)
    return _again(
        lambda one: new.encode(new.build(one)),
        _messages(hand, _OTHER_SEED),
        hand.payload.instances,
        _messages(hand, _LEAD_SEED),
    )


def _messages(hand: Hand, seed: int) -> list[Any]:
    count = EACH if seed == _LEAD_SEED else BATCHES * EACH
    return samples.messages(hand.payload.name, seed=seed, count=count)


def _again(call: Callable[[Any], Any], first: Sequence[Any], second: Sequence[Any], lead: Sequence[Any]) -> list[float]:
    """Ratios of the second to the first, batch by batch, behind calls that are not timed."""
    for _ in range(3):
        _time(call, lead)
    ratios = []
    for begin in range(0, BATCHES * EACH, EACH):
        _displace()
        took = _time(call, first[begin : begin + EACH])
        _displace()
        ratios.append(_time(call, second[begin : begin + EACH]) / max(1, took))
    return ratios


def _displace() -> None:
    """Fills the caches close to the core with something else: what is used for the second time has it no better."""
    _OTHER_BYTES.translate(_TURNED)


def _time(call: Callable[[Any], Any], arguments: Sequence[Any]) -> int:
    """Processor time of this thread, in ns."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        begin = time.thread_time_ns()
        for argument in arguments:
            call(argument)
        return time.thread_time_ns() - begin
    finally:
        if collecting:
            gc.enable()
