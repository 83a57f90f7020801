"""The worker program, spoken to over its protocol, and against a fake clock where it decides by the clock."""

from __future__ import annotations

import gc
import re
import resource
import signal
import sys
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from worker_process import WorkerProcess

from fake_codecs import CALLS, INSTANCES, SCHEMA
from serbench.records.cases import Operation
from serbench.schema.spool import payload_of, write
from serbench.worker import __main__ as program
from serbench.worker import exchange, protocol, sampler
from serbench.worker.rotation import Rotation
from serbench.worker.words import REASON

FAKES = str(Path(__file__).parent.parent / "fake_codecs.py")
COUNT = len(INSTANCES)
THOROUGH = 1e6
FOREVER_NS = 10**15
STARTER = """
import resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_CPU, (90, 90))  # ends a worker that hangs, should nothing else do so
subprocess.run([sys.executable, "-P", "-m", "serbench.worker"])
"""
linux = pytest.mark.skipif(sys.platform != "linux", reason="a Linux matter")


@pytest.fixture
def start(tmp_path):
    """Starts workers and ends them after the test."""
    started = []

    def worker(*told, **variables):
        started.append(WorkerProcess(tmp_path / "complaints", *told, **variables))
        return started[-1]

    yield worker
    for each in started:
        each.close()


@pytest.fixture
def worker(start, tmp_path):
    """A worker that knows all fake codecs."""
    started = start(**{CALLS: str(tmp_path / "calls")})
    assert "hello" == hello(started)["is"]
    return started


@pytest.fixture
def spool(tmp_path):
    """The instances on disk."""
    path = tmp_path / "note.ndjson"
    write(payload_of("note", SCHEMA, INSTANCES), path)
    return path


@pytest.fixture
def calls(tmp_path):
    """Tells the lines that a codec has written since it was asked last."""
    told = []

    def since():
        lines = (tmp_path / "calls").read_text().splitlines() if (tmp_path / "calls").exists() else []
        new = lines[len(told) :]
        told.extend(new)
        return new

    return since


def hello(worker, **fields):
    """A worker's answer to the first request."""
    return worker.ask("hello", **{"version": protocol.VERSION, "sources": [FAKES], "describe": False} | fields)


def bind(worker, spool, codec, *operations, seconds=THOROUGH, **fields):
    """A worker's answer when it is to make a codec ready."""
    asked = {"codec": codec, "payload": "note", "spool": str(spool), "operations": operations or ["decode"]}
    return worker.ask("bind", **asked, verify_seconds=seconds, **fields)


def warm(worker, **fields):
    """A worker's answer when it is to warm decode."""
    return worker.ask("warm", **{"payload": "note", "operation": "decode", "gc": "on", "limit_ns": 0} | fields)


def block(worker, **fields):
    """A worker's answer to a block of decode, of one call unless more are asked for."""
    lead_in = {"lead_in_ns": 0, "lead_in_calls": 0, "lead_in_limit_ns": FOREVER_NS, "lead_in_at_most": 0}
    size = {"calls": 1, "batch": 0, **lead_in}
    return worker.ask("block", **{"payload": "note", "operation": "decode", "gc": "on", **size} | fields)


def measured(worker, **fields):
    """What each thread measured in a block of decode."""
    strands, _ = worker.strands(block(worker, **fields))
    return strands


def reasons(bound):
    """What became of each operation, in words."""
    return {name: ready.get("reason", ready["status"]) for name, ready in bound["operations"].items()}


def test_hello_describes_the_codecs_of_all_sources(start, tmp_path):
    """The version, the sampler, what its clock is like and an entry per codec; a source without one says why."""
    missing = str(tmp_path / "missing.py")
    answer = hello(start(), sources=[FAKES, missing], describe=True)
    assert ("hello", protocol.VERSION, sampler.load().NAME) == (answer["is"], answer["version"], answer["sampler"])
    assert answer["clock_step_ns"] > 0
    assert answer["clock_cost_ns"] >= 0
    assert answer["import_ns"] > 0
    by_name = {entry["name"]: entry for entry in answer["codecs"]}
    assert ("typed", FAKES) == (by_name["objects"]["model"], by_name["objects"]["source"])
    assert f"{missing}: no such Python file" == by_name["missing"]["unavailable"]


def test_hello_without_description_imports_the_codecs(worker, spool):
    """They are known afterwards, and not told."""
    assert [] == hello(worker)["codecs"]
    assert {"decode": "ready"} == reasons(bind(worker, spool, "sound"))


