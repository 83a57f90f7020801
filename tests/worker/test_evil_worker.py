"""Codecs that do something to their process: what the worker answers or dies of, and that the next request works."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from worker_process import LONG_SECONDS, WorkerProcess

from evil_codecs import LEFT, PRINTED, SOUND_CALLS
from fake_codecs import INSTANCES, SCHEMA
from serbench.schema.spool import payload_of, write
from serbench.worker import protocol

EVIL = str(Path(__file__).parent.parent / "evil_codecs.py")
CALLS = 5
SIZE = {
    "lead_in_ns": 0,
    "lead_in_calls": 1,
    "lead_in_limit_ns": 10**15,
    "lead_in_at_most": 1,
    "calls": CALLS,
    "batch": 2,
}
MADE = 1 + CALLS + 2
"""Calls in a block of one thread."""

linux = pytest.mark.skipif(sys.platform != "linux", reason="a Linux matter")


@pytest.fixture
def start(tmp_path):
    """Starts workers that know all evil codecs; ends them after the test, and what their codecs have left."""
    started = []

    def worker(**fields):
        # No coverage: it saves in os._exit, and two threads that end the process at once are no case for it.
        unwatched = dict.fromkeys(("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START"), "")
        started.append(WorkerProcess(tmp_path / "complaints", **unwatched, **{LEFT: str(tmp_path / "left")}))
        request = {"version": protocol.VERSION, "sources": [EVIL], "describe": False}
        assert "hello" == started[-1].ask("hello", **request | fields)["is"]
        return started[-1]

    yield worker
    for each in started:
        each.close()
    for child in left_behind(tmp_path):
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


@pytest.fixture(params=["native", "python"])
def sampler(request):
    """Each sampler that there is."""
    if request.param == "native":
        pytest.importorskip("serbench.worker._sampler")
    return request.param


@pytest.fixture
def spool(tmp_path):
    """A few instances on disk."""
    path = tmp_path / "note.ndjson"
    write(payload_of("note", SCHEMA, INSTANCES), path)
    return str(path)


@pytest.fixture
def long_spool(tmp_path):
    """So many instances that a codec offends while it is bound."""
    path = tmp_path / "many.ndjson"
    write(payload_of("many", SCHEMA, (INSTANCES * 100)[: SOUND_CALLS + CALLS]), path)
    return str(path)


def left_behind(folder):
    """Ids of the children that have said that they stay."""
    path = folder / "left"
    return list(map(int, path.read_text().split())) if path.exists() else []


def wait_for_child(folder):
    """The id of the child that was left; it may take a moment to say it."""
    deadline = time.monotonic() + LONG_SECONDS
    while not left_behind(folder) and time.monotonic() < deadline:
        time.sleep(0.01)
    (child,) = left_behind(folder)
    return child


def bind(worker, spool, codec, payload="note"):
    """A worker's answer when it is to make a codec's encode ready."""
    asked = {"codec": codec, "payload": payload, "spool": spool, "operations": ["encode"]}
    return worker.ask("bind", **asked, verify_seconds=1000.0)


def block(worker, payload="note", **fields):
    """A worker's answer to a block of encode."""
    return worker.ask("block", **{"payload": payload, "operation": "encode", "gc": "on", **SIZE} | fields)


def on_the_brink(worker, spool, codec, payload="note"):
    """Binds a codec and has it called until the next call of encode is the first that offends."""
    answer = bind(worker, spool, codec, payload)
    assert {"encode": {"status": "ready"}} == answer["operations"]
    calm = SOUND_CALLS - len(INSTANCES)
    whole = block(worker, payload, lead_in_calls=0, lead_in_at_most=0, calls=calm, batch=0)
    assert_measured(worker, whole, calls=calm)
    assert "noticed" not in answer
    return whole


def wait_for_quiet(worker):
    """Children that have come back may take a moment to end, and are told until then."""
    deadline = time.monotonic() + LONG_SECONDS
    while "noticed" in worker.ask("floor") and time.monotonic() < deadline:
        time.sleep(0.01)


def assert_measured(worker, answer, *, threads=1, calls=CALLS):
    """The answer has as many whole samples as were asked for."""
    assert ("samples", threads) == (answer["is"], len(answer.get("threads", ())))
    strands, _ = worker.strands(answer)
    for strand in strands:
        assert calls == len(strand.calls)
        assert all(begin <= end for begin, end in strand.calls)
        assert all(end <= begin for (_, end), (begin, _) in pairwise(strand.calls))


