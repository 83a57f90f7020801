from math import inf, isfinite, log1p

import numpy as np
import pytest

from serbench.gate import rule
from serbench.gate.rule import FIRST_PAIRS, SECOND_PAIRS, TOLERANCE, all_clear, decide
from serbench.records.verdict import TIMES, Outcome
from serbench.statistics.swaps import Series

KINDS = {"p10": "low", "p50": "ratio", "p99": "half"}


def run(random, pairs, *, shift=0.0, noise=0.01, cases=2, metrics=TIMES):
    """All metrics of some cases, and their tolerances. Only the first case is slower by the shift, a logarithm."""
    series = {}
    for case in range(cases):
        for metric in metrics:
            base, new = noise * random.standard_exponential((2, pairs)) + [[0.0], [shift * (case == 0)]]
            kind, key = KINDS[metric], (f"case {case}", metric)
            series[key] = Series(
                kind=kind, base=() if kind == "ratio" else tuple(base), new=tuple(new - base * (kind == "ratio"))
            )
    return series, {key: TOLERANCE[key[1]] for key in series}


def outcomes(tested):
    """Of the first case and of the others."""
    own = [{one.outcome for (case, _), one in tested.items() if (case == "case 0") == first} for first in (True, False)]
    return own[0], own[1]


def quiet(kind, change, pairs=20):
    """A metric with hardly any noise; the change is new over base less one."""
    base = [1e-4 * (n * 7 % pairs) for n in range(pairs)]
    new = [log1p(change) + 1e-4 * (n * 3 % pairs) for n in range(pairs)]
    return Series(kind=kind, base=() if kind == "ratio" else tuple(base), new=tuple(new))


@pytest.mark.parametrize("kind", ["low", "half", "ratio"])
@pytest.mark.parametrize(
    ("change", "final", "first"),
    [
        (0.10, Outcome.REGRESSED, Outcome.INCONCLUSIVE),
        (0.03, Outcome.REGRESSED, Outcome.INCONCLUSIVE),
        (0.02, Outcome.SAME, Outcome.SAME),
        (0.0, Outcome.SAME, Outcome.SAME),
        (-0.02, Outcome.SAME, Outcome.SAME),
        (-0.03, Outcome.IMPROVED, Outcome.IMPROVED),
        (-0.10, Outcome.IMPROVED, Outcome.IMPROVED),
    ],
)
def test_a_change_that_is_plain_is_decided_by_the_trip_point(kind, change, final, first):
    """Beyond half the tolerance it is a change, below it none; and the first stage fails nothing."""
    series, tolerances = {"only": quiet(kind, change)}, {"only": 0.05}
    last = decide(series, tolerances, seed=1, first_stage=False)["only"]
    early = decide(series, tolerances, seed=1, first_stage=True)["only"]
    assert (final, first) == (last.outcome, early.outcome)
    assert (change < 0.025) == last.clear == early.clear
    assert change == pytest.approx(last.change, abs=3e-3)
    assert last.interval[0] <= last.change <= last.interval[1]
    assert (change < 0.05, change > -0.0476) == (last.slower_excluded, last.faster_excluded)
    assert 0.025 < last.detectable < 0.03


def test_noise_makes_a_metric_inconclusive():
    """Too much of it to exclude the tolerance: it says how many more pairs that takes, and how little could be seen."""
    random = np.random.default_rng(1)
    tested = decide(*run(random, 20, noise=0.3, metrics=("p50",)), seed=1, first_stage=False)
    assert ({Outcome.INCONCLUSIVE}, {Outcome.INCONCLUSIVE}) == outcomes(tested)
    assert all(one.detectable > 0.1 and one.more_pairs > 20 for one in tested.values())
    assert not all_clear(tested)


