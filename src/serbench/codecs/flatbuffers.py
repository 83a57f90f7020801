"""flatbuffers: classes that are made from the payload's schema, so nobody needs flatc.

The library is pure Python: a `Builder`, and a `Table` that reads in place. A table is lazy: `decode` looks up where the
root is and nothing else, and each access looks up and converts anew. What the classes do is what flatc's do; the
differences stand in `serbench.schema.flatbuffers_code`. One `Builder` writes every message, which its `Clear` is for.

numpy is not used. The library imports it by itself where it is installed, which is in what a cold start and a process
with it cost.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import flatbuffers

from serbench.codecs.base import Bound, Codec
from serbench.codecs.deviations import Deviation
from serbench.schema.derived import refuse_unions
from serbench.schema.flatbuffers import lower
from serbench.schema.flatbuffers_code import to_python
from serbench.schema.objects import Form, converter
from serbench.schema.types import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload
    from serbench.schema.types import Schema

_LAZY = Form(lists="list({})", maps="dict({}.items())")


def classes(schema: Schema) -> tuple[Any, Any]:
    """The class that reads the root table, and the function that makes an object of it that can be packed.

    Raises:
        UnsupportedPayload: FlatBuffers, or this codec, have no form for something in the schema.
    """
    shape = lower(schema)
    refuse_unions(schema, "FlatBuffers")
    namespace: dict[str, Any] = {"flatbuffers": flatbuffers}
    exec(compile(to_python(shape), "<serbench tables>", "exec"), namespace)  # noqa: S102 - our own text
    root = f"_{len(shape.tables) - 1}"
    return namespace[root], namespace[f"{root}B"]


class _Own(threading.local):
    """A builder for each thread, used again for every message."""

    def __init__(self) -> None:
        self.builder = flatbuffers.Builder()


def _encoder() -> Callable[[Any], bytearray]:
    own = _Own()

    def encode(message: Any) -> bytearray:
        builder = own.builder
        builder.Clear()
        builder.Finish(message._pack(builder))  # noqa: SLF001 - a field may be called anything without the underscore
        output: bytearray = builder.Output()
        return output

    return encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Flatbuffers:
    """FlatBuffers, read in place."""

    name: str = "flatbuffers"
    format: str = "flatbuffers"
    distribution: str | None = "flatbuffers"
    model: Model = "message"
    deviations: frozenset[Deviation] = frozenset(
        {Deviation.TUPLE_AS_LIST, Deviation.INT_64_BITS, Deviation.NO_NULL, Deviation.NO_SURROGATES}
    )
    native: str = "pure Python"
    warnings: tuple[Caution, ...] = ()

    def bind(self, payload: Payload, /) -> Bound:
        """Classes, and the code that builds and converts their objects."""
        table, build = classes(payload.schema)
        root = payload.schema.root
        assert isinstance(root, Record)
        return Bound(
            encode=_encoder(),
            decode=table._root,  # noqa: SLF001 - as above
            build=build,
            convert=converter(root, _LAZY),
            access="attribute",
        )


CODECS: tuple[Codec, ...] = (Flatbuffers(),)
