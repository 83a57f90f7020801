"""A trial: two sides measured in pairs until the rule has what it needs, or the time is over."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from serbench import choice
from serbench.errors import Interrupted, UsageError
from serbench.gate import decide, rule
from serbench.gate.baseline import baseline_of
from serbench.gate.strict import comparable
from serbench.harness import cores as cores_module
from serbench.harness import strays
from serbench.harness.crew import Kit, Times
from serbench.harness.disturbance import Watch
from serbench.harness.link import Stopped
from serbench.harness.pairs import Pairs
from serbench.harness.state import Event
from serbench.records.verdict import TIMES
from serbench.sides import spec
from serbench.store.halves import new_id
from serbench.trial import untimed
from serbench.trial.arms import Half, Maker, now, run_of
from serbench.trial.choosing import Choosing, prove

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from typing import Literal

    from serbench.choice import Chosen, Request
    from serbench.harness.pairs import Arm
    from serbench.harness.state import Phase
    from serbench.records.cases import CodecInfo, Pass
    from serbench.records.run import Run
    from serbench.records.verdict import Metric
    from serbench.sides.environment import Side
    from serbench.sides.spec import Spec

SECONDS_PER_CASE = 12.0
SHARES: dict[Pass, float] = {"memory": 0.05, "instructions": 0.1}
"""Of the budget, for each side."""

AT_LEAST: dict[Pass, float] = {"memory": 0.3, "instructions": 4.0}
"""Seconds for each case and one more, where nobody set a budget."""

PREPARE_SECONDS, VERIFY_SECONDS, HEAP_SECONDS = 5.0, 5.0, 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a trial measures.

    Attributes:
        request: cases, seed, timeout, budget; its codecs are looked up in both sides.
        base: what the base side was asked for as.
        new: the same of the other side.
        metrics: those that are gated.
        tolerances: the change of a case's metric that must not pass unseen.
        rounds: in each pair.
    """

    request: Request
    base: tuple[str, ...]
    new: tuple[str, ...]
    metrics: tuple[Metric, ...]
    tolerances: decide.Tolerances
    rounds: int = rule.ROUNDS


