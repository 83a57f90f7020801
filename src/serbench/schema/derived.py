"""What languages of schemas have in common that lack a form of ours: names of types that are made up, and null.

A nullable value is of its other type, and optional where it is a field; an actual null then has no form, and a codec
refuses it by its kind. What is left of a type without NULL is called *bare* here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from serbench.errors import UnsupportedPayload
from serbench.schema.payload import join
from serbench.schema.types import Field, List, Map, Record, Scalar, Schema, Type, Union, records_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def bare(kind: Type) -> Type:
    """The type without NULL, in items and values too; a union of one type is that type. Records stay as they are."""
    match kind:
        case List(item):
            return List(bare(item))
        case Map(key, value):
            return Map(key, bare(value))
        case Union():
            options = tuple(dict.fromkeys(_options(kind)))
            return options[0] if len(options) == 1 else Union(options) if options else Scalar.NULL
    return kind


def _options(kind: Type) -> Iterable[Type]:
    if isinstance(kind, Union):
        for option in kind.options:
            yield from _options(option)
    elif kind is not Scalar.NULL:
        yield bare(kind)


def may_lack(field: Field) -> bool:
    """Whether a field is optional in a language without null: its key may be absent, or its value null."""
    return field.optional or _nullable(field.type)


def _nullable(kind: Type) -> bool:
    return kind is Scalar.NULL or (isinstance(kind, Union) and any(map(_nullable, kind.options)))


def spelled(names: Iterable[str], spell: Callable[[str], str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Every name as a language takes it, unique: with a number where two would meet.

    Args:
        names: the names, in order.
        spell: what the language makes of a name; a name that it leaves alone is never numbered for another's sake.
        taken: spellings that are something else already.
    """
    used, made = set(taken), {}
    every = tuple(names)
    for name in sorted(every, key=lambda name: spell(name) != name):
        made[name] = unique(spell(name), used)
    return {name: made[name] for name in every}


def unique(name: str, used: set[str]) -> str:
    """The name, with a number where it is used; from now on it is."""
    made, n = name, 2
    while made in used:
        made, n = f"{name}{n}", n + 1
    used.add(made)
    return made


class TypeNames:
    """The names of a schema's records, and of the types that are made for what a language lacks.

    Args:
        schema: whose records.
        taken: names that the language has for itself.
    """

    def __init__(self, schema: Schema, taken: Iterable[str] = ()) -> None:
        names = [record.name for record in records_of(schema)]
        self._records = spelled(names, camel_case, taken)
        self._used = {*taken, *self._records.values()}
        self._made: dict[tuple[str, Type], str] = {}

    def of(self, record: Record) -> str:
        """The name of a record."""
        return self._records[record.name]

    def every(self) -> set[str]:
        """The names of all records."""
        return set(self._records.values())

    def made(self, kind: Type, pattern: str = "{}") -> tuple[str, bool]:
        """The name of the type that is made for a bare type, and whether that is its first use.

        Args:
            kind: what it is made for.
            pattern: where the words for the type go, as in `{}Entry`.
        """
        key = (pattern, kind)
        first = key not in self._made
        if first:
            self._made[key] = unique(pattern.format(self.words(kind)), self._used)
        return self._made[key], first

    def words(self, kind: Type) -> str:
        """A bare type in CamelCase words: `ListOfInt32`."""
        match kind:
            case Record():
                return self.of(kind)
            case List(item):
                return f"ListOf{self.words(item)}"
            case Map(key, value):
                return f"{key.capitalize()}To{self.words(value)}"
            case Union(options):
                return "Or".join(map(self.words, options))
        return kind.capitalize()


def option_names(options: Iterable[Type], names: TypeNames) -> list[str]:
    """A name for each of several types that a value may have: `int64Value`, `listValue`, `mapValue`, `moneyValue`."""
    used: set[str] = set()
    made = []
    for option in options:
        name = {List: "list", Map: "map"}.get(type(option)) or names.words(option)
        made.append(unique(f"{name[0].lower()}{name[1:]}Value", used))
    return made


def refuse_unions(schema: Schema, library: str) -> None:
    """Says that a codec carries no unions.

    Raises:
        UnsupportedPayload: the schema has a union of more than NULL and one other type, with its path.
    """

    def visit(kind: Type, path: str) -> None:
        match bare(kind):
            case Union():
                raise UnsupportedPayload(f"the codec for {library} has no union of these types", path)
            case Record(_, fields):
                for field in fields:
                    visit(field.type, join(path, field.name))
            case List(item):
                visit(item, f"{path}[]")
            case Map(_, value):
                visit(value, join(path, "*"))

    visit(schema.root, "")


def root_record(schema: Schema, language: str, unit: str) -> Record:
    """The root.

    Raises:
        UnsupportedPayload: it is no record.
    """
    if not isinstance(schema.root, Record):
        raise UnsupportedPayload(f"{language} has {unit} only, and this payload's root is no record")
    return schema.root


def module_name(schema: Schema) -> str:
    """The schema's name in small letters and digits, the first a letter."""
    made = re.sub(r"[^0-9a-z]", "", schema.name.lower())
    return made if made[:1].isalpha() else f"x{made}"


def camel_case(name: str) -> str:
    """A name in CamelCase letters and digits, the first a capital."""
    made = "".join(part[0].upper() + part[1:] for part in re.findall(r"[A-Za-z0-9]+", name))
    return made if made[:1].isalpha() else f"X{made}"
