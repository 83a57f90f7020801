"""Both samplers, the one in C and the one in Python, do the same; rules about time are held to a clock that is fake."""

import gc
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import weakref
from array import array
from functools import partial
from itertools import pairwise
from time import perf_counter_ns

import pytest

import serbench.worker
from serbench.worker import python_sampler
from serbench.worker import sampler as samplers

FEW = range(200)
SLOW = range(20_000)  # sum() of it takes long, all of it in C
counts_switches = pytest.mark.skipif(not hasattr(resource, "RUSAGE_THREAD"), reason="macOS counts none per thread")


def built(name):
    """The sampler of that name, or the test is skipped."""
    try:
        return samplers.load(name)
    except RuntimeError as missing:
        pytest.skip(str(missing))


@pytest.fixture(params=["native", "python"])
def sampler(request):
    """Either sampler."""
    return built(request.param)


@pytest.fixture(params=["native"])
def native_sampler(request):
    """The one in C."""
    return built(request.param)


def room(count):
    """Buffers for times and marks of so many calls."""
    return array("q", bytes(16 * count)), array("q", bytes(16 * (count + 1)))


def sampled(sampler, call, arguments):
    """Start and end of every call, and the marks as pairs."""
    times, marks = room(len(arguments))
    pairs = sampler.singles(call, arguments, times, marks)
    taken = marks[: 2 * pairs]
    return list(zip(times[::2], times[1::2], strict=True)), list(zip(taken[::2], taken[1::2], strict=True))


class Owned:
    """An object that can be weakly referred to, and that tells when it is released."""

    def __init__(self, at_release=lambda: None):
        self.at_release = at_release

    def __del__(self):
        self.at_release()


# Which sampler ------------------------------------------------------------------------------------------------------


def test_a_sampler_is_chosen_by_name(sampler):
    """Each is found by its name, and is what its name says."""
    assert sampler is samplers.load(sampler.NAME)
    assert {"native": "serbench.worker._sampler", "python": "serbench.worker.python_sampler"}[
        sampler.NAME
    ] == sampler.__name__


def test_the_native_sampler_goes_first(native_sampler):
    """Without a name it is the one in C."""
    assert native_sampler is samplers.load()


def test_without_the_native_sampler(monkeypatch):
    """Where it was not built the one in Python is used, and to ask for it by name is an error of one line."""
    monkeypatch.delattr(serbench.worker, "_sampler", raising=False)
    monkeypatch.setitem(sys.modules, "serbench.worker._sampler", None)
    assert "python" == samplers.load().NAME
    with pytest.raises(RuntimeError, match=r"^the native sampler was not built: [^\n]+$"):
        samplers.load("native")


def test_an_unknown_name_is_refused():
    """The names that there are stand in the message."""
    with pytest.raises(RuntimeError, match=r"^there is no sampler 'c', only native and python$"):
        samplers.load("c")


def test_both_offer_the_same(native_sampler):
    """What the description of samplers has, both have, and what is said of the C one is true."""
    offered = [name for name in vars(samplers.Sampler) if not name.startswith("_")]
    assert {"chain", "singles", "batch", "lead_in", "readings"} <= set(offered)
    for name in [*offered, "NAME"]:
        assert hasattr(native_sampler, name)
        assert hasattr(python_sampler, name)


# Calls and their times ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [list, tuple], ids=["list", "tuple"])
@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 200])
def test_every_argument_is_used_once(sampler, make, count):
    """Singles, batches and lead-ins call with each argument, in order."""
    seen = []
    sampled(sampler, seen.append, make(range(count)))
    sampler.batch(seen.append, make(range(count)))
    sampler.lead_in(seen.append, make(range(count)), 10**15, 0, 10**15)
    assert 3 * list(range(count)) == seen


def test_a_call_lies_between_its_start_and_its_end(sampler):
    """The clock, read in the call, is between the two; neither of the two ever falls."""
    read = []
    times, _ = sampled(sampler, lambda _: read.append(perf_counter_ns()), list(FEW))
    assert all(start <= inside <= end for (start, end), inside in zip(times, read, strict=True))
    flat = [reading for pair in times for reading in pair]
    assert sorted(flat) == flat


