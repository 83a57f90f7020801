"""The passes besides time, with real workers: what they find, for which cases, and what a failure costs."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

import fakes
from codec_files import codec_file
from serbench.harness import compression, extras, strays
from serbench.harness.cores import Cores
from serbench.harness.extras import Extras
from serbench.harness.ledger import Ledger
from serbench.harness.link import Stopped
from serbench.harness.plan import Setting, plan
from serbench.records.cases import Operation, Status
from serbench.worker import exchange
from sessions import INSTANCES, by_id, planned, session, spooled

FAILS = "import os\nos.environ['PYTHONHASHSEED'] != '0' or os._exit(3)\n"
USUAL = (Setting(),)
HANGS = "import os, time\nos.environ['PYTHONHASHSEED'] != '0' or time.sleep(60)\n"


@pytest.fixture
def made(tmp_path):
    """Makes the passes of these codecs; names are taken for json under them, files for what they are."""

    def make(*names, operations=(Operation.DECODE,), settings=USUAL, files=(), encoded=True, stop=lambda: False):
        payload = spooled(tmp_path)
        source = codec_file(tmp_path, *names, stem="sound") if names else ""
        codecs = [replace(fakes.codec(name), source=source) for name in names]
        codecs += [replace(fakes.codec(Path(file).stem), source=file) for file in files]
        one = plan(codecs, [payload], operations, settings)
        if encoded:
            for codec in codecs:
                exchange.write(payload.exchange(codec.name), [json.dumps(note).encode() for note in INSTANCES])
        ledger = Ledger(one)
        return Extras(plan=one, ledger=ledger, cores=Cores(), memory_bytes=1 << 32, timeout=5.0, stop=stop), ledger

    return make


def found(ledger):
    """Measurements by case id."""
    return {m.case.id: m for m in ledger.measurements("not reached")}


def cautions(ledger):
    """Names and texts of all cautions."""
    return [(w.name, w.text) for m in ledger.measurements("") for w in m.warnings]


@pytest.mark.parametrize(
    ("passes", "expected"),
    [
        (("time",), 0.0),
        (("time", "size"), 0.1),
        (("cold", "time", "memory"), 0.5),
        (("size",), 1.0),
        (("memory", "cold"), 1.0),
    ],
)
def test_what_passes_leave_to_time(passes, expected):
    """A tenth for sizes, a quarter for the others; where there is no time to be measured they have all of it."""
    assert expected == pytest.approx(extras.share(passes))


def test_sizes_are_those_of_what_was_encoded(made):
    """Once for a codec and a payload, for all of its cases; no worker is asked."""
    one, ledger = made("json", operations=[Operation.DECODE, Operation.ENCODE], settings=[Setting(), Setting(gc="off")])
    assert ["json/note/decode"] == list(one.run("size", 5.0))
    sizes = {m.sizes for m in ledger.measurements("")}
    (sizes,) = sizes
    assert {"none", "gzip", "zstd", "brotli"} == {size.method for size in sizes}
    (plain,) = (size for size in sizes if size.method == "none")
    lengths = sorted(len(json.dumps(note)) for note in INSTANCES)
    assert (lengths[0], lengths[-1]) == (plain.bytes_per_message.min, plain.bytes_per_message.max)
    assert 4 == len(ledger.measurements(""))


def test_sizes_of_what_was_not_encoded(made):
    """There are none."""
    one, ledger = made("json", encoded=False)
    assert [] == list(one.run("size", 5.0))
    assert [()] == [m.sizes for m in ledger.measurements("")]


def test_the_same_bytes_are_compressed_once(made, monkeypatch):
    """For all codecs that write them."""
    calls = []
    real = compression.compress
    monkeypatch.setattr(compression, "compress", lambda *given: (calls.append(given), real(*given))[1])
    one, ledger = made("a", "b", "c")
    assert 1 == len(list(one.run("size", 60.0))) == len(calls)
    assert 1 == len({m.sizes for m in ledger.measurements("")})


@pytest.mark.parametrize(("seconds", "expected"), [(0.0, 1), (60.0, 3)])
def test_sizes_keep_to_their_time(made, seconds, expected):
    """The first at least, and the others where time is left."""
    one, ledger = made("a", "b", "c")
    for n, codec in enumerate("abc"):
        exchange.write(one._payloads["note"].exchange(codec), [b"x" * (n + 1)])
    list(one.run("size", seconds))
    assert expected == sum(bool(m.sizes) for m in ledger.measurements(""))


def test_memory_is_of_an_operation(made):
    """A process for each, and what it finds is for all conditions."""
    one, ledger = made("json", operations=[Operation.DECODE, Operation.ENCODE], settings=[Setting(), Setting(gc="off")])
    assert ["json/note/decode", "json/note/encode"] == list(one.run("memory", 2.0))
    memory = {case: m.memory for case, m in found(ledger).items()}
    assert memory["json/note/decode"] == memory["json/note/decode?gc=off"] != memory["json/note/encode"]
    assert memory["json/note/decode"].live_bytes.median > 0
    assert memory["json/note/decode"].calls > 0
    assert [] == cautions(ledger)


@pytest.mark.parametrize("every_case", [False, True])
def test_without_time_memory_is_of_the_first_case_or_of_every_one(made, every_case):
    """A run keeps to its budget; a gate has no number to be without."""
    one, ledger = made("json", operations=[Operation.DECODE, Operation.ENCODE])
    one.every_case = every_case
    cases = ["json/note/decode", "json/note/encode"][: 1 + every_case]
    assert cases == list(one.run("memory", 0.0))
    assert cases == [case for case, m in found(ledger).items() if m.memory]


@pytest.mark.parametrize(("bytes_each", "calls"), [(10, 64), (15_625, 64), (20_000, 50), (400_000, 4), (10**9, 4)])
def test_how_many_calls_are_traced_follows_from_the_messages(bytes_each, calls):
    """And from nothing else: both sides of a gate have the same."""
    info = replace(fakes.payload("order"), instances=100, bytes_as_json=100 * bytes_each)
    assert calls == extras._traced_calls(info)


def test_cold_starts_are_of_several_processes(made):
    """A round of all cases, then another, and each adds to what is known."""
    one, ledger = made("json", operations=[Operation.DECODE, Operation.ENCODE, Operation.READ])
    seen = [(case, found(ledger)[case].cold_start.processes) for case in one.run("cold", 60.0)]
    cases = ["json/note/decode", "json/note/encode", "json/note/read"]
    assert [(case, n) for n in range(1, 8) for case in cases] == seen
    cold = found(ledger)["json/note/read"].cold_start
    for spread in (cold.import_ns, cold.bind_ns, cold.first_call_ns):
        assert 0 < spread.min <= spread.median <= spread.max


def test_one_cold_start_there_is_in_any_case(made):
    """However short the time; and no more."""
    one, ledger = made("json", operations=[Operation.DECODE, Operation.ENCODE])
    assert ["json/note/decode", "json/note/encode"] == list(one.run("cold", 0.0))
    assert [1, 1] == [m.cold_start.processes for m in ledger.measurements("")]


def test_a_cold_start_takes_what_another_has_encoded(made):
    """Where nobody has, there is no first call, and nothing to complain of."""
    one, ledger = made("json", encoded=False)
    assert [] == list(one.run("cold", 5.0))
    assert [] == cautions(ledger)


def broken(folder, before):
    """A codec that works until it is imported with the hash seed of these passes."""
    return codec_file(folder, "broken", before=before)


@pytest.mark.parametrize("name", ["memory", "cold"])
def test_a_failure_costs_a_caution(made, tmp_path, name):
    """Of that codec's cases: it says what happened; the other codec has its numbers."""
    one, ledger = made("json", files=[broken(tmp_path, FAILS)], operations=[Operation.DECODE, Operation.ENCODE])
    one.every_case = True  # else a slow machine has no time for the last one
    list(one.run(name, 0.0))
    record = {"memory": "memory", "cold": "cold_start"}[name]
    assert {"json/note/decode", "json/note/encode"} == {
        case for case, m in found(ledger).items() if getattr(m, record) is not None
    }
    told = cautions(ledger)
    assert [f"no-{name}"] * 2 == [caution for caution, _ in told]
    assert told[0][1].startswith(f"The pass {name} failed: ended by itself with exit code 3 during import of ")
    assert {case.id for case in one.plan.cases} == {case.id for case in ledger.open_cases()}


