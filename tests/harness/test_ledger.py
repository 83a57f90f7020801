"""What workers answered is kept per case: folded in while they live, final when they end, dropped where one fails."""

from __future__ import annotations

import struct

import pytest

import fakes
from serbench.harness.ledger import Ledger, Process
from serbench.harness.link import Answer
from serbench.harness.plan import Plan
from serbench.records.cases import Caution, Status
from serbench.records.passes import EncodedBytes
from serbench.records.run import Measurement
from serbench.records.samples import Floor

DECODE, ENCODE, DUMP = (fakes.case("orjson", operation=operation) for operation in ("decode", "encode", "dump"))
SKIPPED = fakes.unmeasured(fakes.case("absent"), Status.SKIPPED, "not installed")
SIZE = {"median": 10.5, "min": 9.0, "max": 12}


@pytest.fixture
def ledger():
    """Of two cases, an alias and a case that cannot be measured."""
    aliases = ((DUMP, ENCODE.id),)
    return Ledger(Plan(codecs=(), payloads=(), cases=(DECODE, ENCODE), aliases=aliases, skipped=(SKIPPED,)))


def process(wave=0):
    """A worker whose floor was read twice."""
    made = Process(wave=wave, hash_seed=7 + wave, clock_step_ns=1.5)
    made.take(Answer({"ns_per_call": 50, "batch_ns_per_call": 20.0, "calls": 512}, b""))
    made.take(Answer({"ns_per_call": 60, "batch_ns_per_call": 24.0, "calls": 512}, b""))
    return made


def warm(*, ended=True):
    """What a worker says after warm-up."""
    return Answer({"calls": 100, "ended": ended, "ns_per_call": 1_000.0}, b"")


def block(samples, *, batch_ns=10_000, batch_calls=10, lead_in=5):
    """What a worker says after a block."""
    fields = {"count": len(samples), "lead_in": lead_in, "batch_ns": batch_ns, "batch_calls": batch_calls}
    return Answer(fields, struct.pack(f"<{len(samples)}q", *samples))


def measure(ledger, case, worker, *, ended=True, ns=1_000):
    """One block of a case in a worker."""
    ledger.warm(case, worker, warm(ended=ended))
    ledger.block(case, block([ns, ns], batch_ns=10 * ns))


def at(ledger, case):
    """The measurement of a case as it stands."""
    return next(m for m in ledger.measurements("no time for it") if m.case == case)


def test_blocks_are_folded_in(ledger):
    """Singles go to one histogram, batches are means of their own, and what is no sample is counted."""
    ledger.warm(DECODE, process(wave=2), warm())
    ledger.block(DECODE, block([900, 1_000, 1_100]))
    ledger.block(DECODE, block([5_000], batch_ns=24_000, batch_calls=20, lead_in=7))
    (worker,) = at(ledger, DECODE).workers
    assert fakes.histogram([900, 1_000, 1_100, 5_000]) == worker.histogram
    assert (4, 0, 12, 100) == (worker.calls, worker.overflow, worker.lead_in, worker.warm_up)
    assert ((1_000.0, 1_200.0), 30) == (worker.ns_per_call, worker.batch_calls)
    assert (2, 9, True) == (worker.pair, worker.hash_seed, worker.warm_up_ended)
    assert Floor(ns_per_call=55.0, batch_ns_per_call=22.0, clock_step_ns=1.5, calls=1_024) == worker.floor


def test_what_no_bucket_takes_is_counted(ledger):
    """A call of minutes and one that a clock turned back made negative are in no percentile and not lost."""
    ledger.warm(DECODE, process(), warm())
    ledger.block(DECODE, block([1_000, 1 << 40, -1]))
    (worker,) = at(ledger, DECODE).workers
    assert (1, 2) == (worker.calls, worker.overflow)


def test_a_case_is_complete_after_every_block(ledger):
    """What a worker has measured is shown while it lives, and is the same when it has ended."""
    worker = process()
    measure(ledger, DECODE, worker)
    before = at(ledger, DECODE)
    assert Status.MEASURED is before.status
    ledger.close(worker)
    assert before == at(ledger, DECODE)


def test_a_worker_that_ends_closes_its_own_cases_only(ledger):
    """Another that looks just like it goes on: blocks are folded into what it has."""
    first, second = process(), process()
    assert first == second
    measure(ledger, DECODE, first)
    measure(ledger, ENCODE, second)
    ledger.close(first)
    ledger.block(ENCODE, block([1_000]))
    assert [[1_000.0], []] == [ledger.worker_medians(case) for case in (DECODE, ENCODE)]
    assert [2, 3] == [at(ledger, case).workers[0].calls for case in (DECODE, ENCODE)]


def test_each_worker_has_an_entry(ledger):
    """In the order in which they ended, the one that lives last; medians are those of ended ones."""
    for wave, ns in enumerate((3_000, 1_000, 2_000)):
        worker = process(wave)
        measure(ledger, DECODE, worker, ns=ns)
        if wave < 2:
            ledger.close(worker)
    assert [0, 1, 2] == [worker.pair for worker in at(ledger, DECODE).workers]
    assert [3_000.0, 1_000.0] == ledger.worker_medians(DECODE)


