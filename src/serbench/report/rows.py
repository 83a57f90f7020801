"""The tables of a report: one per payload, operation and conditions, each ranked by typical time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from serbench.errors import BadRunFile
from serbench.records.cases import OPERATION_WORDS, Operation
from serbench.report.basis import command, evidence
from serbench.report.evidence import Behind, TailParts
from serbench.report.parts import Curve, Row, Table, Timeline
from serbench.report.tails import Watched, tail_and_steady
from serbench.statistics.centre import per_second
from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.intervals import apart, ratio
from serbench.statistics.summary import Summary, summarise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from serbench.records.cases import CodecInfo, Conditions, PayloadInfo
    from serbench.records.passes import EncodedBytes
    from serbench.records.run import Measurement, Run
    from serbench.statistics.estimates import Number

PARSING = (Operation.READ, Operation.DECODE, Operation.LOAD)
"""The first of these that has a number ranks parsing, but for one that only stands in for another."""

SERIALISING = (Operation.ENCODE, Operation.DUMP)
"""Likewise for serialising: for plain codecs both are one."""

_Known = TypeVar("_Known")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A case on its way into a table.

    Attributes:
        measurement: as it stands in the run.
        numbers: the measurement that holds its numbers.
        summary: those, worked out.
        codec: its codec.
        behind: what they rest on.
        steady: the percentiles of a perfectly steady call.
    """

    measurement: Measurement
    numbers: Measurement
    summary: Summary
    codec: CodecInfo
    behind: Behind
    steady: tuple[float, ...]

    @property
    def encoded(self) -> EncodedBytes | Missing:
        missing = Missing(short=self.measurement.status, reason=self.measurement.reason or "nothing was encoded")
        return self.numbers.encoded_bytes or missing


def tables(run: Run) -> tuple[tuple[Table, ...], tuple[Curve, ...]]:
    """All tables, by payload, parsing first; and the percentile curves in the order of their rows.

    Raises:
        BadRunFile: the run names what it does not describe, or a histogram cannot be read.
    """
    entries = _entries(run)
    made = []
    for payload in run.payloads:
        conditions = dict.fromkeys(e.measurement.case.conditions for e in entries if _is_of(e, payload))
        for condition in conditions:
            made += _block(payload, condition, [e for e in entries if _is_of(e, payload, condition)])
    by_id = {entry.measurement.case.id: entry for entry in entries}
    drawn = [_curve(by_id[row.case_id]) for table in made for row in table.rows if not row.same_as]
    return tuple(made), tuple(curve for curve in drawn if curve.x)


def timelines(run: Run, made: Sequence[Table]) -> tuple[Timeline, ...]:
    """The slowest calls of the cases in headline tables, as far as it is known what they were."""
    measurements = {m.case.id: m for m in run.measurements}
    rows = [row for table in made if table.headline for row in table.rows if isinstance(row.behind.tail, TailParts)]
    return tuple(
        Timeline(case_id=row.case_id, workers=tuple(w.slow for w in measurements[row.same_as or row.case_id].workers))
        for row in rows
    )


def conditions_words(conditions: Conditions) -> str:
    """What a case was measured under: `collector on, 64 instances`."""
    words = [f"collector {conditions.gc}", f"{conditions.instances:,} instance{'s' * (conditions.instances != 1)}"]
    if conditions.heap_objects:
        words.append(f"{conditions.heap_objects:,} live objects")
    if conditions.threads != 1:
        words.append(f"{conditions.threads} threads")
    return ", ".join(words)


def _entries(run: Run) -> list[_Entry]:
    codecs = {codec.name: codec for codec in run.codecs}
    payloads = {payload.name for payload in run.payloads}
    measurements = {m.case.id: m for m in run.measurements}
    worked_out = _worked_out(run)
    entries = []
    for measurement in run.measurements:
        case = measurement.case
        if case.payload not in payloads:
            raise BadRunFile(f"{case.id}: the run does not describe payload {case.payload!r}")
        source = measurement.same_as or case.id
        numbers = _described(measurements, source, case.id)
        summary, tail, steady = _described(worked_out, source, case.id)
        entry = _Entry(
            measurement=measurement,
            numbers=numbers,
            summary=summary,
            codec=_described(codecs, case.codec, case.id),
            behind=Behind(tail=tail, evidence=evidence(numbers, run), command=command(case, run)),
            steady=steady,
        )
        entries.append(entry)
    return entries


def _worked_out(run: Run) -> dict[str, tuple[Summary, TailParts | Missing, tuple[float, ...]]]:
    """Of each measurement with numbers of its own: those, its tail, and the percentiles of a steady call."""
    timed, watched = "time" in run.passes, Watched(run)
    own = {m.case.id: (m, summarise(m, timed=timed)) for m in run.measurements if not m.same_as}
    return {name: (summary, *tail_and_steady(m, summary, watched)) for name, (m, summary) in own.items()}


