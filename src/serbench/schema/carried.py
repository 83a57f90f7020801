"""A schema as codecs carry it that have messages only, no null, and no place for several types.

* A root that is no record is the field `values` of a record around it, as people do who send a list.
* Whole numbers beside floats are floats of 64 bits, where these hold all that are there. An integer comes back as a
  float then, which a codec declares.
* What is always null is a field of text that is never there; the items of a list that is always empty are text.

What has none of this is the schema itself. A null that is no field's has no form: `loose_null` finds it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from serbench.errors import UnsupportedPayload
from serbench.schema.derived import bare, nullable, spoken
from serbench.schema.payload import Kind, join
from serbench.schema.types import Field, List, Map, Record, Scalar, Schema, Type, Union, records_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from serbench.schema.payload import Payload

VALUES = "values"
"""The field of the record around a root that is none; its number is 1."""

_FLOATS = frozenset({Scalar.FLOAT32, Scalar.FLOAT64})
_LONG = frozenset({Scalar.INT64, Scalar.UINT64})
_INTEGERS = _LONG | {Scalar.INT32, Scalar.UINT32}
_OVER_53_BITS = frozenset({Kind.INT_OVER_53_BITS, Kind.INT_OVER_63_BITS})
_UNKNOWN = Scalar.STRING
_UNKNOWN_OR_NULL = Union((_UNKNOWN, Scalar.NULL))


def carried(payload: Payload, library: str, *, box: bool = True) -> Schema:
    """The schema of a payload as it is carried: the names and the numbers of its fields stay.

    Args:
        payload: whose schema.
        library: how its users call it.
        box: whether a root that is no record is put into one.

    Raises:
        UnsupportedPayload: it has no form for what stands in a place, with the path.
    """
    schema = payload.schema
    rewriting = _Rewriting(library, exact=payload.kinds.isdisjoint(_OVER_53_BITS))
    if not box or not boxed(payload):
        return Schema(schema.name, rewriting.type(schema.root, ""))
    held = rewriting.field(schema.root, "")
    return Schema(schema.name, _around(held, {record.name for record in records_of(schema)}))


def boxed(payload: Payload) -> bool:
    """Whether a record is around the payload's root."""
    return not isinstance(payload.schema.root, Record)


def _around(root: Type, taken: AbstractSet[str]) -> Record:
    name = "Values"
    while name in taken:
        name += "_"
    return Record(name, (Field(name=VALUES, type=root, number=1),))


def beside_floats(kind: Type | None) -> bool:
    """Whether a place has integers and floats, and nothing else but null."""
    options = _options(bare(kind)) if isinstance(kind, Union) else set()
    return not options.isdisjoint(_FLOATS) and not options.isdisjoint(_INTEGERS) and options <= _FLOATS | _INTEGERS


def _options(kind: Type) -> AbstractSet[Type]:
    return frozenset(kind.options) if isinstance(kind, Union) else frozenset()


class _Rewriting:
    """Makes the types, each record once.

    Args:
        library: for refusals.
        exact: whether floats of 64 bits hold all integers of the payload; they hold those of 32 bits in any case.
    """

    def __init__(self, library: str, *, exact: bool) -> None:
        self.library = library
        self.exact = exact
        self.records: dict[str, Record] = {}

    def type(self, kind: Type, path: str) -> Type:
        """A type as it is carried; what is always null is unknown."""
        match kind:
            case Scalar.NULL:
                return _UNKNOWN
            case Scalar.BIGINT:
                reason = f"{self.library} has integers of 64 bits, and some here fit neither signed nor unsigned ones"
                raise UnsupportedPayload(reason, path)
            case Record():
                return self.record(kind, path)
            case List(item):
                return List(self.type(item, f"{path}[]"))
            case Map(key, value):
                return Map(key, self.type(value, join(path, "*")))
            case Union():
                return self.union(kind, path)
        return kind

    def record(self, record: Record, path: str) -> Record:
        if record.name not in self.records:
            fields = [replace(field, type=self.field(field.type, join(path, field.name))) for field in record.fields]
            self.records[record.name] = replace(record, fields=tuple(fields))
        return self.records[record.name]

    def field(self, kind: Type, path: str) -> Type:
        return _UNKNOWN_OR_NULL if kind is Scalar.NULL else self.type(kind, path)

    def union(self, union: Union, path: str) -> Type:
        """One type, and null where it is among them."""
        others = bare(union)
        if beside_floats(union) and (self.exact or _LONG.isdisjoint(_options(others))):
            others = Scalar.FLOAT64
        if isinstance(others, Union):
            here = spoken(others.options)
            raise UnsupportedPayload(
                f"the codec for {self.library} carries one type in a place, and here are {here}", path
            )
        made = self.type(others, path)
        return Union((made, Scalar.NULL)) if nullable(union) else made


def mixes_numbers(schema: Schema) -> bool:
    """Whether a place of the schema has integers and floats, and nothing else but null."""
    return any(map(beside_floats, (*_fields(schema), *_loose(schema))))


def loose_null(payload: Payload) -> str:
    """Where the first null stands that is no field's, as `instance 3: items[0].price`; empty where there is none."""
    if not any(map(nullable, _loose(payload.schema))):
        return ""
    for index, instance in enumerate(payload.instances):
        for path in _loose_nulls(instance, payload.schema.root, ""):
            return f"instance {index}: {path or '(root)'}"
    return ""


def _fields(schema: Schema) -> Iterator[Type]:
    return (field.type for record in records_of(schema) for field in record.fields)


def _loose(schema: Schema) -> Iterator[Type]:
    """The types of what is no field: the message itself, items of lists and values of maps."""
    yield schema.root
    for kind in (schema.root, *_fields(schema)):
        yield from _inside(kind)


def _inside(kind: Type) -> Iterator[Type]:
    """Of a type the items and the values, and theirs, as far as they are in no record."""
    match kind:
        case List(below) | Map(_, below):
            yield below
            yield from _inside(below)
        case Union(options):
            for option in options:
                yield from _inside(option)


def _loose_nulls(value: Any, kind: Type, path: str) -> Iterator[str]:
    """The paths of nulls that are items of lists, values of maps, or the message itself."""
    options = kind.options if isinstance(kind, Union) else (kind,)
    if value is None:
        yield path
    elif isinstance(value, list | tuple):
        item = next((option.item for option in options if isinstance(option, List)), Scalar.NULL)
        for index, each in enumerate(value):
            yield from _loose_nulls(each, item, f"{path}[{index}]")
    elif isinstance(value, dict):
        holder = next((option for option in options if isinstance(option, Record | Map)), None)
        fields = {field.name: field.type for field in holder.fields} if isinstance(holder, Record) else {}
        below = holder.value if isinstance(holder, Map) else Scalar.NULL
        for key, each in value.items():
            if each is not None or key not in fields:
                yield from _loose_nulls(each, fields.get(key, below), join(path, str(key)))
