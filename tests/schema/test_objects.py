"""The code between plain values and objects with attributes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from serbench.schema.objects import Form, builder, converter
from serbench.schema.types import List, Map, Optional, Scalar, Union, record

POINT = record("Point", x=Scalar.INT64, note=Optional(Scalar.STRING))
SHAPE = record(
    "Shape",
    **{
        "class": Scalar.STRING,
        "tags": List(Scalar.STRING),
        "rings": List(List(POINT)),
        "by_id": Map(Scalar.INT64, POINT),
        "series": Optional(Map(Scalar.STRING, List(Scalar.FLOAT64))),
        "centre": Union((POINT, Scalar.NULL)),
    },
)
CLASSES = {"Point": SimpleNamespace, "Shape": SimpleNamespace}
VALUES = [
    {"class": "", "tags": [], "rings": [], "by_id": {}},
    {
        "class": "c",
        "tags": ["a", ""],
        "rings": [[{"x": 0}, {"x": 1, "note": ""}], []],
        "by_id": {0: {"x": 2}},
        "series": {"s": [1.0]},
        "centre": {"x": 3},
    },
]


@pytest.mark.parametrize("value", VALUES)
def test_a_plain_value_comes_back(value):
    """Built and converted, with what is absent left out."""
    assert value == converter(SHAPE)(builder(SHAPE, CLASSES)(value))


def test_what_is_absent_is_none_and_what_needs_no_rewriting_is_handed_over():
    """A list of scalars is the very one."""
    made = builder(SHAPE, CLASSES)(VALUES[0])
    assert (made.series, made.centre, made.f_class) == (None, None, "")
    assert made.tags is VALUES[0]["tags"]


def test_lazy_lists_and_maps_are_made_plain():
    """By what the form says."""
    form = Form(lists="list({})", maps="dict({}.items())")
    kind = record("Lazy", a=List(Scalar.INT64), b=List(List(Scalar.INT64)), c=Map(Scalar.STRING, Scalar.INT64))
    lazy = SimpleNamespace(a=iter([1]), b=iter([iter([2])]), c=SimpleNamespace(items=lambda: iter([("k", 3)])))
    assert converter(kind, form)(lazy) == {"a": [1], "b": [[2]], "c": {"k": 3}}


def test_null_in_place_of_an_optional_value_is_absence():
    """A message has no other form for it."""
    assert builder(SHAPE, CLASSES)({**VALUES[0], "centre": None}).centre is None


def test_a_null_in_a_list_or_a_map_stays():
    """For libraries that have a form for it; what is beside it is built and converted."""
    maybe = Union((Scalar.NULL, POINT))
    kind = record("Maybe", a=List(maybe), b=Map(Scalar.STRING, Union((List(maybe), Scalar.NULL))))
    value = {"a": [None, {"x": 1}], "b": {"k": None, "l": [None, {"x": 2}]}}
    built = builder(kind, {"Point": SimpleNamespace, "Maybe": SimpleNamespace})(value)
    assert [None, SimpleNamespace(x=1, note=None)] == built.a
    assert value == converter(kind)(built)


@pytest.mark.parametrize("levels", [12, 13, 30, 90])
def test_lists_and_maps_nest_at_any_depth(levels):
    """More comprehensions in each other than one function may have."""
    kind, value = POINT, {"x": 1}
    for level in range(levels):
        kind, value = (
            (Map(Scalar.STRING, kind), {"k": value}) if level % 3 else (List(kind), [value, value][: 1 + (level < 9)])
        )
    shape, deep = record("Deep", a=kind), {"a": value}
    made = builder(shape, {"Point": SimpleNamespace, "Deep": SimpleNamespace})(deep)
    assert deep == converter(shape)(made)
