"""protobuf's JSON form: `json_format` on the messages of the codec `protobuf`, as a transcoding gateway does.

Names are lowerCamelCase, integers of 64 bits and bytes are text, and what has its default is left out, as ProtoJSON has
it. The library walks messages in Python, whatever implementation they have. Only the line breaks that it would indent
and the escapes of what UTF-8 has are switched off; spaces after commas and colons cannot be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from google.protobuf.json_format import MessageToJson, Parse

from serbench.codecs.base import Bound, Codec, in_record
from serbench.codecs.deviations import OF_MESSAGES, Deviation
from serbench.codecs.protobuf_classes import own_class
from serbench.errors import UnsupportedPayload
from serbench.schema.carried import boxed, carried
from serbench.schema.messages import builder, converter
from serbench.schema.payload import join
from serbench.schema.proto import lower, present
from serbench.schema.types import List, Map, Record, Scalar, Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload


_FLOAT32_MAX = (2 - 2**-23) * 2.0**127


def _largest_float(value: Any, kind: Type, path: str) -> Iterator[str]:
    """Where the largest float of 32 bits stands: it is written as 3.4028235e+38, which the parser says is too large."""
    match present(kind):
        case Record(_, fields):
            for field in fields:
                if value.get(field.name) is not None:
                    yield from _largest_float(value[field.name], field.type, join(path, field.name))
        case List(Scalar.FLOAT32) if _FLOAT32_MAX not in map(abs, value):
            pass  # vectors have thousands of them
        case List(item):
            for index, each in enumerate(value):
                yield from _largest_float(each, item, f"{path}[{index}]")
        case Map(_, item):
            for key, each in value.items():
                yield from _largest_float(each, item, join(path, str(key)))
        case Scalar.FLOAT32 if abs(value) == _FLOAT32_MAX:
            yield path


def _refuse_largest_float(payload: Payload) -> None:
    if any(
        field.content.type == "float" for message in lower(carried(payload, "protobuf")) for field in message.fields
    ):
        for index, instance in enumerate(payload.instances):
            for path in _largest_float(instance, payload.schema.root, ""):
                where = f"instance {index}: {path}"
                raise UnsupportedPayload("protobuf cannot parse its own JSON of the largest 32-bit float", where)


def _encode(message: Any) -> bytes:
    return MessageToJson(message, indent=None, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtobufJson:
    """Messages to JSON text and back."""

    name: str = "protobuf-json"
    format: str = "json"
    distribution: str | None = "protobuf"
    model: Model = "message"
    deviations: frozenset[Deviation] = OF_MESSAGES | {Deviation.EMPTY_AS_ABSENT}
    native: str = "pure Python"
    warnings: tuple[Caution, ...] = ()

    def bind(self, payload: Payload, /) -> Bound:
        """Messages as those of `protobuf`; only `encode` and `decode` differ."""
        message, schema = own_class(payload), carried(payload, "protobuf")
        _refuse_largest_float(payload)
        bound = Bound(
            encode=_encode,
            decode=lambda data: Parse(data, message()),
            build=builder(schema, message),
            convert=converter(schema),
            access="message",
        )
        return in_record(bound) if boxed(payload) else bound


CODECS: tuple[Codec, ...] = (ProtobufJson(),)
