"""Further instances from a few."""

from __future__ import annotations

import statistics
import zlib
from itertools import islice
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from outlines import of_value

from conforming import violations
from serbench.payloads import catalogue
from serbench.payloads.instances import random_of
from serbench.payloads.vary import draws
from serbench.payloads.vary.further import further
from serbench.schema import spool
from serbench.schema.inference import infer
from serbench.schema.places import UntypedPlace
from serbench.schema.types import Map

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None), max_size=9)
    | st.binary()
)
KEYS = st.text(max_size=4) | st.sampled_from(["$bytes", "$tuple", "a.b", "id"])
VALUES = st.recursive(
    LEAVES,
    lambda part: (
        st.lists(part, max_size=4)
        | st.lists(part, max_size=3).map(tuple)
        | st.dictionaries(KEYS, part, max_size=4)
        | st.dictionaries(st.integers(), part, max_size=4)
    ),
    max_leaves=12,
)


def made(few, count, *, seed=1):
    """The first further instances of these, and the schema."""
    schema = infer("any", few)
    return list(islice(further(few, schema, Random(seed)), count)), schema


@given(st.lists(VALUES, min_size=1, max_size=3), st.integers(0, 9))
def test_shapes_kinds_lengths_and_widths_stay(few, seed):
    """Every further instance has them of the instance that it was made from, and has the schema of them all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(draws, "few_valued", lambda _: False)  # what is few-valued may have another width
        try:
            found, schema = made(few, 4, seed=seed)
        except UntypedPlace:
            assume(False)  # keys of several types
    for n, one in enumerate(found):
        old = few[n % len(few)]
        assert of_value(old) == of_value(one)
        assert spool.encode(old).kinds == spool.encode(one).kinds
        assert list(violations(one, schema.root)) == [] or list(violations(old, schema.root)) != []


@pytest.mark.parametrize("count", [1, 8])
@pytest.mark.parametrize("name", [name for name in catalogue.known() if name not in ("geometry", "catalog")])
def test_sizes_stay_compressed_or_not(name, count):
    """JSON within 2 %, zlib within 8 % of what as many generated messages take; all of the same schema."""
    check(name, count, further_count=8)


@pytest.mark.parametrize("name", ["geometry", "catalog"])
def test_sizes_of_large_messages_stay(name):
    """The same of those that have half a megabyte."""
    check(name, 1, further_count=2)


def check(name, count, further_count):
    """Holds varied messages against those that they were made from."""
    few = list(islice(catalogue.get(name).generate(random_of(name, 3)), count))
    found, schema = made(few, further_count)
    assert [] == [text for one in found for text in violations(one, schema.root)]
    old, new = ([spool.encode(one).line for one in ones] for ones in (few, found))
    assert len({*old, *new}) == count + further_count
    for size, tolerance in ((len, 0.02), (lambda line: len(zlib.compress(line)), 0.08)):
        assert statistics.mean(map(size, new)) == pytest.approx(statistics.mean(map(size, old)), rel=tolerance)


def test_the_seed_decides():
    """The same one makes the same instances, however many are taken; another one makes others."""
    few = [
        {"id": 4711, "name": "Zoë", "at": "2026-01-01T00:00:00Z", "share": 0.25, "raw": b"abc", "by": {"ab": [True]}}
    ]
    first, again, fewer, others = (made(few, count, seed=seed)[0] for count, seed in ((9, 1), (9, 1), (3, 1), (9, 2)))
    assert first == again
    assert first[:3] == fewer
    assert not [one for one in others if one in first]


def test_the_few_are_gone_through_in_turn():
    """So that shapes are as frequent as they were."""
    found, _ = made([{"id": 4711, "name": "abc"}, {"id": 12}], 4)
    assert [2, 1, 2, 1] == [len(one) for one in found]
    assert len({one["id"] for one in found[::2]}) == 2


def test_what_is_the_same_stays_the_same():
    """An id in two places, and a map's keys that are named elsewhere."""
    few = [{"user": 1234567, "owner": 1234567, "order": ["a-1", "b-2"], "by": {"b-2": 1, "a-1": 2}}]
    schema = infer("any", few)
    fields = tuple(
        f if f.name != "by" else type(f)(name="by", number=4, type=Map("string", "int32")) for f in schema.root.fields
    )
    schema = type(schema)("Any", type(schema.root)("Any", fields))
    (found,) = islice(further(few, schema, Random(1)), 1)
    assert found["user"] == found["owner"] != 1234567
    assert [*found["by"]] == found["order"][::-1] != ["b-2", "a-1"]