def test_codecs_of_all_sources_are_known(start, spool):
    """A codec of one module is there beside those of the next."""
    worker = start()
    hello(worker, sources=[FAKES, "serbench.codecs.pickle"])
    assert {"decode": "ready"} == reasons(bind(worker, spool, "sound"))
    assert {"decode": "ready"} == reasons(bind(worker, spool, "pickle"))


def test_codecs_that_are_only_described_are_not_known(start, spool):
    """A worker that describes is asked for nothing else."""
    described = start()
    hello(described, describe=True)
    assert "KeyError: 'sound'" == bind(described, spool, "sound")["reason"]


def test_a_codec_file_that_cannot_be_imported_fails_hello(start, tmp_path):
    """The reason says which import it was."""
    broken = tmp_path / "broken.py"
    broken.write_text("1 / 0")
    answer = hello(start(), sources=[str(broken)])
    reason = f"ZeroDivisionError: division by zero during import of {broken}"
    assert {"is": "failed", "reason": reason} == answer


def test_another_version_is_refused(start):
    """A worker that speaks another version says both, and can be asked again."""
    worker = start()
    reason = f"RuntimeError: this worker speaks protocol {protocol.VERSION}, not {protocol.VERSION + 1}"
    assert {"is": "failed", "reason": reason} == hello(worker, version=protocol.VERSION + 1)
    assert "hello" == hello(worker)["is"]


@pytest.mark.parametrize("name", dict.fromkeys([sampler.load().NAME, "python"]))
def test_a_sampler_is_chosen_by_its_name(start, spool, name):
    """It says which, and measures with it."""
    worker = start()
    assert name == hello(worker, sampler=name)["sampler"]
    bind(worker, spool, "sound")
    assert 3 == len(measured(worker, calls=3)[0].calls)


def test_a_sampler_that_is_not_there_is_a_failure(start):
    """The reason names those that there are."""
    reason = "RuntimeError: there is no sampler 'sundial', only native and python"
    assert {"is": "failed", "reason": reason} == hello(start(), sampler="sundial")


def test_bind_makes_every_operation_ready(worker, spool):
    """Each is ready, the sizes are those of all instances, and it says how many were verified."""
    answer = bind(worker, spool, "objects", *Operation)
    assert dict.fromkeys(Operation, "ready") == reasons(answer)
    assert (COUNT, COUNT) == (answer["verified"], answer["of"])
    sizes = answer["encoded_bytes"]
    assert 0 < sizes["min"] <= sizes["median"] <= sizes["max"]
    assert sizes["min"] <= sizes["mean"] <= sizes["max"]


def test_a_thorough_bind_decodes_every_instance(worker, spool, calls):
    """In order, each once; where no time is given, the first alone."""
    bind(worker, spool, "counts")
    assert [str(i) for i in range(COUNT)] == calls()
    answer = bind(worker, spool, "counts", seconds=0)
    assert (["0"], 1, COUNT) == (calls(), answer["verified"], answer["of"])


def test_a_thorough_bind_checks_the_spool(worker, spool):
    """Content that was changed is noticed where there is time to look; later workers trust the first."""
    spool.write_bytes(spool.read_bytes().replace(b"note 0", b"note 9"))
    answer = bind(worker, spool, "sound")
    assert "failed" == answer["is"]
    assert "content and digest differ" in answer["reason"]
    assert {"decode": "ready"} == reasons(bind(worker, spool, "sound", seconds=0))


def test_what_is_wrong_has_only_its_reason(worker, spool):
    """All operations are incorrect, and there is no size to be shown."""
    wrong = {"status": "incorrect", "reason": "instance 3: price: expected 3.5 (float), got 3.0 (float)"}
    answer = {"is": "bound", "operations": {"encode": wrong, "read": wrong}}
    assert answer == bind(worker, spool, "late", "encode", "read")
    assert {"encode": "ready", "decode": "ready"} == reasons(bind(worker, spool, "late", "encode", "decode", seconds=0))


def test_what_cannot_be_carried_is_refused(worker, spool):
    """The codec's words, as they are."""
    assert {"is": "refused", "reason": "price: prices are not for it"} == bind(worker, spool, "refuses")