def test_the_release_of_a_result_is_part_of_the_call(sampler):
    """A result is released between start and end of its call."""
    read = []
    times, _ = sampled(sampler, lambda _: Owned(lambda: read.append(perf_counter_ns())), list(FEW))
    assert all(start <= inside <= end for (start, end), inside in zip(times, read, strict=True))


@pytest.mark.usefixtures("untraced")
def test_a_collection_is_part_of_the_call_that_asked_for_it(native_sampler):
    """What the collector does lies in the time of a call, though the interpreter runs it only after the call."""
    begun, kept = [], []

    def watch(phase, _):
        if phase == "start":
            begun.append(perf_counter_ns())

    gc.callbacks.append(watch)
    try:
        times, _ = sampled(native_sampler, native_sampler.chain(list, kept.append), [()] * 20_000)
    finally:
        gc.callbacks.remove(watch)
    during = [at for at in begun if times[0][0] <= at <= times[-1][1]]
    assert [] != during
    assert [] == [at for at in during if not any(start <= at <= end for start, end in times)]


def test_a_batch_takes_as_long_as_its_calls(sampler):
    """All calls lie within the time of a batch."""
    read = []
    took = sampler.batch(lambda _: read.append(perf_counter_ns()), list(FEW))
    assert took >= read[-1] - read[0]


@pytest.mark.parametrize("call", ["callable", "function", "method", "class", "instance", "partial"])
def test_whatever_can_be_called_is(sampler, call):
    """Things that can be called in C, in Python, and by their type's slot only."""

    class Calls:
        def __call__(self, argument):
            seen.append(argument)

        def method(self, argument):
            seen.append(argument)

    class Made:
        def __init__(self, argument):
            seen.append(argument)

    def function(argument):
        seen.append(argument)

    seen = []
    calls = {
        "callable": seen.append,
        "function": function,
        "method": Calls().method,
        "class": Made,
        "instance": Calls(),
        "partial": partial(list.append, seen),
    }
    sampled(sampler, calls[call], [1, 2, 3])
    sampler.batch(calls[call], [4])
    assert [1, 2, 3, 4] == seen


# Marks --------------------------------------------------------------------------------------------------------------


@counts_switches
@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 128, 1000])
def test_marks(sampler, count):
    """They begin before the first call, come at least every 64 calls, and end with the last; switches never fall."""
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw
    _, marks = sampled(sampler, callable, [None] * count)
    calls, switches = zip(*marks, strict=True)
    assert (0, count) == (calls[0], calls[-1])
    assert all(0 < after - before <= 64 for before, after in pairwise(calls))
    counted = [before, *switches, resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw]
    assert sorted(counted) == counted


@counts_switches
def test_a_long_call_ends_its_stretch(sampler):
    """After more than half a millisecond there is a mark, however few calls were made."""
    _, marks = sampled(sampler, time.sleep, [0] * 10 + [0.001] + [0] * 10)
    assert 11 in [calls for calls, _ in marks]


def test_no_marks_where_the_system_counts_no_switches(monkeypatch):
    """Their number is 0 then, and nothing is written."""
    monkeypatch.setattr(python_sampler, "_THREAD", None)
    times, marks = room(3)
    assert 0 == python_sampler.singles(callable, [1, 2, 3], times, marks)
    assert [0] * 8 == marks.tolist()


# What goes wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [0, 30, 99], ids=["first", "middle", "last"])
@pytest.mark.parametrize("kind", ["singles", "batch", "lead_in"])
def test_what_a_call_raises_comes_out(sampler, kind, bad):
    """At once, and nothing that was handed in stays referred to: arguments, call and buffers."""
    arguments = [Owned() for _ in range(100)]
    seen = []

    def call(argument):
        seen.append(argument)
        if argument is arguments[bad]:
            raise ZeroDivisionError
        return argument

    times, marks = room(100)
    more = {"singles": (times, marks), "batch": (), "lead_in": (10**15, 0, 10**15)}[kind]
    before = [sys.getrefcount(it) for it in (call, arguments, arguments[0], arguments[bad], arguments[99])]
    with pytest.raises(ZeroDivisionError):
        getattr(sampler, kind)(call, arguments, *more)
    assert arguments[: bad + 1] == seen
    seen.clear()
    assert before == [sys.getrefcount(it) for it in (call, arguments, arguments[0], arguments[bad], arguments[99])]
    times.append(0)  # a buffer that is still held cannot grow
    marks.append(0)


