import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.intervals import COVERAGE, apart, coverage, ratio, spread, trimmed

MISSING = Missing(short="failed", reason="the worker died")


def estimate(value=1.0, low=0.9, high=1.1, basis="interval", share=0.96875):
    """An estimate of 1 from six workers."""
    return Estimate(value=value, low=low, high=high, basis=basis, coverage=share, workers=6, calls=100)


@pytest.mark.parametrize(
    ("n", "k", "expected"), [(6, 1, 0.96875), (5, 1, 0.9375), (8, 2, 0.9296875), (9, 2, 0.9609375), (17, 5, 0.951)]
)
def test_coverage_is_that_of_the_sign_test(n, k, expected):
    """Coverages equal those tabulated for the sign test."""
    assert expected == pytest.approx(coverage(n, k), abs=5e-4)


@given(n=st.integers(6, 60))
def test_the_interval_is_the_narrowest_that_covers_enough(n):
    """The chosen order statistics cover 95 %, the next ones inwards do not."""
    k = trimmed(n)
    assert coverage(n, k) >= COVERAGE > coverage(n, k + 1)


@pytest.mark.parametrize("n", [6, 9, 13])
def test_intervals_hold_the_median_as_often_as_they_say(n):
    """Of 4,000 simulated runs with skewed workers, the share whose interval holds the median is as declared."""
    random = np.random.default_rng(n)
    values = random.lognormal(0.0, 0.5, (4_000, n))
    made = [spread(float(np.median(own)), own.tolist(), 1) for own in values]
    held = np.mean([estimate.low <= 1.0 <= estimate.high for estimate in made])
    assert held == pytest.approx(made[0].coverage, abs=0.012)


@given(own=st.lists(st.floats(1, 1e9), max_size=20), value=st.floats(1, 1e9))
def test_an_interval_holds_its_value(own, value):
    """Low, value and high are in order, whatever the workers say."""
    made = spread(value, own, 1)
    assert made.low <= made.value <= made.high


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ([], ("none", 5.0, 5.0, 0.0)),
        ([7.0], ("none", 5.0, 5.0, 0.0)),
        ([4.0, 9.0], ("range", 4.0, 9.0, 0.0)),
        ([4.0, 5.0, 6.0, 7.0, 9.0], ("range", 4.0, 9.0, 0.0)),
        ([9.0, 4.0, 5.0, 6.0, 7.0, 8.0], ("interval", 4.0, 9.0, 0.96875)),
        ([6.0, 7.0, 8.0, 8.0, 8.0, 9.0], ("interval", 5.0, 9.0, 0.96875)),
        ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 99.0], ("interval", 1.0, 99.0, 0.9921875)),
        ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 99.0], ("interval", 2.0, 8.0, 0.9609375)),
    ],
)
def test_what_is_known_depends_on_how_many_workers_there_are(own, expected):
    """One worker says nothing of spread, two to five give a range, six an interval, widened to hold the value."""
    made = spread(5.0, own, 1)
    assert expected == (made.basis, made.low, made.high, made.coverage)


def test_a_ratio_reaches_from_the_one_extreme_to_the_other():
    """The ends of a ratio are the extreme ratios of the ends, with what Bonferroni leaves of the coverage."""
    made = ratio(estimate(3.0, 2.0, 4.0), estimate(1.5, 1.0, 2.0))
    assert (2.0, 1.0, 4.0) == (made.value, made.low, made.high)
    assert made.coverage == pytest.approx(0.9375)


def test_the_interval_of_a_ratio_holds_at_least_as_often_as_it_says():
    """Of 2,000 simulated pairs of runs, at least the declared share of the ratios' intervals holds the true ratio."""
    random = np.random.default_rng(5)

    def drawn(centre):
        own = random.lognormal(np.log(centre), 0.2, 6)
        return spread(float(np.median(own)), own.tolist(), 1)

    made = [ratio(drawn(3.0), drawn(2.0)) for _ in range(2_000)]
    assert np.mean([r.low <= 1.5 <= r.high for r in made]) >= made[0].coverage


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("interval", "interval", "interval"), ("interval", "range", "range"), ("none", "range", "none")],
)
def test_a_ratio_is_as_sure_as_the_less_sure_of_its_parts(one, other, expected):
    """The basis of a ratio is the weaker one, and without one its ends are its value."""
    made = ratio(estimate(basis=one), estimate(value=2.0, low=1.0, high=3.0, basis=other))
    assert expected == made.basis
    assert (made.low == made.high == made.value) == (expected == "none")


@pytest.mark.parametrize("pair", [(MISSING, estimate()), (estimate(), MISSING), (MISSING, MISSING)])
def test_a_ratio_of_what_is_missing_is_missing(pair):
    """The reason of the missing part becomes the ratio's."""
    assert MISSING == ratio(*pair)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (estimate(1.3, 1.2, 1.4), True),
        (estimate(0.5, 0.4, 0.6), True),
        (estimate(1.3, 1.1, 1.4), False),
        (estimate(1.3, 1.2, 1.4, basis="range"), False),
        (MISSING, False),
    ],
)
def test_only_intervals_that_do_not_meet_are_apart(other, expected):
    """Ranges prove nothing, touching ends are no gap, and what is missing is apart from nothing."""
    assert expected == apart(estimate(), other)
    assert expected == apart(other, estimate())
