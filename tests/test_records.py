"""What a run is made of: ids that tell cases apart, and the way from a case to its numbers."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fakes
from serbench.records.cases import OPERATION_WORDS, Case, Conditions, Operation, Status
from serbench.records.run import Measurement

conditions = st.builds(
    Conditions,
    gc=st.sampled_from(["on", "off", "frozen"]),
    instances=st.integers(1, 3),
    instances_default=st.booleans(),
    heap_objects=st.integers(0, 3),
    threads=st.integers(1, 3),
)
names = st.text(min_size=1, max_size=4) | st.sampled_from(["a/b", "a", "b?gc=off", "b", "a%2Fb", "decode"])
cases = st.builds(Case, codec=names, payload=names, operation=st.sampled_from(Operation), conditions=conditions)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, ""),
        ({"gc": "off"}, "?gc=off"),
        ({"gc": "frozen", "instances_default": False}, "?gc=frozen&n=8"),
        ({"threads": 4, "heap_objects": 100}, "?heap=100&threads=4"),
        ({"gc": "off", "instances_default": False, "threads": 2, "heap_objects": 1}, "?gc=off&heap=1&n=8&threads=2"),
    ],
)
def test_conditions_show_where_they_are_not_the_default(said, expected):
    """In alphabetical order, so that one case has one id."""
    assert f"json/order/decode{expected}" == fakes.case("json", conditions=Conditions(instances=8, **said)).id


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("my-note_1.v2~", "my-note_1.v2~"),
        ("a/b", "a%2Fb"),
        ("a?gc=off&n=1", "a%3Fgc%3Doff%26n%3D1"),
        ("100 %", "100%20%25"),
        ("é", "%C3%A9"),
        ("a\nb", "a%0Ab"),
        ("\udc80", "%5Cudc80"),
    ],
)
def test_names_from_outside_are_percent_encoded(name, shown):
    """A file's name may hold anything, also what UTF-8 cannot carry; an id is one word of ASCII."""
    assert f"{shown}/{shown}/decode" == fakes.case(name, name).id


@given(cases)
def test_an_id_holds_its_names(case):
    """They are between the first two slashes, and nothing in them reaches beyond."""
    codec, payload, rest = case.id.split("/")
    assert (case.codec, case.payload) == (unquote(codec), unquote(payload))
    assert str(case.operation) == rest.partition("?")[0]


@given(cases, cases)
def test_different_cases_have_different_ids(one, other):
    """And equal ones the same; the number of instances counts where it was asked for."""

    def asked(case):
        c = case.conditions
        return (*(case.codec, case.payload, case.operation, c.gc, c.heap_objects, c.threads),) + (
            () if c.instances_default else (c.instances,)
        )

    assert (asked(one) == asked(other)) == (one.id == other.id)


def test_operations_say_what_they_are_handed():
    """Those that begin with bytes are told apart from those that make them; each has words for its reader."""
    assert ["decode", "load", "read"] == [operation for operation in Operation if operation.from_bytes]
    assert list(Operation) == list(OPERATION_WORDS)


@pytest.mark.parametrize(("name", "expected"), [("json", True), ("orjson", False), ("JSON", False)])
def test_the_baseline_is_named_like_its_format(name, expected):
    """Others are held against it."""
    assert expected == fakes.codec(name, "json").baseline


def test_a_measurement_is_found_by_the_id_of_its_case():
    """Under its conditions; a case that is not there is a KeyError with its id."""
    off = fakes.case("json", conditions=Conditions(gc="off", instances=64))
    there = [fakes.unmeasured(case, Status.FAILED, case.id) for case in (fakes.case("json"), off)]
    run = fakes.run(there)
    assert there == [run.measurement("json/order/decode"), run.measurement("json/order/decode?gc=off")]
    with pytest.raises(KeyError, match="json/order/encode"):
        run.measurement("json/order/encode")


def test_numbers_are_those_of_the_case_that_was_measured():
    """An alias leads to it; a case of its own is its own, whether or not it has numbers."""
    encode, dump, load = (fakes.case("json", operation=operation) for operation in ("encode", "dump", "load"))
    own = fakes.measured(encode, (fakes.worker([1_000], [1_000]),))
    alias = Measurement(case=dump, status=Status.MEASURED, same_as=encode.id)
    failed = fakes.unmeasured(load, Status.FAILED, "raised")
    run = fakes.run([alias, own, failed])
    assert [own, own, failed] == [run.numbers(m) for m in (alias, own, failed)]
    with pytest.raises(KeyError):
        fakes.run([alias]).numbers(alias)


def test_records_do_not_change():
    """What was measured stays what it was, and a field that is none is refused."""
    for record in (fakes.CONDITIONS, fakes.FLOOR, fakes.case("json"), fakes.run([])):
        with pytest.raises((FrozenInstanceError, TypeError)):
            record.threads = 2