@pytest.mark.parametrize("kind", ["singles", "batch", "lead_in"])
def test_nothing_is_kept(sampler, kind):
    """After calls that end well, arguments, call and results are referred to as before."""
    argument, result = Owned(), Owned()
    arguments = [argument] * 100
    call = {argument: result}.get
    times, marks = room(100)
    more = {"singles": (times, marks), "batch": (), "lead_in": (10**15, 0, 10**15)}[kind]
    before = [sys.getrefcount(it) for it in (call, arguments, argument, result)]
    getattr(sampler, kind)(call, arguments, *more)
    assert before == [sys.getrefcount(it) for it in (call, arguments, argument, result)]
    times.append(0)
    marks.append(0)


@pytest.mark.parametrize("kind", ["singles", "batch", "lead_in"])
def test_a_callee_cannot_change_what_it_is_called_with(sampler, kind):
    """The list may shrink or grow meanwhile: the arguments that it held are used, and none is released too early."""
    arguments = [[n] for n in range(100)]
    seen = []

    def call(argument):
        seen.append(argument[0])
        del arguments[:]
        arguments.extend([[-1]] * 1000)

    times, marks = room(100)
    more = {"singles": (times, marks), "batch": (), "lead_in": (10**15, 0, 10**15)}[kind]
    getattr(sampler, kind)(call, arguments, *more)
    assert list(range(100)) == seen


@pytest.mark.parametrize("kind", ["singles", "batch", "lead_in"])
def test_a_signal_ends_a_block_of_calls_in_c(sampler, kind):
    """An interruption does not wait for the end of the block."""

    def interrupt(*_):
        raise KeyboardInterrupt

    arguments = [SLOW] * 100_000
    times, marks = room(len(arguments))
    more = {"singles": (times, marks), "batch": (), "lead_in": (10**15, 0, 10**15)}[kind]
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        with pytest.raises(KeyboardInterrupt):
            getattr(sampler, kind)(sum, arguments, *more)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert 0 == times[-1]


