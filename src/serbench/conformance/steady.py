"""Whether calls leave a trace in later ones: their order, an error in between, another payload beside."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from serbench.conformance import samples
from serbench.conformance.hand import Breach, Found, Hand
from serbench.schema.spool import payload_of
from serbench.schema.types import Scalar, Schema, record

if TYPE_CHECKING:
    from serbench.codecs.base import Codec
    from serbench.conformance.hand import At

_EACH = 4


def order(codec: Codec, at: At) -> Found:
    """The same messages in another order, after errors, and with another payload of the same name bound beside."""
    found = Found().over(codec, samples.payloads(), at, _reversed)
    if found.findings:
        return found
    found.over(codec, [samples.generated(name, seed=1, count=_EACH) for name in samples.STEADY], at, _after_errors)
    return found.over(codec, [_same_name("a")], at, _beside)


def _reversed(hand: Hand) -> None:
    """Bytes do not depend on what was encoded before; where a codec never gives the same ones, what they say."""
    instances = list(enumerate(hand.payload.instances))
    owns = {index: hand.build(instance, index) for index, instance in instances}
    forth = {index: bytes(hand.encode(owns[index], index)) for index, _ in instances}
    back = {index: bytes(hand.encode(owns[index], index)) for index, _ in reversed(instances)}
    for index, instance in reversed(instances):
        if len(forth[index]) != len(back[index]) or (forth[index] != back[index] and _repeats(hand, owns[index])):
            raise Breach(hand.where(index), "other bytes where the messages were encoded in another order")
        hand.same(instance, hand.load(back[index], index), index, "encoded and decoded in another order, ")


def _repeats(hand: Hand, own: Any) -> bool:
    """Whether encoding an object twice in a row gives the same bytes."""
    return bytes(hand.encode(own, "")) == bytes(hand.encode(own, ""))


def _after_errors(hand: Hand) -> None:
    """Calls that go wrong, as they do in every service, spoil nothing for those after them."""
    instances = hand.payload.instances
    before = [hand.dump(instance, index) for index, instance in enumerate(instances)]
    for index, instance in enumerate(instances):
        _fail(hand, _broken(instance), before[index][: len(before[index]) // 2])
        where = f", message {index} after calls that failed"
        again = hand.dump(instance, where)
        if len(again) != len(before[index]):
            raise Breach(hand.where(where), "other bytes than before")
        hand.same(instance, hand.load(before[index], where), where)
        hand.same(instance, hand.load(again, where), where)


def _fail(hand: Hand, broken: Any, data: bytes) -> None:
    """Encodes what cannot be, and decodes half a message. Both may raise, and need not."""
    with contextlib.suppress(Breach):
        hand.dump(broken, "")
    with contextlib.suppress(Breach):
        hand.load(data, "")


def _broken(instance: Any) -> Any:
    """The message with something at its end that nothing carries."""
    return {**instance, next(reversed(instance)): _Nothing()}


class _Nothing:
    """Of no type that a codec knows."""


def _beside(hand: Hand) -> None:
    """Another payload that is named the same, and its record as well, does not get in the way."""
    other = Hand(hand.codec, _same_name("b"), lambda _: None)
    for one in (hand, other, hand):
        instance = one.payload.instances[0]
        where = ", bound beside another payload of its name"
        one.same(instance, one.load(one.dump(instance, where), where), where)


def _same_name(field: str) -> Any:
    schema = Schema("Same", record("Same", **{field: Scalar.INT64}))
    return payload_of("same", schema, [{field: 1}])
