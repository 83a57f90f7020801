"""Blocks: a lead-in, single calls and a batch, in one thread or in several at once, with both samplers."""

from __future__ import annotations

import threading

import pytest

from serbench.worker import blocks, python_sampler, sampler
from serbench.worker.rotation import Rotation

SAMPLERS = [python_sampler, *({sampler.load()} - {python_sampler})]
FOREVER_NS = 10**15
LONG_SECONDS = 60.0
SIZE = {"lead_in_ns": 0, "lead_in_calls": 0, "lead_in_limit_ns": FOREVER_NS, "lead_in_at_most": 0}

both = pytest.mark.parametrize("sampler", SAMPLERS, ids=lambda sampler: sampler.NAME)


def size(calls, batch=0, **lead_in):
    """A block without a lead-in, unless one is asked for."""
    return blocks.Size(**SIZE | lead_in, calls=calls, batch=batch)


def rotations(count, instances=5):
    """For so many threads, evenly spread, as a worker has them."""
    return [Rotation(range(instances), start=n * instances // count) for n in range(count)]


def measured(sampler, call, threads, size):
    """The strands of a block."""
    strands = blocks.prepared(rotations(threads), size)
    blocks.measure(sampler, call, strands, size)
    return strands


@pytest.mark.parametrize("calls", [1, 3, 200])
def test_there_is_room_for_every_reading_beforehand(calls):
    """Two times per call, and two per mark, of which there is one more than calls at the most; for each its own."""
    strands = blocks.prepared(rotations(2), size(calls))
    assert [2 * calls] * 2 == [len(strand.times) for strand in strands]
    assert [2 * (calls + 1)] * 2 == [len(strand.marks) for strand in strands]
    assert strands[0].times is not strands[1].times
    assert strands[0].marks is not strands[1].marks


@both
def test_one_thread_is_this_one(sampler):
    """Lead-in, singles and batch take their turns in the thread that asks, and the first single call's is told."""
    seen = []
    strand, *_ = measured(
        sampler,
        lambda i: seen.append((i, threading.get_ident())),
        1,
        size(4, batch=3, lead_in_calls=2, lead_in_at_most=9),
    )
    assert [(i % 5, threading.get_ident()) for i in range(2 + 4 + 3)] == seen
    assert (2, 2, 4, 3) == (strand.lead_in, strand.first, len(strand.times) // 2, strand.batch_calls)


@both
def test_the_next_block_goes_on_in_the_rotation(sampler):
    """What was taken for a lead-in and not called comes again; nothing is left out or made twice."""
    (rotation,) = rotations(1)
    seen = []
    for n, lead_in in enumerate([3, 0, 1]):
        block = size(4, batch=2, lead_in_calls=lead_in, lead_in_at_most=20)
        strands = blocks.prepared([rotation], block)
        blocks.measure(sampler, seen.append, strands, block)
        assert (6 * n + [3, 3, 4][n]) % 5 == strands[0].first
    assert [i % 5 for i in range(3 * 6 + 4)] == seen
    assert (3 * 6 + 4) % 5 == rotation.next


@both
def test_what_is_told_is_what_there_is(sampler):
    """Counts for the lines behind, without marks that were not written."""
    (strand,) = measured(sampler, callable, 1, size(130, batch=7))
    told = strand.told()
    assert (130, 0, 0, 7) == tuple(told[name] for name in ("calls", "first", "lead_in", "batch_calls"))
    assert 2 * told["marks"] == len(strand.marks)
    if strand.marks:  # where the system counts switches of a thread
        assert (0, 130) == (strand.marks[0], strand.marks[-2])
    assert told["batch_ns"] == strand.batch_ns >= 0


@both
def test_without_a_batch_the_singles_serve(sampler):
    """From the start of the first to the end of the last."""
    (strand,) = measured(sampler, callable, 1, size(5))
    assert (strand.times[-1] - strand.times[0], 5) == (strand.batch_ns, strand.batch_calls)


@both
@pytest.mark.parametrize("threads", [2, 3])
def test_threads_measure_at_once(sampler, threads):
    """None gets on before all are in their first call, each in a thread of its own with turns of its own."""
    together = threading.Barrier(threads)
    seen = {}

    def call(i):
        mine = seen.setdefault(threading.get_ident(), [])
        if not mine:
            together.wait(LONG_SECONDS)
        mine.append(i)

    strands = measured(sampler, call, threads, size(6, batch=2, lead_in_calls=1, lead_in_at_most=1))
    assert threading.get_ident() not in seen
    starts = [n * 5 // threads for n in range(threads)]
    assert [(start + 1) % 5 for start in starts] == [strand.first for strand in strands]
    assert sorted([(start + i) % 5 for i in range(1 + 6 + 2)] for start in starts) == sorted(
        calls[:9] for calls in seen.values()
    )
    assert [(12, 1, 2)] * threads == [(len(s.times), s.lead_in, s.batch_calls) for s in strands]


@both
def test_a_thread_that_is_done_keeps_the_others_company(sampler):
    """It goes on calling until all have what they are to measure, and none of that is a sample."""
    enough = threading.Event()
    mine = {}

    def call(i):
        made = mine.setdefault(threading.get_ident(), [])
        made.append(i)
        if len(made) > 3:  # it has its samples: these are calls for company
            enough.set()
        elif i == 2:  # where the second thread begins
            assert enough.wait(LONG_SECONDS)

    size_ = size(2)
    strands = blocks.prepared([Rotation([0]), Rotation([2, 3])], size_)
    blocks.measure(sampler, call, strands, size_)
    assert enough.is_set()
    assert [4, 4] == [len(strand.times) for strand in strands]
    assert [0, 0] == [strand.lead_in for strand in strands]
    ((quick, slow),) = [sorted(mine.values(), key=len, reverse=True)]
    assert {0} == set(quick)
    assert [2, 3] == slow[:2]
    first, second = strands
    assert first.times[-1] <= second.times[1]  # it was done before the other's first call had ended


@both
@pytest.mark.parametrize("error", [ZeroDivisionError("no twos"), SystemExit(5), KeyboardInterrupt()], ids=repr)
def test_what_is_raised_in_a_thread_comes_out(sampler, error):
    """Whatever it is; the other threads end, with all their samples."""

    def call(i):
        if i == 2:
            raise error

    size_ = size(50)
    strands = blocks.prepared([Rotation([0, 1]), Rotation([0, 2]), Rotation([1])], size_)
    before = threading.active_count()
    with pytest.raises(type(error)) as raised:
        blocks.measure(sampler, call, strands, size_)
    assert raised.value is error
    assert before == threading.active_count()
    assert all(strands[n].times[-1] > 0 for n in (0, 2))


@both
def test_what_is_raised_in_company_comes_out(sampler):
    """A call that is no sample is a call of the codec all the same."""
    failed = threading.Event()

    def call(i):
        if i == 1:
            failed.set()
            raise ZeroDivisionError
        if i == 2:
            assert failed.wait(LONG_SECONDS)

    size_ = size(1)
    strands = blocks.prepared([Rotation([0, 1]), Rotation([2])], size_)
    with pytest.raises(ZeroDivisionError):
        blocks.measure(sampler, call, strands, size_)


def test_a_thread_that_cannot_be_started_leaves_none_waiting(monkeypatch):
    """A process may have no room for another: what the system says comes out, and those that wait go home."""
    start, started = threading.Thread.start, []

    def starting(thread):
        if len(started) == 2:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", starting)
    called = []
    with pytest.raises(RuntimeError, match="can't start new thread"):
        measured(python_sampler, called.append, 3, size(2))
    assert [False, False] == [thread.is_alive() for thread in started]
    assert [] == called


def test_a_floor_is_not_made_by_what_interrupts(monkeypatch):
    """One reading in a hundred is long: it is in no floor. And a clock's step of ten is finer in the mean."""
    spans = [1_000_000 if n % 100 == 7 else 20 if n % 4 else 30 for n in range(512)]

    def singles(_call, arguments, times, _marks):
        for n in range(len(arguments)):
            times[2 * n + 1] = spans[n]
        return 0

    monkeypatch.setattr(python_sampler, "singles", singles)
    floor = blocks.floor(python_sampler)
    assert 512 == floor["calls"]
    assert 21 < floor["ns_per_call"] < 24
