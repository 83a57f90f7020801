"""Rounds: every case once, one block each, in a fresh random order; a disturbed round is measured again."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from serbench.errors import WorkerFailure
from serbench.harness import noise, notices
from serbench.harness import plan as planning
from serbench.records.samples import Round

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from random import Random

    from serbench.harness.crew import Crew, Member, Times
    from serbench.harness.disturbance import Watch
    from serbench.harness.inbox import Answer
    from serbench.harness.ledger import Ledger
    from serbench.harness.plan import Plan, Spooled, Station
    from serbench.harness.state import Phase
    from serbench.records.cases import Case
    from serbench.records.samples import Disturbance

WARM_UP_NS = 10_000_000
WARM_UP_LIMIT_NS = 200_000_000
REPEATED_AT_MOST = 0.25
"""Share of all rounds that may be measured again: on a machine that is never quiet the rest stays, with its label."""


@dataclass(slots=True, kw_only=True)
class Rounds:
    """Measures rounds with the workers of a crew and keeps count of them.

    Attributes:
        plan: what the run measures.
        ledger: takes in what is measured.
        crew: the workers.
        rng: draws the orders.
        watch: sees what else goes on.
        timeout: seconds that one call may take.
        stop: whether somebody asked for the end.
        tell: what is happening: a phase and a case's id.
        spend: adds seconds to a phase.
        meter: the machine's noise.
        done: all rounds so far.
    """

    plan: Plan
    ledger: Ledger
    crew: Crew
    rng: Random
    watch: Watch
    timeout: float
    stop: Callable[[], bool]
    tell: Callable[[Phase, str], None]
    spend: Callable[[str, float], None]
    meter: noise.Meter
    done: list[Round]
    _warm: set[str] = field(default_factory=set)
    _wave: int = 0
    _payloads: Sequence[Spooled] = ()
    _times: Times = field(init=False)
    _holding: bool = False
    _first: bool = True

    def begin(self, wave: int, payloads: Sequence[Spooled], times: Times) -> None:
        """A new generation of workers is ready."""
        self._wave, self._payloads, self._times = wave, payloads, times
        self._warm = set()
        self._first = True

    def end(self) -> None:
        """The generation ends: a round that was set aside and not measured again stays, with its label."""
        self.ledger.commit_held()
        self._holding = False

    def measure(self, cases: list[Case], share_ns: float, deadline: float) -> bool:
        """One round; False, and no round, where the time was over before its first block.

        Args:
            cases: shuffled here.
            share_ns: what each case may take.
            deadline: of `time.monotonic`: no block begins after it.
        """
        started, begin = datetime.now(UTC).isoformat(timespec="milliseconds"), time.monotonic()
        pids = [member.link.pid for member in self.crew.members.values()]
        self.watch.begin(pids)
        for station in list(self.crew.members):
            self._floor_of(station)
        inside_ns = warm_seconds = 0.0
        self._noise(share_ns)
        self.rng.shuffle(cases)
        if time.monotonic() > deadline:
            return False
        for case in cases:
            if time.monotonic() > deadline:
                break
            with self._costs_its_case_only(case):
                if case.id not in self._warm:
                    warm_seconds += self._warm_up(case, share_ns)
                    self._warm.add(case.id)
                inside_ns += self._block(case, share_ns)
        disturbance = self.watch.end([member.link.pid for member in self.crew.members.values()])
        seconds = time.monotonic() - begin
        self.spend("warm_up", warm_seconds)
        self.spend("blocks", inside_ns / 1e9)
        self.spend("between_blocks", seconds - warm_seconds - inside_ns / 1e9)
        made = Round(
            n=len(self.done) + 1,
            wave=self._wave,
            started=started,
            seconds=round(seconds, 4),
            block_seconds=round(inside_ns / 1e9, 4),
            disturbance=disturbance,
        )
        self._settle(made, disturbance)
        return True

    def _settle(self, made: Round, disturbance: Disturbance) -> None:
        """Takes the round in, or sets it aside to be measured again.

        What decides is what other programs did, never what was measured: nothing is chosen by its outcome. One round at
        a time is set aside, never the first of a generation, so that every case has a number after it.
        """
        repeated = sum(round_.repeated for round_ in self.done)
        few = repeated + 1 <= REPEATED_AT_MOST * (len(self.done) + 2)  # with this round and the one in its place
        may_hold = few and not self._first and not self._holding
        self._first = False
        if disturbance.disturbed and may_hold:
            self.ledger.hold()
            self._holding = True
        else:
            if self._holding and not disturbance.disturbed:
                self.ledger.drop_held()
                self.done[-1] = replace(self.done[-1], repeated=True)
            self.ledger.commit_held()
            self._holding = False
            self.ledger.commit(disturbed=disturbance.disturbed)
        self.done.append(made)

    @contextlib.contextmanager
    def _costs_its_case_only(self, case: Case) -> Iterator[None]:
        """What fails in here ends the case. If the worker went with it, another takes its place for other cases.

        A worker that was killed from outside has lost a block; the case goes on with another, and ends the second time.
        """
        try:
            yield
        except WorkerFailure as failure:
            self.crew.fail([case], failure)
            self._replace(planning.station(case))

    def _replace(self, station: Station) -> None:
        member = self.crew.members.get(station)
        if not member or member.link.alive:
            return
        self.crew.lose(station)
        own = [other for other in self.ledger.open_cases() if planning.station(other) == station]
        names = {payload.info.name for payload in self._payloads}
        own = [other for other in own if other.payload in names]
        self._warm -= {other.id for other in own}
        begin = time.monotonic()
        self.crew.muster(own, self._payloads, wave=self._wave, times=replace(self._times, verify=0.0))
        self.spend("start_up", time.monotonic() - begin)
        self._floor_of(station)

    def _floor_of(self, station: Station) -> None:
        """Reads the floor; a worker that cannot is given up, and the case that asks it next says why."""
        if member := self.crew.members.get(station):
            try:
                member.process.take(member.link.ask({"do": "floor"}, patience=self.timeout, stop=self.stop))
            except WorkerFailure as failure:
                member.link.give_up(str(failure))

    def _noise(self, share_ns: float) -> None:
        """Empty calls for as long as a middle case has, in a worker in which nothing goes on by itself."""
        quiet = [member for member in self.crew.members.values() if member.link.alive and not member.busy]
        if not quiet:
            return
        member = self.rng.choice(quiet)
        enough = self.meter.observed_ns + planning.SINGLES_SHARE * min(share_ns, planning.BLOCK_NS_AT_MOST) / 2
        request = {"do": "noise", "calls": noise.calls(share_ns)}
        try:
            while self.meter.observed_ns < enough:
                self.meter.take(member.link.ask(request, patience=self.timeout, stop=self.stop))
        except WorkerFailure as failure:
            member.link.give_up(str(failure))

    def _member(self, case: Case) -> Member:
        try:
            return self.crew.members[planning.station(case)]
        except KeyError:
            raise WorkerFailure("its worker could not be started again") from None

    def _ask(self, case: Case, request: dict[str, Any], seconds: float) -> Answer:
        member = self._member(case)
        about = {"payload": case.payload, "operation": str(case.operation), "gc": case.conditions.gc}
        with self.crew.alone(member):
            answer = member.link.ask(request | about, patience=self.timeout + seconds, stop=self.stop)
        member.busy = notices.note(self.ledger, [case], answer) or member.busy
        return answer

    def _warm_up(self, case: Case, share_ns: float) -> float:
        self.tell("warm-up", case.id)
        begin = time.monotonic()
        limit = int(min(WARM_UP_LIMIT_NS, max(WARM_UP_NS, 2 * share_ns)))
        answer = self._ask(case, {"do": "warm", "limit_ns": limit}, limit / 1e9)
        self.ledger.warm(case, self._member(case).process, answer)
        return time.monotonic() - begin

    def _block(self, case: Case, share_ns: float) -> float:
        """One block; returns the ns inside it."""
        self.tell("round", case.id)
        ns_per_call, threads = self.ledger.ns_per_call(case), case.conditions.threads
        size = planning.block(ns_per_call, share_ns, case.conditions.instances)
        request = {
            "do": "block",
            "threads": threads,
            "lead_in_calls": size.lead_in_calls,
            "lead_in_ns": size.lead_in_ns,
            "lead_in_limit_ns": size.lead_in_limit_ns,
            "lead_in_at_most": max(size.lead_in_calls, int(size.lead_in_limit_ns / ns_per_call)),
            "calls": size.calls,
            "batch": size.batch,
        }
        with self.crew.spread_out(self._member(case), threads):
            answer = self._ask(case, request, 4 * threads * size.expected_ns / 1e9)
        self.ledger.block(case, answer)
        return float(answer["block_ns"])
