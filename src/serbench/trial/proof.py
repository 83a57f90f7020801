"""What the gate finds on this machine, now: identical code beside code that was made slower on purpose.

All arms are measured in the same rounds, so all meet the same machine. The slowness is idle turns of a loop behind each
call; every arm has the frame that makes them, so that nothing else differs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from statistics import median
from typing import TYPE_CHECKING

from serbench.errors import NothingMeasured
from serbench.gate import rule
from serbench.gate.baseline import baseline_of
from serbench.gate.paired import paired
from serbench.gate.strict import comparable
from serbench.gate.windows import decided
from serbench.harness import cores as cores_module
from serbench.harness import strays
from serbench.harness.crew import Times
from serbench.harness.pairs import Pairs, alternating
from serbench.records.cases import Status
from serbench.records.verdict import TIMES
from serbench.sides.base import HERE
from serbench.trial.arms import Half, now, run_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from serbench.gate.paired import Key, Paired
    from serbench.gate.windows import Decided
    from serbench.harness.pairs import Arm
    from serbench.harness.state import Phase
    from serbench.records.cases import CodecInfo
    from serbench.records.run import Run
    from serbench.trial.arms import Maker

TAIL_ONE_IN = 50
TAIL_TIMES = 3.0
_PATTERN = 5_003  # calls after which the places of slow calls come again: prime, so that no number of instances fits
_TRY_TURNS = 2_000
_TRY_PAIRS = 3
_TRY_ROUNDS = 8
_TIMES = Times(prepare=5.0, verify=5.0, heap=30.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slowness:
    """What is put into an arm.

    Attributes:
        name: of the arm.
        words: for people.
        share: of a call's time, behind every call.
        tail: whether one call in 50, drawn at random, takes three times as long instead.
    """

    name: str
    words: str
    share: float = 0.0
    tail: bool = False

    def turns(self, per_call: float, seed: int) -> list[int]:
        """Turns behind each call.

        Args:
            per_call: turns that take as long as a call.
            seed: of the places of slow calls.
        """
        if not self.tail:
            return [round(self.share * per_call)]
        slow, drawn = round((TAIL_TIMES - 1) * per_call), Random(seed)
        places = set(drawn.sample(range(_PATTERN), _PATTERN // TAIL_ONE_IN))
        return [slow if place in places else 0 for place in range(_PATTERN)]


BASE = Slowness(name="base", words="as it is")
ARMS = (
    Slowness(name="same", words="identical code"),
    Slowness(name="slower-5", words="5 % slower", share=0.05),
    Slowness(name="slower-10", words="10 % slower", share=0.10),
    Slowness(name="tail", words=f"1 call in {TAIL_ONE_IN} three times slower", tail=True),
)


@dataclass(slots=True, kw_only=True)
class Proof:
    """Measures base and all other arms side by side.

    Attributes:
        maker: makes arms.
        codecs: that measure.
        seed: of orders and places of slow calls.
        timeout: seconds that one call may take.
        stop: whether somebody asked for the end.
        tell: what is happening: a phase and a case's id.
        arms: what is put in, beside base.
        rounds: in each pair.
    """

    maker: Maker
    codecs: Sequence[CodecInfo]
    seed: int
    timeout: float
    stop: Callable[[], bool]
    tell: Callable[[Phase, str], None]
    arms: tuple[Slowness, ...] = ARMS
    rounds: int = rule.ROUNDS
    _started: str = field(default_factory=now)
    _made: list[Arm] = field(default_factory=list)
    _pairs: Pairs = field(init=False)

    def run(self) -> Iterator[int]:
        """Measures pair after pair, and yields how many there are, until nobody asks for another.

        Raises:
            NothingMeasured: no case can be measured.
            Stopped: somebody asked for the end.
        """
        with cores_module.aside(self.maker.cores):
            try:
                per_call = self._turns_per_call()
                everywhere = (BASE, *self.arms)
                burdens = {arm.name: self._burdens(arm, per_call) for arm in everywhere}
                self._made += [self._arm(arm.name, burdens[arm.name]) for arm in everywhere]
                self._leave_out(per_call)
                self._pairs = self._alternating(self._made, self.rounds)
                self._pairs.get_ready(_TIMES)
                while self._measured_another():
                    yield len(self._pairs.done)
            finally:
                for arm in self._made:
                    arm.crew.dismiss()
                strays.end(workers=())

    def _leave_out(self, per_call: Mapping[str, float]) -> None:
        """What was lost when turns were tried out would be measured without any."""
        for arm in self._made:
            for case in arm.plan.cases:
                if case.id not in per_call:
                    arm.ledger.end(case, Status.SKIPPED, "it was lost when the slowness was tried out")

    def _measured_another(self) -> bool:
        """Measures a pair, if a case is left for one."""
        before = len(self._pairs.done)
        if self._pairs.open_cases():
            self._pairs.measure(_TIMES)
        return len(self._pairs.done) > before

    def _arm(self, name: str, burdens: Mapping[str, Sequence[int]]) -> Arm:
        return self.maker.arm(name, self.codecs, launch=HERE, burdens=burdens)

    def _alternating(self, arms: Sequence[Arm], rounds: int) -> Pairs:
        return alternating(
            arms,
            cores=self.maker.cores,
            rng=self.maker.rng,
            timeout=self.timeout,
            stop=self.stop,
            tell=self.tell,
            rounds=rounds,
        )

    def _burdens(self, slowness: Slowness, per_call: Mapping[str, float]) -> dict[str, list[int]]:
        return {case_id: slowness.turns(turns, self.seed) for case_id, turns in per_call.items()}

    def _turns_per_call(self) -> dict[str, float]:
        """How many turns of the idle loop take as long as a call, by case id: tried out beside calls without any."""
        ids = [case.id for case in self._arm("try", {}).plan.cases]
        arms = [self._arm(f"try-{turns}", {i: [turns] for i in ids}) for turns in (0, _TRY_TURNS)]
        pairs = self._alternating(arms, _TRY_ROUNDS)
        try:
            pairs.get_ready(_TIMES)
            for _ in range(_TRY_PAIRS):
                pairs.measure(_TIMES)
        finally:
            for arm in arms:
                arm.crew.dismiss()
        found = {}
        for case in pairs.open_cases():
            call, slowed = (median(arm.ledger.worker_medians(case) or [0.0]) for arm in arms)
            if call:
                found[case.id] = call * _TRY_TURNS / max(slowed - call, 1e-3)
        if not found:
            reasons = (m.reason for arm in arms for m in arm.ledger.measurements("no pair was measured"))
            raise NothingMeasured(f"nothing was measured; {next(filter(None, reasons), 'there is no case')}")
        return found

    def runs(self) -> dict[str, Run]:
        """The run of each arm, base included, as halves of one measurement."""
        return {arm.name: self._run(arm, "base" if arm.name == BASE.name else "new") for arm in self._made}

    def _run(self, arm: Arm, side: str) -> Run:
        return run_of(
            arm,
            Half(side="base" if side == "base" else "new", asked=arm.name),
            self._pairs,
            trial_id="proof",
            started=self._started,
            seed=self.seed,
            budget_seconds=0.0,
            command=(),
            passes=("time",),
            complete=True,
        )

    @property
    def disturbed(self) -> int:
        """Pairs during which other programs took more of the measuring core than numbers can be trusted with."""
        return sum(one.disturbance.disturbed for one in self._pairs.done)


def against(base: Run, new: Run) -> Paired:
    """What an arm says beside base."""
    ids = comparable(baseline_of(base), baseline_of(new))
    return paired(base, new, ids, TIMES)


def windows(found: Paired, tolerances: Mapping[Key, float], *, pairs: int, step: int, seed: int) -> list[Decided]:
    """The rule, applied to stretches of so many pairs that begin a step apart, in time order."""
    starts = range(0, found.pairs - pairs + 1, step)
    return [decided(found.series, tolerances, first=first, seed=seed + first, pairs=pairs) for first in starts]
