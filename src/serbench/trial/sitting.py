"""Both sides measured at one go: what needs no clock, then pairs until the rule has enough or the time is over."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from serbench.errors import Interrupted, UsageError
from serbench.gate import decide, rule
from serbench.gate.baseline import baseline_of
from serbench.gate.strict import comparable
from serbench.harness import strays
from serbench.harness.cores import aside
from serbench.harness.crew import Kit, Times
from serbench.harness.link import Stopped
from serbench.harness.pairs import Pairs, alternating
from serbench.harness.state import Event
from serbench.records.verdict import TIMES
from serbench.trial import untimed
from serbench.trial.arms import Half, now, run_of
from serbench.trial.choosing import prove

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from serbench.choice import Request
    from serbench.harness.cores import Cores
    from serbench.harness.pairs import Arm
    from serbench.harness.state import Phase
    from serbench.records.cases import Pass
    from serbench.records.run import Run
    from serbench.records.verdict import Metric
    from serbench.sides.environment import Side

SECONDS_PER_CASE = 12.0
SHARES: dict[Pass, float] = {"memory": 0.05, "instructions": 0.1}
"""Of the budget, for each side."""

WITHOUT_TIME = 0.4
"""What they share of it, for each side, where no time is gated: all but what starting and verifying take."""

AT_LEAST: dict[Pass, float] = {"memory": 0.3, "instructions": 10.0}
"""Seconds for each case and one more, where nobody set a budget."""

READY = Times(prepare=5.0, verify=5.0, heap=30.0)
_NAMES: tuple[Literal["base", "new"], ...] = ("base", "new")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a trial measures.

    Attributes:
        request: cases, seed, timeout, budget; its codecs are looked up in both sides.
        base: what the base side was asked for as.
        new: the same of the other side.
        metrics: those that are gated.
        tolerances: the change of a case's metric that must not pass unseen.
        command: that asks for the same again.
    """

    request: Request
    base: tuple[str, ...]
    new: tuple[str, ...]
    metrics: tuple[Metric, ...]
    tolerances: decide.Tolerances
    command: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Sitting:
    """One go at both sides.

    Attributes:
        id: of the measurement, the same in both halves.
        wanted: what is measured.
        sides: base and new.
        arms: their workers, in the same order.
        sampler: the one that both use.
        rng: draws orders.
        cores: where workers get ready and where they measure.
        stop: whether somebody asked for the end.
        watch: told what is happening.
        notes: what the reader should know besides.
    """

    id: str
    wanted: Wanted
    sides: tuple[Side, Side]
    arms: Sequence[Arm]
    sampler: str
    rng: Random
    cores: Cores
    stop: Callable[[], bool]
    watch: Callable[[Event], None]
    notes: list[str] = field(default_factory=list)
    _pairs: Pairs = field(init=False)
    _budget: float = field(init=False)
    _started: str = field(default_factory=now)
    _end: float = 0.0
    _planned: int = rule.FIRST_PAIRS

    def __post_init__(self) -> None:
        """Gets the pairs together."""
        timeout = self.wanted.request.timeout
        self._pairs = alternating(
            self.arms, cores=self.cores, rng=self.rng, timeout=timeout, stop=self.stop, tell=self._tell
        )
        self._budget = self.wanted.request.budget or SECONDS_PER_CASE * max(1, len(self._pairs.open_cases()))

    def run(self, save: Callable[[Run, Run], None]) -> tuple[Run, Run]:
        """Measures.

        Args:
            save: given both halves at the end, or when somebody asks for it.

        Raises:
            UsageError: a budget was asked for that ten pairs do not fit into.
            SideFailure: a library came from outside of its side.
            Interrupted: somebody asked for the end.
        """
        self._end = time.monotonic() + self._budget
        with aside(self.cores):
            try:
                self._measure()
            except Stopped:
                if self._pairs.done:
                    save(*self.halves(complete=False))
                raise Interrupted(f"stopped after {len(self._pairs.done)} pairs; nothing is decided") from None
            finally:
                for arm in self.arms:
                    arm.crew.dismiss()
                strays.end(workers=())
        halves = self.halves()
        save(*halves)
        return halves

    def _measure(self) -> None:
        self._pairs.get_ready(READY)
        for arm, side in zip(self.arms, self.sides, strict=True):
            prove(side, arm.crew.origins)
        self._without_clock()
        if "time" in self._passes:
            self._in_pairs()

    def halves(self, *, complete: bool = True) -> tuple[Run, Run]:
        """Both runs as they stand."""
        base, new = (
            run_of(
                arm,
                Half(side=name, asked=side.asked, python=side.python_version, packages=side.packages),
                self._pairs,
                trial_id=self.id,
                started=self._started,
                seed=self.wanted.request.seed,
                budget_seconds=self._budget,
                command=self.wanted.command,
                passes=self._passes,
                complete=complete,
            )
            for arm, side, name in zip(self.arms, self.sides, _NAMES, strict=True)
        )
        return base, new

    @property
    def _passes(self) -> tuple[Pass, ...]:
        metrics = self.wanted.metrics
        asked: dict[Pass, bool] = {
            "time": any(metric in TIMES for metric in metrics),
            "memory": "peak_bytes" in metrics,
            "instructions": "instructions" in metrics,
        }
        return tuple(name for name, wanted in asked.items() if wanted)

    def _without_clock(self) -> None:
        """What needs none comes before anything that does."""
        request, cases = self.wanted.request, len(self.arms[0].ledger.open_cases())
        shares = _without_clock_seconds(self._passes, self._budget, cases, limited=bool(request.budget))
        for arm, side in zip(self.arms, self.sides, strict=True):
            kit = Kit(launch=side.launch, sampler=self.sampler)
            obstacle = untimed.measure(
                arm, kit, shares, cores=self.cores, timeout=request.timeout, stop=self.stop, tell=self._tell
            )
            self.notes = [f"Instructions were not counted: {obstacle}."] if obstacle else []

    def _in_pairs(self) -> None:
        """Ten pairs; if they leave anything open, as many as the second stage has, fixed before anything is looked at.

        Raises:
            UsageError: a budget was asked for that ten pairs do not fit into.
        """
        pairs, limited, begin = self._pairs, bool(self.wanted.request.budget), time.monotonic()
        if not limited:
            self._end = begin + self._budget  # what needs no clock had time of its own
        pairs.measure(READY)
        if not pairs.done:
            return
        if limited:
            self._demand_room(begin, time.monotonic() - begin)
        self._up_to(rule.FIRST_PAIRS)
        each = (time.monotonic() - begin) / len(pairs.done)
        room = len(pairs.done) + int((self._end - time.monotonic()) / each)
        least = 0 if limited else rule.SECOND_PAIRS[0]  # nobody set a limit: an answer comes first
        more = max((count for count in rule.SECOND_PAIRS if count <= room), default=least)
        if more and not self._clear():
            self._planned = more
            self._up_to(more)

    def _up_to(self, count: int) -> None:
        while len(self._pairs.done) < count and self._pairs.open_cases():
            self._pairs.measure(READY)

    def _demand_room(self, begin: float, each: float) -> None:
        """Makes sure that the least number of pairs fits into the budget that was asked for."""
        if begin + rule.FIRST_PAIRS * each <= self._end:
            return
        left = self._end - begin
        few = f"--budget {self._budget:g}s holds {_pairs_in(left, each)}"
        needed = 1.1 * (rule.FIRST_PAIRS * each + self._budget - left)
        raise UsageError(
            f"{few}, and {rule.FIRST_PAIRS} are the least; give --budget {needed:.0f}s, none, or fewer cases"
        )

    def _clear(self) -> bool:
        """Whether the first pairs are enough."""
        base, new = self.halves()
        ids = comparable(baseline_of(base), baseline_of(new))
        wanted = self.wanted
        return decide.times(
            base, new, ids, tolerances=wanted.tolerances, metrics=wanted.metrics, seed=wanted.request.seed
        ).clear

    def _tell(self, phase: Phase, case: str) -> None:
        left = max(0.0, self._end - time.monotonic())
        done = len(self._pairs.done)
        self.watch(Event(phase=phase, round=0, wave=done, waves=self._planned, case=case, seconds_left=left))


def _without_clock_seconds(passes: Sequence[Pass], budget: float, cases: int, *, limited: bool) -> dict[Pass, float]:
    """What each pass that needs no clock may take, for each side: more where no time is gated."""
    asked = {name: share for name, share in SHARES.items() if name in passes}
    scale = 1.0 if "time" in passes else WITHOUT_TIME / (sum(asked.values()) or 1.0)
    least = {name: 0.0 if limited else AT_LEAST[name] * (1 + cases) for name in asked}
    return {name: max(least[name], scale * share * budget) for name, share in asked.items()}


def _pairs_in(seconds: float, each: float) -> str:
    """How many pairs fit in what is left, in words; none where that is over already."""
    count = max(0, int(seconds / each))
    return f"{count} pair{'s' * (count != 1)} of {each:.1f} s"
