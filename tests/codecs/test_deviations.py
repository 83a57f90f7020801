"""What must come back, and what is refused."""

from __future__ import annotations

import base64
import json
import math

import pytest
from codec_samples import ALL, exact, payload
from hypothesis import given
from hypothesis import strategies as st

from serbench.codecs.deviations import RULES, Deviation, expected, refusal
from serbench.schema.payload import Kind
from serbench.schema.types import Field, List, Map, Optional, Record, Scalar, Union, record

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
KEYS = st.text() | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.tuples() | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=20,
)
CHANGING = sorted(deviation for deviation in Deviation if RULES[deviation].refuses is None)
ANY_TYPE = Scalar.STRING  # a type that says nothing of what is below


@given(PLAIN)
def test_expected_of_the_json_deviations_is_what_json_gives_back(value):
    """With bytes as base64, tuples as lists and keys as strings, a value is what the library's own json makes of it."""
    text = json.dumps(value, default=lambda data: base64.b64encode(data).decode())
    deviations = {Deviation.BYTES_AS_BASE64, Deviation.TUPLE_AS_LIST, Deviation.KEYS_AS_STRINGS}
    assert exact(json.loads(text)) == exact(expected(value, ANY_TYPE, deviations))


@given(PLAIN, st.sets(st.sampled_from(CHANGING)))
def test_expected_changes_a_copy_and_changes_it_once(value, deviations):
    """The value itself stays as it was, and what is changed already is not changed again."""
    before = exact(value)
    once = expected(value, ANY_TYPE, deviations)
    assert before == exact(value)
    assert exact(once) == exact(expected(once, ANY_TYPE, deviations))


@given(PLAIN, st.sets(st.sampled_from(sorted(set(Deviation) - set(CHANGING)))))
def test_expected_is_the_value_itself_where_deviations_only_refuse(value, deviations):
    """Deviations that refuse change nothing, so nothing is copied."""
    assert expected(value, ANY_TYPE, deviations) is value


@given(PLAIN, st.sampled_from(CHANGING))
def test_a_value_without_what_a_deviation_is_about_comes_back_as_it_is(value, deviation):
    """Each deviation changes its own kind of value and no other."""
    without = expected(value, ANY_TYPE, set(CHANGING) - {deviation})
    about = {
        Deviation.BYTES_AS_BASE64: Kind.BYTES,
        Deviation.TUPLE_AS_LIST: Kind.TUPLE,
        Deviation.KEYS_AS_STRINGS: Kind.NON_STRING_KEY,
        Deviation.FLOAT32: Kind.FLOAT,
    }
    if about.get(deviation) in payload("any", ANY_TYPE, value).kinds:
        return
    if deviation is Deviation.FLOAT32 and Kind.NON_FINITE in payload("any", ANY_TYPE, value).kinds:
        return
    assert exact(without) == exact(expected(value, ANY_TYPE, CHANGING))


@pytest.mark.parametrize(
    ("value", "rounded"),
    [(0.1, 0.10000000149011612), (0.5, 0.5), (-0.0, -0.0), (1e39, math.inf), (-1e300, -math.inf), (math.nan, math.nan)],
)
def test_float32_rounds_as_c_does(value, rounded):
    """A float takes the nearest value of 32 bits; beyond them it is an infinity of the same sign."""
    assert exact([rounded]) == exact(expected([value], List(Scalar.FLOAT64), {Deviation.FLOAT32}))


def test_every_probe_shows_its_deviation():
    """A changing deviation changes its probe; a refusing one refuses a payload of it."""
    shape = record("Probe", a=Optional(List(Scalar.INT64)))
    other = {
        Deviation.INT_AS_FLOAT: Union((Scalar.INT64, Scalar.FLOAT64)),
        Deviation.NO_LOOSE_NULL: List(Union((Scalar.INT64, Scalar.NULL))),
    }
    for deviation, rule in RULES.items():
        kind = other.get(deviation, shape)
        probe = payload("probe", kind, rule.probe)
        if deviation is Deviation.INT_SUBCLASS:
            continue  # the value stays, its type is the library's
        if rule.refuses is None:
            assert refusal(probe, {deviation}) is None
            assert exact(rule.probe) != exact(expected(rule.probe, kind, {deviation}))
        else:
            assert refusal(probe, {deviation}) is not None


