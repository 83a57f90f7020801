"""flatbuffers: classes that are made from the payload's schema, so nobody needs flatc.

The library is pure Python: a `Builder`, and a `Table` that reads in place. A table is lazy: `decode` looks up where the
root is and nothing else, and each access looks up and converts anew. What the classes do is what flatc's do; the
differences stand in `serbench.schema.flatbuffers_code`. One `Builder` writes every message, which its `Clear` is for.

`flatbuffers-view` has bytes as a slice of the buffer, which is a view where that is a memoryview. (flatc has
`DataAsNumpy` for it.)

numpy is not used. The library imports it by itself where it is installed, which is in what a cold start and a process
with it cost.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import flatbuffers

from serbench.codecs.base import Bound, Codec, identity, in_record, mapped, owned
from serbench.codecs.deviations import OF_MESSAGES, Deviation
from serbench.schema.carried import boxed, carried
from serbench.schema.flatbuffers import lower
from serbench.schema.flatbuffers_code import to_python
from serbench.schema.objects import Form, converter
from serbench.schema.payload import Kind
from serbench.schema.types import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload
    from serbench.schema.types import Schema

_LAZY = Form(lists="list({})", maps="dict({}.items())")


def classes(schema: Schema, *, view: bool = False) -> tuple[Any, Any]:
    """The class that reads the root table, and the function that makes an object of it that can be packed.

    Args:
        schema: the payload's.
        view: whether bytes are handed out as slices of the buffer.

    Raises:
        UnsupportedPayload: FlatBuffers, or this codec, have no form for something in the schema.
    """
    shape = lower(schema)
    namespace: dict[str, Any] = {"flatbuffers": flatbuffers}
    exec(compile(to_python(shape, slices=view), "<serbench tables>", "exec"), namespace)  # noqa: S102 - our own text
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
    """FlatBuffers, read in place; bytes are copied out, or viewed where they are."""

    name: str
    view: bool = False
    format: str = "flatbuffers"
    distribution: str | None = "flatbuffers"
    model: Model = "message"
    deviations: frozenset[Deviation] = OF_MESSAGES
    native: str = "pure Python"
    warnings: tuple[Caution, ...] = ()

    def bind(self, payload: Payload, /) -> Bound:
        """Classes, and the code that builds and converts their objects."""
        schema = carried(payload, "FlatBuffers")
        table, build = classes(schema, view=self.view)
        root = schema.root
        assert isinstance(root, Record)
        convert = converter(root, _LAZY)
        bound = Bound(
            encode=_encoder(),
            decode=table._root,  # noqa: SLF001 - as above
            build=build,
            convert=(lambda message: owned(convert(message))) if self.view and Kind.BYTES in payload.kinds else convert,
            source=mapped() if self.view else identity,
            access="attribute",
        )
        return in_record(bound) if boxed(payload) else bound


CODECS: tuple[Codec, ...] = (Flatbuffers(name="flatbuffers"), Flatbuffers(name="flatbuffers-view", view=True))
