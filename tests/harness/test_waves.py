"""Generations of workers: how many, which hash seeds, and that more workers go to the widest intervals in the end."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

import fakes
from fakes import block_answer
from serbench.harness import session as module
from serbench.harness.inbox import Answer
from serbench.harness.live import Process
from serbench.harness.plan import Setting, Spooled, plan
from serbench.harness.session import Session
from serbench.harness.state import State
from serbench.records.cases import Operation
from serbench.records.samples import Round
from sessions import by_id, planned, session

SPREADS = {"steady": 0.0001, "loose": 0.05, "wild": 0.5}


class Clock:
    """Stands until it is moved."""

    def __init__(self):
        self.now = 1_000.0

    def monotonic(self):
        """Seconds."""
        return self.now


class Simulated(Session):
    """Whose waves take the time that they are given; a worker's mean is drawn, as widely as its codec is spread."""

    __slots__ = ("clock", "draw", "last", "ready_seconds", "waves")

    def _one_wave(self, cases, payloads, seconds):
        """One worker for each case, one block in each."""
        assert {case.payload for case in cases} == {payload.info.name for payload in payloads}
        self.clock.now += self.ready_seconds * len(cases)
        self._spend("start_up", self.ready_seconds * len(cases))
        self._starts.took(cases, self.ready_seconds * len(cases), thorough=self._wave == self._first_wave)
        took = seconds()
        self.clock.now += max(0.0, took)
        self.waves.append(([case.codec for case in cases], took))
        process = Process(wave=self._wave, hash_seed=1, clock_step_ns=1.0)
        process.take(Answer({"is": "floor", "ns_per_call": 40, "batch_ns_per_call": 10.0, "calls": 1}, b""))
        for case in cases:
            ns = round(1e9 * (1 + SPREADS[case.codec] * self.draw.random()))
            self.ledger.warm(case, process, Answer({"is": "warm", "calls": 1, "ended": True, "ns_per_call": ns}, b""))
            self.ledger.block(case, block_answer([ns], batch_ns=ns, batch_calls=1))
        self.ledger.commit(disturbed=False)
        self.ledger.close(process)
        if took > 0:
            about = {"started": "2026-01-02T03:04:06Z", "seconds": took, "block_seconds": took}
            self._rounds.done.append(Round(n=len(self._rounds.done) + 1, wave=self._wave, **about))
        yield self._state()


@pytest.fixture
def simulated(monkeypatch):
    """Runs a session whose time is not the world's; returns it."""
    clock = Clock()
    monkeypatch.setattr(module.time, "monotonic", clock.monotonic)

    def run(seconds, *, codecs=tuple(SPREADS), ready_seconds=0.1, before=None):
        payloads = [Spooled(info=fakes.payload(), path=Path("order"), instances_default=True)]
        one = Simulated(
            plan=plan([fakes.codec(name) for name in codecs], payloads, [Operation.DECODE], [Setting()]),
            seconds=seconds,
            seed=1,
            timeout=1.0,
            stop=lambda: False,
            watch=lambda _: None,
            before=before,
        )
        one.clock, one.draw, one.ready_seconds, one.waves = clock, Random(1), ready_seconds, []
        began = clock.now
        *_, one.last = one.run()
        assert clock.now - began <= seconds + ready_seconds * len(codecs)
        return one

    return run


def workers(one):
    """How many each codec has."""
    return {case.codec: len(one.ledger.worker_medians(case)) for case in one.plan.cases}


def test_six_waves_and_what_is_left_for_the_widest(simulated):
    """Three more workers, by which an interval gains, for those that are not known well enough."""
    one = simulated(30.0, ready_seconds=0.3)
    assert {"steady": 6, "loose": 9, "wild": 9} == workers(one)
    assert [["steady", "loose", "wild"]] * 6 + [["loose", "wild"]] * 3 == [codecs for codecs, _ in one.waves]


