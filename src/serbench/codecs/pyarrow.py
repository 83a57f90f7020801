"""pyarrow: each message is a record batch of one row in Arrow's IPC format, as services send them that speak Arrow.

The schema goes ahead of a stream and is known to both sides, so only the batch's own message is encoded. Arrow is made
for many rows: in a batch of one, every column pays for buffers and their padding, and the numbers here say what that
costs a service that sends single messages. They say nothing about Arrow for tables. A message that is a list of records
is a batch of as many rows. Any other message that is no record is the only column of a batch of one row.

`pyarrow-view` hands out the bytes of a message's own columns as views of its buffers. Bytes further below, and every
other value, are made as `to_pylist` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from serbench.codecs.base import Bound, Codec, identity, mapped, owned
from serbench.codecs.deviations import OF_MESSAGES, Deviation
from serbench.errors import UnsupportedPayload
from serbench.schema.carried import VALUES, boxed, carried
from serbench.schema.derived import bare, may_lack
from serbench.schema.payload import Kind, join
from serbench.schema.types import List, Map, Record, Scalar, Type

if TYPE_CHECKING:
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload

_SCALARS: dict[Scalar, Any] = {
    Scalar.BOOL: pa.bool_(),
    Scalar.INT32: pa.int32(),
    Scalar.INT64: pa.int64(),
    Scalar.UINT32: pa.uint32(),
    Scalar.UINT64: pa.uint64(),
    Scalar.FLOAT32: pa.float32(),
    Scalar.FLOAT64: pa.float64(),
    Scalar.STRING: pa.string(),
    Scalar.BYTES: pa.binary(),
}
_DEEPEST = 64  # a map is two levels
_PLAIN = methodcaller("to_pylist", maps_as_pydicts="strict")


def _type(kind: Type, path: str, level: int) -> Any:
    """Arrow's type of what stands at a path. Every type of Arrow has null besides its values."""
    if level > _DEEPEST:
        raise UnsupportedPayload(f"Arrow's IPC format takes {_DEEPEST} levels of lists and objects", path)
    match bare(kind):
        case Record() as record:
            return pa.struct(_fields(record, path, level))
        case List(item):
            return pa.list_(_type(item, f"{path}[]", level + 1))
        case Map(key, value):
            return pa.map_(_SCALARS[key], _type(value, join(path, "*"), level + 2))
        case scalar:
            assert isinstance(scalar, Scalar)  # of other unions there are none left
            return _SCALARS[scalar]


def _fields(record: Record, path: str, level: int = 0) -> list[Any]:
    return [
        pa.field(field.name, _type(field.type, join(path, field.name), level + 1), nullable=may_lack(field))
        for field in record.fields
    ]


def _of_records(root: Type) -> bool:
    """Whether a message is a list of records: a batch of as many rows."""
    return isinstance(root, List) and isinstance(root.item, Record)


def _columns(payload: Payload) -> Any:
    """The schema of the batches of a message; of a list of records, those of its items."""
    rows = _of_records(payload.schema.root)
    root = carried(payload, "pyarrow", box=not rows).root
    record, path = (root.item, "[]") if isinstance(root, List) else (root, "")
    assert isinstance(record, Record)
    if not record.fields:
        raise UnsupportedPayload("a batch without columns has no rows", path)
    return pa.schema(_fields(record, path))


def _viewed(column: Any) -> list[Any]:
    """The values of a column of bytes: views of its buffer, None where it has none."""
    _, offsets, values = column.buffers()
    data, ends = memoryview(values), memoryview(offsets).cast("i")
    return [data[ends[n] : ends[n + 1]] if valid else None for n, valid in enumerate(column.is_valid().to_pylist())]


def _rows(batch: Any) -> list[dict[str, Any]]:
    columns = [
        _viewed(column) if column.type == pa.binary() else column.to_pylist(maps_as_pydicts="strict")
        for column in batch.columns
    ]
    return [dict(zip(batch.schema.names, row, strict=True)) for row in zip(*columns, strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pyarrow:
    """pyarrow, from and to plain values: `from_pylist` and `to_pylist`; bytes may be views."""

    name: str
    view: bool = False
    model: Model = "plain"
    format: str = "arrow"
    distribution: str | None = "pyarrow"
    deviations: frozenset[Deviation] = frozenset({Deviation.ABSENT_AS_NULL}) | (
        OF_MESSAGES - {Deviation.NULL_AS_ABSENT, Deviation.NO_LOOSE_NULL}
    )
    native: str = "C++"
    warnings: tuple[Caution, ...] = ()

    def bind(self, payload: Payload, /) -> Bound:
        """The schema of the batches."""
        schema = _columns(payload)
        batch = partial(pa.RecordBatch.from_pylist, schema=schema)
        read = pa.ipc.read_record_batch
        rows = _rows if self.view else _PLAIN
        views = self.view and Kind.BYTES in payload.kinds
        bound = partial(Bound, convert=owned if views else identity, source=mapped() if self.view else identity)
        if _of_records(payload.schema.root):
            return bound(
                encode=lambda value: memoryview(batch(value).serialize()),
                decode=lambda data: rows(read(data, schema)),
            )
        if boxed(payload):
            return bound(
                encode=lambda value: memoryview(batch([{VALUES: value}]).serialize()),
                decode=lambda data: rows(read(data, schema))[0][VALUES],
            )
        return bound(
            encode=lambda value: memoryview(batch([value]).serialize()),
            decode=lambda data: rows(read(data, schema))[0],
        )


CODECS: tuple[Codec, ...] = (Pyarrow(name="pyarrow"), Pyarrow(name="pyarrow-view", view=True, model="message"))
