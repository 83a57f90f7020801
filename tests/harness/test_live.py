"""The blocks of a case in one worker: what is waiting, what is set aside, what counts; threads apart and together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import fakes
from fakes import block_answer as block
from serbench.errors import WorkerFailure
from serbench.harness.inbox import Answer
from serbench.harness.live import Live, Process
from serbench.histogram import Histogram
from serbench.records.samples import Floor, SlowCalls


def process():
    """A worker whose floor was read once."""
    made = Process(wave=3, hash_seed=77, clock_step_ns=2.0)
    made.take(Answer({"is": "floor", "ns_per_call": 40, "batch_ns_per_call": 10.0, "calls": 100}, b""))
    return made


def live(*, threads=1, instances=4, observe=lambda _: None):
    """A case that has been warmed."""
    warm = Answer({"is": "warm", "calls": 9, "ended": False, "ns_per_call": 500}, b"")
    return Live(process(), warm, threads=threads, instances=instances, observe=observe)


def folded(one, *answers):
    """With these blocks, each in a round that counts."""
    for answer in answers:
        one.wait(answer)
        one.fold(one.waiting)
    return one


def test_the_floor_is_the_median_of_its_readings():
    """Calls behind all of them are added."""
    made = process()
    for ns in (60, 50):
        made.take(Answer({"is": "floor", "ns_per_call": ns, "batch_ns_per_call": ns / 2, "calls": 10}, b""))
    assert Floor(ns_per_call=50, batch_ns_per_call=25.0, clock_step_ns=2.0, calls=120) == made.floor()


def test_what_a_worker_has_measured():
    """Everything that its record has, of known blocks."""
    one = folded(live(), block([100, 300], lead_in=2), block([200], batch_ns=30_000, batch_calls=20))
    samples, slowest = one.closed()
    assert (3, 0, 7, 30) == (samples.calls, samples.overflow, samples.lead_in, samples.batch_calls)
    assert fakes.histogram([100, 200, 300]) == samples.histogram
    assert (9, False, (1_000.0, 1_500.0)) == (samples.warm_up, samples.warm_up_ended, samples.ns_per_call)
    assert (3, 77, (), process().floor()) == (samples.pair, samples.hash_seed, samples.threads, samples.floor)
    assert SlowCalls(at_ns=(0, 0, 1_100), ns=(100, 200, 300), labels=samples.slow.labels) == samples.slow
    assert [100, 200, 300] == sorted(slowest.ns.tolist())


def test_collections_and_switches_are_counted():
    """Those that ran while calls were timed one by one."""
    one = folded(live(), block([5_000, 5_000], switches=(7, 7, 9), collections=[(1_001_000, 1_003_000)]))
    samples, _ = one.closed()
    assert (1, 2_000, 2) == (samples.collections, samples.collection_ns, samples.switches)


def test_the_length_of_a_call_is_that_of_the_last_block():
    """As warm-up read it before the first one, whether or not the block counts in the end."""
    one = live()
    assert 500.0 == one.ns_per_call
    one.wait(block([1], batch_ns=7_000))
    assert 700.0 == one.ns_per_call


def test_waiting_held_and_measured():
    """A block is in one of three places, and in the record when it counts or is set aside."""
    one = live()
    assert (False, False) == (one.measured, one.has_blocks)
    one.wait(block([1_000]))
    assert (False, False) == (one.measured, one.has_blocks)
    one.held, one.waiting = one.waiting, []
    assert (False, True) == (one.measured, one.has_blocks)
    assert 1 == one.as_it_stands().calls
    assert (False, 0) == (one.measured, one.closed()[0].calls)
    one.fold(one.held)
    assert (True, True, []) == (one.measured, one.has_blocks, one.held)


def test_looking_changes_nothing():
    """What is set aside is shown as if it counted; afterwards all is as it was, and again the same."""
    one = folded(live(), *(block([100 + n, 900], collections=[(1_000_050, 1_000_090)]) for n in range(5)))
    before, _ = one.closed()
    one.held = [block([50_000, 60_000], collections=[(1_000_050, 1_040_000)], switches=(0, 1, 2))]
    shown = one.as_it_stands()
    assert shown == one.as_it_stands()
    assert before == one.closed()[0]
    one.fold(one.held)
    assert shown == one.as_it_stands()
    assert shown == replace(one.closed()[0], slow=SlowCalls())


def test_slow_calls_are_counted_from_the_first_call_of_all_threads():
    """Whichever thread made it."""
    answer = block([200], [100])
    numbers = np.array([5_000, 5_200, 2_000, 2_100], "<i8")
    samples, _ = folded(live(threads=2), Answer(answer.fields, numbers.tobytes())).closed()
    assert ((0, 3_000), (100, 200)) == (samples.slow.at_ns, samples.slow.ns)


def test_threads_have_histograms_of_their_own():
    """Which add up to the worker's; a batch mean is the mean over the threads, as they ran at once."""
    answers = [block([100, 200], [300], batch_ns=10_000), block([400], [500, 600], batch_ns=20_000)]
    answers[1].fields["threads"][1]["batch_ns"] = 40_000
    samples, _ = folded(live(threads=2), *answers).closed()
    assert [fakes.histogram([100, 200, 400]), fakes.histogram([300, 500, 600])] == [
        one.histogram for one in samples.threads
    ]
    assert Histogram.merge(one.histogram for one in samples.threads).encode() == samples.histogram
    assert (6, [3, 3]) == (samples.calls, [one.calls for one in samples.threads])
    assert [(1_000.0, 2_000.0), (1_000.0, 4_000.0)] == [one.ns_per_call for one in samples.threads]
    assert ((1_000.0, 3_000.0), 40, 20) == (samples.ns_per_call, samples.batch_calls, samples.lead_in)


def test_what_no_bucket_takes_is_counted_over_all_threads():
    """A call of minutes in one, a clock that was turned back in the other."""
    samples, _ = folded(live(threads=2), block([1_000, 1 << 40], [-1])).closed()
    assert (1, 2, [1, 0]) == (samples.calls, samples.overflow, [one.calls for one in samples.threads])


@pytest.mark.parametrize("strands", [([1_000],), ([1_000],) * 3])
def test_samples_of_other_threads_than_were_asked_for(strands):
    """They are no block: nothing of them waits."""
    one = live(threads=2)
    with pytest.raises(WorkerFailure, match=rf"it sent samples of {len(strands)} threads$"):
        one.wait(block(*strands))
    assert [] == one.waiting


def test_whoever_observes_is_told_of_what_counts():
    """Once per block, when it does; not of what is looked at."""
    heard = []
    one = live(observe=heard.append)
    first, second = block([1]), block([2])
    one.wait(first)
    one.held, one.waiting = one.waiting, []
    one.as_it_stands()
    assert [] == heard
    one.wait(second)
    one.fold(one.held)
    one.fold(one.waiting)
    assert [first, second] == heard
