from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.statistics.family import at_most, family, ranked
from serbench.statistics.swaps import Series, all_estimates, flips

RANDOM = np.random.default_rng(11)


def drawn(random, kind, pairs, shift=0.0, noise=0.02):
    """A series of noise, new slower by a shift."""
    new = tuple(random.normal(shift, noise, pairs))
    return Series(kind=kind, base=() if kind == "ratio" else tuple(random.normal(0.0, noise, pairs)), new=new)


def together(metrics, swaps):
    """The family of some series."""
    return family(all_estimates(series, swaps) for series in metrics)


def relabelled(series, flip):
    """The same data with the sides of some pairs changed."""
    if series.kind == "ratio":
        return Series(kind="ratio", new=tuple(-x if f else x for x, f in zip(series.new, flip, strict=True)))
    sides = [(n, b) if f else (b, n) for b, n, f in zip(series.base, series.new, flip, strict=True)]
    base, new = zip(*sides, strict=True)
    return Series(kind=series.kind, base=base, new=new)


def plain(metrics):
    """The p of every metric of three pairs, for slower and for faster, by enumeration in the words of the method."""

    def under(series, flip):
        sides = [(n, b) if f else (b, n) for b, n, f in zip(series.base, series.new, flip, strict=True)]
        base, new = (sorted(side)[: 1 if series.kind == "low" else 2] for side in zip(*sides, strict=True))
        return sum(new) / len(new) - sum(base) / len(base)

    every = list(product([False, True], repeat=3))
    answers = []
    for sign in (1, -1):
        values = [[sign * under(series, flip) for flip in every] for series in metrics]
        shares = [[sum(other >= one for other in own) / 8 for one in own] for own in values]
        smallest = [min(own[swap] for own in shares) for swap in range(8)]
        answers.append([sum(least <= own[0] for least in smallest) / 8 for own in shares])
    return answers


def test_three_pairs_are_as_by_hand():
    """New is slower in all of three pairs, and the slowest pair is in neither mean: two of eight swaps are as large."""
    series = Series(kind="half", base=(1.0, 2.0, 4.0), new=(2.0, 4.0, 8.0))
    made = together([series], flips(3, 1, 0))
    assert (2 / 8, 1.0) == (made.p_slower(0), made.p_faster(0))


@given(values=st.lists(st.integers(0, 9).map(float), min_size=12, max_size=12), kinds=st.sampled_from(["low", "half"]))
def test_p_is_that_of_plain_enumeration(values, kinds):
    """Of two metrics of three pairs, with ties."""
    one = Series(kind="half", base=tuple(values[:3]), new=tuple(values[3:6]))
    other = Series(kind=kinds, base=tuple(values[6:9]), new=tuple(values[9:]))
    made = together([one, other], flips(3, 2, 0))
    expected = plain([one, other])
    assert expected == [[made.p_slower(0), made.p_slower(1)], [made.p_faster(0), made.p_faster(1)]]


@pytest.mark.parametrize("kinds", [("low",), ("half",), ("ratio",), ("low", "half", "ratio", "ratio")])
def test_levels_are_exact(kinds):
    """Of all relabellings of one set of data, no more than a share of a have a smallest p of a or less, for every a."""
    random = np.random.default_rng(len(kinds))
    metrics = [drawn(random, kind, 7, shift=0.03) for kind in kinds]
    swaps = flips(7, len(kinds), 0)
    least = []
    for flip in swaps:
        made = together([relabelled(series, flip) for series in metrics], swaps)
        least.append([min(p(n) for n in range(len(kinds))) for p in (made.p_slower, made.p_faster)])
    for a in np.arange(1, 129) / 128:
        assert np.all(np.mean(np.array(least) <= a, axis=0) <= a)


def test_a_metric_alone_has_the_p_of_its_own_swaps():
    """And in company none has a smaller one."""
    swaps = flips(10, 3, 0)
    metrics = [drawn(RANDOM, kind, 10, shift=0.01) for kind in ("low", "half", "ratio")]
    made = together(metrics, swaps)
    for place, series in enumerate(metrics):
        alone = all_estimates(series, swaps)
        expected = np.mean(alone >= alone[0] - 1e-12)
        assert expected == together([series], swaps).p_slower(0)
        assert made.p_slower(place) >= expected


