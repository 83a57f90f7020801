"""What came back is held against what went in, types included, and a reader against every leaf."""

from __future__ import annotations

import math
from collections import OrderedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.codecs.deviations import RULES, Deviation
from serbench.schema.reader import compile_reader, source
from serbench.schema.spool import payload_of
from serbench.schema.types import List, Map, Optional, Scalar, Schema, Union, record
from serbench.worker.verify import active, first_difference, round_trip_difference, unread_leaf

ANY = Schema("Any", Scalar.NULL)
# Few values, all of them alike to somebody: two draws are often the same, and often all but the same.
_LEAVES = st.sampled_from(
    [None, False, True, 0, 1, 0.0, -0.0, 1.0, math.nan, math.inf, "", "1", b"", b"1", 1 << 70, 2.0**70]
)
_KEYS = st.sampled_from(["1", "", 0, 1, True, 1.0, None])
ALIKE = st.recursive(
    _LEAVES,
    lambda part: st.lists(part, max_size=2) | st.lists(part, max_size=2).map(tuple) | st.dictionaries(_KEYS, part),
    max_leaves=3,
)


def canonical(value):
    """A text that two values share if and only if they are the same but for the order of keys."""
    if isinstance(value, dict):
        return f"{{{sorted(f'{key!r}: {canonical(item)}' for key, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}{list(map(canonical, value))}"
    return repr(value)


def payload(*instances, kind=Scalar.NULL):
    """A payload of these instances."""
    return payload_of("any", Schema("Any", kind), instances)


@given(ALIKE, ALIKE)
def test_only_the_same_is_no_difference(must, back):
    """Whatever is compared, there is a difference if and only if the two are not the same to the type and the bit."""
    same = canonical(must) == canonical(back)
    assert same is (first_difference(must, back) == "")
    assert same is (round_trip_difference(must, back, payload(must), frozenset()) == "")


DIFFERENCES = [
    (1, 1.0, "(root): expected 1 (int), got 1.0 (float)"),
    (1, True, "(root): expected 1 (int), got True (bool)"),
    (False, 0, "(root): expected False (bool), got 0 (int)"),
    ([0.0], [-0.0], "[0]: expected 0.0 (float), got -0.0 (float)"),
    (-0.0, 0.0, "(root): expected -0.0 (float), got 0.0 (float)"),
    (math.nan, 1.0, "(root): expected nan (float), got 1.0 (float)"),
    (1.0, math.nan, "(root): expected 1.0 (float), got nan (float)"),
    (math.inf, -math.inf, "(root): expected inf (float), got -inf (float)"),
    ("a", "b", "(root): expected 'a' (str), got 'b' (str)"),
    ("a", b"a", "(root): expected 'a' (str), got b'a' (bytes)"),
    (b"a", bytearray(b"a"), "(root): expected b'a' (bytes), got bytearray(b'a') (bytearray)"),
    (b"\x00", b"\x01", r"(root): expected b'\x00' (bytes), got b'\x01' (bytes)"),
    ({"a": (1, 2)}, {"a": [1, 2]}, "a: expected (1, 2) (tuple), got [1, 2] (list)"),
    ([1], (1,), "(root): expected [1] (list), got (1,) (tuple)"),
    ([1, 2], [1], "(root): expected 2 items, got 1"),
    ({"a": ()}, {"a": (1,)}, "a: expected 0 items, got 1"),
    ({"a": None}, {}, "a: missing"),
    ({}, {"a": None}, "a: not in what went in"),
    ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2, "d": 3}}, "a.c: not in what went in"),
    ({"a": 1, "b": 1}, {"a": 1, "c": 1}, "b: missing"),
    ({1: "a"}, {"1": "a"}, "1: missing"),
    ({1: "a"}, {True: "a"}, "1: the key came back as another type"),
    ({"a": {1.0: "a"}}, {"a": {1: "a"}}, 'a["1.0"]: the key came back as another type'),
    ({1: "a"}, {1: "b"}, "1: expected 'a' (str), got 'b' (str)"),
    ({"a": 1}, OrderedDict(a=1), "(root): expected {'a': 1} (dict), got OrderedDict("),
    ({"a": [{"b": 1}, {"b": [0, (2,)]}]}, {"a": [{"b": 1}, {"b": [0, (3,)]}]}, "a[1].b[1][0]: expected 2 (int), got 3"),
    ([1, 2, 3], [1, 0, 0], "[1]: expected 2 (int), got 0 (int)"),
    ("x" * 99, "", f"(root): expected '{'x' * 56}... (str), got '' (str)"),
]


@pytest.mark.parametrize(("must", "back", "difference"), DIFFERENCES)
def test_the_first_difference_is_named_with_its_path(must, back, difference):
    """Where it is, what was expected and what came back, with the types, the same by the short way and the long."""
    for found in (first_difference(must, back), round_trip_difference(must, back, payload(must), frozenset())):
        assert found.startswith(difference)
        assert len(found) < 200


