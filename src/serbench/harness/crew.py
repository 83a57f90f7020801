"""Gets workers ready: one per station, started together while nothing is measured. A failure costs its case only."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from serbench.errors import WorkerFailure
from serbench.harness import notices, strays
from serbench.harness import plan as planning
from serbench.harness.link import Link, LinkFailure
from serbench.harness.live import Process
from serbench.harness.readying import take_steps
from serbench.records.cases import Case, CodecInfo, Operation, Status
from serbench.sides.base import HERE, Launch
from serbench.worker import protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
    from random import Random

    from serbench.harness.cores import Cores
    from serbench.harness.inbox import Answer
    from serbench.harness.ledger import Ledger
    from serbench.harness.plan import Spooled, Station
    from serbench.harness.readying import Steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Seconds that getting one codec ready for one payload may take.

    Attributes:
        prepare: for building and encoding; one instance always.
        verify: for comparing what comes back; 0: one instance only, it has been done before.
        heap: for decoding the instances that are held.
    """

    prepare: float
    verify: float
    heap: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """What is particular to the workers of one crew.

    Attributes:
        launch: how they are started.
        sampler: the one they are to use; empty: the best they have.
        burdens: idle loops after each call, in turn, by case id: slowness that is put in on purpose.
    """

    launch: Launch = HERE
    sampler: str = ""
    burdens: Mapping[str, Sequence[int]] = field(default_factory=dict)


class Member:
    """A worker that is ready.

    Attributes:
        link: its process.
        process: what the ledger knows of it.
        busy: whether threads or children of the codec go on running in it.
    """

    def __init__(self, link: Link, process: Process, *, busy: bool) -> None:
        self.link = link
        self.process = process
        self.busy = busy


