"""What is going to be measured, and how large a block is: each case once, and a block of at least one call."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import codec, payload
from serbench.harness.plan import Setting, Spooled, Station, block, plan, station
from serbench.records.cases import Operation, Status

ALL = tuple(Operation)
PLAIN, TYPED, BROKEN = codec("plain"), codec("typed", model="typed"), replace(codec("broken"), unavailable="no library")
US, MS, S = 1e3, 1e6, 1e9
lengths = st.floats(1, 100 * S)
shares = st.floats(0, 1000 * S)


def spooled(name="order", *, own=True):
    """A payload that nobody reads."""
    return Spooled(info=payload(name), path=Path(name), instances_default=own)


def ids(cases):
    """Their ids, in order."""
    return [case.id for case in cases]


@given(st.floats(1, 1000 * S), shares)
def test_a_block_has_a_call(ns_per_call, share_ns):
    """However long a call and however short the share: one call at least, 65,536 at most, the same for a batch."""
    size = block(ns_per_call, share_ns)
    assert 1 <= size.calls <= 65_536
    assert (0 if ns_per_call >= MS else 1) <= size.batch <= 65_536


@given(lengths, shares)
def test_a_block_keeps_to_its_share(ns_per_call, share_ns):
    """Singles and batch take the share, or 2 ms where it is shorter; a tenth for the lead-in and one call are extra."""
    assert block(ns_per_call, share_ns).expected_ns <= 1.1 * max(2 * MS, share_ns) + ns_per_call


@given(lengths, shares)
def test_a_block_has_an_end(ns_per_call, share_ns):
    """However large the share: 20 ms, or ten lead-ins of five calls where that is longer."""
    assert block(ns_per_call, share_ns).expected_ns <= 1.1 * max(20 * MS, 50 * ns_per_call) + ns_per_call


@given(lengths, shares)
def test_a_lead_in_has_an_end(ns_per_call, share_ns):
    """It ends at twice 200 us or five calls, and at twice a tenth of the block; a call longer than that has none."""
    limit = block(ns_per_call, share_ns).lead_in_limit_ns
    tenth = max(2 * MS, share_ns) / 10
    assert limit <= 2 * min(max(200 * US, 5 * ns_per_call), tenth) + 1
    assert limit == 0 or limit + 1 >= 2 * ns_per_call
    if ns_per_call > tenth:
        assert 0 == limit


@pytest.mark.parametrize(
    ("ns_per_call", "share_ns", "expected"),
    [
        (1 * US, S, (400_000, 15_000, 5_000)),  # 20 ms: three quarters singles
        (1 * US, 4 * MS, (400_000, 3_000, 1_000)),  # its share
        (1 * US, 0, (400_000, 1_500, 500)),  # 2 ms at the least
        (1, S, (400_000, 65_536, 65_536)),
        (100 * US, S, (1_000_000, 150, 50)),
        (MS - 1, S, (9_999_990, 37, 12)),  # ten lead-ins are longer than 20 ms
        (MS, S, (10_000_000, 50, 0)),  # from here on there is no batch, the singles serve
        (MS, 10 * MS, (2_000_000, 10, 0)),  # the share is short of ten lead-ins: a tenth of it
        (MS, 9 * MS, (0, 9, 0)),  # a call is longer than that
        (600 * US, 0, (0, 2, 1)),
        (10 * S, S, (0, 1, 0)),
    ],
)
def test_sizes(ns_per_call, share_ns, expected):
    """Limit of the lead-in, singles and batch of calls and shares of all lengths."""
    size = block(ns_per_call, share_ns)
    assert expected == (size.lead_in_limit_ns, size.calls, size.batch)
    assert (5, 200_000) == (size.lead_in_calls, size.lead_in_ns)


def test_what_a_block_is_expected_to_take():
    """The lead-in, which ends at half its limit as a rule, and all calls."""
    assert 0.2 * MS + 20 * MS == block(1 * US, S).expected_ns
    assert 5 * MS + 50 * MS == block(1 * MS, S).expected_ns


@pytest.mark.parametrize(
    ("instances", "batch"),
    [(1, 5_000), (8, 5_000), (1_024, 5_120), (3_000, 6_000), (9_999, 9_999), (10_001, 5_000), (100_000, 5_000)],
)
def test_a_batch_has_whole_rotations_where_half_of_one_fits(instances, batch):
    """Its mean is then that of all messages; 5,000 calls of 1 us are a quarter of 20 ms."""
    assert batch == block(1 * US, S, instances).batch


@given(lengths, shares, st.integers(1, 2_000))
def test_whole_rotations_are_not_twice_as_long(ns_per_call, share_ns, instances):
    """A batch with them is at most twice the one without; singles are the same."""
    with_, without = block(ns_per_call, share_ns, instances), block(ns_per_call, share_ns)
    assert with_.batch <= min(2 * without.batch, 65_536)
    assert (with_.calls, with_.lead_in_ns) == (without.calls, without.lead_in_ns)
    assert with_.expected_ns == pytest.approx(without.expected_ns + (with_.batch - without.batch) * ns_per_call)


def test_dump_of_a_plain_codec_is_measured_as_encode():
    """Dump and load are aliases, whether or not encode and decode were asked for; a typed codec has its own."""
    made = plan([PLAIN, TYPED], [spooled()], [Operation.DUMP, Operation.LOAD], [Setting()])
    assert ["plain/order/encode", "typed/order/dump", "plain/order/decode", "typed/order/load"] == ids(made.cases)
    aliases = {case.id: target for case, target in made.aliases}
    assert {"plain/order/dump": "plain/order/encode", "plain/order/load": "plain/order/decode"} == aliases
    same = plan([PLAIN], [spooled()], [Operation.ENCODE, Operation.DUMP], [Setting()])
    assert ["plain/order/encode"] == ids(same.cases)


def test_what_cannot_be_measured_is_skipped_with_the_reason():
    """An unavailable codec stays in the plan: each of its cases is there, under its own name, and none is measured."""
    made = plan([BROKEN], [spooled()], [Operation.DUMP, Operation.READ], [Setting()])
    assert ["broken/order/dump", "broken/order/read"] == ids(m.case for m in made.skipped)
    assert {(Status.SKIPPED, "no library")} == {(m.status, m.reason) for m in made.skipped}
    assert ((), (), (BROKEN,)) == (made.cases, made.aliases, made.codecs)


def test_an_alias_is_under_the_same_conditions():
    """Dump with the collector off is encode with the collector off."""
    made = plan([PLAIN], [spooled(own=False)], [Operation.DUMP], [Setting(gc="off"), Setting(gc="frozen")])
    assert ["plain/order/encode?gc=off&n=64", "plain/order/encode?gc=frozen&n=64"] == ids(made.cases)
    assert ids(made.cases) == [target for _, target in made.aliases]


def test_the_order_is_payload_collector_operation_codec():
    """So that what is held against each other is measured side by side where rounds are not drawn."""
    made = plan([TYPED, PLAIN], [spooled("b"), spooled("a")], [Operation.READ, Operation.ENCODE], [Setting()])
    wanted = product(("b", "a"), ("read", "encode"), ("typed", "plain"))
    assert [f"{codec}/{payload}/{operation}" for payload, operation, codec in wanted] == ids(made.cases)


def test_nothing_makes_an_empty_plan():
    """No codecs or no payloads: no cases, and no error here."""
    assert ((), ()) == (plan([], [spooled()], ALL, [Setting()]).cases, plan([PLAIN], [], ALL, [Setting()]).cases)


settings = st.builds(
    Setting,
    gc=st.sampled_from(["on", "off", "frozen"]),
    heap_objects=st.sampled_from([0, 10, 20_000]),
    threads=st.sampled_from([1, 4]),
)


@given(
    st.sets(st.sampled_from(["plain", "typed", "broken"])),
    st.permutations(ALL).flatmap(lambda order: st.integers(1, 5).map(lambda n: order[:n])),
    st.lists(settings, unique=True, max_size=4),
)
def test_every_case_is_there_once(names, operations, asked_for):
    """Measured, an alias or skipped: all that was asked for, each under one of the three; aliases have a target."""
    codecs = [info for info in (PLAIN, TYPED, BROKEN) if info.name in names]
    made = plan(codecs, [spooled("a"), spooled("b")], operations, asked_for)
    shown = [*made.cases, *(case for case, _ in made.aliases), *(m.case for m in made.skipped)]
    assert len(shown) == len(set(ids(shown)))
    asked = product(names, ("a", "b"), operations, asked_for)
    assert set(asked) <= {(case.codec, case.payload, case.operation, setting_of(case)) for case in shown}
    assert {target for _, target in made.aliases} <= set(ids(made.cases))


def setting_of(case):
    """Its conditions, without the payload's part."""
    conditions = case.conditions
    return Setting(gc=conditions.gc, heap_objects=conditions.heap_objects, threads=conditions.threads)


