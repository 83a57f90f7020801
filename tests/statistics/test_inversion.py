from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serbench.statistics.inversion import PRECISION, excludes_faster, excludes_slower, interval, lower_end
from serbench.statistics.swaps import Series, estimate, estimates, flips

KINDS = ("low", "half", "ratio")


def drawn(random, kind, pairs, shift=0.0, noise=0.02):
    """A series of noise, new slower by a shift."""
    new = tuple(random.normal(shift, noise, pairs))
    return Series(kind=kind, base=() if kind == "ratio" else tuple(random.normal(0.0, noise, pairs)), new=new)


def of_sides(kind, base, new):
    """A series of both sides' logarithms."""
    return (
        Series(kind=kind, new=tuple(new - base))
        if kind == "ratio"
        else Series(kind=kind, base=tuple(base), new=tuple(new))
    )


def slower_by(series, by):
    """The same with every value of new larger."""
    return Series(kind=series.kind, base=series.base, new=tuple(x + by for x in series.new))


def share(series, swaps, less, sign=1):
    """The share of swaps with an estimate at least as large as observed (sign 1), or at most (-1)."""
    under = sign * estimates(series, swaps, less)
    return np.mean(under >= under[0] - 1e-12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pairs", [6, 9, 13])
def test_the_interval_is_that_of_a_scan(kind, pairs):
    """Of 201 changes tried one by one, those that neither test excludes at 5 % are those inside."""
    series, swaps = drawn(np.random.default_rng(pairs), kind, pairs, shift=0.01), flips(pairs, 1, 2)
    low, high = interval(series, swaps, 0.05)
    tried = np.linspace(-0.1, 0.1, 201)
    expected = [min(share(series, swaps, d), share(series, swaps, d, -1)) > 0.05 for d in tried]
    assert expected == [bool(low <= d <= high) for d in tried]
    assert 0 < sum(expected) < 201


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 3, 51, 200])
def test_an_end_is_where_the_count_is_first_passed(kind, count):
    """A little above, more swaps reach the estimate than the count; a little below, they do not."""
    series, swaps = drawn(np.random.default_rng(count), kind, 10), flips(10, 1, 0)
    end = lower_end(series, swaps, count)
    if end == -inf:
        assert share(series, swaps, -50.0) * 1024 > count
    else:
        shares = [share(series, swaps, end + off) * 1024 for off in (1e-7, -1e-7)]
        assert shares[0] > count >= shares[1]


@given(seed=st.integers(0, 10**6), kind=st.sampled_from(KINDS), by=st.floats(-3, 3))
@settings(max_examples=40)
def test_a_constant_on_the_new_side_moves_the_interval_by_as_much(seed, kind, by):
    """Estimate and both ends."""
    series, swaps = drawn(np.random.default_rng(seed), kind, 8), flips(8, 1, 0)
    moved = slower_by(series, by)
    assert estimate(series) + by == pytest.approx(estimate(moved), abs=1e-9)
    expected = [end + by for end in interval(series, swaps, 0.05)]
    assert expected == pytest.approx(interval(moved, swaps, 0.05), abs=3 * PRECISION)


@given(seed=st.integers(0, 10**6), kind=st.sampled_from(KINDS), pairs=st.integers(1, 10))
@settings(max_examples=40)
def test_an_interval_holds_its_estimate_and_has_a_mirror(seed, kind, pairs):
    """Changing sides turns it about zero."""
    series, swaps = drawn(np.random.default_rng(seed), kind, pairs, shift=0.01), flips(pairs, 1, 0)
    low, high = interval(series, swaps, 0.05)
    assert low <= estimate(series) <= high
    assert (-high, -low) == pytest.approx(interval(series.mirrored(), swaps, 0.05), abs=3 * PRECISION)


@given(seed=st.integers(0, 10**6), kind=st.sampled_from(KINDS), change=st.floats(0.005, 0.1))
@settings(max_examples=60)
def test_what_lies_outside_the_interval_is_excluded(seed, kind, change):
    """A slowdown above its upper end, a speed-up below its lower end, and nothing inside."""
    series, swaps = drawn(np.random.default_rng(seed), kind, 8), flips(8, 1, 0)
    low, high = interval(series, swaps, 0.05)
    assert (change > high) == excludes_slower(series, swaps, change, 0.05)
    assert (-change < low) == excludes_faster(series, swaps, change, 0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_coverage_is_exact(kind):
    """Of all relabellings of data whose true change is known, at most 5 % put it below and 5 % above the interval."""
    noise, swaps = drawn(np.random.default_rng(3), kind, 9), flips(9, 1, 0)
    below = above = 0
    for flip in swaps:
        if kind == "ratio":
            data = Series(kind=kind, new=tuple(np.where(flip, -1, 1) * noise.new))
        else:
            base, new = np.where(flip, noise.new, noise.base), np.where(flip, noise.base, noise.new)
            data = of_sides(kind, base, new)
        low, high = interval(slower_by(data, 0.25), swaps, 0.05)
        below, above = below + (high < 0.25 - 1e-8), above + (low > 0.25 + 1e-8)
    assert below == above
    assert 0 < below <= 0.05 * 512


@pytest.mark.parametrize("noise", ["normal", "one-sided"])
def test_intervals_hold_the_true_change_as_often_as_they_say(noise):
    """Of 300 simulated runs of each kind with a true change of 10 %, at least 90 % less what chance allows."""
    random, swaps = np.random.default_rng(5), flips(10, 1, 0)
    for kind in KINDS:
        held = 0
        for _ in range(300):
            draw = random.standard_normal if noise == "normal" else random.standard_exponential
            low, high = interval(of_sides(kind, 0.03 * draw(10), 0.1 + 0.03 * draw(10)), swaps, 0.05)
            held += low <= 0.1 <= high
        assert held / 300 >= 0.9 - 2 * (0.9 * 0.1 / 300) ** 0.5


def test_too_few_pairs_have_an_interval_without_ends():
    """One swap of sixteen is more than 5 %, so of four pairs nothing can be excluded; five have one for the floor."""
    four = Series(kind="low", base=(1.0, 2.0, 3.0, 4.0), new=(1.1, 2.1, 3.1, 4.1))
    assert (-inf, inf) == interval(four, flips(4, 1, 0), 0.05)
    assert not excludes_slower(four, flips(4, 1, 0), 9.0, 0.05)
    five = Series(kind="low", base=(1.0, 2.0, 3.0, 4.0, 5.0), new=(1.1, 2.1, 3.1, 4.1, 5.1))
    assert all(np.isfinite(interval(five, flips(5, 1, 0), 0.05)))


def test_without_noise_the_interval_is_the_change():
    """Ten equal pairs."""
    series = Series(kind="half", base=(1.0,) * 10, new=(1.5,) * 10)
    assert (0.5, 0.5) == pytest.approx(interval(series, flips(10, 1, 0), 0.05), abs=3 * PRECISION)
