"""The code between plain values and Cap'n Proto messages, generated once from a payload's shape.

It is straight-line code like a user's own, for objects as pycapnp has them: fields are attributes, builders have
`init`, what may be absent is asked for by `_has`, and a map is a list of entries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.schema.capnp import by_value, field_names
from serbench.schema.code import DEEPEST, block, compiled, comprehension
from serbench.schema.derived import bare, may_lack
from serbench.schema.types import Field, List, Map, Record, Scalar, Type

if TYPE_CHECKING:
    from collections.abc import Callable


def builder(root: Record, new: Callable[[], Any]) -> Callable[[Any], Any]:
    """Compiles `build`: a plain value to a message.

    Args:
        root: the shape.
        new: makes an empty message.
    """
    writer = _Build()
    last = f"def build(value):\n    m = new()\n    {writer.record(root)}(m, value)\n    return m"
    return _compiled("build", writer, last, {"new": new})


def converter(root: Record) -> Callable[[Any], Any]:
    """Compiles `convert`: a message to the plain value, with what is absent left out."""
    writer = _Convert()
    return _compiled("convert", writer, f"convert = {writer.record(root)}", {})


def reader(root: Record) -> Callable[[Any], None]:
    """Compiles `read`: takes a message, reads every leaf once and returns None."""
    writer = _Read()
    return _compiled("read", writer, f"read = {writer.part(root)}", {})


def _compiled(name: str, writer: _Writer, last: str, namespace: dict[str, Any]) -> Callable[[Any], Any]:
    code = "\n\n\n".join([*writer.functions, last]) + "\n"
    return compiled(code, name, namespace)


class _Writer:
    """Functions written so far, and the name of each type's own."""

    def __init__(self) -> None:
        self.functions: list[str] = []
        self.of: dict[Type, str] = {}

    def add(self, kind: Type, head: str, lines: list[str]) -> str:
        """A function of the type; its name goes into the head."""
        self.of[kind] = name = f"part{len(self.of)}"
        self.functions.append("\n".join([f"def {name}{head}:", *block(lines)]))
        return name


class _Build(_Writer):
    """Writes one function for each record, which fills its builder."""

    def record(self, record: Record) -> str:
        if record in self.of:
            return self.of[record]
        words = field_names(record)
        return self.add(record, "(m, value)", [line for f in record.fields for line in self.field(f, words[f.name])])

    def field(self, field: Field, word: str) -> list[str]:
        value = "v" if may_lack(field) else f"value[{field.name!r}]"
        kind = bare(field.type)
        if isinstance(kind, Record):
            lines = [f"{self.record(kind)}(m.init({word!r}), {value})"]
        else:
            to = f"m.{word}.value" if by_value(field) else f"m.{word}"
            lines = self.put(to, f"m.init({word!r}, {{}})", value, kind, 0)
        return [f"if (v := value.get({field.name!r})) is not None:", *block(lines)] if may_lack(field) else lines

    def put(self, to: str, init: str, value: str, kind: Type, depth: int) -> list[str]:
        """Lines that put what is made of a value in its place.

        Args:
            to: the place, to be assigned to.
            init: begins a list there, of a number of items that is to be filled in.
            value: an expression for the plain value.
            kind: its bare type, which is no record.
            depth: how many loops it is in.
        """
        if self.as_it_is(kind):
            return [f"{to} = {value}"]
        begun = init.format(f"len({value})")
        if depth >= DEEPEST:
            name = self.of.get(kind) or self.add(kind, "(l0, value)", self.fill(kind, "value", 0))
            return [f"{name}({begun}, {value})"]
        return [f"l{depth} = {begun}", *self.fill(kind, value, depth)]

    def fill(self, kind: Type, value: str, depth: int) -> list[str]:
        """Lines that fill the list that was begun at a depth."""
        place, item = f"l{depth}[i{depth}]", f"v{depth}"
        if isinstance(kind, Map):
            entry = f"e{depth}"
            if isinstance(kind.value, Record):
                lines = [f"{self.record(kind.value)}({entry}.init('value'), {item})"]
            else:
                lines = self.put(f"{entry}.value", f"{entry}.init('value', {{}})", item, kind.value, depth + 1)
            loop = f"for i{depth}, (k{depth}, {item}) in enumerate({value}.items()):"
            return [loop, *block([f"{entry} = {place}", f"{entry}.key = k{depth}", *lines])]
        assert isinstance(kind, List)
        loop = f"for i{depth}, {item} in enumerate({value}):"
        if isinstance(kind.item, Record):
            return [loop, *block([f"{self.record(kind.item)}({place}, {item})"])]
        return [loop, *block(self.put(place, f"l{depth}.init(i{depth}, {{}})", item, kind.item, depth + 1))]

    def as_it_is(self, kind: Type) -> bool:
        """Whether the library takes a plain value of that type."""
        return isinstance(kind, Scalar) or (isinstance(kind, List) and self.as_it_is(kind.item))


