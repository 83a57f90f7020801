"""The sampler against a clock that moves when it is read, by 1 ns, and when a call takes time, as its argument says."""

import time
from array import array
from functools import partial

import pytest

from serbench.worker import sampler


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
    """The sampler's clock."""
    made = FakeClock()
    monkeypatch.setattr(sampler, "perf_counter_ns", made)
    return made


def test_a_sample_is_one_call(clock):
    """Every call has its own sample, in order, with one reading of the clock in it; the whole is returned."""
    arguments = [10, 0, 500, 3]
    samples = array("q", bytes(8 * 4))
    total = sampler.singles(clock.call, arguments, samples)
    assert [11, 1, 501, 4] == samples.tolist()
    assert sum(arguments) + 2 * 4 + 1 == total


def test_the_release_of_a_result_is_part_of_the_call(clock):
    """What freeing the result takes lies inside the sample, and inside the batch."""

    class Slow:
        def __del__(self):
            clock.now += 700

    samples = array("q", bytes(8))
    sampler.singles(lambda _: Slow(), [0], samples)
    assert [701] == samples.tolist()
    assert 2 * 700 + 1 == sampler.batch(lambda _: Slow(), [0, 0])


def test_a_batch_has_no_clock_in_between(clock):
    """The time of all calls, with one reading however many they are."""
    assert 513 + 1 == sampler.batch(clock.call, [10, 0, 500, 3])


def test_every_argument_is_used_once():
    """Singles and batches call with each argument, in order."""
    seen = []
    sampler.singles(seen.append, [1, 2, 3], array("q", bytes(24)))
    sampler.batch(seen.append, [4, 5])
    assert [1, 2, 3, 4, 5] == seen


def test_what_a_call_raises_comes_out():
    """No fault of a codec is swallowed."""
    with pytest.raises(ZeroDivisionError):
        sampler.singles(lambda n: 1 // n, [0], array("q", bytes(8)))
    with pytest.raises(ZeroDivisionError):
        sampler.batch(lambda n: 1 // n, [0])


@pytest.mark.parametrize(
    ("ns", "minima", "limit", "made"),
    [
        (10, {"at_least_ns": 100, "at_least_calls": 0}, 10_000, 9),  # 11 ns each, and one before the first
        (10, {"at_least_ns": 100, "at_least_calls": 20}, 10_000, 20),
        (90, {"at_least_ns": 200, "at_least_calls": 5}, 10_000, 5),
        (90, {"at_least_ns": 200, "at_least_calls": 5}, 150, 2),
        (90, {"at_least_ns": 200, "at_least_calls": 5}, 0, 0),
        (1, {"at_least_ns": 10_000, "at_least_calls": 5}, 10_000, 50),
    ],
    ids=["time", "calls", "long-calls", "limit", "no-lead-in", "arguments"],
)
def test_a_lead_in_ends_when_it_has_ended(clock, ns, minima, limit, made):
    """Both minima are reached, or the limit is, or the arguments are used up; the number of calls is returned."""
    assert made == sampler.lead_in(clock.call, [ns] * 50, **minima, limit_ns=limit)
    assert 1_000 + made * ns <= clock.now


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        (FakeClock(reading=40), 40),
        (FakeClock(reading=3, step=10), 10),
        (FakeClock(reading=37, step=10), 10),
        (FakeClock(reading=0), 1),
    ],
    ids=["as-long-as-a-reading", "coarse", "fine", "stopped"],
)
def test_clock_step(monkeypatch, clock, expected):
    """A clock that steps by ten is told from one that takes forty to be read."""
    monkeypatch.setattr(sampler, "perf_counter_ns", clock)
    assert expected == sampler.clock_step_ns()


def test_clock_step_is_not_what_a_reading_takes(monkeypatch):
    """Readings 40 or 41 apart are those of a clock that moves by one."""
    clock = FakeClock()
    readings = iter(range(10**6))

    def uneven():
        clock.reading = 40 + next(readings) % 2
        return clock()

    monkeypatch.setattr(sampler, "perf_counter_ns", uneven)
    assert 1 == sampler.clock_step_ns()


def test_the_real_clock():
    """On the real clock a call that sleeps reads at least its sleep, one by one and as a whole."""
    nap = partial(time.sleep)
    samples = array("q", bytes(8 * 2))
    total = sampler.singles(nap, [0.002, 0.001], samples)
    assert min(samples) >= 1_000_000
    assert samples[0] >= 2_000_000
    assert total >= sum(samples)
    assert sampler.batch(nap, [0.001, 0.001]) >= 2_000_000
    assert sampler.clock_step_ns() >= 1
