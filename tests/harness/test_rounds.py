"""Rounds of workers that answer as they are told to: orders, what is measured again, what a death costs."""

from __future__ import annotations

import math
from itertools import chain
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fakes
from serbench.errors import WorkerFailure
from serbench.harness import rounds as module
from serbench.harness.cores import Cores
from serbench.harness.crew import Crew, Member, Times
from serbench.harness.inbox import Answer
from serbench.harness.ledger import Ledger
from serbench.harness.link import LinkFailure
from serbench.harness.live import Process
from serbench.harness.noise import Meter
from serbench.harness.plan import Plan, Setting, Spooled, Station, plan, station
from serbench.harness.rounds import Rounds
from serbench.records.cases import Operation, Status
from serbench.records.samples import Disturbance

TIMES = Times(prepare=1.0, verify=1.0)
USUAL = (Setting(),)
MS = 1e6


class FakeLink:
    """A worker. Every answer has the number of the round in it; some requests may have an end of their own.

    Args:
        world: what it is part of.
        name: of its codec.
    """

    def __init__(self, world, name):
        self.world, self.name, self.alive, self.gone = world, name, True, None
        self.pid = world.pids = world.pids + 1

    def ask(self, request, *, patience, stop):
        """Notes what it was asked."""
        assert patience > 0
        assert stop() is False
        self.world.asked.append((self.name, request))
        fault = self.world.faults.pop((self.name, request["do"], self.world.round), None)
        if self.gone or fault:
            self.gone = self.gone or fault
            self.alive = isinstance(self.gone, WorkerFailure) and not isinstance(self.gone, LinkFailure)
            failure, self.gone = self.gone, None if self.alive else self.gone
            raise failure
        return getattr(self, request["do"])(request)

    def floor(self, _):
        """The same every time."""
        return Answer({"is": "floor", "ns_per_call": 40, "batch_ns_per_call": 10.0, "calls": 100}, b"")

    def noise(self, _):
        """A hundred calls of 1 us."""
        return fakes.block_answer([1_000] * 100)

    def warm(self, request):
        """The limit is what a call takes, so that tests may look at it."""
        return Answer(
            {"is": "warm", "calls": 9, "ended": True, "ns_per_call": request["limit_ns"] / 1_000} | self.extra(), b""
        )

    def block(self, request):
        """Each call takes as many us as the round has for a number."""
        ns = 1_000 * self.world.round
        strands = [[ns, ns]] * request["threads"]
        answer = fakes.block_answer(*strands, batch_ns=10 * ns)
        answer.fields |= self.extra()
        return answer

    def extra(self):
        """What it noticed."""
        return self.world.noticed.get(self.name, {})

    def give_up(self, reason):
        """As the real one: who asks is told."""
        self.alive, self.gone = False, self.gone or LinkFailure(reason, self)

    def kill(self):
        """It is gone."""
        self.alive = False

    def keep_still(self, still):
        """Noted among what is asked."""
        self.world.asked.append((self.name, {"do": "still" if still else "awake"}))

    def move(self, to):
        """Noted as well."""
        self.world.asked.append((self.name, {"do": f"move to {sorted(to)}"}))


class FakeCrew(Crew):
    """Whose workers are there at once."""

    world = None

    def muster(self, cases, payloads, *, wave, times):
        """One fake worker for each station."""
        self.world.musters.append(({case.id for case in cases}, [p.info.name for p in payloads], wave, times))
        for case in cases:
            if station(case) not in self.members and case.codec not in self.world.unstartable:
                process = Process(wave=wave, hash_seed=1, clock_step_ns=1.0)
                self.members[station(case)] = Member(FakeLink(self.world, case.codec), process, busy=False)


class FakeWatch:
    """Says what it is told to, round by round: `d` is disturbed."""

    def __init__(self, world):
        self.world = world

    def begin(self, pids):
        """Whose time is the run's own."""
        self.world.watched.append(list(pids))

    def end(self, pids):
        """The next letter."""
        self.world.watched.append(list(pids))
        return Disturbance(foreign_cpu=0.5, disturbed=self.world.weather[self.world.round - 1] == "d")


