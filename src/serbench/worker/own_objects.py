"""What objects of a user's own classes are made of: attributes, and the code that reads every one of them.

The code is made from the annotations of the class, as a user would write it. What they leave open (`Any`, a name that
cannot be looked up) is walked as it is found.
"""

from __future__ import annotations

import collections
import collections.abc
import dataclasses
import types
import typing
from functools import cache
from typing import TYPE_CHECKING, Any

from serbench.schema.code import block, compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEQUENCES = (list, tuple, set, frozenset, collections.deque)
_IN_LINE = 8
_LISTS = frozenset({*SEQUENCES, *(getattr(collections.abc, n) for n in ("Sequence", "Set", "Iterable", "Collection"))})
_LISTS |= {collections.abc.MutableSequence, collections.abc.MutableSet}
_DICTS = frozenset({dict, collections.OrderedDict, collections.defaultdict, collections.abc.Mapping})
_DICTS |= {collections.abc.MutableMapping}


@cache
def attributes(kind: type) -> tuple[str, ...]:
    """The names of the fields of a class that has some; none of any other class.

    Dataclasses, attrs classes, structs of msgspec, models and dataclasses of pydantic, and named tuples have.
    """
    if found := getattr(kind, "__struct_fields__", ()) or getattr(kind, "__pydantic_fields__", ()):
        return tuple(found)
    if found := getattr(kind, "__attrs_attrs__", ()):
        return tuple(field.name for field in found)
    if dataclasses.is_dataclass(kind):
        return tuple(field.name for field in dataclasses.fields(kind))
    return tuple(getattr(kind, "_fields", ())) if issubclass(kind, tuple) else ()


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf of an object with its path, `items[].price`, and every container that JSON has not (sets, tuples)."""
    if names := attributes(value.__class__):
        for name in names:
            yield from leaves(getattr(value, name, None), f"{path}.{name}" if path else name)
    elif isinstance(value, dict):
        for item in value.values():
            yield from leaves(item, f"{path}.*" if path else "*")
    elif isinstance(value, SEQUENCES):
        if type(value) is not list:
            yield path, value
        for item in value:
            yield from leaves(item, f"{path}[]")
    else:
        yield path, value


def walk(value: Any) -> None:
    """Reads every leaf of an object as it is found."""
    if names := attributes(value.__class__):
        for name in names:
            walk(getattr(value, name, None))
    elif isinstance(value, dict):
        for item in value.values():
            walk(item)
    elif isinstance(value, SEQUENCES):
        for item in value:
            walk(item)


def reader(kind: type) -> Callable[[Any], None]:
    """A function that reads every attribute of an object of that class, and all below."""
    writer = _Writer()
    last = writer.function(kind)
    code = "\n\n".join(writer.functions) + "\n"
    return compiled(code, last, writer.namespace)


class _Writer:
    """Functions written so far, one for each class that is not read in line."""

    def __init__(self) -> None:
        self.functions: list[str] = []
        self.of_class: dict[type, str] = {}
        self.namespace: dict[str, Any] = {"walk": walk, "SEQUENCES": SEQUENCES}

    def function(self, kind: type) -> str:
        """The name of the function that reads an object of a class."""
        if kind not in self.of_class:
            self.of_class[kind] = f"read{len(self.of_class)}"
            lines = [f"def {self.of_class[kind]}(v0):", *block(self.fields("v0", kind, 0, (kind,)))]
            self.functions.append("\n".join(lines))
        return self.of_class[kind]

    def fields(self, name: str, kind: type, depth: int, within: tuple[type, ...]) -> list[str]:
        """Lines that read each attribute of `name`, an object of that class."""
        hints, inner, lines = _hints(kind), f"v{depth + 1}", []
        for attribute in attributes(kind):
            below = self.below(inner, hints.get(attribute, Any), depth + 1, within)
            reach = f"{name}.{attribute}"
            lines += [f"{inner} = {reach}", *below] if below else [reach]
        return lines

    def below(self, name: str, hint: Any, depth: int, within: tuple[type, ...]) -> list[str]:
        """Lines that read what is below `name`, which is of that annotation; none where it is a leaf."""
        hint = _bare(hint)
        origin, given = typing.get_origin(hint) or hint, typing.get_args(hint)
        if origin in (typing.Union, types.UnionType):
            return self.options(name, given, depth, within)
        if origin in _LISTS or origin in _DICTS:
            return self.items(name, origin, given, depth, within)
        if origin in (Any, object) or not isinstance(origin, type) or typing.is_typeddict(origin):
            return [] if origin in (typing.Literal, None) else [f"walk({name})"]
        if not attributes(origin):
            return []
        if origin in within or depth >= _IN_LINE:
            return [f"{self.function(origin)}({name})"]
        return self.fields(name, origin, depth, (*within, origin))

    def items(self, name: str, origin: Any, given: tuple[Any, ...], depth: int, within: tuple[type, ...]) -> list[str]:
        """The same for what is in a container."""
        inner = f"v{depth + 1}"
        if origin in _DICTS:
            below = self.below(inner, given[1] if len(given) > 1 else Any, depth + 1, within)
            return [f"for k{depth}, {inner} in {name}.items():", *block(below)]
        kinds = tuple(dict.fromkeys(kind for kind in given if kind not in (..., ())))
        below = self.options(inner, kinds, depth + 1, within) if kinds else [f"walk({inner})"]
        return [f"for {inner} in {name}:", *block(below)]

    def options(self, name: str, options: tuple[Any, ...], depth: int, within: tuple[type, ...]) -> list[str]:
        """The same for one of several."""
        kinds = [_bare(option) for option in options if option is not types.NoneType]
        found = [(kind, below) for kind in kinds if (below := self.below(name, kind, depth, within))]
        if len(options) == len(kinds) == 1:
            return [line for _, below in found for line in below]
        if len(kinds) == 1:
            return [line for _, below in found for line in (f"if {name} is not None:", *block(below))]
        if any(below == [f"walk({name})"] for _, below in found):
            return [f"walk({name})"]
        return [line for kind, below in found for line in (f"if {self.is_a(name, kind)}:", *block(below))]

    def is_a(self, name: str, kind: Any) -> str:
        """The test for an option of a union that is more than a leaf."""
        origin = typing.get_origin(kind) or kind
        if origin in _LISTS or origin in _DICTS:
            return f"isinstance({name}, {'SEQUENCES' if origin in _LISTS else 'dict'})"
        known = f"Class{id(origin)}"
        self.namespace[known] = origin
        return f"isinstance({name}, {known})"


def _hints(kind: type) -> dict[str, Any]:
    """The annotations of a class, looked up; of one that has a name which cannot be, none."""
    if fields := getattr(kind, "__pydantic_fields__", None):
        return {name: field.annotation for name, field in fields.items()}
    try:
        return typing.get_type_hints(kind)
    except Exception:  # a name that is there for type checkers only, or whatever a forward reference evaluates to
        return {}


def _bare(hint: Any) -> Any:
    """The annotation behind its wrappers: what is annotated, what a new type or an alias stands for."""
    while True:
        if typing.get_origin(hint) in (typing.Annotated, typing.Final, typing.ClassVar):
            hint = typing.get_args(hint)[0]
        elif isinstance(hint, typing.NewType):
            hint = hint.__supertype__
        elif hasattr(hint, "__value__"):  # `type X = ...`
            hint = hint.__value__
        else:
            return hint
