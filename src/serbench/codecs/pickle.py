"""The standard library's pickle, protocol 5: in one piece, or with bytes out of band.

`pickle-view` is for programs that pass large bytes around: they put them into a `PickleBuffer`, and what is pickled
has but a mark where they stand. Here the pieces follow each other, aligned, behind their sizes, so that one copy makes
a message of them; decoding gives views of it.
"""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.codecs.base import Bound, Codec, identity, mapped, owned
from serbench.schema.payload import Kind

if TYPE_CHECKING:
    from serbench.codecs.deviations import Deviation
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload


_ALIGNED = 64


def _encode(value: object) -> bytes:
    return pickle.dumps(value, 5)


def _apart(value: Any) -> Any:
    """The value with its bytes ready to be left where they are."""
    match value:
        case bytes():
            return pickle.PickleBuffer(value)
        case dict():
            return {key: _apart(item) for key, item in value.items()}
        case list():
            return [_apart(item) for item in value]
        case tuple():
            return tuple(map(_apart, value))
    return value


def _encode_apart(value: object) -> bytes:
    buffers: list[pickle.PickleBuffer] = []
    main = pickle.dumps(value, 5, buffer_callback=buffers.append)
    pieces: list[bytes | memoryview] = [main, *(buffer.raw() for buffer in buffers)]
    head = struct.pack(f"<{len(pieces) + 1}Q", len(pieces), *map(len, pieces))
    return b"".join([part for piece in (head, *pieces) for part in (piece, bytes(-len(piece) % _ALIGNED))])


def _decode_apart(data: memoryview) -> Any:
    (count,) = struct.unpack_from("<Q", data)
    at, pieces = 8 * (count + 1), []
    for size in struct.unpack_from(f"<{count}Q", data, 8):
        at += -at % _ALIGNED
        pieces.append(data[at : at + size])
        at += size
    return pickle.loads(pieces[0], buffers=pieces[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Pickle:
    """`pickle` of the standard library. It carries every plain value as it is."""

    name: str = "pickle"
    format: str = "pickle"
    distribution: str | None = None
    model: Model = "plain"
    deviations: frozenset[Deviation] = frozenset()
    native: str = "C"
    warnings: tuple[Caution, ...] = ()

    def bind(self, _payload: Payload, /) -> Bound:
        """The same two callables for every payload."""
        return Bound(encode=_encode, decode=pickle.loads)


@dataclass(frozen=True, slots=True, kw_only=True)
class PickleView(Pickle):
    """The same with bytes out of band, which come back as views of the message."""

    name: str = "pickle-view"
    format: str = "pickle-buffers"
    model: Model = "message"

    def bind(self, payload: Payload, /) -> Bound:
        """Where there are bytes, they are put apart and made bytes again."""
        there = Kind.BYTES in payload.kinds
        return Bound(
            encode=_encode_apart,
            decode=_decode_apart,
            build=_apart if there else identity,
            convert=owned if there else identity,
            source=mapped(),
        )


CODECS: tuple[Codec, ...] = (Pickle(), PickleView())
