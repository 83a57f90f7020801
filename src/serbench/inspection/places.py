"""A place in the messages, such as `$.items[].price`, and all that was seen in it, of any number of messages.

A place takes a column of values at a time and has places below it: one for the items of its lists, one for each key of
its objects. Where keys are data, as in a map, one place is for what stands under any of them.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from serbench.inspection.containers import Lists, NotPlain, Objects
from serbench.inspection.keys import ITEMS, Tally
from serbench.inspection.leaves import Blobs, Floats, Integers, Strings
from serbench.inspection.oddities import VERY_DEEP, Odd
from serbench.inspection.parts import Shape
from serbench.schema.by_type import by_type
from serbench.schema.places import DEEPEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Place:
    """What was seen in one place.

    Args:
        tally: what is counted over all places.
        depth: how many lists and objects it is inside of.

    Attributes:
        key_bytes: of the keys that lead here as JSON, colons included.
        true: how many booleans are true. The other counts are of values.
    """

    __slots__ = (
        "blobs", "booleans", "depth", "floats", "integers", "key_bytes", "lists", "nulls", "objects", "strings",
        "tally", "true",
    )  # fmt: skip

    def __init__(self, tally: Tally, depth: int = 0) -> None:
        self.tally, self.depth = tally, depth
        self.key_bytes = self.booleans = self.true = self.nulls = 0
        self.strings: Strings | None = None
        self.integers: Integers | None = None
        self.floats: Floats | None = None
        self.blobs: Blobs | None = None
        self.lists: Lists[Place] | None = None
        self.objects: Objects[Place] | None = None

    def add(self, values: Sequence[Any]) -> None:
        """Sees values.

        Raises:
            NotPlain: one is no plain value, or a key is none.
        """
        for kind, same in by_type(values):
            self._column(kind, same)

    def _column(self, kind: type, values: Sequence[Any]) -> None:
        if kind is str:
            self.strings = self.strings or Strings()
            self.tally.colons += self.strings.add(values)
        elif kind is int:
            self.integers = self.integers or Integers()
            self.integers.add(values)
        elif kind is float:
            self.floats = self.floats or Floats()
            self.floats.add(values)
        elif kind is bool:
            self.booleans += len(values)
            self.true += sum(values)
        elif kind is dict:
            self.objects = self.objects or Objects(self.tally, self._new)
            self.objects.add(values)
        elif kind in (list, tuple):
            self.lists = self.lists or Lists(self._new)
            self.lists.add(values)
        else:
            self._rare(kind, values)

    def _rare(self, kind: type, values: Sequence[Any]) -> None:
        if kind is type(None):
            self.nulls += len(values)
        elif kind is bytes:
            self.blobs = self.blobs or Blobs()
            self.blobs.add(values)
        else:
            raise NotPlain(f"{kind.__module__}.{kind.__qualname__} is no plain value; convert it first")

    def absorb(self, other: Place) -> None:
        """Has seen what another place has seen as well."""
        self.key_bytes += other.key_bytes
        self.booleans += other.booleans
        self.true += other.true
        self.nulls += other.nulls
        for name, kind in (("strings", Strings), ("integers", Integers), ("floats", Floats), ("blobs", Blobs)):
            if theirs := getattr(other, name):
                setattr(self, name, getattr(self, name) or kind())
                getattr(self, name).absorb(theirs)
        if other.lists:
            self.lists = self.lists or Lists(self._new)
            self.lists.absorb(other.lists)
        if other.objects:
            self.objects = self.objects or Objects(self.tally, self._new)
            self.objects.absorb(other.objects)

    @property
    def _new(self) -> partial[Place]:
        return partial(Place, self.tally, self.depth + 1)

    @property
    def count(self) -> int:
        """How many values stand here."""
        return sum(self.shapes.values())

    @property
    def shapes(self) -> dict[Shape, int]:
        """How many values there are of each kind that occurs."""
        found = {
            Shape.STRING: self.strings and self.strings.count,
            Shape.INTEGER: self.integers and self.integers.count,
            Shape.FLOAT: self.floats and self.floats.count,
            Shape.BOOLEAN: self.booleans,
            Shape.NULL: self.nulls,
            Shape.BYTES: self.blobs and self.blobs.count,
            Shape.LIST: self.lists and self.lists.count,
            Shape.OBJECT: self.objects and self.objects.count,
        }
        return {shape: count for shape, count in found.items() if count}

    def leaf_bytes(self, shape: Shape) -> int:
        """What values of a kind take; lists and objects take none here."""
        match shape:
            case Shape.BOOLEAN:
                return 4 * self.true + 5 * (self.booleans - self.true)
            case Shape.NULL:
                return 4 * self.nulls
        leaves = {
            Shape.STRING: self.strings,
            Shape.INTEGER: self.integers,
            Shape.FLOAT: self.floats,
            Shape.BYTES: self.blobs,
        }.get(shape)
        return leaves.json_bytes if leaves else 0

    @property
    def json_bytes(self) -> int:
        """What values take here, keys and colons that lead to them included, without what is inside of them."""
        brackets = sum(part.brackets for part in (self.lists, self.objects) if part)
        return self.key_bytes + brackets + sum(map(self.leaf_bytes, Shape))

    def odd(self) -> dict[Odd, int]:
        """What is odd about single values or keys here, and about how many."""
        found = {Odd.NULL: self.nulls}
        for part in (self.strings, self.integers, self.floats, self.blobs, self.objects):
            found |= part.odd() if part else {}
        inside = sum(part.count for part in (self.lists, self.objects) if part)
        found[Odd.DEEP] = inside * (self.depth == DEEPEST)
        found[Odd.VERY_DEEP] = inside * (self.depth == VERY_DEEP)
        return {odd: count for odd, count in found.items() if count}

    def below(self) -> Iterator[tuple[str, Place]]:
        """The places directly below, each with the step to it."""
        if self.lists and self.lists.items:
            yield ITEMS, self.lists.items
        if self.objects:
            yield from self.objects.below()
