from math import inf, log1p

import numpy as np
import pytest

from serbench.statistics.family import family
from serbench.statistics.inversion import lower_end
from serbench.statistics.power import chance, detectable, distance, more_pairs, twice
from serbench.statistics.swaps import Series, all_estimates, estimate, estimates, flips

KINDS = ("low", "half", "ratio")
TRIP = log1p(0.025)


def drawn(random, kind, pairs, shift=0.0, noise=0.02):
    """A series of noise that only ever slows down, new slower by a shift."""
    base, new = noise * random.standard_exponential((2, pairs)) + [[0.0], [shift]]
    return (
        Series(kind=kind, new=tuple(new - base))
        if kind == "ratio"
        else Series(kind=kind, base=tuple(base), new=tuple(new))
    )


def slower_by(series, by):
    """The same with every value of new larger."""
    return Series(kind=series.kind, base=series.base, new=tuple(x + by for x in series.new))


def together(metrics, swaps):
    """The family of some series."""
    return family(all_estimates(series, swaps) for series in metrics)


@pytest.mark.parametrize("kind", KINDS)
def test_the_distance_is_the_least_estimate_that_the_test_sees(kind):
    """Moved to a little more than that, data are seen by the test; moved to a little less, they are not."""
    swaps = flips(10, 1, 0)
    series = drawn(np.random.default_rng(2), kind, 10, shift=0.05)
    reach = distance(series, swaps, 30)
    for off, seen in ((1e-6, True), (-1e-6, False)):
        moved = estimates(slower_by(series, reach + off - estimate(series)), swaps)
        assert seen == (np.count_nonzero(moved >= moved[0] - 1e-12) <= 30)


@pytest.mark.parametrize("noise", [0.005, 0.03])
def test_the_smallest_slowdown_is_caught_about_nine_times_in_ten(noise):
    """Told from 20 clean pairs of six metrics and put into 20 others, in small noise and in large."""
    random, swaps = np.random.default_rng(6), flips(20, 6, 1)
    caught = []
    for _ in range(40):
        clean = [drawn(random, kind, 20, noise=noise) for kind in KINDS * 2]
        count = together(clean, swaps).critical(0.03)
        for place in range(3):
            marks = TRIP, distance(clean[place], swaps, count)
            slowdown = detectable(clean[place], swaps, marks=marks)
            others = [
                drawn(random, other, 20, shift=slowdown * (n == place), noise=noise)
                for n, other in enumerate(KINDS * 2)
            ]
            caught.append((together(others, swaps).p_slower(place) <= 0.03) and estimate(others[place]) >= TRIP)
    assert 0.8 <= np.mean(caught) <= 0.97


@pytest.mark.parametrize("kind", KINDS)
def test_what_could_be_seen_does_not_depend_on_what_was_there(kind):
    """A true slowdown changes neither distance nor chance."""
    swaps = flips(10, 1, 0)
    clean = drawn(np.random.default_rng(3), kind, 10)
    slow = slower_by(clean, 0.4)
    assert distance(clean, swaps, 20) == pytest.approx(distance(slow, swaps, 20), abs=1e-8)
    assert chance(clean, swaps) == pytest.approx(chance(slow, swaps), abs=1e-12)


def test_in_quiet_data_the_trip_point_is_what_counts():
    """Without noise, the smallest slowdown is the larger mark; a test that cannot speak makes it infinite."""
    swaps = flips(10, 1, 0)
    quiet = Series(kind="half", base=(1.0,) * 10, new=(1.0,) * 10)
    assert TRIP == pytest.approx(detectable(quiet, swaps, marks=(TRIP, distance(quiet, swaps, 30))), abs=1e-8)
    assert inf == distance(quiet, swaps, 0)
    assert inf == detectable(quiet, swaps, marks=(TRIP, inf))


def test_chance_is_what_95_estimates_in_100_are_not_off_by():
    """Ratios of 1 to 8 about their middle: of 256 swaps, 244 are off by no more."""
    series = Series(kind="ratio", new=(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0))
    swaps = flips(8, 1, 0)
    off = chance(series, swaps)
    under = estimates(series, swaps, 4.5)
    assert np.count_nonzero(under < off - 1e-12) < 0.95 * 256 <= np.count_nonzero(under <= off + 1e-12)


@pytest.mark.parametrize(
    ("pairs", "ways", "expected"),
    [
        (20, [(0.2, 0.1)], 60),
        (20, [(0.2, 0.1), (0.3, 0.2)], 25),
        (20, [(0.101, 0.1)], 1),
        (10, [(0.1, 0.2)], 1),
        (20, [(inf, 0.1), (0.2, 0.1)], 60),
        (20, [(inf, 0.1)], None),
        (20, [(0.2, 0.0)], None),
        (20, [], None),
    ],
)
def test_pairs_that_are_missing_go_with_the_square_of_the_distance(pairs, ways, expected):
    """Half the distance takes four times the pairs, by the shortest way; without a way there is no number."""
    assert expected == more_pairs(pairs, ways)


@pytest.mark.parametrize("kind", KINDS)
def test_twice_the_data_say_the_same_more_surely(kind):
    """Every pair twice has the same estimate, and an end nearer to it by about the square root of two."""
    series = drawn(np.random.default_rng(8), kind, 20)
    double = twice(series)
    assert 40 == double.pairs
    assert estimate(series) == pytest.approx(estimate(double))
    reach = [estimate(one) - lower_end(one, flips(one.pairs, 1, 1), 200) for one in (series, double)]
    assert 2**0.5 == pytest.approx(reach[0] / reach[1], rel=0.25)
