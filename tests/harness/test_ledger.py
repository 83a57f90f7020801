"""What workers answered is kept per case: folded in while they live, final when they end, dropped where one fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

import fakes
from fakes import block_answer as block
from serbench.errors import WorkerFailure
from serbench.harness.inbox import Answer
from serbench.harness.ledger import Ledger
from serbench.harness.live import Process
from serbench.harness.plan import Plan
from serbench.records.cases import Caution, Status
from serbench.records.passes import EncodedBytes
from serbench.records.run import Measurement
from serbench.records.samples import Floor, SlowCalls

DECODE, ENCODE, DUMP = (fakes.case("orjson", operation=operation) for operation in ("decode", "encode", "dump"))
SKIPPED = fakes.unmeasured(fakes.case("absent"), Status.SKIPPED, "not installed")
SIZE = {"mean": 10.6, "median": 10.5, "min": 9.0, "max": 12}


@pytest.fixture
def ledger():
    """Of two cases, an alias and a case that cannot be measured."""
    aliases = ((DUMP, ENCODE.id),)
    return Ledger(Plan(codecs=(), payloads=(), cases=(DECODE, ENCODE), aliases=aliases, skipped=(SKIPPED,)))


def process(wave=0):
    """A worker whose floor was read twice."""
    made = Process(wave=wave, hash_seed=7 + wave, clock_step_ns=1.5)
    made.take(Answer({"is": "floor", "ns_per_call": 50, "batch_ns_per_call": 20.0, "calls": 512}, b""))
    made.take(Answer({"is": "floor", "ns_per_call": 60, "batch_ns_per_call": 24.0, "calls": 512}, b""))
    return made


def warm(*, ended=True):
    """What a worker says after warm-up."""
    return Answer({"is": "warm", "calls": 100, "ended": ended, "ns_per_call": 1_000.0}, b"")


def bound(ready=64, **size):
    """What a worker says once it has bound a payload."""
    return Answer({"is": "bound", "ready": ready, "encoded_bytes": SIZE | size}, b"")


def counted(ledger, case, answer, *, disturbed=False):
    """A block of a case, in a round that counts."""
    ledger.block(case, answer)
    ledger.commit(disturbed=disturbed)


def measure(ledger, case, worker, *, ended=True, ns=1_000):
    """One block of a case in a worker."""
    ledger.warm(case, worker, warm(ended=ended))
    counted(ledger, case, block([ns, ns], batch_ns=10 * ns))


def at(ledger, case):
    """The measurement of a case as it stands."""
    return next(m for m in ledger.measurements("no time for it") if m.case == case)


def test_blocks_are_folded_in(ledger):
    """Singles go to one histogram, batches are means of their own, and what is no sample is counted."""
    ledger.warm(DECODE, process(wave=2), warm())
    counted(ledger, DECODE, block([900, 1_000, 1_100]))
    counted(ledger, DECODE, block([5_000], batch_ns=24_000, batch_calls=20, lead_in=7))
    (worker,) = at(ledger, DECODE).workers
    assert fakes.histogram([900, 1_000, 1_100, 5_000]) == worker.histogram
    assert (4, 0, 12, 100) == (worker.calls, worker.overflow, worker.lead_in, worker.warm_up)
    assert ((1_000.0, 1_200.0), 30) == (worker.ns_per_call, worker.batch_calls)
    assert (2, 9, True) == (worker.pair, worker.hash_seed, worker.warm_up_ended)
    assert Floor(ns_per_call=55.0, batch_ns_per_call=22.0, clock_step_ns=1.5, calls=1_024) == worker.floor


def test_what_no_bucket_takes_is_counted(ledger):
    """A call of minutes and one that a clock turned back made negative are in no percentile and not lost."""
    ledger.warm(DECODE, process(), warm())
    counted(ledger, DECODE, block([1_000, 1 << 40, -1]))
    (worker,) = at(ledger, DECODE).workers
    assert (1, 2) == (worker.calls, worker.overflow)


def test_a_case_is_complete_after_every_block(ledger):
    """What a worker has measured is shown while it lives, and is the same when it has ended."""
    worker = process()
    measure(ledger, DECODE, worker)
    before = at(ledger, DECODE)
    assert Status.MEASURED is before.status
    ledger.close(worker)
    assert before == without_timeline(at(ledger, DECODE))
    assert at(ledger, DECODE).workers[0].slow.ns


def test_a_worker_that_ends_closes_its_own_cases_only(ledger):
    """Another that looks just like it goes on: blocks are folded into what it has."""
    first, second = process(), process()
    assert first == second
    measure(ledger, DECODE, first)
    measure(ledger, ENCODE, second)
    ledger.close(first)
    counted(ledger, ENCODE, block([1_000]))
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
    ledger.bound(DECODE, bound())
    ledger.warm(DECODE, worker, warm())
    expected = fakes.unmeasured(DECODE, Status.SKIPPED, "no time for it")
    assert expected == at(ledger, DECODE)
    ledger.close(worker)
    assert (expected, []) == (at(ledger, DECODE), ledger.worker_medians(DECODE))


def test_a_size_stands_beside_a_number(ledger):
    """Least and most are whole bytes, whatever JSON made of them."""
    ledger.bound(DECODE, bound())
    measure(ledger, DECODE, process())
    assert EncodedBytes(mean=10.6, median=10.5, min=9, max=12) == at(ledger, DECODE).encoded_bytes
    assert int is type(at(ledger, DECODE).encoded_bytes.min)
    ledger.bound(DECODE, bound(median=99.0))  # a later worker, with fewer instances
    assert 10.5 == at(ledger, DECODE).encoded_bytes.median


def test_ending_a_case_drops_what_was_measured(ledger):
    """Numbers of ended workers and of the present one, and the size; it is not tried again, others are."""
    ledger.bound(DECODE, bound())
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
    counted(ledger, DECODE, block([1], batch_ns=30_000))
    counted(ledger, DECODE, block([1], batch_ns=20_000))
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


def test_a_block_counts_once_its_round_does(ledger):
    """Not before: what stands of a round that is under way is nothing yet."""
    ledger.warm(DECODE, process(), warm())
    ledger.block(DECODE, block([1_000]))
    assert Status.SKIPPED is at(ledger, DECODE).status
    ledger.commit(disturbed=False)
    assert 1 == at(ledger, DECODE).workers[0].calls
    ledger.commit(disturbed=False)
    assert 1 == at(ledger, DECODE).workers[0].calls


def without_timeline(measurement):
    """Which a worker has once it has ended: to look for its slowest calls takes as long as a block."""
    return replace(measurement, workers=tuple(replace(worker, slow=SlowCalls()) for worker in measurement.workers))


def held_round(ledger):
    """A round that counts and one that is set aside, of both cases."""
    worker = process()
    for case in (DECODE, ENCODE):
        ledger.warm(case, worker, warm())
    for ns in (1_000, 9_000):
        for case in (DECODE, ENCODE):
            ledger.block(case, block([ns, ns], batch_ns=10 * ns, lead_in=3))
        if ns == 1_000:
            ledger.commit(disturbed=False)
    ledger.hold()
    return worker


def means(ledger, case=DECODE):
    """Batch means of the only worker of a case."""
    (worker,) = at(ledger, case).workers
    return worker.ns_per_call


def test_what_is_set_aside_shows_until_it_is_measured_again(ledger):
    """A run that is cut short then keeps it; showing it changes nothing, and afterwards nothing of it is left."""
    held_round(ledger)
    shown = at(ledger, DECODE)
    assert shown == at(ledger, DECODE)
    assert ((1_000.0, 9_000.0), 4, 6) == (means(ledger), shown.workers[0].calls, shown.workers[0].lead_in)
    for case in (DECODE, ENCODE):
        ledger.block(case, block([2_000], batch_ns=20_000))
    ledger.drop_held()
    ledger.commit_held()
    ledger.commit(disturbed=False)
    (worker,) = at(ledger, DECODE).workers
    assert ((1_000.0, 2_000.0), 3, 8) == (worker.ns_per_call, worker.calls, worker.lead_in)
    assert fakes.histogram([1_000, 1_000, 2_000]) == worker.histogram
    assert (1_000.0, 2_000.0) == means(ledger, ENCODE)


def test_what_is_set_aside_counts_where_it_is_not_measured_again(ledger):
    """Once, in its place: whether it is taken in, or its worker ends first."""
    worker = held_round(ledger)
    ledger.commit_held()
    ledger.commit_held()
    assert (1_000.0, 9_000.0) == means(ledger)
    ledger.close(worker)
    assert (1_000.0, 9_000.0) == means(ledger)


def test_a_worker_that_ends_takes_what_was_set_aside_with_it(ledger):
    """It is final as it stood."""
    worker = held_round(ledger)
    before = at(ledger, DECODE)
    ledger.close(worker)
    assert before == without_timeline(at(ledger, DECODE))


def test_what_is_set_aside_of_a_case_that_failed_is_gone(ledger):
    """With all other numbers of it; the other case keeps its own."""
    held_round(ledger)
    ledger.end(DECODE, Status.FAILED, "hung")
    ledger.commit_held()
    assert () == at(ledger, DECODE).workers
    assert (1_000.0, 9_000.0) == means(ledger, ENCODE)


@pytest.mark.parametrize(
    ("rounds", "said"),
    [("....", 0), ("...d.", 0), ("d...", 1), ("dd..", 2), ("", 0), ("h", 1), ("....h", 0), ("..hd", 2)],
)
def test_a_disturbed_case_says_so(ledger, rounds, said):
    """From a fifth of its blocks on; what was set aside and then taken in is disturbed."""
    ledger.warm(DECODE, process(), warm())
    for one in rounds:
        ledger.block(DECODE, block([1_000]))
        if one == "h":
            ledger.hold()
            ledger.commit_held()
        else:
            ledger.commit(disturbed=one == "d")
    words = f"Other programs disturbed {said} of its {len(rounds)} blocks"
    cautions = at(ledger, DECODE).warnings
    assert ([("disturbed", words)] if said else []) == [(w.name, w.text.partition(" and")[0]) for w in cautions]
    mostly = "Its tail, its typical time and its ranks may be theirs"
    assert [2 * said >= len(rounds)] * bool(said) == [mostly in caution.text for caution in cautions]


def test_the_first_kill_from_outside_is_forgiven(ledger):
    """With a caution, once; the second is too many. Each case has its own count."""
    measure(ledger, DECODE, process())
    assert [True, False, False] == [ledger.strike(DECODE, "killed") for _ in range(3)]
    (caution,) = at(ledger, DECODE).warnings
    assert "worker-killed" == caution.name
    assert "killed from outside" in caution.text
    assert ledger.strike(ENCODE, "killed")


@pytest.mark.parametrize(("timed", "ended"), [(True, [DECODE, DUMP]), (False, [DECODE])])
def test_a_case_that_was_killed_and_came_to_nothing_has_failed(timed, ended):
    """With its worker's last words, not for want of time; what a pass has found is enough where nothing is timed."""
    ledger = Ledger(Plan(codecs=(), payloads=(), cases=(DECODE, ENCODE, DUMP), aliases=(), skipped=()))
    worker = process()
    measure(ledger, ENCODE, worker)
    ledger.close(worker)
    for case in (DECODE, ENCODE, DUMP):
        ledger.strike(case, "killed by SIGKILL during warm")
    ledger.found(DUMP, "sizes", ())
    assert [] == [m.case for m in ledger.measurements("no time") if m.status is Status.FAILED]
    ledger.fail_killed(timed=timed)
    failed = [m for m in ledger.measurements("no time") if m.status is Status.FAILED]
    assert ended == [m.case for m in failed]
    assert {"killed by SIGKILL during warm"} == {m.reason for m in failed}


