import numpy as np
import pytest

from serbench.histogram import Histogram
from serbench.statistics.steady import earned, steady_curve

EMPTY_NS = 40
KINDS = ((1_000.0, 3_000.0, 0.3), (250.0, 8_000.0, 0.5), (50.0, 150_000.0, 0.8), (2.0, 4_000_000.0, 0.5))
"""Of a machine's interruptions: how many a second of its running, their median in ns, sigma of their logarithm."""


def interruptions(random, kind, running_ns):
    """Those of a kind that fall into so much time of running: the ns of each."""
    rate, median, sigma = kind
    return median * np.exp(random.normal(0, sigma, random.poisson(rate * running_ns / 1e9)))


def watched(met, running_ns):
    """What empty calls of 40 ns show, each interruption in one of its own, and the time inside them."""
    calm = Histogram()
    calm.fold(np.full(1_000_000, EMPTY_NS))
    blob = Histogram.merge([calm.encode()] * round(running_ns / EMPTY_NS / 1_000_000)).encode()
    disturbed = Histogram()
    disturbed.fold(np.rint(EMPTY_NS + met).astype(np.int64))
    return Histogram.merge([blob, disturbed.encode()]), round(running_ns + met.sum())


def machine(kinds=KINDS, running_ns=200e9, seed=1):
    """A machine with known interruptions, as empty calls saw it."""
    random = np.random.default_rng(seed)
    return watched(np.concatenate([interruptions(random, kind, running_ns) for kind in kinds]), running_ns)


def simulated(own_ns, calls, kinds=KINDS, seed=2):
    """The ns of calls that take so long by themselves on that machine."""
    random = np.random.default_rng(seed)
    ns = np.full(calls, float(own_ns))
    for rate, median, sigma in kinds:
        met = random.poisson(rate * own_ns / 1e9, calls)
        added = median * np.exp(random.normal(0, sigma, met.sum()))
        ns += np.bincount(np.repeat(np.arange(calls), met), added, calls)
    return np.sort(ns)


@pytest.mark.parametrize(("own_ns", "calls"), [(800, 4_000_000), (60_000, 1_000_000), (20_000_000, 200_000)])
def test_the_curve_is_that_of_a_simulated_machine(own_ns, calls):
    """Calls much shorter than the time between interruptions, about as long, and much longer: within 3 % all along.

    Where the curve is steep, a few per cent of 1/(1-q) are what the simulation can tell.
    """
    slowest_first = simulated(own_ns, calls)[::-1]
    x = np.geomspace(1.1, calls / 300, 60)
    true = slowest_first[np.floor(calls / x).astype(int)]
    noise, observed_ns = machine()
    middle = float(np.median(slowest_first))
    lower = np.array(steady_curve(noise, observed_ns, middle, x / 1.08))
    upper = np.array(steady_curve(noise, observed_ns, middle, x * 1.08))
    earned_points = len(upper)
    assert earned_points >= 40
    assert np.all(0.97 * lower[:earned_points] <= true[:earned_points])
    assert np.all(true[:earned_points] <= 1.03 * upper)


def test_a_machine_that_is_half_taken_away_shows_it():
    """Another program has the core for 3 ms in every 6: calls of 1 ms by themselves, within 3 %."""
    kinds = ((333.0, 3_000_000.0, 0.1),)
    noise, observed_ns = machine(kinds, running_ns=40e9)
    ns = simulated(1e6, 400_000, kinds)
    x = (20.0, 100.0, 1_000.0)
    true = ns[np.ceil(len(ns) * (1 - 1 / np.array(x))).astype(int)]
    assert true == pytest.approx(steady_curve(noise, observed_ns, float(np.median(ns)), x), rel=0.03)


def test_even_ticks_in_long_calls_are_close_enough():
    """Ticks of 40 us every 4 ms in calls of 20 ms come evenly; taken for random they are at most 2 % off."""
    random = np.random.default_rng(3)
    noise, observed_ns = watched(np.full(50_000, 40_000.0), 200e9)
    starts = random.uniform(0, 4e6, 100_000)
    ns = np.sort(20e6 + 40_000.0 * np.floor((starts + 20e6) / 4e6))
    curve = steady_curve(noise, observed_ns, float(np.median(ns)), (1.1, 2.0, 10.0, 100.0, 1_000.0))
    assert ns[[9_090, 50_000, 90_000, 99_000, 99_900]] == pytest.approx(curve, rel=0.02)


