"""The code of `read`, in each access style."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from shapes import JSON_VALUES

from serbench.schema.inference import infer
from serbench.schema.reader import reader, source
from serbench.schema.types import List, Map, Optional, Scalar, Schema, Union, record

POINT = record("Point", x=Scalar.FLOAT64, y=Optional(Scalar.FLOAT64))
MAYBE = Union((List(Scalar.BYTES), Scalar.NULL))
SHAPE = Schema(
    "Shape",
    record(
        "Shape",
        name=Scalar.STRING,
        centre=Optional(POINT),
        rings=List(List(POINT)),
        blobs=Optional(List(Scalar.BYTES)),
        by_id=Map(Scalar.STRING, POINT),
        **{"from": Scalar.INT32},
    ),
)
ITEM = """\
def read(data):
    v0 = decode(data)
    v0['name']
    v1 = v0.get('centre')
    if v1 is not None:
        v1['x']
        v1.get('y')
    v1 = v0['rings']
    for v2 in v1:
        for v3 in v2:
            v3['x']
            v3.get('y')
    v1 = v0.get('blobs')
    if v1 is not None:
        for v2 in v1:
            b64decode(v2)
    v1 = v0['by_id']
    for k1, v2 in v1.items():
        v2['x']
        v2.get('y')
    v0['from']
"""
MESSAGE = """\
def read(data):
    v0 = decode(data)
    v0.name
    if v0.HasField('centre'):
        v1 = v0.centre
        v1.x
        v1.y
    v1 = v0.rings
    for v2 in v1:
        for v3 in v2.values:
            v3.x
            v3.y
    v1 = v0.blobs
    for v2 in v1:
        pass
    v1 = v0.by_id
    for k1, v2 in v1.items():
        v2.x
        v2.y
    v0.f_from
"""


class Seen(dict):
    """A dict that notes which of its keys were asked for."""

    def __init__(self, content: dict, log: list) -> None:
        super().__init__(content)
        self.log = log

    def __getitem__(self, key):
        self.log.append((id(self), key))
        return super().__getitem__(key)

    def get(self, key, default=None):
        """As of a dict; what is not there is not read."""
        self.log += [(id(self), key)] if key in self else []
        return super().get(key, default)

    def items(self):
        """As of a dict: all of it."""
        self.log += [(id(self), key) for key in self]
        return super().items()


class SeenList(list):
    """A list that notes that all of its items were asked for."""

    def __init__(self, content: list, log: list) -> None:
        super().__init__(content)
        self.log = log

    def __iter__(self):
        self.log += [(id(self), index) for index in range(len(self))]
        return super().__iter__()


def seen(value, log: list):
    """The value, in dicts and lists that note what is asked for."""
    if isinstance(value, dict):
        return Seen({key: seen(item, log) for key, item in value.items()}, log)
    if isinstance(value, list):
        return SeenList([seen(item, log) for item in value], log)
    return value


def parts(value):
    """Everything below a value, as the containers note it."""
    if isinstance(value, dict | list):
        pairs = dict.items(value) if isinstance(value, dict) else enumerate(list.__iter__(value))
        for key, item in pairs:
            yield id(value), key
            yield from parts(item)


@given(JSON_VALUES)
def test_everything_is_read_once(value):
    """Whatever the shape, each key that is there and each item is asked for exactly once."""
    log: list = []
    watched = seen(value, log)
    reader(infer("any", [value]), lambda _: watched, access="item")(b"")
    assert sorted(log) == sorted(parts(watched))


def test_items_are_read_as_users_of_dicts_write_it():
    """`get` where a key may be absent, and base64 where bytes come as text."""
    assert source(SHAPE, access="item", base64_text=True) == ITEM


def test_messages_are_read_as_users_of_protobuf_write_it():
    """`HasField` where a record may be absent, `values` of a wrapper, and the identifier for the name."""
    assert source(SHAPE, access="message") == MESSAGE


def test_attributes_are_read_as_users_of_structs_write_it():
    """An attribute that may be absent is asked for and compared with None."""
    code = source(SHAPE, access="attribute")
    assert "    v1 = v0.centre\n    if v1 is not None:\n        v1.x\n        v1.y\n" in code
    assert code.endswith("    v0.f_from\n")


def test_what_is_missing_is_noticed():
    """A key that must be there is not passed over; one that may be absent is."""
    schema = Schema("P", POINT)
    read = reader(schema, lambda data: data, access="item")
    assert read({"x": 1.0}) is None
    with pytest.raises(KeyError, match="x"):
        read({"y": 1.0})
    with pytest.raises(AttributeError, match="y"):
        reader(schema, lambda data: data, access="attribute")(SimpleNamespace(x=1.0))


@pytest.mark.parametrize("access", ["item", "attribute"])
@pytest.mark.parametrize("optional", [True, False])
def test_a_null_is_no_list_to_read(access, optional):
    """A nullable list is read where it is there, and passed over where it is null."""
    schema = Schema("R", record("R", a=Optional(MAYBE) if optional else MAYBE))
    read = reader(schema, lambda data: data, access=access, base64_text=True)
    wrapped = (lambda value: {"a": value}) if access == "item" else (lambda value: SimpleNamespace(a=value))
    assert read(wrapped(None)) is None
    with pytest.raises(ValueError, match="base64"):
        read(wrapped(["YWI=", "b="]))


def test_each_option_of_a_union_is_read_in_its_way():
    """A record's fields, a list's items, and nothing below a scalar."""
    schema = Schema("U", List(Union((POINT, List(POINT), Scalar.STRING, Scalar.NULL))))
    log: list = []
    watched = seen([{"x": 1}, [{"x": 2}], "text", None], log)
    reader(schema, lambda _: watched, access="item")(b"")
    assert sorted(log) == sorted(parts(watched))
    with pytest.raises(KeyError):
        reader(schema, lambda data: data, access="item")([[{}]])
    with pytest.raises(KeyError):  # a codec may give a tuple back where one went in
        reader(schema, lambda data: data, access="item")([({},)])


def test_deep_shapes_are_read_in_parts():
    """Python takes no more than twenty loops in one another: what is deeper is a function of its own."""
    value = [[]]
    for _ in range(60):
        value = [value]
    log: list = []
    watched = seen(value, log)
    schema = infer("deep", [value])
    reader(schema, lambda _: watched, access="item")(b"")
    assert len(log) == 61
    assert re.findall(r"def (\w+)", source(schema, access="item"))[-1] == "read"


def test_names_are_quoted():
    """A key is data, not code."""
    schema = Schema("Q", record("Q", **{"'] + evil() #": Scalar.STRING, "a\nb": Optional(Scalar.STRING)}))
    assert reader(schema, lambda data: data, access="item")({"'] + evil() #": "x"}) is None
