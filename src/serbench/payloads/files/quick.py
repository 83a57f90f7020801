"""A decoder that takes only JSON texts that would tell a place nothing new: msgspec's, made for what was seen."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_
from types import GenericAlias
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

if TYPE_CHECKING:
    from serbench.schema.places import Dicts, Place
    from serbench.schema.widths import Floats, Integers

Decode = Callable[[bytes], Any]

_INT64 = -(1 << 63), (1 << 63) - 1
_NO_INTEGER = Annotated[int, Meta(ge=1, le=0)]
_NO_FLOAT = Annotated[float, Meta(ge=1.0, le=0.0)]
_NO_ITEMS = Annotated[list[Any], Meta(max_length=0)]


def decoder(seen: Place) -> Decode:
    """A function that raises a ValueError or a RecursionError of every text that would widen a place.

    Of some others as well: those that hold integers of over 63 bits, floats that may all be of 32 bits, keys that
    msgspec's structs do not take, and what is no JSON to msgspec.
    """
    try:
        return msgspec.json.Decoder(_of_place(seen)).decode
    except (ValueError, TypeError, RecursionError):
        return nothing


def nothing(_: bytes) -> Any:
    """The decoder that takes no text.

    Raises:
        ValueError: always.
    """
    raise ValueError


def _of_place(place: Place) -> Any:
    options: list[Any] = []
    if place.dicts and place.dicts.lone is None:
        options.append(_of_dicts(place.dicts))
    if place.items:
        options.append(GenericAlias(list, (_of_place(place.items),)) if _seen_any(place.items) else _NO_ITEMS)
    if place.integers or place.floats or not options:
        options += [_of_integers(place.integers), _of_floats(place.floats)]
    options += [kind for kind in (str, bool, type(None)) if kind in place.scalars]
    return reduce(or_, options)


def _seen_any(place: Place) -> bool:
    return bool(place.scalars or place.integers or place.floats or place.items or place.dicts)


def _of_integers(integers: Integers | None) -> Any:
    if integers is None:
        return _NO_INTEGER
    if integers.bounds is None:
        return int
    low, high = integers.bounds
    return Annotated[int, Meta(ge=low, le=min(high, _INT64[1]))]


def _of_floats(floats: Floats | None) -> Any:
    """Floats that may be of 32 bits so far are looked at one by one."""
    return _NO_FLOAT if floats is None or floats.exact else float


def _of_dicts(dicts: Dicts) -> Any:
    if dicts.values is not None:
        return GenericAlias(dict, (str, _of_place(dicts.values)))
    always = dicts.always or set()
    fields: list[Any] = []
    names: dict[str, str] = {}
    for n, (name, place) in enumerate(dicts.keys.items()):
        kind = _of_place(place)
        names[f"f{n}"] = name
        fields.append((f"f{n}", kind) if name in always else (f"f{n}", kind | UnsetType, UNSET))
    return msgspec.defstruct("Seen", fields, rename=names, kw_only=True, gc=False, forbid_unknown_fields=True)
