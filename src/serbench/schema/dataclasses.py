"""Dataclasses of Python's own, derived from a schema: what a team would have written by hand for these messages.

Fields go by their identifiers; where that is not the name in the message, the name stands in the field's metadata under
`alias`. A field that is absent is None; where None is a value that it may have, it is `ABSENT`, which is false.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from serbench.errors import UnsupportedPayload
from serbench.schema.annotations import PLAIN, Annotations
from serbench.schema.derived import bare, nullable, spoken
from serbench.schema.names import identifiers
from serbench.schema.payload import join
from serbench.schema.types import Field, List, Map, Record, Schema, Type, Union

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


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
    annotations = Annotations(PLAIN, _class)
    return annotations.of(schema.root), tuple(annotations.classes.values())


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
                    raise UnsupportedPayload(f"{library} cannot tell {spoken(options)} apart in one place", path)
                for option in options:
                    visit(option, path)

    visit(schema.root, "")


def _class(record: Record, kinds: Mapping[str, Any], _path: str) -> type:
    names = identifiers(record)
    fields = [_field(field, names[field.name], kinds[field.name]) for field in record.fields]
    return dataclasses.make_dataclass(record.name, fields, kw_only=True, slots=True)


def _field(field: Field, identifier: str, kind: Any) -> tuple[str, Any, Any]:
    metadata = {"alias": field.name} if identifier != field.name else {}
    if not field.optional:
        return identifier, kind, dataclasses.field(metadata=metadata)
    if nullable(field.type):
        return identifier, kind, dataclasses.field(default=ABSENT, metadata=metadata)
    return identifier, kind | None, dataclasses.field(default=None, metadata=metadata)


def refuse_deeper(schema: Schema, library: str, most: int) -> None:
    """Says where more lists and maps are in each other than a library takes, with no record between them.

    Raises:
        UnsupportedPayload: with the path of the first one that is too deep.
    """

    def visit(kind: Type, path: str, left: int) -> None:
        match bare(kind):
            case Record(_, fields):
                for field in fields:
                    visit(field.type, join(path, field.name), most)
            case List(item) | Map(_, item) as outer:
                if not left:
                    raise UnsupportedPayload(f"{library} takes {most} levels of lists and maps on this Python", path)
                visit(item, f"{path}[]" if isinstance(outer, List) else join(path, "*"), left - 1)

    visit(schema.root, "", most)
