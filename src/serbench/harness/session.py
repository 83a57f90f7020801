"""A run: waves of workers, rounds of blocks in random order, under a budget. Yields after every round."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any, Literal

from serbench.errors import WorkerFailure
from serbench.harness import cores as cores_module
from serbench.harness import memory
from serbench.harness import plan as planning
from serbench.harness.crew import Crew, Times
from serbench.harness.ledger import Ledger
from serbench.harness.link import Stopped
from serbench.harness.state import Event, State
from serbench.records.cases import Status
from serbench.records.samples import Round

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from serbench.harness.crew import Member
    from serbench.harness.plan import Plan, Spooled
    from serbench.records.cases import Case

WAVES_AT_LEAST = 6
WAVES_AT_MOST = 20
SECONDS_PER_EXTRA_WAVE = 10.0
ROUNDS_PER_WAVE = 10
START_UP_SHARE = 0.4
VERIFY_SHARE = 0.15
READY_SECONDS_AT_LEAST = 0.1
CERTAIN = 0.01
GRACE_SHARE, GRACE_SECONDS = 0.5, 5.0  # every case is to have a number: by so much may the first round be late
WARM_UP_NS = 10_000_000
WARM_UP_LIMIT_NS = 200_000_000


@dataclass(slots=True, kw_only=True)
class Session:
    """Measures a plan.

    Attributes:
        plan: what is to be measured.
        seconds: time for it, from now.
        seed: of orders and hash seeds.
        timeout: seconds that one call may take.
        stop: whether somebody asked for the end.
        watch: told what is happening.
    """

    plan: Plan
    seconds: float
    seed: int
    timeout: float
    stop: Callable[[], bool]
    watch: Callable[[Event], None]
    ledger: Ledger = field(init=False)
    _rounds: list[Round] = field(default_factory=list)
    _spent: dict[str, float] = field(
        default_factory=lambda: dict.fromkeys(("start_up", "warm_up", "blocks", "between_blocks"), 0.0)
    )
    _deadline: float = 0.0
    _wave: int = 0
    _waves: int = 1
    _crew: Crew = field(init=False)
    _times: Times = field(init=False)
    _rng: Random = field(init=False)

    def run(self) -> Iterator[State]:
        """Yields the state after every round; the last one is finished."""
        self._deadline = time.monotonic() + self.seconds
        self._rng = Random(f"serbench order {self.seed}")  # text is seeded by its sha512, the same everywhere
        self.ledger = Ledger(self.plan)
        cores = cores_module.split()
        self._crew = Crew(
            ledger=self.ledger,
            cores=cores,
            rng=self._rng,
            patience=self.timeout,
            memory_bytes=memory.limit(),
            stop=self.stop,
        )
        stopped = False
        with cores_module.aside(cores):
            try:
                yield from self._all_waves()
            except Stopped:
                stopped = True
            finally:
                self._crew.dismiss()
        yield self._state(finished=True, stopped=stopped)

    def _state(self, *, finished: bool = False, stopped: bool = False) -> State:
        unreached = "stopped before its first block" if stopped else "the budget was over before its first block"
        return State(
            measurements=self.ledger.measurements(unreached),
            rounds=tuple(self._rounds),
            seconds={name: round(seconds, 3) for name, seconds in self._spent.items()},
            finished=finished,
            stopped=stopped,
        )

    def _left(self) -> float:
        return self._deadline - time.monotonic()

    def _tell(self, phase: Literal["start-up", "warm-up", "round"], case: str = "") -> None:
        n = len(self._rounds) + (phase == "round")
        self.watch(
            Event(
                phase=phase, round=n, wave=self._wave, waves=self._waves, case=case, seconds_left=max(0.0, self._left())
            )
        )

    def _all_waves(self) -> Iterator[State]:
        groups = memory.groups_that_fit(self.plan.payloads, len(self.plan.codecs), memory.available() // 2)
        verified: set[int] = set()
        while self._wave < self._waves:
            for index, group in enumerate(groups):
                if verified and self._left() <= 0:
                    return
                yield from self._one_wave(group, (index, len(groups)), thorough=index not in verified)
                verified.add(index)
            self._wave += 1
            if self._certain():
                return

    def _plan_waves(self, index: int, groups: int) -> float:
        """Plans the waves to come from what getting ready took; returns the seconds that this one has for rounds.

        Six waves, more where there is much time, fewer where getting ready would take over four tenths of it.
        """
        start = self._spent["start_up"] / (self._wave * groups + index + 1)
        wanted = max(WAVES_AT_LEAST, min(WAVES_AT_MOST, int(self.seconds / groups / SECONDS_PER_EXTRA_WAVE)))
        affordable = int(START_UP_SHARE * max(0.0, self._left()) / max(start * groups, 1e-3))
        self._waves = self._wave + 1 + max(0, min(wanted - self._wave - 1, affordable))
        turns = (self._waves - self._wave) * groups - index
        return (self._left() - (turns - 1) * start) / turns

    def _certain(self) -> bool:
        """Whether every case's interval is under 1 % of its value: then more time would buy nothing."""
        if self._wave < WAVES_AT_LEAST:
            return False
        for case in self.ledger.open_cases():
            medians = sorted(self.ledger.worker_medians(case))
            if len(medians) < WAVES_AT_LEAST or medians[-1] - medians[0] > CERTAIN * medians[0]:
                return False
        return True

    def _one_wave(self, group: Sequence[Spooled], turn: tuple[int, int], *, thorough: bool) -> Iterator[State]:
        """One generation of workers for these payloads: start, warm up, rounds, end."""
        names = {payload.info.name for payload in group}
        self._tell("start-up")
        begin = time.monotonic()
        pairs = max(1, len(self.plan.codecs) * len(self.plan.payloads))
        each = max(READY_SECONDS_AT_LEAST, 2 * self.seconds / pairs)  # two get ready at a time
        self._times = Times(prepare=START_UP_SHARE * each, verify=VERIFY_SHARE * each if thorough else 0.0)
        self._crew.muster(self._open_codecs(names), group, wave=self._wave, times=self._times)
        self._spend("start_up", begin)
        try:
            yield from self._rounds_until(time.monotonic() + self._plan_waves(*turn), names, group)
        finally:
            self._crew.dismiss()

    def _rounds_until(self, end: float, names: set[str], group: Sequence[Spooled]) -> Iterator[State]:
        warm: set[str] = set()
        last = share_ns = 0.0
        while True:
            cases = [case for case in self.ledger.open_cases() if case.payload in names]
            now = time.monotonic()
            if not cases or (now + last > end and self._rounds):
                return
            share_ns = share_ns or 1e9 * max(0.0, end - now) / len(cases) / ROUNDS_PER_WAVE
            yield self._round(cases, warm, share_ns, group)
            last = time.monotonic() - now
            if self.stop():
                raise Stopped

    def _open_codecs(self, payloads: set[str]) -> list[Any]:
        wanted = {case.codec for case in self.ledger.open_cases() if case.payload in payloads}
        return [codec for codec in self.plan.codecs if codec.name in wanted]

    def _spend(self, what: str, begin: float) -> float:
        seconds = time.monotonic() - begin
        self._spent[what] += seconds
        return seconds

    def _round(self, cases: list[Case], warm: set[str], share_ns: float, group: Sequence[Spooled]) -> State:
        """Every case once, one block each, in a fresh random order."""
        started, begin = datetime.now(UTC).isoformat(timespec="milliseconds"), time.monotonic()
        inside_ns = warm_seconds = 0.0
        for codec in list(self._crew.members):
            self._floor_of(codec)
        self._rng.shuffle(cases)
        for case in cases:
            if self._left() <= (0 if self._rounds else -max(GRACE_SECONDS, GRACE_SHARE * self.seconds)):
                break
            with self._costs_its_case_only(case, warm, group):
                if case.id not in warm:
                    warm_seconds += self._warm(case, share_ns)
                    warm.add(case.id)
                inside_ns += self._block(case, share_ns)
        seconds = time.monotonic() - begin
        self._spent["warm_up"] += warm_seconds
        self._spent["blocks"] += inside_ns / 1e9
        self._spent["between_blocks"] += seconds - warm_seconds - inside_ns / 1e9
        n = len(self._rounds) + 1
        self._rounds.append(
            Round(
                n=n,
                wave=self._wave,
                started=started,
                seconds=round(seconds, 4),
                block_seconds=round(inside_ns / 1e9, 4),
            )
        )
        return self._state()

    @contextlib.contextmanager
    def _costs_its_case_only(self, case: Case, warm: set[str], group: Sequence[Spooled]) -> Iterator[None]:
        """What fails in here ends the case. If the worker went with it, another takes its place for other cases."""
        try:
            yield
        except WorkerFailure as failure:
            self.ledger.end(case, Status.FAILED, str(failure))
            member = self._crew.members.get(case.codec)
            if member and not member.link.alive:
                self._crew.lose(case.codec)
                warm -= {other.id for other in self.plan.cases if other.codec == case.codec}
                codec = next(codec for codec in self.plan.codecs if codec.name == case.codec)
                begin = time.monotonic()
                self._crew.muster([codec], group, wave=self._wave, times=replace(self._times, verify=0.0))
                self._spend("start_up", begin)
                self._floor_of(case.codec)

    def _floor_of(self, codec: str) -> None:
        """Reads the floor; a worker that cannot is given up, and the case that asks it next says why."""
        if member := self._crew.members.get(codec):
            try:
                member.process.take(member.link.ask({"do": "floor"}, patience=self.timeout, stop=self.stop))
            except WorkerFailure as failure:
                member.link.give_up(str(failure))

    def _member(self, case: Case) -> Member:
        try:
            return self._crew.members[case.codec]
        except KeyError:
            raise WorkerFailure("its worker could not be started again") from None

    def _warm(self, case: Case, share_ns: float) -> float:
        self._tell("warm-up", case.id)
        begin = time.monotonic()
        member = self._member(case)
        limit = int(min(WARM_UP_LIMIT_NS, max(WARM_UP_NS, 2 * share_ns)))
        request = {"do": "warm", "limit_ns": limit, **_of(case)}
        answer = member.link.ask(request, patience=self.timeout + limit / 1e9, stop=self.stop)
        self.ledger.warm(case, member.process, answer)
        return time.monotonic() - begin

    def _block(self, case: Case, share_ns: float) -> float:
        """One block; returns the ns inside it."""
        self._tell("round", case.id)
        member = self._member(case)
        ns_per_call = self.ledger.ns_per_call(case)
        size = planning.block(ns_per_call, share_ns)
        request = {
            "do": "block",
            "lead_in_calls": size.lead_in_calls,
            "lead_in_ns": size.lead_in_ns,
            "lead_in_limit_ns": size.lead_in_limit_ns,
            "lead_in_at_most": max(size.lead_in_calls, int(size.lead_in_limit_ns / ns_per_call)),
            "calls": size.calls,
            "batch": size.batch,
            **_of(case),
        }
        answer = member.link.ask(request, patience=self.timeout + 4 * size.expected_ns / 1e9, stop=self.stop)
        self.ledger.block(case, answer)
        return float(answer["block_ns"])


def _of(case: Case) -> dict[str, str]:
    return {"payload": case.payload, "operation": str(case.operation), "gc": case.conditions.gc}
