"""Stand-ins for decoded values: a reader gets what it would have got, and its leaves are noted."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from serbench.schema.reader import reader
from serbench.schema.types import Field, List, Map, Optional, Record, Scalar, Schema, Union, record
from serbench.worker.touch import leaves, resolve, stand_in, thinned

POINT = record("Point", x=Scalar.FLOAT64, y=Optional(Scalar.FLOAT64))
POINTS = List(POINT)
BY_NAME = Map(Scalar.STRING, POINT)
NULLABLE = Union((Scalar.NULL, POINT))
NULLABLE_LIST = Union((List(Scalar.INT64), Scalar.NULL))
ANY = Union((Scalar.STRING, Scalar.NULL, POINT, List(POINT)))
ANY_MAP = Union((BY_NAME, Scalar.INT64))

LEAVES = {
    "leaf": (7, Scalar.INT64, [""]),
    "null": (None, NULLABLE, [""]),
    "record": ({"y": 2.0, "x": 1.0}, POINT, ["x", "y"]),
    "absent": ({"x": 1.0}, POINT, ["x"]),
    "null-field": ({"x": None}, POINT, ["x"]),
    "list": ([{"x": 1.0}, {"x": 2.0, "y": 3.0}], POINTS, ["[0].x", "[1].x", "[1].y"]),
    "tuple": (({"x": 1.0},), POINTS, ["[0].x"]),
    "lists": ([[1], [], [2, 3]], List(List(Scalar.INT64)), ["[0][0]", "[2][0]", "[2][1]"]),
    "map": ({"a": {"x": 1.0}, "b": {"x": 1.0}}, BY_NAME, ["a.x", "b.x"]),
    "integer-keys": ({1: "a", 2: "b"}, Map(Scalar.INT64, Scalar.STRING), ["1", "2"]),
    "empty": ({}, BY_NAME, []),
    "nullable": ([None, {"x": 1.0}], List(NULLABLE), ["[0]", "[1].x"]),
    "nullable-list": ([None, [1]], List(NULLABLE_LIST), ["[0]", "[1][0]"]),
    "union": (["a", None, {"x": 1.0}, [{"x": 2.0}]], List(ANY), ["[0]", "[1]", "[2].x", "[3][0].x"]),
    "union-with-map": ([1, {"a": {"x": 1.0}}], List(ANY_MAP), ["[0]", "[1].a.x"]),
}


@pytest.mark.parametrize(("value", "kind", "paths"), LEAVES.values(), ids=LEAVES)
def test_leaves_have_paths_in_order(value, kind, paths):
    """Every leaf that is there, in the order of the schema; a null is a leaf, wherever it stands."""
    assert paths == list(leaves(value, kind))


@pytest.mark.parametrize(("value", "kind", "paths"), LEAVES.values(), ids=LEAVES)
def test_the_generated_reader_touches_exactly_the_leaves(value, kind, paths):
    """What the code of `read` asks for is every leaf and, where a key may be absent, nothing else."""
    touched = set()
    reader(Schema("S", kind), lambda data: stand_in(data, kind, touched), access="item")(value)
    assert set(paths) == touched


@pytest.mark.parametrize(
    ("value", "kind", "option"),
    [
        (None, POINT, Scalar.NULL),
        (None, ANY, Scalar.NULL),
        (1, Scalar.INT64, Scalar.INT64),
        ({}, NULLABLE, POINT),
        (SimpleNamespace(), NULLABLE, POINT),
        (SimpleNamespace(), NULLABLE_LIST, NULLABLE_LIST.options[0]),
        ({}, ANY, POINT),
        (SimpleNamespace(), ANY, POINT),
        ([], ANY, POINTS),
        ((), ANY, POINTS),
        ("", ANY, Scalar.NULL),
        (b"", ANY, Scalar.NULL),
        (True, ANY, Scalar.NULL),
        ({}, ANY_MAP, BY_NAME),
        ([], ANY_MAP, Scalar.NULL),
        ({}, Union((Scalar.STRING, POINTS)), Scalar.NULL),
    ],
)
def test_the_option_of_a_union_is_told_by_structure(value, kind, option):
    """A list is the list, what is no scalar is the record or map; whatever nothing is below is a leaf."""
    assert option == resolve(value, kind)


WHOLE = record("Whole", id=Scalar.INT64, note=Optional(Scalar.STRING), points=POINTS, by_name=BY_NAME)
VALUE = {"id": 1, "points": [{"x": 1.0}, {"x": 2.0}, {"x": 3.0, "y": 4.0}], "by_name": {"a": {"x": 5.0}}}


@pytest.fixture
def touched():
    """The paths that were touched."""
    return set()


@pytest.fixture
def whole(touched):
    """A stand-in for a decoded dict."""
    return stand_in(VALUE, WHOLE, touched)


READS = {
    "item": (lambda v: v["id"], {"id"}),
    "get": (lambda v: v.get("id"), {"id"}),
    "absent": (lambda v: v.get("note", ""), set()),
    "values": (lambda v: [*v.values()], {"id"}),
    "items": (lambda v: [*v.items()], {"id"}),
    "names": (lambda v: [*v, *v.keys(), len(v), "id" in v, bool(v)], set()),
    "copy": (dict, {"id"}),
    "list": (lambda v: v["points"], set()),
    "length": (lambda v: len(v["points"]), set()),
    "list-items": (lambda v: [*v["points"]], set()),
    "all-items": (lambda v: [p["x"] for p in v["points"]], {"points[0].x", "points[1].x", "points[2].x"}),
    "index": (lambda v: v["points"][1]["x"], {"points[1].x"}),
    "last": (lambda v: v["points"][-1]["y"], {"points[2].y"}),
    "slice": (lambda v: [p["x"] for p in v["points"][1:]], {"points[1].x", "points[2].x"}),
    "method": (lambda v: v["points"].count(None), set()),
    "map": (lambda v: [v["by_name"], *v["by_name"], len(v["by_name"]), "a" in v["by_name"]], set()),
    "map-item": (lambda v: v["by_name"]["a"]["x"], {"by_name.a.x"}),
    "map-get": (lambda v: v["by_name"].get("a")["x"], {"by_name.a.x"}),
    "map-absent": (lambda v: v["by_name"].get("b"), set()),
    "map-values": (lambda v: [p["x"] for p in v["by_name"].values()], {"by_name.a.x"}),
    "map-items": (lambda v: [p["x"] for _, p in v["by_name"].items()], {"by_name.a.x"}),
}


@pytest.mark.parametrize(("read", "paths"), READS.values(), ids=READS)
def test_only_what_is_handed_over_is_touched(whole, touched, read, paths):
    """However a reader goes about it, a leaf counts when it has it in its hand, and not before."""
    read(whole)
    assert paths == touched


@pytest.mark.parametrize(
    "read",
    [
        lambda v: [v["id"], v.get("note"), v.get("note", 7), len(v), list(v), "id" in v, "other" in v, bool(v)],
        lambda v: [isinstance(v, dict), isinstance(v["points"], list), isinstance(v["by_name"], dict)],
        lambda v: [len(v["points"]), [p["x"] for p in v["points"]], v["points"][-1]["y"], v["points"].count(1)],
        lambda v: [[p["x"] for p in v["points"][::-2]], v["points"][5:], bool(v["points"])],
        lambda v: [[(k, p["x"]) for k, p in v["by_name"].items()], [p["x"] for p in v["by_name"].values()]],
        lambda v: [list(v["by_name"]), "a" in v["by_name"], v["by_name"].get("b", 8), len(v["by_name"])],
        lambda v: v.get("by_name").get("a").get("x"),
    ],
)
def test_a_reader_gets_what_it_would_have_got(whole, read):
    """Leaves, lengths, order and classes are those of the value itself."""
    assert read(VALUE) == read(whole)


@pytest.mark.parametrize(
    ("read", "error"),
    [
        (lambda v: v["other"], KeyError),
        (lambda v: v["points"][3], IndexError),
        (lambda v: v["by_name"]["b"], KeyError),
        (lambda v: v.id, AttributeError),
        (lambda v: v["points"].other, AttributeError),
    ],
)
def test_what_is_not_there_is_missed_as_in_the_value_itself(whole, read, error):
    """A stand-in invents nothing."""
    with pytest.raises(error):
        read(VALUE)
    with pytest.raises(error):
        read(whole)


def test_fields_are_attributes_of_objects(touched):
    """An object is read by the identifiers of its fields, those of a dict's methods too; the rest passes through."""
    names = ("from", "items", "values", "get", "x-y")
    kind = Record("Odd", tuple(Field(name=name, type=Scalar.INT64, number=i) for i, name in enumerate(names, 1)))
    value = SimpleNamespace(f_from=1, items=2, values=3, get=4, f_x_y=5, HasField=lambda name: name == "a")
    standing = stand_in(value, kind, touched, "odd")
    assert standing.HasField("a")
    assert set() == touched
    assert [1, 2, 3, 4, 5] == [standing.f_from, standing.items, standing.values, standing.get, standing.f_x_y]
    assert {f"odd.{name}" for name in names} == touched