LONG = """
import pickle
from dataclasses import dataclass
from serbench.codecs.base import Bound
from serbench.codecs.json import Json
from serbench.errors import UnsupportedPayload

@dataclass(frozen=True, slots=True, kw_only=True)
class Long(Json):
    def bind(self, payload, /):
        if self.name == "refuses":
            raise UnsupportedPayload("A" * 3_000_000)
        if self.name == "raises":
            raise ValueError("A" * 3_000_000)
        return Bound(encode=pickle.dumps, decode=lambda data: pickle.loads(data) | {"A" * 3_000_000: 1})

CODECS = tuple(Long(name=name, deviations=frozenset()) for name in ("refuses", "raises", "adds"))
"""


@pytest.mark.parametrize(
    ("codec", "wanted"),
    [
        ("refuses", "A+…A+"),
        ("raises", "ValueError: A+…A+ during bind"),
        ("adds", "instance 0: A+…A+: not in what went in"),
    ],
)
def test_a_reason_is_short(start, spool, tmp_path, codec, wanted):
    """It is printed, and stands in every output: however much a codec has to say, both ends of it are told."""
    (tmp_path / "long.py").write_text(LONG)
    worker = start()
    hello(worker, sources=[str(tmp_path / "long.py")])
    answer = bind(worker, spool, codec)
    reason = answer["reason"] if "reason" in answer else answer["operations"]["decode"]["reason"]
    assert re.fullmatch(wanted, reason)
    assert len(reason) <= REASON


@pytest.mark.parametrize(
    ("codec", "status", "reason"),
    [
        ("skims", "incorrect", "instance 0: read left out price"),
        ("skips-late", "incorrect", "instance 3: read left out price"),
        ("stumbles", "failed", "KeyError: 'nothing' during read of instance 0"),
    ],
)
def test_a_reader_that_is_wrong_costs_read_only(worker, spool, codec, status, reason):
    """The other operations of the same codec are ready."""
    operations = bind(worker, spool, codec, "decode", "read", "load")["operations"]
    assert {"status": status, "reason": reason} == operations["read"]
    assert {"status": "ready"} == operations["decode"] == operations["load"]


@pytest.mark.parametrize(
    ("codec", "reason"),
    [
        ("raises", "ValueError: no twos during decode of instance 2"),
        ("silent", "KeyboardInterrupt during decode of instance 0"),
        ("quits", "SystemExit: 5 during decode of instance 0"),
        ("eats", "ran out of memory during decode of instance 0"),
        ("no-such", "KeyError: 'no-such'"),
    ],
)
def test_whatever_a_codec_raises_becomes_an_answer(worker, spool, codec, reason):
    """One line, with the step and the instance; the worker goes on, and forgets what it was doing."""
    assert {"is": "failed", "reason": reason} == bind(worker, spool, codec)
    assert {"is": "failed", "reason": "KeyError: 'dance'"} == worker.ask("dance")
    assert {"decode": "ready"} == reasons(bind(worker, spool, "sound"))


def test_what_a_timed_call_raises_becomes_an_answer(worker, spool):
    """The third call of a block falls over; it says whether that was a block."""
    bind(worker, spool, "raises", seconds=0)
    for verb, answer in {"block": block(worker, calls=3), "warm": warm(worker, limit_ns=FOREVER_NS)}.items():
        assert {"is": "failed", "reason": f"ValueError: no twos during {verb}"} == answer
    assert "floor" == worker.ask("floor")["is"]


def test_what_was_not_made_ready_cannot_be_measured(worker, spool):
    """Neither warmed nor sampled: an answer, and no end."""
    bind(worker, spool, "sound", "encode")
    for answer in (warm(worker), block(worker), block(worker, payload="other", operation="encode")):
        assert "failed" == answer["is"]
        assert "KeyError" in answer["reason"]
    assert "samples" == block(worker, operation="encode")["is"]


def test_a_bind_takes_the_place_of_the_one_before(worker, spool, calls):
    """The same payload and operation are those of the codec that was bound last."""
    bind(worker, spool, "counts")
    bind(worker, spool, "sound")
    calls()
    block(worker, calls=3)
    assert [] == calls()


def test_a_block_goes_on_in_the_rotation(worker, spool, calls):
    """Lead-in, singles and batch take instances in turn, from warm-up to block to block, and leave none out."""
    bind(worker, spool, "counts")
    calls()
    assert 1 == warm(worker)["calls"]
    told = [
        measured(worker, lead_in_at_most=50, lead_in_calls=2, calls=4, batch=3)[0].told,
        measured(worker, calls=5)[0].told,
        measured(worker, lead_in_at_most=2, lead_in_calls=5, calls=1, batch=12)[0].told,
    ]
    assert [2, 0, 2] == [each["lead_in"] for each in told]
    assert [3, 10 % COUNT, 17 % COUNT] == [each["first"] for each in told]
    assert [str(i % COUNT) for i in range(1 + 9 + 5 + 15)] == calls()


