"""The text of a `.proto` file (proto3), as its users would write it.

Beyond what `serbench.schema.proto` has a form for, for messages that are timed, this has one for

* a union: a message with a `oneof`, its name made of those of its types;
* what was always null, or in a list that was always empty: `google.protobuf.Value`, which holds anything. It stands in
  for a type that cannot be seen;
* an enum, whose constants have its name before them, as protobuf wants it, and the value beside them. Its number 0 is
  for what is not stated.

Integers over 64 bits and a root that is no record have no form here either.
"""

from __future__ import annotations

import json
from dataclasses import replace

from serbench.errors import UnsupportedPayload
from serbench.schema import proto_names
from serbench.schema.derived import (
    TypeNames,
    bare,
    camel_case,
    comment,
    comments,
    constants,
    may_lack,
    option_names,
    unique,
)
from serbench.schema.language import Language
from serbench.schema.naming import upper_snake, words
from serbench.schema.proto import Content, Lowering, Message, ProtoField, package, present
from serbench.schema.types import Enum, Field, Record, Scalar, Schema, Type, Union, records_of

VALUE = "google.protobuf.Value"
_LONG = 30
"""Characters of a name made of those of several types, above which it says less than that of the field."""
_VALUE_FILE = "google/protobuf/struct.proto"


def to_proto(schema: Schema, namespace: str = "") -> str:
    """The schema as the text of a `.proto` file, in that package or its own.

    Raises:
        UnsupportedPayload: something has no form, with its path, such as `items[].price` or `labels.*`.
    """
    if not isinstance(schema.root, Record):
        raise UnsupportedPayload("protobuf has messages only, and this payload's root is no record")
    lowering = _Printing(schema)
    lowering.record(schema.root, "")
    head = ['syntax = "proto3";\n', f"package {namespace or package(schema)};\n"]
    if lowering.values:
        head.append(f'import "{_VALUE_FILE}";\n')
    messages = map(_message, reversed(lowering.messages.values()))
    return "\n".join([*head, *messages, *lowering.enums.values()])


class _Printing(Lowering):
    """Messages as they are printed.

    Attributes:
        enums: the text of each, by its name.
        values: whether there is anything whose type cannot be seen.
    """

    def __init__(self, schema: Schema) -> None:
        super().__init__(schema)
        records = records_of(schema)
        self.type_names = TypeNames(schema)
        self.camel = proto_names.in_camel_case(records)
        self.choices: dict[Type, str] = {}
        self.enums: dict[str, str] = {}
        self.constants: set[str] = set()
        self.values = False

    def names(self, record: Record) -> dict[str, tuple[str, str]]:
        told = proto_names.json_names(record, camel=self.camel)
        return {name: (word, told.get(name, "")) for name, word in proto_names.identifiers(record).items()}

    def field(self, field: Field, identifier: str, json_name: str, path: str) -> ProtoField:
        made = super().field(field, identifier, json_name, path)
        note = made.note if field.name else "; ".join(['its key is ""', *([made.note] if made.note else [])])
        absent = may_lack(field) and field.type is not Scalar.NULL
        return replace(made, optional=made.optional or absent, note=note)

    def item(self, kind: Type, path: str) -> tuple[str, bool]:
        match present(kind):
            case Scalar.NULL:
                self.values = True
                return VALUE, False
            case Enum() as enum:
                return self.enum(enum), False
            case Union() as union if len(options := _options(union)) > 1:
                return self.choice(options, path), True
        return super().item(kind, path)

    def choice(self, options: tuple[Type, ...], path: str) -> str:
        """The message that holds one of several types."""
        key = Union(options)
        if key not in self.choices:
            name = self.type_names.words(key)
            if len(name) > _LONG:
                name = f"{_last_name(path)}Value"
            while name in self.records or name in self.messages:
                name += "_"
            self.choices[key] = name
            fields = [
                ProtoField(
                    name=word,
                    identifier=upper_snake(word).lower(),
                    number=number,
                    optional=False,
                    content=Content(label="single", type=of, message=message),
                )
                for number, (word, (of, message)) in enumerate(
                    zip(option_names(options, self.type_names), (self.item(one, path) for one in options), strict=True),
                    start=1,
                )
            ]
            self.messages[name] = Message(name=name, fields=tuple(fields), choice=True)
        return self.choices[key]

    def enum(self, enum: Enum) -> str:
        if enum.name not in self.enums:
            prefix = upper_snake(enum.name)
            lines = [f"  {unique(f'{prefix}_UNSPECIFIED', self.constants)} = 0;"]
            for number, (word, said) in enumerate(constants(enum).items(), start=1):
                made = unique(f"{prefix}_{word.removeprefix('X_')}", self.constants)
                lines.append(f"  {made} = {number};{comment(said, '//')}")
            self.enums[enum.name] = "\n".join([f"enum {enum.name} {{", *lines, "}\n"])
        return enum.name


def _last_name(path: str) -> str:
    """The last key of a path, in CamelCase; of an item or a value, the key before it."""
    found = words(path)
    return camel_case(found[-1]) if found else "Root"


def _options(union: Union) -> tuple[Type, ...]:
    kind = bare(union)
    return kind.options if isinstance(kind, Union) and not isinstance(kind, Enum) else (kind,)


def _message(message: Message) -> str:
    fields = [f"  {line}" for line in map(_line, message.fields)]
    inner = ["  oneof value {", *(f"  {line}" for line in fields), "  }"] if message.choice else fields
    return "\n".join([*comments(message.note, "//"), f"message {message.name} {{", *inner, "}\n"])


def _line(field: ProtoField) -> str:
    content = field.content
    words = {
        "single": f"{'optional ' if field.optional else ''}{content.type}",
        "repeated": f"repeated {content.type}",
        "map": f"map<{content.key}, {content.type}>",
    }[content.label]
    stated = f" [json_name = {json.dumps(field.json_name, ensure_ascii=False)}]" if field.json_name else ""
    return f"{words} {field.identifier} = {field.number}{stated};{comment(field.note, '//')}"


LANGUAGES = (
    Language(
        name="proto",
        title="Protocol Buffers, proto3",
        write=to_proto,
        lacks={Scalar.BIGINT: "integers over 64 bits"},
        refuses=lambda key: "it has a NUL, and JSON names of protobuf have none" if "\0" in key else "",
        records_only=True,
        longest=1_000,
    ),
)
