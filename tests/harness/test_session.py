"""A session with real worker processes: what is measured, and that a fault costs its case only."""

from __future__ import annotations

import itertools
import os
import time
from pathlib import Path

import pytest

from serbench.harness import memory
from serbench.harness import session as session_module
from serbench.harness.link import LinkFailure
from serbench.harness.plan import Setting
from serbench.harness.rounds import Rounds
from serbench.harness.session import Session
from serbench.histogram import Histogram
from serbench.records.cases import Status
from sessions import by_id, planned, session


def measured(folder, names, operations=("decode",), *, gc=("on",), **options):
    """The states of a session over codecs of these names."""
    plan = planned(folder, names, operations, settings=[Setting(gc=state) for state in gc])
    return list(session(plan, **options).run())


def test_every_case_is_measured_by_several_workers(tmp_path):
    """Each codec gets several worker processes in succession, each with a hash seed of its own."""
    final = measured(tmp_path, ["orjson", "sound"], ["encode", "decode", "read"], seconds=4)[-1]
    assert final.finished
    for m in final.measurements:
        assert (Status.MEASURED, "") == (m.status, m.reason)
        assert len(m.workers) >= 2
        assert len({w.hash_seed for w in m.workers}) == len(m.workers)
        assert [w.pair for w in m.workers] == list(range(len(m.workers)))
        assert m.encoded_bytes.min <= m.encoded_bytes.median <= m.encoded_bytes.max


def test_histograms_hold_every_sample(tmp_path):
    """A worker's calls are the total of its histogram, and its batches are counted beside them."""
    final = measured(tmp_path, ["orjson"])[-1]
    (m,) = final.measurements
    for w in m.workers:
        assert Histogram.decode(w.histogram).total == w.calls
        assert w.calls > 0
        assert w.batch_calls > 0
        assert w.floor.calls >= 512
        assert len(w.ns_per_call) == sum(r.wave == w.pair and not r.repeated for r in final.rounds)


def test_a_state_after_every_round(tmp_path):
    """States come once a round, each complete in itself, and the last once more as finished."""
    states = measured(tmp_path, ["orjson"])
    assert [len(s.rounds) for s in states[:-1]] == list(range(1, len(states)))
    assert [False] * (len(states) - 1) + [True] == [s.finished for s in states]
    assert all(by_id(s)["orjson/note/decode"].status is Status.MEASURED for s in states)


def test_dump_of_a_plain_codec_is_its_encode(tmp_path):
    """It is measured once, as encode, and shown under both."""
    final = by_id(measured(tmp_path, ["orjson"], ["dump", "load"])[-1])
    assert ["orjson/note/decode", "orjson/note/dump", "orjson/note/encode", "orjson/note/load"] == sorted(final)
    assert "orjson/note/encode" == final["orjson/note/dump"].same_as
    assert "orjson/note/decode" == final["orjson/note/load"].same_as
    assert () == final["orjson/note/dump"].workers


def test_a_typed_codec_has_a_dump_of_its_own(tmp_path):
    """Building the struct is part of dump and not of encode."""
    final = by_id(measured(tmp_path, ["msgspec-json-struct"], ["dump", "encode"], seconds=3)[-1])
    medians = {case: Histogram.merge(w.histogram for w in m.workers).percentile(0.5) for case, m in final.items()}
    assert medians["msgspec-json-struct/note/dump"] > medians["msgspec-json-struct/note/encode"]


@pytest.mark.parametrize(
    ("codec", "words"),
    [
        ("dies", "killed by SIGSEGV"),
        ("exits", "ended by itself with exit code 3"),
        ("hangs", "no answer within"),
        ("raises", "ValueError: the 400th call"),
        ("eats", "ran out of memory (limit"),
        ("quits", "SystemExit: 5"),
    ],
)
def test_a_fault_costs_its_case_only(tmp_path, codec, words):
    """The case fails in words, the same codec's other case and the other codec are measured."""
    final = by_id(measured(tmp_path, [codec, "sound"], ["decode", "encode"], seconds=2)[-1])
    bad = final[f"{codec}/note/decode"]
    assert Status.FAILED is bad.status
    assert words in bad.reason
    assert "\n" not in bad.reason
    assert () == bad.workers
    assert Status.MEASURED is final[f"{codec}/note/encode"].status
    assert {Status.MEASURED} == {final["sound/note/decode"].status, final["sound/note/encode"].status}


