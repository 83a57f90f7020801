"""Takes in what workers answer and keeps it per case: a run is complete and valid after every round, only wider."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from serbench.harness.live import Live, Process
from serbench.histogram import Histogram
from serbench.records.cases import Caution, Status
from serbench.records.passes import EncodedBytes
from serbench.records.run import Measurement
from serbench.statistics import tail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from serbench.harness.inbox import Answer
    from serbench.harness.plan import Plan
    from serbench.records.cases import Case
    from serbench.records.samples import Labels, WorkerSamples

DISTURBED_SHARE = 0.2
"""From this share of disturbed blocks on a case carries a caution."""


@dataclass(slots=True, kw_only=True)
class _Account:
    """What is known of one case.

    Attributes:
        closed: workers that have ended, with their slowest calls.
        labels: what its slowest calls were, of workers that have ended.
        live: the present worker.
        ready: instances that its calls rotate over.
        strikes: how a worker of it was killed from outside, each time.
        blocks: blocks so far, and how many of them were disturbed.
    """

    ended: tuple[Status, str] | None = None
    encoded: EncodedBytes | None = None
    cautions: dict[str, Caution] = field(default_factory=dict)
    closed: list[tuple[WorkerSamples, tail.Slowest]] = field(default_factory=list)
    labels: Labels | None = None
    live: Live | None = None
    ready: int = 1
    strikes: list[str] = field(default_factory=list)
    blocks: list[int] = field(default_factory=lambda: [0, 0])
    passes: dict[str, Any] = field(default_factory=dict)


class Ledger:
    """Everything measured so far.

    Args:
        plan: what is to be measured.
        observe: told of every block that counts.
        paired: whether another side's workers measure the same blocks.
    """

    def __init__(
        self,
        plan: Plan,
        observe: Callable[[Case, Answer], None] = lambda _case, _answer: None,
        *,
        paired: bool = False,
    ) -> None:
        self._plan = plan
        self._observe = observe
        self._paired = paired
        self._in_order = [(case, _Account(ready=case.conditions.instances)) for case in plan.cases]
        self._accounts = {case.id: account for case, account in self._in_order}

    def restore(self, measurements: Sequence[Measurement]) -> None:
        """What an earlier part of the same run has measured."""
        for m in measurements:
            if m.same_as or m.case.id not in self._accounts:
                continue
            account = self._accounts[m.case.id]
            if m.status in (Status.FAILED, Status.INCORRECT):
                account.ended = m.status, m.reason
            account.encoded = m.encoded_bytes
            account.closed = [(samples, tail.recalled(samples)) for samples in m.workers]
            account.labels = m.labels
            # Whether most warm-ups were capped is seen from all workers again.
            account.cautions = {caution.name: caution for caution in m.warnings if caution.name != "warm-up-capped"}
            account.passes = {
                name: found for name in ("sizes", "memory", "cold_start", "instructions") if (found := getattr(m, name))
            }

    def open_cases(self) -> list[Case]:
        """Cases that can still be measured."""
        return [case for case, account in self._in_order if not account.ended]

    def end(self, case: Case, status: Status, reason: str) -> None:
        """The case has no number, and this is why; what was measured of it before is dropped."""
        account = self._accounts[case.id]
        account.ended = account.ended or (status, reason)
        account.closed, account.live = [], None

    def strike(self, case: Case, reason: str) -> bool:
        """A worker that measured the case was killed from outside; whether it may go on with another one.

        Args:
            case: which.
            reason: how the worker ended: that of the case, if it comes to no block.
        """
        self._accounts[case.id].strikes.append(reason)
        fact = "A worker that measured it was killed from outside (SIGKILL or SIGTERM); at most a block was lost"
        remedy = "See whether the system ran out of memory; the numbers are those of the other blocks."
        self.caution(case, "worker-killed", f"{fact}. {remedy}")
        return len(self._accounts[case.id].strikes) < 2

    def fail_killed(self, *, timed: bool) -> None:
        """Nothing more will be measured: a case whose worker was killed, and that came to nothing, has failed of that.

        Args:
            timed: whether blocks were wanted: without one, what other passes have found is no result.
        """
        for case, account in self._in_order:
            if account.strikes and not account.closed and (timed or not account.passes):
                self.end(case, Status.FAILED, account.strikes[-1])

    def bound(self, case: Case, answer: Answer) -> None:
        """A worker has bound the case's codec and payload."""
        account, size = self._accounts[case.id], answer["encoded_bytes"]
        account.ready = answer["ready"]
        # A later worker may have had time for fewer instances.
        account.encoded = account.encoded or EncodedBytes(
            mean=size["mean"], median=size["median"], min=int(size["min"]), max=int(size["max"])
        )

    def caution(self, case: Case, name: str, text: str) -> None:
        """Notes what the reader of a case should know; once per name."""
        self._accounts[case.id].cautions.setdefault(name, Caution(name=name, text=text))

    def found(self, case: Case, name: str, value: Any) -> None:
        """What a pass besides time has found: a field of `Measurement`."""
        self._accounts[case.id].passes[name] = value

    def warm(self, case: Case, process: Process, answer: Answer) -> None:
        """A worker has warmed up for a case: its samples begin."""
        account = self._accounts[case.id]
        observe = partial(self._observe, case)
        threads = case.conditions.threads
        account.live = Live(
            process, answer, threads=threads, instances=account.ready, observe=observe, paired=self._paired
        )

    def ns_per_call(self, case: Case) -> float:
        """What the present worker last read for a call of that case."""
        live = self._accounts[case.id].live
        assert live
        return max(1.0, live.ns_per_call)  # a clock may stand still

    def block(self, case: Case, answer: Answer) -> None:
        """A block of the present round. It counts when the round is committed."""
        live = self._accounts[case.id].live
        assert live
        live.wait(answer)

    def commit(self, *, disturbed: bool) -> None:
        """The round's blocks count."""
        for account in self._lively():
            account.blocks[0] += len(account.live.waiting)
            account.blocks[1] += len(account.live.waiting) * disturbed
            account.live.fold(account.live.waiting)

    def hold(self) -> None:
        """The round's blocks are set aside: they count if the round is not measured again."""
        for account in self._lively():
            account.live.held, account.live.waiting = account.live.waiting, []

    def drop_held(self) -> None:
        """What was set aside has been measured again."""
        for account in self._lively():
            account.live.held.clear()

    def commit_held(self) -> None:
        """What was set aside counts, disturbed as it was."""
        for account in self._lively():
            account.blocks[0] += len(account.live.held)
            account.blocks[1] += len(account.live.held)
            account.live.fold(account.live.held)

    def _lively(self) -> list[Any]:
        return [account for account in self._accounts.values() if account.live]

    def forget(self) -> None:
        """What the present workers have measured does not count: half of a pair is none."""
        for account in self._lively():
            account.live = None

    def close(self, process: Process) -> None:
        """A worker process has ended: what it measured is final."""
        for account in self._lively():
            if account.live.process is process:
                account.live.fold(account.live.held)
                account.live.fold(account.live.waiting)
                if account.live.measured:
                    account.closed.append(account.live.closed())
                    account.labels, of = _labels(account.closed)
                    if of < len(account.closed):
                        account.cautions["labels-in-part"] = _of_labels(of, len(account.closed))
                account.live = None

    def worker_medians(self, case: Case) -> list[float]:
        """The median batch mean of each worker that has ended, in ns per call."""
        return [statistics.median(samples.ns_per_call) for samples, _ in self._accounts[case.id].closed]

    def measurements(self, unreached: str) -> tuple[Measurement, ...]:
        """Every case of the plan and where it stands.

        Args:
            unreached: the reason of a case that no block has been measured of.
        """
        measured = {case.id: self._measurement(case, account, unreached) for case, account in self._in_order}
        same = [
            Measurement(case=case, status=measured[target].status, reason=measured[target].reason, same_as=target)
            for case, target in self._plan.aliases
        ]
        return (*measured.values(), *same, *self._plan.skipped)

    def _measurement(self, case: Case, account: _Account, unreached: str) -> Measurement:
        status, reason = account.ended or (Status.MEASURED, "")
        workers = tuple(samples for samples, _ in account.closed)
        if account.live and account.live.has_blocks:
            workers = (*workers, account.live.as_it_stands())
        # Without a clock a side of a pair is measured once it has verified and encoded.
        found = workers or account.passes or (self._paired and account.encoded)
        if status is Status.MEASURED and not found:
            status, reason = Status.SKIPPED, unreached
        measured = status is Status.MEASURED
        return Measurement(
            case=case,
            status=status,
            reason=reason,
            encoded_bytes=account.encoded if measured else None,
            workers=workers,
            labels=account.labels if measured else None,
            warnings=tuple(_cautions(account, workers)),
            **(account.passes if measured else {}),
        )


