"""Records which leaves a reader touches: the decoded value is handed to it behind stand-ins that know the schema.

The reader that is timed is the reader that is verified: only its `decode` is wrapped. A stand-in answers for a record,
a list or a map; leaves are handed over as they are, and their path is noted.
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from serbench.schema import capnp
from serbench.schema.names import identifiers
from serbench.schema.payload import join
from serbench.schema.proto import present
from serbench.schema.types import List, Map, Record, Scalar, Type, Union

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def leaves(value: Any, kind: Type, path: str = "") -> Iterator[str]:
    """The path of every leaf of a plain value, in order."""
    kind = resolve(value, kind)
    match kind:
        case Record():
            for field in kind.fields:
                if field.name in value:
                    yield from leaves(value[field.name], field.type, join(path, field.name))
        case List():
            for index, item in enumerate(value):
                yield from leaves(item, kind.item, f"{path}[{index}]")
        case Map():
            for key, item in value.items():
                yield from leaves(item, kind.value, join(path, str(key)))
        case _:
            yield path


def thinned(value: Any, kind: Type, leaves_at_most: int) -> Any:
    """The value itself if it has no more leaves than that, else a copy with fewer items in its lists and maps.

    As many of each as fit, evenly spread; one at the least. Records keep all of their fields.
    """
    most = leaves_at_most
    while sum(1 for _ in islice(leaves(value, kind), leaves_at_most + 1)) > leaves_at_most and most:
        most //= 4
        value = _with_items(value, kind, max(1, most))
    return value


def _with_items(value: Any, kind: Type, most: int) -> Any:
    """A copy that has no more items than that in any list or map."""
    kind = resolve(value, kind)
    match kind:
        case Record():
            types = {field.name: field.type for field in kind.fields}
            return {name: _with_items(item, types.get(name, Scalar.NULL), most) for name, item in value.items()}
        case List():
            return type(value)(_with_items(item, kind.item, most) for item in _spread(value, most))
        case Map():
            return {key: _with_items(item, kind.value, most) for key, item in _spread(list(value.items()), most)}
    return value


def _spread(items: Sequence[Any], most: int) -> Sequence[Any]:
    """Evenly spread ones of the items, the first among them, if there are more than that."""
    return items if len(items) <= most else [items[n * len(items) // most] for n in range(most)]


def resolve(value: Any, kind: Type) -> Type:
    """The option of a union that a value is of, by its structure; any other type as it is."""
    if value is None or not isinstance(kind, Union):
        return kind if value is not None else Scalar.NULL
    if (other := present(kind)) is not kind:
        return other  # a library's own container is no list, and needs not be
    if isinstance(value, str | int | float | bytes):
        return Scalar.NULL
    wanted = List if isinstance(value, list | tuple) else Record | Map
    return next((option for option in kind.options if isinstance(option, wanted)), Scalar.NULL)


def stand_in(value: Any, kind: Type, touched: set[str], path: str = "") -> Any:
    """What a reader is handed instead of a decoded value.

    Args:
        value: what the codec's decode returned, or a part of it.
        kind: its type in the schema.
        touched: receives the path of every leaf that is handed over.
        path: where the value stands.
    """
    kind = resolve(value, kind)
    if isinstance(kind, Record):
        return _RecordStandIn(value, kind, touched, path)
    if isinstance(kind, List):
        return _ListStandIn(value, kind, touched, path)
    if isinstance(kind, Map):
        return _MapStandIn(value, kind, touched, path)
    touched.add(path)
    return value


class _StandIn:
    """Passes for the value's own class, and passes on what it does not know."""

    def __init__(self, value: Any, kind: Any, touched: set[str], path: str) -> None:
        self._value = value
        self._kind = kind
        self._touched = touched
        self._path = path

    @property  # type: ignore[misc] # isinstance() asks for it, and a reader may ask isinstance()
    def __class__(self) -> Any:
        return self._value.__class__

    def __len__(self) -> int:
        return len(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)


class _RecordStandIn(_StandIn):
    """A record: a dict read by item, or an object read by attribute."""

    def __init__(self, value: Any, kind: Record, touched: set[str], path: str) -> None:
        super().__init__(value, kind, touched, path)
        self._types = {field.name: field.type for field in kind.fields}

    def _hand_over(self, name: str, value: Any) -> Any:
        return stand_in(value, self._types.get(name, Scalar.NULL), self._touched, join(self._path, name))

    def __getitem__(self, name: str) -> Any:
        return self._hand_over(name, self._value[name])

    def __contains__(self, name: str) -> bool:
        return name in self._value

    def __iter__(self) -> Iterator[str]:
        return iter(self._value)

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(self._value, attribute)
        if hasattr(type(self._value), "__getitem__"):  # a dict, or a library's own that is read like one
            return {"get": self._get, "items": self._items, "values": self._values}.get(attribute, value)
        name = _field_names(self._kind).get(attribute)
        return value if name is None else self._hand_over(name, value)

    def _get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self._value else default

    def _values(self) -> Iterator[Any]:
        return (self[name] for name in self._value)

    def _items(self) -> Iterator[tuple[str, Any]]:
        return ((name, self[name]) for name in self._value)


class _ListStandIn(_StandIn):
    """A list; an attribute of it that is no method is the list inside a wrapper message."""

    def __iter__(self) -> Iterator[Any]:
        for index, item in enumerate(self._value):
            yield stand_in(item, self._kind.item, self._touched, f"{self._path}[{index}]")

    def __getitem__(self, index: int | slice) -> Any:
        wanted = range(len(self._value))[index]
        return [self._item(i) for i in wanted] if isinstance(wanted, range) else self._item(wanted)

    def _item(self, index: int) -> Any:
        return stand_in(self._value[index], self._kind.item, self._touched, f"{self._path}[{index}]")

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(self._value, attribute)
        return value if callable(value) else _ListStandIn(value, self._kind, self._touched, self._path)


class _MapStandIn(_StandIn):
    """A map, or the map inside a wrapper message."""

    def __iter__(self) -> Iterator[Any]:
        if hasattr(self._value, "items"):
            return iter(self._value)
        return (_EntryStandIn(e, self._kind, self._touched, join(self._path, str(e.key))) for e in self._value)

    def __getitem__(self, key: Any) -> Any:
        return stand_in(self._value[key], self._kind.value, self._touched, join(self._path, str(key)))

    def __contains__(self, key: Any) -> bool:
        return key in self._value

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(self._value, attribute)
        if not callable(value):
            return _MapStandIn(value, self._kind, self._touched, self._path)
        return {"get": self._get, "items": self._items, "values": self._values}.get(attribute, value)

    def _get(self, key: Any, default: Any = None) -> Any:
        return self[key] if key in self._value else default

    def _values(self) -> Iterator[Any]:
        return (self[key] for key in self._value)

    def _items(self) -> Iterator[tuple[Any, Any]]:
        return ((key, self[key]) for key in self._value)


class _EntryStandIn(_StandIn):
    """An entry with `key` and `value`, of a map in a library that has lists of those instead of maps."""

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(self._value, attribute)
        return stand_in(value, self._kind.value, self._touched, self._path) if attribute == "value" else value


@cache
def _field_names(kind: Record) -> dict[str, str]:
    """Field name by identifier, and by the name that Cap'n Proto gives it, which is never another's identifier."""
    named = {word: name for name, word in capnp.field_names(kind).items()}
    return named | {identifier: name for name, identifier in identifiers(kind).items()}
