"""What these codecs make of a schema: dataclasses and models as a user would write them, and the usual JSON."""

from __future__ import annotations

import dataclasses
import importlib
import json
import sys

import pydantic
import pytest
from codec_samples import payload

from serbench.errors import UnsupportedPayload
from serbench.schema.dataclasses import refuse_deeper
from serbench.schema.types import Field, List, Map, Optional, Record, Scalar, Schema, Union, record

MODULES = ("pydantic", "cattrs", "mashumaro")
CODECS = {c.name: c for m in MODULES for c in importlib.import_module(f"serbench.codecs.{m}").CODECS}
each = pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
PART = record("Part", a=Scalar.INT64)


def one(kind, *values):
    """A payload of one shape."""
    return payload("one", kind, *values)


@pytest.mark.parametrize(
    ("module", "library"),
    [
        *((module, "orjson") for module in MODULES),
        *(("pydantic", "pydantic"), ("cattrs", "cattrs"), ("mashumaro", "mashumaro.codecs.basic")),
    ],
)
def test_a_missing_library_is_an_import_error_that_names_it(monkeypatch, module, library):
    """Each imports its own and orjson at the top, so a worker learns at once what is missing."""
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"serbench.codecs.{module}", raising=False)
    with pytest.raises(ModuleNotFoundError) as caught:
        importlib.import_module(f"serbench.codecs.{module}")
    assert library == caught.value.name


@each
def test_the_json_is_the_message(codec):
    """Compact, with names as they are in it, nothing for what is absent, null for null, and keys as text."""
    shape = Record(
        "Shape",
        (
            Field(name="unit-price", type=Scalar.FLOAT64, number=1),
            Field(name="class", type=Scalar.STRING, number=2, optional=True),
            Field(name="maybe", type=Union((Scalar.NULL, PART)), number=3, optional=True),
            Field(name="by_id", type=Map(Scalar.INT64, List(PART)), number=4),
        ),
    )
    full = {"unit-price": 1.5, "class": "é", "maybe": None, "by_id": {7: [{"a": 1}]}}
    least = {"unit-price": 0.0, "by_id": {}}
    bound = codec.bind(one(shape, full, least))
    written = [bytes(bound.encode(bound.build(value))) for value in (full, least)]
    assert [full | {"by_id": {"7": [{"a": 1}]}}, least] == list(map(json.loads, written))
    assert all(b" " not in data for data in written)
    assert "é".encode() in written[0]


@each
def test_objects_are_of_the_sort_that_a_user_would_have(codec):
    """Dataclasses, or models; absent is None and attributes are identifiers."""
    shape = record("Shape", items=List(PART), note=Optional(Scalar.STRING))
    bound = codec.bind(one(shape, {"items": [{"a": 1}]}))
    made = bound.decode(b'{"items":[{"a":1}]}')
    wanted = pydantic.BaseModel if codec.name.startswith("pydantic") else dataclasses.is_dataclass
    assert isinstance(made, wanted) if isinstance(wanted, type) else wanted(made)
    assert (1, None) == (made.items[0].a, made.note)


@each
def test_what_is_not_of_the_type_is_refused(codec):
    """All of them validate: that is what they are paid for."""
    bound = codec.bind(one(record("Shape", n=Scalar.INT64), {"n": 1}))
    for data in (b'{"n":"x"}', b"{}", b"[]", b'{"n":'):
        with pytest.raises(Exception, match=r"."):
            bound.decode(data)


def test_depth_is_refused_with_its_path():
    """Records are functions of their own; lists and maps in each other are not."""
    deep = Scalar.INT64
    for _ in range(3):
        deep = Map(Scalar.STRING, List(deep))
    schema = Schema("Deep", record("Deep", inner=record("Inner", a=Scalar.INT64, b=deep)))
    assert refuse_deeper(schema, "it", 6) is None
    with pytest.raises(
        UnsupportedPayload, match=r"^inner\.b\.\*\[\]\.\*\[\]\.\*: it takes 5 levels of lists and maps on this Python$"
    ):
        refuse_deeper(schema, "it", 5)


@pytest.mark.parametrize("name", ["'", "\\", "\n", "\0", "__import__('os')", ""])
def test_mashumaro_gets_no_name_that_would_be_code(name):
    """It writes names into its code as they are."""
    shape = Record("Odd", (Field(name=name, type=Scalar.INT32, number=1),))
    with pytest.raises(UnsupportedPayload, match=r"^mashumaro takes no field of the name "):
        CODECS["mashumaro-orjson"].bind(one(record("Outer", inner=List(shape)), {"inner": []}))


@pytest.mark.parametrize("name", ["model_config", "model_dump", "model_fields_set", "Config"])
def test_pydantic_gets_no_name_that_is_its_own(name):
    """A field under it would not be read."""
    with pytest.raises(
        UnsupportedPayload, match=rf"^inner\.{name}: pydantic has something else under the name '{name}'$"
    ):
        CODECS["pydantic"].bind(one(record("Outer", inner=record("Odd", **{name: Scalar.INT32}))))


@pytest.mark.parametrize("name", ["copy", "json", "dict", "schema", "validate", "model_x", "fields"])
@each
def test_other_names_of_methods_are_fields_like_any(codec, name):
    """Without a warning."""
    bound = codec.bind(one(record("Odd", **{name: Scalar.INT32}), {name: 1}))
    made = bound.decode(bound.encode(bound.build({name: 1})))
    assert (1, {name: 1}) == (getattr(made, name), bound.convert(made))


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ((Scalar.INT64, Scalar.STRING), ()),
        ((Scalar.NULL, PART, Scalar.STRING), ("mashumaro-orjson",)),
        ((Scalar.BYTES, Scalar.INT64), ("mashumaro-orjson",)),
        ((List(Scalar.INT64), PART), ("mashumaro-orjson", "cattrs-orjson")),
        ((Scalar.BYTES, Scalar.STRING), tuple(CODECS)),
    ],
)
def test_unions_are_refused_where_a_library_cannot_take_them_apart(options, refused):
    """And carried everywhere else."""
    values = {Scalar.INT64: 1, Scalar.STRING: "1", Scalar.NULL: None, Scalar.BYTES: b"1", PART: {"a": 1}}
    instances = [{"v": values.get(option, [1])} for option in options]
    for name, codec in CODECS.items():
        union = one(record("U", v=Union(options)), *instances)
        if name in refused:
            with pytest.raises(UnsupportedPayload, match=r"^v: \w+ cannot tell [a-z ]+ and [a-z]+ apart in one place$"):
                codec.bind(union)
        else:
            bound = codec.bind(union)
            assert instances == [bound.convert(bound.decode(bound.encode(bound.build(value)))) for value in instances]
