"""The languages of schemas that there are, and what each of them cannot express.

Where a language has no form for a whole message that is no record, the message is the only field of a record. Where it
has none for null, an empty record stands in for what was always null, or in a list that was always empty: its type
cannot be seen.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.errors import UnknownName, UnsupportedPayload
from serbench.schema.derived import unique
from serbench.schema.payload import join
from serbench.schema.types import Enum, Field, List, Map, Record, Scalar, Schema, Type, Union, records_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.schema.language import Language

UNKNOWN = "Unknown"
VALUES = "values"
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a language cannot express.

    Attributes:
        path: where, such as `items[].price`; empty for the whole.
        what: in words, and what to do.
    """

    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}" if self.path else self.what


@cache
def known() -> dict[str, Language]:
    """Every language by its name, in alphabetical order."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = (importlib.import_module(f"serbench.schema.{name}") for name in names)
    made = [language for module in modules for language in getattr(module, "LANGUAGES", ())]
    return {language.name: language for language in sorted(made, key=lambda language: language.name)}


def get(name: str) -> Language:
    """The language of that name.

    Raises:
        UnknownName: there is none.
    """
    if name not in known():
        raise UnknownName("schema language", name, known())
    return known()[name]


def written(
    schema: Schema, language: Language, package: str = "", *, stated: bool = False
) -> tuple[str, tuple[Finding, ...]]:
    """The text of a schema, or what the language cannot express of it; one of the two is empty.

    Args:
        schema: the schema.
        language: the language.
        package: or namespace; empty: the language's own choice.
        stated: whether the schema was stated and not inferred: that an integer has 64 bits without a sign does not
            mean then that there are any over 63.
    """
    if language.signed and not stated:
        language = replace(language, lacks={**language.lacks, Scalar.UINT64: "integers over 63 bits"})
    found = tuple(dict.fromkeys(_findings(schema.root, language, "", set())))
    if found:
        return "", found
    try:
        return language.write(fitted(schema, language), package), ()
    except UnsupportedPayload as error:
        return "", (Finding("", f"{error}; rename or leave out what is there"),)


def _findings(kind: Type, language: Language, path: str, seen: set[str]) -> Iterator[Finding]:
    match kind:
        case Record(name, fields) if name not in seen:
            seen.add(name)
            for field in fields:
                yield from _name(field.name, language, path)
                yield from _findings(field.type, language, join(path, field.name), seen)
        case List(item):
            yield from _findings(item, language, f"{path}[]", seen)
        case Map(key, value):
            yield from _findings(key, language, path, seen)
            yield from _findings(value, language, join(path, "*"), seen)
        case Enum():
            pass
        case Union(options):
            for option in options:
                yield from _findings(option, language, path, seen)
        case Scalar() if kind in language.lacks:
            advice = "write them as text, or leave them out"
            yield Finding(path or "(root)", f"{language.name} has no {language.lacks[kind]}; {advice}")


def _name(name: str, language: Language, path: str) -> Iterator[Finding]:
    """What is wrong with a key."""
    shown = ascii(name if len(name) <= _SHOWN else f"{name[:_SHOWN]}...")
    if any("\ud800" <= character <= "\udfff" for character in name):
        yield Finding(path or "(root)", f"the key {shown} is no Unicode text; rename it")
    elif language.longest and len(name) > language.longest:
        most = f"{language.name} takes {language.longest:,} characters"
        yield Finding(path or "(root)", f"the key {shown} is too long, {most}; rename it")
    elif why := language.refuses(name):
        yield Finding(path or "(root)", f"the key {shown} cannot be told: {why}; rename it")


def fitted(schema: Schema, language: Language) -> Schema:
    """The schema with a root and without nulls, where the language needs it so."""
    root = schema.root
    if language.records_only and not isinstance(root, Record):
        root = _wrapped(schema)
    if not language.nulls:
        names = {record.name for record in records_of(Schema(schema.name, root))}
        root = _Known(unique(UNKNOWN, names)).type(root)
    return Schema(schema.name, root)


def _wrapped(schema: Schema) -> Record:
    """A record with the root as its only field."""
    what = {List: "a list", Map: "a map"}.get(type(schema.root), "a bare value")
    used = {record.name for record in records_of(schema)}
    field = Field(name=VALUES, type=schema.root, number=1)
    return Record(unique(schema.name, used), (field,), f"A message is {what}: here it is the field {VALUES}.")


class _Known:
    """Puts an empty record in place of null where nothing else is known."""

    def __init__(self, name: str) -> None:
        self.stand_in = Record(name, (), "Stands in for what was always null or empty: its type cannot be seen.")
        self.made: dict[str, Record] = {}

    def type(self, kind: Type) -> Type:
        match kind:
            case Scalar.NULL:
                return self.stand_in
            case Record(name, fields):
                if name not in self.made:
                    self.made[name] = replace(kind, fields=tuple(map(self.field, fields)))
                return self.made[name]
            case List(item):
                return List(self.type(item))
            case Map(key, value):
                return Map(key, self.type(value))
            case Union(options) if not isinstance(kind, Enum):
                return Union(tuple(option if option is Scalar.NULL else self.type(option) for option in options))
        return kind

    def field(self, field: Field) -> Field:
        return replace(field, type=self.type(field.type), optional=field.optional or field.type is Scalar.NULL)