def test_every_deviation_has_its_rule():
    """The list is closed: words and a probe for each name, and no rule without one."""
    assert list(Deviation) == list(RULES)
    assert all(rule.words for rule in RULES.values())


EMPTY = record(
    "Holder",
    items=Optional(List(Scalar.INT64)),
    labels=Optional(Map(Scalar.STRING, Scalar.INT64)),
    child=Optional(record("Child", items=Optional(List(Scalar.INT64)))),
    nullable=Optional(Union((Scalar.NULL, List(Scalar.INT64)))),
    choice=Optional(
        Union((Scalar.INT64, Scalar.STRING, List(Scalar.INT64), record("Other", a=Optional(Scalar.INT64))))
    ),
    always=List(Scalar.INT64),
    maybe=Union((Scalar.NULL, List(Scalar.INT64))),
    below=Map(Scalar.STRING, record("Below", items=Optional(List(Scalar.INT64)))),
)


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ({"items": [], "labels": {}, "always": []}, {"always": []}),
        ({"items": ()}, {}),
        ({"items": [0], "labels": {"": 0}}, {"items": [0], "labels": {"": 0}}),
        ({"child": {}}, {"child": {}}),
        ({"child": {"items": []}}, {"child": {}}),
        ({"nullable": []}, {}),
        ({"nullable": None}, {"nullable": None}),
        ({"maybe": []}, {}),
        ({"maybe": None}, {"maybe": None}),
        ({"choice": []}, {}),
        ({"choice": {}}, {"choice": {}}),
        ({"choice": 0}, {"choice": 0}),
        ({"choice": ""}, {"choice": ""}),
        ({"below": {"items": {"items": []}, "always": {}}}, {"below": {"items": {}, "always": {}}}),
    ],
)
def test_only_empty_lists_and_maps_in_fields_that_may_lack_become_absent(value, left):
    """A record without a key, a required list, an entry of a map, a zero and an empty text all stay."""
    assert exact(left) == exact(expected(value, EMPTY, {Deviation.EMPTY_AS_ABSENT}))


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ({"nullable": None, "maybe": None, "always": []}, {"always": []}),
        ({"nullable": [], "maybe": [None]}, {"nullable": [], "maybe": [None]}),
        ({"child": {"items": None}}, {"child": {}}),
        ({"below": {"k": None, "l": {"items": None}}}, {"below": {"k": None, "l": {}}}),
        ({"unknown": None}, {"unknown": None}),
    ],
)
def test_only_fields_that_are_null_become_absent(value, left):
    """A null in a list and in a map stays."""
    assert exact(left) == exact(expected(value, EMPTY, {Deviation.NULL_AS_ABSENT}))


def test_integers_become_floats_where_floats_stand_as_well():
    """Nowhere else, and a boolean is no integer."""
    number = Union((Scalar.NULL, Scalar.INT64, Scalar.FLOAT64))
    kind = record("Mixed", a=List(number), b=Map(Scalar.STRING, number), c=Scalar.INT64, d=List(Scalar.FLOAT64))
    value = {"a": [1, 1.5, None, True], "b": {"k": 0}, "c": 1, "d": [2.0]}
    floats = {"a": [1.0, 1.5, None, True], "b": {"k": 0.0}, "c": 1, "d": [2.0]}
    assert exact(floats) == exact(expected(value, kind, {Deviation.INT_AS_FLOAT}))


