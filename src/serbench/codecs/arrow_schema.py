"""Arrow's schema of the batches that a payload's messages are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from serbench.errors import UnsupportedPayload
from serbench.schema.carried import carried
from serbench.schema.derived import bare, may_lack
from serbench.schema.payload import join
from serbench.schema.types import List, Map, Record, Scalar, Type

if TYPE_CHECKING:
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


def of_records(root: Type) -> bool:
    """Whether a message is a list of records: a batch of as many rows."""
    return isinstance(root, List) and isinstance(root.item, Record)


def columns(payload: Payload) -> Any:
    """The schema of the batches of a message; of a list of records, those of its items."""
    rows = of_records(payload.schema.root)
    root = carried(payload, "pyarrow", box=not rows).root
    record, path = (root.item, "[]") if isinstance(root, List) else (root, "")
    assert isinstance(record, Record)
    if not record.fields:
        raise UnsupportedPayload("a batch without columns has no rows", path)
    return pa.schema(_fields(record, path))
