"""A schema from instances: the shape of plain values that come without one, as JSON gives them.

The rules, over all instances together:

* A dict is a record, and a key that some of its dicts lack is optional. It is a map where its keys are data: more than
  32 keys and values of one type; most keys are lacking in some dict, or there is only one dict and its values are
  dicts or lists.
* Integers have the first of int32, int64, uint64 and bigint that holds them all.
* Values of different types make a union. It has one record or map and one list at most: dicts of one place are merged,
  and so are lists.
* What is always null, like the items of a list that is always empty, has the type NULL.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

from serbench.schema.types import Field, List, Map, Record, Scalar, Schema, Type, Union

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_FIELDS = 32
"""A dict with more keys than this may be a map."""
DEEPEST = 100
"""Levels of dicts and lists for which code can be generated everywhere."""

_SCALARS: dict[type, Scalar] = {
    bool: Scalar.BOOL,
    float: Scalar.FLOAT64,
    str: Scalar.STRING,
    bytes: Scalar.BYTES,
    type(None): Scalar.NULL,
}
_INTEGERS = (
    (Scalar.INT32, -(1 << 31), (1 << 31) - 1),
    (Scalar.INT64, -(1 << 63), (1 << 63) - 1),
    (Scalar.UINT64, 0, (1 << 64) - 1),
)


def infer(name: str, instances: Sequence[Any]) -> Schema:
    """The schema of these instances.

    Args:
        name: what the schema is named after; records are named after their keys.
        instances: plain values, whose dicts have strings as keys.

    Raises:
        RecursionError: dicts and lists are nested deeper than `DEEPEST`.
    """
    inference = _Inference()
    root = camel_case(name)
    return Schema(root, inference.type_of(instances, root))


def camel_case(name: str) -> str:
    """A name in CamelCase letters and digits, the first a letter: `shipping_address` becomes `ShippingAddress`."""
    joined = "".join(part[0].upper() + part[1:] for part in re.findall(r"[A-Za-z0-9]+", name))
    return joined if joined[:1].isalpha() else f"X{joined}"


class _Inference:
    def __init__(self) -> None:
        self.names: set[str] = set()
        self.depth = -1  # the root is inside of none

    def type_of(self, values: Sequence[Any], name: str) -> Type:
        """The type of all values that were seen in one place."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise RecursionError
        options = self.options(values, name)
        self.depth -= 1
        match options:
            case []:
                return Scalar.NULL
            case [only]:
                return only
            case _:
                return Union(tuple(options))

    def options(self, values: Sequence[Any], name: str) -> list[Type]:
        """The types that occur among values, each once."""
        present = set(map(type, values))
        options: list[Type] = []
        if dict in present:
            options.append(self.record_or_map([value for value in values if type(value) is dict], name))
        if list in present:
            items = list(chain.from_iterable(value for value in values if type(value) is list))
            options.append(List(self.type_of(items, name)))
        if int in present:
            options.append(_integer([value for value in values if type(value) is int]))
        return options + [scalar for kind, scalar in _SCALARS.items() if kind in present]

    def record_or_map(self, dicts: list[dict[str, Any]], name: str) -> Record | Map:
        """Of dicts in one place: a map where most keys come and go and all values are alike, else a record."""
        keys = dict.fromkeys(chain.from_iterable(dicts))
        optional = {key for key in keys if not all(key in value for value in dicts)}
        if len(keys) > MOST_FIELDS and (len(dicts) == 1 or len(optional) > len(keys) / 2):
            names = set(self.names)
            value = self.type_of(list(chain.from_iterable(map(dict.values, dicts))), name)
            if isinstance(value, Record | List | Map) or (len(dicts) > 1 and not isinstance(value, Union)):
                return Map(Scalar.STRING, value)
            self.names = names
        return self.record(dicts, keys, optional, name)

    def record(self, dicts: list[dict[str, Any]], keys: dict[str, None], optional: set[str], name: str) -> Record:
        name = self.unique(name)
        fields = (
            Field(
                name=key,
                type=self.type_of([value[key] for value in dicts if key in value], camel_case(key)),
                number=_number(n),
                optional=key in optional,
            )
            for n, key in enumerate(keys, start=1)
        )
        return Record(name, tuple(fields))

    def unique(self, name: str) -> str:
        """The name, with a number where another record has it."""
        made, n = name, 2
        while made in self.names:
            made, n = f"{name}{n}", n + 1
        self.names.add(made)
        return made


def _integer(values: list[int]) -> Scalar:
    low, high = min(values), max(values)
    return next((scalar for scalar, least, most in _INTEGERS if least <= low and high <= most), Scalar.BIGINT)


def _number(n: int) -> int:
    """The n-th field number: protobuf keeps 19,000 to 19,999 for itself."""
    return n if n < 19_000 else n + 1_000
