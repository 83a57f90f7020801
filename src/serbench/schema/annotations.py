"""Python's annotations for the types of a schema, with one class for each record, which a library or Python makes."""

from __future__ import annotations

from functools import reduce
from operator import or_
from types import GenericAlias, NoneType
from typing import TYPE_CHECKING, Any

from serbench.schema.payload import join
from serbench.schema.types import List, Map, Record, Scalar, Type, Union

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PLAIN: dict[Scalar, Any] = {
    **dict.fromkeys(Scalar, int),
    **dict.fromkeys((Scalar.FLOAT32, Scalar.FLOAT64), float),
    Scalar.NULL: NoneType,
    Scalar.BOOL: bool,
    Scalar.STRING: str,
    Scalar.BYTES: bytes,
}
"""What is written for a scalar where a library has nothing else."""


def any_of(_: Union, options: Sequence[Any], _path: str) -> Any:
    """The annotation of a union."""
    return reduce(or_, options)


class Annotations:
    """The annotations of a schema's types.

    Args:
        scalars: of each scalar.
        make: the class of a record, of the annotation of each of its fields by name, and of the path where it stands.
        union: the annotation of a union, of those of its options and of the path.

    Attributes:
        classes: by the name of their records, each after those that it uses.
    """

    def __init__(
        self,
        scalars: Mapping[Scalar, Any],
        make: Callable[[Record, Mapping[str, Any], str], Any],
        union: Callable[[Union, Sequence[Any], str], Any] = any_of,
    ) -> None:
        self.scalars = scalars
        self.make = make
        self.union = union
        self.classes: dict[str, Any] = {}

    def of(self, kind: Type, path: str = "") -> Any:
        """The annotation of what stands at a path."""
        match kind:
            case Scalar():
                return self.scalars[kind]
            case Record():
                return self.record(kind, path)
            case List(item):
                return GenericAlias(list, (self.of(item, f"{path}[]"),))
            case Map(key, value):
                return GenericAlias(dict, (self.scalars[key], self.of(value, join(path, "*"))))
            case Union(options):
                return self.union(kind, [self.of(option, path) for option in options], path)

    def record(self, record: Record, path: str) -> Any:
        """The class of a record, the same at each of its places."""
        if record.name not in self.classes:
            fields = {field.name: self.of(field.type, join(path, field.name)) for field in record.fields}
            self.classes[record.name] = self.make(record, fields, path)
        return self.classes[record.name]
