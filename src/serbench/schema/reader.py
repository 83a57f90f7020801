"""The code of `read`: generated once from a payload's shape, so that no codec is charged for a slow walker.

`read(data)` decodes and then reads every leaf once, the way users of that access style write it. The same code object
is timed and verified: for verification its `decode` returns a value that records what is touched.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Literal

from serbench.schema.code import DEEPEST, block, compiled
from serbench.schema.names import identifiers
from serbench.schema.proto import WRAPPED, present
from serbench.schema.types import Field, List, Map, Record, Scalar, Schema, Type, Union

if TYPE_CHECKING:
    from collections.abc import Callable

SCALARS = (str, int, float, bytes, type(None))


def reader(
    schema: Schema,
    decode: Callable[[Any], Any],
    *,
    access: Literal["item", "attribute", "message"],
    base64_text: bool = False,
) -> Callable[[Any], None]:
    """Compiles `read` for a payload's shape.

    Args:
        schema: the shape.
        decode: what is called on the bytes first, inside.
        access: how a leaf is reached, see `serbench.codecs.base.Access`.
        base64_text: whether bytes come back as base64 text, which a reader then decodes where it meets it.

    Returns:
        A function of what `decode` takes that returns None.
    """
    return compile_reader(source(schema, access=access, base64_text=base64_text), decode)


def compile_reader(code: str, decode: Callable[[Any], Any]) -> Callable[[Any], None]:
    """The `read` of that source around a `decode`."""
    namespace: dict[str, Any] = {"decode": decode, "b64decode": base64.b64decode, "SCALARS": SCALARS}
    return compiled(code, "read", namespace)


def source(schema: Schema, *, access: Literal["item", "attribute", "message"], base64_text: bool = False) -> str:
    """The Python source of `read`, with `decode`, `b64decode` and `SCALARS` free."""
    writer = _Writer(access, base64_text=base64_text)
    writer.function("read(data)", "v0 = decode(data)", schema.root)
    return "\n\n".join(writer.functions) + "\n"


class _Writer:
    def __init__(self, access: str, *, base64_text: bool) -> None:
        self.access = access
        self.base64_text = base64_text
        self.functions: list[str] = []
        self.parts = 0

    def function(self, head: str, first: str, kind: Type) -> None:
        body = [first, *self.visit("v0", kind, 0)]
        self.functions.append("\n".join([f"def {head}:", *(f"    {line}" for line in body)]))

    def visit(self, name: str, kind: Type, depth: int) -> list[str]:
        """Lines that read every leaf below an expression whose value has that type."""
        kind = present(kind) if self.access == "message" else kind
        if depth >= DEEPEST and not isinstance(kind, Scalar):
            self.parts += 1
            part = f"part{self.parts}"
            self.function(f"{part}(v0)", "pass", kind)
            return [f"{part}({name})"]
        inner = f"v{depth + 1}"
        match kind:
            case Scalar():
                return self.leaf(name, kind)
            case Record():
                names = identifiers(kind)
                return [line for field in kind.fields for line in self.field(name, field, names[field.name], depth)]
            case List():
                return [f"for {inner} in {name}:", *block(self.item(inner, kind.item, depth + 1))]
            case Map():
                return [f"for k{depth}, {inner} in {name}.items():", *block(self.item(inner, kind.value, depth + 1))]
            case Union():
                return self.union(name, kind, depth)

    def item(self, name: str, kind: Type, depth: int) -> list[str]:
        """Lines for an item of a list or a value of a map. A message has those that are lists or maps in a wrapper."""
        wrapped = self.access == "message" and isinstance(present(kind), List | Map)
        return self.visit(f"{name}.{WRAPPED}" if wrapped else name, kind, depth)

    def leaf(self, name: str, kind: Scalar) -> list[str]:
        return [f"b64decode({name})"] if kind is Scalar.BYTES and self.base64_text else []

    def field(self, name: str, field: Field, identifier: str, depth: int) -> list[str]:
        """One field of a record. What may be absent or null is asked for in the way that is safe where it is.

        An attribute that may be both says absent with a value of its own (msgspec's UNSET), which is false.
        """
        by_item = f"{name}.get({field.name!r})" if field.optional else f"{name}[{field.name!r}]"
        reach = by_item if self.access == "item" else f"{name}.{identifier}"
        kind = present(field.type)
        nullable = isinstance(field.type, Union) and Scalar.NULL in field.type.options
        inner = f"v{depth + 1}"
        below = self.visit(inner, kind, depth + 1)
        if not below:
            return [reach]
        if self.access == "message" and isinstance(kind, Record) and (field.optional or nullable):
            return [f"if {name}.HasField({identifier!r}):", *block([f"{inner} = {reach}", *below])]
        if self.access == "message" or not (field.optional or nullable):
            return [f"{inner} = {reach}", *below]
        there = inner if self.access == "attribute" and field.optional and nullable else f"{inner} is not None"
        return [f"{inner} = {reach}", f"if {there}:", *block(below)]

    def union(self, name: str, kind: Union, depth: int) -> list[str]:
        """A nullable value, or one of several: at most one record or map, at most one list, and scalars besides."""
        if (other := present(kind)) is not kind:
            below = self.visit(name, other, depth)
            return [f"if {name} is not None:", *block(below)] if below else []
        lines: list[str] = []
        for option in kind.options:
            below = self.visit(name, option, depth) if not isinstance(option, Scalar) else []
            if below and isinstance(option, List):
                lines += [f"if isinstance({name}, (list, tuple)):", *block(below)]
            elif below:
                lines += [f"if not isinstance({name}, (list, tuple, *SCALARS)):", *block(below)]
        return lines