def test_a_crash_in_bind_costs_the_payload(tmp_path):
    """All cases of that codec and payload fail; the others are measured."""
    final = by_id(measured(tmp_path, ["bind-dies", "sound"], ["decode", "encode"])[-1])
    assert "killed by SIGKILL during bind" == final["bind-dies/note/decode"].reason
    assert Status.FAILED is final["bind-dies/note/encode"].status
    assert Status.MEASURED is final["sound/note/encode"].status


def test_what_a_codec_cannot_carry_is_skipped(tmp_path):
    """UnsupportedPayload from bind is a skipped case with the path."""
    final = by_id(measured(tmp_path, ["refuses", "sound"])[-1])
    case = final["refuses/note/decode"]
    assert (Status.SKIPPED, "lines[].n: numbers are not its thing") == (case.status, case.reason)


def test_a_wrong_round_trip_has_no_numbers(tmp_path):
    """The reason is the path of the first difference."""
    final = by_id(measured(tmp_path, ["lies", "sound"], ["decode", "encode", "read"])[-1])
    reason = "instance 0: lines[2].n: expected 3 (int), got 3.0 (float)"
    for operation in ("decode", "encode", "read"):
        case = final[f"lies/note/{operation}"]
        assert (Status.INCORRECT, reason, ()) == (case.status, case.reason, case.workers)


def test_a_reader_that_skips_a_leaf_is_incorrect(tmp_path):
    """Only read suffers: decode of the same codec is right."""
    final = by_id(measured(tmp_path, ["skims"], ["decode", "read"])[-1])
    assert "instance 0: read left out text" == final["skims/note/read"].reason
    assert Status.INCORRECT is final["skims/note/read"].status
    assert Status.MEASURED is final["skims/note/decode"].status


def test_collector_states_are_cases_of_their_own(tmp_path):
    """Each state has its case, whose id says so where it is not the default."""
    final = by_id(measured(tmp_path, ["orjson"], gc=("on", "off", "frozen"))[-1])
    assert ["orjson/note/decode", "orjson/note/decode?gc=frozen", "orjson/note/decode?gc=off"] == sorted(final)
    assert {Status.MEASURED} == {m.status for m in final.values()}


def test_a_stop_ends_the_round_and_keeps_what_is_measured(tmp_path):
    """After a wish to stop nothing is started, and what was measured is there."""
    events = []
    states = measured(tmp_path, ["orjson"], seconds=30, stop=lambda: len(events) > 6, watch=events.append)
    assert states[-1].stopped
    assert Status.MEASURED is by_id(states[-1])["orjson/note/decode"].status


def test_a_stop_before_the_first_block_leaves_reasons(tmp_path):
    """A case that was not reached says so."""
    (state,) = measured(tmp_path, ["orjson"], stop=lambda: True)
    (m,) = state.measurements
    assert (Status.SKIPPED, "stopped before its first block") == (m.status, m.reason)


def test_a_case_that_was_killed_before_the_time_was_over_has_failed(tmp_path, monkeypatch):
    """It was forgiven and came to no block: that is no want of time, and says how its worker ended."""
    killed = []

    def measure(rounds, cases, *_):
        if not killed:
            killed.extend(cases)
            rounds.crew.fail(cases[:1], LinkFailure("killed by SIGKILL during block", None, from_outside=True))

    monkeypatch.setattr(Rounds, "measure", measure)
    final = list(session(planned(tmp_path, ["orjson"], ["encode", "decode"])).run())[-1]
    expected = {case.id: (Status.SKIPPED, "the budget was over before its first block") for case in killed}
    expected[killed[0].id] = Status.FAILED, "killed by SIGKILL during block"
    assert expected == {m.case.id: (m.status, m.reason) for m in final.measurements}


def test_no_worker_is_left_behind(tmp_path):
    """Crashed, hung and sound workers are all reaped."""
    measured(tmp_path, ["dies", "hangs", "sound"])
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    commands = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children]
    assert [] == [command for command in commands if b"serbench.worker" in command]


