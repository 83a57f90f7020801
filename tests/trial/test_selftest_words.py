"""What becomes of an arm of the self-test, and what is told of it: of decisions that nobody measured."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

from serbench.gate import rule
from serbench.gate.paired import Key
from serbench.gate.windows import Decided
from serbench.records.verdict import Outcome as Found
from serbench.trial import selftest
from serbench.trial.proof import ARMS
from serbench.trial.selftest import Outcome, judged, text

SAME, FIVE, TEN, TAIL = ARMS
CASE = "orjson/order/decode"


def metric(outcome, detectable=0.03):
    """A metric of which only this matters."""
    return rule.Tested(
        change=0.0,
        interval=(0.0, 0.0),
        p_slower=1.0,
        p_faster=1.0,
        slower_excluded=False,
        faster_excluded=False,
        clear=False,
        outcome=outcome,
        detectable=detectable,
        more_pairs=0,
    )


def window(**metrics):
    """A stretch: outcomes by metric, with what could have been seen."""
    made = {Key(CASE, name): metric(*(said if isinstance(said, tuple) else (said,))) for name, said in metrics.items()}
    return Decided(tested=made, stage=2)


CAUGHT = window(p10=Found.SAME, p50=Found.REGRESSED, p99=Found.INCONCLUSIVE)
MISSED = window(p10=Found.SAME, p50=Found.SAME, p99=Found.INCONCLUSIVE)
TAILED = window(p10=Found.SAME, p50=Found.SAME, p99=(Found.REGRESSED, 0.4))


def check(slowness, *windows, independent=1):
    """What became of it."""
    return judged(slowness, windows, independent=independent)


def test_identical_code_must_never_fail():
    """One false alarm in any metric is one too many; how little could have been seen excuses none."""
    clean = check(SAME, MISSED, MISSED)
    assert (True, 0, 2, 0.0) == (clean.passed, clean.caught.hits, clean.caught.of, clean.share)
    for alarm in (CAUGHT, TAILED, window(p50=(Found.REGRESSED, inf))):
        assert not check(SAME, MISSED, alarm, MISSED).passed
    assert check(SAME, window(p50=(Found.SAME, 0.5))).passed


@pytest.mark.parametrize("slowness", [FIVE, TEN])
def test_slower_code_must_be_caught_every_time(slowness):
    """By any metric; missed once is missed, where as much should have been seen."""
    found = check(slowness, CAUGHT, CAUGHT)
    assert (True, 2, 2, slowness.share) == (found.passed, found.caught.hits, found.caught.of, found.share)
    assert check(slowness, TAILED).passed
    assert not check(slowness, CAUGHT, MISSED, CAUGHT).passed
    assert not check(slowness, MISSED).passed


def test_what_cannot_be_told_here_is_not_held_against_the_gate():
    """Where the smallest slowdown that shows is larger than the one that was put in, by the best metric."""
    noisy = window(p10=(Found.SAME, 0.2), p50=(Found.INCONCLUSIVE, 0.06), p99=(Found.INCONCLUSIVE, inf))
    assert (True, 0.06) == (check(FIVE, noisy).passed, check(FIVE, noisy).detectable)
    assert not check(TEN, noisy).passed
    assert not check(FIVE, window(p50=(Found.INCONCLUSIVE, 0.05))).passed


def test_what_could_be_seen_is_that_of_the_middle_window():
    """Of the metric that sees most, window by window."""
    windows = [window(p10=(Found.SAME, 0.9), p50=(Found.SAME, seen)) for seen in (0.02, 0.04, 0.3)]
    assert 0.04 == check(FIVE, *windows).detectable


def test_a_tail_is_a_matter_of_the_tail_alone():
    """Only p99 counts for it, for the catch and for what could be seen; it is held against at least twice as slow."""
    found = check(TAIL, TAILED)
    assert (True, ("p99",), 0.4, 1.0) == (found.passed, found.by, found.detectable, found.share)
    assert not check(TAIL, window(p50=Found.REGRESSED, p99=(Found.SAME, 0.4))).passed
    assert check(TAIL, window(p50=(Found.SAME, 0.01), p99=(Found.SAME, 1.1))).passed
    assert check(TAIL, window(p50=(Found.SAME, 0.01))).passed


def test_rates_know_how_many_windows_are_independent():
    """For the interval."""
    assert (3, 2) == (
        check(FIVE, *[CAUGHT] * 3, independent=2).caught.of,
        check(FIVE, CAUGHT, independent=2).caught.independent,
    )


def outcome(*checks, **said):
    """A whole self-test."""
    made = Outcome(checks=checks, cases=("a", "b"), pairs=20, rounds=60, disturbed=0, seconds=71.6)
    return replace(made, **said)


def test_the_whole_passes_if_every_arm_does():
    """One that did not fails it."""
    good, bad = check(SAME, MISSED), check(FIVE, MISSED)
    assert outcome(good, good).passed
    assert not outcome(good, bad).passed
    assert not outcome(bad, good).passed


def test_words_of_one_window():
    """A line for each arm, aligned, with its rate and interval, and one of what they rest on."""
    expected = """\
ok   identical code  false alarm in 0 of 1 run (95 %: 0 to 98 %)
BAD  5 % slower      caught in 0 of 1 run (95 %: 0 to 98 %); the smallest that shows nine times in ten is 3.0 %

gate self-test failed; 20 pairs of 60 rounds, 2 cases, 72 s
"""
    assert expected == text(outcome(check(SAME, MISSED), check(FIVE, MISSED)))


def test_words_of_many_windows():
    """How many there were, and how many of them are independent; what else went on; one case is one."""
    made = outcome(check(TEN, *[CAUGHT] * 11, independent=2), cases=("a",), disturbed=3, pairs=40)
    first, _, last = text(made).splitlines()
    assert first.startswith("ok   10 % slower  caught in 11 of 11 runs, 2 of them independent (95 %: 16 to 100 %); ")
    assert "gate self-test passed; 40 pairs of 60 rounds, 1 case, 72 s; other programs disturbed 3 pairs" == last


def test_what_nobody_says_is_the_usual():
    """Two codecs on two payloads; all else is the caller's."""
    from serbench.choice import Request

    made = selftest._usual(Request(seed=9, budget=5.0))
    assert (("order", "chat"), ("orjson", "json"), ("decode",)) == (made.payloads, made.codecs, made.operations)
    assert (9, 5.0) == (made.seed, made.budget)