def test_slow_calls_are_labelled_once_workers_have_ended(ledger):
    """Of all calls of the case: its 1 % slowest, by what they were; of a case with few calls nothing is said."""
    quick = range(1_000, 10_990, 10)
    slow_begins = 1_000_000 + sum(quick) + len(quick) * 1_000
    for wave in range(2):
        worker = process(wave)
        ledger.warm(DECODE, worker, warm())
        ledger.warm(ENCODE, worker, warm())
        collection = (slow_begins + 100, slow_begins + 50_000)
        counted(ledger, DECODE, block([*quick, 60_000], collections=[collection]))
        counted(ledger, ENCODE, block([1_000] * 9))
        assert bool(wave) == bool(at(ledger, DECODE).labels)
        ledger.close(worker)
    labels = at(ledger, DECODE).labels
    assert (0.01, 2, 22) == (labels.share, labels.gc, labels.calls)  # two lie in the bucket of the percentile
    assert None is at(ledger, ENCODE).labels
    ledger.end(DECODE, Status.FAILED, "hung")
    assert None is at(ledger, DECODE).labels


def resumed(ledger, measurements=None):
    """A ledger of the same plan that goes on with the other, or with these measurements."""
    made = Ledger(ledger._plan)
    made.restore(ledger.measurements("not yet") if measurements is None else measurements)
    return made


