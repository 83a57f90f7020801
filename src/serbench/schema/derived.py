"""What languages of schemas have in common that lack a form of ours: names of types that are made up, and null.

A nullable value is of its other type, and optional where it is a field; an actual null then has no form, and a codec
refuses it by its kind. What is left of a type without NULL is called *bare* here.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from serbench.errors import UnsupportedPayload
from serbench.schema.types import Enum, Field, List, Map, Record, Scalar, Schema, Type, Union, records_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_SPOKEN: dict[Scalar | type, str] = {
    **dict.fromkeys(Scalar, "integers"),
    **dict.fromkeys((Scalar.FLOAT32, Scalar.FLOAT64), "floats"),
    **dict.fromkeys((Record, Map), "objects"),
    Scalar.NULL: "null",
    Scalar.BOOL: "booleans",
    Scalar.STRING: "strings",
    Scalar.BYTES: "bytes",
    List: "lists",
}

_LONGEST = 150
"""Characters of a name that is made of others; compilers make files of such names."""


def bare(kind: Type) -> Type:
    """The type without NULL, in items and values too; a union of one type is that type. Records stay as they are."""
    match kind:
        case List(item):
            return List(bare(item))
        case Map(key, value):
            return Map(key, bare(value))
        case Enum():
            return kind
        case Union():
            options = tuple(dict.fromkeys(_options(kind)))
            return options[0] if len(options) == 1 else Union(options) if options else Scalar.NULL
    return kind


def _options(kind: Type) -> Iterable[Type]:
    if isinstance(kind, Union) and not isinstance(kind, Enum):
        for option in kind.options:
            yield from _options(option)
    elif kind is not Scalar.NULL:
        yield bare(kind)


def may_lack(field: Field) -> bool:
    """Whether a field is optional in a language without null: its key may be absent, or its value null."""
    return field.optional or nullable(field.type)


def nullable(kind: Type) -> bool:
    """Whether null is among what stands in a place."""
    return kind is Scalar.NULL or (isinstance(kind, Union) and any(map(nullable, kind.options)))


def has_optional(schema: Schema) -> bool:
    """Whether an instance may lack a key."""
    return any(field.optional for record in records_of(schema) for field in record.fields)


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
            self._made[key] = unique(pattern.format(self.words(kind)[:_LONGEST]), self._used)
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
            case Enum():
                return camel_case(kind.name)
            case Union(options):
                return "Or".join(map(self.words, options))
        return kind.capitalize()


def comment(note: str, mark: str) -> str:
    """A note at the end of a line; nothing where there is none."""
    return f"  {mark} {note}" if note else ""


def comments(note: str, mark: str) -> list[str]:
    """A note as a line of its own; nothing where there is none."""
    return [f"{mark} {note}"] if note else []


def constants(enum: Enum) -> dict[str, str]:
    """For every value of an enum a constant, `NOT_FOUND`, unique in the enum, and the value as a comment tells it."""
    names = spelled(enum.values, _constant)
    return {names[value]: json.dumps(value, ensure_ascii=False) for value in enum.values}


def _constant(value: str) -> str:
    made = re.sub(r"[^0-9A-Za-z]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", value).strip("_").upper()
    return made if made[:1].isalpha() else f"X_{made}"


def option_names(options: Iterable[Type], names: TypeNames) -> list[str]:
    """A name for each of several types that a value may have: `int64Value`, `listValue`, `mapValue`, `moneyValue`."""
    used: set[str] = set()
    made = []
    for option in options:
        name = {List: "list", Map: "map"}.get(type(option)) or names.words(option)
        made.append(unique(f"{name[0].lower()}{name[1:]}Value", used))
    return made


def spoken(options: Iterable[Type]) -> str:
    """Several types as people call values of them: `integers, strings and lists`."""
    words = list(dict.fromkeys(_SPOKEN[kind if isinstance(kind, Scalar) else type(kind)] for kind in options))
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


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
