"""Pairs: one worker of each side, alive at the same time, whose blocks alternate in random order on one core.

What the machine does meanwhile meets all sides alike. After a pair all workers are started anew, in random order: one
process is one sample of memory layout and hash seed. There are two sides as a rule; an experiment may have more.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from serbench.errors import WorkerFailure
from serbench.harness import notices
from serbench.harness import plan as planning
from serbench.harness.disturbance import Watch
from serbench.harness.readying import take_steps
from serbench.records.samples import Round

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from serbench.harness.cores import Cores
    from serbench.harness.crew import Crew, Member, Times
    from serbench.harness.inbox import Answer
    from serbench.harness.ledger import Ledger
    from serbench.harness.plan import Block, Plan
    from serbench.harness.state import Phase
    from serbench.records.cases import Case

ROUNDS = 60
BLOCK_NS = 2_000_000
LONGER_BLOCK_NS = 6_000_000
"""As long may a block be where it takes that to have enough calls for a 99th percentile."""

CALLS_FOR_TAIL = 17
"""In each of 60 rounds: 1,020 calls of a worker, of which ten are the slowest hundredth."""

_WARM_NS = 20_000_000
_FLOORS = 3
_TRIES = 3
"""How often a pair is begun in which workers died, beside once for each case that they died of."""


@dataclass(slots=True, kw_only=True)
class Arm:
    """One side on its way.

    Attributes:
        name: `base`, `new`, ...
        plan: its cases, the same ids on all sides.
        ledger: what it has measured.
        crew: its workers.
    """

    name: str
    plan: Plan
    ledger: Ledger
    crew: Crew


def alternating(
    arms: Sequence[Arm],
    *,
    cores: Cores,
    rng: Random,
    timeout: float,
    stop: Callable[[], bool],
    tell: Callable[[Phase, str], None],
    rounds: int = ROUNDS,
) -> Pairs:
    """Pairs of these sides on this machine. Arguments are those of `Pairs`."""
    watch = Watch(Path("/"), cores.only, cores.everywhere)
    return Pairs(arms=arms, rng=rng, cores=cores, watch=watch, timeout=timeout, stop=stop, tell=tell, rounds=rounds)


class _Broken(Exception):
    """A worker is gone in the middle of a pair: half of it is none."""


@dataclass(slots=True, kw_only=True)
class Pairs:
    """Measures pairs.

    Attributes:
        arms: the sides; blocks are sized by the calls of the first.
        rng: draws orders.
        cores: where workers get ready, and where they measure.
        watch: sees what else goes on.
        timeout: seconds that one call may take.
        stop: whether somebody asked for the end.
        tell: what is happening: a phase and a case's id.
        rounds: in each pair.
        done: one entry for each pair.
    """

    arms: Sequence[Arm]
    rng: Random
    cores: Cores
    watch: Watch
    timeout: float
    stop: Callable[[], bool]
    tell: Callable[[Phase, str], None]
    rounds: int = ROUNDS
    done: list[Round] = field(default_factory=list)
    _sizes: dict[str, Block] = field(default_factory=dict)

    def open_cases(self) -> list[Case]:
        """Those that can be measured on all sides."""
        shared = set.intersection(*({case.id for case in arm.ledger.open_cases()} for arm in self.arms))
        return [case for case in self.arms[0].plan.cases if case.id in shared]

    def get_ready(self, times: Times) -> None:
        """Has every side verified once, thoroughly, and its messages written; its workers go again."""
        for arm in self.arms:
            self.tell("start-up", arm.name)
            arm.crew.muster(arm.ledger.open_cases(), arm.plan.payloads, wave=0, times=times)
            arm.crew.dismiss()

    def measure(self, times: Times) -> None:
        """One pair. What its workers die of is left out, and the pair is begun again without it.

        Raises:
            Stopped: somebody asked for the end; this pair does not count.
        """
        for _ in range(len(self.arms[0].plan.cases) + _TRIES):
            try:
                self._attempt(replace(times, verify=0.0))
            except _Broken:
                continue
            finally:
                self._part()
            return

    def _part(self) -> None:
        """Ends the workers of all sides; of what is not committed nothing counts."""
        for arm in self.arms:
            arm.crew.dismiss()

    def _attempt(self, times: Times) -> None:
        wave, started, begin = len(self.done), _now(), time.monotonic()
        self.tell("start-up", "")
        cases = self.open_cases()
        order = self._shuffled()
        steps = [one for arm in order for one in arm.crew.steps(cases, arm.plan.payloads, wave=wave, times=times)]
        take_steps(steps, at_once=len(self.cores.everywhere), patience=self.timeout, stop=self.stop)
        for arm in self.arms:
            arm.crew.settle()
        cases = self.open_cases()
        if not cases:
            return
        inside_ns = 0.0
        self.watch.begin(self._pids())
        try:
            self._floors()
            self._warm_up(cases)
            for n in range(self.rounds):
                if n == self.rounds // 2:
                    self._floors()
                inside_ns += self._round(cases)
        except BaseException:
            for arm in self.arms:
                arm.ledger.forget()
            raise
        made = Round(
            n=wave + 1,
            wave=wave,
            started=started,
            seconds=round(time.monotonic() - begin, 4),
            block_seconds=round(inside_ns / 1e9, 4),
            disturbance=self.watch.end(self._pids()),
        )
        self.done.append(made)

    def _pids(self) -> list[int]:
        return [member.link.pid for arm in self.arms for member in arm.crew.members.values()]

    def _shuffled(self) -> list[Arm]:
        return self.rng.sample(list(self.arms), len(self.arms))

    def _round(self, cases: list[Case]) -> float:
        """Every case once on every side; returns the ns inside blocks."""
        inside_ns = 0.0
        self.rng.shuffle(cases)
        for case in cases:
            self.tell("round", case.id)
            for arm in self._shuffled():
                inside_ns += self._block(arm, case)
        for arm in self.arms:
            arm.ledger.commit(disturbed=False)
        return inside_ns

    def _floors(self) -> None:
        for arm in self._shuffled():
            for member in list(arm.crew.members.values()):
                for _ in range(_FLOORS):
                    try:
                        answer = member.link.ask({"do": "floor"}, patience=self.timeout, stop=self.stop)
                    except WorkerFailure as failure:
                        self._fail(
                            arm, [case for case in arm.ledger.open_cases() if _is_of(case, member, arm)], failure
                        )
                    else:
                        member.process.take(answer)

    def _warm_up(self, cases: list[Case]) -> None:
        self.rng.shuffle(cases)
        for case in cases:
            self.tell("warm-up", case.id)
            for arm in self._shuffled():
                answer = self._ask(arm, case, {"do": "warm", "limit_ns": _WARM_NS}, _WARM_NS / 1e9)
                arm.ledger.warm(case, self._member(arm, case).process, answer)
            if case.id not in self._sizes:
                self._sizes[case.id] = size(self.arms[0].ledger.ns_per_call(case))

    def _block(self, arm: Arm, case: Case) -> float:
        """One block, of as many calls on every side."""
        planned, threads = self._sizes[case.id], case.conditions.threads
        request = {
            "do": "block",
            "threads": threads,
            "lead_in_calls": planned.lead_in_calls,
            "lead_in_ns": planned.lead_in_ns,
            "lead_in_limit_ns": planned.lead_in_limit_ns,
            "lead_in_at_most": max(planned.lead_in_calls, planned.calls),
            "calls": planned.calls,
            "batch": planned.batch,
        }
        with arm.crew.spread_out(self._member(arm, case), threads):
            answer = self._ask(arm, case, request, 4 * threads * planned.expected_ns / 1e9)
        arm.ledger.block(case, answer)
        return float(answer["block_ns"])

    def _member(self, arm: Arm, case: Case) -> Member:
        return arm.crew.members[planning.station(case)]

    def _ask(self, arm: Arm, case: Case, request: dict[str, Any], seconds: float) -> Answer:
        member = self._member(arm, case)
        about = {"payload": case.payload, "operation": str(case.operation), "gc": case.conditions.gc}
        with contextlib.ExitStack() as stack:
            for other in self.arms:
                stack.enter_context(other.crew.alone(member))
            try:
                answer = member.link.ask(request | about, patience=self.timeout + seconds, stop=self.stop)
            except WorkerFailure as failure:
                self._fail(arm, [case], failure)
        member.busy = notices.note(arm.ledger, [case], answer) or member.busy
        return answer

    def _fail(self, arm: Arm, cases: Sequence[Case], failure: WorkerFailure) -> NoReturn:
        """Ends the cases on that side, and with it the pair.

        Raises:
            _Broken: always.
        """
        arm.crew.fail(cases, failure)
        raise _Broken from failure


def _is_of(case: Case, member: Member, arm: Arm) -> bool:
    return arm.crew.members.get(planning.station(case)) is member


def size(ns_per_call: float) -> Block:
    """The size of a block in a pair: about 2 ms, longer where a 99th percentile needs it and does not take too long.

    Args:
        ns_per_call: as warm-up read it on the first side.
    """
    planned = planning.block(ns_per_call, BLOCK_NS)
    if planned.calls >= CALLS_FOR_TAIL or CALLS_FOR_TAIL * ns_per_call > LONGER_BLOCK_NS:
        return planned
    more = (CALLS_FOR_TAIL - planned.calls) * ns_per_call
    return replace(planned, calls=CALLS_FOR_TAIL, expected_ns=planned.expected_ns + more)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