def test_heap_and_threads_are_cases_of_their_own():
    """Whose ids say so; an alias is under the same conditions."""
    asked_for = [Setting(), Setting(heap_objects=20_000, threads=4)]
    made = plan([PLAIN], [spooled()], [Operation.DECODE, Operation.LOAD], asked_for)
    assert ["plain/order/decode", "plain/order/decode?heap=20000&threads=4"] == ids(made.cases)
    assert ids(made.cases) == [target for _, target in made.aliases]


def test_stations():
    """A worker measures what has its codec and conditions, all operations and payloads; a heap is of one payload."""
    asked_for = [Setting(), Setting(gc="off"), Setting(threads=2), Setting(heap_objects=5)]
    made = plan([PLAIN, TYPED], [spooled("a"), spooled("b")], [Operation.DECODE, Operation.READ], asked_for)
    expected = {Station(codec=name, setting=one) for name in ("plain", "typed") for one in asked_for[:3]}
    expected |= {
        Station(codec=name, setting=asked_for[3], payload=payload) for name in ("plain", "typed") for payload in "ab"
    }
    assert expected == {station(case) for case in made.cases}


def test_what_codecs_write_is_kept_apart():
    """Beside the payload, each codec under a name of its own, whatever it is called: no slash, no surrogate."""
    names = ("json", "a/b", "\udc80", "", "json ")
    paths = [spooled("folder/order").exchange(name) for name in names]
    assert len(names) == len(set(paths))
    assert {Path("folder")} == {path.parent for path in paths}
    assert paths == [spooled("folder/order").exchange(name) for name in names]
