"""A codec made ready for a payload: everything untimed is done, every instance verified, the timed callables stand."""

from __future__ import annotations

import math
import statistics
import sys
from time import monotonic  # a codec may put something else in its place
from typing import TYPE_CHECKING, Any, get_args

from serbench.codecs.base import Access, Bound, identity
from serbench.codecs.deviations import RULES, expected, refusal
from serbench.codecs.own import OwnBound
from serbench.errors import UnsupportedPayload
from serbench.records.cases import Operation
from serbench.schema.types import records_of
from serbench.worker import operations, verify, words
from serbench.worker.touch import thinned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from serbench.codecs.base import Codec
    from serbench.schema.payload import Payload
    from serbench.worker.operations import Chain
    from serbench.worker.own_messages import Comparison

READ_CHECK_LEAVES = 10_000
_FOREIGN = "instance 0, encoded by another process"


class Incorrect(Exception):
    """What came back is not what went in. The text is the path of the first difference."""


class Subject:
    """One codec and one payload in this process, its instances built and encoded.

    Args:
        codec: the adapter.
        payload: what it is to carry.
        at: called before each step with its name and the index of the instance in hand, so that a watcher knows where a
            crash or a hang was.
        seconds: how long building and encoding may take; what is not ready by then is left out, but for one instance.
        watch: whether to make sure that bind, building and encoding leave the instances as they are.
        foreign: the instances as another process encoded them: the first must decode here, before anything is encoded
            here; then that one alone is encoded here, and the others are decoded as they are.
        chain: makes one callable of two steps.

    Raises:
        UnsupportedPayload: the codec cannot carry the payload.
        Incorrect: the codec breaks its contract.
    """

    def __init__(
        self,
        codec: Codec,
        payload: Payload,
        at: Callable[[str, int | None], None],
        *,
        seconds: float = math.inf,
        watch: bool = False,
        foreign: Sequence[bytes] = (),
        chain: Chain = operations.in_python,
    ) -> None:
        self._at = at
        self._chain = chain
        self._codec = codec
        self._payload = payload
        if refused := refusal(payload, codec.deviations):
            deviation, path = refused
            raise UnsupportedPayload(f"{RULES[deviation].words} ({deviation})", path)
        before = [verify.fingerprint(instance) for instance in payload.instances] if watch else []
        at("bind", None)
        self._bound = codec.bind(payload)
        self._check_contract()
        self._unchanged(before, "bind")
        # A program that reads fields has their names, interned: a decoder that interns keys finds them there.
        self._names = [sys.intern(field.name) for record in records_of(payload.schema) for field in record.fields]
        self._own = _comparison(self._bound, payload) if isinstance(self._bound, OwnBound) else None
        self._deviations = verify.active(codec.deviations, payload)
        if foreign:
            self._verify_foreign(foreign[0])
        begin = monotonic()
        self._objects = self._steps("build", self._bound.build, payload.instances, begin + seconds / 2)
        own = self._objects[:1] if foreign else self._objects
        encoded = self._steps("encode", self._bound.encode, own, begin + seconds)
        self._encoded = [*(_bytes(one) for one in encoded), *foreign[1 : len(self._objects)]]
        del self._objects[len(self._encoded) :]
        self._inputs = self._steps("source", self._bound.source, self._encoded, math.inf)
        self._unchanged(before, "building or encoding it")

    def _unchanged(self, before: Sequence[bytes], what: str) -> None:
        """Makes sure that the instances are what they were: the first as many as there are fingerprints."""
        index = verify.first_changed(before, self._payload.instances)
        if index is not None:
            raise Incorrect(f"instance {index}: {what} changed the value that was handed over")

    def _check_contract(self) -> None:
        if not isinstance(self._bound, Bound):
            raise Incorrect(f"bind returned {type(self._bound).__name__}, which is no Bound")
        if self._bound.access not in get_args(Access):
            raise Incorrect(f"its access is {self._bound.access!r}, which is none of {', '.join(get_args(Access))}")
        plain = self._bound.build is identity and self._bound.convert is identity
        if self._codec.model == "plain" and not plain:
            raise Incorrect("the codec's model is plain, but its build or convert is not the identity")

    def _steps(self, what: str, call: Callable[[Any], Any], arguments: Sequence[Any], deadline: float) -> list[Any]:
        """The call of each argument, the first always, as far as they get by the deadline."""
        made: list[Any] = []
        for index, argument in enumerate(arguments):
            if index and monotonic() > deadline:
                break
            made.append(self._step(what, index, call, argument))
        return made

    def _verify_foreign(self, data: bytes) -> None:
        """What another process encoded says what it said there: bytes must carry the whole message."""
        try:
            decoded = self._step("decode", 0, self._bound.decode, self._bound.source(data))
            back = decoded if self._own else self._bound.convert(decoded)
        except Exception as error:
            raise Incorrect(f"{_FOREIGN}: decoding raised {words.raised(error)}") from error
        if difference := self._difference(0, data, back):
            raise Incorrect(f"{_FOREIGN}: {difference}")

    def _difference(self, index: int, data: bytes, back: Any) -> str:
        """What is wrong with what came back: a plain value, or an object of a class of the user's own."""
        if self._own:
            return self._own.difference(index, data, back)
        return verify.round_trip_difference(self._payload.instances[index], back, self._payload, self._deviations)

    @property
    def encoded(self) -> Sequence[bytes]:
        """Every instance, encoded."""
        return self._encoded

    @property
    def conversions(self) -> str:
        """What a class of the user's own does with the messages that were verified; empty for nothing."""
        return self._own.words() if self._own else ""

    @property
    def ready(self) -> int:
        """How many instances were built and encoded."""
        return len(self._inputs)

    def _step(self, what: str, index: int, call: Callable[[Any], Any], argument: Any) -> Any:
        self._at(what, index)
        try:
            return call(argument)
        except Exception as error:
            if what not in ("build", "decode") or not isinstance(self._bound, OwnBound):
                raise
            said = words.brief(self._bound.explain(argument, error).partition("\n")[0], words.RAISED)
            kind = self._bound.kind
            if what == "build":
                raise UnsupportedPayload(f"no {kind}: {said}", f"instance {index}") from error
            raise Incorrect(f"instance {index}: {kind} does not read what it has written: {said}") from error

    def encoded_bytes(self) -> dict[str, float]:
        """Mean, median, min and max of the encoded sizes over the instances."""
        sizes = [len(encoded) for encoded in self._encoded]
        return {
            "mean": statistics.fmean(sizes),
            "median": statistics.median(sizes),
            "min": min(sizes),
            "max": max(sizes),
        }

    def verify(self, seconds: float) -> int:
        """Holds what comes back against what went in, instance by instance, until the time is over; the first always.

        Returns:
            how many instances were verified.

        Raises:
            Incorrect: with the instance and the path of the first difference.
        """
        deadline = monotonic() + seconds
        for index, (instance, data) in enumerate(zip(self._payload.instances, self._inputs, strict=False)):
            if index and monotonic() > deadline:
                return index
            decoded = self._step("decode", index, self._bound.decode, data)
            back = decoded if self._own else self._bound.convert(decoded)
            if back is instance and isinstance(back, dict | list):
                raise Incorrect(f"instance {index}: what came back is the very object that was encoded")
            if difference := self._difference(index, self._encoded[index], back):
                raise Incorrect(f"instance {index}: {difference}")
        return len(self._inputs)

    def verify_read(self, seconds: float) -> None:
        """Proves that the reader touches every leaf, on evenly spread instances of some 10,000 leaves.

        Of an instance that has more leaves by itself, fewer items of its lists and maps are taken, evenly spread.

        Raises:
            Incorrect: with the instance and the path of the first leaf that was left out.
        """
        if self._own:  # the reader is ours, and made for the class
            self._reader_around(self._bound.decode)(self._inputs[0])
            return
        deadline = monotonic() + seconds
        checked = 0
        for index in _spread(len(self._inputs)):
            if checked >= READ_CHECK_LEAVES or (checked and monotonic() > deadline):
                return
            self._at("read", index)
            root = self._payload.schema.root
            instance = thinned(self._payload.instances[index], root, READ_CHECK_LEAVES)
            data = self._inputs[index]
            if instance is not self._payload.instances[index]:
                data = self._bound.source(_bytes(self._bound.encode(self._bound.build(instance))))
            must = expected(instance, root, self._deviations)
            missed, leaves = verify.unread_leaf(
                self._reader_around, self._bound.decode, data, must, self._payload.schema
            )
            if missed:
                raise Incorrect(f"instance {index}: read left out {missed}")
            checked += leaves

    def timed(self, operation: Operation) -> tuple[Callable[[Any], Any], Sequence[Any]]:
        """The callable of an operation, and the arguments that it rotates over."""
        reader = self._reader_around(self._bound.decode) if operation is Operation.READ else None
        call = operations.timed(self._bound, operation, self._chain, reader)
        match operation:
            case Operation.ENCODE:
                return call, self._objects
            case Operation.DUMP:
                return call, self._payload.instances[: self.ready]
        return call, self._inputs

    def heap(self, objects: int) -> Iterator[Any]:
        """Live decoded instances: so many of the codec's own objects."""
        for index in range(objects):
            yield self._step("decode", index % self.ready, self._bound.decode, self._inputs[index % self.ready])

    def _reader_around(self, decode: Callable[[Any], Any]) -> Callable[[Any], None]:
        return operations.reader(self._bound, self._payload, self._codec.deviations, decode, self._chain)


def _comparison(bound: OwnBound, payload: Payload) -> Comparison:
    from serbench.worker.own_messages import Comparison  # noqa: PLC0415 - with modules that others do not need

    return Comparison(bound, payload)


def _bytes(encoded: Any) -> bytes:
    try:
        return bytes(memoryview(encoded))
    except TypeError:
        raise Incorrect(f"encode returned {type(encoded).__name__}, which is no bytes-like object") from None


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
