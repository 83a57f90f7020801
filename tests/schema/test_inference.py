"""A schema from instances."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapes import JSON_VALUES

from conforming import violations
from serbench.schema.inference import camel_case, infer, schema_of
from serbench.schema.places import DEEPEST, KEPT_KEYS, MOST_FIELDS, Place, UntypedPlace
from serbench.schema.types import List, Map, Optional, Record, Scalar, Schema, Union, record, records_of

NESTED = Union((List(Scalar.INT32), Scalar.INT32))


@given(st.lists(JSON_VALUES, min_size=1, max_size=4))
def test_instances_have_the_type_that_was_inferred_from_them(instances):
    """Whatever the instances, each is exactly what the schema says."""
    schema = infer("any", instances)
    assert [text for one in instances for text in violations(one, schema.root)] == []


@given(st.lists(JSON_VALUES, min_size=1, max_size=4))
def test_unions_are_as_readers_need_them(instances):
    """A union has different options: one record or map at most, one list at most; names of records are unique."""
    schema = infer("any", instances)
    records = records_of(schema)
    assert len({made.name for made in records}) == len(records)
    for made in records:
        for field in made.fields:
            if isinstance(field.type, Union):
                assert sum(isinstance(option, Record | Map) for option in field.type.options) <= 1
                assert sum(isinstance(option, List) for option in field.type.options) <= 1
                assert len(set(field.type.options)) == len(field.type.options) >= 2


def inferred(*instances):
    """The type of the root."""
    return infer("root", instances).root


@pytest.mark.parametrize(
    ("instances", "expected"),
    [
        ((1, -5), Scalar.INT32),
        ((1, (1 << 31) - 1), Scalar.INT32),
        ((1, 1 << 31), Scalar.INT64),
        ((-(1 << 31) - 1,), Scalar.INT64),
        (((1 << 64) - 1, 0), Scalar.UINT64),
        (((1 << 64) - 1, -1), Scalar.BIGINT),
        ((1 << 64,), Scalar.BIGINT),
        ((1.0,), Scalar.FLOAT64),
        ((1, 1.5), Union((Scalar.INT32, Scalar.FLOAT64))),
        ((True, 1), Union((Scalar.INT32, Scalar.BOOL))),
        (("a", None), Union((Scalar.STRING, Scalar.NULL))),
        ((None,), Scalar.NULL),
        (([],), List(Scalar.NULL)),
        (([], [1], ["a"]), List(Union((Scalar.INT32, Scalar.STRING)))),
        (([1], {"a": 1}, [[2]], "x"), Union((record("Root", a=Scalar.INT32), List(NESTED), Scalar.STRING))),
    ],
)
def test_each_value_has_its_type(instances, expected):
    """Integers by their range, unions in a fixed order, lists merged."""
    assert expected == inferred(*instances)


def test_keys_that_some_lack_are_optional():
    """Fields stand in the order of their first appearance; a null is a value."""
    expected = record("Root", a=Scalar.INT32, b=Optional(Union((Scalar.STRING, Scalar.NULL))), c=Optional(Scalar.BOOL))
    assert expected == inferred({"a": 1, "b": None}, {"c": True, "a": 2}, {"a": 3, "b": "x"})


def test_records_are_named_after_their_keys():
    """CamelCase, with a number where a name is taken; records of lists are merged."""
    schema = infer("my order", [{"ship-to": {"a": 1}, "items": [{"ship_to": {}}, {"x": 1}], "7": {}, "é": {}}])
    assert schema.name == "MyOrder"
    assert [made.name for made in records_of(schema)] == ["ShipTo", "ShipTo2", "Items", "X7", "X", "MyOrder"]


def keyed(*groups):
    """Dicts with a key for each number of a group."""
    return [{f"id-{n}": {"v": n} for n in group} for group in groups]


def test_many_keys_that_come_and_go_are_a_map():
    """More than 32 keys, most of which some dict lacks, with values of one type."""
    expected = Map(Scalar.STRING, record("Root", v=Scalar.INT32))
    assert expected == inferred(*keyed(range(20), range(15, 40)))


@pytest.mark.parametrize(
    "instances",
    [
        keyed(range(10), range(10, MOST_FIELDS)),
        [{f"k{n}": n for n in range(40)}],
        keyed(range(40), range(30)),
        [{f"k{n}": n for n in range(40)}, {f"k{n}": str(n) for n in range(20, 60)}],
    ],
    ids=["few keys", "one dict of numbers", "most are always there", "values of two types"],
)
def test_other_dicts_are_records(instances):
    """Keys of a record are not data."""
    assert isinstance(inferred(*instances), Record)


@pytest.mark.parametrize(
    ("keys", "value", "is_map"),
    [
        (["/pets", "/pets/{id}"], {"get": 1}, True),
        (["200"], {"description": "ok"}, True),
        (["200", "default"], "ok", True),
        ([f"2024-01-{day:02}" for day in range(1, 32)] * 2, 1.5, True),
        (["react", "@types/node"], "^1", True),
        (["react", "vue", "@types/node"], "^1", False),
        (["+1", "-1", "heart"], 1, False),
        ([], 1, False),
    ],
)
def test_keys_that_nobody_gives_to_a_field_make_a_map(keys, value, is_map):
    """Half of them at least begin with a digit or have a slash in them, and their values are alike."""
    assert is_map == isinstance(inferred(dict.fromkeys(keys, value)), Map)


def test_keys_that_nobody_gives_to_a_field_are_fields_where_values_are_not_alike():
    """A record has a type for each."""
    assert isinstance(inferred({"/a": 1, "/b": "x"}), Record)


def test_many_keys_that_are_data_make_a_map_of_numbers():
    """Even if there is one dict only, which for other keys would have to hold dicts or lists."""
    assert Map(Scalar.STRING, Scalar.INT32) == inferred({f"{n}/x": n for n in range(40)})


@pytest.mark.parametrize("value", [{"v": 1}, [1, 2]], ids=["dicts", "lists"])
def test_one_dict_of_many_alike_is_a_map(value):
    """A single document with hundreds of ids as keys: what is keyed by them is one type, not a field each."""
    assert isinstance(inferred({f"id-{n}": value for n in range(40)}), Map)
    assert isinstance(inferred({f"id-{n}": value for n in range(MOST_FIELDS)}), Record)


def test_names_of_a_map_that_is_none_are_free_again():
    """What was tried leaves no trace in the names of records."""
    values = [{f"k{n}": {"in": {}} for n in range(40)}, {f"k{n}": "text" for n in range(20, 80)}]
    names = [made.name for made in records_of(infer("root", values))]
    assert "Root" in names
    assert "Root2" not in names


def test_field_numbers_leave_out_what_protobuf_keeps():
    """After 18,999 comes 20,000."""
    made = inferred({f"k{n}": 1 for n in range(19_001)})
    assert [18_999, 20_000] == [field.number for field in made.fields[18_998:19_000]]


def test_what_is_nested_too_deeply_is_refused():
    """As deep as code can be generated, and no deeper."""
    deep = 1
    for _ in range(DEEPEST):
        deep = [deep]
    assert isinstance(infer("deep", [deep]), Schema)
    with pytest.raises(RecursionError):
        infer("deep", [[deep]])


@pytest.mark.parametrize(("name", "expected"), [("user_id", "UserId"), ("aB c", "ABC"), ("9", "X9"), ("", "X")])
def test_camel_case_is_an_identifier(name, expected):
    """Letters and digits, the first a letter."""
    assert expected == camel_case(name)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([0.10000000149011612, 0.5], Scalar.FLOAT32),
        ([0.10000000149011612, float("nan"), float("inf")], Scalar.FLOAT32),
        ([0.10000000149011612, 0.1], Scalar.FLOAT64),
        ([0.5, 0.25, 3.0, 1e-05], Scalar.FLOAT64),
        ([0.5, 0.0009765625], Scalar.FLOAT64),
        ([1e300], Scalar.FLOAT64),
        ([float("nan")], Scalar.FLOAT64),
    ],
)
def test_floats_have_32_bits_where_their_digits_show_it(numbers, expected):
    """What somebody wrote as 0.5 may be of any width; what came from 32 bits has digits that nobody writes."""
    assert List(expected) == inferred(numbers)


def test_whole_numbers_as_keys_make_a_map():
    """Of their width; beside text there is no such map."""
    assert Map(Scalar.INT32, Scalar.STRING) == inferred({1: "a"}, {}, {-2: "b"})
    assert Map(Scalar.UINT64, Scalar.INT32) == inferred({(1 << 64) - 1: 1})
    assert Map(Scalar.INT32, record("Root", x=Scalar.BOOL)) == inferred({1: {"x": True}}, {2: {"x": False}})
    for values, kinds in (
        ([{1: 2}, {"a": 2}], "int, str"),
        ([{"a": 2}, {1: 2}], "int, str"),
        ([{None: 1}], "NoneType"),
    ):
        with pytest.raises(UntypedPlace, match=f"or all of them whole numbers; here: {kinds}") as caught:
            inferred({"in": [values]})
        assert "in[][]" == caught.value.path


def test_a_tuple_is_a_list():
    """To a schema."""
    assert List(Scalar.INT32) == inferred((1, 2))


def test_maps_in_records_that_do_not_agree_are_fields():
    """A record of many keys, some with whole numbers as keys and some with text."""
    values = [{f"k{n}": {n if n % 2 else str(n): 1}} for n in range(40)]
    assert isinstance(inferred(*values), Record)


def test_more_keys_than_are_kept_are_a_map_whatever_its_values():
    """Or memory would grow with a file."""
    values = [{f"k{n}": n if n % 2 else "x"} for n in range(KEPT_KEYS + 1)]
    assert Map(Scalar.STRING, Union((Scalar.INT32, Scalar.STRING))) == inferred(*values)
    assert isinstance(inferred(*values[:-1]), Record)
    always = {f"k{n}": n if n % 2 else "x" for n in range(2 * KEPT_KEYS)}
    assert isinstance(inferred(always, always), Record)


def piecewise(*groups):
    """The type of the root of values that are seen group after group."""
    place = Place()
    for group in groups:
        place.add(group)
    return schema_of("root", place).root


ALIKE = st.recursive(
    st.sampled_from([None, True, 1, -1, 1 << 40, 1 << 63, -(1 << 63), 1 << 70, 0.1, 0.10000000149011612, "x"]),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.sampled_from("abc"), part, max_size=3),
    max_leaves=10,
)


@given(st.lists(st.lists(ALIKE, max_size=3), min_size=1, max_size=5))
def test_values_may_come_in_any_pieces(groups):
    """What was inferred is the same as if all had come at once."""
    assert inferred(*(value for group in groups for value in group)) == piecewise(*groups)


def unordered(kind):
    """A type as data in which the order of fields does not count, nor the numbers of names."""
    match kind:
        case Record(name, fields):
            return name.rstrip("0123456789"), frozenset((f.name, unordered(f.type), f.optional) for f in fields)
        case List(item):
            return "list", unordered(item)
        case Map(key, value):
            return "map", key, unordered(value)
        case Union(options):
            return frozenset(map(unordered, options))
    return kind


@given(
    st.lists(ALIKE | st.integers(0, 300).map(lambda n: {f"id-{n % 9 * 40 + k}": k for k in range(n % 40)}), max_size=9),
    st.randoms(),
)
def test_values_may_come_in_any_order(values, random):
    """Fields and names have the order of what was seen, and else nothing depends on it."""
    shuffled = random.sample(values, len(values))
    assert unordered(inferred(*values)) == unordered(piecewise(*([one] for one in shuffled)))
