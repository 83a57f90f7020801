"""The two small tables of a case's page: every time that is earned, and what each worker process measured."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from serbench.report.cells import UNSAID, Cell, Column, aligned, exact, known, numbers, parted, with_ends, words
from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.percentiles import label, needed_calls, percentile
from serbench.units import significant, time_scale

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from serbench.histogram import Histogram
    from serbench.records.samples import WorkerSamples
    from serbench.report.parts import Row
    from serbench.statistics.estimates import Number

SHARES = (0.5, 0.9, 0.99, 0.999, 0.9999)
"""The percentiles that a case's page shows, as far as they are earned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallTable:
    """A small table.

    Attributes:
        title: what it holds, a word.
        heads: of its columns, each with its unit where it has one.
        lines: cells of each line; the first is its name.
        note: what there is to be seen, one line; may be empty.
    """

    title: str
    heads: tuple[str, ...]
    lines: tuple[tuple[Cell, ...], ...]
    note: str = ""


def earned(row: Row, merged: Histogram, own: Sequence[Histogram]) -> dict[str, Number]:
    """The percentiles of `SHARES` by their label; those that a row has already are not made again.

    Args:
        row: of the case, with numbers of its own.
        merged: all its workers' calls.
        own: the histogram of each worker.
    """
    there = {0.5: row.p50_ns, 0.99: row.p99_ns, 0.999: row.p999_ns}
    return {label(q): there[q] if q in there else percentile(q, merged, own) for q in SHARES}


def times_table(row: Row, percentiles: Mapping[str, Number], ends: tuple[float, float] | None) -> SmallTable:
    """The typical time, the fastest call, percentiles and the slowest call, in one unit.

    Args:
        row: of the case.
        percentiles: by label; empty where no tail is claimed.
        ends: the fastest and the slowest call, ns; None where no tail is claimed.
    """
    shown: dict[str, Number] = {"typical": row.typical_ns}
    if ends:
        shown |= {"fastest": exact(ends[0]), **percentiles, "slowest": exact(ends[1])}
    time = time_scale(known(shown.values()))
    there = [number if isinstance(number, Estimate) else UNSAID for number in shown.values()]
    cells = parted(Column(head="", unit=time.unit, cells=with_ends(there, time.text)))
    bases = [_basis(name, number) for name, number in shown.items()]
    usual = bases[0] if isinstance(row.typical_ns, Estimate) else ""
    return SmallTable(
        title="Times",
        heads=("time", time.unit, "spread"),
        lines=tuple(
            (Cell(text=name), cell, Cell(text=", ".join(filter(None, (cell.spread, basis if basis != usual else "")))))
            for name, cell, basis in zip(shown, cells, bases, strict=True)
        ),
        note=usual,
    )


def workers_table(workers: Sequence[WorkerSamples], own: Sequence[Histogram], *, singles: bool) -> SmallTable:
    """A line for each worker process: its calls, their median, and its median batch mean.

    Args:
        workers: of the case.
        own: the histogram of each.
        singles: whether single calls can be believed; else their medians are left out.
    """
    middles: list[Number] = [exact(calls.percentile(0.5)) if calls.total else UNSAID for calls in own]
    batches = list(map(_batch, workers))
    time = time_scale(known(middles if singles else (), batches))
    columns = [
        words("worker", [str(worker.pair + 1) for worker in workers]),
        Column(head="calls", unit="", cells=aligned(f"{worker.calls + worker.overflow:,}" for worker in workers)),
        *([numbers("p50", time.unit, middles, time.text)] if singles else []),
        numbers("batches", time.unit, batches, time.text),
    ]
    heads = tuple(f"{column.head}, {column.unit}" if column.unit else column.head for column in columns)
    lines = tuple(zip(*map(parted, columns), strict=True))
    return SmallTable(title="Workers", heads=heads, lines=lines, note=_apart(known(batches)))


def _batch(worker: WorkerSamples) -> Number:
    return exact(median(worker.ns_per_call)) if worker.ns_per_call else UNSAID


def _apart(batches: Sequence[float]) -> str:
    """By how much they are apart, in words; empty where that cannot be said."""
    if len(batches) < 2 or min(batches) <= 0:
        return ""
    return f"the slowest takes {significant(max(batches) / min(batches))} times as long as the fastest"


def _basis(name: str, number: Number) -> str:
    """What is behind an interval; what it would take to have the number where it is missing."""
    if isinstance(number, Missing):
        return f"takes {_NEEDED[name]:,} calls" if name in _NEEDED else number.short
    who = "workers" if number.each == 1 else f"groups of {number.each} or more"
    match number.basis:
        case "interval":
            return f"{100 * number.coverage:.3g} % interval of {number.workers} {who}"
        case "range":
            return f"range of {number.workers} {who}"
        case _:
            return ""


_NEEDED = {label(q): needed_calls(q) for q in SHARES}