@dataclass(slots=True, kw_only=True)
class Trial:
    """One A/B on its way.

    Attributes:
        wanted: what it measures.
        stop: whether somebody asked for the end.
        watch: told what is happening.
        tell: told in words what takes long before anything is measured.
        check: given the ids of all cases before any is measured; raises where what was asked for does not fit them.
    """

    wanted: Wanted
    stop: Callable[[], bool]
    watch: Callable[[Event], None]
    tell: Callable[[str], None]
    check: Callable[[Collection[str]], None] = lambda _: None
    id: str = ""
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    _specs: tuple[Spec, Spec] = field(init=False)
    _chosen: Chosen = field(init=False)
    _end: float = 0.0
    _planned: int = rule.FIRST_PAIRS
    _sampler: str = ""
    _pairs: Pairs | None = None

    def __post_init__(self) -> None:
        """Looks at what was asked for, before anything is made.

        Raises:
            UsageError: a side, a name, a file or a value is wrong.
        """
        self.id = new_id()
        self._chosen = choice.choose(self.wanted.request)
        here = Path.cwd()
        self._specs = spec.parse(self.wanted.base, here), spec.parse(self.wanted.new, here)

    def run(self, save: Callable[[Run, Run], None]) -> tuple[Run, Run]:
        """Measures both sides.

        Args:
            save: given both halves when there is something to decide, and at the end.

        Raises:
            UsageError: a codec or payload cannot be measured, or the budget is too short for the least number of pairs.
            SerbenchError: a side cannot be made.
            Interrupted: somebody asked for the end; what was measured has been saved.
        """
        begin = time.monotonic()
        request = self.wanted.request
        choosing = Choosing(chosen=self._chosen, by_name=bool(request.codecs), tell=self.tell, stop=self.stop)
        base, new = (choosing.side(side) for side in self._specs)
        codecs = choosing.codecs(base, new)
        try:
            with tempfile.TemporaryDirectory(prefix="serbench-gate-") as scratch:
                return self._measured((base, new), codecs, Path(scratch), save)
        finally:
            self.seconds = time.monotonic() - begin

    def _measured(
        self,
        sides: tuple[Side, Side],
        codecs: tuple[list[CodecInfo], list[CodecInfo]],
        scratch: Path,
        save: Callable[[Run, Run], None],
    ) -> tuple[Run, Run]:
        request = self.wanted.request
        payloads = choice.spool(self._chosen, scratch, seed=request.seed, count=request.instances, stop=self.stop)
        rng = Random(f"serbench pairs {request.seed}")
        maker = Maker(
            payloads=payloads,
            operations=self._chosen.operations,
            settings=self._chosen.settings,
            rng=rng,
            timeout=request.timeout,
            stop=self.stop,
        )
        self._sampler = "native" if all(side.sampler == "native" for side in sides) else "python"
        names: tuple[Literal["base", "new"], ...] = ("base", "new")
        arms = [
            maker.arm(name, own, launch=side.launch, sampler=self._sampler)
            for name, side, own in zip(names, sides, codecs, strict=True)
        ]
        self.check({m.case.id for arm in arms for m in arm.ledger.measurements("not measured")})
        core = next(iter(cores_module.split().measuring), None)
        self._pairs = pairs = Pairs(
            arms=arms,
            rng=rng,
            watch=Watch(Path("/"), core, cores_module.usable()),
            timeout=request.timeout,
            stop=self.stop,
            tell=self._tell,
            rounds=self.wanted.rounds,
        )
        started = now()
        budget = request.budget or SECONDS_PER_CASE * max(1, len(pairs.open_cases()))
        self._end = time.monotonic() + budget

        def halves(*, complete: bool = True) -> tuple[Run, Run]:
            base, new = (
                run_of(
                    arm,
                    Half(side=name, asked=side.asked, python=side.python_version, packages=side.packages),
                    pairs,
                    trial_id=self.id,
                    started=started,
                    seed=request.seed,
                    budget_seconds=budget,
                    command=self.command(),
                    passes=self._passes(),
                    complete=complete,
                )
                for arm, side, name in zip(arms, sides, names, strict=True)
            )
            return base, new

        with cores_module.aside(cores_module.split()):
            try:
                pairs.get_ready(Times(prepare=PREPARE_SECONDS, verify=VERIFY_SECONDS, heap=HEAP_SECONDS))
                for arm, side in zip(arms, sides, strict=True):
                    prove(side, arm.crew.origins)
                self._untimed(arms, sides, budget)
                if any(metric in TIMES for metric in self.wanted.metrics):
                    self._timed(pairs, budget, halves)
            except Stopped:
                if pairs.done:
                    save(*halves(complete=False))
                raise Interrupted(f"stopped after {len(pairs.done)} pairs; nothing is decided") from None
            finally:
                for arm in arms:
                    arm.crew.dismiss()
                strays.end(workers=())
        base, new = halves()
        save(base, new)
        return base, new

    def _passes(self) -> tuple[Pass, ...]:
        metrics = self.wanted.metrics
        asked: dict[Pass, bool] = {
            "time": any(metric in TIMES for metric in metrics),
            "memory": "peak_bytes" in metrics,
            "instructions": "instructions" in metrics,
        }
        return tuple(name for name, wanted in asked.items() if wanted)

    def command(self) -> tuple[str, ...]:
        """The command line that measures this again."""
        sides = [word for text in self.wanted.base for word in ("--base", text)]
        sides += [word for text in self.wanted.new for word in ("--new", text)]
        return ("serbench", "gate", *sides, *self.wanted.request.command(self.wanted.request.budget)[2:])

    def _untimed(self, arms: Sequence[Arm], sides: Sequence[Side], budget: float) -> None:
        """What needs no clock, before anything that does."""
        cases = len(arms[0].ledger.open_cases())
        least = {name: 0.0 if self.wanted.request.budget else each * (1 + cases) for name, each in AT_LEAST.items()}
        shares = {name: max(least[name], share * budget) for name, share in SHARES.items() if name in self._passes()}
        for arm, side in zip(arms, sides, strict=True):
            kit = Kit(launch=side.launch, sampler=self._sampler)
            timeout = self.wanted.request.timeout
            obstacle = untimed.measure(arm, kit, shares, timeout=timeout, stop=self.stop, tell=self._tell)
            self.notes = [f"Instructions were not counted: {obstacle}."] if obstacle else []

    def _timed(self, pairs: Pairs, budget: float, halves: Callable[[], tuple[Run, Run]]) -> None:
        """Ten pairs; if they leave anything open, as many as the second stage has, fixed before anything is looked at.

        Raises:
            UsageError: a budget was asked for that ten pairs do not fit into.
        """
        begin = time.monotonic()
        if not self.wanted.request.budget:
            self._end = begin + budget  # what needs no clock had time of its own
        self._pair(pairs)
        if not pairs.done:
            return
        each = time.monotonic() - begin
        if self.wanted.request.budget and begin + rule.FIRST_PAIRS * each > self._end:
            needed = rule.FIRST_PAIRS * each + budget - (self._end - begin)
            hold = int((self._end - begin) / each)
            few = f"--budget {budget:g}s holds {hold} pairs of {each:.1f} s, and {rule.FIRST_PAIRS} are the least"
            raise UsageError(f"{few}; give --budget {1.1 * needed:.0f}s or fewer cases")
        while len(pairs.done) < rule.FIRST_PAIRS and pairs.open_cases():
            self._pair(pairs)
        each = (time.monotonic() - begin) / len(pairs.done)
        room = len(pairs.done) + int((self._end - time.monotonic()) / each)
        least = 0 if self.wanted.request.budget else rule.SECOND_PAIRS[0]  # nobody set a limit: an answer comes first
        more = max((count for count in rule.SECOND_PAIRS if count <= room), default=least)
        if not more or self._clear(*halves()):
            return
        self._planned = more
        while len(pairs.done) < more and pairs.open_cases():
            self._pair(pairs)

    def _pair(self, pairs: Pairs) -> None:
        pairs.measure(Times(prepare=PREPARE_SECONDS, verify=0.0, heap=HEAP_SECONDS))

    def _clear(self, base: Run, new: Run) -> bool:
        """Whether the first pairs are enough."""
        request, ids = self.wanted.request, comparable(baseline_of(base), baseline_of(new))
        return decide.times(
            base, new, ids, tolerances=self.wanted.tolerances, metrics=self.wanted.metrics, seed=request.seed
        ).clear

    def _tell(self, phase: Phase, case: str) -> None:
        done = len(self._pairs.done) if self._pairs else 0
        self.watch(
            Event(
                phase=phase,
                round=0,
                wave=done,
                waves=self._planned,
                case=case,
                seconds_left=max(0.0, self._end - time.monotonic()),
            )
        )
