"""Apache Fory (pyfory) in its mode for Python: plain values, or dataclasses that are derived from the payload's schema.

A `Fory` is made once a thread with everything registered, as its default (`strict`) asks for. Its other defaults stand,
but for the limit of nesting, which is raised to what the deepest payloads need.
"""

from __future__ import annotations

import dataclasses
import threading
from types import GenericAlias
from typing import TYPE_CHECKING, Any, Optional

import pyfory

from serbench.codecs.base import Bound, Codec, slow_fallback
from serbench.codecs.deviations import Deviation
from serbench.errors import UnsupportedPayload
from serbench.schema.derived import bare, may_lack, refuse_unions, root_record
from serbench.schema.names import identifiers
from serbench.schema.objects import builder, converter
from serbench.schema.payload import join
from serbench.schema.types import List, Map, Record, Scalar, Type

if TYPE_CHECKING:
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload

_DEEPEST = 250
_SCALARS: dict[Scalar, Any] = {
    Scalar.BOOL: bool,
    Scalar.INT32: pyfory.Int32,
    Scalar.INT64: pyfory.Int64,
    Scalar.UINT32: pyfory.UInt32,
    Scalar.UINT64: pyfory.UInt64,
    Scalar.FLOAT32: pyfory.Float32,
    Scalar.FLOAT64: pyfory.Float64,
    Scalar.STRING: str,
    Scalar.BYTES: bytes,
}


def _type(kind: Type, path: str, classes: dict[str, Any]) -> Any:
    """The annotation of what stands at a path, with one dataclass for each record; `classes` keeps them."""
    match bare(kind):
        case Scalar() as scalar if scalar in _SCALARS:
            return _SCALARS[scalar]
        case Record() as record:
            if record.name not in classes:
                classes[record.name] = _class(record, path, classes)
            return classes[record.name]
        case List(item):
            return GenericAlias(list, (_type(item, f"{path}[]", classes),))
        case Map(key, value):
            return GenericAlias(dict, (_type(key, path, classes), _type(value, join(path, "*"), classes)))
        case other:
            raise UnsupportedPayload(f"Fory has no {other}", path)


def _class(record: Record, path: str, classes: dict[str, Any]) -> Any:
    """A dataclass whose fields go by their numbers: names that begin with a capital make pyfory 1.7.7 fail."""
    names = identifiers(record)
    fields = []
    for each in record.fields:
        kind = _type(each.type, join(path, each.name), classes)
        made = pyfory.field(id=each.number)
        if may_lack(each):
            kind = Optional[kind]  # noqa: UP045 - pyfory takes no `kind | None`
            made = pyfory.field(id=each.number, nullable=True, default=None)
        fields.append((names[each.name], kind, made))
    return dataclasses.make_dataclass(record.name, fields, kw_only=True)


class _Own(threading.local):
    """A `Fory` for each thread: one for all crashes, and the library's `ThreadSafeFory` takes up to two fifths more."""

    def __init__(self, classes: tuple[Any, ...]) -> None:
        fory = pyfory.Fory(xlang=False, max_depth=_DEEPEST)
        for each in classes:
            fory.register(each)
        self.serialize, self.deserialize = fory.serialize, fory.deserialize


def _calls(classes: tuple[Any, ...]) -> dict[str, Any]:
    own = _Own(classes)

    def encode(value: Any) -> bytes:
        encoded: bytes = own.serialize(value)
        return encoded

    def decode(data: bytes) -> Any:
        return own.deserialize(data)

    return {"encode": encode, "decode": decode}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Fory:
    """Fory for plain values or for dataclasses."""

    name: str
    model: Model
    deviations: frozenset[Deviation]
    format: str = "fory"
    distribution: str | None = "pyfory"

    @property
    def native(self) -> str:
        """`C++`, or `pure Python` where the extension is switched off."""
        return "C++" if pyfory.ENABLE_FORY_CYTHON_SERIALIZATION else "pure Python"

    @property
    def warnings(self) -> tuple[Caution, ...]:
        """That the extension is switched off, if it is."""
        return () if self.native == "C++" else (slow_fallback("pyfory", "ENABLE_FORY_CYTHON_SERIALIZATION"),)

    def bind(self, payload: Payload, /) -> Bound:
        """A `Fory` for each thread; for dataclasses also their types, registered each after those that it uses."""
        if self.model == "plain":
            return Bound(**_calls(()))
        root = root_record(payload.schema, "the codec for Fory's dataclasses", "records")
        refuse_unions(payload.schema, "Fory")
        classes: dict[str, Any] = {}
        _type(root, "", classes)
        calls = _calls(tuple(classes.values()))
        return Bound(build=builder(root, classes), convert=converter(root), access="attribute", **calls)


_BOTH = frozenset({Deviation.INT_64_BITS, Deviation.NO_SURROGATES})
CODECS: tuple[Codec, ...] = (
    Fory(name="fory", model="plain", deviations=_BOTH | {Deviation.INT_63_BITS}),
    Fory(name="fory-struct", model="typed", deviations=_BOTH | {Deviation.TUPLE_AS_LIST, Deviation.NO_NULL}),
)