def test_a_hang_costs_a_caution_and_no_more_than_its_time(made, tmp_path, monkeypatch):
    """It is killed, and told."""
    monkeypatch.setattr(extras, "START_SECONDS", 0.5)
    one, ledger = made(files=[broken(tmp_path, HANGS)])
    list(one.run("memory", 0.1))
    ((name, text),) = cautions(ledger)
    assert ("no-memory", True) == (name, "no answer within 0.5 s during import of" in text)


def test_what_has_failed_before_is_not_tried(made):
    """A case that has ended has no pass."""
    one, ledger = made("json", operations=[Operation.DECODE, Operation.ENCODE])
    ledger.end(one.plan.cases[0], Status.FAILED, "hung")
    assert ["json/note/encode"] == list(one.run("memory", 0.5))


@pytest.mark.parametrize("name", ["memory", "cold"])
def test_a_wish_to_stop_is_heard(made, name):
    """While a worker is waited for; none is left."""
    one, _ = made("json", stop=lambda: True)
    with pytest.raises(Stopped):
        list(one.run(name, 5.0))
    assert [] == list(strays._marked())


def test_a_session_has_all_passes(tmp_path):
    """In the order in which they were asked for, behind the times; a state after each, and what is spent is told."""
    events = []
    plan_ = planned(tmp_path, ["orjson"], ["decode"])
    *_, final = session(plan_, seconds=4.0, passes=("cold", "time", "size", "memory"), watch=events.append).run()
    (m,) = final.measurements
    assert (Status.MEASURED, True) == (m.status, final.finished)
    assert all((m.workers, m.sizes, m.memory, m.cold_start, m.encoded_bytes))
    phases = list(dict.fromkeys(event.phase for event in events))
    assert ["start-up", "warm-up", "round", "cold", "size", "memory"] == phases
    assert all(final.seconds[name] > 0 for name in ("cold", "size", "memory", "blocks", "start_up"))


