"""A codec made ready for a payload: everything untimed is done, every instance verified, the timed callables stand."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

from serbench.codecs.base import identity
from serbench.codecs.deviations import Deviation, expected, refusal
from serbench.errors import UnsupportedPayload
from serbench.records import Operation
from serbench.schema.reader import compile_reader, source
from serbench.worker import verify
from serbench.worker.rotation import Rotation

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.codecs.base import Bound, Codec
    from serbench.schema.payload import Payload

Timed = tuple["Callable[[Any], Any]", Rotation]
READ_CHECK_LEAVES = 20_000


class Incorrect(Exception):
    """What came back is not what went in. The text is the path of the first difference."""


class Subject:
    """One codec and one payload in this process.

    Args:
        codec: the adapter.
        payload: what it is to carry.
        at: called before each step with its name and the index of the instance in hand, so that a watcher knows where a
            crash or a hang was.

    Raises:
        UnsupportedPayload: the codec cannot carry the payload.
        Incorrect: the codec breaks its contract.
    """

    def __init__(self, codec: Codec, payload: Payload, at: Callable[[str, int | None], None]) -> None:
        self._at = at
        self._codec = codec
        self._payload = payload
        if refused := refusal(payload, codec.deviations):
            deviation, path = refused
            raise UnsupportedPayload(f"{deviation}", path)
        at("bind", None)
        self._bound: Bound = codec.bind(payload)
        self._check_contract()
        self._objects = [self._step("build", i, self._bound.build, x) for i, x in enumerate(payload.instances)]
        self._encoded = [_bytes(self._step("encode", i, self._bound.encode, x)) for i, x in enumerate(self._objects)]
        self._inputs = [self._step("source", i, self._bound.source, x) for i, x in enumerate(self._encoded)]

    def _check_contract(self) -> None:
        plain = self._bound.build is identity and self._bound.convert is identity
        if self._codec.model == "plain" and not plain:
            raise Incorrect("the codec's model is plain, but its build or convert is not the identity")

    def _step(self, what: str, index: int, call: Callable[[Any], Any], argument: Any) -> Any:
        self._at(what, index)
        return call(argument)

    def encoded_bytes(self) -> dict[str, float]:
        """Median, min and max of the encoded sizes over the instances."""
        sizes = [len(encoded) for encoded in self._encoded]
        return {"median": statistics.median(sizes), "min": min(sizes), "max": max(sizes)}

    def verify(self, seconds: float) -> int:
        """Holds what comes back against what went in, instance by instance, until the time is over; the first always.

        Returns:
            how many instances were verified.

        Raises:
            Incorrect: with the instance and the path of the first difference.
        """
        deadline = time.monotonic() + seconds
        deviations = verify.active(self._codec.deviations, self._payload)
        for index, (instance, data) in enumerate(zip(self._payload.instances, self._inputs, strict=True)):
            if index and time.monotonic() > deadline:
                return index
            back = self._bound.convert(self._step("decode", index, self._bound.decode, data))
            if difference := verify.round_trip_difference(instance, back, self._payload, deviations):
                raise Incorrect(f"instance {index}: {difference}")
        return len(self._inputs)

    def verify_read(self, seconds: float) -> None:
        """Proves that the reader touches every leaf, on evenly spread instances of some 20,000 leaves.

        Raises:
            Incorrect: with the instance and the path of the first leaf that was left out.
        """
        deadline = time.monotonic() + seconds
        deviations = verify.active(self._codec.deviations, self._payload)
        checked = 0
        for index in _spread(len(self._inputs)):
            if checked >= READ_CHECK_LEAVES or (checked and time.monotonic() > deadline):
                return
            self._at("read", index)
            must = expected(self._payload.instances[index], self._payload.schema.root, deviations)
            missed, leaves = verify.unread_leaf(
                self._reader_around, self._bound.decode, self._inputs[index], must, self._payload.schema
            )
            if missed:
                raise Incorrect(f"instance {index}: read left out {missed}")
            checked += leaves

    def timed(self, operation: Operation) -> Timed:
        """The callable of an operation and the arguments it rotates over."""
        bound = self._bound
        match operation:
            case Operation.ENCODE:
                return bound.encode, Rotation(self._objects)
            case Operation.DECODE:
                return bound.decode, Rotation(self._inputs)
            case Operation.DUMP:
                return _chain(bound.build, bound.encode), Rotation(self._payload.instances)
            case Operation.LOAD:
                return _chain(bound.decode, bound.convert), Rotation(self._inputs)
            case Operation.READ:
                return self._reader_around(bound.decode), Rotation(self._inputs)

    def _reader_around(self, decode: Callable[[Any], Any]) -> Callable[[Any], None]:
        if own := self._bound.read:
            return lambda data: own(decode(data))
        text = Deviation.BYTES_AS_BASE64 in self._codec.deviations
        return compile_reader(source(self._payload.schema, access=self._bound.access, base64_text=text), decode)


def _bytes(encoded: Any) -> bytes:
    try:
        return bytes(memoryview(encoded))
    except TypeError:
        raise Incorrect(f"encode returned {type(encoded).__name__}, which is no bytes-like object") from None


def _chain(first: Callable[[Any], Any], second: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """`second(first(value))`, or the one of them that does something: no frame is charged where none is needed."""
    if first is identity or second is identity:
        return second if first is identity else first
    return lambda value: second(first(value))


def _spread(count: int) -> list[int]:
    """All indices, the first ones spread evenly over the whole: 0, the middle, the quarters, ..."""
    order, step = [0], count
    seen = {0}
    while step > 1:
        step = (step + 1) // 2
        for index in range(0, count, step):
            if index not in seen:
                seen.add(index)
                order.append(index)
    return order