def assert_sound(worker, spool):
    """The next requests work as if nothing had been: another codec is bound, warmed and measured."""
    assert {"encode": {"status": "ready"}} == bind(worker, spool, "sound", "after")["operations"]
    assert_measured(worker, block(worker, "after"))
    assert "warm" == worker.ask("warm", payload="after", operation="encode", gc="on", limit_ns=0)["is"]
    assert "floor" == worker.ask("floor")["is"]


def test_a_sound_codec_has_no_notice(start, spool, sampler):
    """However long it is called, in one thread or in several."""
    worker = start(sampler=sampler)
    assert "noticed" not in on_the_brink(worker, spool, "sound")
    for threads in (1, 2, 1):
        answer = block(worker, threads=threads)
        assert_measured(worker, answer, threads=threads)
        assert not {"noticed", "busy"} & set(answer)


DEATHS = {"segfaults": -signal.SIGSEGV, "exits": 3, "closes_all": protocol.LOST}


@pytest.mark.parametrize("codec", DEATHS)
@pytest.mark.parametrize("threads", [1, 2])
def test_a_death_has_a_code(start, spool, sampler, codec, threads):
    """A crash, an exit, and descriptors that were closed, those of the protocol among them: the pipe ends."""
    worker = start(sampler=sampler)
    on_the_brink(worker, spool, codec)
    with pytest.raises(EOFError, match="gone"):
        block(worker, threads=threads)
    assert DEATHS[codec] == worker.wait()


@pytest.mark.parametrize("codec", DEATHS)
def test_a_death_while_a_codec_is_bound_has_the_same_code(start, long_spool, codec):
    """The step stands in the last sign of life."""
    worker = start()
    with pytest.raises(EOFError, match="gone"):
        bind(worker, long_spool, codec)
    assert DEATHS[codec] == worker.wait()
    assert worker.signs[-1].startswith("encode of instance ")


def test_a_call_that_never_returns_is_silence(start, spool, tmp_path):
    """No answer comes, not even when the orchestrator has gone: it has to be killed. A second worker is as good."""
    worker = start()
    on_the_brink(worker, spool, "hangs")
    worker.post("block", payload="note", operation="encode", gc="on", **SIZE)
    assert not worker.ends_by(0.5)
    worker.process.kill()
    with pytest.raises(EOFError, match="gone"):
        worker.hear()
    assert -signal.SIGKILL == worker.wait()
    assert b"" == (tmp_path / "complaints").read_bytes()
    assert_sound(start(), spool)


@linux
@pytest.mark.parametrize("threads", [1, 2])
def test_memory_without_end_is_an_answer(start, spool, sampler, threads):
    """The limit ends it, the reason says so, and what it took is free again."""
    worker = start(memory_bytes=1_500_000_000, sampler=sampler)
    on_the_brink(worker, spool, "allocates")
    for _ in range(2):
        answer = block(worker, threads=threads)
        assert {"is": "failed", "reason": "ran out of memory (limit 1.5 GB) during block"} == answer
    assert_sound(worker, spool)


def test_another_type_is_incorrect(start, spool):
    """What encode returns is looked at before anything is timed."""
    worker = start()
    wrong = {"status": "incorrect", "reason": "encode returned int, which is no bytes-like object"}
    assert {"encode": wrong} == bind(worker, spool, "wrong_type")["operations"]
    assert_sound(worker, spool)


def test_another_type_while_it_is_timed_is_measured_as_it_is(start, spool, sampler):
    """Results of timed calls are released, not looked at."""
    worker = start(sampler=sampler)
    on_the_brink(worker, spool, "wrong_type_late")
    answer = block(worker)
    assert_measured(worker, answer)
    assert "noticed" not in answer
    assert_sound(worker, spool)


OFFENCES = {
    "prints": ("prints", f"It printed {MADE * len(PRINTED + '1'):,} bytes to standard output, beginning with "),
    "closes_standard": ("moves-descriptors", "It closed or redirected 0, 1, 2"),
    "redirects": ("moves-descriptors", "It closed or redirected 1"),
    "forks_waits": ("starts-processes", "It started child processes"),
    "collector_off": ("changes-collector", "It changed the garbage collector: switched it off"),
    "thresholds": ("changes-collector", "It changed the garbage collector: set its thresholds to (100000, 50, 50)"),
}


@pytest.mark.parametrize("codec", OFFENCES)
def test_an_offence_that_is_over_is_told_with_its_block(start, spool, sampler, codec):
    """The samples are whole, the process is put back, the next block tells of its own and other answers of nothing."""
    worker = start(sampler=sampler)
    on_the_brink(worker, spool, codec)
    for _ in range(2):
        answer = block(worker)
        assert_measured(worker, answer)
        ((name, words),) = answer["noticed"]
        assert (OFFENCES[codec][0], False) == (name, answer["busy"])
        assert words.startswith(OFFENCES[codec][1])
        assert "noticed" not in worker.ask("floor")
    assert_sound(worker, spool)