def test_pairs_said_to_be_missing_are_about_enough():
    """Where a metric's data come as often again as it says, three in four are decided."""
    random = np.random.default_rng(2)
    series, tolerances = run(random, 20, noise=0.09, cases=8, metrics=("p50",))
    first = decide(series, tolerances, seed=1, first_stage=False)
    missing = {key: one.more_pairs for key, one in first.items() if one.outcome is Outcome.INCONCLUSIVE}
    assert len(missing) >= 4
    decided = 0
    for key, more in missing.items():
        times = -(-more // 20) + 1
        longer = {k: Series(kind=s.kind, base=s.base * times, new=s.new * times) for k, s in series.items()}
        decided += decide(longer, tolerances, seed=1, first_stage=False)[key].outcome is not Outcome.INCONCLUSIVE
    assert decided >= 0.75 * len(missing)


def test_an_estimate_beyond_the_trip_point_waits_for_chance_to_be_ruled_out():
    """It is no regression yet, and as soon as the noise is smaller by as much as more pairs make it, it is one."""
    random = np.random.default_rng(7)
    series = Series(kind="ratio", new=tuple(0.06 + 0.2 * random.standard_normal(20)))
    shift = 0.06 - sum(sorted(series.new)[5:15]) / 10
    series = Series(kind="ratio", new=tuple(x + shift for x in series.new))
    one = decide({0: series}, {0: 0.05}, seed=1, first_stage=False)[0]
    assert one.outcome is Outcome.INCONCLUSIVE
    narrow = (20 / (20 + one.more_pairs)) ** 0.5
    closer = Series(kind="ratio", new=tuple(0.06 + (x - 0.06) * narrow for x in series.new))
    assert Outcome.REGRESSED == decide({0: closer}, {0: 0.05}, seed=1, first_stage=False)[0].outcome


@pytest.mark.parametrize("first_stage", [False, True])
def test_every_row_agrees_with_itself(first_stage):
    """Outcomes are those of the method in its order; what is excluded at 5 % lies outside the interval of 90 %."""
    random, seen = np.random.default_rng(12), set()
    for shift in (-0.1, -0.04, 0.0, 0.04, 0.1):
        series, tolerances = run(random, 20, shift=shift, noise=0.07, cases=4)
        for key, one in decide(series, tolerances, seed=1, first_stage=first_stage).items():
            t = tolerances[key]
            assert (one.interval[1] < t, one.interval[0] > 1 / (1 + t) - 1) == (
                one.slower_excluded,
                one.faster_excluded,
            )
            assert one.clear == (one.slower_excluded and one.change < t / 2)
            if first_stage and not one.clear:
                expected = Outcome.INCONCLUSIVE
            elif one.p_slower <= 0.03 and one.change >= t / 2:
                expected = Outcome.REGRESSED
            elif one.p_faster <= 0.03 and one.change <= 1 / (1 + t / 2) - 1:
                expected = Outcome.IMPROVED
            elif first_stage or (one.slower_excluded and one.faster_excluded):
                expected = Outcome.SAME
            else:
                expected = Outcome.INCONCLUSIVE
            assert expected == one.outcome
            assert (one.more_pairs == 0) == (one.outcome is not Outcome.INCONCLUSIVE)
            seen.add((one.outcome, one.change < -t / 2, one.change < t / 2))
    assert {(Outcome.INCONCLUSIVE, down, up) for down, up in ((False, True), (False, False))} <= seen
    assert (Outcome.INCONCLUSIVE, True, True) in seen or first_stage
    assert (Outcome.SAME, True, True) in seen or not first_stage


def test_an_estimate_near_none_waits_for_both_ends():
    """The farther end decides how many pairs are missing."""
    series, tolerances = run(np.random.default_rng(13), 20, noise=0.09, cases=12, metrics=("p50",))
    waiting = 0
    for one in decide(series, tolerances, seed=1, first_stage=False).values():
        if one.outcome is Outcome.INCONCLUSIVE and abs(one.change) < 0.02:
            centre, low, high = log1p(one.change), log1p(one.interval[0]), log1p(one.interval[1])
            factor = max((high - centre) / (log1p(0.05) - centre), (centre - low) / (log1p(0.05) + centre)) ** 2
            assert one.more_pairs == pytest.approx(20 * factor - 20, abs=1.001)
            waiting += 1
    assert waiting >= 3


def test_a_slowdown_of_ten_per_cent_is_caught_and_nothing_else():
    """In 8 of 8 runs of twelve metrics, all of the slow case whose tolerance it passes and none of the others."""
    random = np.random.default_rng(3)
    for _ in range(8):
        tested = decide(*run(random, 20, shift=log1p(0.1), cases=6, metrics=("p10", "p50")), seed=2, first_stage=False)
        own, others = outcomes(tested)
        assert {Outcome.REGRESSED} == own
        assert Outcome.REGRESSED not in others


def test_identical_code_passes():
    """Of 16 clean runs of twelve metrics in two stages, none fails, and most need no second stage."""
    random, second = np.random.default_rng(4), 0
    for _ in range(16):
        series, tolerances = run(random, SECOND_PAIRS[0], cases=4)
        early = {k: Series(kind=s.kind, base=s.base[:FIRST_PAIRS], new=s.new[:FIRST_PAIRS]) for k, s in series.items()}
        if not all_clear(decide(early, tolerances, seed=1, first_stage=True)):
            second += 1
            last = decide(series, tolerances, seed=1, first_stage=False)
            assert all(one.outcome is not Outcome.REGRESSED for one in last.values())
    assert second < 8


def test_a_slower_tail_alone_is_caught():
    """A p99 of 1.4 times, with p10 and p50 as they were."""
    random = np.random.default_rng(5)
    series, tolerances = run(random, 20, noise=0.02, cases=4)
    key = ("case 0", "p99")
    series[key] = Series(kind="half", base=series[key].base, new=tuple(x + log1p(0.4) for x in series[key].new))
    tested = decide(series, tolerances, seed=1, first_stage=False)
    assert [key] == [own for own, one in tested.items() if one.outcome is Outcome.REGRESSED]


@pytest.mark.parametrize("shift", [0.0, 0.06, 0.3, 2.0])
@pytest.mark.parametrize("noise", [0.0, 0.01, 0.1])
def test_the_first_stage_never_fails(shift, noise):
    """Whatever the pairs say: what is clear is same or improved, what is not is inconclusive."""
    tested = decide(*run(np.random.default_rng(6), 10, shift=shift, noise=noise), seed=1, first_stage=True)
    for one in tested.values():
        assert one.clear == (one.outcome in (Outcome.SAME, Outcome.IMPROVED))
        assert one.clear or one.outcome is Outcome.INCONCLUSIVE
        assert isfinite(one.detectable)


def test_the_first_stage_says_what_the_second_would_catch():
    """About as much as the second says then: ten pairs alone could see no p50 of 45 metrics."""
    random = np.random.default_rng(8)
    series, tolerances = run(random, 20, cases=15)
    early = {k: Series(kind=s.kind, base=s.base[:10], new=s.new[:10]) for k, s in series.items()}
    said = []
    for own, stage in ((early, True), (series, False), (early, False)):
        tested = decide(own, tolerances, seed=1, first_stage=stage)
        said.append([one.detectable for (_, metric), one in tested.items() if metric == "p50"])
    assert np.median(said[1]) == pytest.approx(np.median(said[0]), rel=0.25)
    assert {inf} == set(said[2])


def test_both_stages_miss_about_as_many_pairs():
    """Of 20 metrics, one by one, that are slower but maybe by chance: the middle of what both say, within a fifth."""
    random, ratios = np.random.default_rng(14), []
    while len(ratios) < 20:
        base, new = 0.2 * random.standard_normal((2, 10))
        series = {0: Series(kind="half", base=tuple(base), new=tuple(new))}
        first, last = (decide(series, {0: 0.05}, seed=1, first_stage=stage)[0] for stage in (True, False))
        if last.outcome is Outcome.INCONCLUSIVE and last.change > 0.05:
            ratios.append((10 + first.more_pairs) / (10 + last.more_pairs))
    assert 1 == pytest.approx(np.median(ratios), rel=0.2)


def test_the_numbers_of_the_rule_are_those_of_the_method():
    """Levels, pairs, rounds, samples, tolerances."""
    assert (0.03, 0.05, 0.90) == (rule.P_REGRESSED, rule.EXCLUDE, rule.INTERVAL)
    assert (10, (20, 30), 60, 1_000) == (rule.FIRST_PAIRS, rule.SECOND_PAIRS, rule.ROUNDS, rule.P99_SAMPLES)
    assert {"p10": 0.05, "p50": 0.05, "p99": 0.25} == rule.TOLERANCE


def test_changing_sides_turns_everything_about():
    """Chances, what is excluded, and the ends of the interval."""
    series, tolerances = run(np.random.default_rng(9), 10, shift=0.04, noise=0.04)
    one = decide(series, tolerances, seed=1, first_stage=False)
    other = decide({k: s.mirrored() for k, s in series.items()}, tolerances, seed=1, first_stage=False)
    for key, own in one.items():
        turned = other[key]
        assert (own.p_slower, own.p_faster) == (turned.p_faster, turned.p_slower)
        assert (own.slower_excluded, own.faster_excluded) == (turned.faster_excluded, turned.slower_excluded)
        assert 1 + own.change == pytest.approx(1 / (1 + turned.change))
        assert 1 + own.interval[0] == pytest.approx(1 / (1 + turned.interval[1]))


def test_the_same_seed_decides_the_same():
    """To the last digit, and another seed has other swaps; keys come back in their order."""
    series, tolerances = run(np.random.default_rng(10), 20, noise=0.05)
    made = [decide(series, tolerances, seed=seed, first_stage=False) for seed in (4, 4, 5)]
    assert made[0] == made[1] != made[2]
    assert list(series) == list(made[0])


def test_nothing_is_decided_of_nothing():
    """No metrics, no rows, and nothing that needs another look."""
    assert {} == decide({}, {}, seed=1, first_stage=True)
    assert all_clear({})


def test_what_cannot_be_decided_together_is_refused():
    """Unequal numbers of pairs, no tolerance, a tolerance of nothing."""
    ten, nine = Series(kind="ratio", new=(0.0,) * 10), Series(kind="ratio", new=(0.0,) * 9)
    with pytest.raises(ValueError, match="metrics of 9 and of 10 pairs"):
        decide({1: ten, 2: nine}, {1: 0.05, 2: 0.05}, seed=1, first_stage=True)
    for tolerances in ({}, {1: 0.0}):
        with pytest.raises(ValueError, match="tolerance above 0"):
            decide({1: ten}, tolerances, seed=1, first_stage=True)
