import numpy as np
import pytest

from serbench.histogram import Histogram
from serbench.statistics.estimates import Missing
from serbench.statistics.percentiles import curve, label, last_earned, needed_calls, outside, percentile


def filled(samples):
    """A histogram of these ns."""
    made = Histogram()
    made.fold(np.asarray(samples, dtype=np.int64))
    return made


def together(own):
    """All workers' calls in one."""
    return Histogram.merge([one.encode() for one in own])


@pytest.mark.parametrize(("q", "calls", "words"), [(0.5, 20, "p50"), (0.99, 1_000, "p99"), (0.999, 10_000, "p99.9")])
def test_a_percentile_takes_ten_calls_beyond_it(q, calls, words):
    """The calls that earn a percentile, and its name."""
    assert (calls, words) == (needed_calls(q), label(q))


@pytest.mark.parametrize(("calls", "missing"), [(999, True), (1_000, False)])
def test_p99_is_printed_from_the_thousandth_call_on(calls, missing):
    """One call less and it is missing with both figures in the reason."""
    own = [filled(range(1, calls + 1))]
    made = percentile(0.99, own[0], own)
    assert missing == isinstance(made, Missing)
    if missing:
        assert "p99 takes 1,000 calls and there are 999" in made.reason
    else:
        assert 990.0 == made.value


def test_the_value_is_of_all_calls_and_the_ends_are_workers():
    """Six shifted workers: the value is the merged percentile, the ends are the outer workers' own."""
    own = [filled(np.arange(1, 1_001) + 100 * shift) for shift in range(6)]
    made = percentile(0.99, together(own), own)
    pooled = np.sort(np.concatenate([np.arange(1, 1_001) + 100 * shift for shift in range(6)]))
    assert float(pooled[5_939]) == made.value
    assert (990.0, 1_490.0, "interval", 6, 6_000) == (made.low, made.high, made.basis, made.workers, made.calls)


def test_a_worker_that_has_not_earned_it_stands_behind_the_value_only():
    """Seven workers, one with 100 slow calls: its calls are in the value, its own p99 in no interval."""
    own = [filled(np.arange(1, 1_001)) for _ in range(6)] + [filled([2_000] * 100)]
    made = percentile(0.99, together(own), own)
    assert (2_000.0, 990.0, 6) == (made.value, made.low, made.workers)


def test_without_six_workers_that_earned_it_there_is_no_interval():
    """Six workers of 200 calls earn p99 together; by themselves none does, so its spread is not known."""
    own = [filled(np.arange(1, 201)) for _ in range(6)]
    made = percentile(0.99, together(own), own)
    assert ("none", 0, made.value, made.value) == (made.basis, made.workers, made.low, made.high)


def test_the_interval_holds_as_often_as_it_says_at_the_fewest_calls():
    """Workers alike, 1,000 calls each, the worst case: at least 95 % of simulated intervals hold the true p99."""
    random = np.random.default_rng(11)
    logs = np.sort(random.normal(0, 0.3, (4_000, 6, 1_000)).astype(np.float32), axis=2)[:, :, 989]
    true = 0.3 * 2.3263479
    assert np.mean((logs.min(axis=1) <= true) & (true <= logs.max(axis=1))) >= 0.95


def test_the_interval_holds_as_often_as_it_says_when_workers_differ():
    """Workers that differ by 10 %: the interval holds the middle worker's true p99 as often as it says."""
    random = np.random.default_rng(12)
    shifts = random.normal(0, 0.1, (2_000, 6, 1))
    logs = np.sort(shifts + random.normal(0, 0.3, (2_000, 6, 1_000)), axis=2)[:, :, 989]
    true = 0.3 * 2.3263479
    assert np.mean((logs.min(axis=1) <= true) & (true <= logs.max(axis=1))) == pytest.approx(0.96875, abs=0.012)


def test_a_tail_held_by_few_workers_is_told():
    """One worker of nine is slow in 20 % of its calls: p99 of all lies above the others' interval, and that is told."""
    calm, wild = filled([1_000] * 1_000), filled([1_000] * 800 + [9_000] * 200)
    own = [calm] * 8 + [wild]
    caution = outside(0.99, together(own), own)
    assert "tail-of-few-workers" == caution.name
    assert "p99 of all calls together is 9.01 us" in caution.text
    assert 9_000 == pytest.approx(percentile(0.99, together(own), own).high, rel=1e-3)


def test_a_worker_with_most_calls_may_hide_the_others_tail():
    """Eight workers are slow in 5 % of their calls, one with most calls never: p99 lies below all theirs."""
    own = [filled([1_000] * 950 + [9_000] * 50)] * 8 + [filled([1_000] * 100_000)]
    caution = outside(0.99, together(own), own)
    assert caution.text.startswith(
        "p99 of all calls together is 1.00 us, outside the interval of the workers' own (9.01"
    )
    assert 1_000.0 == percentile(0.99, together(own), own).low


@pytest.mark.parametrize("workers", [1, 6, 9])
def test_a_tail_that_all_share_is_not_told(workers):
    """Equal workers, however many, have no caution."""
    own = [filled(np.arange(1, 1_001))] * workers
    assert outside(0.99, together(own), own) is None


def test_a_curve_ends_at_the_last_earned_percentile():
    """1,000 calls end at p99, x = 100; x rises from 1 and ns never falls."""
    x, ns = curve(filled(range(1, 1_001)))
    assert (1.0, 1.0) == (x[0], ns[0])
    assert (100.0, 990.0) == (pytest.approx(x[-1]), ns[-1])
    assert 0.99 == pytest.approx(last_earned(1_000))
    assert all(np.diff(x) > 0)
    assert all(np.diff(ns) >= 0)


def test_a_handful_of_calls_has_no_curve():
    """Below 20 calls not even the median is earned."""
    assert ((), ()) == curve(filled(range(19)))
    assert 0.0 == last_earned(19)


@pytest.mark.parametrize(
    ("workers", "calls", "expected"),
    [
        (12, 500, (6, 2, "interval")),  # two of them have the 1,000 calls that p99 takes
        (15, 500, (7, 2, "interval")),
        (18, 400, (6, 3, "interval")),
        (12, 499, (4, 3, "range")),  # it takes three, and there are not six times three
        (12, 90, (0, 1, "none")),  # all together have it, and no two halves
        (12, 1_000, (12, 1, "interval")),  # each stands for itself
        (11, 500, (5, 2, "range")),
    ],
)
def test_workers_that_have_not_earned_it_alone_are_put_together(workers, calls, expected):
    """In equal groups, as few workers to a group as it takes: six groups have an interval, fewer a range."""
    own = [filled(range(100 + n, 100 + n + calls)) for n in range(workers)]
    found = percentile(0.99, together(own), own)
    assert expected == (found.workers, found.each, found.basis)
    assert found.low <= found.value <= found.high


def test_a_group_that_has_not_earned_it_stands_for_nothing():
    """One call short in one of six, and there are four of three."""
    calls = [900] * 6 + [100] * 6
    own = [filled(range(100, 100 + n)) for n in calls]
    assert ("interval", 2) == (percentile(0.99, together(own), own).basis, percentile(0.99, together(own), own).each)
    own[-1] = filled(range(100, 199))
    assert ("range", 3) == (percentile(0.99, together(own), own).basis, percentile(0.99, together(own), own).each)
