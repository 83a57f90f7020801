"""A codec bound to a payload, whose every step says where it went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.codecs.base import identity
from serbench.codecs.deviations import refusal
from serbench.conformance.parts import Finding
from serbench.errors import UnsupportedPayload
from serbench.worker import verify, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from serbench.codecs.base import Bound, Codec
    from serbench.schema.payload import Payload

    At = Callable[[str], None]

MOST_FINDINGS = 3
"""Of one check; more would say the same."""


class Breach(Exception):
    """The codec does not do what it must.

    Attributes:
        finding: where and what.
    """

    def __init__(self, where: str, what: str) -> None:
        super().__init__(what)
        self.finding = Finding(where=where, what=words.brief(what))


class Hand:
    """A codec bound to a payload.

    Args:
        codec: the adapter.
        payload: what it is bound to.
        at: called before each kind of step with its name, so that a watcher knows where the process has died.

    Attributes:
        before: the fingerprint of each message, taken before bind.

    Raises:
        UnsupportedPayload: the codec refuses it.
        Breach: bind raised something else, or did not return a Bound.
    """

    def __init__(self, codec: Codec, payload: Payload, at: At) -> None:
        if refused := refusal(payload, codec.deviations):
            raise UnsupportedPayload(str(refused[0]), refused[1])
        self.codec = codec
        self.payload = payload
        self.deviations = verify.active(codec.deviations, payload)
        self._at = at
        self._step = ""
        self._quiet = False
        self.before = [verify.fingerprint(instance) for instance in payload.instances]
        self.bound: Bound = self._call("bind", "", codec.bind, payload)

    def _call(self, step: str, index: int | str, call: Callable[[Any], Any], argument: Any) -> Any:
        if call is identity:
            return argument
        if step != self._step and not self._quiet:
            self._at(f"{step} of {self.payload.name}")
            self._step = step
        try:
            return call(argument)
        except UnsupportedPayload as error:
            if step == "bind":
                raise
            raise Breach(self.where(index), f"{step} raised {words.raised(error)}; that is for bind to raise") from None
        except BaseException as error:  # a codec may raise SystemExit as well
            raise Breach(self.where(index), f"{step} raised {words.raised(error)}") from None

    def hush(self, doing: str) -> None:
        """From here on single steps are not told, only that."""
        self._at(f"{doing} of {self.payload.name}")
        self._quiet = True

    def where(self, index: int | str) -> str:
        """A message of this payload, in words."""
        return f"{self.payload.name}, message {index}" if isinstance(index, int) else f"{self.payload.name}{index}"

    def build(self, instance: Any, index: int | str) -> Any:
        """The codec's own object of a plain value."""
        return self._call("build", index, self.bound.build, instance)

    def encode(self, own: Any, index: int | str) -> Any:
        """What encode gives for the codec's own object, as it is."""
        return self._call("encode", index, self.bound.encode, own)

    def dump(self, instance: Any, index: int | str) -> bytes:
        """The bytes of a plain value, in an object of their own."""
        encoded = self.encode(self.build(instance, index), index)
        try:
            return bytes(memoryview(encoded))
        except TypeError:
            kind = type(encoded).__name__
            raise Breach(self.where(index), f"encode returned {kind}, which is no bytes-like object") from None

    def decode(self, data: bytes, index: int | str) -> Any:
        """The codec's own object of bytes."""
        return self._call("decode", index, self.bound.decode, self.source(data, index))

    def source(self, data: bytes, index: int | str) -> Any:
        """What decode is handed for bytes."""
        return self._call("source", index, self.bound.source, data)

    def convert(self, own: Any, index: int | str) -> Any:
        """The plain value of the codec's own object."""
        return self._call("convert", index, self.bound.convert, own)

    def load(self, data: bytes, index: int | str) -> Any:
        """The plain value of bytes."""
        return self.convert(self.decode(data, index), index)

    def same(self, instance: Any, back: Any, index: int | str, begin: str = "") -> None:
        """Makes sure that what came back is what must.

        Raises:
            Breach: it is not, with the path.
        """
        if difference := verify.round_trip_difference(instance, back, self.payload, self.deviations):
            raise Breach(self.where(index), f"{begin}{difference}")


class Found:
    """Collects what is found, and on how much it was tried."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.untried = ""
        self._tried = 0
        self._refused = 0

    def add(self, where: str, what: str) -> None:
        """One more breach."""
        self.findings.append(Breach(where, what).finding)

    def over(self, codec: Codec, payloads: Iterable[Payload], at: At, look: Callable[[Hand], None]) -> Found:
        """Looks at a codec with each payload that it does not refuse, until more would say the same.

        Args:
            codec: the adapter.
            payloads: to be bound to.
            at: called before each kind of step with its name.
            look: raises a Breach where it finds one.
        """
        for payload in payloads:
            if len(self.findings) >= MOST_FINDINGS:
                break
            try:
                hand = Hand(codec, payload, at)
                self._tried += 1
                look(hand)
            except UnsupportedPayload:
                self._refused += 1
            except Breach as breach:
                self.findings.append(breach.finding)
        if not self._tried and not self.findings:
            self.untried = "the codec refuses every payload that this is tried on"
        return self

    @property
    def told(self) -> str:
        """How many payloads it was tried on."""
        refused = f", {self._refused} refused" if self._refused else ""
        return f"{self._tried} payload{'s' * (self._tried != 1)}{refused}" if self._tried else ""
