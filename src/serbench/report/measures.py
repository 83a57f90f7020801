"""What other tools keep over time: one number of one case each, where smaller is better, with its unit."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from serbench.gate.row_words import plain, sentence
from serbench.statistics.estimates import Estimate, Missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.records.verdict import Verdict
    from serbench.report.parts import Row
    from serbench.report.whole import Report

_UNCUT = 10_000  # characters: names tell cases apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A number.

    Attributes:
        case_id: its case, on one line.
        metric: `typical`, `p50`, `p99`, `encoded_bytes` and the like.
        unit: `ns`, `bytes` or `instructions`.
        value: in that unit.
        low: lower end of its interval or range; None where there is none.
        high: upper end, likewise.
        words: what else is to be said of it, one line each.
    """

    case_id: str
    metric: str
    unit: str
    value: float
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()


def case_name(case_id: str) -> str:
    """A case's id for other tools: on one line, whole."""
    return plain(case_id, _UNCUT)


def report_measures(report: Report) -> tuple[Measure, ...]:
    """Typical time, p50, p99 and median encoded size of every case that has them, in the order of the tables.

    A case whose numbers are another's is left out: they would be kept, and cry out, twice.
    """
    rows = [row for table in report.tables for row in table.rows if not row.same_as]
    return tuple(measure for row in rows for measure in _of_row(row))


def verdict_measures(verdict: Verdict) -> tuple[Measure, ...]:
    """The new side's numbers, in the order of the verdict's rows."""
    return tuple(
        Measure(case_id=case_name(row.case_id), metric=row.metric, unit=row.unit, value=row.new, words=(sentence(row),))
        for row in verdict.rows
        if row.new is not None and isfinite(row.new) and row.unit
    )


def _of_row(row: Row) -> Iterator[Measure]:
    for metric, number in (("typical", row.typical_ns), ("p50", row.p50_ns), ("p99", row.p99_ns)):
        if isinstance(number, Estimate):
            yield _time(row.case_id, metric, number)
    if not isinstance(row.encoded_bytes, Missing):
        sizes = row.encoded_bytes
        yield Measure(
            case_id=case_name(row.case_id),
            metric="encoded_bytes",
            unit="bytes",
            value=sizes.median,
            words=(f"median over the instances, {sizes.min:,} to {sizes.max:,}",),
        )


def _time(case_id: str, metric: str, number: Estimate) -> Measure:
    spread = number.basis != "none"
    basis = f"{number.basis} of the values of {number.workers} workers" if spread else "no spread is known"
    return Measure(
        case_id=case_name(case_id),
        metric=metric,
        unit="ns",
        value=number.value,
        low=number.low if spread else None,
        high=number.high if spread else None,
        words=(f"{number.calls:,} calls", basis),
    )
