"""A schema from instances: the shape of plain values that come without one, as JSON gives them.

The rules, over all instances together:

* A dict is a record, and a key that some of its dicts lack is optional. It is a map where its keys are data: whole
  numbers; or more than 32 keys and values of one type; most keys are lacking in some dict, or there is only one dict
  and its values are dicts or lists. Where more than 256 keys come and go, it is a map whatever the values. And where
  half of its keys or more begin with a digit or have a slash in them, and its values have one type.
* Integers have the first of int32, int64, uint64 and bigint that holds them all.
* Floats are of 64 bits; of 32 where each is exactly one of these and some have more than 14 digits, which is what 32
  bits look like in 64.
* Values of different types make a union. It has one record or map and one list at most: dicts of one place are merged,
  and so are lists.
* What is always null, like the items of a list that is always empty, has the type NULL.

Text is never an enum, whatever its values: that its values are few is no proof that there will be no other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from serbench.schema.places import MOST_FIELDS, Dicts, Place, UntypedPlace
from serbench.schema.types import Field, List, Map, Record, Scalar, Schema, Type, Union

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_SCALARS: dict[type, Scalar] = {
    bool: Scalar.BOOL,
    float: Scalar.FLOAT64,
    str: Scalar.STRING,
    bytes: Scalar.BYTES,
    type(None): Scalar.NULL,
}


def infer(name: str, instances: Sequence[Any]) -> Schema:
    """The schema of these instances.

    Args:
        name: what the schema is named after; records are named after their keys.
        instances: plain values, whose dicts have strings or integers as keys.

    Raises:
        RecursionError: dicts and lists are nested deeper than `DEEPEST`.
        UntypedPlace: something has no type in a schema.
    """
    seen = Place()
    seen.add(instances)
    return schema_of(name, seen)


def schema_of(name: str, seen: Place) -> Schema:
    """The schema of all that a place has seen, named as `infer` does."""
    root = camel_case(name)
    return Schema(root, _Naming().type_of(seen, root))


def camel_case(name: str) -> str:
    """A name in CamelCase letters and digits, the first a letter: `shipping_address` becomes `ShippingAddress`."""
    joined = "".join(part[0].upper() + part[1:] for part in re.findall(r"[A-Za-z0-9]+", name))
    return joined if joined[:1].isalpha() else f"X{joined}"


class _Naming:
    """Turns places into types, and gives each record a name of its own."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def type_of(self, place: Place, name: str) -> Type:
        """The type of all values that were seen in one place."""
        match self.options(place, name):
            case []:
                return Scalar.NULL
            case [only]:
                return only
            case options:
                return Union(tuple(options))

    def options(self, place: Place, name: str) -> list[Type]:
        """The types that occurred in a place, each once, in a fixed order."""
        options: list[Type] = []
        if place.dicts:
            options.append(self.record_or_map(place.dicts, name))
        if place.items:
            options.append(List(self.type_of(place.items, name)))
        if place.integers:
            options.append(place.integers.scalar)
        for kind, scalar in _SCALARS.items():
            if kind in place.scalars:
                options.append(scalar)
            elif kind is float and place.floats:
                options.append(place.floats.scalar)
        return options

    def record_or_map(self, dicts: Dicts, name: str) -> Record | Map:
        """Of dicts in one place: a map where keys are data and values alike, else a record."""
        if dicts.values is not None:
            key = dicts.integers.scalar if dicts.integers else Scalar.STRING
            return Map(key, self.type_of(dicts.values, name))
        if lone := dicts.lone:
            dicts = Dicts(dicts.depth)
            dicts.keep([lone])
        many = len(dicts.keys) > MOST_FIELDS and (lone or dicts.come_and_go)
        data = _are_data(dicts.keys)
        if many or data:
            names = set(self.names)
            value = self.under_any_key(dicts, name)
            if isinstance(value, Record | List | Map) or (isinstance(value, Scalar) and (data or not lone)):
                return Map(Scalar.STRING, value)
            self.names = names
        return self.record(dicts, name)

    def under_any_key(self, dicts: Dicts, name: str) -> Type | None:
        """The type of what stands under all keys; None: there is none."""
        try:
            return self.type_of(dicts.under_any_key(), name)
        except UntypedPlace:
            return None

    def record(self, dicts: Dicts, name: str) -> Record:
        name, always = self.unique(name), dicts.always or set()
        fields = (
            Field(
                name=key,
                type=self.type_of(place, camel_case(key)),
                number=field_number(n),
                optional=key not in always,
            )
            for n, (key, place) in enumerate(dicts.keys.items(), start=1)
        )
        return Record(name, tuple(fields))

    def unique(self, name: str) -> str:
        """The name, with a number where another record has it."""
        made, n = name, 2
        while made in self.names:
            made, n = f"{name}{n}", n + 1
        self.names.add(made)
        return made


def _are_data(keys: Collection[str]) -> bool:
    """Whether half of these or more are no names that anybody gives to a field: `/pets`, `200`, `2024-01-31`."""
    return bool(keys) and 2 * sum(map(_is_data, keys)) >= len(keys)


def _is_data(key: str) -> bool:
    return "/" in key or key[:1].isdigit()


def field_number(n: int) -> int:
    """The n-th field number: protobuf keeps 19,000 to 19,999 for itself."""
    return n if n < 19_000 else n + 1_000
