"""Apache Fory (pyfory) in its mode for Python: plain values, or dataclasses that are derived from the payload's schema.

A `Fory` is made once a thread with everything registered, as its default (`strict`) asks for. Its other defaults stand,
but for the limits of nesting and of fields, which are raised to what the deepest and the widest payloads need.
"""

from __future__ import annotations

import dataclasses
import threading
from types import NoneType
from typing import TYPE_CHECKING, Any, Optional

import pyfory

from serbench.codecs.base import Bound, Codec, in_record, slow_fallback
from serbench.codecs.deviations import OF_MESSAGES, Deviation
from serbench.schema.annotations import PLAIN, Annotations
from serbench.schema.carried import boxed, carried
from serbench.schema.derived import may_lack
from serbench.schema.names import identifiers
from serbench.schema.objects import builder, converter
from serbench.schema.types import Record, Scalar, Union

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload

_LIMITS = {"max_depth": 250, "max_type_fields": 1 << 16, "max_type_meta_bytes": 1 << 24}
_SCALARS: dict[Scalar, Any] = PLAIN | {
    Scalar.INT32: pyfory.Int32,
    Scalar.INT64: pyfory.Int64,
    Scalar.UINT32: pyfory.UInt32,
    Scalar.UINT64: pyfory.UInt64,
    Scalar.FLOAT32: pyfory.Float32,
    Scalar.FLOAT64: pyfory.Float64,
}


def _union(_: Union, options: Sequence[Any], _path: str) -> Any:
    """Of a nullable type what it is where it is not null: there are no other unions."""
    return next(option for option in options if option is not NoneType)


def _class(record: Record, kinds: Mapping[str, Any], _path: str) -> Any:
    """A dataclass whose fields go by their numbers: names that begin with a capital make pyfory 1.7.7 fail."""
    names = identifiers(record)
    fields = []
    for each in record.fields:
        kind, given = kinds[each.name], dict[str, Any](id=each.number)
        if may_lack(each):
            kind, given = Optional[kind], {**given, "nullable": True, "default": None}  # noqa: UP045 - no `kind | None`
        fields.append((names[each.name], kind, pyfory.field(**given)))
    return dataclasses.make_dataclass(record.name, fields, kw_only=True)


class _Own(threading.local):
    """A `Fory` for each thread: one for all crashes, and the library's `ThreadSafeFory` takes up to two fifths more."""

    def __init__(self, classes: tuple[Any, ...]) -> None:
        fory = pyfory.Fory(xlang=False, **_LIMITS)
        for each in classes:
            fory.register(each)
        self.serialize, self.deserialize = fory.serialize, fory.deserialize


def _calls(classes: tuple[Any, ...]) -> dict[str, Any]:
    own = _Own(classes)

    def encode(value: Any) -> Any:
        return own.serialize(value)

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
        root = carried(payload, "Fory").root
        assert isinstance(root, Record)
        annotations = Annotations(_SCALARS, _class, _union)
        annotations.of(root)
        calls = _calls(tuple(annotations.classes.values()))
        bound = Bound(build=builder(root, annotations.classes), convert=converter(root), access="attribute", **calls)
        return in_record(bound) if boxed(payload) else bound


_PLAIN = frozenset({Deviation.INT_64_BITS, Deviation.INT_63_BITS, Deviation.NO_SURROGATES})
CODECS: tuple[Codec, ...] = (
    Fory(name="fory", model="plain", deviations=_PLAIN),
    Fory(name="fory-struct", model="typed", deviations=OF_MESSAGES - {Deviation.NO_LOOSE_NULL}),
)
