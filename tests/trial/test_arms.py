"""A side's own copy of the payloads, and the run that comes of it: who it was, in how many pairs."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

import fakes
from serbench.gate.paired import paired
from serbench.harness.pairs import alternating
from serbench.harness.plan import Setting
from serbench.records.cases import Operation, Status
from serbench.records.samples import Round
from serbench.sides.base import HERE, Launch
from serbench.trial.arms import Half, Maker, now, run_of
from sessions import spooled

CODECS = (
    fakes.codec("json"),
    fakes.codec("orjson", distribution="orjson"),
    fakes.codec("msgpack", distribution="msgpack"),
    fakes.codec("both", distribution="orjson"),
)


@pytest.fixture
def maker(tmp_path):
    """Makes arms that decode a small payload, with and without the collector."""
    return Maker(
        payloads=(spooled(tmp_path),),
        operations=(Operation.DECODE,),
        settings=(Setting(), Setting(gc="off")),
        rng=Random(1),
        timeout=1.0,
        stop=lambda: False,
    )


def test_each_side_has_a_name_for_the_payloads_of_its_own(maker):
    """The same file, and beside it what the side's workers have encoded and no other's."""
    (source,) = maker.payloads
    ours, theirs = (maker.arm(name, CODECS, launch=HERE).plan.payloads[0] for name in ("base", "new"))
    assert [source.path.parent / name / source.path.name for name in ("base", "new")] == [ours.path, theirs.path]
    assert source.path.samefile(ours.path)
    assert source.path.samefile(theirs.path)
    assert source.path.read_bytes() == theirs.path.read_bytes()
    assert 3 == len({one.exchange("orjson").parent for one in (source, ours, theirs)})
    assert (source.info, source.info) == (ours.info, theirs.info)


def test_an_arm_may_be_made_again(maker):
    """Under the same name it finds its copy there."""
    first, again = (maker.arm("try", CODECS, launch=HERE) for _ in range(2))
    assert first.plan == again.plan
    assert first.ledger is not again.ledger


def test_arms_have_the_same_cases(maker):
    """Under every condition, whatever they are started with."""
    base = maker.arm("base", CODECS, launch=HERE)
    new = maker.arm("new", CODECS, launch=Launch(python="/x/python"), sampler="python", burdens={"a": [1]})
    assert [case.id for case in base.plan.cases] == [case.id for case in new.plan.cases]
    assert 8 == len(base.plan.cases)
    assert ("base", "new") == (base.name, new.name)
    assert [("", {}), ("python", {"a": [1]})] == [(arm.crew._kit.sampler, arm.crew._kit.burdens) for arm in (base, new)]
    assert ["", "/x/python"] == [arm.crew._kit.launch.python for arm in (base, new)]


@pytest.fixture
def both(maker):
    """Both halves of two pairs that nobody measured; a library was imported."""
    arms = [maker.arm(name, CODECS, launch=HERE) for name in ("base", "new")]
    pairs = alternating(
        arms, cores=maker.cores, rng=Random(1), timeout=1.0, stop=lambda: False, tell=lambda _p, _c: None, rounds=7
    )
    pairs.done += [Round(n=n + 1, wave=n, started="", seconds=1.0, block_seconds=0.5) for n in range(2)]
    arms[0].crew.origins |= {"orjson": "/b/orjson.so", "msgpack": "/a/msgpack.py"}
    arms[1].crew.sampler = "native"
    halves = (
        Half(side="base", asked="."),
        Half(side="new", asked="x==2", python="3.13.1", packages={"orjson": "2.0", "pip": "25"}),
    )
    told = {"started": "2026-01-02T03:04:05Z", "seed": 5, "budget_seconds": 9.0, "command": ["serbench", "gate"]}
    return [
        run_of(arm, half, pairs, trial_id="T", passes=("time", "memory"), complete=False, **told)
        for arm, half in zip(arms, halves, strict=True)
    ]


def test_both_runs_are_halves_of_one_measurement(both):
    """The same id, a side each, the pairs and rounds that there were, and where modules came from, in order."""
    base, new = both
    assert ("T", "base", ".", 2, 7) == (
        base.pairing.id,
        base.pairing.side,
        base.pairing.asked,
        base.pairing.pairs,
        base.pairing.rounds,
    )
    assert ("T", "new", "x==2", 2, 7) == (
        new.pairing.id,
        new.pairing.side,
        new.pairing.asked,
        new.pairing.pairs,
        new.pairing.rounds,
    )
    assert [("msgpack", "/a/msgpack.py"), ("orjson", "/b/orjson.so")] == list(base.pairing.origins.items())
    assert ("T-base", "T-new") == (base.id, new.id)
    assert base.rounds == new.rounds
    assert 2 == len(base.rounds)


def test_a_run_says_what_was_asked_for(both):
    """Seed, command, budget, passes, and whether it is whole."""
    for run in both:
        assert ("2026-01-02T03:04:05Z", 5, 9.0) == (run.started, run.seed, run.budget_seconds)
        assert (("serbench", "gate"), ("time", "memory"), False) == (run.command, run.passes, run.complete)
        assert run.started < run.finished


def test_cases_without_a_pair_say_so(both):
    """They were not reached, and are no pairs that a verdict could rest on."""
    base, new = both
    assert {(Status.SKIPPED, "stopped before its first pair")} == {(m.status, m.reason) for m in base.measurements}
    found = paired(base, new, [base.measurements[0].case.id], ["p50"])
    assert ["no pairs"] == [row.cause for row in found.refused]


def test_a_side_has_its_own_versions(both):
    """Of the distributions that are measured, and its own Python; without any, those of this environment."""
    base, new = both
    assert {"orjson": "2.0"} == new.environment.packages
    assert {"implementation": "CPython", "version": "3.13.1"} == new.environment.python
    assert "native" == new.environment.sampler
    assert {"msgpack", "orjson"} == set(base.environment.packages)
    assert "executable" in base.environment.python or len(base.environment.python) > 2
    assert base.environment.machine["cores"] == new.environment.machine["cores"]


def test_time_is_told_in_utc():
    """RFC 3339, to the millisecond."""
    import re

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", now())


def test_halves_are_of_two_sides():
    """What nobody says is this environment's."""
    half = Half(side="base", asked=".")
    assert ("", None) == (half.python, half.packages)
    assert replace(half, side="new") != half
