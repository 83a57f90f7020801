"""thriftpy2, the maintained Thrift for Python: its binary protocol, which is C, and its compact one, which is Python.

Classes are those that `thriftpy2.load` would make of the `.thrift` text; `serialize` and `deserialize` are its own.
Thrift has no unsigned integers, so those of 64 bits must be under 2**63.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from thriftpy2.protocol import TBinaryProtocolFactory, TCompactProtocolFactory
from thriftpy2.thrift import TPayload, TPayloadMeta, TType
from thriftpy2.utils import deserialize, serialize

from serbench.codecs.base import Bound, Codec, in_record
from serbench.codecs.deviations import OF_MESSAGES, Deviation
from serbench.errors import UnsupportedPayload
from serbench.schema.carried import boxed, carried
from serbench.schema.derived import bare, may_lack
from serbench.schema.names import identifiers
from serbench.schema.objects import builder, converter
from serbench.schema.thrift import SCALARS, to_thrift
from serbench.schema.types import List, Map, Record, Scalar, Schema, Type, records_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload

_LEVELS = 1_000  # of structs and containers in one another; the library's own limit is 64


def classes(schema: Schema) -> dict[str, Any]:
    """The class of each record, by its name; each has its fields in `thrift_spec`.

    Raises:
        UnsupportedPayload: Thrift, or the library, has no form for something in the schema.
    """
    to_thrift(schema)
    made: dict[str, Any] = {}
    for record in records_of(schema):
        own = ("thrift_spec", "read", "write") if record is schema.root else ("thrift_spec",)
        if taken := next((field.name for field in record.fields if field.name in own), ""):
            raise UnsupportedPayload("thriftpy2's objects have something else under that name", taken)
        made[record.name] = _class(record, made)
    return made


def _class(record: Record, made: dict[str, Any]) -> Any:
    names = identifiers(record)
    spec = {field.number: (*_spec(field.type, made, names[field.name]), not may_lack(field)) for field in record.fields}
    defaults = [(name, None) for name in names.values()]
    return TPayloadMeta(record.name, (TPayload,), {"thrift_spec": spec, "default_spec": defaults})


def _spec(kind: Type, made: dict[str, Any], *name: str) -> tuple[Any, ...]:
    """A type as the library wants it: its number, the field's name if there is one, and what is inside."""
    match bare(kind):
        case Record() as record:
            return TType.STRUCT, *name, made[record.name]
        case List(item):
            return TType.LIST, *name, _inner(item, made)
        case Map(key, value):
            return TType.MAP, *name, (_inner(key, made), _inner(value, made))
        case Scalar() as scalar:
            return getattr(TType, SCALARS[scalar].upper()), *name
    raise AssertionError(kind)  # unions were refused


def _inner(kind: Type, made: dict[str, Any]) -> Any:
    spec = _spec(kind, made)
    return spec if len(spec) > 1 else spec[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thrift:
    """One of Thrift's protocols."""

    name: str
    protocol: Callable[[], Any]
    native: str
    format: str = "thrift"
    distribution: str | None = "thriftpy2"
    model: Model = "typed"
    deviations: frozenset[Deviation] = OF_MESSAGES | {Deviation.INT_63_BITS}
    warnings: tuple[Caution, ...] = ()

    def bind(self, payload: Payload, /) -> Bound:
        """Classes, and the code that builds and converts their objects."""
        schema = carried(payload, "thrift")
        made = classes(schema)
        root = schema.root
        assert isinstance(root, Record)
        factory = self.protocol()
        kind = made[root.name]
        bound = Bound(
            encode=partial(serialize, proto_factory=factory),
            decode=lambda data: deserialize(kind(), data, factory),
            build=builder(root, made),
            convert=converter(root),
            access="attribute",
        )
        return in_record(bound) if boxed(payload) else bound


_BINARY = partial(TBinaryProtocolFactory, max_depth=_LEVELS)
_NATIVE = "C" if "cybin" in TBinaryProtocolFactory.__module__ else "pure Python"

CODECS: tuple[Codec, ...] = (
    Thrift(name="thrift", protocol=_BINARY, native=_NATIVE),
    Thrift(name="thrift-compact", format="thrift-compact", protocol=TCompactProtocolFactory, native="pure Python"),
)
