"""Python classes for the tables of a schema, as source text in the manner of `flatc --python --gen-object-api`.

Every table has a class that reads it in place, and one whose objects are packed. The bodies are those of flatc's
accessors and its `Pack`, but for these:

* Accessors are properties named after the fields: a vector is an iterator over flatc's accessor by index, a vector of
  entries has the methods of a dict, and a wrapper is what it holds. (flatc has methods: `order.Items(j)`.)
* A text is decoded, which flatc leaves to its user.
* Bytes are read and written whole, as flatc does texts, instead of byte by byte.
* A float is written even where it is the default, 0.0: flatc takes -0.0 for it and would leave that out.
* There is no use of numpy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from serbench.schema.code import comprehension

if TYPE_CHECKING:
    from serbench.schema.flatbuffers import Content, Shape, Slot, Table

_TYPES = {  # the library's name of each scalar, its bytes and its default
    "bool": ("Bool", 1, "False"),
    "int": ("Int32", 4, "0"),
    "long": ("Int64", 8, "0"),
    "uint": ("Uint32", 4, "0"),
    "ulong": ("Uint64", 8, "0"),
    "float": ("Float32", 4, "0.0"),
    "double": ("Float64", 8, "0.0"),
}
_OFFSET = "flatbuffers.number_types.UOffsetTFlags.py_type"
_HEAD = '''\
class _Entries:
    """A map: a vector of entries with some of a dict's methods. It is in no order, so a look-up makes an index."""

    __slots__ = ("_at", "_length", "_index")

    def __init__(self, at, length):
        self._at = at
        self._length = length
        self._index = None

    def items(self):
        for entry in map(self._at, range(self._length)):
            yield entry.key, entry.value

    def __len__(self):
        return self._length

    def __iter__(self):
        return (key for key, _ in self.items())

    def __getitem__(self, key):
        if self._index is None:
            self._index = dict(self.items())
        return self._index[key]
