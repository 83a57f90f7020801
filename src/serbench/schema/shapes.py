"""Records of one shape, found in an inferred schema, so that they are one message where a schema is printed.

An inferred schema has a record for each place. People write one for all places of a shape. Two are taken for one where

* all their fields are the same, and these say what it is (`amount` and `currency`, not `id` and `name`), or
* they are called alike (`user` and `user`, `shipping_address` and `billing_address`), and have at least two thirds of
  their fields in common.

Fields of one name are the same where one type holds both: widths are widened, what is null or empty in one place has
the type that it has in the other. A field that one of them lacks is optional. A record is never taken for one that is
in it: a schema has no types that contain themselves.

Whole numbers beside others in one place are floats of 64 bits, as long as these hold them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from serbench.schema.inference import camel_case, field_number
from serbench.schema.naming import alike, singular, telling
from serbench.schema.observed import Observed
from serbench.schema.payload import join
from serbench.schema.types import Field, List, Map, Record, Scalar, Type, Union

if TYPE_CHECKING:
    from collections.abc import Iterator

INTEGERS = (Scalar.INT32, Scalar.UINT32, Scalar.INT64, Scalar.UINT64, Scalar.BIGINT)
_FLOATS = (Scalar.FLOAT32, Scalar.FLOAT64)
_EXACT = 1 << 53


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a record stands.

    Attributes:
        path: such as `items[].price`; empty for the root.
        name: what it is called there, in the singular where it is one of several.
        parent: what the record is called that it is in; empty for the root.
    """

    path: str
    name: str
    parent: str


@dataclass(slots=True, kw_only=True)
class Shape:
    """Records that are taken for one.

    Attributes:
        mark: stands for it in types, as the name of a record without fields.
        fields: by name; records in them are marks.
        spots: where they stand.
        seen: what was seen in all of these.
    """

    mark: str
    fields: dict[str, Field]
    spots: list[Spot] = field(default_factory=list)
    seen: Observed = field(default_factory=Observed)


class Shapes:
    """The shapes of a schema.

    Args:
        stated: whether it was stated and not inferred: its records are what they are.
    """

    def __init__(self, *, stated: bool) -> None:
        self.stated = stated
        self.by_mark: dict[str, Shape] = {}

    def type(self, kind: Type, seen: Observed, spot: Spot) -> Type:
        """The type of what was seen in a place, with marks for records."""
        match kind:
            case Record():
                return self.record(kind, seen, spot)
            case List(item):
                below = replace(spot, path=f"{spot.path}[]", name=singular(spot.name))
                return List(self.type(item, seen.items or Observed(), below))
            case Map(key, value):
                below = replace(spot, path=join(spot.path, "*"), name=singular(spot.name))
                return Map(key, self.type(value, seen.any_key(), below))
            case Union(options):
                made = tuple(self.type(option, seen, spot) for option in options)
                return replace(kind, options=made) if self.stated else _numbers(made, seen)
        return kind

    def record(self, record: Record, seen: Observed, spot: Spot) -> Record:
        """The mark of a record's shape."""
        fields = {}
        for one in record.fields:
            below = Spot(path=join(spot.path, one.name), name=one.name, parent=spot.name)
            place = seen.any_key() if seen.values is not None else seen.keys.get(one.name, Observed())
            fields[one.name] = replace(one, type=self.type(one.type, place, below))
        shape = self._shape(record, fields, spot)
        shape.spots.append(spot)
        shape.seen.absorb(seen)
        return Record(shape.mark, ())

    def _shape(self, record: Record, fields: dict[str, Field], spot: Spot) -> Shape:
        if self.stated:
            return self.by_mark.setdefault(record.name, Shape(mark=record.name, fields=fields))
        for shape in self.by_mark.values():
            merged = self._merged(shape, fields, spot)
            if merged is not None:
                shape.fields = merged
                return shape
        made = Shape(mark=f"#{len(self.by_mark)}", fields=fields)
        self.by_mark[made.mark] = made
        return made

    def _merged(self, shape: Shape, fields: dict[str, Field], spot: Spot) -> dict[str, Field] | None:
        """The fields of a shape with another record of it; None: it is none."""
        common = shape.fields.keys() & fields.keys()
        if not common or not spot.parent or any(not one.parent for one in shape.spots):
            return None
        if any(alike(spot.name, one.name) for one in shape.spots):
            same = 3 * len(common) >= 2 * len(shape.fields.keys() | fields.keys())
        else:
            same = len(common) == len(fields) == len(shape.fields) and telling(fields)
        if not same or self._is_in(shape.mark, fields):
            return None
        types = {name: joined(shape.fields[name].type, fields[name].type) for name in common}
        return None if None in types.values() else _all_fields(shape.fields, fields, types)

    def _is_in(self, mark: str, fields: dict[str, Field]) -> bool:
        """Whether a shape is in one of these fields, at any depth."""
        below = list(dict.fromkeys(found for one in fields.values() for found in marks(one.type)))
        for found in below:
            inner = (deeper for one in self.by_mark[found].fields.values() for deeper in marks(one.type))
            below += [deeper for deeper in dict.fromkeys(inner) if deeper not in below]
        return mark in below