def test_changing_sides_changes_slower_for_faster():
    """The family of mirrored metrics has each p of the other direction."""
    swaps = flips(9, 4, 0)
    metrics = [drawn(RANDOM, kind, 9, shift=0.01) for kind in ("low", "half", "ratio", "low")]
    one, other = together(metrics, swaps), together([series.mirrored() for series in metrics], swaps)
    assert [one.p_slower(n) for n in range(4)] == [other.p_faster(n) for n in range(4)]
    assert [one.p_faster(n) for n in range(4)] == [other.p_slower(n) for n in range(4)]


def test_noisy_metrics_do_not_swamp_a_quiet_one():
    """A p50 slower by 5 % is found among eleven p99 whose noise is a hundred times as large."""
    quiet = drawn(RANDOM, "ratio", 20, shift=0.05, noise=0.01)
    wild = [drawn(RANDOM, "half", 20, noise=1.0) for _ in range(11)]
    made = together([quiet, *wild], flips(20, 12, 1))
    assert made.p_slower(0) <= 0.03
    assert min(made.p_slower(n) for n in range(1, 12)) > 0.03


def test_metrics_that_hang_together_count_as_one():
    """A family of one metric ten times over has the p of that metric."""
    series = drawn(RANDOM, "half", 10, shift=0.02)
    swaps = flips(10, 10, 0)
    assert together([series], swaps).p_slower(0) == together([series] * 10, swaps).p_slower(9)


def test_clean_runs_of_many_metrics_give_few_alarms():
    """Of 300 clean runs of 24 metrics, about 3 % have any p of .03 or less; one by one it would be a third or more."""
    random, swaps = np.random.default_rng(4), flips(8, 24, 0)
    alarms = single = 0
    for _ in range(300):
        made = together([drawn(random, ("low", "half", "ratio")[n % 3], 8) for n in range(24)], swaps)
        alarms += any(made.p_slower(n) <= 0.03 for n in range(24))
        single += min(made.slower) / 256 <= 0.03
    assert alarms <= 0.03 * 300 + 2 * (300 * 0.03 * 0.97) ** 0.5
    assert single > 100


def test_equal_estimates_count_whatever_the_last_digits_say():
    """What differs by less than 1e-12 is as large."""
    assert [2, 2, 3] == ranked(np.array([0.3, 0.1 + 0.2, 0.1])).tolist()
    assert [1, 2, 3] == ranked(np.array([0.3 + 1e-9, 0.3, 0.1])).tolist()


@pytest.mark.parametrize("level", [0.01, 0.03, 0.05, 0.2])
def test_the_critical_count_is_the_last_within_the_level(level):
    """One more and its share is beyond, or no swap of its own has as few; none where a single swap is too much."""
    swaps = flips(8, 5, 0)
    made = together([drawn(RANDOM, "half", 8) for _ in range(5)], swaps)
    count = made.critical(level)
    assert np.mean(made.smallest <= count) <= level
    assert np.mean(made.smallest <= count + 1) > level or count + 1 > level * 256


def test_where_nothing_differs_the_critical_count_is_what_the_level_allows():
    """All estimates equal: 3 % of 256 swaps."""
    series = Series(kind="low", base=(1.0,) * 8, new=(1.0,) * 8)
    made = together([series], flips(8, 1, 0))
    assert 7 == made.critical(0.03)
    assert (1.0, 1.0) == (made.p_slower(0), made.p_faster(0))


def test_shares_of_counts_are_not_lost_to_floats():
    """5 % of 20 are 1 and 29 % of 100 are 29, though 0.29 * 100 is less."""
    assert [1, 29, 30, 51] == [at_most(*of) for of in ((0.05, 20), (0.29, 100), (0.03, 1_000), (0.05, 1_024))]


def test_a_family_has_metrics():
    """It is told in a line."""
    with pytest.raises(ValueError, match="a family without metrics"):
        family([])