def test_ticks_that_add_up_add_up():
    """Ticks of one length, one for every 100 calls: p99.9 of the calls has one, p99.99 has two."""
    noise, observed_ns = watched(np.full(100_000, 5_000.0), 100e9)
    own, one, two = steady_curve(noise, observed_ns, 10_000.0, (50.0, 1_000.0, 100_000.0))
    assert (10_000.0, 15_000.0, 20_000.0) == pytest.approx((own, one, two), rel=0.005)


def test_interruptions_much_longer_than_a_call_come_one_at_a_time():
    """Calls of 0.1 us, 50 us or 90 us taken away at 1,000 a second each: 2 calls in 10,000 are hit, by either."""
    noise, observed_ns = watched(np.repeat([50_000.0, 90_000.0], 100_000), 100e9)
    x = (4_500.0, 5_500.0, 9_500.0, 10_500.0)
    assert (100.0, 50_100.0, 50_100.0, 90_100.0) == pytest.approx(steady_curve(noise, observed_ns, 100.0, x), rel=0.005)


def test_a_call_of_any_length_takes_in_the_middle_what_it_was_said_to_take():
    """Interruptions that a long call always meets are part of what it usually takes; at x = 1 there are none."""
    noise, observed_ns = machine()
    for ns in (1_000.0, 1e6, 1e8):
        own, middle = steady_curve(noise, observed_ns, ns, (1.0, 2.0))
        assert ns == pytest.approx(middle, rel=0.005)
        assert own <= middle
    assert own < 0.99 * ns


def test_how_the_clock_reads_is_no_interruption():
    """Readings of 30, 40 and 50 ns, and on a clock with steps of 1 us 0 and 1,000: such a machine is calm."""
    for readings in ([30, 40, 40, 50], [0] * 24 + [1_000]):
        noise = Histogram()
        noise.fold(np.tile(np.array(readings), 100_000))
        curve = steady_curve(noise, 10**10, 5_000.0, (1.0, 10.0, 1_000.0))
        assert (5_000.0,) * 3 == curve


def test_only_earned_points_are_drawn():
    """One second is long enough for p99 and p99.9 of calls of 0.1 ms, and for p99 of calls of 1 ms."""
    noise, _ = machine(running_ns=1e9)
    x = (1.0, 100.0, 1_000.0, 10_000.0)
    assert 1_000.0 == earned(10**9, 100_000)
    lengths = [len(steady_curve(noise, 10**9, ns, x)) for ns in (1e4, 1e5, 1e6, 1e9)]
    assert [4, 3, 2, 0] == lengths
    assert 2 == len(steady_curve(noise, 10**9, 1e5, (1.0, 1_000.0, 1_001.0)))


def test_without_empty_calls_nothing_is_drawn():
    """A machine that was not watched has no curve."""
    assert () == steady_curve(Histogram(), 0, 1_000.0, (1.0, 100.0))
    assert () == steady_curve(Histogram(), 10**12, 1_000.0, (1.0, 100.0))


def test_the_curve_never_falls():
    """Whatever the length, on the axis of percentile curves."""
    noise, observed_ns = machine()
    for ns in (50.0, 3_000.0, 777_777.0):
        assert np.all(np.diff(steady_curve(noise, observed_ns, ns, np.geomspace(1, 1e5, 120))) >= 0)


def test_the_percentiles_that_are_shown():
    """p99 and p99.9 of steady calls, as a simulated machine has them."""
    noise, observed_ns = machine()
    ns = simulated(60_000, 1_000_000)
    assert (ns[990_000], ns[999_000]) == pytest.approx(
        steady_curve(noise, observed_ns, 60_000.0, (100, 1000)), rel=0.03
    )


def test_a_machine_that_was_not_watched_long_enough_says_nothing():
    """A second is enough for p99 of calls of 1 ms and not for p99.9, nor for any of calls of 1 s."""
    noise, _ = machine(running_ns=1e9)
    (p99,) = steady_curve(noise, 10**9, 1e6, (100, 1000))
    assert p99 >= 1e6
    assert () == steady_curve(noise, 10**9, 1e9, (100, 1000))
