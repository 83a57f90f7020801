"""Python source of a schema's records, as structs of msgspec.

A field that may be absent is None, or UNSET where None is a value that it may have. A field whose name is no
identifier, or is that of a type, has another name and its own in `msgspec.field`, which takes no quotes, backslashes
and control characters. Integers have their bounds, but for those of 64 bits and more, which msgspec has none for.
msgspec tells the types of a union apart by what they are in JSON and MessagePack, so there it is at most one record or
map, one list and one text. What it cannot have raises UnsupportedPayload.
"""

from __future__ import annotations

import json

from serbench.errors import UnsupportedPayload
from serbench.schema.derived import TypeNames, camel_case, comment, comments, spelled
from serbench.schema.language import Language
from serbench.schema.names import identifiers
from serbench.schema.payload import join
from serbench.schema.types import Enum, Field, List, Map, Record, Scalar, Schema, Type, Union

_SCALARS: dict[Scalar, str] = {
    Scalar.NULL: "None",
    Scalar.BOOL: "bool",
    Scalar.INT32: "Int32",
    Scalar.INT64: "int",
    Scalar.UINT32: "UInt32",
    Scalar.UINT64: "UInt64",
    Scalar.BIGINT: "int",
    Scalar.FLOAT32: "float",
    Scalar.FLOAT64: "float",
    Scalar.STRING: "str",
    Scalar.BYTES: "bytes",
}
_BOUNDS = {
    "Int32": "ge=-(2**31), le=2**31 - 1",
    "UInt32": "ge=0, le=2**32 - 1",
    "UInt64": "ge=0",
}
_TAKEN = frozenset({*_SCALARS.values(), "Annotated", "Literal", "True", "False", "dict", "list", "msgspec"})
_UNNAMEABLE = {'"', "\\", *map(chr, range(32))}
_FORMS: dict[type | Scalar, str] = {
    **dict.fromkeys((Record, Map), "records and maps"),
    List: "lists",
    **dict.fromkeys((Scalar.STRING, Scalar.BYTES), "text and bytes"),
}


def to_structs(schema: Schema) -> str:
    """The schema as the source of a Python module, one class for each record; the last one is the root's.

    A root that is no record is a type with the name of the schema.

    Raises:
        UnsupportedPayload: msgspec has no form for something in the schema, with its path.
    """
    writer = _Writer(schema)
    root = writer.type(schema.root, "")
    blocks = list(writer.blocks)
    if not isinstance(schema.root, Record):
        kind, root = root, writer.names.made(schema.root, camel_case(schema.name))[0]
        blocks.append(f"{root} = {kind}\n")
    typed = [*(["Annotated"] if writer.bounded else []), *(["Literal"] if writer.enums else [])]
    typing = [f"from typing import {', '.join(typed)}\n"] if typed else []
    bounds = [f"{name} = Annotated[int, msgspec.Meta({_BOUNDS[name]})]" for name in sorted(writer.bounded)]
    head = [f'"""Messages as structs of msgspec; the root is {root}."""\n', *typing, "import msgspec\n"]
    enums = [f"{name} = Literal[{', '.join(map(repr, values))}]" for name, values in writer.enums.items()]
    aliases = ["\n".join([*bounds, *enums, ""])] if bounds or enums else []
    return "\n".join([*head, *aliases, *(f"\n{block}" for block in blocks)])


class _Writer:
    """Classes so far, each after those that it uses, and the names of bounded integers in use."""

    def __init__(self, schema: Schema) -> None:
        self.names = TypeNames(schema, _TAKEN)
        self.blocks: list[str] = []
        self.done: set[str] = set()
        self.bounded: set[str] = set()
        self.enums: dict[str, tuple[str, ...]] = {}

    def record(self, record: Record, path: str) -> str:
        name = self.names.of(record)
        if name not in self.done:
            self.done.add(name)
            known = identifiers(record)
            if refused := next((key for key in known if not _UNNAMEABLE.isdisjoint(key)), ""):
                raise UnsupportedPayload(f"msgspec takes no field of the name {refused!r}", path)
            kinds = [self.type(field.type, join(path, field.name)) for field in record.fields]
            taken = {*_TAKEN, *self.names.every(), *self.enums}
            words = spelled(known.values(), lambda word: f"f_{word}" if word in taken else word, taken)
            lines = [
                _line(field, words[known[field.name]], kind) for field, kind in zip(record.fields, kinds, strict=True)
            ]
            head = f"class {name}(msgspec.Struct, kw_only=True, omit_defaults=True):"
            above = comments(record.note, "#")
            self.blocks.append("\n".join([*above, head, *(f"    {line}" for line in lines or ["pass"]), ""]))
        return name

    def type(self, kind: Type, path: str) -> str:
        match kind:
            case Record():
                return self.record(kind, path)
            case List(item):
                return f"list[{self.type(item, f'{path}[]')}]"
            case Map(key, value):
                return f"dict[{self.scalar(key)}, {self.type(value, join(path, '*'))}]"
            case Enum():
                name = self.names.made(kind)[0]
                self.enums[name] = kind.values
                return name
            case Union(options):
                return self.union(options, path)
            case Scalar():
                return self.scalar(kind)

    def scalar(self, kind: Scalar) -> str:
        name = _SCALARS[kind]
        if name in _BOUNDS:
            self.bounded.add(name)
        return name

    def union(self, options: tuple[Type, ...], path: str) -> str:
        every = sorted(dict.fromkeys(_flat(options)), key=lambda option: option is Scalar.NULL)
        if not every:
            raise UnsupportedPayload("msgspec has no union of no types", path)
        forms = [form for option in every if (form := _form(option))]
        if double := next((form for form in forms if forms.count(form) > 1), ""):
            raise UnsupportedPayload(f"msgspec cannot tell {double} of a union apart", path)
        integers = [option for option in every if isinstance(option, Scalar) and "int" in option]
        kinds = ["int" if len(integers) > 1 and option in integers else self.type(option, path) for option in every]
        return " | ".join(dict.fromkeys(kinds))


def _flat(options: tuple[Type, ...]) -> list[Type]:
    return [
        inner
        for option in options
        for inner in (_flat(option.options) if isinstance(option, Union) and not isinstance(option, Enum) else [option])
    ]


def _form(option: Type) -> str:
    return _FORMS.get(option if isinstance(option, Scalar) else type(option), "")


def _line(field: Field, word: str, kind: str) -> str:
    stated = f"name={json.dumps(field.name, ensure_ascii=False)}" if word != field.name else ""
    note = comment(field.note, "#")
    if not field.optional:
        return f"{word}: {kind}{f' = msgspec.field({stated})' if stated else ''}{note}"
    nullable = field.type is Scalar.NULL or (isinstance(field.type, Union) and Scalar.NULL in _flat(field.type.options))
    kind, default = (f"{kind} | msgspec.UnsetType", "msgspec.UNSET") if nullable else (f"{kind} | None", "None")
    return f"{word}: {kind} = {f'msgspec.field(default={default}, {stated})' if stated else default}{note}"


LANGUAGES = (
    Language(
        name="msgspec",
        title="Python, structs of msgspec",
        write=lambda schema, _: to_structs(schema),
        refuses=lambda key: "" if _UNNAMEABLE.isdisjoint(key) else "msgspec takes no quotes, backslashes and controls",
        packages=False,
    ),
)