@pytest.mark.parametrize(
    ("must", "back"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ([math.nan], [-math.nan]),
        (b"\xff", bytes([255])),
        ({"a": {}, "b": [], "c": ()}, {"a": {}, "b": [], "c": ()}),
        ("\ud800", "\ud800"),
    ],
    ids=["order-of-keys", "nan", "bytes", "empty", "surrogate"],
)
def test_what_counts_as_the_same(must, back):
    """The order of keys and the bits of a NaN are nobody's loss."""
    assert "" == first_difference(must, back)
    assert "" == round_trip_difference(must, back, payload(must), frozenset())


class Untold(dict):
    """A dict that cannot be shown."""

    def __repr__(self):
        raise RuntimeError("not to be shown")


def nested(depth):
    """A list in a list, as deep as that."""
    value = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("back", "words"),
    [
        ({"v": nested(10**6)}, "v: expected 1 (int), got something that cannot be shown (list)"),
        ({"v": {"n": 10**5000}}, "v: expected 1 (int), got something that cannot be shown (dict)"),
        ({"v": 10**5000}, "v: expected 1 (int), got something that cannot be shown (int)"),
        ({"v": Untold()}, "v: expected 1 (int), got something that cannot be shown (Untold)"),
        ({"v": 1, 10**5000: 1}, "a key of type int: not in what went in"),
    ],
    ids=["deep", "long-within", "long", "untold", "long-key"],
)
def test_what_cannot_be_shown_is_a_difference_all_the_same(back, words):
    """It is told by its type: what came back is wrong, and nothing has failed."""
    assert words == round_trip_difference({"v": 1}, back, payload({"v": 1}), frozenset())


def test_bytes_and_other_buffers_are_told_apart_in_a_payload_of_bytes():
    """The quick comparison cannot tell them, so it is not asked where bytes occur."""
    whole = {"a": b"x"}
    found = round_trip_difference(whole, {"a": bytearray(b"x")}, payload(whole), frozenset())
    assert "a: expected b'x' (bytes), got bytearray(b'x') (bytearray)" == found


CHANGES = {
    Deviation.TUPLE_AS_LIST: ((1, 2), [1, 2]),
    Deviation.BYTES_AS_BASE64: (b"\xff", "/w=="),
    Deviation.KEYS_AS_STRINGS: ({1: "a"}, {"1": "a"}),
    Deviation.FLOAT32: (0.1, 0.10000000149011612),
}


@pytest.mark.parametrize("deviation", CHANGES)
def test_exactly_the_declared_change_must_come_back(deviation):
    """With a deviation the changed value is right and the value as it was is wrong; without it, the other way round."""
    went_in, changed = CHANGES[deviation]
    whole = payload(went_in)
    declared = active(frozenset({deviation}), whole)
    assert {deviation} == declared
    assert "" == round_trip_difference(went_in, changed, whole, declared)
    assert "" != round_trip_difference(went_in, went_in, whole, declared)
    assert "" != round_trip_difference(went_in, changed, whole, frozenset())
    assert "" == round_trip_difference(went_in, went_in, whole, frozenset())


def test_only_what_occurs_in_the_payload_is_active():
    """Deviations that refuse are never active, and those that change only where there is what they change."""
    refusing = frozenset(deviation for deviation in Deviation if RULES[deviation].refuses)
    assert frozenset() == active(refusing, payload({1: [(1,), b"", 0.5, 1 << 70, None, math.nan]}))
    subclass = {Deviation.INT_SUBCLASS}  # it costs nothing to be ready for one
    assert subclass == active(frozenset(Deviation), payload({"a": [1, True, "x"]}))
    assert subclass | set(CHANGES) == active(frozenset(Deviation), payload({1: [(1,), b"", 0.5, 1 << 70]}))


def test_a_subclass_of_int_is_an_int_where_that_is_declared():
    """Wherever it stands, with the same value; True is none all the same."""

    class Wide(int):
        """What a library may give."""

    def difference(must, back):
        return first_difference(must, back, subclasses=True)

    assert "" == difference({"a": [1, (2,)]}, {"a": [Wide(1), (Wide(2),)]})
    assert difference([1], [Wide(2)])
    assert difference([1], [True])
    assert difference([True], [Wide(1)])
    assert difference([1.0], [Wide(1)])
    assert first_difference([1], [Wide(1)])
    assert "" == round_trip_difference([1], [Wide(1)], payload([1]), frozenset({Deviation.INT_SUBCLASS}))
    assert round_trip_difference([1], [Wide(1)], payload([1]), frozenset())


def test_an_absent_field_may_be_null_where_that_is_declared():
    """Only where the schema has such a field."""
    declared = frozenset({Deviation.ABSENT_AS_NULL})
    shapes = (record("R", a=Optional(Scalar.INT64)), record("R", a=Scalar.INT64))
    assert [declared, frozenset()] == [active(declared, payload({}, kind=shape)) for shape in shapes]


