from dataclasses import replace

import pytest

import fakes
from fake_reports import estimate
from serbench.histogram import Histogram
from serbench.statistics.centre import typical
from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.readings import above_tail, differing, disagreement, floor_ns, no_tail


def held(workers):
    """The caution of these workers, if any."""
    return disagreement(typical(workers), workers, [Histogram.decode(worker.histogram) for worker in workers])


def together(workers):
    """All their single calls."""
    return Histogram.merge(worker.histogram for worker in workers)


def alike(samples, mean, floor=fakes.FLOOR):
    """Six equal workers."""
    return [fakes.worker(samples, [mean] * 5, floor=floor)] * 6


@pytest.mark.parametrize(
    ("ns", "floor", "step", "expected"),
    [
        (999, 50, 1, "shorter than 20 floors (an empty call reads 50.0 ns)"),
        (1_000, 50, 1, ""),
        (1_100, 50, 30, "shorter than 40 steps of the clock (30.0 ns each)"),
        (1_200, 50, 30, ""),
    ],
)
def test_short_calls_claim_no_tail(ns, floor, step, expected):
    """Under 20 floors or 40 steps of the clock, and only there, single readings are not shown, with figures."""
    workers = alike([ns], ns, replace(fakes.FLOOR, ns_per_call=floor, clock_step_ns=step))
    missing = no_tail(typical(workers), workers, together(workers))
    assert bool(expected) == bool(missing)
    assert expected in (missing.reason if missing else "")


def test_what_inflates_batches_makes_no_call_long_enough():
    """Other programs ran in most batches: the middle single call says how short calls are, and is told."""
    workers = alike([240] * 60 + [9_000] * 40, 898.0, replace(fakes.FLOOR, ns_per_call=25.0))
    missing = no_tail(typical(workers), workers, together(workers))
    assert missing.reason.startswith("a call of 240 ns is shorter than 20 floors (an empty call reads 25.0 ns)")


def test_batches_alone_tell_how_short_a_call_is():
    """No call was timed one by one."""
    workers = [fakes.worker([], [999.0])]
    assert no_tail(typical(workers), workers, Histogram()).short == "no tail claimed"


def test_without_a_centre_nothing_is_known_to_be_short():
    """No batch was finished: single calls are all there is, and they are shown."""
    workers = [fakes.worker([100], [])]
    assert no_tail(typical(workers), workers, together(workers)) is None


def test_the_floor_is_the_middle_workers():
    """One worker with a slow clock does not decide."""
    floors = [40.0, 50.0, 900.0]
    workers = [fakes.worker([1], [1.0], floor=replace(fakes.FLOOR, ns_per_call=ns)) for ns in floors]
    assert 50.0 == floor_ns(workers)


def test_what_the_floor_explains_is_no_disagreement():
    """Single calls that are longer by the clock alone agree with their batches."""
    assert held(alike([2_050] * 100, 2_000.0)) is None


def test_what_skew_explains_is_no_disagreement():
    """A batch mean between the median and the mean of skewed calls agrees with them."""
    skewed = [2_000] * 60 + [4_000] * 40
    assert held(alike(skewed, 2_750.0)) is None


@pytest.mark.parametrize(("mean", "unexplained"), [(2_500.0, "500 ns"), (1_500.0, "450 ns")])
def test_a_difference_beyond_the_floor_is_told_with_its_figures(mean, unexplained):
    """Batches far above or below single calls get a caution that says by how much."""
    caution = held(alike([2_000] * 100, mean))
    assert "readings-disagree" == caution.name
    assert f"leave {unexplained} unexplained" in caution.text
    assert "the middle call takes 2.00 us" in caution.text


def test_one_worker_that_disagrees_is_not_the_middle_one():
    """Five workers that agree outvote one."""
    workers = [*alike([2_000] * 100, 2_000.0)[:5], fakes.worker([2_000] * 100, [9_000.0])]
    assert held(workers) is None


@pytest.mark.parametrize(
    ("typical", "p99", "told"), [(4_550, 4_030, True), (4_030, 4_030, False), (2_400, 4_030, False)]
)
def test_a_typical_time_above_p99_is_told(typical, p99, told):
    """With both figures: it says that very few calls make the mean of a batch."""
    found = above_tail(estimate(typical), estimate(p99))
    assert told == (found is not None)
    if found:
        assert "typical-above-p99" == found.name
        assert "(4.55 us) lies above p99 (4.03 us)" in found.text


def test_without_a_tail_nothing_lies_above_it():
    """A percentile that was not earned says nothing."""
    assert above_tail(estimate(4_550), Missing(short="too few calls", reason="")) is None


@pytest.mark.parametrize(("high", "named"), [(1_299.0, []), (1_301.0, ["workers-differ"])])
def test_workers_that_differ_are_told(high, named):
    """From a factor of 1.3 between the ends of the interval on."""
    number = Estimate(value=1_100.0, low=1_000.0, high=high, basis="interval", coverage=0.97, workers=6, calls=9)
    assert named == [caution.name for caution in [differing(number, instances=64, disturbed=False)] if caution]
    assert differing(replace(number, basis="none"), instances=64, disturbed=False) is None


@pytest.mark.parametrize(
    ("instances", "disturbed", "said"),
    [
        (64, False, "memory layout or caches decide, not the codec alone. Fewer --instances show"),
        (1, False, "memory layout or caches decide, not the codec alone. A longer --budget"),
        (64, True, "other programs ran meanwhile and may be why, or memory layout or caches. Quieten"),
        (1, True, "other programs ran meanwhile and may be why, or memory layout or caches. Quieten"),
    ],
)
def test_why_workers_differ_depends_on_what_ran(instances, disturbed, said):
    """Other programs, where they ran; and one instance cannot become fewer."""
    number = Estimate(value=1_100.0, low=1_000.0, high=1_500.0, basis="interval", coverage=0.97, workers=6, calls=9)
    text = differing(number, instances=instances, disturbed=disturbed).text
    assert (True, instances > 1) == (f": {said}" in text, "Fewer --instances" in text)