@pytest.mark.parametrize("codec", OFFENCES)
def test_an_offence_in_threads_is_told_once(start, spool, sampler, codec):
    """Several threads offend at the same time, and the samples of each are whole."""
    worker = start(sampler=sampler)
    on_the_brink(worker, spool, codec)
    answer = block(worker, threads=2)
    assert_measured(worker, answer, threads=2)
    assert [OFFENCES[codec][0]] == [name for name, _ in answer["noticed"]]
    assert_sound(worker, spool)


@pytest.mark.parametrize("codec", OFFENCES)
def test_an_offence_in_a_warm_up_or_a_bind_is_told_there(start, spool, long_spool, codec):
    """Wherever it happens, and in no other answer."""
    worker = start()
    bound = bind(worker, long_spool, codec, "many")
    assert {"encode": {"status": "ready"}} == bound["operations"]
    assert [OFFENCES[codec][0]] == [name for name, _ in bound["noticed"]]
    on_the_brink(worker, spool, codec)
    answer = worker.ask("warm", payload="note", operation="encode", gc="frozen", limit_ns=0)
    assert ("warm", [OFFENCES[codec][0]]) == (answer["is"], [name for name, _ in answer["noticed"]])
    assert "noticed" not in worker.ask("noise", calls=3)


BINDER = """
import gc, pickle, sys
sys.path.append({tests!r})
from serbench.codecs.base import Bound
from fake_codecs import Fake

def make(_):
    {offence}
    return Bound(encode=pickle.dumps, decode=pickle.loads)

CODECS = (Fake(name="binds", make=make),)
"""


@pytest.mark.parametrize(
    ("offence", "words"),
    [
        ("gc.disable()", "switched it off"),
        ("gc.freeze()", "froze what was alive"),
        ("gc.disable(); gc.freeze()", "switched it off, froze what was alive"),
        ("gc.set_threshold(5, 6, 7)", "set its thresholds to (5, 6, 7)"),
        ("gc.set_threshold(0)", f"set its thresholds to {(0, *gc.get_threshold()[1:])}"),
        ("gc.disable(); gc.enable()", ""),
        ("before = gc.get_threshold(); gc.set_threshold(0); gc.set_threshold(*before)", ""),
        ("gc.collect()", ""),
        ("pass", ""),
    ],
)
def test_what_a_bind_does_to_the_collector_is_told_and_undone(start, spool, tmp_path, offence, words):
    """Though the worker itself keeps it from running meanwhile, and freezes what is alive; of a second bind as well."""
    (tmp_path / "binder.py").write_text(BINDER.format(tests=str(Path(EVIL).parent), offence=offence))
    worker = start(sources=[EVIL, str(tmp_path / "binder.py")])
    expected = [["changes-collector", f"It changed the garbage collector: {words}"]] if words else None
    for payload in ("note", "again"):
        answer = bind(worker, spool, "binds", payload)
        assert {"encode": {"status": "ready"}} == answer["operations"]
        assert expected == answer.get("noticed")
    assert "noticed" not in block(worker)
    assert "noticed" not in bind(worker, spool, "sound", "after")


PATCHER = """
import json, os, pickle, sys, threading, time
sys.path.append({tests!r})
from serbench.codecs.base import Bound
from fake_codecs import Fake
{offence}
CODECS = (Fake(name="patches", make=lambda _: Bound(encode=pickle.dumps, decode=pickle.loads)),)
"""
SPINS = "threading.Thread(target=threading.Event().wait, daemon=True).start()"


@pytest.mark.parametrize(
    "offence",
    [
        "own = json.dumps; json.dumps = lambda o, **k: own(o, **k).encode()",
        "own = json.loads; json.loads = lambda data: own(data)",
        f"time.monotonic = lambda: 0.0; {SPINS}",
        f"time.sleep = None; {SPINS}",
        "time.perf_counter_ns = time.monotonic_ns = None",
        "os.getpid = os.waitpid = os.fstat = os.dup2 = os.pread = None",
    ],
    ids=["dumps", "loads", "monotonic", "sleep", "clocks", "os"],
)
def test_a_codec_may_patch_what_the_worker_works_with(start, spool, tmp_path, sampler, offence):
    """As libraries do that put themselves in the place of others: the worker has what it had before."""
    (tmp_path / "patcher.py").write_text(PATCHER.format(tests=str(Path(EVIL).parent), offence=offence))
    worker = start(sources=[EVIL, str(tmp_path / "patcher.py")], sampler=sampler)
    exchanged = tmp_path / "encoded"
    asked = {"payload": "note", "spool": spool, "operations": ["encode"], "exchange": str(exchanged)}
    answer = worker.ask("bind", codec="patches", **asked, verify_seconds=1000.0)
    assert {"encode": {"status": "ready"}} == answer["operations"]
    assert exchanged.exists()
    assert_measured(worker, block(worker))
    assert_measured(worker, block(worker, threads=2), threads=2)
    assert "warm" == worker.ask("warm", payload="note", operation="encode", gc="on", limit_ns=0)["is"]


