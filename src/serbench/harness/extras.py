"""The passes besides time: sizes under compressors, memory, cold start, instructions, in workers of their own."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from serbench.errors import WorkerFailure
from serbench.harness import compression, instructions, passes
from serbench.harness.link import Link, close_all
from serbench.sides.base import HERE
from serbench.worker import exchange, protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from serbench.harness.cores import Cores
    from serbench.harness.inbox import Answer
    from serbench.harness.ledger import Ledger
    from serbench.harness.plan import Plan, Spooled
    from serbench.records.cases import Case, Pass, PayloadInfo
    from serbench.sides.base import Launch

SHARES: dict[Pass, float] = {"size": 0.1, "memory": 0.25, "cold": 0.25, "instructions": 0.25}
"""Of the budget; what they leave is for time."""

REMEDY = "What else was measured stands; to look closer measure it alone (serbench run --pass, serbench gate --metric)."
"""What is said of a pass that failed."""

TRACED_CALLS, TRACED_BYTES = 64, 1_000_000
"""Calls under the tracer of memory, at the most, and what their messages may take together as JSON; four in any case.

Known before anything is measured, so that two measurements of the same code are of the same messages.
"""

COLD_PROCESSES = 7
START_SECONDS = 20.0


def share(wanted: Sequence[Pass]) -> float:
    """Of the budget, what the passes besides time may take; all of it where time is not wanted."""
    return sum(SHARES[name] for name in wanted if name != "time") if "time" in wanted else 1.0


@dataclass(slots=True, kw_only=True)
class Extras:
    """Runs the passes.

    Attributes:
        plan: what the run is about.
        ledger: takes in what is found.
        cores: where workers measure.
        memory_bytes: address space of a worker.
        timeout: seconds that one call may take.
        stop: whether somebody asked for the end.
        launch: how workers are started.
        sampler: the one they are to use; empty: the best they have.
        every_case: whether memory is measured of every case, though its time be over.
    """

    plan: Plan
    ledger: Ledger
    cores: Cores
    memory_bytes: int
    timeout: float
    stop: Callable[[], bool]
    launch: Launch = HERE
    sampler: str = ""
    every_case: bool = False
    _payloads: dict[str, Spooled] = field(init=False)
    _codecs: dict[str, str] = field(init=False)
    _digests: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Looks up what is needed by name."""
        self._payloads = {payload.info.name: payload for payload in self.plan.payloads}
        self._codecs = {codec.name: codec.source for codec in self.plan.codecs}

    def run(self, name: Pass, seconds: float) -> Iterator[str]:
        """One pass, in at most about that time; yields the id of each case that it has come to."""
        steps = {
            "size": self._sizes,
            "memory": self._memory,
            "cold": self._cold,
            "instructions": self._instructions,
        }
        yield from steps[name](time.monotonic() + seconds)

    def _sizes(self, deadline: float) -> Iterator[str]:
        """Compresses what codecs have written: the same bytes once, for all cases of all codecs that write them."""
        written: dict[str, list[Case]] = {}
        for case in self.ledger.open_cases():
            if digest := self._digest(case.payload, case.codec):
                written.setdefault(digest, []).append(case)
        for n, cases in enumerate(written.values()):
            left = deadline - time.monotonic()
            if left > 0 or n == 0:
                messages = exchange.read(self._payloads[cases[0].payload].exchange(cases[0].codec))
                found = compression.compress(messages, max(0.0, left) / (len(written) - n))
                for case in cases:
                    self.ledger.found(case, "sizes", found)
            yield cases[0].id

    def _digest(self, payload: str, codec: str) -> str:
        """Of all messages of a payload that a codec has written; empty where there are none."""
        if (payload, codec) not in self._digests:
            path = self._payloads[payload].exchange(codec)
            digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            self._digests[payload, codec] = digest
        return self._digests[payload, codec]

    def _memory(self, deadline: float) -> Iterator[str]:
        """A process for each codec, payload and operation; all conditions share what it finds."""
        groups = self._groups()
        for n, cases in enumerate(groups):
            left = deadline - time.monotonic()
            if left <= 0 and n and not self.every_case:
                return
            request = {
                "seconds": max(0.05, left / (len(groups) - n)),
                "calls": _traced_calls(self._payloads[cases[0].payload].info),
            }
            if answer := self._asked(cases, "memory", request, bind=True):
                for case in cases:
                    self.ledger.found(case, "memory", passes.memory(answer.fields))
            yield cases[0].id

    def _cold(self, deadline: float) -> Iterator[str]:
        """Processes that do nothing but import, bind and call once: a round of all cases, then another.

        They are handed what another worker has encoded: where the time was over before one did, there is nothing.
        """
        groups = [cases for cases in self._groups() if self._exchange(cases[0]).is_file()]
        readings: list[list[dict[str, Any]]] = [[] for _ in groups]
        for n in range(COLD_PROCESSES):
            for cases, read in zip(groups, readings, strict=True):
                if n and time.monotonic() > deadline:
                    return
                if answer := self._asked(cases, "cold", self._cold_request(cases[0]), bind=False):
                    read.append(answer.fields)
                    for case in cases:
                        self.ledger.found(case, "cold_start", passes.cold_start(read))
                yield cases[0].id

    def _instructions(self, deadline: float) -> Iterator[str]:
        """A process under valgrind for each codec, where there is one; all conditions share what it finds."""
        by_codec: dict[str, list[list[Case]]] = {}
        for cases in self._groups():
            by_codec.setdefault(cases[0].codec, []).append(cases)
        for n, (codec, groups) in enumerate(by_codec.items()):
            of_first = {cases[0].id: cases for cases in groups}
            for one in instructions.count(
                [cases[0] for cases in groups],
                source=self._codecs[codec],
                payloads=self._payloads,
                seconds=max(0.0, deadline - time.monotonic()) / (len(by_codec) - n),
                on=self.cores.everywhere,
                stop=self.stop,
                launch=self.launch,
                sampler=self.sampler,
            ):
                for case in of_first[one.case.id]:
                    if one.reason:
                        words = f"Instructions were not counted: {one.reason}. {REMEDY}"
                        self.ledger.caution(case, "no-instructions", words)
                    else:
                        self.ledger.found(case, "instructions", one.instructions_per_call)
                yield one.case.id

    def _exchange(self, case: Case) -> Path:
        return self._payloads[case.payload].exchange(case.codec)

    def _cold_request(self, case: Case) -> dict[str, Any]:
        payload = self._payloads[case.payload]
        return {"codec": case.codec, "spool": str(payload.path), "exchange": str(self._exchange(case))}

    def _groups(self) -> list[list[Case]]:
        """Cases that differ in nothing but their conditions."""
        groups: dict[tuple[str, ...], list[Case]] = {}
        for case in self.ledger.open_cases():
            groups.setdefault((case.codec, case.payload, case.operation), []).append(case)
        return list(groups.values())

    def _asked(self, cases: Sequence[Case], verb: str, request: dict[str, Any], *, bind: bool) -> Answer | None:
        """The answer of a fresh worker; None where it cannot do it, which is told and costs nothing else."""
        case = cases[0]
        link = Link(on=self.cores.measuring, hash_seed=0, launch=self.launch)
        try:
            hello: dict[str, Any] = {"do": "hello", "version": protocol.VERSION, "describe": False}
            hello |= {"sources": [self._codecs[case.codec]], "memory_bytes": self.memory_bytes}
            link.ask(hello, patience=START_SECONDS, stop=self.stop)
            if bind:
                link.ask(self._bind_request(case), patience=max(self.timeout, START_SECONDS), stop=self.stop)
            about = {"do": verb, "payload": case.payload, "operation": str(case.operation)}
            patience = self.timeout + START_SECONDS + request.get("seconds", 0.0)
            return link.ask(about | request, patience=patience, stop=self.stop)
        except WorkerFailure as failure:
            for other in cases:
                self.ledger.caution(other, f"no-{verb}", f"The pass {verb} failed: {failure}. {REMEDY}")
            return None
        finally:
            close_all([link])

    def _bind_request(self, case: Case) -> dict[str, Any]:
        payload = self._payloads[case.payload]
        request: dict[str, Any] = {"do": "bind", "codec": case.codec, "payload": case.payload}
        request |= {"spool": str(payload.path), "exchange": str(payload.exchange(case.codec))}
        return request | {"operations": [str(case.operation)], "prepare_seconds": START_SECONDS, "verify_seconds": 0.0}


def _traced_calls(payload: PayloadInfo) -> int:
    each = payload.bytes_as_json / payload.instances
    return max(4, min(TRACED_CALLS, int(TRACED_BYTES / each)))
