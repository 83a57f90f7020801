"""`serbench gate --self-test`: on this machine, now, with the user's cases, what does the gate find?

Identical code must pass. Code that was made slower on purpose must be caught, or the gate must say that a slowdown of
that size cannot be told here.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING

from serbench import choice
from serbench.errors import Interrupted, NothingMeasured, UsageError
from serbench.gate import rule
from serbench.gate.windows import Rate, rate
from serbench.harness.link import Stopped
from serbench.harness.state import Event
from serbench.records.verdict import TIMES
from serbench.trial.arms import Maker
from serbench.trial.proof import ARMS, Proof, against, windows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from serbench.choice import Request
    from serbench.gate.decide import Tolerances
    from serbench.gate.paired import Key
    from serbench.gate.rule import Tested
    from serbench.gate.windows import Decided
    from serbench.harness.state import Phase
    from serbench.trial.proof import Slowness

PAIRS = rule.SECOND_PAIRS[0]
STEP = 2
"""Windows begin so many pairs apart, where there are more pairs than one takes."""

SECONDS_PER_CASE = 12.0 * (1 + len(ARMS)) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What became of one arm.

    Attributes:
        what: what was put in, in words.
        caught: how often the gate failed it.
        by: metrics that count for it.
        detectable: the smallest slowdown that would have been caught nine times in ten, by the best of those metrics
            in the middle window; infinity where none would.
        share: how much slower it was made; 0 for identical code.
        passed: identical code never failed; other code was caught always, or is too little to be told here.
    """

    what: str
    caught: Rate
    by: tuple[str, ...]
    detectable: float
    share: float
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The whole self-test.

    Attributes:
        checks: one for each arm.
        cases: ids of what was measured.
        pairs: of workers, all arms in each.
        rounds: in each.
        disturbed: pairs during which other programs were busy on the measuring core.
        seconds: wall time.
    """

    checks: tuple[Check, ...]
    cases: tuple[str, ...]
    pairs: int
    rounds: int
    disturbed: int
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether all did."""
        return all(check.passed for check in self.checks)


def run(request: Request, tolerances: Tolerances, watch: Callable[[Event], None], stop: Callable[[], bool]) -> Outcome:
    """Measures and judges.

    Args:
        request: the cases; a budget is for all of it.
        tolerances: the change of a case's metric that must not pass unseen.
        watch: told what is happening.
        stop: whether somebody asked for the end.

    Raises:
        UsageError: a name or a file is wrong, or the budget is too short.
        NothingMeasured: no case can be measured.
        Interrupted: somebody asked for the end.
    """
    begin = time.monotonic()
    said = request.payloads or request.codecs or request.operations
    request = request if said else _usual(request)
    chosen = choice.choose(request)
    codecs = choice.codecs(chosen, stop=stop)
    with tempfile.TemporaryDirectory(prefix="serbench-gate-") as scratch:
        payloads = choice.spool(chosen, Path(scratch), seed=request.seed, count=request.instances, stop=stop)
        maker = Maker(
            payloads=payloads,
            operations=chosen.operations,
            settings=chosen.settings,
            rng=Random(f"serbench proof {request.seed}"),
            timeout=request.timeout,
            stop=stop,
        )
        cases = len(codecs) * len(payloads) * len(chosen.operations) * len(chosen.settings)
        end = begin + (request.budget or SECONDS_PER_CASE * max(1, cases))
        teller = _Teller(watch, end)
        proof = Proof(
            maker=maker, codecs=codecs, seed=request.seed, timeout=request.timeout, stop=stop, tell=teller.tell
        )
        try:
            for pairs in proof.run():
                teller.pairs = pairs
                each = (time.monotonic() - begin) / pairs
                least = pairs >= PAIRS or not request.budget
                if pairs >= PAIRS and time.monotonic() + each > end:
                    break
                if not least and begin + PAIRS * each > end + each:
                    few = f"--budget {request.budget:g}s is too short for {PAIRS} pairs of {each:.1f} s"
                    raise UsageError(f"{few}; give --budget {1.2 * PAIRS * each:.0f}s or fewer cases")
        except Stopped:
            raise Interrupted("stopped before the self-test had an answer") from None
        return _outcome(proof, tolerances, request.seed, begin)