def test_a_field_that_is_null_is_a_leaf(touched):
    """A None in the place of a record or a list has been read when it has been seen."""
    kind = record("R", a=Optional(POINT), b=NULLABLE_LIST)
    standing = stand_in(SimpleNamespace(a=None, b=None), kind, touched)
    assert standing.a is standing.b is None
    assert {"a", "b"} == touched


def test_wrappers_of_messages_are_seen_through(touched):
    """A list in a list and a map in a map stand in messages, whose `values` are the list and the map."""
    kind = record("R", rows=List(List(Scalar.INT64)), maps=Map(Scalar.STRING, Map(Scalar.STRING, Scalar.INT64)))
    rows = [SimpleNamespace(values=[1, 2]), SimpleNamespace(values=[3])]
    standing = stand_in(SimpleNamespace(rows=rows, maps={"a": SimpleNamespace(values={"b": 4})}), kind, touched)
    assert [1, 2, 3] == [item for row in standing.rows for item in row.values]
    assert [("b", 4)] == list(standing.maps["a"].values.items())
    assert {"rows[0][0]", "rows[0][1]", "rows[1][0]", "maps.a.b"} == touched


def test_what_is_false_stays_false(touched):
    """A container that a library uses to say that there is nothing is false behind a stand-in too."""

    class Unset:
        def __bool__(self):
            return False

    standing = stand_in(SimpleNamespace(a=Unset(), b=[], c={}), record("R", a=POINT, b=POINTS, c=BY_NAME), touched)
    assert [False, False, False] == [bool(standing.a), bool(standing.b), bool(standing.c)]
    assert set() == touched