@pytest.mark.parametrize(
    ("kind", "is_active"),
    [
        (record("R", a=Optional(List(Scalar.INT64))), True),
        (record("R", a=Optional(Map(Scalar.STRING, Scalar.INT64))), True),
        (record("R", a=Optional(Union((Scalar.NULL, List(Scalar.INT64))))), True),
        (record("R", a=Optional(Union((Scalar.INT64, List(Scalar.INT64))))), True),
        (List(record("R", a=Optional(Map(Scalar.STRING, Scalar.INT64)))), True),
        (record("R", a=List(Scalar.INT64)), False),
        (record("R", a=Optional(Scalar.STRING)), False),
        (record("R", a=Optional(record("Below", b=List(Scalar.INT64)))), False),
    ],
)
def test_an_empty_container_can_vanish_where_a_field_of_it_is_optional(kind, is_active):
    """The schema tells whether EMPTY_AS_ABSENT changes anything; the kinds of the payload do not."""
    wanted = frozenset({Deviation.EMPTY_AS_ABSENT})
    assert is_active is (wanted == active(wanted, payload({}, kind=kind)))


def test_an_empty_list_that_vanishes_is_right_only_where_it_is_declared():
    """What is absent must be absent in what comes back, and what is not declared must be there."""
    kind = record("R", a=Optional(List(Scalar.INT64)))
    whole = payload({"a": []}, kind=kind)
    declared = active(frozenset({Deviation.EMPTY_AS_ABSENT}), whole)
    assert "" == round_trip_difference({"a": []}, {}, whole, declared)
    assert "a: not in what went in" == round_trip_difference({"a": []}, {"a": []}, whole, declared)
    assert "a: missing" == round_trip_difference({"a": []}, {}, whole, active(frozenset(), whole))


SHAPE = Schema(
    "Shape",
    record(
        "Shape",
        id=Scalar.INT64,
        note=Optional(Scalar.STRING),
        points=List(record("Point", x=Scalar.FLOAT64)),
        by_name=Map(Scalar.STRING, List(Scalar.BYTES)),
    ),
)
INSTANCE = {"id": 1, "points": [{"x": 1.0}, {"x": 2.0}], "by_name": {"a": [b"1", b"2"], "b": []}}
LEAVES = 5


def unread(code, decode=lambda data: data, data=INSTANCE, schema=SHAPE, instance=None):
    """What a reader of this source leaves out, and how many leaves there are."""
    must = data if instance is None else instance
    return unread_leaf(lambda around: compile_reader(code, around), decode, data, must, schema)


def test_a_reader_that_touches_every_leaf_leaves_nothing_out():
    """The path is empty, and the leaves are those of the plain value: absent ones are none."""
    assert ("", LEAVES) == unread(source(SHAPE, access="item"))
    assert ("", 1) == unread("def read(data): decode(data)", data=7, schema=Schema("N", Scalar.INT64))


@pytest.mark.parametrize(
    ("body", "missed"),
    [
        ("", "id"),
        ("v['id']", "points[0].x"),
        ("v['id']; [p for p in v['points']]", "points[0].x"),
        ("v['id']; v['points'][0]['x']; v['by_name']", "points[1].x"),
        ("v['id']; [p['x'] for p in v['points']]; v['by_name']", "by_name.a[0]"),
        ("v['id']; [p['x'] for p in v['points']]; [len(i) for i in v['by_name'].values()]", "by_name.a[0]"),
        ("v['id']; [p['x'] for p in v['points']]; [i[0] for i in v['by_name'].values() if i]", "by_name.a[1]"),
        ("v.get('id'); [p['x'] for p in v['points']]; [list(i) for _, i in v['by_name'].items()]", ""),
    ],
)
def test_a_reader_that_leaves_something_out_is_told_the_first_leaf(body, missed):
    """Each leaf counts: to look at a list, to count it or to go through its items is not to read what is in them."""
    assert (missed, LEAVES) == unread(f"def read(data):\n    v = decode(data)\n    {body}")


def test_the_root_may_be_the_leaf_that_is_left_out():
    """A payload that is one leaf is read as soon as it is decoded; a reader that does not decode has read nothing."""
    assert ("(root)", 1) == unread("def read(data): pass", data=7, schema=Schema("N", Scalar.INT64))


def test_leaves_are_those_of_what_must_come_back():
    """What a codec's decode leaves out is left out of the reading too, and is found."""
    assert ("note", LEAVES + 1) == unread(source(SHAPE, access="item"), instance=INSTANCE | {"note": "lost"})


def test_what_a_reader_raises_comes_out():
    """A reader that does not fit what is decoded is no reader that leaves something out."""
    with pytest.raises(KeyError, match="id"):
        unread(source(SHAPE, access="item"), decode=lambda _: {})