def marks(kind: Type) -> Iterator[str]:
    """The marks in a type."""
    match kind:
        case Record(mark):
            yield mark
        case List(item):
            yield from marks(item)
        case Map(_, value):
            yield from marks(value)
        case Union(options):
            for option in options:
                yield from marks(option)


def _all_fields(ours: dict[str, Field], theirs: dict[str, Field], types: dict[str, Type | None]) -> dict[str, Field]:
    merged: dict[str, Field] = {}
    for name, one in ours.items():
        kind = types.get(name) or one.type
        merged[name] = replace(one, type=kind, optional=one.optional or name not in theirs or theirs[name].optional)
    for name, one in theirs.items():
        if name not in ours:
            merged[name] = replace(one, number=field_number(len(merged) + 1), optional=True)
    return merged


def joined(one: Type, other: Type) -> Type | None:
    """The type that holds what two types hold; None: people would not call it one."""
    if one == other:
        return one
    ours, theirs = _options(one), _options(other)
    null = Scalar.NULL in (*ours, *theirs)
    ours, theirs = _but_null(ours), _but_null(theirs)
    if not ours or not theirs or set(ours) == set(theirs):
        return _union(ours or theirs, null=null)
    if len(ours) != 1 or len(theirs) != 1:
        return None
    both = _one(ours[0], theirs[0])
    return both and _union([both], null=null)


def _options(kind: Type) -> list[Type]:
    return list(kind.options) if isinstance(kind, Union) else [kind]


def _but_null(options: list[Type]) -> list[Type]:
    return [kind for kind in options if kind is not Scalar.NULL]


def _union(options: list[Type], *, null: bool) -> Type:
    every = (*options, *((Scalar.NULL,) if null else ()))
    return every[0] if len(every) == 1 else Union(every)


def _one(one: Type, other: Type) -> Type | None:
    match one, other:
        case (List(first), List(second)):
            item = joined(first, second)
            return item and List(item)
        case (Map(key, first), Map(other_key, second)) if key is other_key:
            value = joined(first, second)
            return value and Map(key, value)
        case (Scalar(), Scalar()) if {one, other} == {Scalar.INT32, Scalar.INT64}:
            return Scalar.INT64
        case (Scalar(), Scalar()) if {one, other} <= {*_FLOATS, Scalar.INT32}:
            return Scalar.FLOAT64
    return one if one == other else None


def _numbers(options: tuple[Type, ...], seen: Observed) -> Type:
    """A union of these; where all numbers that were seen are floats of 64 bits, they are that."""
    exact = seen.integers is None or max(-seen.integers.low, seen.integers.high) <= _EXACT
    if exact and any(kind in _FLOATS for kind in options) and any(kind in INTEGERS for kind in options):
        others = [kind for kind in options if kind not in INTEGERS and kind not in _FLOATS]
        return _union(
            [Scalar.FLOAT64, *(kind for kind in others if kind is not Scalar.NULL)], null=Scalar.NULL in others
        )
    return Union(options)


def root(name: str) -> Spot:
    """Where the root stands."""
    return Spot(path="", name=camel_case(name), parent="")
