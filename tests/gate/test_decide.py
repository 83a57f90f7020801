"""Two runs become a verdict: what is exact first, then all times together, under the number of pairs that there is."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import numpy as np
import pytest

import fakes
import two_sides
from serbench.gate import decide, rule
from serbench.policy.judge import judge, tolerance_of
from serbench.policy.parts import METRICS, Policy
from serbench.records.cases import Caution, Status
from serbench.records.passes import EncodedBytes
from serbench.records.run import Pairing
from serbench.records.verdict import TIMES, Outcome, Row
from serbench.statistics.swaps import Series
from two_sides import CHAT, DECODE, ENCODE

POLICY = Policy()
SLOWER = [1.10 + 0.001 * (k % 3) for k in range(30)]
AS_BEFORE = [1.0 + 0.001 * (k % 3) for k in range(30)]


def tolerances(case_id, metric):
    """The policy's defaults."""
    return tolerance_of(POLICY, case_id, metric)


def judged(rows):
    """What an empty policy makes of rows."""
    return judge(POLICY, rows, today=None)


def verdict(base, new, *, metrics=METRICS, seed=1, judge=judged):
    """Of two runs."""
    return decide.verdict(base, new, tolerances=tolerances, metrics=metrics, judge=judge, seed=seed)


def times(changes, *, metrics=TIMES, seed=1, **said):
    """What is decided by time about all cases."""
    base, new = two_sides.runs(changes, **said)
    ids = [case.id for case in changes]
    return decide.times(base, new, ids, tolerances=tolerances, metrics=metrics, seed=seed)


def outcomes(rows):
    """By case and metric."""
    return {(row.case_id, row.metric): row.outcome for row in rows}


def noisy(pairs, sigma=0.3):
    """Changes that are noise."""
    return [exp(sigma * x) for x in np.random.default_rng(5).normal(size=pairs)]


def test_what_is_exact_comes_with_what_takes_a_clock():
    """A row for each metric of each case, both kinds in one verdict, and what it was made of."""
    base, new = two_sides.runs({DECODE: AS_BEFORE[:20], CHAT: AS_BEFORE[:20]})
    found = verdict(base, new)
    metrics = ("correctness", "encoded_bytes", *TIMES)
    assert {(case.id, metric): Outcome.SAME for case in (DECODE, CHAT) for metric in metrics} == outcomes(found.rows)
    assert [c.id for c in (DECODE, CHAT) for _ in range(2)] == [row.case_id for row in found.rows[:4]]
    assert (base, new) == found.runs
    assert ("saved", base.started, base.serbench) == (found.mode, found.started, found.serbench)
    assert (2, 20, two_sides.ROUNDS) == (found.stage, found.pairs, found.rounds)
    assert 0 == found.exit_code


@pytest.mark.parametrize(("pairs", "stage", "expected"), [(19, 1, Outcome.INCONCLUSIVE), (20, 2, Outcome.REGRESSED)])
def test_twenty_pairs_decide_and_fewer_never_fail(pairs, stage, expected):
    """However plain a slowdown is: before the twentieth pair it is inconclusive and not clear, and the build passes."""
    found = times({DECODE: SLOWER[:pairs]})
    assert dict.fromkeys(((DECODE.id, metric) for metric in ("p10", "p50")), expected) == outcomes(
        row for row in found.rows if row.metric != "p99"
    )
    assert (stage, pairs, False) == (found.stage, found.pairs, found.clear)
    base, new = two_sides.runs({DECODE: SLOWER[:pairs]})
    assert (pairs >= 20) == verdict(base, new).exit_code


@pytest.mark.parametrize("pairs", [10, 12, 19, 20, 30])
def test_no_first_stage_regresses(pairs):
    """Ten pairs to nineteen: one slow case and one that is not; only later is the slow one failed."""
    found = times({DECODE: SLOWER[:pairs], ENCODE: AS_BEFORE[:pairs]})
    regressed = {row.case_id for row in found.rows if row.outcome is Outcome.REGRESSED}
    assert (set() if pairs < 20 else {DECODE.id}) == regressed
    assert (1 if pairs < 20 else 2) == found.stage


def test_ten_clear_pairs_are_enough():
    """Where nothing has changed and the machine is quiet."""
    found = times({DECODE: AS_BEFORE[:10]})
    assert (True, 1, 10, two_sides.ROUNDS, 1_024) == (
        found.clear,
        found.stage,
        found.pairs,
        found.rounds,
        found.swaps,
    )
    assert {Outcome.SAME} == {row.outcome for row in found.rows}


def test_an_improvement_is_told_at_once():
    """It fails nothing, so the first pairs may tell it."""
    found = times({DECODE: [1 / change for change in SLOWER[:10]]})
    assert Outcome.IMPROVED == outcomes(found.rows)[DECODE.id, "p50"]
    assert found.clear