def test_a_block_has_a_sample_per_call_and_its_batch_beside(worker, spool):
    """As many samples as calls; the block lasts as long as its singles and its batch together."""
    bind(worker, spool, "sound")
    answer = block(worker, calls=4, batch=3000)
    (strand,), _ = worker.strands(answer)
    assert ("samples", 4, 3000) == (answer["is"], strand.told["calls"], strand.told["batch_calls"])
    assert answer["count"] == len(worker.samples) == 2 * (4 + strand.told["marks"] + answer["collections"])
    assert 4 == len(strand.calls)
    assert strand.calls[-1][1] - strand.calls[0][0] + strand.told["batch_ns"] == answer["block_ns"]


def test_samples_are_readings_of_one_clock(worker, spool):
    """A call ends after it has begun and before the next begins; of marks the first is from before, the last after."""
    bind(worker, spool, "sound")
    (strand,) = measured(worker, calls=300)
    assert all(start <= end for start, end in strand.calls)
    assert all(end <= start for (_, end), (start, _) in pairwise(strand.calls))
    if sys.platform == "linux":
        made, switches = zip(*strand.marks, strict=True)
        assert (0, 300) == (made[0], made[-1])
        assert sorted(set(made)) == list(made)
        assert sorted(switches) == list(switches)


FAILER = """
import gc, pickle
from serbench.codecs.base import Bound
from fake_codecs import Fake

def decode(data):
    value = pickle.loads(data)
    if value["id"] == 2:
        gc.disable()
        print("farewell")
        raise ValueError("no twos")
    return value

CODECS = (Fake(name="fails", make=lambda _: Bound(encode=pickle.dumps, decode=decode)),)
"""


def test_what_a_call_did_before_it_failed_is_told(start, spool, tmp_path):
    """Beside the reason, and with the collector as the block had asked for it."""
    (tmp_path / "failer.py").write_text(FAILER)
    worker = start(PYTHONPATH=str(Path(FAKES).parent))
    hello(worker, sources=[str(tmp_path / "failer.py")])
    bind(worker, spool, "fails", seconds=0)
    answer = block(worker, calls=3)
    assert ("failed", "ValueError: no twos during block") == (answer["is"], answer["reason"])
    words = ["It changed the garbage collector: switched it off", "It printed 9 bytes to standard output"]
    assert words == sorted(told.partition(",")[0] for _, told in answer["noticed"])
    assert "noticed" not in worker.ask("floor")


KEEPER = """
import pickle
from serbench.codecs.base import Bound
from fake_codecs import Fake

kept = []

def decode(data):
    kept.append([])
    return pickle.loads(data)

CODECS = (Fake(name="keeps", make=lambda _: Bound(encode=pickle.dumps, decode=decode)),)
"""


COUNTER = """
import pickle, weakref
from pathlib import Path
from types import SimpleNamespace
from serbench.codecs.base import Bound
from fake_codecs import Fake

alive = weakref.WeakSet()

class Message(SimpleNamespace):
    __hash__ = object.__hash__

def build(value):
    message = Message(**value)
    alive.add(message)
    return message

def decode(data):
    with FOUND.open("a") as found:
        found.write(f"{len(alive)}\\n")
    return Message(**pickle.loads(data))

def bound(_):
    return Bound(encode=lambda m: pickle.dumps(vars(m)), decode=decode, build=build, convert=lambda m: dict(vars(m)))

CODECS = (Fake(name="tells", model="typed", make=bound),)
"""


def test_what_is_alive_does_not_depend_on_the_operations(start, spool, tmp_path):
    """What one operation takes its time in, another one would leave behind: all that was made ready stays."""
    told = tmp_path / "told"
    (tmp_path / "teller.py").write_text(COUNTER.replace("FOUND", f"Path({str(told)!r})"))
    for operations in (["decode"], ["decode", "encode"], ["dump", "decode", "read"]):
        worker = start(PYTHONPATH=str(Path(FAKES).parent))
        hello(worker, sources=[str(tmp_path / "teller.py")])
        bind(worker, spool, "tells", *operations)
        told.unlink()
        assert "samples" == block(worker, calls=2)["is"]
        assert {str(COUNT)} == set(told.read_text().split())


