"""Stretches of a long measurement, each decided as a run of the gate would be."""

from __future__ import annotations

from math import log1p

import numpy as np
import pytest

from serbench.gate import rule
from serbench.gate.paired import Key
from serbench.gate.windows import Decided, Rate, decided, rate
from serbench.records.verdict import Outcome
from serbench.statistics.proportions import interval
from serbench.statistics.swaps import Series

KEY, TAIL = Key("a/b/decode", "p50"), Key("a/b/decode", "p99")
PAIRS = rule.SECOND_PAIRS[0]


def ratios(changes):
    """Of new over base, with hardly any noise."""
    return Series(kind="ratio", new=tuple(log1p(change) + 1e-4 * (n * 7 % 5) for n, change in enumerate(changes)))


def at(first, series, *, seed=1, pairs=PAIRS):
    """The stretch that begins there."""
    return decided({KEY: series}, {KEY: 0.05}, first=first, seed=seed, pairs=pairs)


def test_a_clear_first_stage_decides():
    """Ten pairs of no change: the other ten are not looked at, whatever is in them."""
    found = at(0, ratios([0.0] * 10 + [0.5] * 10))
    assert (1, Outcome.SAME) == (found.stage, found.outcome)


def test_what_is_not_clear_is_decided_on_all_pairs():
    """A slowdown from the first pair on regresses, and only in the second stage."""
    found = at(0, ratios([0.1] * 20))
    assert (2, Outcome.REGRESSED) == (found.stage, found.outcome)
    assert found.regressed(("p50",))
    assert not found.regressed(("p10", "p99"))


def test_all_metrics_go_on_together():
    """One that is not clear takes the others to the second stage."""
    series = {KEY: ratios([0.0] * 20), TAIL: ratios([0.6] * 20)}
    found = decided(series, {KEY: 0.05, TAIL: 0.25}, first=0, seed=1, pairs=PAIRS)
    assert 2 == found.stage
    assert {KEY: Outcome.SAME, TAIL: Outcome.REGRESSED} == {key: one.outcome for key, one in found.tested.items()}
    assert (Outcome.REGRESSED, True, False) == (found.outcome, found.regressed(("p99",)), found.regressed(("p50",)))


def test_a_stretch_is_so_many_pairs_from_its_first():
    """What lies before and after it is none of its own; of both sides the same pairs."""
    random = np.random.default_rng(4)
    base, new = 0.05 * random.standard_normal((2, 28)) + [[0.0], [0.06]]
    for kind, one in (("half", tuple(base)), ("ratio", ())):
        series = Series(kind=kind, base=one, new=tuple(new))
        cut = Series(kind=kind, base=one[4:24], new=tuple(new)[4:24])
        alone = rule.decide({KEY: cut}, {KEY: 0.05}, seed=1, first_stage=False)
        assert (2, alone) == (at(4, series).stage, at(4, series).tested)
        assert alone != at(0, series).tested


def test_the_first_stage_is_the_first_ten_pairs():
    """Decided as a first stage is: what it says is kept where it is clear."""
    random = np.random.default_rng(4)
    series = Series(kind="ratio", new=tuple(0.05 * random.standard_normal(28) - 0.025))
    cut = Series(kind="ratio", new=series.new[3:13])
    found = at(3, series)
    assert found.tested != rule.decide({KEY: cut}, {KEY: 0.05}, seed=1, first_stage=False)
    assert (1, rule.decide({KEY: cut}, {KEY: 0.05}, seed=1, first_stage=True)) == (found.stage, found.tested)


def test_a_stretch_may_have_thirty_pairs():
    """As many as are asked for, in the second stage."""
    random = np.random.default_rng(3)
    series = Series(kind="ratio", new=tuple(0.04 + 0.03 * random.standard_normal(30)))
    whole = rule.decide({KEY: series}, {KEY: 0.05}, seed=7, first_stage=False)
    assert whole == at(0, series, seed=7, pairs=30).tested
    assert whole != at(0, series, seed=7, pairs=20).tested


def test_the_seed_is_that_of_the_swaps():
    """Other swaps are drawn of twenty pairs."""
    random = np.random.default_rng(3)
    series = Series(kind="ratio", new=tuple(0.03 + 0.05 * random.standard_normal(20)))
    assert at(0, series, seed=1).tested == at(0, series, seed=1).tested
    assert at(0, series, seed=1).tested != at(0, series, seed=2).tested


def test_the_worst_metric_is_the_outcome():
    """Better in one and as before in the other is as before; nothing tested is nothing found."""
    assert Outcome.SAME == Decided(tested={}, stage=1).outcome
    series = {KEY: ratios([-0.3] * 10), TAIL: ratios([0.0] * 10)}
    found = decided(series, {KEY: 0.05, TAIL: 0.25}, first=0, seed=1, pairs=PAIRS)
    assert (1, Outcome.SAME) == (found.stage, found.outcome)


def test_rates_count_stretches():
    """Of all of them; that only some are independent widens the interval and moves nothing."""
    found = [at(0, ratios([change] * 20)) for change in (0.1, 0.0, 0.1, 0.1)]
    seen = rate(found, lambda one: one.regressed(("p50",)), independent=2)
    assert (3, 4, 2, 0.75) == (seen.hits, seen.of, seen.independent, seen.share)
    none = rate(found, lambda _: False, independent=2)
    assert (0, 0.0) == (none.hits, none.share)


@pytest.mark.parametrize(
    ("made", "like"),
    [
        (Rate(hits=8, of=16, independent=4), (2, 4)),
        (Rate(hits=16, of=16, independent=1), (1, 1)),
        (Rate(hits=0, of=11, independent=2), (0, 2)),
        (Rate(hits=0, of=0, independent=0), (0, 0)),
    ],
)
def test_the_interval_is_that_of_the_independent_ones(made, like):
    """Overlapping stretches are no more evidence: the same share of those that have no pair in common."""
    assert interval(*like) == made.ends


def test_no_stretches_have_no_share():
    """Nothing of nothing."""
    assert 0.0 == Rate(hits=0, of=0, independent=0).share