def _labels(known: Sequence[tuple[WorkerSamples, tail.Slowest]]) -> tuple[Labels | None, int]:
    """What the case's slowest calls were, and of how many workers.

    Of those of this sitting alone where a run that was resumed knows too little of the others.
    """
    for kept in (known, [pair for pair in known if pair[1].beyond_ns < 0 or len(pair[1].ns) > tail.TIMELINE]):
        if kept and (found := tail.labels([slow for _, slow in kept], Histogram.merge(s.histogram for s, _ in kept))):
            return found, len(kept)
    return None, len(known)


def _of_labels(workers: int, of: int) -> Caution:
    text = (
        f"The run was resumed, and what the slowest calls were is known of {workers} of {of} workers: they are not the "
        "slowest of all. Measure again in one go to know it of all."
    )
    return Caution(name="labels-in-part", text=text)


def _cautions(account: _Account, workers: Sequence[WorkerSamples]) -> Iterator[Caution]:
    """Those that were noted, and those that follow from all of it."""
    computed = {caution.name: caution for caution in (*_of_warm_up(workers), *_of_disturbance(*account.blocks))}
    yield from (account.cautions | computed).values()


def _of_warm_up(workers: Sequence[WorkerSamples]) -> Iterator[Caution]:
    """Noise caps a warm-up now and then; where most were capped, the case may not be warm."""
    capped = sum(not samples.warm_up_ended for samples in workers)
    if 2 * capped > len(workers):
        fact = f"In {capped} of {len(workers)} workers warm-up reached its cap before two windows agreed within 10 %."
        yield Caution(name="warm-up-capped", text=f"{fact} Give a longer --budget, or quieten the machine.")


def _of_disturbance(blocks: int, disturbed: int) -> Iterator[Caution]:
    if disturbed > DISTURBED_SHARE * blocks:
        fact = (
            f"Other programs disturbed {disturbed} of its {blocks} blocks and there was no time to measure all again."
        )
        what = "Its tail, its typical time and its ranks" if 2 * disturbed >= blocks else "Its tail"
        yield Caution(name="disturbed", text=f"{fact} {what} may be theirs: quieten the machine (serbench doctor).")
