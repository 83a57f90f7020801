"""Gets workers ready: one per codec, started together while nothing is measured. A failure costs its case only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.errors import WorkerFailure
from serbench.harness.ledger import Process
from serbench.harness.link import Answer, Link, LinkFailure, close_all, wait_any
from serbench.records.cases import Case, CodecInfo, Operation, Status
from serbench.worker import protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from random import Random

    from serbench.harness.cores import Cores
    from serbench.harness.ledger import Ledger
    from serbench.harness.plan import Spooled

IMPORT_SECONDS = 20.0
BIND_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Seconds that getting one codec ready for one payload may take.

    Attributes:
        prepare: for building and encoding; one instance always.
        verify: for comparing what comes back; 0: one instance only, it has been done before.
    """

    prepare: float
    verify: float


class Member:
    """A worker that is ready.

    Attributes:
        link: its process.
        process: what the ledger knows of it.
    """

    def __init__(self, link: Link, process: Process) -> None:
        self.link = link
        self.process = process


class Crew:
    """The workers of one wave, by codec name.

    Args:
        ledger: learns what failed.
        cores: where they get ready, and where they measure.
        rng: hash seeds are drawn from it.
        patience: seconds that one call may take.
        memory_bytes: address space of a worker.
        stop: whether somebody asked for the end.
    """

    def __init__(
        self, *, ledger: Ledger, cores: Cores, rng: Random, patience: float, memory_bytes: int, stop: Callable[[], bool]
    ) -> None:
        self._ledger = ledger
        self._cores = cores
        self._rng = rng
        self._patience = patience
        self._memory_bytes = memory_bytes
        self._stop = stop
        self.members: dict[str, Member] = {}
        self._starting: list[Link] = []

    def muster(self, codecs: Sequence[CodecInfo], payloads: Sequence[Spooled], *, wave: int, times: Times) -> None:
        """Starts a worker for each codec and has it bind its payloads, as many at a time as there are cores.

        Args:
            codecs: one worker each.
            payloads: what they bind, as far as cases are still open.
            wave: which generation this is.
            times: for one codec with one payload.
        """
        longest_first = sorted(codecs, key=lambda codec: codec.model == "plain")  # others build and convert as well
        waiting = [self._steps(codec, payloads, wave, times) for codec in longest_first]
        busy: dict[Link, Any] = {}
        width = max(1, len(self._cores.everywhere))
        while waiting or busy:
            while waiting and len(busy) < width:
                steps = waiting.pop(0)
                self._advance(busy, steps, lambda steps=steps: next(steps))  # type: ignore[misc]
            if busy:
                self._hear(busy)
        for member in self.members.values():
            member.link.move(self._cores.measuring)

    def _hear(self, busy: dict[Link, Any]) -> None:
        """Waits for one of those that are getting ready, and has it take its next step."""
        try:
            link = wait_any(list(busy), self._stop)
        except LinkFailure as failure:
            steps, problem = busy.pop(failure.link), failure
            self._advance(busy, steps, lambda: steps.throw(problem))
            return
        steps = busy.pop(link)
        try:
            answer = link.take()
        except WorkerFailure as failure:
            problem_said = failure
            self._advance(busy, steps, lambda: steps.throw(problem_said))
        else:
            self._advance(busy, steps, lambda: steps.send(answer))

    def _advance(self, busy: dict[Link, Any], steps: Any, go_on: Callable[[], tuple[Link, dict[str, Any]]]) -> None:
        try:
            link, request = go_on()
        except StopIteration:
            return
        link.post(request, patience=IMPORT_SECONDS if request["do"] == "hello" else max(self._patience, BIND_SECONDS))
        busy[link] = steps

    def _steps(
        self, codec: CodecInfo, payloads: Sequence[Spooled], wave: int, times: Times
    ) -> Generator[tuple[Link, dict[str, Any]], Answer, None]:
        """What one worker is asked until it is ready; begun again without what it died of."""
        while self._cases(codec, payloads):
            seed = self._rng.getrandbits(32)
            link = Link(on=self._cores.everywhere, hash_seed=seed)
            self._starting.append(link)
            try:
                ready = yield from self._bind_all(link, codec, payloads, times)
            except LinkFailure:
                self._starting.remove(link)
                continue
            self._starting.remove(link)
            process = Process(wave=wave, hash_seed=seed, clock_step_ns=ready)
            self.members[codec.name] = Member(link, process)
            return

    def _bind_all(
        self, link: Link, codec: CodecInfo, payloads: Sequence[Spooled], times: Times
    ) -> Generator[tuple[Link, dict[str, Any]], Answer, float]:
        """Says hello and binds. Returns the clock's step.

        Raises:
            LinkFailure: the worker is gone; the cases that it died of have been ended.
        """
        try:
            hello = yield link, self._hello(codec)
        except WorkerFailure as failure:
            self._fail(self._cases(codec, payloads), failure)
            link.kill()
            raise LinkFailure(str(failure), link) from None
        for payload in payloads:
            cases = self._cases(codec, [payload])
            if not cases:
                continue
            try:
                answer = yield link, self._bind(codec, payload, cases, times)
            except LinkFailure as failure:
                only_read = (
                    [case for case in cases if case.operation is Operation.READ] if link.doing == "read" else cases
                )
                self._fail(only_read or cases, failure)
                raise
            except WorkerFailure as failure:
                self._fail(cases, failure)
            else:
                self._bound(cases, answer, thorough=times.verify > 0)
        return float(hello["clock_step_ns"])

    def _hello(self, codec: CodecInfo) -> dict[str, Any]:
        request = {"do": "hello", "version": protocol.VERSION, "sources": [codec.source], "describe": False}
        return request | {"memory_bytes": self._memory_bytes}

    def _bind(self, codec: CodecInfo, payload: Spooled, cases: Sequence[Case], times: Times) -> dict[str, Any]:
        operations = sorted({str(case.operation) for case in cases})
        request: dict[str, Any] = {"do": "bind", "codec": codec.name, "payload": payload.info.name}
        name = hashlib.sha256(codec.name.encode(errors="surrogatepass")).hexdigest()[:16]
        request |= {"spool": str(payload.path), "exchange": f"{payload.path}.{name}", "operations": operations}
        return request | {"prepare_seconds": times.prepare, "verify_seconds": times.verify}

    def _cases(self, codec: CodecInfo, payloads: Sequence[Spooled]) -> list[Case]:
        names = {payload.info.name for payload in payloads}
        return [c for c in self._ledger.open_cases() if c.codec == codec.name and c.payload in names]

    def _fail(self, cases: Sequence[Case], failure: WorkerFailure) -> None:
        for case in cases:
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
            self._ledger.bound(case, answer)
            if answer["ready"] < answer["of"]:
                fact = f"{answer['ready']} of {answer['of']} instances were built and encoded in the time there was"
                remedy = "Calls rotate over these: give a longer --budget, or fewer --instances to all codecs."
                self._ledger.caution(case, "fewer-instances", f"{fact}. {remedy}")
            if thorough and answer["verified"] < answer["ready"]:
                words = f"{answer['verified']} of {answer['ready']} instances were verified before timing"
                self._ledger.caution(case, "verified-in-part", f"{words}. Give a longer --budget to verify all.")

    def lose(self, codec: str) -> None:
        """A worker is gone or no longer trusted: ends it and keeps what it has measured."""
        member = self.members.pop(codec)
        self._ledger.close(member.process)
        member.link.kill()

    def dismiss(self) -> None:
        """Ends the wave: what was measured is final."""
        for member in self.members.values():
            self._ledger.close(member.process)
            member.link.move(self._cores.everywhere)  # giving much memory back takes time: not all on one core
        close_all([member.link for member in self.members.values()])
        for link in self._starting:
            link.kill()
        self.members.clear()
        self._starting.clear()