def test_what_is_small_enough_is_not_thinned():
    """The value itself, with as many leaves as may be."""
    value = {"a": [1, 2, 3]}
    kind = record("R", a=List(Scalar.INT64))
    assert thinned(value, kind, 3) is value
    assert {"a": [1]} == thinned(value, kind, 2)


def test_lists_and_maps_are_thinned_evenly_and_records_are_whole():
    """The first and others all over; every field of a record stays, and one item at the least."""
    item = record("Item", n=Scalar.INT64, more=Optional(List(Scalar.INT64)))
    kind = record("R", items=List(item), by_id=Map(Scalar.STRING, item), pair=Optional(List(Scalar.INT64)))
    items = [{"n": n, "more": [n] * 9} for n in range(64)]
    value = {"items": items, "by_id": {f"k{n}": {"n": n} for n in range(64)}, "pair": ()}
    made = thinned(value, kind, 160)
    assert sum(1 for _ in leaves(made, kind)) <= 160
    assert [0, 6, 12, 19, 25, 32, 38, 44, 51, 57] == [one["n"] for one in made["items"]]
    assert 10 == len(made["by_id"])
    assert {"items", "by_id", "pair"} == set(made)
    assert () == made["pair"]
    assert {"n", "more"} == set(made["items"][0])
    assert 64 == len(value["items"])
