from dataclasses import replace

import pytest

import fakes
from serbench.compare.build import compare
from serbench.compare.pairs import halves, p99_ratio, pairs, typical_ratio
from serbench.compare.parts import Verdict
from serbench.records.run import Pairing
from serbench.statistics.estimates import Missing

CASE = fakes.case("json")


def worker(batches, *, pair=0, calls=1_000, ns=1_000):
    """A worker of these batch means, all of whose single calls take as long."""
    return fakes.worker([ns] * calls, batches, pair=pair)


def half(side, workers, **changes):
    """A run of one case that is one side of a measurement in pairs."""
    pairing = Pairing(id="p", side=side, asked=side, pairs=len(workers), rounds=3)
    return fakes.run([fakes.measured(CASE, tuple(workers))], **{"pairing": pairing} | changes)


def drifting(factors, ns=1_000.0):
    """Two halves on a machine that gets slower by a half with each pair; new takes so many times as long."""
    times = [ns * 1.5**n for n in range(len(factors))]
    base = [worker([time] * 3, pair=n) for n, time in enumerate(times)]
    new = [worker([time * f] * 3, pair=n) for n, (time, f) in enumerate(zip(times, factors, strict=True))]
    return half("base", base), half("new", new)


def changed(base, new):
    """The change of their one case."""
    (change,) = compare(base, new).changes
    return change


def test_what_the_machine_did_to_both_halves_falls_out():
    """Two per cent show in pairs whose own times are far from each other; the same runs by themselves show nothing."""
    base, new = drifting([1.02, 1.021, 1.019, 1.02, 1.02, 1.022, 1.018, 1.02])
    change = changed(base, new)
    assert (Verdict.SLOWER, 8) == (change.verdict, change.pairs)
    assert (1.02, 1.018, 1.022) == pytest.approx(
        tuple(getattr(change.typical_ratio, n) for n in ("value", "low", "high"))
    )
    alone = changed(replace(base, pairing=None), replace(new, pairing=None))
    assert (Verdict.WITHIN_NOISE, 0) == (alone.verdict, alone.pairs)


@pytest.mark.parametrize(
    ("factors", "expected"),
    [
        ([1.1] * 8, Verdict.SLOWER),
        ([0.9] * 8, Verdict.FASTER),
        ([1.1] * 7 + [0.99], Verdict.WITHIN_NOISE),
        ([1.1] * 7 + [1.0], Verdict.WITHIN_NOISE),
        ([1.1] * 12 + [0.99], Verdict.SLOWER),
        ([1.1] * 7, Verdict.NOT_COMPARABLE),
        ([1.1] * 6 + [0.9], Verdict.WITHIN_NOISE),
        ([1.1], Verdict.NOT_COMPARABLE),
    ],
)
def test_a_change_is_what_the_interval_of_the_pairs_leaves_no_doubt_of(factors, expected):
    """Eight pairs have an interval of 99 %: all of them; of thirteen one may differ. Fewer prove nothing."""
    assert expected == changed(*drifting(factors)).verdict


def test_few_pairs_say_how_many_it_takes():
    """With the ratio and its range."""
    change = changed(*drifting([1.1, 1.2, 1.3]))
    assert "3 pairs; to tell a change from noise it takes 8" == change.reason
    assert ("range", 0.0) == (change.typical_ratio.basis, change.typical_ratio.coverage)
    assert changed(*drifting([1.1])).reason.startswith("1 pair; ")


def test_coverage_is_that_of_99_per_cent_or_more():
    """The exact one stands with the interval."""
    assert 1 - 2 / 2**8 == changed(*drifting([1.1] * 8)).typical_ratio.coverage
    assert 1 - 2 * 14 / 2**13 == changed(*drifting([1.1] * 13)).typical_ratio.coverage


def test_within_a_pair_it_is_the_middle_round_that_counts():
    """Each block of new over the block of base beside it; of unlike halves the quotient of the middles."""
    base, new = worker([100.0, 200.0, 400.0]), worker([110.0, 400.0, 440.0])
    assert 1.1 == pytest.approx(typical_ratio([(base, new)]).value)
    assert 4.0 == typical_ratio([(base, worker([800.0]))]).value


def test_a_pair_is_two_workers_of_one_number():
    """Those without the other half, or without a batch, are none."""
    base = fakes.measured(CASE, tuple(worker([1.0], pair=n) for n in (0, 1, 2)))
    new = fakes.measured(
        CASE, (worker([2.0], pair=2), worker([3.0], pair=0), worker([], pair=1), worker([4.0], pair=9))
    )
    assert [(0, 0), (2, 2)] == [(one.pair, other.pair) for one, other in pairs(base, new)]
    assert [3.0, 2.0] == [other.ns_per_call[0] for _, other in pairs(base, new)]


def test_p99_is_by_pairs_where_every_worker_has_earned_its_own():
    """A thousand calls each; else it is missing, and says what it takes."""
    found = [(worker([1.0], ns=1_000), worker([1.0], ns=1_000 * n)) for n in (1, 2, 3)]
    assert 2.0 == pytest.approx(p99_ratio(found).value, rel=1e-3)
    few = [*found, (worker([1.0]), worker([1.0], calls=999))]
    assert Missing(short="too few calls", reason="a worker has 999 calls and p99 takes 1,000") == p99_ratio(few)


def test_a_clock_that_stood_still_gives_no_ratio():
    """In either half: nothing is divided by it."""
    assert "no time" == typical_ratio([(worker([0.0]), worker([1.0]))]).short
    assert "no time" == typical_ratio([(worker([1.0]), worker([0.0]))]).short
    assert "no time" == p99_ratio([(worker([1.0], ns=0), worker([1.0]))]).short


def test_halves_of_another_sampler_are_no_pairs():
    """What is not the same thing measured twice has no ratio, in pairs or not."""
    base, new = drifting([1.1] * 8)
    change = changed(base, replace(new, environment=replace(new.environment, sampler="native")))
    assert (Verdict.NOT_COMPARABLE, 0) == (change.verdict, change.pairs)


def test_swapped_halves_have_the_ratio_the_other_way_round():
    """They are pairs all the same."""
    base, new = drifting([1.25] * 8)
    assert (Verdict.FASTER, 0.8) == (changed(new, base).verdict, pytest.approx(changed(new, base).typical_ratio.value))


def test_one_half_is_no_pair_with_itself():
    """Both have the same side: what is held against itself was not measured in turns with it."""
    base, new = drifting([1.1] * 8)
    assert (True, True, False, False) == (halves(base, new), halves(new, base), halves(base, base), halves(new, new))
    assert 0 == changed(base, base).pairs


def test_p99_of_halves_is_by_their_pairs_too():
    """Each pair's own, however far pairs are from each other."""
    times = [2_000 * (n + 1) for n in range(8)]
    base = half("base", [worker([t], pair=n, ns=t) for n, t in enumerate(times)])
    new = half("new", [worker([t], pair=n, ns=2 * t) for n, t in enumerate(times)])
    ratio = changed(base, new).p99_ratio
    assert (2.0, 2.0, 2.0) == pytest.approx((ratio.value, ratio.low, ratio.high), rel=1e-3)