def test_collections_meanwhile_are_told(start, spool, tmp_path):
    """Objects that stay bring collections about: each is told with its times, within the call that paid for it."""
    (tmp_path / "keeper.py").write_text(KEEPER)
    worker = start(PYTHONPATH=str(Path(FAKES).parent))
    hello(worker, sources=[str(tmp_path / "keeper.py")])
    bind(worker, spool, "keeps", "decode", seconds=0)
    (strand,), collections = worker.strands(block(worker, calls=5000))
    assert sorted(collections) == collections
    assert all(start < end for start, end in collections)
    inside = [c for c in collections if any(begin <= c[0] and c[1] <= end for begin, end in strand.calls)]
    assert len(inside) >= 5000 // gc.get_threshold()[0]
    assert 0 == block(worker, calls=5000, gc="off")["collections"]


def test_several_threads_measure_at_once(worker, spool):
    """Each has its own calls, marks, lead-in and batch, and begins its turns elsewhere; blocks go on from there."""
    bind(worker, spool, "sound")
    lead_in = {"lead_in_at_most": 2, "lead_in_calls": 2}
    answer = block(worker, threads=3, calls=40, batch=0, **lead_in)
    strands, _ = worker.strands(answer)
    assert [40] * 3 == [len(strand.calls) for strand in strands]
    assert [2] * 3 == [strand.told["lead_in"] for strand in strands]
    assert [(n * COUNT // 3 + 2) % COUNT for n in range(3)] == [strand.told["first"] for strand in strands]
    assert answer["block_ns"] == max(s.calls[-1][1] - s.calls[0][0] for s in strands)
    assert "noticed" not in answer
    assert 1 == len(measured(worker, calls=1))


def test_what_a_call_in_a_thread_raises_becomes_an_answer(worker, spool):
    """One thread meets the instance that cannot be decoded; the next request works."""
    bind(worker, spool, "raises", seconds=0)
    failed = block(worker, threads=2, calls=3)
    assert {"is": "failed", "reason": "ValueError: no twos during block"} == failed
    assert "floor" == worker.ask("floor")["is"]


def test_a_block_without_a_batch_takes_its_singles_for_one(worker, spool):
    """Calls that are long need no batch: the singles as a whole serve."""
    bind(worker, spool, "sound")
    answer = block(worker, calls=3, batch=0)
    (strand,), _ = worker.strands(answer)
    assert (3, 3) == (strand.told["calls"], strand.told["batch_calls"])
    assert sum(end - start for start, end in strand.calls) <= strand.told["batch_ns"] == answer["block_ns"]


def test_warm_up_says_how_it_went(worker, spool, calls):
    """The number of calls, whether windows agreed, and what a call takes."""
    bind(worker, spool, "counts")
    calls()
    answer = warm(worker, limit_ns=FOREVER_NS)
    assert ("warm", len(calls())) == (answer["is"], answer["calls"])
    assert answer["calls"] >= 6
    assert isinstance(answer["ended"], bool)
    assert answer["ns_per_call"] >= 1


def test_the_floor_is_read_without_a_codec(start):
    """An empty call, one by one and as a whole, many times."""
    answer = start().ask("floor")
    assert {"is", "ns_per_call", "batch_ns_per_call", "calls"} == set(answer)
    assert ("floor", 512) == (answer["is"], answer["calls"])
    assert answer["ns_per_call"] >= 0
    assert answer["batch_ns_per_call"] > 0


def test_noise_is_sampled_without_a_codec(start):
    """Calls that do nothing, as many as are asked for, told as those of a block are."""
    worker = start()
    answer = worker.ask("noise", calls=70)
    (strand,), _ = worker.strands(answer)
    assert ("samples", 70) == (answer["is"], len(strand.calls))
    assert (70, 0) == (strand.told["batch_calls"], strand.told["first"])


def test_a_heap_is_held_beside_what_is_measured(worker, spool, calls):
    """As many decoded instances as are asked for, decoded in turn; none where none is asked for."""
    assert 0 == bind(worker, spool, "counts", seconds=0)["heap"]
    calls()
    assert 10 == bind(worker, spool, "counts", seconds=0, heap=10)["heap"]
    assert [0, *(i % COUNT for i in range(10))] == list(map(int, calls()))
    assert "collection of 10 live objects" == worker.signs[-1]


def test_a_heap_that_is_not_made_in_time_is_told(worker, spool):
    """As many as there were; the orchestrator decides what that is worth."""
    assert 1 == bind(worker, spool, "sound", seconds=0, heap=10**9, heap_seconds=0)["heap"]


GROWER = """
import pickle
from itertools import count
from serbench.codecs.base import Bound
from fake_codecs import Fake

calls = count()

def decode(data):
    return bytes(1 << 26) if next(calls) else pickle.loads(data)

CODECS = (Fake(name="grows", make=lambda _: Bound(encode=pickle.dumps, decode=decode)),)
"""


@linux
def test_a_heap_that_memory_is_not_enough_for_is_let_go(start, spool, tmp_path):
    """The reason says so, and the next request finds its memory free."""
    (tmp_path / "grower.py").write_text(GROWER)
    worker = start(PYTHONPATH=str(Path(FAKES).parent))
    hello(worker, sources=[str(tmp_path / "grower.py"), FAKES], memory_bytes=1_500_000_000)
    failed = bind(worker, spool, "grows", seconds=0, heap=100)
    assert failed["reason"].startswith("ran out of memory (limit 1.5 GB) during decode of instance ")
    assert 10 == bind(worker, spool, "sound", seconds=0, heap=10)["heap"]
    limit = resource.prlimit(worker.process.pid, resource.RLIMIT_AS)[0]
    taken = int(Path(f"/proc/{worker.process.pid}/statm").read_text().split()[0]) * resource.getpagesize()
    assert taken < limit // 2
    assert 3 == len(measured(worker, calls=3)[0].calls)


def test_memory_is_measured_of_what_is_ready(worker, spool):
    """A pass of its own over one operation."""
    bind(worker, spool, "sound")
    answer = worker.ask("memory", payload="note", operation="decode", seconds=0.2, calls=100)
    assert ("memory", COUNT) == (answer["is"], answer["calls"])
    assert answer["live_bytes"]["median"] > 0
    assert "KeyError" in worker.ask("memory", payload="note", operation="encode", seconds=0.2, calls=1)["reason"]


@pytest.mark.parametrize("operation", Operation)
def test_a_cold_start_is_read_in_a_process_that_has_done_nothing(start, spool, tmp_path, operation):
    """Import, construction and first call, on what another process has encoded."""
    first = start()
    hello(first)
    bind(first, spool, "objects", exchange=str(tmp_path / "encoded"))
    cold = start()
    hello(cold)
    about = {"codec": "objects", "payload": "note", "spool": str(spool), "operation": str(operation)}
    answer = cold.ask("cold", exchange=str(tmp_path / "encoded"), **about)
    assert {"is", "import_ns", "bind_ns", "first_call_ns"} == set(answer)
    assert "cold" == answer["is"]
    assert all(answer[name] > 0 for name in ("import_ns", "bind_ns", "first_call_ns"))


def test_what_a_first_call_raises_becomes_an_answer(worker, spool, tmp_path):
    """It says that it was the cold start."""
    exchange.write(tmp_path / "encoded", [b"no pickle"])
    about = {"codec": "sound", "payload": "note", "spool": str(spool), "operation": "decode"}
    answer = worker.ask("cold", exchange=str(tmp_path / "encoded"), **about)
    assert "failed" == answer["is"]
    assert answer["reason"].endswith(" during cold")


def test_what_one_worker_encoded_another_must_decode(start, spool, tmp_path):
    """With time to verify all of it is written; without, its first message must decode, before anything is encoded."""
    path = tmp_path / "encoded"
    first, second = start(), start()
    hello(first)
    hello(second)
    assert {"decode": "ready"} == reasons(bind(first, spool, "sound", exchange=str(path)))
    assert COUNT == len(exchange.read(path))
    assert {"decode": "ready"} == reasons(bind(second, spool, "sound", seconds=0, exchange=str(path)))
    exchange.write(path, exchange.read(path)[1:])
    wrong = "instance 0, encoded by another process: id: expected 0 (int), got 1 (int)"
    assert {"decode": wrong} == reasons(bind(second, spool, "sound", seconds=0, exchange=str(path)))


def test_the_collector_is_as_it_was_asked_for(worker, spool, calls):
    """Idle while a codec is bound, then as each request says; frozen means that what is alive is out of its sight."""
    bind(worker, spool, "watches", seconds=0)
    assert ["idle 0"] == calls()  # the first list is kept
    block(worker, gc="on")
    assert ["on 0"] == calls()  # what was alive when it was bound is out of sight
    block(worker, gc="off")
    assert ["off 1"] == calls()
    warm(worker, gc="off")
    assert ["off 2"] == calls()
    block(worker, gc="frozen")
    assert ["on 0"] == calls()
    block(worker, gc="on")
    assert ["on 1"] == calls()
    warm(worker, gc="frozen")
    assert ["on 0"] == calls()


def test_signs_of_life_name_every_step(worker, spool):
    """Each new step is told at once, with the instance from which on it was; a crash is in the last one or later."""
    bind(worker, spool, "sound", "read")
    assert worker.signs[0] == "bind"
    steps = dict.fromkeys(sign.partition(" ")[0] for sign in worker.signs)
    assert ["bind", "build", "encode", "source", "decode", "read"] == list(steps)
    assert {f"{step} of instance 0 or later" for step in list(steps)[1:]} <= set(worker.signs)
    hello(worker)
    assert [f"import of {FAKES}"] == worker.signs


@pytest.mark.parametrize(("codec", "code"), [("exits", 3), ("crashes", -signal.SIGSEGV)])
def test_a_crash_is_the_end_of_the_pipe(worker, spool, codec, code):
    """The last sign of life tells where it was."""
    with pytest.raises(EOFError, match="gone"):
        bind(worker, spool, codec)
    assert "decode of instance 0 or later" == worker.signs[-1]
    assert code == worker.wait()


def test_a_codec_that_prints_and_reads_disturbs_nothing(worker, spool):
    """What it writes to stdout is told, what it reads from stdin is nothing, and the samples are whole."""
    bound = bind(worker, spool, "chatters")
    assert {"decode": "ready"} == reasons(bound)
    answer = block(worker, calls=20)
    assert 20 == len(worker.strands(answer)[0][0].calls)
    for each, calls in ((bound, COUNT), (answer, 20)):
        size = calls * len('from Python\n{"is": "bye"}\n')
        ((name, words),) = each["noticed"]
        assert ("prints", False) == (name, each["busy"])
        assert f"It printed {size:,} bytes to standard output" == words.partition(",")[0]
    assert "noticed" not in worker.ask("floor")
    assert {"is": "bye"} == worker.ask("bye")


def test_bye_ends_the_worker(worker, spool, tmp_path):
    """It answers, ends at once and has nothing to complain of."""
    bind(worker, spool, "sound")
    assert {"is": "bye"} == worker.ask("bye")
    assert 0 == worker.wait()
    assert b"" == (tmp_path / "complaints").read_bytes()


def test_the_end_of_stdin_ends_the_worker(worker, tmp_path):
    """An orchestrator that has gone leaves no worker behind."""
    worker.process.stdin.close()
    assert 0 == worker.wait()
    assert b"" == (tmp_path / "complaints").read_bytes()


def test_what_is_no_request_ends_the_worker(worker, tmp_path):
    """Whoever writes that is no orchestrator; why stands on stderr."""
    worker.send(b"GET / HTTP/1.1\n")
    assert 1 == worker.wait()
    assert b"JSONDecodeError" in (tmp_path / "complaints").read_bytes()


@linux
def test_a_worker_dies_with_the_process_that_started_it(start, spool):
    """Even in the middle of a call that never ends, and with its stdin still open."""
    starter = start("-c", STARTER)
    hello(starter)
    asked = {"codec": "hangs", "payload": "note", "spool": str(spool), "operations": ["decode"], "verify_seconds": 0}
    starter.post("bind", **asked)
    while starter.hear()["what"] != "decode of instance 0 or later":
        pass
    starter.process.kill()
    with pytest.raises(EOFError, match="gone"):
        starter.hear()


@linux
def test_memory_is_limited_when_that_is_asked(start, spool):
    """The address space of the process has the limit, and the reason of a failure says so."""
    worker = start()
    before = resource.prlimit(worker.process.pid, resource.RLIMIT_AS)
    hello(worker)
    assert before == resource.prlimit(worker.process.pid, resource.RLIMIT_AS)
    limit = 4_100_000_000
    hello(worker, memory_bytes=limit)
    assert (limit, limit) == resource.prlimit(worker.process.pid, resource.RLIMIT_AS)
    reason = "ran out of memory (limit 4.1 GB) during decode of instance 0"
    assert {"is": "failed", "reason": reason} == bind(worker, spool, "eats")


@linux
def test_a_limit_that_is_there_is_not_widened(start, spool):
    """A process may not ask for more than it was given; the smaller limit stays and is the one that is told."""
    worker = start()
    resource.prlimit(worker.process.pid, resource.RLIMIT_AS, (4_000_000_000, 4_000_000_000))
    assert "hello" == hello(worker, memory_bytes=8_000_000_000)["is"]
    assert (4_000_000_000, 4_000_000_000) == resource.prlimit(worker.process.pid, resource.RLIMIT_AS)
    assert "ran out of memory (limit 4.0 GB)" in bind(worker, spool, "eats")["reason"]


class Channel:
    """The end of a protocol that keeps what is sent."""

    def __init__(self):
        self.sent = []

    def send(self, answer, _samples=b""):
        """Keeps the text of a sign of life."""
        self.sent.append(answer["what"])

    def end_children(self):
        """There are none."""


class Guard:
    """Notices nothing."""

    busy = False

    def begin(self):
        """Nothing is kept."""

    def noticed(self, *, collecting):
        """Nothing was done."""
        assert gc.isenabled() == collecting
        return []


def test_signs_of_life_are_told_now_and_then(monkeypatch):
    """A step that goes on is told of every 50 ms, with the instance in hand; a new step at once."""
    channel, now = Channel(), SimpleNamespace(seconds=100.0)
    monkeypatch.setattr(program, "monotonic", lambda: now.seconds)
    worker = program.Worker(channel, Guard())
    for index in range(13):
        worker._at("decode", index)
        now.seconds += 0.02
    worker._at("read", 0)
    worker._at("read", 1)
    worker._at("bind", None)
    assert [f"decode of instance {i} or later" for i in (0, 3, 6, 9, 12)] == channel.sent[:5]
    assert ["read of instance 0 or later", "bind"] == channel.sent[5:]


class FakeSampler:
    """Batches whose calls take as long as it is told, one after the other; the clock moves with them."""

    def __init__(self, means):
        self.means = iter(means)
        self.now = 0
        self.sizes = []

    def perf_counter_ns(self):
        """The time that has passed in batches."""
        return self.now

    def batch(self, _call, arguments):
        """The ns of all calls."""
        self.sizes.append(len(arguments))
        ns = next(self.means) * len(arguments)
        self.now += ns
        return ns


@pytest.fixture
def warmed(monkeypatch):
    """Warms a call against a fake sampler; gives the answer and the sizes of the windows."""

    def run(means, limit_ns=FOREVER_NS):
        fake = FakeSampler(means)
        monkeypatch.setattr(program, "perf_counter_ns", fake.perf_counter_ns)
        worker = program.Worker(Channel(), Guard())
        worker._sampler = fake
        worker._calls["note", Operation.DECODE] = (len, [b""])
        worker._rotations["note", Operation.DECODE] = [Rotation([b""])]
        answer, _ = worker._warm({"payload": "note", "operation": "decode", "gc": "on", "limit_ns": limit_ns})
        return answer, fake.sizes

    return run


def test_warm_up_ends_when_two_windows_agree(warmed):
    """Windows of about a millisecond, until one is within 10 % of that before it."""
    answer, sizes = warmed([100_000, 50_000, 40_000, 36_000, 1])
    assert [1, 10, 20, 25] == sizes
    assert {"is": "warm", "calls": 56, "ended": True, "ns_per_call": 36_000} == answer


def test_warm_up_ends_at_a_cap(warmed):
    """Windows that never agree end after twenty, or when the next would pass the limit; it says that they did not."""
    answer, sizes = warmed([1_000, 2_000] * 50)
    assert 1 + 20 == len(sizes)
    assert (False, sum(sizes)) == (answer["ended"], answer["calls"])
    answer, sizes = warmed([1_000, 2_000] * 50, limit_ns=5_000_000)
    assert (False, 3 + 1) == (answer["ended"], len(sizes))


@pytest.mark.parametrize(("ns", "size"), [(1, 20_000), (10, 20_000), (1_000, 1_000), (900_000, 2), (9_000_000, 2)])
def test_a_window_has_two_calls_and_not_too_many(warmed, ns, size):
    """However short or long a call is."""
    assert [1, size] == warmed([ns, ns])[1]


def test_a_first_call_beyond_the_limit_is_all_there_is(warmed):
    """A call that takes longer than the warm-up may is made once."""
    answer, sizes = warmed([500, 500], limit_ns=400)
    assert ([1], 1, False, 500) == (sizes, answer["calls"], answer["ended"], answer["ns_per_call"])


def test_the_collector_is_on_after_a_bind():
    """Even where something raised."""
    with pytest.raises(KeyError):
        program.Worker(Channel(), Guard())._bind({})
    assert gc.isenabled()
