"""Pairs with real workers: both halves are whole or the pair does not count."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from serbench.harness import cores, memory
from serbench.harness.crew import Crew, Kit, Times
from serbench.harness.disturbance import Watch
from serbench.harness.ledger import Ledger
from serbench.harness.link import Stopped
from serbench.harness.pairs import CALLS_FOR_TAIL, LONGER_BLOCK_NS, Arm, Pairs, size
from serbench.records.cases import Status
from sessions import by_id, planned

TIMES = Times(prepare=5.0, verify=5.0)
ROUNDS = 3


def arm(name, plan, rng, **kit):
    """One side; both measure the same plan."""
    ledger = Ledger(plan, paired=True)
    crew = Crew(
        codecs=plan.codecs,
        ledger=ledger,
        cores=cores.split(),
        rng=rng,
        patience=1.0,
        memory_bytes=memory.limit(),
        stop=lambda: False,
        kit=Kit(**kit),
    )
    return Arm(name=name, plan=plan, ledger=ledger, crew=crew)


def alternating(arms, **options):
    """Pairs of few rounds."""
    core = cores.split().only
    defaults = {"rng": Random(2), "timeout": 1.0, "stop": lambda: False, "tell": lambda _phase, _case: None}
    watch = Watch(Path("/"), core, cores.usable())
    return Pairs(arms=arms, cores=cores.split(), watch=watch, rounds=ROUNDS, **(defaults | options))


def measured(of):
    """What a side has measured, by case id."""
    return {m.case.id: m for m in of.ledger.measurements("not measured")}


@pytest.fixture(scope="module")
def sides(tmp_path_factory):
    """Two sides, one of which is slower on purpose and one of whose codecs dies on both after 400 calls; two pairs."""
    folder = tmp_path_factory.mktemp("pairs")
    plan = planned(folder, ["sound", "orjson", "dies"], ["decode", "encode"])
    slow = {"orjson/note/decode": [2_000, 0]}
    rng = Random(1)
    arms = [arm("base", plan, rng), arm("new", plan, rng, burdens=slow)]
    pairs = alternating(arms)
    pairs.get_ready(TIMES)
    for _ in range(2):
        pairs.measure(TIMES)
    return pairs, [measured(one) for one in arms]


def test_both_sides_have_the_same_pairs_and_rounds(sides):
    """A worker of each pair on either side, with a median for each round."""
    pairs, (base, new) = sides
    assert [1, 2] == [one.n for one in pairs.done]
    for case_id in ("sound/note/decode", "orjson/note/decode", "orjson/note/encode"):
        for side in (base, new):
            assert [0, 1] == [worker.pair for worker in side[case_id].workers]
            assert {ROUNDS} == {len(worker.block_medians) for worker in side[case_id].workers}
            assert {ROUNDS} == {len(worker.ns_per_call) for worker in side[case_id].workers}
        calls = [[worker.calls for worker in side[case_id].workers] for side in (base, new)]
        assert calls[0] == calls[1]


def test_every_worker_is_a_process_of_its_own(sides):
    """Started anew for each pair, with a hash seed drawn for it."""
    _, (base, new) = sides
    seeds = [worker.hash_seed for side in (base, new) for worker in side["orjson/note/decode"].workers]
    assert 4 == len(set(seeds))


def test_what_a_worker_dies_of_costs_its_case_only(sides):
    """The pair is begun again without it: the other cases of both sides are whole."""
    _, both = sides
    ended = [side["dies/note/decode"] for side in both]
    assert Status.FAILED in {m.status for m in ended}
    assert any("killed by SIGSEGV" in m.reason for m in ended)
    assert {Status.MEASURED} == {side["sound/note/decode"].status for side in both}


def test_slowness_that_was_put_in_is_found_in_its_place(sides):
    """Behind every second decode of one side, in single calls and in batches; not behind encode."""
    _, (base, new) = sides
    for case_id, slower in (("orjson/note/decode", True), ("orjson/note/encode", False)):
        # Of all rounds the quickest: in a single one another program may have run.
        was, now = (min(ns for one in side[case_id].workers for ns in one.ns_per_call) for side in (base, new))
        assert slower == (now > 3 * was)


def test_a_pair_that_is_stopped_does_not_count(tmp_path):
    """Half of a pair is none."""
    plan = planned(tmp_path, ["sound"])
    arms = [arm(name, plan, Random(1)) for name in ("base", "new")]
    looks = iter(range(1_000_000))
    pairs = alternating(arms)
    pairs.get_ready(TIMES)
    pairs.stop = lambda: next(looks) > 8
    with pytest.raises(Stopped):
        pairs.measure(TIMES)
    assert [] == pairs.done
    assert all(not m.workers for one in arms for m in measured(one).values())


def test_blocks_are_about_two_milliseconds():
    """Whatever a call takes; only for a 99th percentile they may be longer, and never longer than that is worth."""
    for ns in (100, 2_000, 50_000):
        assert 1.5e6 <= size(ns).expected_ns <= 2.5e6
    needs_more = size(200_000)
    assert CALLS_FOR_TAIL == needs_more.calls
    assert needs_more.expected_ns <= LONGER_BLOCK_NS
    assert size(5_000_000).calls == 1


def test_a_session_keeps_no_medians(tmp_path):
    """Only pairs do: they have another half."""
    from sessions import session

    final = list(session(planned(tmp_path, ["sound"])).run())[-1]
    assert {()} == {worker.block_medians for m in by_id(final).values() for worker in m.workers}
