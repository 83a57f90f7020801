"""Slowness that is put in on purpose: how much, where, and that it is found in the arm that has it."""

from __future__ import annotations

from math import log
from random import Random

import pytest

from serbench.errors import NothingMeasured
from serbench.gate.paired import Key, Paired
from serbench.harness.plan import Setting
from serbench.histogram import Histogram
from serbench.records.cases import Operation
from serbench.records.verdict import TIMES, Outcome
from serbench.statistics.swaps import Series
from serbench.trial.arms import Maker
from serbench.trial.proof import ARMS, BASE, Proof, Slowness, against, windows
from sessions import planned, spooled

TAIL = Slowness(name="tail", words="now and then", tail=True)
FOURFOLD = Slowness(name="fourfold", words="four times as long", share=3.0)
CASE = "sound/note/decode"


def test_every_call_is_slower_by_its_share():
    """Of as many turns as take as long as a call; none in identical code and in base."""
    per_call = 4_321.0
    assert [[0], [216], [432]] == [arm.turns(per_call, 1) for arm in ARMS[:3]]
    assert [0] == BASE.turns(per_call, 1)
    assert [2] == Slowness(name="a", words="a", share=0.05).turns(33.0, 1)


def test_one_call_in_fifty_takes_three_times_as_long():
    """Two more calls' worth of turns behind it, and nothing behind the others."""
    turns = TAIL.turns(1_000.4, 1)
    assert {0, 2_001} == set(turns)
    assert 1 / 50 == pytest.approx(sum(map(bool, turns)) / len(turns), rel=0.02)


@pytest.mark.parametrize("instances", [1, 2, 8, 64, 100, 1_000])
def test_slow_calls_fall_on_all_instances(instances):
    """However many there are, no instance is slow more often than others in the long run."""
    turns = TAIL.turns(10.0, 3)
    slow = [0] * instances
    for call in range(len(turns) * instances):
        slow[call % instances] += bool(turns[call % len(turns)])
    assert {sum(map(bool, turns))} == set(slow)


def test_places_of_slow_calls_are_drawn():
    """By the seed, and not at even distances."""
    places = [[place for place, turns in enumerate(TAIL.turns(10.0, seed)) if turns] for seed in (1, 1, 2)]
    assert places[0] == places[1] != places[2]
    assert len({b - a for a, b in zip(places[0], places[0][1:], strict=False)}) > 20


def test_arms_are_what_the_method_claims():
    """Identical code, 5 % and 10 % slower, and a tail; base is none of them."""
    assert [(0.0, False), (0.05, False), (0.10, False), (0.0, True)] == [(arm.share, arm.tail) for arm in ARMS]
    assert 5 == len({arm.name for arm in (BASE, *ARMS)})


def proof(folder, names, *, arms, told=None):
    """One of few rounds."""
    maker = Maker(
        payloads=(spooled(folder),),
        operations=(Operation.DECODE,),
        settings=(Setting(),),
        rng=Random(1),
        timeout=1.0,
        stop=lambda: False,
    )
    return Proof(
        maker=maker,
        codecs=planned(folder, names).codecs,
        seed=4,
        timeout=1.0,
        stop=lambda: False,
        tell=lambda phase, case: told.append((phase, case)) if told is not None else None,
        arms=arms,
        rounds=2,
    )


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Two pairs of base and three arms, and what was told meanwhile."""
    told = []
    own = proof(tmp_path_factory.mktemp("proof"), ["sound"], arms=(ARMS[0], FOURFOLD, TAIL), told=told)
    running = own.run()
    counts = [next(running), next(running)]
    running.close()
    return own, counts, told, own.runs()


def least(run):
    """Time per call of the batch that was disturbed least, ns."""
    return min(mean for worker in run.measurement(CASE).workers for mean in worker.ns_per_call)


def test_every_arm_has_every_pair(measured):
    """As halves of one measurement: base is base, everything else is new."""
    own, counts, told, runs = measured
    assert [1, 2] == counts
    assert ["base", "same", "fourfold", "tail"] == list(runs)
    sides = {name: (run.pairing.id, run.pairing.side, run.pairing.asked) for name, run in runs.items()}
    assert {name: ("proof", "base" if name == "base" else "new", name) for name in runs} == sides
    for run in runs.values():
        assert [0, 1] == [worker.pair for worker in run.measurement(CASE).workers]
        assert (2, 2, 2) == (run.pairing.pairs, run.pairing.rounds, len(run.rounds))
        assert (4, ("time",)) == (run.seed, run.passes)
    assert own.disturbed == sum(one.disturbance.disturbed for one in runs["base"].rounds)
    assert ("round", CASE) in told


def test_slowness_is_found_where_it_was_put(measured):
    """Three times more behind each call is four times as long; identical code is nowhere near; a tail is a tail."""
    *_, runs = measured
    base = least(runs["base"])
    assert least(runs["same"]) < 2 * base
    assert least(runs["fourfold"]) > 2 * base
    assert least(runs["tail"]) < 2 * base
    tail = Histogram.merge(worker.histogram for worker in runs["tail"].measurement(CASE).workers)
    assert tail.percentile(0.99) > 1.5 * tail.percentile(0.5)  # three times as long, where no other program ran


def test_an_arm_is_held_against_base_in_pairs(measured):
    """Two of them are too few, which every time says."""
    *_, runs = measured
    found = against(runs["base"], runs["fourfold"])
    assert (2, 2) == (found.pairs, found.rounds)
    assert [(CASE, metric, "few pairs") for metric in TIMES] == [
        (row.case_id, row.metric, row.cause) for row in found.refused
    ]


def test_nothing_to_measure_says_why(tmp_path):
    """The only codec fails before there is a number: no pair is measured, and the reason is told."""
    own = proof(tmp_path, ["lies"], arms=(ARMS[0],))
    with pytest.raises(NothingMeasured, match=r"^nothing was measured; .+"):
        next(own.run())


def test_windows_begin_a_step_apart():
    """All that fit, each with a seed of its own; none where there are too few pairs."""
    key = Key(CASE, "p50")
    ratios = [log(1.2)] * 20 + [1e-4 * (n * 7 % 5) for n in range(24)]
    found = Paired(series={key: Series(kind="ratio", new=tuple(ratios))}, pairs=44)
    made = windows(found, {key: 0.05}, pairs=20, step=4, seed=1)
    assert 7 == len(made)
    assert (Outcome.REGRESSED, 2) == (made[0].outcome, made[0].stage)
    assert [(Outcome.SAME, 1)] * 2 == [(one.outcome, one.stage) for one in made[5:]]
    assert [] == windows(found, {key: 0.05}, pairs=45, step=4, seed=1)
    assert 1 == len(windows(found, {key: 0.05}, pairs=44, step=4, seed=1))