@pytest.mark.parametrize("passes", [("memory",), ("size", "cold")])
def test_a_session_without_times(tmp_path, passes):
    """Nothing is warmed and there are no rounds; what was asked for is there, and the codec was verified for it."""
    events = []
    plan_ = planned(tmp_path, ["orjson", "lies"], ["decode"])
    *_, final = session(plan_, seconds=2.0, passes=passes, watch=events.append).run()
    sound, lies = by_id(final)["orjson/note/decode"], by_id(final)["lies/note/decode"]
    assert (Status.MEASURED, (), (), None) == (sound.status, sound.workers, final.rounds, final.noise)
    assert (Status.INCORRECT, "instance 0: lines[2].n: expected 3 (int), got 3.0 (float)") == (lies.status, lies.reason)
    there = {"memory": sound.memory, "size": sound.sizes, "cold": sound.cold_start}
    assert set(passes) == {name for name, value in there.items() if value}
    assert {"start-up", *passes} == {event.phase for event in events}


def test_a_session_is_not_stopped_by_a_pass_that_fails(tmp_path):
    """Times stand beside the caution."""
    plan_ = planned(tmp_path, ["broken"], file=broken(tmp_path, ""))
    broken(tmp_path, FAILS)
    *_, final = session(plan_, seconds=2.0, passes=("time", "memory")).run()
    (m,) = final.measurements
    assert (Status.MEASURED, None, True) == (m.status, m.memory, bool(m.workers))
    assert "no-memory" in [w.name for w in m.warnings]


def test_where_the_only_pass_fails(tmp_path):
    """There is no number and it says so; why stands in the caution."""
    plan_ = planned(tmp_path, ["broken"], file=broken(tmp_path, ""))
    broken(tmp_path, FAILS)
    *_, final = session(plan_, seconds=1.0, passes=("memory",)).run()
    (m,) = final.measurements
    assert (Status.SKIPPED, "no pass has come to a result") == (m.status, m.reason)
    assert ["no-memory"] == [w.name for w in m.warnings]


def test_passes_leave_no_process_behind(tmp_path):
    """Neither a worker nor what it has started."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    before = set(children.read_text().split())  # a browser of other tests may be one
    plan_ = planned(tmp_path, ["orjson"])
    list(session(plan_, seconds=1.5, passes=("time", "size", "memory", "cold")).run())
    assert [] == list(strays._marked())
    assert set() == set(children.read_text().split()) - before


def test_what_passes_leave_is_for_time(tmp_path):
    """A tenth is kept for sizes until they are known; they took less, and the rest is measured to the end."""
    one = session(planned(tmp_path, ["orjson"]), seconds=2.0, passes=("time", "size"))
    list(one.run())
    assert one._deadline == one._end
