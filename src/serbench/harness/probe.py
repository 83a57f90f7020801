"""A look before a run: how long calls take and how long workers take to get ready, in a few seconds."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from serbench.errors import Interrupted, WorkerFailure
from serbench.harness import cores as cores_module
from serbench.harness import extras, memory, schedule
from serbench.harness import plan as planning
from serbench.harness.crew import Crew, Times
from serbench.harness.ledger import Ledger
from serbench.harness.link import Stopped
from serbench.records.cases import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.harness.plan import Plan
    from serbench.records.cases import Case, Pass

INSIDE_SHARE = 0.65
"""Of the time for blocks and what lies around them: what is spent inside blocks (`benchmarks/bench_suite.py`)."""

_PREPARE_SECONDS = 0.02
_WARM_NS = 5_000_000
_PATIENCE = 5.0


@dataclass(slots=True, kw_only=True)
class Prospect:
    """What may be expected of a run.

    Attributes:
        workers: per case.
        ns_per_call: by case id, about.
        floor_ns: an empty call, by case id.
        calls: single calls of all workers, by case id, about.
        problems: why a case cannot be measured, by case id.
        skipped: why a codec does not carry what a case needs, by case id.
    """

    workers: int = 0
    ns_per_call: dict[str, float] = field(default_factory=dict)
    floor_ns: dict[str, float] = field(default_factory=dict)
    calls: dict[str, float] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)


def prospect(plan: Plan, seconds: float, passes: Sequence[Pass], stop: Callable[[], bool]) -> Prospect:
    """Starts the workers of a run once, has each case called for some milliseconds, and reckons.

    Args:
        plan: what is to be measured.
        seconds: the budget.
        passes: what of it.
        stop: whether somebody asked for the end.

    Raises:
        Interrupted: `stop` said so.
    """
    ledger, found = Ledger(plan), Prospect()
    if "time" not in passes:
        return found
    split = cores_module.split()
    crew = Crew(
        codecs=plan.codecs,
        ledger=ledger,
        cores=split,
        rng=Random(0),
        patience=_PATIENCE,
        memory_bytes=memory.limit(),
        stop=stop,
    )
    getting_ready = 0.0
    groups = memory.groups_that_fit(plan.payloads, planning.stations(plan.cases), memory.available() // 2)
    try:
        with cores_module.aside(split):
            for group in groups:
                names = {payload.info.name for payload in group}
                cases = [case for case in plan.cases if case.payload in names]
                begin = time.monotonic()
                crew.muster(cases, group, wave=0, times=Times(prepare=_PREPARE_SECONDS, verify=0.0, heap=_PATIENCE))
                getting_ready += time.monotonic() - begin
                _call_each(crew, ledger, cases, found, stop)
                crew.dismiss()
    except Stopped:
        raise Interrupted("stopped before the plan was made") from None
    finally:
        crew.dismiss()
    still_open = {case.id for case in ledger.open_cases()}
    _reckon(found, len(still_open), seconds * (1 - extras.share(passes)), getting_ready)
    known = {case.id for case in plan.cases} - still_open  # what is open has no reason: a run may well measure it
    for m in ledger.measurements("could not be called"):
        if m.status in (Status.FAILED, Status.INCORRECT):
            found.problems[m.case.id] = m.reason
        elif m.case.id in known:
            found.skipped[m.case.id] = m.reason
    return found


def _call_each(crew: Crew, ledger: Ledger, cases: Sequence[Case], found: Prospect, stop: Callable[[], bool]) -> None:
    """How long a call takes, of each of these cases that is ready; what fails is noted."""
    ready = {case.id for case in ledger.open_cases()}
    for case in cases:
        member = crew.members.get(planning.station(case))
        if not member or case.id not in ready:
            continue
        request = {"do": "warm", "payload": case.payload, "operation": str(case.operation), "gc": case.conditions.gc}
        try:
            floor = member.link.ask({"do": "floor"}, patience=_PATIENCE, stop=stop)
            answer = member.link.ask(request | {"limit_ns": _WARM_NS}, patience=_PATIENCE, stop=stop)
        except WorkerFailure as failure:
            ledger.end(case, Status.FAILED, str(failure))
        else:
            found.floor_ns[case.id], found.ns_per_call[case.id] = floor["ns_per_call"], answer["ns_per_call"]


def _reckon(found: Prospect, cases: int, seconds: float, start_seconds: float) -> None:
    """Workers and calls that fit into the time."""
    wanted = schedule.waves_wanted(seconds, start_seconds)
    found.workers = 1 + schedule.waves_affordable(seconds - start_seconds, start_seconds, wanted - 1)
    blocks = INSIDE_SHARE * (seconds - found.workers * start_seconds) / max(1, cases)
    for case_id, ns in found.ns_per_call.items():
        found.calls[case_id] = _calls(blocks, ns, found.floor_ns[case_id], found.workers)


def _calls(seconds: float, ns: float, floor_ns: float, workers: int) -> float:
    """Single calls in that time; every block has one at least."""
    share = 1.0 if ns >= planning.LONG_CALL_NS else planning.SINGLES_SHARE
    return max(workers, share * 1e9 * max(0.0, seconds) / (ns + 2 * floor_ns))
