"""The tables of runs and of comparisons as grids of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.compare.parts import Verdict
from serbench.compare.words import listed
from serbench.report.basis import threads_words
from serbench.report.cells import NOTHING, UNSAID, Column, Grid, aligned, numbers, size_text, with_ends, words
from serbench.statistics.estimates import Estimate, Missing
from serbench.units import Scale, significant, size_scale, time_scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from serbench.compare.parts import Change
    from serbench.records.passes import EncodedBytes
    from serbench.report.parts import Row, Table
    from serbench.statistics.estimates import Number

LEGEND = (
    "* the usual baseline of its format. ! disturbed by other programs.",
    "~ too close to the best to call, or too few workers to tell.",
    "(a-b) is the interval of the workers' own values, [a-b] only their range.",
    "Objects and MB a second follow from the typical time; MB are 10^6 encoded bytes, by the mean size.",
)
"""How to read the cells of a run's tables."""

CHANGES_LEGEND = (
    "new/base: typical time; (a-b) is its interval, [a-b] only a range. p99 and bytes: new over base as well.",
)
"""How to read the cells of a comparison's tables."""

_RATES = ((1e6, "M/s"), (1e3, "k/s"))


def table_grid(table: Table) -> Grid:
    """A table of a run: codec, size, typical, p50, p99, throughput and the distance to the best."""
    rows = table.rows
    time = time_scale(ns.value for row in rows for ns in (row.typical_ns, row.p50_ns) if isinstance(ns, Estimate))
    rate = _rate_scale([row.objects_per_second for row in rows])
    sizes = size_scale(row.encoded_bytes.median for row in rows if not isinstance(row.encoded_bytes, Missing))
    tails = [row.p99_ns if isinstance(row.typical_ns, Estimate) else UNSAID for row in rows]
    columns = (
        words("codec", [_name(row) for row in rows]),
        Column(head="size", unit=sizes.unit, cells=aligned(_size(row.encoded_bytes, sizes) for row in rows)),
        numbers("typical", time.unit, [row.typical_ns for row in rows], time.text),
        numbers("p50", time.unit, _quiet(row.p50_ns for row in rows), time.text, spare=1),
        Column(head="p99", unit=time.unit, cells=with_ends(tails, time.text)),
        numbers("objects", rate.unit, _quiet(row.objects_per_second for row in rows), rate.text, spare=2),
        numbers("encoded", "MB/s", _quiet(row.megabytes_per_second for row in rows), significant, spare=3),
        Column(head="to best", unit="x", cells=aligned(map(_relative, rows))),
    )
    return Grid(
        title=f"{table.payload.name}: {table.operation} ({table.conditions_words})",
        columns=columns,
        strong=tuple(n for n, row in enumerate(rows) if row.best and row.certain),
        notes=tuple(_notes(rows)),
        payload=table.payload.name,
    )


def change_grids(changes: Sequence[Change]) -> tuple[Grid, ...]:
    """The tables of a comparison, one per payload."""
    payloads = dict.fromkeys(change.case.payload for change in changes)
    return tuple(_change_grid(name, [c for c in changes if c.case.payload == name]) for name in payloads)


def _change_grid(payload: str, changes: Sequence[Change]) -> Grid:
    times = [ns for change in changes for ns in (change.base_typical_ns, change.new_typical_ns)]
    time = time_scale(ns.value for ns in times if isinstance(ns, Estimate))
    sizes = [c.encoded_ratio for c in changes]
    columns = (
        words("codec", [c.case.codec for c in changes]),
        words("operation", [_operation(c) for c in changes]),
        numbers("base", time.unit, [c.base_typical_ns for c in changes], time.text, spare=1),
        numbers("new", time.unit, [c.new_typical_ns for c in changes], time.text, spare=1),
        Column(head="new/base", unit="x", cells=with_ends(_quiet(c.typical_ratio for c in changes), significant)),
        numbers("p99", "x", _quiet(c.p99_ratio for c in changes), significant, spare=3),
        Column(
            head="bytes",
            unit="x",
            cells=aligned(NOTHING if isinstance(ratio, Missing) else significant(ratio) for ratio in sizes),
            spare=2,
        ),
        words("verdict", [c.verdict for c in changes]),
    )
    return Grid(
        title=payload,
        columns=columns,
        strong=tuple(n for n, c in enumerate(changes) if c.verdict in {Verdict.SLOWER, Verdict.FASTER}),
        notes=tuple(f"{c.case.codec} {_operation(c)}: {c.reason}" for c in changes if c.reason),
    )


def _quiet(values: Iterable[Number]) -> list[Number]:
    """Numbers whose reason, where they are missing, stands in another cell of the line."""
    return [UNSAID if isinstance(value, Missing) else value for value in values]


def _name(row: Row) -> str:
    return row.codec.name + " *" * row.baseline + " !" * row.disturbed


def _size(sizes: EncodedBytes | Missing, scale: Scale) -> str:
    return NOTHING if isinstance(sizes, Missing) else size_text(scale)(sizes.median)


def _relative(row: Row) -> str:
    if isinstance(row.relative, Missing):
        return NOTHING
    return "1" if row.best else f"{'' if row.certain else '~'}{significant(row.relative.value)}"


def _rate_scale(rates: Sequence[Number]) -> Scale:
    """The unit in which the smallest rate is at least 1."""
    smallest = min((rate.value for rate in rates if isinstance(rate, Estimate)), default=0.0)
    return next((Scale(divisor, unit) for divisor, unit in _RATES if smallest >= divisor), Scale(1.0, "/s"))


def _operation(change: Change) -> str:
    """The operation, with the conditions that are not the default as they stand in the case's id."""
    asked = change.case.id.partition("?")[2]
    return f"{change.case.operation} {asked}" if asked else str(change.case.operation)


def _notes(rows: Sequence[Row]) -> Iterator[str]:
    """Why there is no number, whose numbers are another case's, and what else should be known: each once."""
    told: dict[str, list[str]] = {}
    for row in rows:
        if row.reason:
            told.setdefault(f"{row.status}: {row.reason}", []).append(row.codec.name)
        if row.same_as:
            source = row.same_as.partition("?")[0].rpartition("/")[2]
            told.setdefault(f"measured as {source}", []).append(row.codec.name)
        elif row.status == "measured" and isinstance(row.typical_ns, Missing):
            told.setdefault(row.typical_ns.reason, []).append(row.codec.name)
        if threads := threads_words(row):
            told.setdefault(threads, []).append(row.codec.name)
        for caution in row.cautions:
            told.setdefault(caution.text, []).append(row.codec.name)
    return (f"{listed(names)}: {text}" for text, names in told.items())