def test_nothing_to_decide_has_no_stage():
    """No time asked for, or none that was measured in pairs: no swaps, and nothing that needs another look."""
    base, new = two_sides.runs({DECODE: AS_BEFORE[:10]})
    asked = {"tolerances": tolerances, "seed": 1}
    assert decide.Times() == decide.times(base, new, [DECODE.id], metrics=("encoded_bytes", "correctness"), **asked)
    alone = decide.times(replace(base, pairing=None), new, [DECODE.id], metrics=TIMES, **asked)
    assert {"no pairs"} == {row.cause for row in alone.rows}
    assert (0, 0, 0, True) == (alone.stage, alone.pairs, alone.swaps, alone.clear)


def test_rows_carry_what_was_tested():
    """Values, estimate, tests, tolerance, pairs and calls: of p10 from what was put in."""
    found = {row.metric: row for row in times({DECODE: SLOWER[:20]}).rows}
    low, tail = found["p10"], found["p99"]
    assert (0.05, 0.25) == (low.tolerance, tail.tolerance)
    assert 0.1 == pytest.approx(low.change, abs=0.005)
    assert low.interval[0] <= low.change <= low.interval[1]
    assert 0.1 == pytest.approx(low.new / low.base - 1, abs=0.02)
    assert low.p_slower <= 0.03
    assert low.p_faster > 0.9
    assert 0.025 <= low.detectable < 0.1
    calls = 20 * two_sides.ROUNDS * two_sides.CALLS
    assert {(20, (calls, calls), False, "")} == {
        (row.pairs, row.calls, row.batch, row.reason) for row in found.values()
    }


def test_short_calls_are_told_as_batches():
    """The same change, read otherwise, and a tail that is not comparable."""
    found = {row.metric: row for row in times({DECODE: SLOWER[:20]}, ns=500).rows}
    assert (True, 500.0) == (found["p50"].batch, found["p50"].base)
    assert Outcome.REGRESSED == found["p50"].outcome
    assert (Outcome.NOT_COMPARABLE, "unearned") == (found["p99"].outcome, found["p99"].cause)


def test_what_is_open_says_what_would_help():
    """In the first stage the pairs that decide; later how many more, or that the machine is too noisy to say."""
    early = {row.reason for row in times({DECODE: noisy(12)}, metrics=("p50",)).rows}
    assert {"12 pairs leave it open, and 20 decide; give a longer --budget"} == early
    (late,) = times({DECODE: noisy(20)}, metrics=("p50",)).rows
    assert Outcome.INCONCLUSIVE == late.outcome
    number = int(late.reason.split()[1])
    assert number > 20
    assert f"about {number} more pairs would tell, if it stays as it is; quieten the machine" in late.reason
    assert "" == times({DECODE: AS_BEFORE[:20]}, metrics=("p50",)).rows[0].reason


def test_what_cannot_be_told_is_not_guessed():
    """No number of pairs where none is known."""
    tested = rule.decide(
        {"x": Series(kind="ratio", new=tuple(np.log(noisy(20))))}, {"x": 0.05}, seed=1, first_stage=False
    )["x"]
    assert "too noisy to say" in decide._reason(replace(tested, more_pairs=None), 20)
    assert "about 7 more pairs" in decide._reason(replace(tested, more_pairs=7), 20)
    assert "" == decide._reason(replace(tested, more_pairs=7, outcome=Outcome.SAME), 10)


def test_seed_and_swaps_are_in_the_verdict():
    """Whoever has them makes the same tests: all swaps of twelve pairs, drawn ones of twenty."""
    for pairs, swaps in ((10, 1_024), (12, 4_096), (20, 4_096)):
        base, new = two_sides.runs({DECODE: noisy(pairs, 0.05)})
        found = verdict(base, new, seed=11)
        assert (11, swaps, pairs) == (found.seed, found.swaps, found.pairs)
    base, new = two_sides.runs({DECODE: noisy(20, 0.05)})
    assert verdict(base, new, seed=11).rows == verdict(base, new, seed=11).rows
    assert verdict(base, new, seed=11).rows != verdict(base, new, seed=12).rows


def test_codecs_are_held_against_each_other_inside_each_side():
    """For information, where two of them do the same with the same payload."""
    other = fakes.case("json")
    base, new = two_sides.runs({DECODE: SLOWER[:10], other: AS_BEFORE[:10]})
    (ratio,) = verdict(base, new).ratios
    assert (DECODE.id, other.id) == (ratio.case_id, ratio.over)
    assert (1.0, 1.1) == pytest.approx((ratio.base, ratio.new), abs=0.005)


def test_only_metrics_that_are_gated_have_rows():
    """Of either kind."""
    base, new = two_sides.runs({DECODE: AS_BEFORE[:20]})
    found = verdict(base, new, metrics=("p50", "encoded_bytes"))
    assert ["encoded_bytes", "p50"] == [row.metric for row in found.rows]
    only = verdict(base, new, metrics=("correctness",))
    assert ["correctness"] == [row.metric for row in only.rows]
    assert (0, 0, 0, 0) == (only.stage, only.pairs, only.rounds, only.swaps)