def test_the_same_seed_draws_the_same_order(tmp_path):
    """The order of cases in a round follows from the seed."""
    orders = []
    for _ in range(2):
        events = []
        measured(
            tmp_path,
            ["orjson", "sound"],
            ["encode", "decode", "read"],
            watch=events.append,
            stop=lambda seen=events: len(seen) > 12,
        )
        orders.append([e.case for e in events if e.phase == "warm-up"][:5])
    assert orders[0] == orders[1]
    assert len(set(orders[0])) > 1


FADES = """
import itertools
import os
import time
from serbench.codecs.json import Json
from serbench.worker import sampler

loaded = sampler.load()
sound = loaded.lead_in
loaded.lead_in = lambda call, *limits: os._exit(3) if call is callable else sound(call, *limits)
CODECS = (Json(name="fades"),)
"""


def test_a_worker_that_dies_between_cases_costs_its_codec_only(tmp_path):
    """Its death is found while the floor is read: the case that comes next says so, and the run goes on."""
    (tmp_path / "fades.py").write_text(FADES)
    plan = planned(tmp_path, ["fades", "orjson"], ["decode", "encode"], file=str(tmp_path / "fades.py"))
    final = by_id(list(session(plan, seconds=1.0).run())[-1])
    expected = (Status.FAILED, "ended by itself with exit code 3 during floor")
    for operation in ("decode", "encode"):
        case = final[f"fades/note/{operation}"]
        assert expected == (case.status, case.reason)
        assert Status.MEASURED is final[f"orjson/note/{operation}"].status


def test_a_machine_that_slept_through_the_budget_ends_the_run(tmp_path):
    """Where the time is over when a later wave has got ready, there is no further round, and no round without end."""

    def sleep(event):
        if (event.phase, event.wave) == ("start-up", 1):
            time.sleep(event.seconds_left + 0.1)

    plan = planned(tmp_path, ["sound"])
    states = list(itertools.islice(session(plan, seconds=1.5, watch=sleep).run(), 1_000))
    assert states[-1].finished
    assert {0} == {r.wave for r in states[-1].rounds}


def test_a_first_round_that_is_late_is_cut_short(tmp_path, monkeypatch):
    """Every case is to have a number, but not at any price: what is not reached says so."""
    monkeypatch.setattr(session_module, "GRACE_SECONDS", 0.0)
    monkeypatch.setattr(session_module, "GRACE_SHARE", 0.0)
    (state,) = {len(s.rounds): s for s in measured(tmp_path, ["sound"], ["decode", "encode"], seconds=0.01)}.values()
    assert {(Status.SKIPPED, "the budget was over before its first block")} == {
        (m.status, m.reason) for m in state.measurements
    }
    monkeypatch.setattr(session_module, "GRACE_SECONDS", 60.0)
    final = measured(tmp_path, ["sound"], ["decode", "encode"], seconds=0.01)[-1]
    assert {Status.MEASURED} == {m.status for m in final.measurements}


def test_the_first_wave_verifies_however_short_the_time_is(tmp_path):
    """It is thorough, which leaves the first instance's bytes for other workers."""
    plan = planned(tmp_path, ["sound"])
    list(session(plan, seconds=-1.0).run())
    assert plan.payloads[0].exchange("sound").is_file()


def test_every_group_of_payloads_that_was_got_ready_has_a_round(tmp_path, monkeypatch):
    """However little time getting ready has left: those that do not fit into memory together take turns in a wave."""
    monkeypatch.setattr(memory, "groups_that_fit", lambda payloads, *_: [[payload] for payload in payloads])
    monkeypatch.setattr(Session, "_seconds_of_wave", lambda *_: -1.0)
    monkeypatch.setattr(Session, "_sharper", lambda _: iter(()))
    plan = planned(tmp_path, ["json"], payloads=("note", "memo", "list"))
    final = list(session(plan, seconds=60.0).run())[-1]
    assert [(Status.MEASURED, "")] * 3 == [(m.status, m.reason) for m in final.measurements]
    assert [0, 0, 0] == [made.wave for made in final.rounds]
