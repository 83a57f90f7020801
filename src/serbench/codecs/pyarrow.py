"""pyarrow: each message is a record batch of one row in Arrow's IPC format, as services send them that speak Arrow.

The schema goes ahead of a stream and is known to both sides, so only the batch's own message is encoded. Arrow is made
for many rows: in a batch of one, every column pays for buffers and their padding, and the numbers here say what that
costs a service that sends single messages. They say nothing about Arrow for tables. A message that is a list of records
is a batch of as many rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from serbench.codecs.base import Bound, Codec
from serbench.codecs.deviations import Deviation
from serbench.errors import UnsupportedPayload
from serbench.schema.payload import join
from serbench.schema.proto import present
from serbench.schema.types import List, Map, Record, Scalar, Type, Union

if TYPE_CHECKING:
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload

_SCALARS: dict[Scalar, Any] = {
    Scalar.NULL: pa.null(),
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


def _type(kind: Type, path: str) -> Any:
    """Arrow's type of what stands at a path. Every type of Arrow has null besides its values."""
    match present(kind):
        case Scalar() as scalar if scalar in _SCALARS:
            return _SCALARS[scalar]
        case Scalar() as scalar:
            raise UnsupportedPayload(f"Arrow has no {scalar}", path)
        case Record() as record:
            return pa.struct(_fields(record, path))
        case List(item):
            return pa.list_(_type(item, f"{path}[]"))
        case Map(key, value):
            return pa.map_(_type(key, path), _type(value, join(path, "*")))
    raise UnsupportedPayload("pyarrow makes no arrays of unions", path)


def _fields(record: Record, path: str) -> list[Any]:
    return [
        pa.field(
            field.name, _type(field.type, join(path, field.name)), nullable=field.optional or _nullable(field.type)
        )
        for field in record.fields
    ]


def _nullable(kind: Type) -> bool:
    return kind is Scalar.NULL or (isinstance(kind, Union) and Scalar.NULL in kind.options)


def _columns(root: Type) -> Any:
    """The schema of the batches of a message; of a list of records, those of its items."""
    record, path = (root.item, "[]") if isinstance(root, List) else (root, "")
    if not isinstance(record, Record):
        raise UnsupportedPayload(
            "Arrow has batches of records only, and this payload is neither a record nor a list of them"
        )
    if not record.fields:
        raise UnsupportedPayload("a batch without columns has no rows", path)
    return pa.schema(_fields(record, path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pyarrow:
    """pyarrow, from and to plain values: `from_pylist` and `to_pylist`."""

    name: str = "pyarrow"
    format: str = "arrow"
    distribution: str | None = "pyarrow"
    model: Model = "plain"
    deviations: frozenset[Deviation] = frozenset(
        {Deviation.TUPLE_AS_LIST, Deviation.ABSENT_AS_NULL, Deviation.INT_64_BITS, Deviation.NO_SURROGATES}
    )
    native: str = "C++"
    warnings: tuple[Caution, ...] = ()

    def bind(self, payload: Payload, /) -> Bound:
        """The schema of the batches."""
        schema = _columns(payload.schema.root)
        rows = partial(pa.RecordBatch.from_pylist, schema=schema)
        read = pa.ipc.read_record_batch
        if isinstance(payload.schema.root, List):
            return Bound(
                encode=lambda value: memoryview(rows(value).serialize()),
                decode=lambda data: read(data, schema).to_pylist(maps_as_pydicts="strict"),
            )
        return Bound(
            encode=lambda value: memoryview(rows([value]).serialize()),
            decode=lambda data: read(data, schema).to_pylist(maps_as_pydicts="strict")[0],
        )


CODECS: tuple[Codec, ...] = (Pyarrow(),)
