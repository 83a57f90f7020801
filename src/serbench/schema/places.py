"""What was seen in each place of many plain values: what a schema is inferred from, in memory that does not grow.

A place is a position in the messages, such as `items[].price`. It takes values by the thousand and keeps of them only
what decides a type. All of it is a bound that later values widen: what a place has seen in one order it has seen in any
other, and a value that widens nothing need not be shown to it at all.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from serbench.schema.by_type import by_type
from serbench.schema.widths import Floats, Integers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

DEEPEST = 100
"""Levels of dicts and lists for which code can be generated everywhere."""

MOST_FIELDS = 32
"""A dict with more keys than this may be a map."""

KEPT_KEYS = 256
"""Of a dict with more keys than this, most of which come and go, keys are not kept: it is a map."""


class UntypedPlace(ValueError):
    """No type of a schema is what stands in a place.

    Args:
        reason: what stands there.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.below: list[str] = []

    @property
    def path(self) -> str:
        """The place, such as `items[].price`; empty for the whole message."""
        return "".join(reversed(self.below)).removeprefix(".")


class Place:
    """What was seen in one place.

    Args:
        depth: how many dicts and lists it is inside of.

    Attributes:
        scalars: the types of leaves without a width, such as `str`.
        integers: None where there were none; the same for floats, items (of all lists there) and dicts.

    Raises:
        RecursionError: it is deeper than `DEEPEST`.
    """

    __slots__ = ("depth", "dicts", "floats", "integers", "items", "scalars")

    def __init__(self, depth: int = 0) -> None:
        if depth > DEEPEST:
            raise RecursionError
        self.depth = depth
        self.scalars: set[type] = set()
        self.integers: Integers | None = None
        self.floats: Floats | None = None
        self.items: Place | None = None
        self.dicts: Dicts | None = None

    def add(self, values: Sequence[Any]) -> None:
        """Sees values.

        Raises:
            RecursionError: they are nested too deeply.
            UntypedPlace: one is no plain value, or the keys of a dict have types that no map has.
        """
        for kind, same in by_type(values):
            self._of_type(kind, same)

    def _of_type(self, kind: type, values: Sequence[Any]) -> None:
        if kind in (str, bool, type(None), bytes):
            self.scalars.add(kind)
        elif kind is int:
            self.integers = self.integers or Integers()
            self.integers.add(values)
        elif kind is float:
            self.floats = self.floats or Floats()
            self.floats.add(values)
        elif kind is dict:
            self.dicts = self.dicts or Dicts(self.depth + 1)
            self.dicts.add(values)
        elif kind in (list, tuple):
            self.items = self.items or Place(self.depth + 1)
            _below("[]", self.items, list(chain.from_iterable(values)))
        else:
            raise UntypedPlace(f"{kind.__module__}.{kind.__qualname__} is no plain value; convert it first")

    def absorb(self, other: Place) -> None:
        """Has seen what another place has seen as well."""
        self.scalars |= other.scalars
        if other.integers:
            self.integers = self.integers or Integers()
            self.integers.widen(other.integers.low, other.integers.high)
        if other.floats:
            self.floats = self.floats or Floats()
            self.floats.exact &= other.floats.exact
            self.floats.widened |= other.floats.widened
        if other.items:
            self.items = self.items or Place(self.depth + 1)
            self.items.absorb(other.items)
        if other.dicts:
            self.dicts = self.dicts or Dicts(self.depth + 1)
            self.dicts.absorb(other.dicts)


def _below(step: str, place: Place, values: Sequence[Any]) -> None:
    try:
        place.add(values)
    except UntypedPlace as error:
        error.below.append(step)
        raise