def _usual(request: Request) -> Request:
    """What is measured where nobody says."""
    return replace(request, payloads=("order", "chat"), codecs=("orjson", "json"), operations=("decode",))


class _Teller:
    """Turns what the harness tells into events."""

    def __init__(self, watch: Callable[[Event], None], end: float) -> None:
        self.pairs = 0
        self._watch, self._end = watch, end

    def tell(self, phase: Phase, case: str) -> None:
        left = max(0.0, self._end - time.monotonic())
        self._watch(Event(phase=phase, round=0, wave=self.pairs, waves=PAIRS, case=case, seconds_left=left))


def _outcome(proof: Proof, tolerances: Tolerances, seed: int, begin: float) -> Outcome:
    runs = proof.runs()
    base = runs["base"]
    checks, cases = [], set()
    for slowness in proof.arms:
        found = against(base, runs[slowness.name])
        if not found.series or found.pairs < PAIRS:
            reasons = sorted({f"{row.case_id}: {row.reason}" for row in found.refused})
            raise NothingMeasured(f"the self-test has no answer; {'; '.join(reasons[:3]) or 'no case was measured'}")
        limits = {key: tolerances(*key) for key in found.series}
        decided = windows(found, limits, pairs=PAIRS, step=STEP, seed=seed)
        checks.append(judged(slowness, decided, independent=found.pairs // PAIRS))
        cases |= {key.case_id for key in found.series}
    return Outcome(
        checks=tuple(checks),
        cases=tuple(sorted(cases)),
        pairs=found.pairs,
        rounds=proof.rounds,
        disturbed=proof.disturbed,
        seconds=time.monotonic() - begin,
    )


def judged(slowness: Slowness, decided: Sequence[Decided], *, independent: int) -> Check:
    """What became of an arm in all its windows."""
    by = ("p99",) if slowness.tail else TIMES
    caught = rate(decided, lambda one: one.regressed(by), independent=independent)
    share = 1.0 if slowness.tail else slowness.share  # one call in 50 three times slower at least doubles p99
    smallest = median(_detectable(one.tested, by) for one in decided)
    clean = not slowness.share and not slowness.tail
    passed = caught.hits == 0 if clean else caught.hits == caught.of or smallest > share
    return Check(
        what=slowness.words,
        caught=caught,
        by=by,
        detectable=smallest,
        share=0.0 if clean else share,
        passed=passed,
    )


def _detectable(tested: Mapping[Key, Tested], by: Sequence[str]) -> float:
    """Of the metric that sees most."""
    return min((one.detectable for key, one in tested.items() if key.metric in by), default=float("inf"))


def text(found: Outcome) -> str:
    """For people: a line for each arm, and what it rests on."""
    wide = max(len(check.what) for check in found.checks)
    lines = [f"{'ok' if c.passed else 'BAD':5}{c.what:{wide}}  {_words(c)}" for c in found.checks]
    cases = f"{len(found.cases)} case{'s' * (len(found.cases) != 1)}"
    measured = f"{found.pairs} pairs of {found.rounds} rounds, {cases}, {found.seconds:.0f} s"
    disturbed = f"; other programs disturbed {found.disturbed} pairs" if found.disturbed else ""
    verdict = "passed" if found.passed else "failed"
    return "\n".join([*lines, "", f"gate self-test {verdict}; {measured}{disturbed}"]) + "\n"


def _words(check: Check) -> str:
    caught = check.caught
    low, high = caught.ends
    runs = "run" if caught.of == 1 else "runs"
    independent = f", {caught.independent} of them independent" if caught.of > 1 else ""
    verb = "caught in" if check.share else "false alarm in"
    rates = f"{verb} {caught.hits} of {caught.of} {runs}{independent} (95 %: {100 * low:.0f} to {100 * high:.0f} %)"
    smallest = "no slowdown could be told here"
    if isfinite(check.detectable):
        smallest = f"the smallest that shows nine times in ten is {100 * check.detectable:.1f} %"
    return rates if not check.share else f"{rates}; {smallest}"