class World:
    """Cases of two codecs, and rounds of them.

    Args:
        weather: a letter for each round that there will be.
        settings: conditions.
        codecs: their names.
        done: rounds of an earlier part.
    """

    def __init__(self, weather="", *, settings=USUAL, codecs=("a", "b"), done=()):
        payloads = [Spooled(info=fakes.payload(name), path=Path(name), instances_default=True) for name in ("order",)]
        infos = [fakes.codec(name) for name in codecs]
        self.plan: Plan = plan(infos, payloads, [Operation.DECODE, Operation.ENCODE], settings)
        self.weather, self.round, self.pids = weather, 0, 100
        self.asked, self.watched, self.musters, self.told = [], [], [], []
        self.faults, self.noticed, self.unstartable, self.spent = {}, {}, set(), {}
        self.ledger = Ledger(self.plan)
        for case in self.plan.cases:
            size = {"mean": 1.0, "median": 1.0, "min": 1, "max": 1}
            self.ledger.bound(case, Answer({"is": "bound", "ready": 3, "encoded_bytes": size}, b""))
        self.crew = FakeCrew(
            codecs=infos,
            ledger=self.ledger,
            cores=Cores(measuring=frozenset({9}), others=frozenset({1})),
            rng=Random(1),
            patience=1.0,
            memory_bytes=0,
            stop=lambda: False,
        )
        self.crew.world = self
        self.meter = Meter()
        self.rounds = Rounds(
            plan=self.plan,
            ledger=self.ledger,
            crew=self.crew,
            rng=Random(2),
            watch=FakeWatch(self),
            timeout=1.0,
            stop=lambda: False,
            tell=lambda phase, case="": self.told.append((phase, case)),
            spend=lambda phase, seconds: self.spent.update({phase: self.spent.get(phase, 0.0) + seconds}),
            meter=self.meter,
            done=list(done),
        )
        self.begin()

    def begin(self, wave=0):
        """A generation of workers."""
        self.crew.muster(self.plan.cases, self.plan.payloads, wave=wave, times=TIMES)
        self.rounds.begin(wave, self.plan.payloads, TIMES)

    def end(self):
        """And its end."""
        self.rounds.end()
        for where in list(self.crew.members):
            self.crew.lose(where)

    def measure(self, n=1, *, share_ns=10 * MS, deadline=math.inf):
        """So many rounds of all cases that are open."""
        for _ in range(n):
            self.round += 1
            cases = self.ledger.open_cases()
            self.rounds.measure(cases, share_ns, deadline)
        return self

    def counted(self):
        """By worker and case, the numbers of the rounds whose blocks count now, or still might."""
        return {
            m.case.id: [[round(ns / 1_000) for ns in worker.ns_per_call] for worker in m.workers]
            for m in self.ledger.measurements("")
        }

    def repeated(self):
        """The numbers of the rounds that were measured again."""
        return [made.n for made in self.rounds.done if made.repeated]

    def of(self, *verbs):
        """Who was asked these, in order."""
        return [(name, request) for name, request in self.asked if request["do"] in verbs]


def test_every_case_is_measured_once_a_round():
    """Warmed before its first block and not again; in an order that is drawn anew."""
    world = World("." * 8).measure(8)
    ids = [case.id for case in world.plan.cases]
    blocks = [case for phase, case in world.told if phase == "round"]
    orders = [blocks[n : n + 4] for n in range(0, 32, 4)]
    assert [sorted(ids)] * 8 == [sorted(order) for order in orders]
    assert len(set(map(tuple, orders))) > 2
    assert sorted(ids) == sorted(case for phase, case in world.told if phase == "warm-up")
    assert {case: [[1, 2, 3, 4, 5, 6, 7, 8]] for case in ids} == world.counted()


def test_a_round_is_noted():
    """Its number, wave, times and what else went on; floor and noise are read in it."""
    world = World("..").measure()
    (first,) = world.rounds.done
    assert (1, 0, False) == (first.n, first.wave, first.repeated)
    assert Disturbance(foreign_cpu=0.5) == first.disturbance
    assert round(4 * (2_000 + 10_000) / 1e9, 4) == first.block_seconds
    assert ["a", "b"] == sorted(name for name, _ in world.of("floor"))
    assert world.meter.observed_ns >= 0.75 * 10 * MS / 2
    assert {"warm_up", "blocks", "between_blocks"} == set(world.spent)
    world.end()
    world.begin(wave=1)
    assert 1 == world.measure().rounds.done[-1].wave