def _described(known: Mapping[str, _Known], name: str, case_id: str) -> _Known:
    if name not in known:
        raise BadRunFile(f"{case_id}: the run does not describe {name!r}")
    return known[name]


def _is_of(entry: _Entry, payload: PayloadInfo, conditions: Conditions | None = None) -> bool:
    case = entry.measurement.case
    return case.payload == payload.name and conditions in (None, case.conditions)


def _block(payload: PayloadInfo, conditions: Conditions, entries: Sequence[_Entry]) -> list[Table]:
    """The tables of one payload under the same conditions."""
    by_operation = {
        operation: [e for e in entries if e.measurement.case.operation is operation]
        for operation in (*PARSING, *SERIALISING)
    }
    headlines = {_headline(PARSING, by_operation), _headline(SERIALISING, by_operation)}
    return [
        Table(
            payload=payload,
            operation=operation,
            operation_words=OPERATION_WORDS[operation],
            conditions=conditions,
            conditions_words=conditions_words(conditions),
            headline=operation in headlines,
            rows=_rows(found),
        )
        for operation, found in by_operation.items()
        if found
    ]


def _headline(operations: Sequence[Operation], entries: Mapping[Operation, Sequence[_Entry]]) -> Operation | None:
    """The first that has a number, else the first that was asked for.

    Where only `dump` was asked for, `encode` is there for plain codecs alone, which are measured by it, and ranks none.
    """
    asked = [operation for operation in operations if entries[operation]]
    asked = [o for o in asked if not any(_stands_in(entries[o], entries[other]) for other in asked)]
    counted = [o for o in asked if any(isinstance(e.summary.typical_ns, Estimate) for e in entries[o])]
    return next(iter(counted or asked), None)


def _stands_in(entries: Sequence[_Entry], others: Sequence[_Entry]) -> bool:
    """Whether all of one operation are what some of another's are the same as."""
    same = {e.measurement.same_as for e in others}
    return len(entries) < len(others) and all(e.measurement.case.id in same for e in entries)


def _rows(entries: Sequence[_Entry]) -> tuple[Row, ...]:
    timed = [(e.summary.typical_ns, e) for e in entries if isinstance(e.summary.typical_ns, Estimate)]
    timed.sort(key=lambda pair: pair[0].value)
    without = [e for e in entries if isinstance(e.summary.typical_ns, Missing)]
    if not timed:
        return tuple(_row(e, e.summary.typical_ns, best=False, certain=False) for e in without)
    (shortest, best), *others = timed
    clear = bool(others) and all(apart(ns, shortest) for ns, _ in others)
    one = replace(shortest, value=1.0, low=1.0, high=1.0, basis="none", coverage=0.0)
    return (
        _row(best, one, best=True, certain=clear),
        *(_row(e, ratio(ns, shortest), best=False, certain=apart(ns, shortest)) for ns, e in others),
        *(_row(e, e.summary.typical_ns, best=False, certain=False) for e in without),
    )


def _row(entry: _Entry, relative: Number, *, best: bool, certain: bool) -> Row:
    summary, encoded = entry.summary, entry.encoded
    threads = entry.measurement.case.conditions.threads  # each of them takes the typical time
    return Row(
        case_id=entry.measurement.case.id,
        codec=entry.codec,
        status=entry.measurement.status,
        reason=entry.measurement.reason,
        same_as=entry.measurement.same_as,
        encoded_bytes=encoded,
        typical_ns=summary.typical_ns,
        p50_ns=summary.p50_ns,
        p99_ns=summary.p99_ns,
        p999_ns=summary.p999_ns,
        objects_per_second=per_second(summary.typical_ns, threads),
        megabytes_per_second=encoded
        if isinstance(encoded, Missing)
        else per_second(summary.typical_ns, threads * encoded.mean / 1e6),
        relative=relative,
        best=best,
        certain=certain,
        baseline=entry.codec.baseline,
        cautions=tuple(dict.fromkeys((*entry.codec.warnings, *summary.cautions))),
        behind=entry.behind,
    )


def _curve(entry: _Entry) -> Curve:
    case, summary = entry.measurement.case, entry.summary
    return Curve(
        case_id=case.id,
        codec=entry.codec,
        payload=case.payload,
        operation=case.operation,
        conditions=case.conditions,
        x=summary.x,
        ns=summary.ns,
        last_earned=1 - 1 / summary.x[-1] if summary.x else 0.0,
        steady=entry.steady,
        band=summary.band,
    )