def test_where_little_is_left_the_widest_alone_has_it(simulated):
    """Spread over all, it would gain nothing for anybody."""
    assert {"steady": 6, "loose": 6, "wild": 9} == workers(simulated(10.0))


def test_the_widest_may_gain_twice(simulated):
    """As long as there is time for a step."""
    one = simulated(200.0, codecs=["wild"])
    assert workers(one)["wild"] > 20


def test_a_longer_run_has_more_waves(simulated):
    """Each of all cases."""
    assert workers(simulated(220.0, codecs=["wild", "steady"]))["steady"] > 12


def test_what_is_known_is_not_measured_for_ever(simulated):
    """The run ends before its time where more of it would buy nothing."""
    one = simulated(100.0, codecs=["steady"])
    assert {"steady": 6} == workers(one)


def test_getting_ready_takes_four_tenths_at_the_most(simulated):
    """Then there are fewer waves, and nothing is kept for intervals that will not be there."""
    one = simulated(10.0, ready_seconds=0.5)
    assert {3} == set(workers(one).values())
    assert 10.0 - 3 * 1.5 == pytest.approx(sum(took for _, took in one.waves))


def test_waves_have_equal_time(simulated):
    """Once it is known what getting ready takes: the first one verifies as well, and is taken for twice as long."""
    one = simulated(30.0, ready_seconds=0.3)
    took = [seconds for _, seconds in one.waves[1:6]]
    assert took == pytest.approx(took[:1] * 5)


def resumed(waves, start_up):
    """What an earlier part has come to that ended in its waves."""
    about = {"started": "2026-01-02T03:04:06Z", "seconds": 1.0, "block_seconds": 1.0}
    rounds = tuple(Round(n=n + 1, wave=n, **about) for n in range(waves))
    return State(measurements=(), rounds=rounds, seconds={"start_up": start_up, "blocks": 5.0}, sampler="native")


def test_a_resumed_run_has_the_waves_that_are_left(simulated):
    """They are numbered on, and what getting ready takes is known from all of them."""
    one = simulated(12.0, ready_seconds=1.0, codecs=["wild"], before=resumed(3, 3.0))
    assert [3, 4, 5] == [made.wave for made in one._rounds.done[3:]]
    assert ([1, 2, 3, 4, 5, 6], 6.0) == ([made.n for made in one._rounds.done], one._spent["start_up"])


def test_a_resumed_run_without_time_measures_nothing(simulated):
    """It is finished as it stood."""
    one = simulated(0.0, before=resumed(2, 0.5))
    assert ([], 2) == (one.waves, len(one._rounds.done))
    assert ("native", True) == (one.last.sampler, one.last.finished)


def seeds(folder, seed, codecs=("orjson", "sound")):
    """Hash seeds of all workers, by codec."""
    final = list(session(planned(folder, codecs), seconds=2.0, seed=seed).run())[-1]
    return {m.case.codec: [worker.hash_seed for worker in m.workers] for m in final.measurements}


def test_hash_seeds_follow_from_the_seed(tmp_path):
    """One of its own for each worker; the first ones are the same again, and others with another seed."""
    first, again, other = (seeds(tmp_path, seed) for seed in (7, 7, 8))
    drawn = [seed for own in first.values() for seed in own]
    assert len(drawn) == len(set(drawn)) > 3
    assert {0} != set(drawn)
    assert [own[0] for own in first.values()] == [own[0] for own in again.values()]
    assert not {own[0] for own in first.values()} & {own[0] for own in other.values()}


def test_workers_of_a_wave_are_told_apart_from_others(tmp_path):
    """By the number of their wave, which rises by one, and which their rounds have."""
    final = list(session(planned(tmp_path, ["orjson", "sound"]), seconds=2.0).run())[-1]
    waves = sorted({made.wave for made in final.rounds})
    assert list(range(len(waves))) == waves
    for m in by_id(final).values():
        own = [worker.pair for worker in m.workers]
        assert own == sorted(set(own))
        assert set(own) <= set(waves)
