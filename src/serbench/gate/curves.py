"""What a verdict's samples look like, ready to be drawn: both sides of each case, and the pairs one by one. Pure.

Nothing is decided here. A pair's difference is the one that the rule has worked with (`gate.paired`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log1p
from typing import TYPE_CHECKING

from serbench.errors import BadRunFile
from serbench.gate.paired import Key, paired
from serbench.histogram import Histogram
from serbench.records.verdict import TIMES
from serbench.statistics.centre import typical
from serbench.statistics.percentiles import curve, curve_of
from serbench.statistics.readings import no_tail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.gate.paired import Paired
    from serbench.records.run import Run
    from serbench.records.samples import WorkerSamples
    from serbench.records.verdict import Row, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Percentiles of one side, all its workers together, from the fastest to the last one earned.

    Attributes:
        x: 1/(1-q), rising from 1; as long as `ns`; empty where nothing is earned.
        ns: ns per call at or below which the share q lies, never falling.
        count: calls, or batch means, behind it.
    """

    x: tuple[float, ...]
    ns: tuple[float, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """One metric of a case, pair by pair.

    Attributes:
        row: what was decided about it.
        log_ratios: of each pair, in the order of time: the natural logarithm of new over base.
        trip: from there on a slowdown that is certain counts; the same kind of logarithm.
    """

    row: Row
    log_ratios: tuple[float, ...]
    trip: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCurves:
    """Both sides of a case.

    Attributes:
        case_id: the case.
        base: one side.
        new: the other.
        batch: whether they are percentiles of batch means, as its calls are too short for single readings.
        pairs: of each time that was decided; empty where none was.
        why: why there are no pairs to show; empty where there are.
    """

    case_id: str
    base: Line
    new: Line
    batch: bool
    pairs: tuple[Pairs, ...]
    why: str = ""


def case_curves(verdict: Verdict) -> tuple[CaseCurves, ...]:
    """Every case of the verdict that both of its runs have timed, in the order of its rows; none without runs.

    Raises:
        BadRunFile: a histogram cannot be read.
    """
    if verdict.runs is None:
        return ()
    base, new = verdict.runs
    one, other = _workers(base), _workers(new)
    found = [case_id for case_id in dict.fromkeys(row.case_id for row in verdict.rows) if case_id in one.keys() & other]
    try:
        seen = paired(base, new, found, TIMES)
        return tuple(_case(case_id, one[case_id], other[case_id], verdict, seen) for case_id in found)
    except ValueError as error:
        raise BadRunFile(f"{base.id} or {new.id}: {error}; measure again") from error


def both_lines(
    case_id: str, base: Sequence[WorkerSamples], new: Sequence[WorkerSamples], *, batch: bool = False
) -> CaseCurves:
    """Both sides of a case about which nothing was decided: without pairs.

    Args:
        case_id: the case.
        base: those that have measured it on that side.
        new: the same.
        batch: whether batch means are wanted; they are taken where base's calls are too short for single readings.

    Raises:
        ValueError: a histogram cannot be read.
    """
    batch = batch or no_tail(typical(base), base, Histogram.merge(one.histogram for one in base)) is not None
    return CaseCurves(
        case_id=case_id, base=_line(base, batch=batch), new=_line(new, batch=batch), batch=batch, pairs=()
    )


def _workers(run: Run) -> dict[str, tuple[WorkerSamples, ...]]:
    """By case: those that have measured it."""
    return {measurement.case.id: measurement.workers for measurement in run.measurements if measurement.workers}


def _case(
    case_id: str, base: Sequence[WorkerSamples], new: Sequence[WorkerSamples], verdict: Verdict, seen: Paired
) -> CaseCurves:
    rows = [row for row in verdict.rows if row.case_id == case_id]
    shown = [row for row in rows if Key(case_id, row.metric) in seen.series]
    refused = [row.reason for row in seen.refused if row.case_id == case_id]
    return replace(
        both_lines(case_id, base, new, batch=any(row.batch for row in rows)),
        pairs=tuple(_pairs(row, seen) for row in shown),
        why="" if shown else next(iter(refused), "no time of it was gated"),
    )


def _line(workers: Sequence[WorkerSamples], *, batch: bool) -> Line:
    if batch:
        means = sorted(ns for worker in workers for ns in worker.ns_per_call)
        x, ns = curve_of(means)
        return Line(x=x, ns=ns, count=len(means))
    merged = Histogram.merge(worker.histogram for worker in workers)
    x, ns = curve(merged)
    return Line(x=x, ns=ns, count=merged.total)


def _pairs(row: Row, seen: Paired) -> Pairs:
    series = seen.series[Key(row.case_id, row.metric)]
    base = series.base or (0.0,) * series.pairs  # a series of ratios has no base
    ratios = tuple(new - old for old, new in zip(base, series.new, strict=True))
    return Pairs(row=row, log_ratios=ratios, trip=log1p(row.tolerance / 2))
