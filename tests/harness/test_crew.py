"""Workers that get ready: what one dies of is spared the next, what has ended is not tried again, none is left over."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from random import Random

import pytest

from codec_files import codec_file
from fakes import codec, payload
from serbench.harness.cores import Cores
from serbench.harness.crew import Crew, Member, Times
from serbench.harness.ledger import Ledger
from serbench.harness.link import Stopped
from serbench.harness.plan import Setting, Spooled, Station, plan
from serbench.records.cases import Operation, Status
from serbench.schema import spool
from serbench.schema.types import Scalar, Schema, record

CORES = sorted(getattr(os, "sched_getaffinity", lambda _: ())(0))
STATION = Station(codec="faulty", setting=Setting())
SCHEMA = Schema("Note", record("Note", n=Scalar.INT32))
FAULTY = """
import os
from dataclasses import dataclass, replace
from serbench.codecs import json

@dataclass(frozen=True, slots=True, kw_only=True)
class Faulty(json.Json):
    def bind(self, payload, /):
        if {in_bind}:
            os._exit(3)
        return replace(json.Json.bind(self, payload), read={read})

CODECS = (Faulty(name="faulty"),)
"""


class Ready:
    """A crew for one codec and the payloads `a` and `b` of two instances, its ledger and its plan.

    Args:
        folder: for the payloads.
        file: of the codec.
        cores: of the crew.
        stop: the same; by itself it gives up after half a minute, so that nothing is begun again for ever.
        settings: conditions of the cases.
    """

    def __init__(self, folder, file, *, cores, stop, settings):
        for name in "ab":
            spool.pack(name, SCHEMA, map(spool.encode, [{"n": 1}, {"n": 2}])).write(folder / f"{name}.ndjson")
        self.payloads = [
            Spooled(info=payload(name), path=folder / f"{name}.ndjson", instances_default=True) for name in "ab"
        ]
        self.codecs = [replace(codec("faulty"), source=file)]
        self.plan = plan(self.codecs, self.payloads, [Operation.DECODE, Operation.READ], settings)
        self.ledger = Ledger(self.plan)
        self.rng = Random(1)
        options = {"patience": 60.0, "memory_bytes": 1 << 32, "rng": self.rng}
        self.crew = Crew(codecs=self.codecs, ledger=self.ledger, cores=cores, stop=stop, **options)

    def muster(self, verify_seconds=0.0, prepare_seconds=60.0, heap_seconds=60.0):
        """Has it get ready; returns how the cases of both payloads stand: `a` decode, read, then those of `b`."""
        times = Times(prepare=prepare_seconds, verify=verify_seconds, heap=heap_seconds)
        self.crew.muster(self.plan.cases, self.payloads, wave=0, times=times)
        return self.reasons()

    def workers(self):
        """The hash seeds of those that were started: each draws one."""
        seeds, drawn = [], Random(1)
        while drawn.getstate() != self.rng.getstate() and len(seeds) < 9:
            seeds.append(drawn.getrandbits(32))
        return seeds

    def reasons(self):
        """Empty for a case that is still open."""
        return ["" if m.reason == "open" else f"{m.status}: {m.reason}" for m in self.ledger.measurements("open")]


@pytest.fixture
def ready(tmp_path):
    """Makes a crew for a codec; it is dismissed afterwards."""
    made = []

    def make(file="", *, in_bind="False", read="None", cores=Cores(), stop=None, settings=(Setting(),)):  # noqa: B008 - frozen
        if not file:
            file = str(tmp_path / "faulty.py")
            (tmp_path / "faulty.py").write_text(FAULTY.format(in_bind=in_bind, read=read))
        deadline = time.monotonic() + 30
        made.append(
            Ready(tmp_path, file, cores=cores, stop=stop or (lambda: time.monotonic() > deadline), settings=settings)
        )
        return made[-1]

    yield make
    for one in made:
        one.crew.dismiss()


def test_a_crash_in_bind_costs_that_payload(ready):
    """Another worker, with a hash seed of its own, binds the rest."""
    one = ready(in_bind="payload.name == 'a'")
    died = "failed: ended by itself with exit code 3 during bind"
    assert [died, died, "", ""] == one.muster()
    first, second = one.workers()
    assert second == one.crew.members[STATION].process.hash_seed != first


def test_a_crash_in_read_costs_read(ready):
    """Whatever else works with that payload is measured by the worker that follows."""
    one = ready(read="lambda value: os._exit(3)")
    died = "failed: ended by itself with exit code 3 during read of instance 0 or later"
    assert ["", died, "", died] == one.muster()
    assert "floor" == one.crew.members[STATION].link.ask({"do": "floor"}, patience=60.0, stop=lambda: False)["is"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os; os._exit(3)\n", "failed: ended by itself with exit code 3 during import of {file}"),
        ("raise OSError('no device')\n", "failed: OSError: no device during import of {file}"),
    ],
)
def test_what_cannot_be_imported_costs_all(ready, tmp_path, code, words):
    """Whether its worker died of it or says so: there is no member, and it is not tried again."""
    file = codec_file(tmp_path, "faulty", before=code)
    one = ready(file)
    assert [words.format(file=file)] * 4 == one.muster()
    assert ({}, [], 1) == (one.crew.members, one.crew._starting, len(one.workers()))


def test_what_has_ended_is_not_bound(ready):
    """It would kill the worker again; without an open case there is no worker at all."""
    one = ready(in_bind="payload.name == 'a'")
    for case in one.plan.cases[:2]:
        one.ledger.end(case, Status.SKIPPED, "ended before")
    assert ["skipped: ended before", "skipped: ended before", "", ""] == one.muster()
    one.crew.dismiss()
    for case in one.plan.cases:
        one.ledger.end(case, Status.SKIPPED, "ended before")
    one.muster()
    assert ({}, 1) == (one.crew.members, len(one.workers()))


@pytest.mark.parametrize(("seconds", "expected"), [(1e-9, ["verified-in-part"] * 4), (60.0, []), (0.0, [])])
def test_verified_in_part_is_a_caution(ready, seconds, expected):
    """Where all should have been verified and the time was too short; a later worker need not."""
    one = ready()
    one.muster(seconds)
    cautions = [caution for m in one.ledger.measurements("open") for caution in m.warnings]
    assert expected == [caution.name for caution in cautions]
    assert expected == [] or cautions[0].text.startswith("1 of 2 instances were verified before timing. Give")


def test_fewer_instances_are_a_caution(ready):
    """Where building and encoding took longer than they might; what was ready has been verified."""
    one = ready()
    one.muster(60.0, prepare_seconds=0.0)
    cautions = [caution for m in one.ledger.measurements("open") for caution in m.warnings]
    assert ["fewer-instances"] * 4 == [caution.name for caution in cautions]
    assert cautions[0].text.startswith("1 of 2 instances were built and encoded in the time there was. Calls rotate")


@pytest.mark.skipif(len(CORES) < 2, reason="there is one core, or the system cannot pin")
def test_who_is_ready_goes_to_the_measuring_core(ready):
    """Not before: workers get ready on all of them."""
    first, *_, last = CORES
    one = ready(cores=Cores(measuring=frozenset({last}), others=frozenset({first})))
    one.muster()
    assert {last} == os.sched_getaffinity(one.crew.members[STATION].link._process.pid)


def test_who_was_relieved_has_gone_when_the_next_measure(ready):
    """They go while others get ready; none of them is there any more once those are."""
    one = ready()
    one.muster()
    (before,) = one.crew.members.values()
    one.crew.relieve()
    one.muster()
    (after,) = one.crew.members.values()
    assert (False, True) == (before.link.alive, after.link.alive)
    assert before.link._process.returncode is not None  # and nobody has to reap it


def test_who_is_not_ready_is_ended_too(ready, tmp_path):
    """A wish to stop while workers start leaves none behind."""
    asked = iter([False, True])
    file = codec_file(tmp_path, "faulty", before="import time; time.sleep(60)\n")
    one = ready(file, stop=lambda: next(asked))
    with pytest.raises(Stopped):
        one.muster()
    (link,) = one.crew._starting
    assert link.alive
    one.crew.dismiss()
    assert (False, []) == (link.alive, one.crew._starting)


KILLED = """
import os, signal
from pathlib import Path
mark = Path({mark!r})
if len(mark.read_text()) < {times}:
    mark.write_text(mark.read_text() + "x")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("times", "end"), [(1, ""), (2, "failed: killed by SIGKILL during import of {file}")])
