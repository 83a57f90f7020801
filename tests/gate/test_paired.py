"""From two halves to logarithms: every number by hand, and every reason for which a time is not decided."""

from __future__ import annotations

from dataclasses import replace
from math import log

import pytest

import fakes
from serbench.gate.paired import Key, paired, refusal
from serbench.gate.rule import FIRST_PAIRS, P99_SAMPLES, ROUNDS
from serbench.records.cases import Caution
from serbench.records.run import Pairing
from serbench.records.verdict import TIMES, Outcome

CASE, OTHER = fakes.case("json"), fakes.case("orjson")
LOW_FLOOR = replace(fakes.FLOOR, ns_per_call=10.0, clock_step_ns=1.0)
HIGH_FLOOR = replace(fakes.FLOOR, ns_per_call=500.0)
BLOCKS = tuple(1_000.0 if n % 2 else 4_000.0 for n in range(ROUNDS))
MEANS = tuple(10.0 * (n * 7 % ROUNDS + 1) for n in range(ROUNDS))


def worker(pair, *, more=0, calls=1_000, blocks=BLOCKS, means=(1_000.0,) * ROUNDS, floor=LOW_FLOOR):
    """Its calls take 501 ns and as many more as its pair's number, 502 and so on up to 1,500: below 2,048 ns exact."""
    samples = [501 + n * 1_000 // calls + pair + more for n in range(calls)]
    made = fakes.worker(samples, means, pair=pair, floor=floor)
    return replace(made, block_medians=tuple(blocks))


def workers(pairs=FIRST_PAIRS, **said):
    """One of each pair."""
    return [worker(pair, **said) for pair in range(pairs)]


def half(side, of, **changes):
    """A run of these workers by case, as one half."""
    pairing = Pairing(id="p", side=side, asked=side, pairs=FIRST_PAIRS, rounds=ROUNDS)
    return fakes.run([fakes.measured(case, tuple(own)) for case, own in of.items()], **({"pairing": pairing} | changes))


def halves(base=None, new=None):
    """Both halves of one case."""
    return half("base", {CASE: base or workers()}), half("new", {CASE: new or workers()})


def found(base, new, cases=(CASE,), metrics=TIMES):
    """What these two runs say."""
    return paired(base, new, [case.id for case in cases], metrics)


def causes(made):
    """Of what was refused, by metric; nothing else is there."""
    assert {} == made.series == made.values
    assert {Outcome.NOT_COMPARABLE} == {row.outcome for row in made.refused}
    return {row.metric: row.cause for row in made.refused}


def test_low_and_high_percentiles_are_those_of_the_histograms():
    """Logarithms of the 100th and of the 990th of a thousand calls, worker by worker, in the order of pairs."""
    made = found(*halves(new=workers(more=100)))
    low, high = made.series[Key(CASE.id, "p10")], made.series[Key(CASE.id, "p99")]
    assert ("low", "half") == (low.kind, high.kind)
    assert tuple(log(600 + pair) for pair in range(10)) == low.base
    assert tuple(log(700 + pair) for pair in range(10)) == low.new
    assert tuple(log(1_490 + pair) for pair in range(10)) == high.base
    assert tuple(log(1_590 + pair) for pair in range(10)) == high.new


def test_the_median_is_of_ratios_of_the_same_round():
    """Rounds that are slow on one side only, 29 of 60, do not move it; nor does the histogram."""
    now = [block * (3 if n < 29 else 1.1) for n, block in enumerate(BLOCKS)]
    series = found(*halves(new=workers(more=100, blocks=now))).series[Key(CASE.id, "p50")]
    assert ("ratio", ()) == (series.kind, series.base)
    assert pytest.approx([log(1.1)] * 10) == series.new


def test_shown_values_are_the_middle_worker_of_each_side():
    """For the reader: the metric in ns, and all single calls of both sides."""
    values = found(*halves(new=workers(more=100, calls=2_000))).values
    shown = {metric: (values[Key(CASE.id, metric)].base, values[Key(CASE.id, metric)].new) for metric in TIMES}
    assert {"p10": (604.5, 704.5), "p50": (1_004.5, 1_104.5), "p99": (1_494.5, 1_594.5)} == shown
    assert {((10_000, 20_000), False)} == {(one.calls, one.batch) for one in values.values()}


def test_calls_too_short_for_single_readings_are_read_from_batches():
    """Of 60 means the 6th and the 30th, and ratios of the same batch; a tail is not claimed."""
    short = {"floor": HIGH_FLOOR, "means": MEANS}
    base = workers(**short)
    new = [replace(one, ns_per_call=tuple(2 * mean for mean in MEANS), batch_calls=9_000) for one in base]
    made = found(*halves(base, new))
    assert {Key(CASE.id, "p10"), Key(CASE.id, "p50")} == set(made.series) == set(made.values)
    low, middle = made.series[Key(CASE.id, "p10")], made.series[Key(CASE.id, "p50")]
    assert ((log(60),) * 10, (log(120),) * 10) == (low.base, low.new)
    assert pytest.approx([log(2)] * 10) == middle.new
    shown = [(one.base, one.new, one.calls, one.batch) for one in made.values.values()]
    assert [(60, 120, (60_000, 90_000), True), (300, 600, (60_000, 90_000), True)] == shown
    (row,) = made.refused
    assert ("p99", "unearned") == (row.metric, row.cause)
    assert "shorter than 20 floors" in row.reason


def test_whether_calls_are_too_short_is_told_by_base():
    """Both sides are read in one way, whatever the other one is."""
    slow = {"floor": HIGH_FLOOR}
    assert {True} == {one.batch for one in found(*halves(base=workers(**slow))).values.values()}
    assert {False} == {one.batch for one in found(*halves(new=workers(**slow))).values.values()}


def test_a_clock_that_stands_still_reads_a_nanosecond():
    """Nothing has no logarithm; a round that reads nothing on both sides changed nothing."""
    floor = replace(fakes.FLOOR, ns_per_call=0.0, clock_step_ns=0.0)
    still = [
        replace(fakes.worker([0] * 1_000, [1_000.0] * ROUNDS, pair=pair, floor=floor), block_medians=(0.0,) * ROUNDS)
        for pair in range(10)
    ]
    made = found(*halves(still, still))
    assert {(0.0,) * 10} == {series.new for series in made.series.values()}
    assert (0.0,) * 10 == made.series[Key(CASE.id, "p10")].base


def test_a_tail_takes_a_thousand_calls_of_every_worker():
    """One worker with a call too few, on either side, and there is no p99; the others are there."""
    assert Key(CASE.id, "p99") in found(*halves(workers(calls=P99_SAMPLES))).series
    few = [*workers(9), worker(9, calls=P99_SAMPLES - 1)]
    for both in (halves(base=few), halves(new=few)):
        made = found(*both)
        assert ["p10", "p50"] == [key.metric for key in made.series]
        (row,) = made.refused
        assert ("p99", "unearned") == (row.metric, row.cause)
        assert "a worker has 999 calls and p99 takes 1,000" in row.reason


def test_only_what_is_wanted_is_there():
    """What needs no clock is passed over; where no time is wanted there are no pairs to look at."""
    made = found(*halves(), metrics=("p99", "correctness", "p10"))
    assert ["p10", "p99"] == [key.metric for key in made.series]
    nothing = found(*halves(), metrics=("correctness", "encoded_bytes"))
    assert ({}, [], 0, 0) == (nothing.series, nothing.refused, nothing.pairs, nothing.rounds)


@pytest.mark.parametrize(
    "changes",
    [
        {"pairing": None},
        {"pairing": Pairing(id="other", side="new", asked="new", pairs=10, rounds=60)},
        {"pairing": Pairing(id="p", side="base", asked="new", pairs=10, rounds=60)},
    ],
)
def test_runs_that_are_no_halves_have_no_pairs(changes):
    """Runs of their own, of two measurements, or the same half twice: each metric says so and what would measure it."""
    base, _ = halves()
    for both in (
        (base, half("new", {CASE: workers()}, **changes)),
        (half("base", {CASE: workers()}, pairing=None),) * 2,
    ):
        made = found(*both)
        assert dict.fromkeys(TIMES, "no pairs") == causes(made)
        assert (0, 0) == (made.pairs, made.rounds)
        assert all("serbench gate --base SIDE --new SIDE" in row.reason for row in made.refused)


def test_halves_the_wrong_way_round_are_no_pairs():
    """What is faster must not look slower."""
    base, new = halves()
    assert {"no pairs"} == set(causes(found(new, base)).values())


def test_two_samplers_cannot_be_held_against_each_other():
    """One of them is slower than the other."""
    base, new = halves()
    new = replace(new, environment=replace(new.environment, sampler="native"))
    made = found(base, new)
    assert dict.fromkeys(TIMES, "other sampler") == causes(made)
    assert "python in base, native in new" in made.refused[0].reason


def test_ten_pairs_are_the_least():
    """Nine say so, and how many there should be."""
    made = found(*halves(workers(9), workers(9)))
    assert {"few pairs"} == set(causes(made).values())
    assert "9 of 10 pairs" in made.refused[0].reason
    assert 9 == made.pairs


def test_a_pair_is_whole_or_none():
    """Workers are matched by their pair's number; one whose other half is missing does not count."""
    base, new = workers(12), workers(12, more=100)
    made = found(*halves(base[1:], [new[0], *reversed(new[2:])]))
    assert 10 == made.pairs
    low = made.series[Key(CASE.id, "p10")]
    assert tuple(log(600 + pair) for pair in range(2, 12)) == low.base
    assert tuple(log(700 + pair) for pair in range(2, 12)) == low.new
    assert {"few pairs"} == set(causes(found(*halves(base[1:10], new[:10]))).values())


def test_a_case_with_fewer_pairs_than_others_is_refused_alone():
    """All that is decided together has the same pairs."""
    both = [half(side, {CASE: workers(12), OTHER: workers(11)}) for side in ("base", "new")]
    made = found(*both, cases=(OTHER, CASE))
    assert {CASE.id} == {key.case_id for key in made.series}
    assert [(OTHER.id, metric, "few pairs") for metric in TIMES] == [
        (row.case_id, row.metric, row.cause) for row in made.refused
    ]
    assert "11 of 12 pairs" in made.refused[0].reason
    assert (12, ROUNDS) == (made.pairs, made.rounds)


def test_only_cases_that_are_asked_for_are_looked_at():
    """Others may have as many pairs as they like."""
    both = [half(side, {CASE: workers(12), OTHER: workers(11)}) for side in ("base", "new")]
    made = found(*both, cases=(OTHER,))
    assert (11, [], 3) == (made.pairs, made.refused, len(made.series))


def test_sixty_rounds_are_the_least():
    """A worker with fewer, on either side, or halves of which one has more than the other."""
    few = [*workers(9), worker(9, blocks=BLOCKS[1:])]
    more = [*workers(9), worker(9, blocks=(*BLOCKS, 1_000.0))]
    for both in (halves(base=few), halves(new=few), halves(few, few)):
        made = found(*both)
        assert {"few rounds"} == set(causes(made).values())
        assert "a pair has 59 rounds and needs 60" in made.refused[0].reason
        assert 59 == made.rounds
    assert {"few rounds"} == set(causes(found(*halves(new=more))).values())
    assert 3 == len(found(*halves(more, more)).series)


@pytest.mark.parametrize("side", ["base", "new"])
def test_fewer_instances_are_other_work(side):
    """A worker that had no time to encode them all rotated over others; any other caution is none of the gate's."""
    both = dict(zip(("base", "new"), halves(), strict=True))
    for name, expected in (("fewer-instances", {"other instances"}), ("warm-up-capped", set())):
        (measurement,) = both[side].measurements
        warned = replace(measurement, warnings=(Caution(name=name, text="so it is"),))
        runs = both | {side: replace(both[side], measurements=(warned,))}
        made = found(runs["base"], runs["new"])
        assert expected == {row.cause for row in made.refused}
        assert all(row.reason.startswith(f"{side} had no time") for row in made.refused)


def test_a_refusal_has_no_number():
    """It is not comparable, and says why."""
    row = refusal("a", "p50", "few pairs", "there are 3")
    assert ("a", "p50", Outcome.NOT_COMPARABLE, "few pairs", "there are 3") == (
        row.case_id,
        row.metric,
        row.outcome,
        row.cause,
        row.reason,
    )
    assert (None, None, None) == (row.base, row.new, row.change)


def test_a_pair_that_comes_again_is_one():
    """Ten workers of one number are one pair, and too few."""
    again = [worker(0) for _ in range(10)]
    assert {"few pairs"} == set(causes(found(*halves(base=again))).values())


@pytest.mark.parametrize("means", [(), (1_000.0,) * 59])
def test_batches_are_as_many_as_rounds(means):
    """A run may be read and still be no half of a pair."""
    odd = [replace(one, ns_per_call=means) for one in workers(10)]
    assert {"few rounds"} == set(causes(found(*halves(new=odd))).values())


def test_halves_that_are_swapped_are_told_so():
    """They were measured in pairs, and what is base is new."""
    base, new = halves()
    made = found(new, base)
    assert {"no pairs"} == set(causes(made).values())
    assert all(row.reason.startswith("the halves of one gate are swapped: ") for row in made.refused)