class Crew:
    """The workers of one wave, by station.

    Args:
        codecs: those of the plan.
        ledger: learns what failed.
        cores: where they get ready, and where they measure.
        rng: hash seeds are drawn from it.
        patience: seconds that one call may take.
        memory_bytes: address space of a worker.
        stop: whether somebody asked for the end.
        kit: how its workers are started and what they are told besides.

    Attributes:
        members: those that are ready.
        sampler: the one that measures; empty before the first worker.
        origins: the file that each module of a measured library was imported from.
    """

    def __init__(
        self,
        *,
        codecs: Sequence[CodecInfo],
        ledger: Ledger,
        cores: Cores,
        rng: Random,
        patience: float,
        memory_bytes: int,
        stop: Callable[[], bool],
        kit: Kit = Kit(),
    ) -> None:
        self._codecs = {codec.name: codec for codec in codecs}
        self._ledger = ledger
        self._cores = cores
        self._rng = rng
        self._patience = patience
        self._memory_bytes = memory_bytes
        self._stop = stop
        self._kit = kit
        self.members: dict[Station, Member] = {}
        self._starting: list[Link] = []
        self._leaving: list[Link] = []
        self.sampler = ""
        self.origins: dict[str, str] = {}

    def muster(self, cases: Sequence[Case], payloads: Sequence[Spooled], *, wave: int, times: Times) -> None:
        """Starts a worker for each station of these cases and has it bind, as many at a time as there are cores.

        Args:
            cases: what is to be measured.
            payloads: what they are of.
            wave: which generation this is.
            times: for one codec with one payload.
        """
        steps, at_once = self.steps(cases, payloads, wave=wave, times=times), len(self._cores.everywhere)
        take_steps(steps, at_once=at_once, patience=self._patience, stop=self._stop)
        self.settle()

    def steps(self, cases: Sequence[Case], payloads: Sequence[Spooled], *, wave: int, times: Times) -> list[Steps]:
        """What `muster` does, for several crews to do at a time: the steps of each worker. Then comes `settle`."""
        stations: dict[Station, list[Case]] = {}
        for case in cases:
            stations.setdefault(planning.station(case), []).append(case)
        # Codecs that are not plain build and convert as well: the longest first.
        longest_first = sorted(stations, key=lambda station: self._codecs[station.codec].model == "plain")
        return [self._steps(station, stations[station], payloads, wave, times) for station in longest_first]

    def settle(self) -> None:
        """Moves those that are ready to where they measure, once nothing of the wave before goes on."""
        self._see_off()
        for member in self.members.values():
            member.link.move(self._cores.measuring)

    def _steps(
        self, station: Station, cases: Sequence[Case], payloads: Sequence[Spooled], wave: int, times: Times
    ) -> Steps:
        """What one worker is asked until it is ready; begun again without what it died of."""
        while self._open(cases):
            seed = self._rng.getrandbits(32)
            link = Link(on=self._cores.everywhere, hash_seed=seed, launch=self._kit.launch)
            self._starting.append(link)
            try:
                hello, busy = yield from self._bind_all(link, station, cases, payloads, times)
            except LinkFailure:
                self._starting.remove(link)
                continue
            self._starting.remove(link)
            process = Process(wave=wave, hash_seed=seed, clock_step_ns=hello["clock_step_ns"])
            self.members[station] = Member(link, process, busy=busy)
            self.sampler = hello["sampler"]
            return

    def _bind_all(
        self, link: Link, station: Station, cases: Sequence[Case], payloads: Sequence[Spooled], times: Times
    ) -> Generator[tuple[Link, dict[str, Any]], Answer, tuple[Answer, bool]]:
        """Says hello and binds. Returns what hello said, and whether the codec leaves something running.

        Raises:
            LinkFailure: the worker is gone; the cases that it died of have been ended.
        """
        try:
            hello = yield link, self._hello(station)
        except WorkerFailure as failure:
            self.fail(self._open(cases), failure)
            link.kill()
            raise LinkFailure(str(failure), link) from None
        busy = notices.note(self._ledger, cases, hello)
        self.origins |= hello["origins"]
        for payload in payloads:
            own = [case for case in self._open(cases) if case.payload == payload.info.name]
            if not own:
                continue
            try:
                answer = yield link, self._bind(station, payload, own, times)
            except LinkFailure as failure:
                only_read = [case for case in own if case.operation is Operation.READ] if link.doing == "read" else own
                self.fail(only_read or own, failure)
                raise
            except WorkerFailure as failure:
                self.fail(own, failure)
            else:
                busy = notices.note(self._ledger, own, answer) or busy
                self.origins |= answer.fields.get("origins", {})
                self._bound(own, answer, thorough=times.verify > 0)
        return hello, busy

    def _hello(self, station: Station) -> dict[str, Any]:
        source = self._codecs[station.codec].source
        request = {"do": "hello", "version": protocol.VERSION, "sources": [source], "describe": False}
        return request | {"memory_bytes": self._memory_bytes, "sampler": self._kit.sampler}

    def _bind(self, station: Station, payload: Spooled, cases: Sequence[Case], times: Times) -> dict[str, Any]:
        operations = sorted({str(case.operation) for case in cases})
        request: dict[str, Any] = {"do": "bind", "codec": station.codec, "payload": payload.info.name}
        request |= {"spool": str(payload.path), "exchange": str(payload.exchange(station.codec))}
        request |= {"prepare_seconds": times.prepare, "verify_seconds": times.verify, "operations": operations}
        if burdens := {str(case.operation): own for case in cases if (own := self._kit.burdens.get(case.id))}:
            request["burdens"] = burdens
        return request | {"heap": station.setting.heap_objects, "heap_seconds": times.heap}

    def _open(self, cases: Sequence[Case]) -> list[Case]:
        """Those that can still be measured."""
        still = {case.id for case in self._ledger.open_cases()}
        return [case for case in cases if case.id in still]

    def fail(self, cases: Sequence[Case], failure: WorkerFailure) -> None:
        """Ends the cases that a worker failed in; the first time that it was killed from outside they may go on."""
        outside = isinstance(failure, LinkFailure) and failure.from_outside
        for case in cases:
            if not (outside and self._ledger.strike(case, str(failure))):
                self._ledger.end(case, Status.FAILED, str(failure))

    def _bound(self, cases: Sequence[Case], answer: Answer, *, thorough: bool) -> None:
        for case in cases:
            if answer["is"] == "refused":
                self._ledger.end(case, Status.SKIPPED, answer["reason"])
                continue
            ready = answer["operations"][case.operation]
            if ready["status"] != "ready":
                self._ledger.end(case, Status(ready["status"]), ready["reason"])
                continue
            if answer["heap"] < case.conditions.heap_objects:
                few = (
                    f"{answer['heap']:,} of {case.conditions.heap_objects:,} live objects could be decoded in the time"
                )
                self._ledger.end(case, Status.FAILED, f"{few}; give a longer --budget, or a smaller --heap")
                continue
            self._ledger.bound(case, answer)
            if answer["ready"] < answer["of"]:
                fact = f"{answer['ready']} of {answer['of']} instances were built and encoded in the time there was"
                remedy = "Calls rotate over these: give a longer --budget, or fewer --instances to all codecs."
                self._ledger.caution(case, "fewer-instances", f"{fact}. {remedy}")
            if thorough and answer["verified"] < answer["ready"]:
                words = f"{answer['verified']} of {answer['ready']} instances were verified before timing"
                self._ledger.caution(case, "verified-in-part", f"{words}. Give a longer --budget to verify all.")

    @contextlib.contextmanager
    def alone(self, member: Member) -> Iterator[None]:
        """Keeps workers still in which something goes on by itself, but for that one."""
        others = [other for other in self.members.values() if other.busy and other is not member]
        for other in others:
            other.link.keep_still(True)
        try:
            yield
        finally:
            for other in others:
                self._wake(other)

    @contextlib.contextmanager
    def spread_out(self, member: Member, threads: int) -> Iterator[None]:
        """Lets several threads use every core; the orchestrator only waits meanwhile."""
        if threads > 1:
            member.link.move(self._cores.everywhere)
        try:
            yield
        finally:
            if threads > 1:
                member.link.move(self._cores.measuring)

    def _wake(self, member: Member) -> None:
        if member.busy:
            member.link.keep_still(False)

    def lose(self, station: Station) -> None:
        """A worker is gone or no longer trusted: ends it and keeps what it has measured."""
        member = self.members.pop(station)
        self._ledger.close(member.process)
        member.link.kill()

    def relieve(self) -> None:
        """Ends the wave: what was measured is final. Its workers go while others get ready."""
        for member in self.members.values():
            self._ledger.close(member.process)
            self._wake(member)
            member.link.move(self._cores.everywhere)  # giving much memory back takes time: not all on one core
            member.link.dismiss()
            self._leaving.append(member.link)
        for link in self._starting:
            link.kill()
        self._starting.clear()
        if any(member.busy for member in self.members.values()):
            self._see_off()
            strays.end(workers=())
        self.members.clear()

    def dismiss(self) -> None:
        """Ends the wave, and waits until all of its workers have gone."""
        self.relieve()
        self._see_off()

    def _see_off(self) -> None:
        for link in self._leaving:
            link.close()
        self._leaving.clear()
