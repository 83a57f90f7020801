"""What is kept of the lists and of the objects of one place."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

from serbench.inspection.keys import ANY, Tally, as_text, step
from serbench.inspection.leaves import Bounds, is_broken, json_bytes
from serbench.inspection.oddities import Odd
from serbench.inspection.parts import Shape
from serbench.schema.places import KEPT_KEYS, MOST_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

_SCALARS = (str, int, float, bool, type(None))


class NotPlain(ValueError):
    """A value or a key that no payload may hold."""


class Inside(Protocol):
    """What containers need of a place for what is inside of them."""

    key_bytes: int

    @property
    def count(self) -> int:
        """How many values stand there."""

    @property
    def shapes(self) -> dict[Shape, int]:
        """How many of each kind."""

    def add(self, values: Sequence[Any], /) -> None:
        """Sees values."""

    def absorb(self, other: Self, /) -> None:
        """Has seen what another place has seen as well."""


_Place = TypeVar("_Place", bound=Inside)


class Lists(Generic[_Place]):
    """All lists of one place.

    Args:
        new: makes a place for what is inside of them.

    Attributes:
        items: where their items stand; None: all are empty.
        brackets: bytes of brackets and commas.
    """

    __slots__ = ("brackets", "count", "empty", "items", "lengths", "new")

    def __init__(self, new: Callable[[], _Place]) -> None:
        self.new = new
        self.count = self.empty = self.brackets = 0
        self.lengths = Bounds()
        self.items: _Place | None = None

    def add(self, lists: Sequence[Sequence[Any]]) -> None:
        """Sees lists."""
        lengths = list(map(len, lists))
        empty = lengths.count(0)
        self.count += len(lists)
        self.empty += empty
        self.brackets += 2 * len(lists) + sum(lengths) - (len(lists) - empty)
        self.lengths.widen(min(lengths), max(lengths))
        if empty < len(lists):
            self.items = self.items or self.new()
            self.items.add(list(chain.from_iterable(lists)))

    def absorb(self, other: Lists[_Place]) -> None:
        """Has seen what others have seen."""
        self.count += other.count
        self.empty += other.empty
        self.brackets += other.brackets
        self.lengths.absorb(other.lengths)
        if other.items:
            self.items = self.items or self.new()
            self.items.absorb(other.items)


class Objects(Generic[_Place]):
    """All objects of one place.

    Args:
        tally: what is counted over all places.
        new: makes a place for what is inside of them.

    Attributes:
        keys: what stands under each key, in the order of their first appearance.
        any: what stands under any key, where keys are data; None as long as they are told apart.
        brackets: bytes of brackets and commas; colons are their keys'.
    """

    __slots__ = ("any", "brackets", "broken", "count", "empty", "key_sizes", "keys", "lengths", "new", "no_text",
                 "tally", "zeros")  # fmt: skip

    def __init__(self, tally: Tally, new: Callable[[], _Place]) -> None:
        self.tally, self.new = tally, new
        self.count = self.empty = self.brackets = self.no_text = self.zeros = self.broken = 0
        self.lengths = Bounds()
        self.keys: dict[str, _Place] = {}
        self.key_sizes: dict[str, int] = {}
        self.any: _Place | None = None

    def add(self, objects: Sequence[dict[Any, Any]]) -> None:
        """Sees objects."""
        lengths = list(map(len, objects))
        empty = lengths.count(0)
        self.count += len(objects)
        self.empty += empty
        self.brackets += 2 * len(objects) + sum(lengths) - (len(objects) - empty)
        self.lengths.widen(min(lengths), max(lengths))
        self.tally.keys += sum(lengths)
        names = dict.fromkeys(chain.from_iterable(objects))
        other = set(map(type, names)) - {str}
        if bad := sorted(kind.__qualname__ for kind in other if kind not in _SCALARS):
            raise NotPlain(f"a key of type {', '.join(bad)} is no plain key; convert it first")
        if other and self.any is None:
            self.forget_keys()
        if self.any is None:
            self._by_key(objects, names, sum(lengths))
            if len(self.keys) > KEPT_KEYS and self.come_and_go:
                self.forget_keys()
        else:
            self._under_any(self.any, objects)

    def _by_key(self, objects: Sequence[dict[str, Any]], names: dict[str, None], members: int) -> None:
        for name in names:
            if name not in self.keys:
                self.keys[name] = self.new()
                self.key_sizes[name] = json_bytes([name])
        self.tally.add(names)
        if members == len(names) * len(objects):
            columns = {name: [one[name] for one in objects] for name in names}
        else:
            columns = {name: [] for name in names}
            for name, value in chain.from_iterable(map(dict.items, objects)):
                columns[name].append(value)
        for name, values in columns.items():
            self._count_keys([name], self.key_sizes[name], self.keys[name], len(values))
            self.keys[name].add(values)

    def _under_any(self, place: _Place, objects: Sequence[dict[Any, Any]]) -> None:
        keys = list(chain.from_iterable(objects))
        self.tally.add(keys)
        self._count_keys(keys, json_bytes(list(map(as_text, keys))), place)
        place.add(list(chain.from_iterable(map(dict.values, objects))))

    def _count_keys(self, keys: Sequence[Any], size: int, place: _Place, times: int = 1) -> None:
        """Keys that lead to a place, their size as JSON, and how often all of them stand there."""
        self.tally.key_bytes += size * times
        place.key_bytes += (size + len(keys)) * times
        texts = [key for key in keys if isinstance(key, str)]
        joined = "".join(texts)
        self.no_text += (len(keys) - len(texts)) * times
        self.tally.colons += joined.count(":") * times
        if "\0" in joined:
            self.zeros += sum("\0" in text for text in texts) * times
        if not joined.isascii() and is_broken(joined):
            self.broken += sum(map(is_broken, texts)) * times

    @property
    def come_and_go(self) -> bool:
        """Whether most keys are lacking in some object."""
        return 2 * sum(place.count < self.count for place in self.keys.values()) > len(self.keys)

    def fold(self) -> None:
        """Tells keys no longer apart where they are data, as `serbench.schema.inference` has it."""
        if self.any is not None or len(self.keys) <= MOST_FIELDS:
            return
        shapes: AbstractSet[Shape] = set().union(*(place.shapes for place in self.keys.values())) - {Shape.NULL}
        lone = self.count == 1 and shapes <= {Shape.LIST, Shape.OBJECT}
        if len(shapes) == 1 and (lone or (self.count > 1 and self.come_and_go)):
            self.forget_keys()

    def forget_keys(self) -> _Place:
        """Tells keys no longer apart."""
        if self.any is None:
            self.any = self.new()
            for place in self.keys.values():
                self.any.absorb(place)
            self.keys.clear()
            self.key_sizes.clear()
        return self.any

    def absorb(self, other: Objects[_Place]) -> None:
        """Has seen what others have seen."""
        self.count += other.count
        self.empty += other.empty
        self.brackets += other.brackets
        self.no_text += other.no_text
        self.zeros += other.zeros
        self.broken += other.broken
        self.lengths.absorb(other.lengths)
        if other.any is not None or self.any is not None:
            mine = self.forget_keys()
            for place in (other.any,) if other.any is not None else other.keys.values():
                mine.absorb(place)
            return
        for name, place in other.keys.items():
            self.keys.setdefault(name, self.new()).absorb(place)
            self.key_sizes[name] = other.key_sizes[name]
        if len(self.keys) > KEPT_KEYS and self.come_and_go:
            self.forget_keys()

    def odd(self) -> dict[Odd, int]:
        """What is odd about keys, and about how many."""
        return {Odd.NON_STRING_KEY: self.no_text, Odd.ZERO_IN_KEY: self.zeros, Odd.SURROGATE_IN_KEY: self.broken}

    def below(self) -> Iterator[tuple[str, _Place]]:
        """The places directly below, each with the step to it."""
        if self.any is not None:
            yield ANY, self.any
        yield from ((step(name), place) for name, place in self.keys.items())
