"""Whether every call makes its result anew: no memory of messages, of bytes or of results."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from serbench.conformance import samples
from serbench.conformance.hand import Breach, Found
from serbench.schema.names import identifiers
from serbench.schema.types import Record, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.codecs.base import Codec
    from serbench.conformance.hand import At, Hand

_UNCHANGING = (str, int, float, bool, bytes, type(None), tuple)


def fresh(codec: Codec, at: At) -> Found:
    """Looks at results side by side, changes them, changes messages, and looks again."""
    return Found().over(codec, samples.payloads(), at, _fresh)


def _fresh(hand: Hand) -> None:
    for index, instance in enumerate(hand.payload.instances):
        _results_are_apart(hand, instance, index)
        _bytes_are_made_anew(hand, instance, index)
        _a_changed_message_is_written_as_it_is(hand, instance, index)
    _a_changed_object_is_written_as_it_is(hand)
    _bytes_stay(hand)


def _results_are_apart(hand: Hand, instance: Any, index: int) -> None:
    """The same bytes, in fresh buffers, give results that share nothing and do not show what was done to each other."""
    data = hand.dump(instance, index)
    owns = [hand.decode(_copied(data), index) for _ in range(2)]
    if owns[0] is owns[1] and not isinstance(owns[0], _UNCHANGING):
        raise Breach(hand.where(index), "decoding the same bytes twice gave the same object")
    first, second = (hand.convert(own, index) for own in owns)
    known = _containers(first)
    if shared := [path for place, path in _containers(second).items() if place in known]:
        raise Breach(hand.where(index), f"{shared[0] or '(root)'}: two results share one object")
    _spoil(first)
    hand.same(instance, second, index, "after an earlier result was changed, ")
    hand.same(instance, hand.load(_copied(data), index), index, "after an earlier result was changed, ")


def _bytes_are_made_anew(hand: Hand, instance: Any, index: int) -> None:
    own = hand.build(instance, index)
    first, second = hand.encode(own, index), hand.encode(own, index)
    if first is second and len(bytes(first)) > 1:
        raise Breach(hand.where(index), "encoding it twice gave the same object: a result that was kept")


def _a_changed_message_is_written_as_it_is(hand: Hand, instance: Any, index: int) -> None:
    """A message at the same address, of which one leaf is another."""
    changing = copy.deepcopy(instance)
    hand.dump(changing, index)
    for other in (one for one in hand.payload.instances if one is not instance):
        if isinstance(changing, dict) and isinstance(other, dict):
            changing.clear()
            changing.update(copy.deepcopy(other))
            back = hand.load(hand.dump(changing, index), index)
            hand.same(other, back, index, "changed since it was last encoded, ")
            return


def _a_changed_object_is_written_as_it_is(hand: Hand) -> None:
    """The same of the codec's own objects, where they can be changed."""
    root = hand.payload.schema.root
    if hand.bound.access == "item" or not isinstance(root, Record) or len(hand.payload.instances) < 2:
        return
    one, other = hand.payload.instances[:2]
    own, donor = hand.build(one, 0), hand.build(other, 1)
    hand.encode(own, 0)
    for field in root.fields:
        name = identifiers(root)[field.name]
        if isinstance(field.type, Scalar) and not field.optional and one[field.name] != other[field.name]:
            try:
                setattr(own, name, getattr(donor, name))
            except (AttributeError, TypeError, ValueError):  # it cannot be changed
                return
            back = hand.load(bytes(hand.encode(own, 0)), 0)
            hand.same(one | {field.name: other[field.name]}, back, 0, "changed since it was last encoded, ")
            return


def _bytes_stay(hand: Hand) -> None:
    """What was encoded does not change with the next call."""
    kept: list[tuple[Any, bytes]] = []
    for index, instance in enumerate(hand.payload.instances):
        encoded = hand.encode(hand.build(instance, index), index)
        kept.append((encoded, bytes(encoded)))
    for index, (encoded, before) in enumerate(kept):
        if bytes(encoded) != before:
            raise Breach(hand.where(index), "the bytes that it was encoded to changed with a later call")


def _copied(data: bytes) -> bytes:
    """The same bytes in another object."""
    return bytes(bytearray(data))


def _containers(value: Any) -> dict[int, str]:
    """Path of every list and dict in a plain value, by its id. The value must live as long as they are used."""
    return {id(part): path for path, part in _walk(value, "")}


def _walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict | list):
        yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _walk(item, f"{path}[{index}]")


def _spoil(value: Any) -> None:
    """Empties every list and dict in a plain value."""
    for _, part in list(_walk(value, "")):
        part.clear()
