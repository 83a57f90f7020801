"""The `.thrift` text of a schema.

Thrift has lists, maps, unions and optional fields. What it has not:

* unsigned integers: they are an `i64`, and those of 64 bits must be under 2**63, as a comment at the field says. A
  FLOAT32 is a `double`;
* null: a nullable value is of its other type, `optional` where it is a field;
* what is always null, integers over 64 bits, field numbers over 32,767 and a root that is no record: they raise
  UnsupportedPayload.

A field whose name Thrift does not take has another one, and its own in the annotation `name`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.errors import UnsupportedPayload
from serbench.schema.derived import (
    TypeNames,
    bare,
    comment,
    comments,
    constants,
    may_lack,
    module_name,
    option_names,
    root_record,
    spelled,
)
from serbench.schema.language import Language
from serbench.schema.names import identifiers
from serbench.schema.payload import join
from serbench.schema.types import Enum, Field, List, Map, Record, Scalar, Schema, Type, Union

if TYPE_CHECKING:
    from collections.abc import Sequence

SCALARS: dict[Scalar, str] = {
    Scalar.BOOL: "bool",
    Scalar.INT32: "i32",
    Scalar.INT64: "i64",
    Scalar.UINT32: "i64",
    Scalar.UINT64: "i64",
    Scalar.FLOAT32: "double",
    Scalar.FLOAT64: "double",
    Scalar.STRING: "string",
    Scalar.BYTES: "binary",
}
"""Thrift's name of each scalar that it has."""
MOST_NUMBER = 32_767
"""Field numbers are integers of 16 bits."""

_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"})
_WORDS = """
BEGIN END __CLASS__ __DIR__ __FILE__ __FUNCTION__ __LINE__ __METHOD__ __NAMESPACE__ abstract alias and args as assert
async begin binary bool break byte case catch class clone const continue cpp_include cpp_type declare def default del
delete do double dynamic elif else elseif elsif end enddeclare endfor endforeach endif endswitch endwhile ensure enum
except exception exec extends false finally float for foreach from function global goto i16 i32 i64 i8 if implements
import in include inline instanceof interface is lambda list map module namespace native new next nil not oneway
optional or pass print private protected public raise redo register required rescue retry return self service set
sizeof static string struct super switch synchronized then this throw throws transient true try typedef undef union
unless unsigned until use uuid var virtual void volatile when while with xor yield Exception False None True
"""  # what the compilers keep for themselves; the last ones for types
_RESERVED = frozenset(_WORDS.split())


def to_thrift(schema: Schema, namespace: str = "") -> str:
    """The schema as the text of a `.thrift` file, in that namespace or its own.

    Raises:
        UnsupportedPayload: something has no form in Thrift, with its path, such as `items[].price` or `labels.*`.
    """
    root = root_record(schema, "thrift", "structs")
    writer = _Writer(schema)
    name = writer.record(root, "")
    space = _namespace(namespace or f"serbench.{module_name(schema)}")
    head = f"// The message is {name}, the last struct.\n\nnamespace * {space}\n"
    return "\n".join([head, *writer.blocks])


def _namespace(name: str) -> str:
    return ".".join(f"{part}_" if part in _RESERVED else part for part in name.split("."))


class _Writer:
    """Blocks of text so far, each after those that it uses."""

    def __init__(self, schema: Schema) -> None:
        self.names = TypeNames(schema, _RESERVED)
        self.blocks: list[str] = []
        self.done: set[str] = set()

    def record(self, record: Record, path: str) -> str:
        name = self.names.of(record)
        if name not in self.done:
            self.done.add(name)
            known = identifiers(record)
            words = spelled(known.values(), lambda word: f"f_{word}" if word in _RESERVED else word)
            lines = [self.field(field, words[known[field.name]], path) for field in record.fields]
            self.block("struct", name, lines, comments(record.note, "//"))
        return name

    def field(self, field: Field, word: str, path: str) -> str:
        path = join(path, field.name)
        if field.number > MOST_NUMBER:
            raise UnsupportedPayload(f"thrift has no field number {field.number}", path)
        need = "optional" if may_lack(field) else "required"
        stated = f" (name = {_literal(field.name)})" if word != field.name else ""
        notes = [*(["unsigned, under 2**63"] if _unsigned(field.type) else []), *([field.note] if field.note else [])]
        note = comment("; ".join(notes), "//")
        return f"{field.number}: {need} {self.type(field.type, path)} {word}{stated};{note}"

    def type(self, kind: Type, path: str) -> str:
        match bare(kind):
            case Record() as record:
                return self.record(record, path)
            case List(item):
                return f"list<{self.type(item, f'{path}[]')}>"
            case Map(key, value):
                return f"map<{self.type(key, path)}, {self.type(value, join(path, '*'))}>"
            case Enum() as enum:
                return self.enum(enum)
            case Union() as union:
                return self.union(union, path)
            case scalar if scalar in SCALARS:
                return SCALARS[scalar]
            case scalar:
                raise UnsupportedPayload(f"thrift has no {scalar}", path)

    def union(self, union: Union, path: str) -> str:
        name, first = self.names.made(union)
        if first:
            words = option_names(union.options, self.names)
            pairs = enumerate(zip(words, union.options, strict=True), start=1)
            self.block("union", name, [f"{n}: {self.type(option, path)} {word};" for n, (word, option) in pairs])
        return name

    def enum(self, enum: Enum) -> str:
        name, first = self.names.made(enum)
        if first:
            known = constants(enum)
            words = spelled(known, lambda word: f"{word}_" if word in _RESERVED else word)
            pairs = enumerate(known.items(), start=1)
            self.block("enum", name, [f"{words[word]} = {n},{comment(said, '//')}" for n, (word, said) in pairs])
        return name

    def block(self, what: str, name: str, lines: list[str], above: Sequence[str] = ()) -> None:
        self.blocks.append("\n".join([*above, f"{what} {name} {{", *(f"  {line}" for line in lines), "}\n"]))


def _unsigned(kind: Type) -> bool:
    match bare(kind):
        case List(item):
            return _unsigned(item)
        case Map(key, value):
            return key is Scalar.UINT64 or _unsigned(value)
        case Union(options):
            return any(map(_unsigned, options))
        case other:
            return other is Scalar.UINT64


def _literal(name: str) -> str:
    """A literal that every Thrift compiler takes: they know few escapes, and want the other characters as they are."""
    return f'"{name.translate(_ESCAPES)}"'


LANGUAGES = (
    Language(
        name="thrift",
        title="Apache Thrift",
        write=to_thrift,
        signed=True,
        lacks={Scalar.BIGINT: "integers over 64 bits"},
        records_only=True,
        longest=1_000,
        nulls=False,
    ),
)