'''
_CLASS = """\
class {name}:
    __slots__ = ("_tab",)

    @classmethod
    def _root(cls, buf, offset=0):
        n = flatbuffers.encode.Get(flatbuffers.packer.uoffset, buf, offset)
        x = {name}()
        x._init(buf, n + offset)
        return x

    def _init(self, buf, pos):
        self._tab = flatbuffers.table.Table(buf, pos)
"""


def to_python(shape: Shape, *, slices: bool = False) -> str:
    """The classes as Python source, with `flatbuffers` free.

    Bytes are handed out as a copy, or as slices of the buffer.

    No name in it is one of the schema's, which could be that of something else: all begin with an underscore. `_0` is
    the class that reads the first table of the shape, from bytes by its `_root`; the objects of `_0T` have `_pack`, and
    `_0B` makes one of a plain dict.
    """
    writer = _Writer(shape, slices=slices)
    return "\n\n".join([_HEAD, *(block for table in shape.tables for block in writer.blocks(table))])


class _Writer:
    def __init__(self, shape: Shape, *, slices: bool) -> None:
        self.slices = slices
        self.tables = {table.name: table for table in shape.tables}
        self.names = {table.name: f"_{n}" for n, table in enumerate(shape.tables)}

    def blocks(self, table: Table) -> list[str]:
        """The class that reads a table, the one that is packed, and the function that makes an object of it."""
        name = self.names[table.name]
        slots = [self.accessor(n, slot) for n, slot in enumerate(table.slots)]
        blocks = ["\n".join([_CLASS.format(name=name), *slots]), self.packed(name, table)]
        return [*blocks, self.build(name, table)] if table.role == "record" else blocks

    def build(self, name: str, table: Table) -> str:
        lines = [f"        {slot.identifier}={self.argument(slot)}," for slot in table.slots]
        return "\n".join([f"def {name}B(value):", f"    return {name}T(", *lines, "    )\n"])

    def argument(self, slot: Slot) -> str:
        """What stands for a slot; None where it is absent."""
        made = self.object("v", slot.content)
        if not slot.optional:
            return self.object(f"value[{slot.name!r}]", slot.content)
        reach = f"value.get({slot.name!r})"
        return reach if made == "v" else f"None if (v := {reach}) is None else {made}"

    def object(self, name: str, content: Content, depth: int = 0) -> str:
        """An expression for what is packed where the plain value is `name`: `name` itself wherever possible."""
        inner = f"v{depth}"
        table = self.tables[content.type] if content.holds == "table" else None
        if content.vector and table and table.role == "entry":
            value = self.object(inner, table.slots[1].content, depth + 1)
            made = f"{self.names[table.name]}T(k{depth}, {value})"
            return comprehension(f"[{made} for k{depth}, {inner} in", f"{name}.items()", "]", depth)
        if content.vector:
            made = self.object(inner, replace(content, vector=False), depth + 1)
            return name if made == inner else comprehension(f"[{made} for {inner} in", name, "]", depth)
        if table and table.role == "wrapper":
            return f"{self.names[table.name]}T({self.object(name, table.slots[0].content, depth)})"
        return f"{self.names[table.name]}B({name})" if table else name

    def accessor(self, n: int, slot: Slot) -> str:
        if slot.content.vector:
            return self.vector(n, slot)
        absent = _TYPES[slot.content.type][2] if slot.content.holds == "scalar" and not slot.optional else "None"
        return _body(f"@property\ndef {slot.identifier}(self):", n, self.value(slot.content), absent)

    def value(self, content: Content) -> list[str]:
        """Lines of an accessor that return what a table has at `o`."""
        match content.holds:
            case "scalar":
                word, _, _ = _TYPES[content.type]
                got = f"self._tab.Get(flatbuffers.number_types.{word}Flags, o + self._tab.Pos)"
                return [f"return {f'bool({got})' if word == 'Bool' else got}"]
            case "string":
                return ["return self._tab.String(o + self._tab.Pos).decode()"]
            case "bytes" if self.slices:
                return ["a = self._tab.Vector(o)", "return self._tab.Bytes[a : a + self._tab.VectorLen(o)]"]
            case "bytes":
                return ["return self._tab.String(o + self._tab.Pos)"]
        return ["x = self._tab.Indirect(o + self._tab.Pos)", *self.table(content)]

    def table(self, content: Content) -> list[str]:
        """Lines that return the table at `x`: what it holds, if it is a wrapper."""
        wrapper = self.tables[content.type].role == "wrapper"
        made = [f"obj = {self.names[content.type]}()", "obj._init(self._tab.Bytes, x)"]
        return [*made, f"return obj{'.values' if wrapper else ''}"]

    def vector(self, n: int, slot: Slot) -> str:
        """The accessor by index, that of the length, and the property over both."""
        content = slot.content
        entries = content.holds == "table" and self.tables[content.type].role == "entry"
        at = _body(f"def _at{n}(self, j):", n, self.item(content), "None")
        length = _body(f"def _length{n}(self):", n, ["return self._tab.VectorLen(o)"], "0")
        over = f"_Entries(self._at{n}, self._length{n}())" if entries else f"map(self._at{n}, range(self._length{n}()))"
        absent = [f"    if {_offset(n)} == 0:", "        return None"] if slot.optional else []
        whole = ["@property", f"def {slot.identifier}(self):", *absent, f"    return {over}", ""]
        return "\n".join([at, length, *_indented(whole, 1)])

    def item(self, content: Content) -> list[str]:
        """Lines of an accessor that return the item `j` of the vector at `o`."""
        if content.holds == "scalar":
            word, size, _ = _TYPES[content.type]
            got = f"self._tab.Get(flatbuffers.number_types.{word}Flags, a + {_OFFSET}(j * {size}))"
            return ["a = self._tab.Vector(o)", f"return {got}"]
        if content.holds == "string":
            return ["a = self._tab.Vector(o)", f"return self._tab.String(a + {_OFFSET}(j * 4)).decode()"]
        start = ["x = self._tab.Vector(o)", f"x += {_OFFSET}(j) * 4", "x = self._tab.Indirect(x)"]
        return [*start, *self.table(content)]

    def packed(self, name: str, table: Table) -> str:
        """The class whose objects are packed."""
        words = [slot.identifier for slot in table.slots]
        arguments = ", ".join(f"{slot.identifier}=None" for slot in table.slots)
        sets = [f"        self.{word} = {word}" for word in words] or ["        pass"]
        init = [f"    def __init__(self{', ' if words else ''}{arguments}):", *sets, ""]
        by_offset = [(n, slot) for n, slot in enumerate(table.slots) if _by_offset(slot)]
        made = [line for n, slot in by_offset for line in self.pack(n, slot)]
        adds = [line for n, slot in enumerate(table.slots) for line in _add(n, slot)]
        pack = ["    def _pack(self, builder):", *made, f"        builder.StartObject({len(words)})", *adds]
        return "\n".join([f"class {name}T:", *init, *pack, "        return builder.EndObject()\n"])

    def pack(self, n: int, slot: Slot) -> list[str]:
        """Lines that write what a slot refers to, before its table is begun."""
        lines = [f"v = self.{slot.identifier}", *self.written(slot.content, f"o{n}")]
        if not slot.optional:
            return _indented(lines, 2)
        return _indented([lines[0], "if v is not None:", *_indented(lines[1:], 1)], 2)

    def written(self, content: Content, to: str) -> list[str]:
        """Lines that write `v`, and leave its offset under a name."""
        if not content.vector:
            call = {"string": "builder.CreateString(v)", "bytes": "builder.CreateByteVector(v)"}
            return [f"{to} = {call.get(content.holds, 'v._pack(builder)')}"]
        if content.holds == "scalar":
            word, size, _ = _TYPES[content.type]
            return [
                f"builder.StartVector({size}, len(v), {size})",
                "for i in reversed(range(len(v))):",
                f"    builder.Prepend{word}(v[i])",
                f"{to} = builder.EndVector()",
            ]
        one = "builder.CreateString(v[i])" if content.holds == "string" else "v[i]._pack(builder)"
        return [
            "offsets = []",
            "for i in range(len(v)):",
            f"    offsets.append({one})",
            "builder.StartVector(4, len(v), 4)",
            "for i in reversed(range(len(v))):",
            "    builder.PrependUOffsetTRelative(offsets[i])",
            f"{to} = builder.EndVector()",
        ]


def _by_offset(slot: Slot) -> bool:
    return slot.content.vector or slot.content.holds != "scalar"


def _add(n: int, slot: Slot) -> list[str]:
    """Lines that put a slot into the table that was begun."""
    if not _by_offset(slot):
        word, _, default = _TYPES[slot.content.type]
        written = "None" if slot.optional or word.startswith("Float") else default
        return [f"        builder.Prepend{word}Slot({n}, self.{slot.identifier}, {written})"]
    line = f"builder.PrependUOffsetTRelativeSlot({n}, {_OFFSET}(o{n}), 0)"
    if not slot.optional:
        return [f"        {line}"]
    return [f"        if self.{slot.identifier} is not None:", f"            {line}"]


def _offset(n: int) -> str:
    """Where a table has its n-th slot; 0: nowhere. The first is at 4, after two sizes."""
    return f"{_OFFSET}(self._tab.Offset({4 + 2 * n}))"


def _body(head: str, n: int, lines: list[str], absent: str) -> str:
    body = [f"o = {_offset(n)}", "if o != 0:", *_indented(lines, 1), f"return {absent}"]
    return "\n".join([*_indented(head.split("\n"), 1), *_indented(body, 2), ""])


def _indented(lines: list[str], levels: int) -> list[str]:
    return ["    " * levels + line for line in lines]
