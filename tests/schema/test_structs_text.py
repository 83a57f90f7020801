"""Python source of msgspec structs."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given
from schema_samples import EVERY, SHAPE
from shapes import JSON_VALUES

from serbench import registry
from serbench.errors import UnsupportedPayload
from serbench.payloads import instances
from serbench.schema.inference import infer
from serbench.schema.structs import to_structs
from serbench.schema.types import Field, List, Map, Optional, Record, Scalar, Schema, Union, record

S = Scalar
TEXT = '''\
"""Messages as structs of msgspec; the root is Shape."""

from typing import Annotated

import msgspec

UInt32 = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
UInt64 = Annotated[int, msgspec.Meta(ge=0)]


class Point(msgspec.Struct, kw_only=True, omit_defaults=True):
    x: float
    y: float | None = None


class Shape(msgspec.Struct, kw_only=True, omit_defaults=True):
    name: str
    rings: list[list[Point]]
    by_id: dict[UInt64, list[Point]]
    note: str | None
    centre: Point | None = None
    tags: list[str | None] | None = None
    f_from: UInt32 = msgspec.field(name="from")
    parts: list[bytes]
'''


def loaded(schema: Schema):
    """The type of the root, from the source."""
    source = to_structs(schema)
    namespace = {"__name__": "made"}
    exec(compile(source, "made", "exec", dont_inherit=True), namespace)  # as it stands, without this file's __future__
    return namespace[re.search(r"the root is (\w+)\.", source)[1]]


def test_the_text_is_python():
    """Classes after those that they use, bounds, presence and names that differ."""
    assert to_structs(SHAPE) == TEXT


@pytest.mark.parametrize("schema", [s for name, s in EVERY.items() if name != "odd names"])
def test_msgspec_takes_it(schema):
    """A decoder of the root can be made."""
    msgspec.msgpack.Decoder(loaded(schema))


@pytest.mark.parametrize("generated", registry.plug_ins("payloads"), ids=lambda one: one.name)
def test_generated_payloads_come_back(generated):
    """Decoded to structs and back to plain values, each instance is what it was."""
    payload = instances.make(generated, seed=1, count=2)[0].payload
    decoder = msgspec.msgpack.Decoder(loaded(payload.schema))
    for instance in payload.instances:
        back = msgspec.to_builtins(decoder.decode(msgspec.msgpack.encode(instance)), builtin_types=(bytes,))
        assert instance == back


@given(JSON_VALUES)
def test_any_json_value_comes_back(value):
    """Names, null and absence included, from the schema that is inferred from the value, or it is refused."""
    try:
        kind = loaded(infer("any", [value, value]))
        data = msgspec.msgpack.encode(value)
    except (UnsupportedPayload, OverflowError):
        return
    assert value == msgspec.to_builtins(msgspec.msgpack.decode(data, type=kind))


@pytest.mark.parametrize("name", ["int", "list", "str", "Int32", "msgspec", "Part", "Annotated", "None"])
def test_a_name_of_a_type_is_given_to_no_field(name):
    """It would stand for the type in the lines below it."""
    part = record("Part", a=S.INT32)
    fields = [Field(name=name, type=part, number=1, optional=True), Field(name="z", type=List(part), number=2)]
    kind = loaded(Schema("Root", Record("Root", tuple(fields))))
    value = {name: {"a": 1}, "z": [{"a": 2}]}
    assert value == msgspec.to_builtins(msgspec.convert(value, kind))


def test_absent_and_null_are_told_apart():
    """UNSET is for fields that may be either."""
    kind = loaded(Schema("Root", record("Root", a=Optional(Union((S.NULL, S.INT32))), b=Optional(S.INT32))))
    for value in ({}, {"a": None}, {"a": 0, "b": 0}):
        assert value == msgspec.to_builtins(msgspec.convert(value, kind))


def test_a_value_beyond_its_width_is_refused():
    """Bounds are checked by what is made."""
    kind = loaded(Schema("Root", record("Root", a=S.INT32, b=S.UINT64)))
    for value in ({"a": 2**31, "b": 0}, {"a": 0, "b": -1}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(value, kind)


def test_a_root_that_is_no_record_has_the_name_of_the_schema():
    """It is a type alias."""
    assert "\n\nRootList = list[Item]\n" in to_structs(Schema("RootList", List(record("Item", a=S.BOOL))))


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        (Union((S.STRING, S.BYTES)), "a: msgspec cannot tell text and bytes of a union apart"),
        (List(Union((S.NULL, List(S.BOOL), List(S.STRING)))), "a[]: msgspec cannot tell lists of a union apart"),
        (
            Map(S.STRING, Union((record("B"), Map(S.STRING, S.BOOL)))),
            "a.*: msgspec cannot tell records and maps of a union apart",
        ),
        (Union(()), "a: msgspec has no union of no types"),
        (Record("B", (Field(name="\n", type=S.BOOL, number=1),)), r"a: msgspec takes no field of the name '\n'"),
    ],
)
def test_what_msgspec_cannot_have_is_refused_with_its_path(kind, complaint):
    """Such a payload is skipped with the place that says why."""
    with pytest.raises(UnsupportedPayload, match=f"^{re.escape(complaint)}$"):
        to_structs(Schema("Root", record("Root", a=kind)))