def test_a_case_without_a_block_says_why(ledger):
    """Warmed up is not measured: no worker, no size, the reason that was given; nothing of it is closed."""
    worker = process()
    ledger.bound(DECODE, Answer({"encoded_bytes": SIZE}, b""))
    ledger.warm(DECODE, worker, warm())
    expected = fakes.unmeasured(DECODE, Status.SKIPPED, "no time for it")
    assert expected == at(ledger, DECODE)
    ledger.close(worker)
    assert (expected, []) == (at(ledger, DECODE), ledger.worker_medians(DECODE))


def test_a_size_stands_beside_a_number(ledger):
    """Least and most are whole bytes, whatever JSON made of them."""
    ledger.bound(DECODE, Answer({"encoded_bytes": SIZE}, b""))
    measure(ledger, DECODE, process())
    assert EncodedBytes(median=10.5, min=9, max=12) == at(ledger, DECODE).encoded_bytes
    assert int is type(at(ledger, DECODE).encoded_bytes.min)
    ledger.bound(
        DECODE, Answer({"encoded_bytes": SIZE | {"median": 99.0}}, b"")
    )  # a later worker, with fewer instances
    assert 10.5 == at(ledger, DECODE).encoded_bytes.median


def test_ending_a_case_drops_what_was_measured(ledger):
    """Numbers of ended workers and of the present one, and the size; it is not tried again, others are."""
    ledger.bound(DECODE, Answer({"encoded_bytes": SIZE}, b""))
    first, second = process(0), process(1)
    measure(ledger, DECODE, first)
    ledger.close(first)
    measure(ledger, DECODE, second)
    measure(ledger, ENCODE, second)
    ledger.end(DECODE, Status.FAILED, "killed by SIGSEGV")
    ledger.close(second)
    assert fakes.unmeasured(DECODE, Status.FAILED, "killed by SIGSEGV") == at(ledger, DECODE)
    assert ([], [ENCODE]) == (ledger.worker_medians(DECODE), ledger.open_cases())
    assert Status.MEASURED is at(ledger, ENCODE).status


def test_the_first_end_is_the_reason(ledger):
    """What follows from it does not take its place."""
    ledger.end(DECODE, Status.INCORRECT, "instance 0: n: missing")
    ledger.end(DECODE, Status.FAILED, "its worker could not be started again")
    assert (Status.INCORRECT, "instance 0: n: missing") == (at(ledger, DECODE).status, at(ledger, DECODE).reason)


def test_an_alias_ends_as_its_target(ledger):
    """Measured, skipped or failed with the same reason, and without numbers; what cannot be measured comes last."""
    for end in (None, (Status.FAILED, "raised")):
        if end:
            ledger.end(ENCODE, *end)
        else:
            measure(ledger, ENCODE, process())
        status, reason = end or (Status.MEASURED, "")
        same = Measurement(case=DUMP, status=status, reason=reason, same_as=ENCODE.id)
        assert (same, SKIPPED) == ledger.measurements("")[2:]


def test_the_length_of_a_call_is_the_last_one_read(ledger):
    """As warm-up read it until there is a batch; then of the last batch, and of the next worker's warm-up."""
    worker = process()
    ledger.warm(DECODE, worker, warm())
    assert 1_000.0 == ledger.ns_per_call(DECODE)
    ledger.block(DECODE, block([1], batch_ns=30_000))
    ledger.block(DECODE, block([1], batch_ns=20_000))
    assert 2_000.0 == ledger.ns_per_call(DECODE)
    ledger.close(worker)
    ledger.warm(DECODE, process(), warm())
    assert 1_000.0 == ledger.ns_per_call(DECODE)


def test_a_caution_is_said_once(ledger):
    """By name: its first text stays, and it stands beside its own case only."""
    measure(ledger, DECODE, process())
    for text in ("3 of 9", "4 of 9"):
        ledger.caution(DECODE, "verified-in-part", text)
    assert (Caution(name="verified-in-part", text="3 of 9"),) == at(ledger, DECODE).warnings
    assert () == at(ledger, ENCODE).warnings


@pytest.mark.parametrize(
    ("ends", "said"),
    [([False], 1), ([True], 0), ([False, True], 0), ([False, True, False], 2), ([], 0)],
)
def test_a_warm_up_that_was_capped_in_most_workers(ledger, ends, said):
    """One more than half of them: noise caps one now and then."""
    for wave, ended in enumerate(ends):
        worker = process(wave)
        measure(ledger, DECODE, worker, ended=ended)
        ledger.close(worker)
    expected = [("warm-up-capped", f"In {said} of {len(ends)} workers warm-up reached its cap")] if said else []
    assert expected == [(w.name, w.text.partition(" before")[0]) for w in at(ledger, DECODE).warnings]