def test_a_case_that_cannot_be_compared_has_no_time():
    """It has one row, which fails; the other case is decided."""
    base, new = two_sides.runs({DECODE: AS_BEFORE[:20], CHAT: AS_BEFORE[:20]})
    kept = [m for m in new.measurements if m.case != CHAT]
    new = replace(new, measurements=(*kept, fakes.unmeasured(CHAT, Status.FAILED, "killed by SIGSEGV")))
    found = verdict(base, new)
    (row,) = [row for row in found.rows if row.case_id == CHAT.id]
    assert (row, "correctness", "failed") == (found.rows[0], row.metric, row.cause)
    assert {"p10", "p50", "p99"} <= {row.metric for row in found.rows if row.case_id == DECODE.id}
    assert 4 == found.exit_code


def test_larger_messages_fail_whatever_the_clock_says():
    """Exact rows are judged as the others are."""
    base, new = two_sides.runs({ENCODE: AS_BEFORE[:10]})
    (m,) = new.measurements
    new = replace(
        new, measurements=(replace(m, encoded_bytes=EncodedBytes(mean=1_001, median=1_001, min=900, max=1_200)),)
    )
    found = verdict(base, new)
    assert ("encoded_bytes", Outcome.REGRESSED) == (found.rows[0].metric, found.rows[0].outcome)
    assert 1 == found.exit_code


def test_the_policy_sees_every_row_once():
    """Exact ones and times in one go, and its rows are the verdict's."""
    seen = []

    def warns(rows):
        seen.append([row.metric for row in rows])
        return [replace(row, severity="warn") for row in rows]

    base, new = two_sides.runs({DECODE: SLOWER[:20]})
    found = verdict(base, new, judge=warns)
    assert [["correctness", "encoded_bytes", *TIMES]] == seen
    assert {"warn"} == {row.severity for row in found.rows}
    assert (Outcome.REGRESSED, 0) == (found.rows[0].outcome, found.exit_code)


def test_the_worst_comes_first():
    """What fails before what only warns, and else in the order in which it came."""

    def row(n, outcome, severity="fail"):
        return Row(case_id=str(n), metric="p50", outcome=outcome, severity=severity)

    mixed = [
        row(1, Outcome.IMPROVED),
        row(2, Outcome.SAME),
        row(3, Outcome.REGRESSED, "warn"),
        row(4, Outcome.INCONCLUSIVE),
        row(5, Outcome.NOT_COMPARABLE),
        row(6, Outcome.REGRESSED),
        row(7, Outcome.SAME),
        row(8, Outcome.REGRESSED),
        row(9, Outcome.NOT_COMPARABLE, "ignore"),
    ]
    assert ["6", "8", "3", "5", "9", "4", "2", "7", "1"] == [one.case_id for one in decide.sorted_rows(mixed)]


def test_a_side_is_who_the_run_was():
    """What it was asked for as, its Python, versions of what was measured, where that came from; else the run's id."""
    pairing = Pairing(
        id="p", side="new", asked="orjson==2", pairs=1, rounds=1, origins={"orjson": "/x/orjson/__init__.py"}
    )
    codecs = [
        fakes.codec("orjson", distribution="orjson"),
        fakes.codec("json"),
        replace(fakes.codec("msgpack", distribution="msgpack"), version=""),
        replace(fakes.codec("ansi"), distribution="ansi", version="0.1"),
    ]
    run = fakes.run([], codecs=codecs, pairing=pairing)
    made = decide.side_info(run)
    assert ("orjson==2", "3.11.9", "python") == (made.asked, made.python, made.sampler)
    assert [("ansi", "0.1"), ("orjson", "1.2.3")] == list(made.packages.items())
    assert {"orjson": "/x/orjson/__init__.py"} == made.origins
    alone = decide.side_info(replace(run, pairing=None))
    assert (run.id, {}) == (alone.asked, alone.origins)
    base, new = two_sides.runs({DECODE: AS_BEFORE[:10]})
    found = verdict(base, new)
    assert ("orjson==1", "orjson==2") == (found.base.asked, found.new.asked)


@pytest.mark.parametrize("side", ["base", "new"])
def test_a_missing_count_has_the_reason_that_its_run_gives(side):
    """That the time was over, and not that valgrind might be missing."""
    caution = Caution(name="no-instructions", text="Instructions were not counted: the time was over. Give more.")
    measured = fakes.measured(DECODE, fakes.even_workers(2_000, workers=2, calls=20))
    has, lacks = replace(measured, instructions=1_000.0), replace(measured, warnings=(caution,))
    base, new = (lacks, has) if side == "base" else (has, lacks)
    (row,) = verdict(fakes.run([base]), fakes.run([new]), metrics=["instructions"]).rows
    assert ("not counted", f"in {side}: {caution.text}") == (row.cause, row.reason)