def test_a_run_is_gone_on_with(ledger):
    """What was measured stands as it stood, and what follows is added behind it."""
    ledger.bound(DECODE, bound())
    ledger.caution(DECODE, "prints", "It printed.")
    ledger.found(DECODE, "sizes", (1, 2))
    for wave in range(2):
        worker = process(wave)
        ledger.warm(DECODE, worker, warm())
        counted(ledger, DECODE, block([1_000 + n % 7 for n in range(1_000)]))
        ledger.close(worker)
    ledger.end(ENCODE, Status.INCORRECT, "instance 0: n: missing")
    again = resumed(ledger)
    assert ledger.measurements("not yet") == again.measurements("not yet")
    assert [DECODE] == again.open_cases()
    assert ledger.worker_medians(DECODE) == again.worker_medians(DECODE)
    worker = process(5)
    again.warm(DECODE, worker, warm())
    counted(again, DECODE, block([1_000 + n % 7 for n in range(1_000)]))
    again.close(worker)
    assert at(ledger, DECODE).workers == at(again, DECODE).workers[:2]
    assert [0, 1, 5] == [one.pair for one in at(again, DECODE).workers]
    assert at(again, DECODE).labels


def test_slow_calls_of_a_part_of_a_run_say_so(ledger):
    """Of 20,000 calls before the cut 48 are known, under half of a hundredth: labels are those of the rest alone."""
    before, after = process(0), process(1)
    ledger.warm(DECODE, before, warm())
    for _ in range(20):
        counted(ledger, DECODE, block([1_000 + n % 7 for n in range(1_000)]))
    ledger.close(before)
    assert "labels-in-part" not in [caution.name for caution in at(ledger, DECODE).warnings]
    again = resumed(ledger)
    again.warm(DECODE, after, warm())
    counted(again, DECODE, block([1_000 + n % 7 for n in range(1_000)]))
    again.close(after)
    (caution,) = (caution for caution in at(again, DECODE).warnings if caution.name == "labels-in-part")
    assert "known of 1 of 2 workers" in caution.text


