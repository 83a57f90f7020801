"""An inferred schema as people would write it: named, commented, one record for each shape, with enums on request.

What is on the wire is the same where a record stays by itself; codecs are made from the schema as it was inferred.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from serbench.schema import comments, naming, shapes
from serbench.schema.derived import camel_case, unique
from serbench.schema.enums import Enums
from serbench.schema.observed import Observed
from serbench.schema.types import Field, List, Map, Record, Scalar, Schema, Type, Union

if TYPE_CHECKING:
    from serbench.schema.shapes import Shape, Shapes


_SAYS_NOTHING = frozenset({"data", "result", "value"})
"""Names of items that are better called after what they are in: the `data` of `charges` are each a `charge`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How a schema is printed.

    Attributes:
        name: of the root.
        origin: a sentence for the root's comment.
        stated: whether the schema was stated and not inferred: names, records and numbers stay then.
        enums: the most values of one; 0: there are none.
        comments: whether there are any.
    """

    name: str
    origin: str = ""
    stated: bool = False
    enums: int = 0
    comments: bool = True


def printed(schema: Schema, seen: Observed, wishes: Wishes) -> Schema:
    """The schema as people would write it.

    Args:
        schema: as it was inferred or stated.
        seen: what was seen in all messages.
        wishes: what is asked for.
    """
    found = shapes.Shapes(stated=wishes.stated)
    marked = found.type(schema.root, seen, shapes.root(wishes.name))
    names = _stated(found, wishes.name, marked) if wishes.stated else _names(found, marked)
    writer = _Writer(found, names, wishes)
    root = writer.type(marked, seen, wishes.name, wishes.name)
    if isinstance(root, Record) and wishes.comments:
        root = replace(root, note=wishes.origin)
    return Schema(wishes.name, root)


def _stated(found: Shapes, name: str, root: Type) -> dict[str, str]:
    """Names as they are, but for the root's."""
    used = {name}
    own = {root.name: name} if isinstance(root, Record) else {}
    return own | {mark: unique(mark, used) for mark in found.by_mark if mark not in own}


def _names(found: Shapes, root: Type) -> dict[str, str]:
    """A name for each shape, those further out first; where it is taken, after what it is in."""
    names: dict[str, str] = {}
    used: set[str] = set()
    waiting = list(shapes.marks(root))
    for mark in waiting:
        if mark in names:
            continue
        shape = found.by_mark[mark]
        name = naming.title([spot.name for spot in shape.spots], shape.fields)
        parent = camel_case(shape.spots[0].parent) if shape.spots[0].parent else ""
        if name.lower() in _SAYS_NOTHING and naming.singular(parent) != parent:
            name = naming.singular(parent)
        names[mark] = unique(name if name not in used else f"{parent}{name}", used)
        waiting += [below for one in shape.fields.values() for below in shapes.marks(one.type)]
    return names


class _Writer:
    """Makes records of shapes, each once."""

    def __init__(self, found: Shapes, names: dict[str, str], wishes: Wishes) -> None:
        self.found = found
        self.names = names
        self.wishes = wishes
        self.enums = Enums(wishes.enums, set(names.values()))
        self.done: dict[str, Record] = {}

    def type(self, kind: Type, seen: Observed, name: str, owner: str) -> Type:
        """The type of a place, without marks."""
        match kind:
            case Record(mark):
                return self.record(self.found.by_mark[mark])
            case List(item):
                return List(self.type(item, seen.items or Observed(), name, owner))
            case Map(key, value):
                return Map(key, self.type(value, seen.any_key(), name, owner))
            case Union(options):
                return replace(kind, options=tuple(self.type(option, seen, name, owner) for option in options))
            case Scalar.STRING if self.wishes.enums:
                return self.enums.of(seen, name, owner) or kind
        return kind

    def record(self, shape: Shape) -> Record:
        if shape.mark not in self.done:
            name = self.names[shape.mark]
            fields = tuple(self.field(one, shape.seen, name) for one in shape.fields.values())
            note = comments.of_record([spot.path for spot in shape.spots]) if self.wishes.comments else ""
            self.done[shape.mark] = Record(name, fields, note)
        return self.done[shape.mark]

    def field(self, one: Field, seen: Observed, owner: str) -> Field:
        place = seen.any_key() if seen.values is not None else seen.keys.get(one.name, Observed())
        made = replace(one, type=self.type(one.type, place, one.name, owner))
        return replace(made, note=comments.of_field(made, place, seen.dicts)) if self.wishes.comments else made
