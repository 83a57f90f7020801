"""Takes in what workers answer and keeps it per case: a run is complete and valid after every round, only wider."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from serbench.histogram import Histogram
from serbench.records.cases import Caution, Status
from serbench.records.passes import EncodedBytes
from serbench.records.run import Measurement
from serbench.records.samples import Floor, WorkerSamples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.harness.link import Answer
    from serbench.harness.plan import Plan
    from serbench.records.cases import Case


@dataclass(slots=True, kw_only=True)
class Process:
    """One worker process and its readings of the floor.

    Attributes:
        wave: which generation it belongs to.
        hash_seed: its PYTHONHASHSEED.
        clock_step_ns: as its hello said.
    """

    wave: int
    hash_seed: int
    clock_step_ns: float
    singles: list[float] = field(default_factory=list)
    batches: list[float] = field(default_factory=list)
    calls: int = 0

    def take(self, answer: Answer) -> None:
        """One reading of the floor."""
        self.singles.append(answer["ns_per_call"])
        self.batches.append(answer["batch_ns_per_call"])
        self.calls += answer["calls"]

    def floor(self) -> Floor:
        """The readings so far."""
        return Floor(
            ns_per_call=statistics.median(self.singles),
            batch_ns_per_call=statistics.median(self.batches),
            clock_step_ns=self.clock_step_ns,
            calls=self.calls,
        )


@dataclass(slots=True, kw_only=True)
class _Live:
    """What the present worker has measured of a case."""

    process: Process
    warm_up: int
    warm_up_ended: bool
    ns_per_call: float
    histogram: Histogram = field(default_factory=Histogram)
    lead_in: int = 0
    means: list[float] = field(default_factory=list)
    batch_calls: int = 0

    def samples(self) -> WorkerSamples:
        return WorkerSamples(
            calls=self.histogram.total,
            histogram=self.histogram.encode(),
            overflow=self.histogram.overflow,
            lead_in=self.lead_in,
            warm_up=self.warm_up,
            warm_up_ended=self.warm_up_ended,
            ns_per_call=tuple(self.means),
            batch_calls=self.batch_calls,
            floor=self.process.floor(),
            pair=self.process.wave,
            hash_seed=self.process.hash_seed,
        )


class Ledger:
    """Everything measured so far.

    Args:
        plan: what is to be measured.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._ended: dict[str, tuple[Status, str]] = {}
        self._sizes: dict[str, EncodedBytes] = {}
        self._cautions: dict[str, dict[str, Caution]] = {}
        self._closed: dict[str, list[WorkerSamples]] = {}
        self._live: dict[str, _Live] = {}

    def open_cases(self) -> list[Case]:
        """Cases that can still be measured."""
        return [case for case in self._plan.cases if case.id not in self._ended]

    def end(self, case: Case, status: Status, reason: str) -> None:
        """The case has no number, and this is why; what was measured of it before is dropped."""
        self._ended.setdefault(case.id, (status, reason))
        self._closed.pop(case.id, None)
        self._live.pop(case.id, None)

    def bound(self, case: Case, answer: Answer) -> None:
        """A worker has bound the case's codec and payload."""
        size = answer["encoded_bytes"]
        encoded = EncodedBytes(median=size["median"], min=int(size["min"]), max=int(size["max"]))
        self._sizes.setdefault(case.id, encoded)  # a later worker may have had time for fewer instances

    def caution(self, case: Case, name: str, text: str) -> None:
        """Notes what the reader of a case should know; once per name."""
        self._cautions.setdefault(case.id, {}).setdefault(name, Caution(name=name, text=text))

    def warm(self, case: Case, process: Process, answer: Answer) -> None:
        """A worker has warmed up for a case: its samples begin."""
        self._live[case.id] = _Live(
            process=process, warm_up=answer["calls"], warm_up_ended=answer["ended"], ns_per_call=answer["ns_per_call"]
        )

    def ns_per_call(self, case: Case) -> float:
        """What the present worker last read for a call of that case."""
        live = self._live[case.id]
        return max(1.0, live.means[-1] if live.means else live.ns_per_call)  # a clock may stand still

    def block(self, case: Case, answer: Answer) -> None:
        """Folds a block in."""
        live = self._live[case.id]
        live.histogram.fold(np.frombuffer(answer.samples, dtype="<i8"))
        live.lead_in += answer["lead_in"]
        live.means.append(answer["batch_ns"] / answer["batch_calls"])
        live.batch_calls += answer["batch_calls"]

    def close(self, process: Process) -> None:
        """A worker process has ended: what it measured is final."""
        for case_id in [c for c, live in self._live.items() if live.process is process]:
            live = self._live.pop(case_id)
            if live.means:
                self._closed.setdefault(case_id, []).append(live.samples())

    def worker_medians(self, case: Case) -> list[float]:
        """The median batch mean of each worker that has ended, in ns per call."""
        return [statistics.median(samples.ns_per_call) for samples in self._closed.get(case.id, ())]

    def measurements(self, unreached: str) -> tuple[Measurement, ...]:
        """Every case of the plan and where it stands.

        Args:
            unreached: the reason of a case that no block has been measured of.
        """
        measured = {case.id: self._measurement(case, unreached) for case in self._plan.cases}
        same = [
            Measurement(case=case, status=measured[target].status, reason=measured[target].reason, same_as=target)
            for case, target in self._plan.aliases
        ]
        return (*measured.values(), *same, *self._plan.skipped)

    def _measurement(self, case: Case, unreached: str) -> Measurement:
        status, reason = self._ended.get(case.id, (Status.MEASURED, ""))
        live = self._live.get(case.id)
        workers = (*self._closed.get(case.id, ()), *((live.samples(),) if live and live.means else ()))
        if status is Status.MEASURED and not workers:
            status, reason = Status.SKIPPED, unreached
        return Measurement(
            case=case,
            status=status,
            reason=reason,
            encoded_bytes=self._sizes.get(case.id) if status is Status.MEASURED else None,
            workers=workers,
            warnings=(*self._cautions.get(case.id, {}).values(), *_of_warm_up(workers)),
        )


def _of_warm_up(workers: Sequence[WorkerSamples]) -> Iterator[Caution]:
    """Noise caps a warm-up now and then; where most were capped, the case may not be warm."""
    capped = sum(not samples.warm_up_ended for samples in workers)
    if 2 * capped > len(workers):
        fact = f"In {capped} of {len(workers)} workers warm-up reached its cap before two windows agreed within 10 %."
        yield Caution(name="warm-up-capped", text=f"{fact} Give a longer --budget, or quieten the machine.")
