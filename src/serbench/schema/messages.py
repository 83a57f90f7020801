"""The code between plain values and messages, generated once from a payload's shape, so that no slow walker is timed.

It is for libraries whose messages have the shape of `serbench.schema.proto`: a message takes its fields as keywords and
nested dicts, has them as attributes and tells presence by `HasField`. It is straight-line code like a user's own: what
needs no rewriting on the way in (no wrapper below, no name that protobuf does not take) is handed over as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.schema.code import compiled, comprehension
from serbench.schema.derived import may_lack
from serbench.schema.names import identifiers
from serbench.schema.proto import WRAPPED, present
from serbench.schema.types import Field, List, Map, Record, Schema, Type

if TYPE_CHECKING:
    from collections.abc import Callable


def builder(schema: Schema, message: Callable[..., Any]) -> Callable[[Any], Any]:
    """Compiles `build`: a plain value to a message.

    Args:
        schema: the shape; its root is a record.
        message: the root's class.
    """
    return compiled(build_source(schema), "build", {"Message": message})


def converter(schema: Schema) -> Callable[[Any], Any]:
    """Compiles `convert`: a message to the plain value, with what is absent left out."""
    return compiled(convert_source(schema), "convert", {})


def build_source(schema: Schema) -> str:
    """The Python source of `build`, with `Message` free."""
    writer = _Build()
    fields = writer.value("value", schema.root, 0)
    return writer.source(f"def build(value):\n    return Message(**{fields})")


def convert_source(schema: Schema) -> str:
    """The Python source of `convert`."""
    writer = _Convert()
    plain = writer.value("message", schema.root, 0)
    return writer.source(f"def convert(message):\n    return {plain}")


class _Writer:
    """Functions written so far, and the name of each record's own."""

    def __init__(self) -> None:
        self.functions: list[str] = []
        self.of_record: dict[str, str] = {}

    def source(self, last: str) -> str:
        return "\n\n\n".join([*self.functions, last]) + "\n"


class _Build(_Writer):
    """Writes one function for each record that cannot be handed over as it is."""

    def value(self, name: str, kind: Type, depth: int) -> str:
        """An expression for what a message takes where the plain value is `name`: `name` itself wherever possible."""
        inner = f"v{depth}"
        match present(kind):
            case Record() as record:
                function = self.record(record)
                return f"{function}({name})" if function else name
            case List(item):
                made = self.item(inner, item, depth + 1)
                return name if made == inner else comprehension(f"[{made} for {inner} in", name, "]", depth)
            case Map(_, item):
                made = self.item(inner, item, depth + 1)
                begin = f"{{k: {made} for k, {inner} in"
                return name if made == inner else comprehension(begin, f"{name}.items()", "}", depth)
        return name

    def item(self, name: str, kind: Type, depth: int) -> str:
        made = self.value(name, kind, depth)
        return f"{{{WRAPPED!r}: {made}}}" if isinstance(present(kind), List | Map) else made

    def record(self, record: Record) -> str:
        """The name of the function that rewrites this record; empty where nothing is to be rewritten."""
        if record.name not in self.of_record:
            names = identifiers(record)
            made = {field.name: self.value("v", field.type, 0) for field in record.fields}
            rewrites = any(made[field.name] != "v" or names[field.name] != field.name for field in record.fields)
            self.of_record[record.name] = self.function(record, names) if rewrites else ""
        return self.of_record[record.name]

    def function(self, record: Record, names: dict[str, str]) -> str:
        name = f"fields{len(self.functions)}"
        entries = [f"        {names[field.name]!r}: {self.field(field)}," for field in record.fields]
        self.functions.append("\n".join([f"def {name}(value):", "    return {", *entries, "    }"]))
        return name

    def field(self, field: Field) -> str:
        """What stands for a field. None stands for absent: messages take it so."""
        if not may_lack(field):
            return self.value(f"value[{field.name!r}]", field.type, 0)
        reach = f"value.get({field.name!r})"
        made = self.value("v", field.type, 0)
        return reach if made == "v" else f"None if (v := {reach}) is None else {made}"


class _Convert(_Writer):
    """Writes one function for each record."""

    def value(self, name: str, kind: Type, depth: int) -> str:
        """An expression for the plain value of a message's field `name`."""
        inner = f"v{depth}"
        match present(kind):
            case Record() as record:
                return f"{self.record(record)}({name})"
            case List(item):
                made = self.item(inner, item, depth + 1)
                return f"{name}[:]" if made == inner else comprehension(f"[{made} for {inner} in", name, "]", depth)
            case Map(_, item):
                made = self.item(inner, item, depth + 1)
                begin = f"{{k: {made} for k, {inner} in"
                return f"dict({name})" if made == inner else comprehension(begin, f"{name}.items()", "}", depth)
        return name

    def item(self, name: str, kind: Type, depth: int) -> str:
        return self.value(f"{name}.{WRAPPED}" if isinstance(present(kind), List | Map) else name, kind, depth)

    def record(self, record: Record) -> str:
        if record.name not in self.of_record:
            names = identifiers(record)
            always = [field for field in record.fields if not may_lack(field)]
            sometimes = [field for field in record.fields if may_lack(field)]
            entries = [f"        {f.name!r}: {self.value(f'm.{names[f.name]}', f.type, 0)}," for f in always]
            rest = [line for f in sometimes for line in self.optional(f, names[f.name])]
            self.of_record[record.name] = name = f"plain{len(self.functions)}"
            head = [f"def {name}(m):", "    value = {", *entries, "    }"]
            self.functions.append("\n".join([*head, *rest, "    return value"]))
        return self.of_record[record.name]

    def optional(self, field: Field, identifier: str) -> list[str]:
        """Lines for a field that may be absent. Of a list and a map, absent and empty are the same in a message."""
        if isinstance(present(field.type), List | Map):
            return [f"    if v := m.{identifier}:", f"        value[{field.name!r}] = {self.value('v', field.type, 0)}"]
        plain = self.value(f"m.{identifier}", field.type, 0)
        return [f"    if m.HasField({identifier!r}):", f"        value[{field.name!r}] = {plain}"]