def test_whose_time_is_its_own():
    """The workers that there are when a round begins, and when it ends."""
    world = World(".", codecs=("a",))
    world.faults["a", "block", 1] = LinkFailure("killed by SIGKILL during block", None, from_outside=True)
    world.measure()
    assert [[101], [102]] == world.watched


@pytest.mark.parametrize(
    ("weather", "repeated", "counted"),
    [
        ("....", [], [1, 2, 3, 4]),
        ("d...", [], [1, 2, 3, 4]),  # the first is never set aside
        (".d..", [], [1, 2, 3, 4]),  # one of three would be more than a quarter
        ("..d.", [3], [1, 2, 4]),
        ("..dd.", [], [1, 2, 3, 4, 5]),  # one at a time: it was no quieter, so the first of both stays
        ("..d.d.", [3], [1, 2, 4, 5, 6]),  # two of six would be more than a quarter
        ("..d...d.", [3, 7], [1, 2, 4, 5, 6, 8]),
        ("..d", [], [1, 2, 3]),  # there was no time to measure it again
        ("...d.", [4], [1, 2, 3, 5]),
    ],
)
def test_a_disturbed_round_is_measured_again(weather, repeated, counted):
    """What is dropped is what was set aside, of every case; what is not measured again stays, in its place."""
    world = World(weather).measure(len(weather))
    assert (repeated, list(range(1, len(weather) + 1))) == (world.repeated(), [made.n for made in world.rounds.done])
    world.end()
    assert {case.id: [counted] for case in world.plan.cases} == world.counted()


def test_until_it_is_measured_again_it_stands():
    """A run that is killed in between has it."""
    world = World("..d.").measure(3)
    assert {case.id: [[1, 2, 3]] for case in world.plan.cases} == world.counted()
    world.measure()
    assert {case.id: [[1, 2, 4]] for case in world.plan.cases} == world.counted()


def test_the_first_round_of_each_generation_stays():
    """However disturbed: without it a case might have no number."""
    world = World("...d.d.").measure(3)
    world.end()
    world.begin(wave=1)
    world.measure(1)
    world.end()
    world.begin(wave=2)
    world.measure(3)
    world.end()
    assert [6] == world.repeated()
    assert {case.id: [[1, 2, 3], [4], [5, 7]] for case in world.plan.cases} == world.counted()


def test_what_is_set_aside_ends_with_its_generation():
    """It counts, and the next generation does not measure it again."""
    world = World("..d..").measure(3)
    world.end()
    world.begin(wave=1)
    world.measure(2)
    assert [] == world.repeated()
    assert {case.id: [[1, 2, 3], [4, 5]] for case in world.plan.cases} == world.counted()


def test_rounds_of_an_earlier_part_are_counted_with_these():
    """What was measured again then leaves less to be measured again now."""
    quiet = World("." * 4).measure(4).rounds.done
    world = World("...d.", done=quiet).measure(5)
    assert ([8], [9]) == (world.repeated(), [world.rounds.done[-1].n])
    used_up = [module.replace(made, repeated=True) for made in quiet]
    assert [1, 2, 3, 4] == World("...d.", done=used_up).measure(5).repeated()


@given(st.text(alphabet=".d", min_size=1, max_size=40), st.sets(st.integers(1, 40), max_size=5))
def test_what_counts_is_every_round_but_those_measured_again(weather, ends):
    """A quarter of them at the most, each disturbed, and followed in its generation by one that was not."""
    world = World(weather)
    for n in range(1, len(weather) + 1):
        world.measure()
        if n in ends:
            world.end()
            world.begin(wave=world.rounds.done[-1].wave + 1)
    world.end()
    done, repeated = world.rounds.done, set(world.repeated())
    assert 4 * len(repeated) <= len(done)
    for n in repeated:
        assert "d." == weather[n - 1 : n + 1]
        assert done[n - 1].wave == done[n].wave == done[n - 2].wave
    waves = [[made.n for made in done if made.wave == wave and not made.repeated] for wave in range(done[-1].wave + 1)]
    assert {case.id: waves for case in world.plan.cases} == world.counted()


