"""What must hold of every message: the contract, the round trip, the reader, and bytes that another process reads."""

from __future__ import annotations

import marshal
from functools import partial
from typing import TYPE_CHECKING, Any, get_args

from serbench.codecs.base import Access, Bound, identity
from serbench.codecs.deviations import expected
from serbench.conformance import samples
from serbench.conformance.hand import Breach, Found
from serbench.worker import operations, verify, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from serbench.codecs.base import Codec
    from serbench.conformance.hand import At, Hand

_STEPS = ("encode", "decode", "build", "convert", "source")


def contract(codec: Codec, at: At) -> Found:
    """What bind returns, what encode gives, and that the message is left as it was."""
    return Found().over(codec, samples.payloads(), at, _contract)


def _contract(hand: Hand) -> None:
    bound = hand.bound
    if not isinstance(bound, Bound):
        raise Breach(hand.where(""), f"bind returned {type(bound).__name__}, which is no Bound")
    for step in _STEPS:
        if not callable(getattr(bound, step)):
            raise Breach(hand.where(""), f"`{step}` of what bind returned cannot be called")
    if bound.read is not None and not callable(bound.read):
        raise Breach(hand.where(""), "`read` of what bind returned cannot be called")
    if bound.access not in get_args(Access):
        raise Breach(hand.where(""), f"`access` is {bound.access!r}, which is none of {', '.join(get_args(Access))}")
    if hand.codec.model == "plain" and (bound.build is not identity or bound.convert is not identity):
        raise Breach(hand.where(""), "`model` is plain, but `build` or `convert` is given; leave both away")
    _unchanged(hand, "bind")
    given: list[tuple[bytes, Any]] = []
    for index, instance in enumerate(hand.payload.instances):
        data = hand.dump(instance, index)
        given.append((data, hand.source(data, index)))
    _unchanged(hand, "building or encoding it")
    for index, (data, handed) in enumerate(given):
        _same_bytes(hand, index, data, handed)


def _unchanged(hand: Hand, what: str) -> None:
    """The messages are what they were before bind."""
    index = verify.first_changed(hand.before, hand.payload.instances)
    if index is not None:
        raise Breach(hand.where(index), f"{what} changed the value that was handed over")


def _same_bytes(hand: Hand, index: int, data: bytes, handed: Any) -> None:
    """`source` is not timed, so it does nothing but say where the bytes are; those of one message stay for the next."""
    try:
        same = memoryview(handed).cast("B") == data
    except TypeError:
        kind = type(handed).__name__
        raise Breach(hand.where(index), f"source returned {kind}, which is no bytes-like object") from None
    if not same:
        raise Breach(hand.where(index), "what source returned does not have the bytes of the message")


def round_trip(codec: Codec, at: At, *, large: bool = True) -> Found:
    """Every message comes back, after the declared deviations."""
    return Found().over(codec, samples.payloads(large=large), at, _round_trip)


def _round_trip(hand: Hand) -> None:
    for index, instance in enumerate(hand.payload.instances):
        back = hand.load(hand.dump(instance, index), index)
        if back is instance and isinstance(back, dict | list):
            raise Breach(hand.where(index), "what came back is the very object that was encoded")
        hand.same(instance, back, index)


def read(codec: Codec, at: At, *, large: bool = True) -> Found:
    """The reader touches every leaf."""
    return Found().over(codec, samples.payloads(large=large), at, _read)


def _read(hand: Hand) -> None:
    bound, payload, deviations = hand.bound, hand.payload, hand.codec.deviations

    def around(decode: Callable[[Any], Any]) -> Callable[[Any], None]:
        return operations.reader(bound, payload, deviations, decode, operations.in_python)

    for index, instance in enumerate(payload.instances):
        data = bound.source(hand.dump(instance, index))
        must = expected(instance, payload.schema.root, deviations)
        try:
            missed, _ = verify.unread_leaf(around, bound.decode, data, must, payload.schema)
        except Exception as error:
            raise Breach(hand.where(index), f"read raised {words.raised(error)}") from None
        if missed:
            raise Breach(hand.where(index), f"read left out {missed}")


def write(codec: Codec, at: At, file: Path) -> Found:
    """Leaves the first message of each payload, encoded, for another process to read."""
    written: dict[str, bytes] = {}

    def keep(hand: Hand) -> None:
        if hand.payload.instances:
            written[hand.payload.name] = hand.dump(hand.payload.instances[0], 0)

    found = Found().over(codec, samples.payloads(), at, keep)
    file.write_bytes(marshal.dumps(written))
    return found


def other_process(codec: Codec, at: At, file: Path) -> Found:
    """What another process left there is read here, where nothing has been encoded."""
    written = marshal.loads(file.read_bytes())  # noqa: S302 - by the function above
    there = [payload for payload in samples.payloads() if payload.name in written]
    return Found().over(codec, there, at, partial(_foreign, written=written))


def _foreign(hand: Hand, written: dict[str, bytes]) -> None:
    back = hand.load(written[hand.payload.name], 0)
    hand.same(hand.payload.instances[0], back, 0, "written by another process, ")
