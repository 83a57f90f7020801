"""What was seen in each place of many plain values, for people: how often, from where to where, which texts.

A schema is inferred without any of it. It is what comments of a printed schema tell, and what enums are made of.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from serbench.schema.by_type import by_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    _T = TypeVar("_T", int, float)

MOST_TEXTS = 256
"""Different texts that are kept of a place, and the most values that an enum may have."""
MOST_CHARACTERS = 40
"""A longer text is none of a few that come again and again."""
MOST_KEYS = 1_000
"""Of a place whose dicts have more keys than this, only what stands under any key is told."""

FORMS = {
    "RFC 3339 times": re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)"),
    "dates": re.compile(r"\d{4}-\d\d-\d\d"),
    "UUIDs": re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "URLs": re.compile(r"https?://[^\s]+"),
}
"""What texts are called that all look like it. They stay texts."""


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the greatest of some numbers."""

    low: float
    high: float


class Texts:
    """The texts of a place.

    Attributes:
        count: how many.
        different: these, in the order of their first appearance; None: they are too many, or too long.
        forms: names in `FORMS` of what all of them look like.
    """

    __slots__ = ("count", "different", "forms")

    def __init__(self) -> None:
        self.count = 0
        self.different: dict[str, None] | None = {}
        self.forms = tuple(FORMS)

    def add(self, texts: Sequence[str]) -> None:
        """Sees texts."""
        self.count += len(texts)
        if self.forms:
            self.forms = tuple(form for form in self.forms if all(map(FORMS[form].fullmatch, texts)))
        if self.different is not None:
            self._keep(dict.fromkeys(texts))

    def absorb(self, other: Texts) -> None:
        """Has seen what another has seen as well."""
        self.count += other.count
        self.forms = tuple(form for form in self.forms if form in other.forms)
        if self.different is not None:
            self._keep(other.different)

    def _keep(self, texts: dict[str, None] | None) -> None:
        if self.different is None or texts is None or any(len(text) > MOST_CHARACTERS for text in texts):
            self.different = None
            return
        self.different |= texts
        if len(self.different) > MOST_TEXTS:
            self.different = None


class Observed:
    """What was seen in one place.

    Attributes:
        count: values.
        nulls: of these.
        dicts: of these.
        integers: their range; None: there were none. The same for floats, those that are no numbers left out.
        lengths: of lists.
        texts: None: there were none.
        items: what was in all lists.
        keys: what stood under each key.
        values: what stood under any key, where there are too many; None: `keys` has it.
    """

    __slots__ = ("count", "dicts", "floats", "integers", "items", "keys", "lengths", "nulls", "texts", "values")

    def __init__(self) -> None:
        self.count = self.nulls = self.dicts = 0
        self.integers: Range | None = None
        self.floats: Range | None = None
        self.lengths: Range | None = None
        self.texts: Texts | None = None
        self.items: Observed | None = None
        self.keys: dict[Any, Observed] = {}
        self.values: Observed | None = None

    def add(self, values: Sequence[Any]) -> None:
        """Sees plain values, nested no deeper than a schema can be."""
        self.count += len(values)
        for kind, same in by_type(values):
            self._of_type(kind, same)

    def _of_type(self, kind: type, values: Sequence[Any]) -> None:
        if kind is dict:
            self._dicts(values)
        elif kind in (list, tuple):
            self.lengths = _wider(self.lengths, list(map(len, values)))
            self.items = self.items or Observed()
            self.items.add(list(chain.from_iterable(values)))
        elif kind is str:
            self.texts = self.texts or Texts()
            self.texts.add(values)
        elif kind is int:
            self.integers = _wider(self.integers, values)
        elif kind is float:
            self.floats = _wider(self.floats, [value for value in values if math.isfinite(value)])
        elif kind is type(None):
            self.nulls += len(values)

    def _dicts(self, dicts: Sequence[dict[Any, Any]]) -> None:
        self.dicts += len(dicts)
        columns: dict[Any, list[Any]] = {}
        for name, value in chain.from_iterable(map(dict.items, dicts)):
            columns.setdefault(name, []).append(value)
        for name, column in columns.items():
            self._under(name).add(column)

    def _under(self, name: Any) -> Observed:
        if self.values is None and name not in self.keys and len(self.keys) >= MOST_KEYS:
            self.values = self.any_key()
            self.keys.clear()
        return self.keys.setdefault(name, Observed()) if self.values is None else self.values

    def any_key(self) -> Observed:
        """What stood under all keys together."""
        return self.values or together(self.keys.values())

    def absorb(self, other: Observed) -> None:
        """Has seen what another place has seen as well."""
        self.count, self.nulls, self.dicts = (
            self.count + other.count,
            self.nulls + other.nulls,
            self.dicts + other.dicts,
        )
        self.integers = _both(self.integers, other.integers)
        self.floats = _both(self.floats, other.floats)
        self.lengths = _both(self.lengths, other.lengths)
        if other.texts:
            self.texts = self.texts or Texts()
            self.texts.absorb(other.texts)
        if other.items:
            self.items = self.items or Observed()
            self.items.absorb(other.items)
        if other.values is not None:
            self.values = self.any_key()
            self.keys.clear()
            self.values.absorb(other.values)
        for name, seen in other.keys.items():
            self._under(name).absorb(seen)


def together(places: Any) -> Observed:
    """What was seen in all of these places."""
    merged = Observed()
    for place in places:
        merged.absorb(place)
    return merged


def _wider(known: Range | None, numbers: Sequence[_T]) -> Range | None:
    return _both(known, Range(min(numbers), max(numbers))) if numbers else known


def _both(one: Range | None, other: Range | None) -> Range | None:
    if one is None or other is None:
        return one or other
    return Range(min(one.low, other.low), max(one.high, other.high))