def test_a_collector_that_was_asked_to_be_off_is_no_offence(start, spool):
    """What a codec does to it is what was asked for."""
    worker = start()
    on_the_brink(worker, spool, "collector_off")
    assert "noticed" not in block(worker, gc="off")


def test_a_thread_that_goes_on_is_told_with_every_answer(start, spool, sampler):
    """It cannot be ended: the orchestrator learns that the process is busy, and it ends with the process."""
    worker = start(sampler=sampler)
    on_the_brink(worker, spool, "threads")
    for answer in (block(worker), worker.ask("floor"), bind(worker, spool, "sound", "after")):
        assert [["starts-threads", "It left a thread running"]] == answer["noticed"]
        assert answer["busy"]
    assert_sound(worker, spool)
    assert {"is": "bye"}.items() <= worker.ask("bye").items()
    assert 0 == worker.wait()


def test_one_offence_does_not_hide_another(start, spool):
    """A thread goes on, and a codec prints in a block: both are told."""
    worker = start()
    on_the_brink(worker, spool, "prints", "printed")
    on_the_brink(worker, spool, "threads")
    block(worker)
    answer = block(worker, "printed")
    assert ["prints", "starts-threads"] == sorted(name for name, _ in answer["noticed"])
    assert ["starts-threads"] == [name for name, _ in worker.ask("floor")["noticed"]]


@pytest.mark.parametrize("codec", ["forks_leaves", pytest.param("forks_detached", marks=linux)])
def test_a_child_that_goes_on_is_told_with_every_answer(start, spool, tmp_path, codec):
    """Whatever session it is in and whoever its parent was; when it has ended the process is itself again."""
    worker = start()
    on_the_brink(worker, spool, codec)
    for answer in (block(worker), worker.ask("floor")):
        assert [["starts-processes", "It left child processes behind"]] == answer["noticed"]
        assert answer["busy"]
    os.kill(wait_for_child(tmp_path), signal.SIGKILL)
    wait_for_quiet(worker)
    assert "noticed" not in worker.ask("floor")
    assert_sound(worker, spool)


def test_a_child_that_goes_on_keeps_no_worker_from_ending(start, spool, tmp_path):
    """It holds the protocol's pipe open, so that only the process tells of its end."""
    worker = start()
    on_the_brink(worker, spool, "forks_leaves")
    block(worker)
    wait_for_child(tmp_path)
    assert "bye" == worker.ask("bye")["is"]
    assert 0 == worker.wait()


@pytest.mark.parametrize("threads", [1, 2])
def test_a_child_that_comes_back_says_nothing(start, spool, sampler, threads):
    """There is one answer, with its own samples; the children end, and the next answer is that to the next request."""
    worker = start(sampler=sampler)
    on_the_brink(worker, spool, "forks_returns")
    for _ in range(2):
        answer = block(worker, threads=threads)
        assert_measured(worker, answer, threads=threads)
        assert ["starts-processes"] == [name for name, _ in answer["noticed"]]
    warm = worker.ask("warm", payload="note", operation="encode", gc="on", limit_ns=0)
    assert ("warm", ["starts-processes"]) == (warm["is"], [name for name, _ in warm["noticed"]])
    assert_sound(worker, spool)


def test_a_child_that_comes_back_outside_a_block_says_nothing(start, spool, long_spool):
    """While its codec is bound, and in the memory pass, where nothing but the worker itself ends it."""
    worker = start()
    bound = bind(worker, long_spool, "forks_returns", "many")
    assert {"encode": {"status": "ready"}} == bound["operations"]
    assert ["starts-processes"] == [name for name, _ in bound["noticed"]]
    wait_for_quiet(worker)
    on_the_brink(worker, spool, "forks_returns")
    answer = worker.ask("memory", payload="note", operation="encode", seconds=0.1, calls=4)
    assert ("memory", ["starts-processes"]) == (answer["is"], [name for name, _ in answer["noticed"]])
    assert_sound(worker, spool)
