"""What was seen in each place of a few messages, and what is put there instead."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from serbench.payloads.vary import draws
from serbench.payloads.vary.binary import Binary
from serbench.payloads.vary.numbers import Floats, Integers
from serbench.payloads.vary.texts import Letters, Texts
from serbench.schema.types import List, Map, Record, Scalar, Type, Union

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from random import Random

    from serbench.payloads.vary.draws import Turn

    Draw = Callable[[Turn, Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What all places have in common.

    Attributes:
        enums: fields whose numbers are all that there are, each as the name of its record and its own.
        letters: of all texts.
    """

    enums: frozenset[tuple[str, str]] = frozenset()
    letters: Letters = field(default_factory=Letters)


class Place:
    """One place of the messages, such as `items[].price`.

    Args:
        kind: its type.
        known: what all places have in common.
        closed: whether its numbers are all that there are.
        keys: whether this is the keys of a map.
    """

    __slots__ = ("below", "closed", "draws", "items", "key", "keys", "known", "narrow", "record", "seen", "values")

    def __init__(self, kind: Type, known: Known, *, closed: bool = False, keys: bool = False) -> None:
        options = kind.options if isinstance(kind, Union) else (kind,)
        self.known, self.closed, self.keys = known, closed, keys
        self.narrow = Scalar.FLOAT32 in options
        self.record = next((option for option in options if isinstance(option, Record)), None)
        self.below: dict[str, Place] = {}
        self.items = next((self._inner(option.item) for option in options if isinstance(option, List)), None)
        maps = [option for option in options if isinstance(option, Map)]
        self.key = Place(maps[0].key, known, keys=True) if maps else None
        self.values = self._inner(maps[0].value) if maps else None
        self.seen: dict[type, Counter[Any]] = {}
        self.draws: dict[type, Draw] = {}

    def _inner(self, kind: Type) -> Place:
        return Place(kind, self.known, closed=self.closed)

    def see(self, value: Any) -> None:
        """Learns from a value, and from what is inside."""
        kind = type(value)
        if kind is dict and self.record:
            for name, item in value.items():
                self._field(name).see(item)
        elif kind is dict and self.key and self.values:
            for name, item in value.items():
                self.key.see(name)
                self.values.see(item)
        elif kind in (list, tuple) and self.items:
            for item in value:
                self.items.see(item)
        elif value is not None:
            if kind is str:
                self.known.letters.see(value)
            self.seen.setdefault(kind, Counter())[value] += 1

    def _field(self, name: str) -> Place:
        if not self.below and self.record:
            for one in self.record.fields:
                closed = (self.record.name, one.name) in self.known.enums
                self.below[one.name] = Place(one.type, self.known, closed=closed)
        return self.below[name]

    def varied(self, turn: Turn, value: Any) -> Any:
        """What is put in place of a value that was seen."""
        kind = type(value)
        if kind is dict:
            if not self.record:
                return self._varied_map(turn, value)
            below = self.below
            return {name: below[name].varied(turn, item) for name, item in value.items()}
        if kind in (list, tuple) and self.items:
            varied = self.items.varied
            return kind([varied(turn, item) for item in _mixed(turn.rng, value)])
        if value is None:
            return None
        draw = self.draws.get(kind)
        if draw is None:
            draw = self.draws[kind] = self._drawing(kind)
        return draw(turn, value)

    def _varied_map(self, turn: Turn, value: dict[Any, Any]) -> dict[Any, Any]:
        """As many others by as many keys; where two became the same, the letters of keys become others and no more."""
        if not (self.key and self.values):
            return {}
        keys = [self.key.varied(turn, key) for key in value]
        if len(set(keys)) < len(keys):
            keys = [key.translate(turn.table) if type(key) is str else key for key in value]
        return {key: self.values.varied(turn, item) for key, item in zip(keys, value.values(), strict=True)}

    def _drawing(self, kind: type) -> Draw:
        counts = self.seen[kind]
        if kind is str:
            return Texts(counts, keys=self.keys).draw
        if kind is int:
            return Integers(counts, closed=self.closed).draw
        if kind is float:
            return Floats(counts, narrow=self.narrow).draw
        if kind is bytes:
            return Binary(counts).draw
        seen = list(counts.elements())
        return lambda turn, _: draws.pick(turn.rng, seen)


def _mixed(rng: Random, items: Sequence[Any]) -> Iterable[Any]:
    """Items in another order, if they are records of different shapes: which one comes where is not to be learned."""
    if {*map(type, items)} != {dict}:
        return items
    shapes = {(*item, *map(type, item.values())) for item in items}
    return draws.shuffled(rng, items) if len(shapes) > 1 else items