class Dicts:
    """All dicts of one place.

    Args:
        depth: of what is in them.

    Attributes:
        keys: what was seen under each key, in the order of their first appearance; empty where `values` has it all.
        always: the keys that no dict lacked.
        values: what was seen under any key, of dicts whose keys are data; None as long as keys are kept.
        integers: widths of the keys, where keys are integers.
        lone: the only dict so far, where it has so many keys that a second one has to show what they are.
    """

    __slots__ = ("always", "depth", "integers", "keys", "lone", "values")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.keys: dict[str, Place] = {}
        self.always: set[str] | None = None
        self.values: Place | None = None
        self.integers: Integers | None = None
        self.lone: dict[str, Any] | None = None

    def add(self, dicts: Sequence[dict[Any, Any]]) -> None:
        """Sees dicts. Raises as `Place.add`."""
        names = dict.fromkeys(chain.from_iterable(dicts))
        self._look_at_types(names)
        if self.values is None:
            if len(dicts) == 1 and len(names) > MOST_FIELDS and self.always is None and self.lone is None:
                self.lone = dicts[0]
                return
            self.keep([*self._given_up(), *dicts])
        else:
            _below(".*", self.values, list(chain.from_iterable(map(dict.values, dicts))))

    def keep(self, dicts: Sequence[dict[Any, Any]]) -> None:
        """Sees dicts, by their keys as far as these are no data."""
        names = dict.fromkeys(chain.from_iterable(dicts))
        for name in names:
            if name not in self.keys:
                self.keys[name] = Place(self.depth)
        self._lack({name for name in names if all(name in one for one in dicts)})
        if self.values is not None:
            self.add(dicts)
            return
        if sum(map(len, dicts)) == len(names) * len(dicts):
            columns = {name: [one[name] for one in dicts] for name in names}
        else:
            columns = {name: [] for name in names}
            for name, value in chain.from_iterable(map(dict.items, dicts)):
                columns[name].append(value)
        for name, values in columns.items():
            _below(f".{name}", self.keys[name], values)

    def absorb(self, other: Dicts) -> None:
        """Has seen what others have seen as well."""
        if other.lone is not None:
            self.add([other.lone])
            return
        if lone := [*self._given_up()]:
            self.keep(lone)
        if other.integers:
            self._integer_keys(other.integers)
        if other.values is not None:
            self._forget_keys().absorb(other.values)
        elif self.values is not None:
            for place in other.keys.values():
                self.values.absorb(place)
        else:
            for name, place in other.keys.items():
                self.keys.setdefault(name, Place(self.depth)).absorb(place)
            self._lack(other.always or set())

    @property
    def come_and_go(self) -> bool:
        """Whether most keys are lacking in some dict."""
        return 2 * (len(self.keys) - len(self.always or ())) > len(self.keys)

    def under_any_key(self) -> Place:
        """What was seen under all keys together."""
        merged = Place(self.depth)
        for place in self.keys.values():
            merged.absorb(place)
        return merged

    def _given_up(self) -> Iterator[dict[str, Any]]:
        """The lone dict, which is none any more."""
        lone, self.lone = self.lone, None
        if lone is not None:
            yield lone

    def _lack(self, always: set[str]) -> None:
        """Keys that are always there are among these; with too many others, keys are data."""
        self.always = always if self.always is None else self.always & always
        if len(self.keys) > KEPT_KEYS and self.come_and_go:
            self._forget_keys()

    def _forget_keys(self) -> Place:
        if self.values is None:
            self.values = self.under_any_key()
            self.keys.clear()
        return self.values

    def _look_at_types(self, names: Collection[Any]) -> None:
        kinds = {kind.__name__ for kind in set(map(type, names))}
        if kinds == {"int"}:
            widths = Integers()
            widths.add(names)
            self._integer_keys(widths)
        elif kinds - {"str"} or (self.integers and kinds):
            raise _mixed_keys(kinds | ({"int"} if self.integers else set()))

    def _integer_keys(self, widths: Integers) -> None:
        if self.keys or self.lone:
            raise _mixed_keys({"int", "str"})
        self.integers = self.integers or Integers()
        self.integers.widen(widths.low, widths.high)
        self._forget_keys()


def _mixed_keys(kinds: set[str]) -> UntypedPlace:
    return UntypedPlace(f"keys of dicts are text, or all of them whole numbers; here: {', '.join(sorted(kinds))}")