@pytest.mark.parametrize(
    ("times", "marks", "message"),
    [
        (array("q", bytes(8 * 3)), array("q", bytes(8 * 6)), "times has room for 3 integers instead of 4"),
        (array("q", bytes(8 * 5)), array("q", bytes(8 * 6)), "times has room for 5 integers instead of 4"),
        (array("q", bytes(8 * 4)), array("q", bytes(8 * 5)), "marks has room for 5 integers instead of at least 6"),
        (array("d", bytes(8 * 4)), array("q", bytes(8 * 6)), "times is no contiguous buffer of signed 8-byte integers"),
        (array("Q", bytes(8 * 4)), array("q", bytes(8 * 6)), "times is no contiguous buffer of signed 8-byte integers"),
        (array("q", bytes(8 * 4)), array("i", bytes(4 * 6)), "marks is no contiguous buffer of signed 8-byte integers"),
        (bytearray(8 * 4), array("q", bytes(8 * 6)), "times is no contiguous buffer of signed 8-byte integers"),
        (memoryview(array("q", bytes(64)))[::2], array("q", bytes(48)), "times is no contiguous buffer of signed"),
        (memoryview(bytes(8 * 4)).cast("q"), array("q", bytes(8 * 6)), "times is read-only"),
        (array("q", bytes(8 * 4)), memoryview(bytes(8 * 6)).cast("q"), "marks is read-only"),
        (array("q", bytes(8 * 4)), bytes(8 * 6), "marks is read-only"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_buffers_that_cannot_be_filled_are_refused(sampler, times, marks, message):
    """Before the first call, with the reason."""
    seen = []
    with pytest.raises(ValueError, match=message):
        sampler.singles(seen.append, [1, 2], times, marks)
    assert [] == seen


def test_a_view_of_a_part_of_a_buffer_is_filled(sampler):
    """Only that part is."""
    times, marks = array("q", bytes(8 * 6)), array("q", bytes(8 * 20))
    sampler.singles(callable, [1, 2], memoryview(times)[1:5], memoryview(marks)[1:])
    assert [True, False, False, False, False, True] == [reading == 0 for reading in times]
    assert [0, 0] == marks[:2].tolist()


@pytest.mark.parametrize("kind", ["singles", "batch", "lead_in", "readings"])
def test_wrong_arguments_are_refused(sampler, kind):
    """Too few, too many, or of a type that will not do."""
    times, marks = room(1)
    good = {
        "singles": (callable, [1], times, marks),
        "batch": (callable, [1]),
        "lead_in": (callable, [1], 1, 1, 1),
        "readings": (times,),
    }
    function, arguments = getattr(sampler, kind), good[kind]
    function(*arguments)
    for bad in (arguments[:-1], (*arguments, 1), (None,) * len(arguments)):
        with pytest.raises(TypeError):
            function(*bad)


# What is left alone -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_left_alone(sampler, enabled):
    """It is on or off as it was, during calls and after them, with its thresholds and what it does not look at."""
    state = gc.isenabled(), gc.get_threshold(), gc.get_freeze_count()
    (gc.enable if enabled else gc.disable)()
    seen = []
    try:
        sampled(sampler, lambda _: seen.append(gc.isenabled()), [1, 2])
        sampler.batch(lambda _: seen.append(gc.isenabled()), [1, 2])
        sampler.lead_in(lambda _: seen.append(gc.isenabled()), [1, 2], 0, 2, 10**15)
        assert enabled is gc.isenabled()
    finally:
        gc.enable()
    assert [enabled] * 6 == seen
    assert state == (gc.isenabled(), gc.get_threshold(), gc.get_freeze_count())


# Threads and processes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["singles", "batch", "lead_in"])
def test_other_threads_get_their_turn(sampler, kind):
    """A thread in Python gets on while a long block of calls in C is under way."""
    progress, finished = [], threading.Event()

    def get_on():
        while not finished.is_set():
            progress.append(perf_counter_ns())
            time.sleep(0)

    arguments = [SLOW] * 1000
    times, marks = room(len(arguments))
    more = {"singles": (times, marks), "batch": (), "lead_in": (10**15, 0, 10**15)}[kind]
    other = threading.Thread(target=get_on)
    other.start()
    try:
        begin = perf_counter_ns()
        getattr(sampler, kind)(sum, arguments, *more)
        end = perf_counter_ns()
    finally:
        finished.set()
        other.join()
    assert 2 < len([at for at in progress if begin < at < end])


def test_threads_may_sample_at_once(sampler):
    """Each has its own calls and its own times."""
    seen = {n: [] for n in range(4)}
    found = {}
    together = threading.Barrier(len(seen))

    def sample(n):
        together.wait()
        for _ in range(20):
            times, _ = sampled(sampler, seen[n].append, list(FEW))
            sampler.batch(seen[n].append, list(FEW))
        found[n] = times

    threads = [threading.Thread(target=sample, args=(n,)) for n in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert dict.fromkeys(seen, 40 * list(FEW)) == seen
    assert all(start <= end for times in found.values() for start, end in times)


FORKING = """
import os, signal, sys
from array import array
from serbench.worker import sampler as samplers

sampler, kind, way = samplers.load(sys.argv[1]), sys.argv[2], sys.argv[3]
signal.alarm(50)
asked = os.getpid()
ended = []

class Forks:
    def __del__(self):
        fork()

def fork():
    child = os.fork()
    if child:
        ended.append(os.waitpid(child, 0)[1])
    elif way == "raises":
        raise ZeroDivisionError

def call(argument):
    os.write(1, b"asked " if os.getpid() == asked else b"child ")
    if argument:
        if way == "release":
            return Forks()
        fork()

arguments = [0, 1, 1, 0]
more = {"singles": (array("q", bytes(64)), array("q", bytes(80))), "batch": (), "lead_in": (10**15, 0, 10**15)}
getattr(sampler, kind)(call, arguments, *more[kind])
os.write(1, b"done %s" % str(ended).encode())
"""


@pytest.mark.parametrize("way", ["returns", "raises", "release"])
@pytest.mark.parametrize("kind", ["singles", "batch", "lead_in"])
def test_a_forked_child_ends(sampler, kind, way):
    """A child that was forked in a call, or by the release of a result, ends there and makes no further call."""
    command = [sys.executable, "-c", FORKING, sampler.NAME, kind, way]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "asked asked asked asked done [0, 0]" == done.stdout, done.stderr


# Two steps as one ---------------------------------------------------------------------------------------------------


def test_a_chain_is_two_steps(sampler):
    """The second is called with what the first returns; chains can be chained."""
    assert "[1]" == sampler.chain(lambda n: [n], str)(1)
    assert 3 == sampler.chain(sampler.chain(str, list), len)(123)
    seen = []
    sampled(sampler, sampler.chain(str, seen.append), [1, 2])
    assert ["1", "2"] == seen


def test_a_chain_ends_with_the_step_that_raises(sampler):
    """What either step raises comes out; nothing stays referred to."""
    seen = []
    argument, between = Owned(), Owned()
    before = sys.getrefcount(argument), sys.getrefcount(between)
    with pytest.raises(ZeroDivisionError):
        sampler.chain(lambda _: 1 // 0, seen.append)(argument)
    with pytest.raises(ZeroDivisionError):
        sampler.chain(lambda _: between, lambda _: 1 // 0)(argument)
    assert [] == seen
    assert before == (sys.getrefcount(argument), sys.getrefcount(between))


def test_a_chain_releases_what_lies_between(sampler):
    """After the second step, not before and not later."""
    events = []
    chain = sampler.chain(lambda _: Owned(lambda: events.append("released")), lambda _: events.append("second"))
    chain(None)
    assert ["second", "released"] == events


def test_a_chain_takes_one_argument(sampler):
    """By position; anything else is a TypeError before the first step."""
    seen = []
    chain = sampler.chain(seen.append, bool)
    for arguments, keywords in [((), {}), ((1, 2), {}), ((), {"argument": 1}), ((1,), {"argument": 1})]:
        with pytest.raises(TypeError):
            chain(*arguments, **keywords)
    assert [] == seen
    assert chain(1) is False
    assert [1] == seen


def test_a_chain_in_a_cycle_is_collected(sampler):
    """Whatever it refers to, and it itself, can be freed by the collector."""
    owned, cycle = Owned(), []
    chain = sampler.chain(partial(print, cycle, owned), cycle.append)
    cycle.append(chain)
    gone = weakref.ref(owned)
    del owned, cycle, chain
    gc.collect()
    assert gone() is None


def test_a_chain_is_made_by_its_function_only(native_sampler):
    """Its type makes none, since one without steps could not be called."""
    with pytest.raises(TypeError):
        type(native_sampler.chain(str, str))()


# The lead-in and the clock ------------------------------------------------------------------------------------------


class FakeClock:
    """A clock whose readings take a nanosecond, that moves in steps."""

    def __init__(self, *, reading=1, step=1):
        self.now = 1_000
        self.reading = reading
        self.step = step

    def __call__(self):
        """One reading."""
        shown = self.now // self.step * self.step
        self.now += self.reading
        return shown

    def call(self, ns):
        """A call that takes that long."""
        self.now += ns


@pytest.fixture
def clock(monkeypatch):
    """The clock of the sampler in Python."""
    made = FakeClock()
    monkeypatch.setattr(python_sampler, "perf_counter_ns", made)
    return made


def test_a_sample_has_one_reading_in_it(clock):
    """A call's time is what it took, what its release took, and one reading; a batch has one for all."""
    times, _ = sampled(python_sampler, clock.call, [10, 0, 500, 3])
    assert [11, 1, 501, 4] == [end - start for start, end in times]
    times, _ = sampled(python_sampler, lambda _: Owned(lambda: clock.call(700)), [0])
    assert [701] == [end - start for start, end in times]
    assert 513 + 1 == python_sampler.batch(clock.call, [10, 0, 500, 3])


@counts_switches
@pytest.mark.parametrize(
    ("ns", "stretches"), [(100, [64, 128, 150]), (60_000, [*range(9, 150, 9), 150])], ids=["calls", "time"]
)
def test_a_stretch_ends_when_it_has_ended(clock, ns, stretches):
    """After 64 calls or 500 us, whichever comes first."""
    _, marks = sampled(python_sampler, clock.call, [ns] * 150)
    assert [0, *stretches] == [calls for calls, _ in marks]


@pytest.mark.parametrize(
    ("ns", "minima", "limit", "made"),
    [
        (10, (100, 0), 10_000, 9),  # 11 ns each, and one before the first
        (10, (100, 20), 10_000, 20),
        (90, (200, 5), 10_000, 5),
        (90, (200, 5), 150, 2),
        (90, (200, 5), 0, 0),
        (1, (10_000, 5), 10_000, 50),
    ],
    ids=["time", "calls", "long-calls", "limit", "no-lead-in", "arguments"],
)
def test_a_lead_in_ends_when_it_has_ended(clock, ns, minima, limit, made):
    """Both minima are reached, or the limit is, or the arguments are used up; the number of calls is returned."""
    assert made == python_sampler.lead_in(clock.call, [ns] * 50, *minima, limit)
    assert 1_000 + made * ns <= clock.now


@pytest.mark.parametrize(
    ("minima", "limit", "made"),
    [
        ((0, 0), 10**15, 0),
        ((0, 5), 10**15, 5),
        ((0, 50), 10**15, 50),
        ((0, 100), 10**15, 50),
        ((10**15, 0), 10**15, 50),
        ((10**15, 10), 0, 0),
        ((5_000_000, 0), 10**15, 1),
        ((10**15, 10), 5_000_000, 1),
    ],
)
def test_a_lead_in_on_the_real_clock(sampler, minima, limit, made):
    """The same rules where they do not hang on how long a call of no length takes."""
    naps = [0.005 if min(minima[0], limit) == 5_000_000 else 0] * 50
    assert made == sampler.lead_in(time.sleep, naps, *minima, limit)


def test_readings_are_the_performance_counter(sampler):
    """They lie between two of its own readings, and never fall."""
    times = array("q", bytes(8 * 1000))
    before = perf_counter_ns()
    assert sampler.readings(times) is None
    read = [before, *times, perf_counter_ns()]
    assert sorted(read) == read


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        (FakeClock(reading=40), 40),
        (FakeClock(reading=3, step=10), 10),
        (FakeClock(reading=37, step=10), 10),
        (FakeClock(reading=0), 1),
        (FakeClock(reading=300), 300),
    ],
    ids=["as-long-as-a-reading", "coarse", "fine", "stopped", "slow"],
)
def test_clock_step(monkeypatch, clock, expected):
    """A clock that steps by ten is told from one that takes forty to be read."""
    monkeypatch.setattr(python_sampler, "perf_counter_ns", clock)
    assert expected == samplers.clock_step_ns(python_sampler)


def test_clock_step_is_not_what_a_reading_takes(monkeypatch):
    """Readings 40 or 41 apart are those of a clock that moves by one."""
    clock = FakeClock()
    readings = iter(range(10**6))

    def uneven():
        clock.reading = 40 + next(readings) % 2
        return clock()

    monkeypatch.setattr(python_sampler, "perf_counter_ns", uneven)
    assert 1 == samplers.clock_step_ns(python_sampler)


def test_clock_cost_is_the_middle_one(monkeypatch):
    """A reading takes what the median one does, whatever the slowest took."""
    clock = FakeClock()
    taken = iter([35, 36, 90_000] * 10**4)

    def uneven():
        clock.reading = next(taken)
        return clock()

    monkeypatch.setattr(python_sampler, "perf_counter_ns", uneven)
    assert 36 == samplers.clock_cost_ns(python_sampler)


def test_the_clock_of_either(sampler):
    """The real clock has a step and a cost."""
    assert samplers.clock_step_ns(sampler) >= 1
    assert samplers.clock_cost_ns(sampler) >= 0


def test_a_fork_elsewhere_is_nobodys_business(sampler):
    """A child that was forked outside of a call samples on its own."""
    child = os.fork()
    if not child:
        seen = []
        sampled(sampler, seen.append, [1, 2])
        os._exit(seen != [1, 2])
    assert 0 == os.waitpid(child, 0)[1]