def test_no_block_begins_after_the_deadline():
    """And where none has begun, it was no round: there are as many of them as there are readings."""
    world = World(".").measure(deadline=0.0)
    assert ([], []) == (world.rounds.done, world.of("block", "warm"))


def test_a_round_that_the_deadline_cuts_short_is_one(monkeypatch):
    """With the cases that it has come to."""
    world = World(".")
    monkeypatch.setattr(module.time, "monotonic", lambda: float(len(world.of("block"))))
    world.measure(deadline=1.5)
    assert ([1], 2) == ([made.n for made in world.rounds.done], len(world.of("block")))


def kill(**options):
    """A death of a worker."""
    return LinkFailure("killed by SIGKILL during block", None, **options)


def test_what_a_codec_raises_ends_its_case():
    """Its worker lives and goes on with the other one."""
    world = World("..", codecs=("a",))
    world.faults["a", "block", 1] = WorkerFailure("ValueError: no during block")
    world.measure(2)
    ends = sorted((m.status, m.reason) for m in world.ledger.measurements(""))
    assert [(Status.FAILED, "ValueError: no during block"), (Status.MEASURED, "")] == ends
    assert 1 == len(world.musters)


def test_a_death_ends_its_case_and_another_worker_goes_on():
    """With the cases of its station that are open, verified no more, and warmed again."""
    world = World("...")
    world.measure()
    world.faults["a", "block", 2] = kill()
    world.measure(2)
    ended = [m.case.id for m in world.ledger.measurements("") if m.status is Status.FAILED]
    other = next(case.id for case in world.plan.cases if case.codec == "a" and case.id not in ended)
    assert 1 == len(ended)
    assert ({other}, ["order"], 0, module.replace(TIMES, verify=0.0)) == world.musters[-1]
    first, second = world.counted()[other]
    assert ([1, 2, 3], True) == (first + second, 1 in first)
    assert 2 == sum(case == other for phase, case in world.told if phase == "warm-up")
    assert {"b/order/decode": [[1, 2, 3]], "b/order/encode": [[1, 2, 3]]}.items() <= world.counted().items()
    assert "start_up" in world.spent


def test_a_kill_from_outside_costs_a_block():
    """The case goes on with another worker, with a caution; killed once more it has no number, and that is told."""
    world = World("....", codecs=("a",))
    world.measure()
    world.faults["a", "block", 2] = kill(from_outside=True)
    world.measure(2)
    hit = next(m.case.id for m in world.ledger.measurements("") if m.warnings)
    assert {"worker-killed"} == {w.name for m in world.ledger.measurements("") for w in m.warnings}
    assert [[1], [3]] == world.counted()[hit]
    (other,) = world.counted().keys() - {hit}
    assert [1, 2, 3] == list(chain(*world.counted()[other]))
    again = next(case for case in world.plan.cases if case.id == hit)
    world.crew.fail([again], kill(from_outside=True))
    (m,) = [m for m in world.ledger.measurements("") if m.case.id == hit]
    assert (Status.FAILED, "killed by SIGKILL during block", ()) == (m.status, m.reason, m.workers)


@pytest.mark.parametrize("verb", ["floor", "noise"])
@pytest.mark.parametrize("outside", [True, False])
def test_a_death_between_cases_is_told_by_the_case_that_is_next(verb, outside):
    """That it was killed from outside is known then, too, and forgiven."""
    world = World("..", codecs=("a",))
    world.faults["a", verb, 1] = kill(from_outside=outside)
    world.measure(2)
    ends = sorted(m.status for m in world.ledger.measurements(""))
    assert [Status.MEASURED if outside else Status.FAILED, Status.MEASURED] == ends
    hit = [m for m in world.ledger.measurements("") if m.warnings or m.status is Status.FAILED]
    assert [["worker-killed"] if outside else []] == [[w.name for w in m.warnings] for m in hit]


