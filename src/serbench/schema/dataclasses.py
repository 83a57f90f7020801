"""Dataclasses of Python's own, derived from a schema: what a team would have written by hand for these messages.

Fields go by their identifiers; where that is not the name in the message, the name stands in the field's metadata under
`alias`. A field that is absent is None; where None is a value that it may have, it is `ABSENT`, which is false.
"""

from __future__ import annotations

import dataclasses
from functools import reduce
from operator import or_
from types import GenericAlias, NoneType
from typing import TYPE_CHECKING, Any, Final

from serbench.errors import UnsupportedPayload
from serbench.schema.derived import bare
from serbench.schema.names import identifiers
from serbench.schema.payload import join
from serbench.schema.types import Field, List, Map, Record, Scalar, Schema, Type, Union

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ANNOTATIONS: Mapping[Scalar, Any] = {
    **dict.fromkeys(Scalar, int),
    **dict.fromkeys((Scalar.FLOAT32, Scalar.FLOAT64), float),
    Scalar.NULL: NoneType,
    Scalar.BOOL: bool,
    Scalar.STRING: str,
    Scalar.BYTES: bytes,
}
"""What is written for a scalar."""


class _Absent:
    """The value of a field that is not there, where None is one that it may have."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


def derive(schema: Schema) -> tuple[Any, tuple[type, ...]]:
    """The type of a payload's messages, and the dataclasses that it is made of, each after those that it uses."""
    made: dict[str, type] = {}
    return _annotation(schema.root, made), tuple(made.values())


def refuse_unions(schema: Schema, library: str, told_apart: Callable[[tuple[Type, ...]], bool]) -> None:
    """Says what unions a library cannot take apart. A nullable type is no union here.

    Args:
        schema: where they may be.
        library: its name.
        told_apart: whether it can, of the options of one without NULL.

    Raises:
        UnsupportedPayload: with the path of the first one that it cannot.
    """

    def visit(kind: Type, path: str) -> None:
        kind = bare(kind)
        match kind:
            case Record(_, fields):
                for field in fields:
                    visit(field.type, join(path, field.name))
            case List(item):
                visit(item, f"{path}[]")
            case Map(_, value):
                visit(value, join(path, "*"))
            case Union(options):
                if not told_apart(options):
                    raise UnsupportedPayload(f"{library} cannot tell the types of this union apart", path)
                for option in options:
                    visit(option, path)

    visit(schema.root, "")


def _nullable(kind: Type) -> bool:
    return kind is Scalar.NULL or (isinstance(kind, Union) and any(map(_nullable, kind.options)))


def _annotation(kind: Type, made: dict[str, type]) -> Any:
    match kind:
        case Scalar():
            return ANNOTATIONS[kind]
        case Record():
            if kind.name not in made:
                made[kind.name] = _class(kind, made)
            return made[kind.name]
        case List(item):
            return GenericAlias(list, (_annotation(item, made),))
        case Map(key, value):
            return GenericAlias(dict, (_annotation(key, made), _annotation(value, made)))
        case Union(options):
            return reduce(or_, [_annotation(option, made) for option in options])


def _class(record: Record, made: dict[str, type]) -> type:
    names = identifiers(record)
    fields = [_field(field, names[field.name], _annotation(field.type, made)) for field in record.fields]
    return dataclasses.make_dataclass(record.name, fields, kw_only=True, slots=True)


def _field(field: Field, identifier: str, kind: Any) -> tuple[str, Any, Any]:
    metadata = {"alias": field.name} if identifier != field.name else {}
    if not field.optional:
        return identifier, kind, dataclasses.field(metadata=metadata)
    if _nullable(field.type):
        return identifier, kind, dataclasses.field(default=ABSENT, metadata=metadata)
    return identifier, kind | None, dataclasses.field(default=None, metadata=metadata)
