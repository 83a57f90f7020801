"""Time against a stored baseline of a machine of the same kind: what two sittings can say, which is little."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.gate.baseline import machine_differences
from serbench.gate.strict import comparable
from serbench.records.verdict import TIMES, Outcome, Row
from serbench.statistics.intervals import WORKERS_FOR_INTERVAL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from serbench.gate.strict import Tolerances
    from serbench.records.baseline import Baseline, BaselineTime
    from serbench.records.verdict import Metric

WORTH = (
    "Base was measured at another time: what the machine did in between counts as a change of new, and no share of "
    "false alarms is promised."
)
"""For a note of the verdict whenever time is gated against a baseline."""

PAIRED = "measure both sides now: serbench gate --base SIDE --new SIDE"


def time_rows(base: Baseline, new: Baseline, tolerances: Tolerances, metrics: Collection[Metric]) -> list[Row]:
    """Rows of time for cases that both sides have measured, where the user has asked for time against a baseline.

    From another machine, Python or sampler every row is `other machine`, which fails no build. From one of the same
    kind there is no test: the intervals say what workers of one sitting differ by, and not what the machine differs by
    between two sittings, where identical code moved by over 5 % in 15 of 40 trials (docs/gate.md). So both must
    speak: the nearest ends of both intervals have to be further apart than the tolerance before anything regresses or
    improves. The same is what cannot have changed by the tolerance either way, by the farthest ends. All else is
    inconclusive, and so is a side of fewer than six workers.

    The interval of a row has the extreme ratios of the ends: at least 90 % by Bonferroni's inequality, for each of them
    holds at least 95 %. It is of the sittings, not of the code.

    Args:
        base: the baseline.
        new: what was measured now.
        tolerances: the change of a case's metric that is still none.
        metrics: those that are gated; the ones that take no clock are not looked at.
    """
    foreign = "; ".join(machine_differences(base, new))
    asked = [metric for metric in TIMES if metric in metrics]
    return [
        row
        for case_id in comparable(base, new)
        for metric in asked
        for row in _rows(base, new, case_id, metric, tolerances(case_id, metric), foreign)
    ]


def _rows(  # noqa: PLR0917 - both sides of one metric
    base: Baseline, new: Baseline, case_id: str, metric: Metric, tolerance: float, foreign: str
) -> Iterator[Row]:
    """One row; none where a case has no times at all, as none of it was asked for."""
    was, now = base.numbers(case_id), new.numbers(case_id)
    if not was.typical and not now.typical:
        return
    old, found = getattr(was, metric), getattr(now, metric)
    batch = metric == "p50" and not (old and found)
    if batch:
        old, found = was.typical, now.typical
    if foreign:
        yield _refused(case_id, metric, "other machine", f"{foreign}; {PAIRED}")
    elif not old or not found:
        lacking = "base" if not old else "new"
        yield _refused(case_id, metric, "unearned", f"{lacking} has too few calls for it, or they are too short")
    else:
        yield _judged(case_id, metric, old, found, tolerance, batch=batch)


def _refused(case_id: str, metric: Metric, cause: str, reason: str) -> Row:
    return Row(case_id=case_id, metric=metric, outcome=Outcome.NOT_COMPARABLE, cause=cause, reason=reason)


def _judged(
    case_id: str, metric: Metric, was: BaselineTime, now: BaselineTime, tolerance: float, *, batch: bool
) -> Row:
    enough = min(was.workers, now.workers) >= WORKERS_FOR_INTERVAL
    least, most = now.low / was.high - 1, now.high / was.low - 1
    bound = 1 + tolerance
    if not enough:
        outcome = Outcome.INCONCLUSIVE
        reason = f"{was.workers} and {now.workers} workers, an interval takes {WORKERS_FOR_INTERVAL} on each side"
    else:
        reason = f"not measured in pairs; to be sure, {PAIRED}"
        outcome = Outcome.INCONCLUSIVE
        if least > tolerance:
            outcome = Outcome.REGRESSED
        elif 1 + most < 1 / bound:
            outcome = Outcome.IMPROVED
        elif most < tolerance and 1 + least > 1 / bound:
            outcome, reason = Outcome.SAME, ""
    return Row(
        case_id=case_id,
        metric=metric,
        outcome=outcome,
        reason=reason,
        base=was.ns,
        new=now.ns,
        change=now.ns / was.ns - 1,
        interval=(least, most) if enough else None,
        tolerance=tolerance,
        calls=(was.calls, now.calls),
        batch=batch,
    )
