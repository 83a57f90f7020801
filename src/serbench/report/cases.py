"""A page for every case: all that the run knows of it, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.errors import BadRunFile
from serbench.histogram import Histogram
from serbench.records.cases import Status
from serbench.report.bins import BINS, FEW_BINS, Bins, bins
from serbench.report.case_facts import Passes, Sample, basis_facts, codec_facts, readings, size_fact
from serbench.report.case_tables import SmallTable, earned, times_table, workers_table
from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.readings import no_tail
from serbench.units import duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from serbench.records.cases import Caution
    from serbench.records.run import Measurement, Run
    from serbench.report.evidence import Evidence
    from serbench.report.parts import Fact, Row, Table
    from serbench.statistics.estimates import Number

MOST_IN_FULL = 400
"""Where more cases have numbers of their own a page would grow beyond bounds: their histograms are in the run alone,
and what the tables of their payload say is not said again with each."""

_MARKED = ("p50", "p99")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """What the calls of a case showed.

    Attributes:
        bins: its single calls, drawn; or why they cannot be believed.
        times: every time that is earned.
        readings: how far single calls and batches agree, in words; empty where there is only one of them, and if brief:
            then a caution says where they do not.
        workers: a line for each worker process.
        blob: all single calls, all workers together: HdrHistogram V2, compressed, base64, ns. Empty where there are
            too many cases for a page to hold them.
    """

    bins: Bins | Missing
    times: SmallTable
    readings: str
    workers: SmallTable
    blob: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """A case.

    Attributes:
        case_id: the case.
        codec: name of its codec.
        payload: name of its payload.
        operation: what was timed.
        asked: conditions that are not the default, such as `gc=off n=1`; mostly empty.
        conditions: what it was measured under, in words.
        tag: `disturbed` or `caution`; empty where there is nothing to be known.
        gist: the typical time, or a word in its place.
        brief: whether there are too many cases for each to say again what the tables of its payload do.
        status: how it ended.
        reason: why there is no number; empty where measured.
        same_as: id of the case whose numbers these are; then there is nothing below. Empty otherwise.
        timed: what its calls showed, or why there is nothing.
        facts: what else is known; if brief, only what is not in those tables.
        cautions: what the reader should know.
        command: the command that measures just this case again, quoted for a shell; empty with `same_as`.
    """

    case_id: str
    codec: str
    payload: str
    operation: str
    asked: str
    conditions: str
    tag: str
    gist: str
    brief: bool = False
    status: Status
    reason: str
    same_as: str
    timed: Timed | Missing
    facts: tuple[Fact, ...]
    cautions: tuple[Caution, ...]
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseGroup:
    """The cases of one payload, by its name."""

    payload: str
    pages: tuple[CasePage, ...]


def case_pages(run: Run, tables: Sequence[Table]) -> tuple[CasePage, ...]:
    """A page for each row, in the order of the tables.

    Args:
        run: what was measured.
        tables: all of its tables.

    Raises:
        BadRunFile: a histogram cannot be read.
    """
    measurements = {measurement.case.id: measurement for measurement in run.measurements}
    passes = Passes(run)
    brief = sum(bool(measurement.workers) for measurement in run.measurements) > MOST_IN_FULL
    return tuple(
        _page(table, row, measurements[row.case_id], passes, brief=brief) for table in tables for row in table.rows
    )


def case_groups(pages: Iterable[CasePage]) -> tuple[CaseGroup, ...]:
    """The pages by payload, each payload where it comes first."""
    groups: dict[str, list[CasePage]] = {}
    for page in pages:
        groups.setdefault(page.payload, []).append(page)
    return tuple(CaseGroup(payload=payload, pages=tuple(own)) for payload, own in groups.items())


def _page(table: Table, row: Row, measurement: Measurement, passes: Passes, *, brief: bool) -> CasePage:
    own = not row.same_as
    return CasePage(
        case_id=row.case_id,
        codec=row.codec.name,
        payload=table.payload.name,
        operation=str(table.operation),
        asked=row.case_id.partition("?")[2].replace("&", " "),
        conditions=table.conditions_words,
        tag=_tag(row),
        gist=_gist(row),
        brief=brief,
        status=row.status,
        reason=row.reason,
        same_as=row.same_as,
        timed=_timed(row, measurement, brief=brief) if own else Missing(short="measured as", reason=row.same_as),
        facts=_facts(row, measurement, passes, brief=brief) if own else (),
        cautions=row.cautions if own else (),
        command=row.behind.command if own else "",
    )


def _facts(row: Row, measurement: Measurement, passes: Passes, *, brief: bool) -> tuple[Fact, ...]:
    """All that is known besides times; if brief, only what no table of its payload says."""
    found = passes.facts(measurement)
    if brief:
        return tuple(fact for fact in found if isinstance(fact, Sample))
    return (*basis_facts(row), *size_fact(row.encoded_bytes), *codec_facts(row.codec), *found)


def _tag(row: Row) -> str:
    if row.same_as or not row.cautions:
        return ""
    return "disturbed" if row.disturbed else "caution"


def _gist(row: Row) -> str:
    if row.same_as:
        return f"as {_operation(row.same_as)}"
    return duration(row.typical_ns.value) if isinstance(row.typical_ns, Estimate) else row.typical_ns.short


def _operation(case_id: str) -> str:
    return case_id.partition("?")[0].rpartition("/")[2]


def _timed(row: Row, measurement: Measurement, *, brief: bool) -> Timed | Missing:
    workers = measurement.workers
    if isinstance(row.typical_ns, Missing) and (measurement.status is not Status.MEASURED or not workers):
        return row.typical_ns
    own, merged = _histograms(measurement)
    short = no_tail(row.typical_ns, workers, merged)
    percentiles = {} if short else earned(row, merged, own)
    ends = (merged.min, merged.max) if merged.total and not short else None
    return Timed(
        bins=short or _bins(merged, percentiles, row.behind.evidence, FEW_BINS if brief else BINS),
        times=times_table(row, percentiles, ends),
        readings="" if brief else readings(row),
        workers=workers_table(workers, own, singles=not short),
        blob="" if brief else merged.encode(),
    )


def _bins(merged: Histogram, percentiles: dict[str, Number], behind: Evidence | Missing, most: int) -> Bins | Missing:
    if not merged.total or isinstance(behind, Missing):
        return Missing(short="no calls", reason="no call was timed one by one")
    there = {name: percentiles[name] for name in _MARKED}
    marks = {name: number.value for name, number in there.items() if isinstance(number, Estimate)}
    return bins(merged, behind.clock_step_ns, marks, most=most)


def _histograms(measurement: Measurement) -> tuple[list[Histogram], Histogram]:
    """Each worker's histogram, and all of them together."""
    merged = Histogram()
    try:
        own = [Histogram.decode(worker.histogram) for worker in measurement.workers]
    except ValueError as error:
        raise BadRunFile(f"{measurement.case.id}: {error}; measure again") from error
    for calls in own:
        merged.add(calls)
    return own, merged