class _Convert(_Writer):
    """Writes one function for each record, which returns its plain value."""

    def record(self, record: Record) -> str:
        if record in self.of:
            return self.of[record]
        words = field_names(record)
        always = [f for f in record.fields if not may_lack(f)]
        entries = [f"    {f.name!r}: {self.value(f'm.{words[f.name]}', bare(f.type))}," for f in always]
        rest = [line for f in record.fields if may_lack(f) for line in self.optional(f, words[f.name])]
        return self.add(record, "(m)", ["value = {", *entries, "}", *rest, "return value"])

    def optional(self, field: Field, word: str) -> list[str]:
        made = self.value("g.value" if by_value(field) else f"m.{word}", bare(field.type))
        asked = f"(g := m.{word})._has('value')" if by_value(field) else f"m._has({word!r})"
        return [f"if {asked}:", f"    value[{field.name!r}] = {made}"]

    def value(self, name: str, kind: Type, depth: int = 0) -> str:
        """An expression for the plain value of a bare type."""
        inner = f"v{depth}"
        match kind:
            case Record():
                return f"{self.record(kind)}({name})"
            case List(item):
                made = self.value(inner, item, depth + 1)
                return f"list({name})" if made == inner else comprehension(f"[{made} for {inner} in", name, "]", depth)
            case Map(_, item):
                made = self.value(f"{inner}.value", item, depth + 1)
                return comprehension(f"{{{inner}.key: {made} for {inner} in", name, "}", depth)
        return name


class _Read(_Writer):
    """Writes one function for each record, and for what is nested too deep."""

    def part(self, kind: Type) -> str:
        return self.of.get(kind) or self.add(kind, "(v0)", self.visit("v0", kind, 0))

    def visit(self, name: str, kind: Type, depth: int) -> list[str]:
        """Lines that read every leaf below a value of a bare type; none for a leaf."""
        inner = f"v{depth + 1}"
        match kind:
            case Record():
                words = field_names(kind)
                return [line for field in kind.fields for line in self.field(name, field, words[field.name])]
            case List(item):
                return [f"for {inner} in {name}:", *block(self.below(inner, item, depth + 1))]
            case Map(_, value):
                lines = self.below(f"{inner}.value", value, depth + 1) or [f"{inner}.value"]
                return [f"for {inner} in {name}:", *block([f"{inner}.key", *lines])]
        return []

    def below(self, name: str, kind: Type, depth: int) -> list[str]:
        if isinstance(kind, Record) or (depth >= DEEPEST and not isinstance(kind, Scalar)):
            return [f"{self.part(kind)}({name})"]
        return self.visit(name, kind, depth)

    def field(self, name: str, field: Field, word: str) -> list[str]:
        if by_value(field):
            return [f"g = {name}.{word}", "if g._has('value'):", "    g.value"]
        reach = f"{name}.{word}"
        lines = self.below(reach, bare(field.type), 0) or [reach]
        return [f"if {name}._has({word!r}):", *block(lines)] if may_lack(field) else lines
