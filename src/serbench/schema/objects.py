"""The code between plain values and objects with attributes, generated once from a payload's shape.

It is for libraries whose objects have one class for each record, take its fields as keywords by their identifiers, have
them as attributes, and have None for what is absent. It is straight-line code like a user's own: what needs no
rewriting on its way is handed over as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.schema.code import compiled, comprehension
from serbench.schema.derived import may_lack, nullable
from serbench.schema.names import identifiers
from serbench.schema.proto import present
from serbench.schema.types import Field, List, Map, Record, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a library's objects hold what they hold.

    Attributes:
        lists: an object's list as a plain one, such as `list({})`; `{}` where it is one.
        maps: the same of a map.
    """

    lists: str = "{}"
    maps: str = "{}"


PLAIN = Form()
"""Lists are lists and maps are dicts."""


def builder(root: Record, classes: Mapping[str, Any]) -> Callable[[Any], Any]:
    """Compiles `build`: a plain value to objects.

    Args:
        root: the shape.
        classes: the class of each record, by its name.
    """
    writer = _Writer(PLAIN)
    last = writer.building(root)
    return _compiled(writer, last, {writer.classes[name]: made for name, made in classes.items()})


def converter(root: Record, form: Form = PLAIN) -> Callable[[Any], Any]:
    """Compiles `convert`: objects to the plain value, with what is absent left out."""
    writer = _Writer(form)
    return _compiled(writer, writer.converting(root), {})


def _compiled(writer: _Writer, last: str, namespace: dict[str, Any]) -> Callable[[Any], Any]:
    code = "\n\n\n".join(writer.functions) + "\n"
    return compiled(code, last, namespace)


class _Writer:
    """Functions written so far, one for each record."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.functions: list[str] = []
        self.of_record: dict[str, str] = {}
        self.classes: dict[str, str] = {}

    def building(self, record: Record) -> str:
        """The name of the function that makes a record's object of a plain value."""
        if record.name not in self.of_record:
            self.of_record[record.name] = name = f"build{len(self.of_record)}"
            self.classes[record.name] = f"Class{len(self.classes)}"
            names = identifiers(record)
            lines = [f"        {names[field.name]}={self.argument(field)}," for field in record.fields]
            call = [f"    return {self.classes[record.name]}(", *lines, "    )"]
            self.functions.append("\n".join([f"def {name}(value):", *call]))
        return self.of_record[record.name]

    def argument(self, field: Field) -> str:
        """What stands for a field; None where it is absent."""
        made = self.value("v", field.type, self.building)
        if not may_lack(field):
            return self.value(f"value[{field.name!r}]", field.type, self.building)
        reach = f"value.get({field.name!r})"
        return reach if made == "v" else f"None if (v := {reach}) is None else {made}"

    def converting(self, record: Record) -> str:
        """The name of the function that makes a plain value of a record's object."""
        if record.name not in self.of_record:
            self.of_record[record.name] = name = f"plain{len(self.of_record)}"
            names = identifiers(record)
            always = [
                f"        {f.name!r}: {self.value(f'item.{names[f.name]}', f.type, self.converting)},"
                for f in record.fields
                if not may_lack(f)
            ]
            rest = [
                line
                for f in record.fields
                if may_lack(f)
                for line in (
                    f"    if (v := item.{names[f.name]}) is not None:",
                    f"        value[{f.name!r}] = {self.value('v', f.type, self.converting)}",
                )
            ]
            head = [f"def {name}(item):", "    value = {", *always, "    }"]
            self.functions.append("\n".join([*head, *rest, "    return value"]))
        return self.of_record[record.name]

    def value(self, name: str, kind: Type, of: Callable[[Record], str], depth: int = 0) -> str:
        """An expression for what becomes of `name`: `name` itself wherever possible."""
        inner = f"v{depth}"
        match present(kind):
            case Record() as record:
                return f"{of(record)}({name})"
            case List(item):
                made = self.item(inner, item, of, depth + 1)
                if made == inner:
                    return self.form.lists.format(name)
                return comprehension(f"[{made} for {inner} in", name, "]", depth)
            case Map(_, item):
                made = self.item(inner, item, of, depth + 1)
                if made == inner:
                    return self.form.maps.format(name)
                return comprehension(f"{{k{depth}: {made} for k{depth}, {inner} in", f"{name}.items()", "}", depth)
        return name

    def item(self, name: str, kind: Type, of: Callable[[Record], str], depth: int) -> str:
        """The same of an item of a list or a value of a map, which may be null."""
        made = self.value(name, kind, of, depth)
        return f"None if {name} is None else {made}" if made != name and nullable(kind) else made