def test_what_was_not_reached_or_not_there_is_open_again(ledger):
    """A skipped case may be reached this time; a case that nobody asks for any more is left out."""
    strange = fakes.measured(fakes.case("strange"), fakes.even_workers(1_000, workers=1))
    again = resumed(ledger, [*ledger.measurements("not yet"), strange])
    assert [DECODE, ENCODE] == again.open_cases()
    assert [DECODE, ENCODE, DUMP, SKIPPED.case] == [m.case for m in again.measurements("")]


def test_a_caution_that_follows_from_all_workers_is_made_anew(ledger):
    """Most were capped before, and now no longer."""
    worker = process()
    measure(ledger, DECODE, worker, ended=False)
    ledger.close(worker)
    again = resumed(ledger)
    assert ["warm-up-capped"] == [w.name for w in at(again, DECODE).warnings]
    worker = process(1)
    measure(again, DECODE, worker)
    again.close(worker)
    assert () == at(again, DECODE).warnings


def test_a_block_that_is_none_is_found_at_once(ledger):
    """Where it costs its case: nothing of it is left to count later."""
    ledger.warm(DECODE, process(), warm())
    good = block([1_000, 1_000])
    wrong = Answer(good.fields, good.samples[:-8])
    with pytest.raises(WorkerFailure, match="its samples are not as many as it says"):
        ledger.block(DECODE, wrong)
    ledger.commit(disturbed=False)
    assert () == at(ledger, DECODE).workers


def test_whoever_listens_is_told_of_blocks_that_count():
    """With their case, in their order; not of those that were measured again."""
    heard = []
    plan = Plan(codecs=(), payloads=(), cases=(DECODE,), aliases=(), skipped=())
    ledger = Ledger(plan, lambda case, answer: heard.append((case, len(answer.samples))))
    ledger.warm(DECODE, process(), warm())
    for n, count in enumerate((True, False, True), 1):
        ledger.block(DECODE, block([1_000] * n))
        if count:
            ledger.commit(disturbed=False)
        else:
            ledger.hold()
            at(ledger, DECODE)
            ledger.drop_held()
    assert [(DECODE, 16), (DECODE, 48)] == heard


def test_what_other_passes_found_stands_beside_the_times(ledger):
    """And makes a case measured where there are no times; not one that failed."""
    ledger.found(DECODE, "sizes", ("a",))
    ledger.found(ENCODE, "sizes", ("b",))
    ledger.end(ENCODE, Status.FAILED, "hung")
    assert (Status.MEASURED, ("a",)) == (at(ledger, DECODE).status, at(ledger, DECODE).sizes)
    assert (Status.FAILED, ()) == (at(ledger, ENCODE).status, at(ledger, ENCODE).sizes)