def test_a_kill_from_outside_is_forgiven_once(ready, tmp_path, times, end):
    """While it gets ready as while it measures: another worker is started, and the second time all its cases end."""
    mark = tmp_path / "mark"
    mark.write_text("")
    file = codec_file(tmp_path, "faulty", before=KILLED.format(mark=str(mark), times=times))
    one = ready(file)
    assert [end.format(file=file)] * 4 == one.muster()
    assert 2 == len(one.workers())
    cautions = [[caution.name for caution in m.warnings] for m in one.ledger.measurements("open")]
    assert [["worker-killed"]] * 4 == cautions


def test_a_step_that_fails_without_a_death_costs_its_payload(ready):
    """The same worker binds the other one."""
    one = ready(in_bind="payload.name == 'a' and 1 / 0")
    assert ["failed: ZeroDivisionError: division by zero during bind"] * 2 + ["", ""] == one.muster()
    assert 1 == len(one.workers())


class FakeLink:
    """A worker that is told to keep still and to move, and keeps a record of it."""

    def __init__(self, name, heard):
        self.name, self.heard = name, heard

    def keep_still(self, still):
        """Noted."""
        self.heard.append((self.name, "still" if still else "awake"))

    def move(self, to):
        """Noted."""
        self.heard.append((self.name, set(to)))


