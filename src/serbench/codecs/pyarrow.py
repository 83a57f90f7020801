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

from serbench.codecs.arrow_schema import columns, of_records
from serbench.codecs.base import Bound, Codec, identity, mapped, owned
from serbench.codecs.deviations import OF_MESSAGES, Deviation
from serbench.schema.carried import VALUES, boxed
from serbench.schema.payload import Kind

if TYPE_CHECKING:
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload

_PLAIN = methodcaller("to_pylist", maps_as_pydicts="strict")


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
        schema = columns(payload)
        batch = partial(pa.RecordBatch.from_pylist, schema=schema)
        read = pa.ipc.read_record_batch
        rows = _rows if self.view else _PLAIN
        views = self.view and Kind.BYTES in payload.kinds
        bound = partial(Bound, convert=owned if views else identity, source=mapped() if self.view else identity)
        if of_records(payload.schema.root):
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