def test_a_worker_that_cannot_be_started_again():
    """What it measured stays; the cases that ask for it say so."""
    world = World("..", codecs=("a", "b"))
    world.measure()
    world.unstartable.add("a")
    world.faults["a", "block", 2] = kill(from_outside=True)
    world.measure()
    reasons = {m.reason for m in world.ledger.measurements("") if m.case.codec == "a"}
    assert "its worker could not be started again" in reasons
    assert {Status.MEASURED} == {m.status for m in world.ledger.measurements("") if m.case.codec == "b"}


def test_what_was_set_aside_of_a_worker_that_died_is_kept():
    """It is final with the worker, and the block that was lost is that of the round that takes its place."""
    world = World("..d.", codecs=("a",)).measure(3)
    world.faults["a", "block", 4] = kill(from_outside=True)
    world.measure()
    hit = next(m.case.id for m in world.ledger.measurements("") if m.warnings)
    assert [[1, 2, 3]] == world.counted()[hit]
    (other,) = world.counted().keys() - {hit}
    assert {1, 2, 4} <= set(chain(*world.counted()[other]))


def test_a_block_that_is_none_costs_its_case():
    """Found before it counts: the run goes on."""
    world = World("..", codecs=("a",))
    world.noticed["a"] = {"threads": []}
    world.measure()
    reasons = {m.reason for m in world.ledger.measurements("")}
    assert {"broke the worker protocol: its samples are not as many as it says"} == reasons


def test_a_busy_worker_is_kept_still_and_has_no_noise_measured_in_it():
    """What goes on in it would be taken for the machine's; its own blocks are measured all the same."""
    world = World("...")
    world.noticed["a"] = {"noticed": [["starts-threads", "It left 1 threads running"]], "busy": True}
    world.measure()
    world.asked.clear()
    world.measure(2)
    assert {"b"} == {name for name, _ in world.of("noise")}
    order = [(name, request["do"]) for name, request in world.asked if request["do"] in ("still", "awake", "block")]
    for at, (name, verb) in enumerate(order):
        if (name, verb) == ("b", "block"):
            assert [("a", "still"), ("b", "block"), ("a", "awake")] == order[at - 1 : at + 2]
    assert 4 == order.count(("a", "still")) == order.count(("a", "awake"))
    assert {("a", "starts-threads")} == {
        (m.case.codec, w.name) for m in world.ledger.measurements("") for w in m.warnings
    }


def test_where_all_are_busy_there_is_no_noise():
    """Nothing would be said of the machine."""
    world = World("..", codecs=("a",))
    world.noticed["a"] = {"noticed": [["starts-threads", "It left 1"]], "busy": True}
    world.measure()
    seen = world.meter.observed_ns
    world.measure()
    assert seen == world.meter.observed_ns


def test_threads_are_asked_for_and_have_all_cores():
    """In the block alone; a case of one thread stays where it is."""
    world = World("..", settings=[Setting(), Setting(threads=3)], codecs=("a",)).measure(2)
    assert {1, 3} == {request["threads"] for _, request in world.of("block")}
    verbs = [request["do"] for _, request in world.asked]
    for at, (_, request) in enumerate(world.asked):
        if request["do"] == "block":
            spread = ["move to [1, 9]", "block", "move to [9]"]
            assert (spread == verbs[at - 1 : at + 2]) == (request["threads"] == 3)
    assert Station(codec="a", setting=Setting(threads=3)) in world.crew.members


@pytest.mark.parametrize(("share_ms", "limit_ms"), [(0.001, 10), (6, 12), (1_000, 200)])
def test_a_warm_up_has_an_end(share_ms, limit_ms):
    """Twice the share of its case, 10 ms at the least and 200 ms at the most."""
    world = World(".").measure(share_ns=share_ms * MS)
    assert {limit_ms * MS} == {request["limit_ns"] for _, request in world.of("warm")}


def test_a_block_is_sized_by_what_was_last_read():
    """Warm-up's reading first, then the last batch: the longer a call, the fewer of them."""
    world = World("...", codecs=("a",)).measure(3, share_ns=10 * MS)
    calls = [request["calls"] for name, request in world.of("block")][::2]
    assert [10 * MS * 0.75 // ns for ns in (20_000, 1_000, 2_000)] == calls