def test_letters_of_every_script_become_others():
    """Those of all places, keys of maps included, stand for each other."""
    found, _ = made(
        [{"name": "Привет", "city": "дом", "by": {key: [1] for key in map(chr, range(0x4E00, 0x4E28))}}], 20
    )
    assert len({one["name"] for one in found}) > 10
    assert {letter for one in found for letter in one["city"]} > set("дом")
    assert len({tuple(one["by"]) for one in found}) > 10


def test_an_id_as_number_and_as_text_is_one_id():
    """As in answers of services whose readers may know no integers of 64 bits; zeros in front are no number's."""
    found, _ = made([{"id": 1050118621198921728, "id_str": "1050118621198921728", "n": 7, "code": "007"}], 20)
    assert all(str(one["id"]) == one["id_str"] and one["code"][:2] == "00" for one in found)
    assert len({one["id_str"] for one in found}) == 20


def test_keys_of_maps_never_meet():
    """However close they are: then their digits are replaced one by one, and numbers stay."""
    few = [
        {
            "by": {f"2026-01-{day:02}": [day] for day in range(1, 32)} | {"x": [1], "y": [2]},
            "at": {day: day for day in range(40)},
        }
    ]
    found, schema = made(few, 50)
    assert {"by", "at"} == {field.name for field in schema.root.fields if isinstance(field.type, Map)}
    assert [(33, 40)] * 50 == [(len(one["by"]), len(one["at"])) for one in found]


def test_records_of_several_shapes_change_places():
    """Which one comes next is not to be learned; where all have one shape, their order stays."""
    few = [
        {"mixed": [{"a": 1}, {"b": 1}, {"a": 1, "b": None}, {"c": []}], "same": [{"n": n} for n in (1111, 2222, 3333)]}
    ]
    found, _ = made(few, 40)
    orders = {tuple(tuple(item) for item in one["mixed"]) for one in found}
    assert len(orders) > 10
    assert all(sorted(order) == [("a",), ("a", "b"), ("b",), ("c",)] for order in orders)


def test_rates_stay():
    """Of booleans, of nulls and of what is absent."""
    few = [{"good": n % 4 == 0, "note": None if n % 2 else "abc", **({"tip": n} if n < 4 else {})} for n in range(16)]
    found, _ = made(few, 1600)
    shares = [sum(map(of, found)) / 1600 for of in (lambda one: one["good"], lambda one: one["note"] is None)]
    assert shares == [pytest.approx(0.25, abs=0.04), 0.5]
    assert 400 == sum("tip" in one for one in found)


def test_enums_have_no_other_numbers():
    """Wherever they stand: in a field, a list or a map."""
    few = [{"state": 3, "all": [1, 5], "plain": 3}]
    schema = infer("any", few)
    enums = frozenset({("Any", "state"), ("Any", "all")})
    found = list(islice(further(few, schema, Random(1), enums=enums), 60))
    assert ({3}, {1, 5}) == ({one["state"] for one in found}, {n for one in found for n in one["all"]})
    assert set(range(1, 10)) == {one["plain"] for one in found}


def test_binary_values_have_the_bytes_that_were_seen():
    """As often as these, and as many."""
    found, _ = made([b"aab" * 100], 20)
    assert {300} == set(map(len, found))
    assert set(b"".join(found)) == set(b"ab")
    assert statistics.mean(one.count(b"a") for one in found) == pytest.approx(200, abs=12)
