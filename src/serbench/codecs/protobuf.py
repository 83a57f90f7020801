"""protobuf: messages from descriptors that are made from the payload's schema, so nobody needs protoc.

upb reads a memoryview where it is, which `protobuf-view` shows; what it gives is copied into the message all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from google.protobuf.internal import api_implementation

from serbench.codecs.base import Bound, Codec, identity, in_record, mapped, slow_fallback
from serbench.codecs.deviations import OF_MESSAGES, Deviation
from serbench.codecs.protobuf_classes import own_class
from serbench.schema.carried import boxed, carried
from serbench.schema.messages import builder, converter

if TYPE_CHECKING:
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Protobuf:
    """protobuf; in another implementation than upb it is many times slower, which is told."""

    name: str
    view: bool = False
    format: str = "protobuf"
    distribution: str | None = "protobuf"
    model: Model = "message"
    deviations: frozenset[Deviation] = OF_MESSAGES | {Deviation.EMPTY_AS_ABSENT}

    @property
    def native(self) -> str:
        """Which implementation is active: `upb`, or `python`."""
        return api_implementation.Type()

    @property
    def warnings(self) -> tuple[Caution, ...]:
        """That another implementation than upb is active, if it is."""
        return () if self.native == "upb" else (slow_fallback("protobuf", "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION"),)

    def bind(self, payload: Payload, /) -> Bound:
        """Messages, and the code that builds and converts them. `encode` is the class's own method, unbound."""
        message, schema = own_class(payload), carried(payload, "protobuf")
        bound = Bound(
            encode=message.SerializeToString,
            decode=message.FromString,
            build=builder(schema, message),
            convert=converter(schema),
            source=mapped() if self.view else identity,
            access="message",
        )
        return in_record(bound) if boxed(payload) else bound


CODECS: tuple[Codec, ...] = (Protobuf(name="protobuf"), Protobuf(name="protobuf-view", view=True))
