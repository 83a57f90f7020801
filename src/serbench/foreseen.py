"""What `--plan` says of a run before it: what it would measure, for how long, and what it cannot earn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.statistics.intervals import WORKERS_FOR_INTERVAL
from serbench.statistics.percentiles import label, needed_calls
from serbench.statistics.readings import FLOORS
from serbench.statistics.summary import SHARES
from serbench.units import duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.harness.plan import Plan
    from serbench.harness.probe import Prospect
    from serbench.records.cases import Pass


def in_words(plan: Plan, budget_seconds: float, found: Prospect, passes: Sequence[Pass]) -> str:
    """What a run would measure, how long that takes, and what it cannot earn, in words."""
    payloads = {payload.info.name: payload.info for payload in plan.payloads}
    cases = [case for case in plan.cases if case.id not in found.skipped]
    each = budget_seconds / max(1, len(cases))
    lines = [
        f"{_counted(len(cases), 'case')} in {budget_seconds:g} s, {each:.2g} s a case; passes: {', '.join(passes)}"
    ]
    if found.workers:
        lines.append(_workers(found.workers))
    lines += [
        f"  {case.id}  {_counted(payloads[case.payload].instances, 'instance')}{_expected(case.id, found)}"
        for case in cases
    ]
    lines += [f"  {case.id}  shown as {target}" for case, target in plan.aliases]
    lines += [f"  {case_id}  skipped: {reason}" for case_id, reason in found.skipped.items()]
    lines += [f"  {skipped.case.id}  skipped: {skipped.reason}" for skipped in plan.skipped]
    return "\n".join([*lines, *_unearned(found)])


def _workers(workers: int) -> str:
    if workers >= WORKERS_FOR_INTERVAL:
        return f"about {workers} workers a case, which is enough for intervals"
    few = f"about {_counted(workers, 'worker')} a case: no intervals, which take {WORKERS_FOR_INTERVAL}"
    return f"{few}; give a longer --budget"


def _expected(case_id: str, found: Prospect) -> str:
    """`, about 3.1 us a call, some 45,000 single calls: no p99.9`."""
    if case_id in found.problems:
        return f", will fail: {found.problems[case_id]}"
    if case_id not in found.calls:
        return ""
    ns, calls = found.ns_per_call[case_id], found.calls[case_id]
    words = f", about {duration(ns)} a call, some {float(f'{calls:.2g}'):,.0f} single calls"
    if missing := _missing(case_id, found):
        words += f": no {', '.join(missing)}"
    return words


def _missing(case_id: str, found: Prospect) -> list[str]:
    """The percentiles that a case cannot earn in the time."""
    if found.ns_per_call[case_id] < FLOORS * found.floor_ns[case_id]:
        return ["tail"]
    return [label(share) for share in SHARES if found.calls[case_id] < needed_calls(share)]


def _unearned(found: Prospect) -> list[str]:
    """What is missing and why, once."""
    lacking = [what for case_id in found.calls for what in _missing(case_id, found)]
    lines = [
        f"{label(share)} takes {needed_calls(share):,} calls: {_counted(lacking.count(label(share)), 'case')} "
        "cannot earn it; give a longer --budget or fewer cases"
        for share in SHARES
        if label(share) in lacking
    ]
    if short := lacking.count("tail"):
        lines.append(f"{_counted(short, 'case')} too short for single readings: the typical time is shown, no tail")
    return lines


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'s' * (n != 1)}"