def test_a_null_is_refused_where_it_is_no_field():
    """With its place; one that is a field is not."""
    kind = record("Holder", a=Union((Scalar.NULL, List(Union((Scalar.NULL, Scalar.INT64))))))
    both = payload("both", kind, {"a": None}, {"a": [1, None]})
    loose = {Deviation.NO_LOOSE_NULL}
    assert (Deviation.NO_LOOSE_NULL, "instance 1: a[1]") == refusal(both, loose)
    assert refusal(payload("field", kind, {"a": None}), loose) is None


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ({"always": [], "below": {}}, {"always": [], "below": {}}),
        ({"child": {}}, {"child": {"items": None}}),
        ({"choice": {}}, {"choice": {"a": None}}),
        ({"choice": [0]}, {"choice": [0]}),
        ({"nullable": None}, {"nullable": None}),
        ({"below": {"k": {}}}, {"below": {"k": {"items": None}}}),
    ],
)
def test_only_optional_fields_that_are_absent_become_null(value, filled):
    """A record has every optional field of its own then; entries of a map are never made up."""
    optional = dict.fromkeys(("items", "labels", "child", "nullable", "choice"))
    assert exact({**optional, **filled}) == exact(expected(value, EMPTY, {Deviation.ABSENT_AS_NULL}))


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ((1 << 63) - 1, None),
        (-(1 << 63), None),
        (1 << 63, "(root)"),
        ({"a": [0, {"b": (1, (1 << 64) - 1)}]}, "a[1].b[1]"),
        ({"a": {1 << 63: 1}}, "a.9223372036854775808"),
        ([(1 << 63) - 1, True, 1.0, "x", None], None),
    ],
)
def test_integers_from_2_to_the_63_are_refused_where_only_a_sign_and_63_bits_are_carried(value, path):
    """The limit itself is carried, and the first integer above it is named, be it a value or a key."""
    found = refusal(payload("signed", ANY_TYPE, 0, value), {Deviation.INT_63_BITS})
    assert found == (path and (Deviation.INT_63_BITS, f"instance 1: {path}"))


def test_nested_types_are_followed_to_where_a_deviation_needs_them():
    """What is optional is known inside lists, maps and unions too."""
    inner = Record("Inner", (Field(name="a", type=List(Scalar.INT64), number=1, optional=True),))
    kind = List(Map(Scalar.INT64, Union((Scalar.NULL, List(inner)))))
    value = [{1: [{"a": []}, {"a": [1]}], 2: None}]
    deviations = {Deviation.EMPTY_AS_ABSENT, Deviation.KEYS_AS_STRINGS}
    assert [{"1": [{}, {"a": [1]}], "2": None}] == expected(value, kind, deviations)


def test_a_refusal_names_the_first_deviation_of_the_list_and_the_first_place():
    """Which one is named does not depend on the order of a set."""
    shape = record("Shape", items=List(record("Item", price=Union((Scalar.NULL, Scalar.FLOAT64)))))
    both = payload("both", shape, {"items": [{"price": 1.0}]}, {"items": [{"price": None}, {"price": math.inf}]})
    assert (Deviation.NO_NAN, "instance 1: items[1].price") == refusal(both, {Deviation.NO_NULL, Deviation.NO_NAN})
    assert (Deviation.NO_NULL, "instance 1: items[0].price") == refusal(both, {Deviation.NO_NULL})
    assert refusal(both, {Deviation.NO_BYTES, Deviation.FLOAT32}) is None


def test_where_a_refused_thing_stands_can_be_printed():
    """A lone surrogate in a key is escaped in the path, so that a report of it can be encoded."""
    (surrogate,) = (each for each in ALL if each.name == "surrogate_key")
    assert (Deviation.NO_SURROGATES, r"instance 0: s.a\udfff") == refusal(surrogate, {Deviation.NO_SURROGATES})


def test_keys_are_refused_as_values_are():
    """An integer over 64 bits is not carried where it is a key either."""
    (big,) = (each for each in ALL if each.name == "big_keys")
    assert (Deviation.INT_64_BITS, "instance 0: by_id.18446744073709551616") == refusal(big, {Deviation.INT_64_BITS})
