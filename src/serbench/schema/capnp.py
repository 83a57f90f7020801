"""The `.capnp` text of a schema, and the names that fields have in it.

What Cap'n Proto has no form for is brought into one here:

* A map is a list of structs with `key` and `value`; lists stand in lists.
* A field that may be absent is a null pointer where it is a pointer (text, data, a list, a struct), and a union of
  `none` and `value` where it is not.
* Several types are a struct that has a union.
* A nullable value is of its other type, and may be absent where it is a field.
* What is always null, integers over 64 bits and a root that is no record raise UnsupportedPayload.

Fields are in the order of their numbers, which are made anew without gaps, as Cap'n Proto wants them: new ones go last.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

from serbench.errors import UnsupportedPayload
from serbench.schema.derived import (
    TypeNames,
    bare,
    comment,
    comments,
    constants,
    may_lack,
    option_names,
    root_record,
    spelled,
)
from serbench.schema.language import Language
from serbench.schema.names import identifiers, lower_camel
from serbench.schema.payload import join
from serbench.schema.types import Enum, Field, List, Map, Record, Scalar, Schema, Type, Union

if TYPE_CHECKING:
    from collections.abc import Iterable

SCALARS: dict[Scalar, str] = {
    Scalar.BOOL: "Bool",
    Scalar.INT32: "Int32",
    Scalar.INT64: "Int64",
    Scalar.UINT32: "UInt32",
    Scalar.UINT64: "UInt64",
    Scalar.FLOAT32: "Float32",
    Scalar.FLOAT64: "Float64",
    Scalar.STRING: "Text",
    Scalar.BYTES: "Data",
}
"""Cap'n Proto's name of each scalar that it has."""

_TYPES = frozenset({*SCALARS.values(), "Void", "List", "Int8", "Int16", "UInt8", "UInt16", "AnyPointer", "AnyList"})
_METHODS = frozenset({"adopt", "copy", "disown", "init", "schema", "which", "write"})  # of pycapnp's objects


def field_names(record: Record) -> dict[str, str]:
    """The name of each field in Cap'n Proto, which takes lowerCamelCase only. It is unique in the record.

    Names that pycapnp's objects have for themselves are given to no field: `schema` becomes `fSchema`. None is the
    identifier of another field.
    """
    known = identifiers(record)
    words = spelled(known.values(), _spelling)
    return {name: words[identifier] for name, identifier in known.items()}


def _spelling(identifier: str) -> str:
    made = lower_camel(identifier)
    made = made[0].lower() + made[1:]
    return f"f{made[0].upper()}{made[1:]}" if made in _METHODS else made


def by_value(field: Field) -> bool:
    """Whether a field that may be absent is a union of `none` and `value`, because it is no pointer."""
    kind = bare(field.type)
    is_value = isinstance(kind, Scalar | Enum) and kind not in (Scalar.STRING, Scalar.BYTES)
    return may_lack(field) and is_value


def to_capnp(schema: Schema) -> str:
    """The schema as the text of a `.capnp` file.

    Raises:
        UnsupportedPayload: something has no form in Cap'n Proto, with its path, such as `items[].price` or `labels.*`.
    """
    root = root_record(schema, "Cap'n Proto", "structs")
    writer = _Writer(schema)
    name = writer.record(root, "")
    stated = f"annotation name @{_id(schema, 'name')} (field, union) :Text;  # what a field is called elsewhere\n"
    head = [f"@{_id(schema, 'file')};  # the message is {name}\n", *([stated] if writer.stated else [])]
    return "\n".join([*head, *reversed(writer.blocks)])


def root_name(schema: Schema) -> str:
    """The name of the root's struct in the text."""
    return TypeNames(schema, _TYPES).of(root_record(schema, "Cap'n Proto", "structs"))


def _id(schema: Schema, what: str) -> str:
    """A number of 64 bits, the first of which is 1: the same for the same names."""
    digest = hashlib.sha256(f"serbench {schema.name} {what}".encode(errors="surrogatepass")).digest()
    return f"0x{int.from_bytes(digest[:8], 'big') | 1 << 63:x}"


class _Writer:
    """Blocks of text so far, each after those that it uses."""

    def __init__(self, schema: Schema) -> None:
        self.names = TypeNames(schema, _TYPES)
        self.blocks: list[str] = []
        self.done: set[str] = set()
        self.stated = False

    def record(self, record: Record, path: str) -> str:
        name = self.names.of(record)
        if name not in self.done:
            self.done.add(name)
            words = field_names(record)
            lines: list[str] = []
            number = 0
            for field in sorted(record.fields, key=lambda field: field.number):
                lines.append(self.field(field, words[field.name], number, join(path, field.name)))
                number += 1 + by_value(field)
            self.block(name, lines, comments(record.note, "#"))
        return name

    def field(self, field: Field, word: str, number: int, path: str) -> str:
        kind = self.type(bare(field.type), path)
        stated = ""
        if word != field.name:
            self.stated = True
            stated = f" $name({_literal(field.name)})"
        if by_value(field):
            note = comment(field.note, "#")
            return f"{word} :union{stated} {{ none @{number} :Void; value @{number + 1} :{kind}; }}{note}"
        absent = ["null where it is absent"] if may_lack(field) else []
        note = comment("; ".join([*absent, *([field.note] if field.note else [])]), "#")
        return f"{word} @{number} :{kind}{stated};{note}"

    def type(self, kind: Type, path: str) -> str:
        """The name of a bare type."""
        match kind:
            case Record():
                return self.record(kind, path)
            case List(item):
                return f"List({self.type(item, f'{path}[]')})"
            case Map(key, value):
                name, first = self.names.made(kind, "{}Entry")
                if first:
                    pairs = [("key", self.type(key, path)), ("value", self.type(value, join(path, "*")))]
                    self.block(name, _numbered(pairs))
                return f"List({name})"
            case Enum():
                return self.enum(kind)
            case Union(options):
                name, first = self.names.made(kind)
                if first:
                    words = option_names(options, self.names)
                    pairs = [(word, self.type(o, path)) for word, o in zip(words, options, strict=True)]
                    self.block(name, ["union {", *(f"  {line}" for line in _numbered(pairs)), "}"])
                return name
            case Scalar() if kind in SCALARS:
                return SCALARS[kind]
        raise UnsupportedPayload(f"Cap'n Proto has no {kind}", path)

    def enum(self, enum: Enum) -> str:
        name, first = self.names.made(enum)
        if first:
            said = constants(enum)
            words = spelled(said, _enumerant)
            lines = [f"{words[one]} @{n};{comment(value, '#')}" for n, (one, value) in enumerate(said.items())]
            self.block(name, lines, what="enum")
        return name

    def block(self, name: str, lines: list[str], above: Iterable[str] = (), *, what: str = "struct") -> None:
        self.blocks.append("\n".join([*above, f"{what} {name} {{", *(f"  {line}" for line in lines), "}\n"]))


def _enumerant(constant: str) -> str:
    return lower_camel(constant.lower())


def _numbered(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{word} @{number} :{kind};" for number, (word, kind) in enumerate(pairs)]


def _literal(name: str) -> str:
    """A text in quotes. Cap'n Proto's escapes are JSON's but for those of control characters."""
    return re.sub(r"\\u00(..)", r"\\x\1", json.dumps(name, ensure_ascii=False))


LANGUAGES = (
    Language(
        name="capnp",
        title="Cap'n Proto",
        write=lambda schema, _: to_capnp(schema),
        lacks={Scalar.BIGINT: "integers over 64 bits"},
        packages=False,
        records_only=True,
        longest=1_000,
        nulls=False,
    ),
)
