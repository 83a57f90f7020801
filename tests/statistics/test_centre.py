from dataclasses import replace

import pytest

import fakes
from serbench.statistics.centre import per_second, typical
from serbench.statistics.estimates import Estimate, Missing


def workers(*means):
    """Workers with these batch means."""
    return [fakes.worker([100], own) for own in means]


def test_typical_is_the_median_over_workers_of_their_median_batch_mean():
    """One wild block does not move a worker, one slow worker does not move the centre."""
    made = typical(workers([10, 11, 900], [12, 12, 12], [50, 50, 50]))
    assert (12.0, 11.0, 50.0) == (made.value, made.low, made.high)
    assert ("range", 3, 900) == (made.basis, made.workers, made.calls)


def test_a_worker_without_a_batch_is_left_out():
    """A worker that was stopped before its first batch takes no part."""
    made = typical(workers([10], []))
    assert (10.0, "none", 1) == (made.value, made.basis, made.workers)


@pytest.mark.parametrize(("means", "expected"), [([], "no batches"), ([0.0, 0.0], "no time")])
def test_without_a_reading_there_is_no_typical(means, expected):
    """No batch, or a clock that stood still, is a reason and no number."""
    made = typical(workers(means))
    assert isinstance(made, Missing)
    assert expected == made.short


def test_throughput_turns_the_interval_round():
    """The longest time gives the smallest throughput."""
    ns = Estimate(value=2_000, low=1_000, high=4_000, basis="interval", coverage=0.96875, workers=6, calls=60)
    expected = replace(ns, value=500_000, low=250_000, high=1_000_000)
    assert expected == per_second(ns)


def test_throughput_of_bytes_counts_what_a_call_handles():
    """1,000 bytes in 2,000 ns are 500 MB a second."""
    ns = Estimate(value=2_000, low=2_000, high=2_000, basis="none", coverage=0.0, workers=1, calls=60)
    assert per_second(ns, 1_000 / 1e6).value == pytest.approx(500)


def test_missing_time_is_missing_throughput():
    """The reason is carried on."""
    missing = Missing(short="failed", reason="the worker died")
    assert missing == per_second(missing)