def fake_members(one, heard, busy):
    """Members of these names, of which some are busy."""
    members = [Member(FakeLink(name, heard), None, busy=name in busy) for name in "abc"]
    one.crew.members = {member.link.name: member for member in members}
    return members


@pytest.fixture
def crewed(ready):
    """A crew, without members again in the end."""
    one = ready(cores=Cores(measuring=frozenset({9}), others=frozenset({1, 2})))
    yield one
    one.crew.members = {}


@pytest.mark.parametrize(
    ("busy", "expected"),
    [
        ("", []),
        ("a", []),  # it is the one that measures
        ("bc", [("b", "still"), ("c", "still"), "block", ("b", "awake"), ("c", "awake")]),
    ],
)
def test_others_are_kept_still_in_which_something_goes_on(crewed, busy, expected):
    """While one measures, and whether or not that fails; quiet ones are left alone."""
    heard = []
    first, *_ = fake_members(crewed, heard, busy)
    with pytest.raises(KeyError), crewed.crew.alone(first):  # noqa: PT012 - two lines of what is measured
        heard.append("block")
        raise KeyError
    assert (expected or ["block"]) == heard


@pytest.mark.parametrize(("threads", "expected"), [(1, ["block"]), (4, [("a", {1, 2, 9}), "block", ("a", {9})])])
def test_several_threads_have_all_cores(crewed, threads, expected):
    """For their block alone: also where it fails they are back on the measuring core afterwards."""
    heard = []
    first, *_ = fake_members(crewed, heard, "")
    with pytest.raises(KeyError), crewed.crew.spread_out(first, threads):  # noqa: PT012 - two lines of what is measured
        heard.append("block")
        raise KeyError
    assert expected == heard


def test_a_heap_that_does_not_fit_the_time_ends_the_case(ready):
    """What was asked for could not be held, so there is no number; the remedy is beside it."""
    one = ready(settings=[Setting(heap_objects=1_000_000)])
    one.muster(heap_seconds=0.0)
    few = (
        "failed: 1 of 1,000,000 live objects could be decoded in the time; give a longer --budget, or a smaller --heap"
    )
    assert [few] * 4 == one.reasons()


def test_a_heap_is_of_one_payload(ready):
    """So each payload has a worker; one for all without a heap."""
    one = ready(settings=[Setting(), Setting(heap_objects=5)])
    one.muster()
    heap = Setting(heap_objects=5)
    expected = {STATION, *(Station(codec="faulty", setting=heap, payload=name) for name in "ab")}
    assert expected == set(one.crew.members)
    assert 3 == len({member.link.pid for member in one.crew.members.values()})
    assert 3 == len({member.process.hash_seed for member in one.crew.members.values()})
