"""One case under several conditions: what the collector, live objects and more threads cost, codec by codec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.report.cells import NOTHING, UNSAID, Column, Grid, aligned, with_ends, words
from serbench.report.evidence import Evidence
from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.intervals import apart, ratio
from serbench.units import significant, time_scale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.records.cases import Conditions
    from serbench.report.parts import Row, Table
    from serbench.statistics.estimates import Number

CONDITIONS_LEGEND = (
    "to reference: over the same codec with the collector off, else frozen, else under the first condition.",
    "~ too close to call, or too few workers to tell.",
    "collections: for 1,000 single calls; pause: what one took, mean.",
)
"""How to read a table of conditions."""

_CALLS = 1_000


def grouped(tables: Sequence[Table]) -> list[list[Table]]:
    """The tables of one payload and operation each, where there are several."""
    groups: dict[tuple[str, str], list[Table]] = {}
    for table in tables:
        groups.setdefault((table.payload.name, table.operation), []).append(table)
    return [group for group in groups.values() if len(group) > 1]


def condition_grids(tables: Sequence[Table]) -> tuple[Grid, ...]:
    """A table for each payload and operation that was measured under several conditions."""
    return tuple(map(_grid, grouped(tables)))


def lines(group: Sequence[Table]) -> dict[str, list[tuple[Table, Row]]]:
    """Of each codec its rows, in the order of the tables; codecs in that of the first."""
    found: dict[str, list[tuple[Table, Row]]] = {}
    for table in group:
        for row in table.rows:
            found.setdefault(row.codec.name, []).append((table, row))
    return found


def _grid(group: Sequence[Table]) -> Grid:
    told = [(codec, table, row, own) for codec, own in lines(group).items() for table, row in own]
    rows = [row for _, _, row, _ in told]
    references = [_reference(table, own) for _, table, _, own in told]
    times = [n.value for row in rows for n in (row.typical_ns, row.p99_ns, row.p999_ns) if isinstance(n, Estimate)]
    time = time_scale(times)
    asked = [table.conditions for table in group]
    timed = [isinstance(row.typical_ns, Estimate) for row in rows]
    tails = [
        [number if yes else UNSAID for number, yes in zip(column, timed, strict=True)]
        for column in ([row.p99_ns for row in rows], [row.p999_ns for row in rows])
    ]
    columns = (
        words("codec", [codec for codec, *_ in told]),
        words("conditions", [setting_words(table.conditions, asked) for _, table, *_ in told]),
        Column(head="typical", unit=time.unit, cells=with_ends([row.typical_ns for row in rows], time.text)),
        _relative(
            "typical", [(row.typical_ns, one.typical_ns) for row, one in zip(rows, references, strict=True)], spare=2
        ),
        *(
            Column(head=head, unit=time.unit, cells=with_ends(column, time.text), spare=spare)
            for head, column, spare in zip(("p99", "p99.9"), tails, (4, 0), strict=True)
        ),
        _relative("p99.9", [(row.p999_ns, one.p999_ns) for row, one in zip(rows, references, strict=True)], spare=1),
        *_collector(rows),
    )
    payload = group[0].payload.name
    return Grid(
        title=f"{payload}: {group[0].operation} under several conditions",
        columns=columns,
        strong=(),
        notes=(),
        legend=CONDITIONS_LEGEND,
        payload=payload,
    )


def setting_words(conditions: Conditions, among: Sequence[Conditions]) -> str:
    """What sets conditions apart from the others: `collector off, 20,000 live objects`."""
    words_ = {
        "gc": f"collector {conditions.gc}",
        "heap_objects": heap_words(conditions.heap_objects),
        "threads": f"{conditions.threads} thread{'s' * (conditions.threads != 1)}",
        "instances": f"{conditions.instances:,} instance{'s' * (conditions.instances != 1)}",
    }
    apart_ = [name for name in words_ if len({getattr(one, name) for one in among}) > 1]
    return ", ".join(words_[name] for name in apart_)


def heap_words(objects: int) -> str:
    """`20,000 live objects`."""
    return f"{objects:,} live object{'s' * (objects != 1)}" if objects else "no live objects"


def _reference(table: Table, own: Sequence[tuple[Table, Row]]) -> Row:
    """The row that another one is held against."""
    beside = {
        other.conditions.gc: row
        for other, row in own
        if (other.conditions.heap_objects, other.conditions.threads)
        == (table.conditions.heap_objects, table.conditions.threads)
    }
    return next((beside[gc] for gc in ("off", "frozen") if gc in beside), own[0][1])


def _relative(of: str, pairs: Sequence[tuple[Number, Number]], *, spare: int) -> Column:
    """How much longer; 1 for the reference itself."""
    cells = []
    for own, reference in pairs:
        found = ratio(own, reference)
        unsure = "" if apart(own, reference) else "~"
        if isinstance(found, Missing):
            cells.append(NOTHING)
        else:
            cells.append("1" if own is reference else f"{unsure}{significant(found.value)}")
    return Column(head=f"{of} to reference", unit="x", cells=aligned(cells), spare=spare)


def _collector(rows: Sequence[Row]) -> tuple[Column, Column]:
    """How often the collector ran, and how long it took."""
    found = [row.behind.evidence for row in rows]
    often = [
        significant(_CALLS * one.collections / one.calls) if isinstance(one, Evidence) and one.calls else NOTHING
        for one in found
    ]
    pauses = [
        one.collection_ns / one.collections if isinstance(one, Evidence) and one.collections else None for one in found
    ]
    scale = time_scale([pause for pause in pauses if pause])
    return (
        Column(head="collections", unit="/1,000", cells=aligned(often), spare=3),
        Column(
            head="pause",
            unit=scale.unit,
            cells=aligned(NOTHING if pause is None else scale.text(pause) for pause in pauses),
            spare=3,
        ),
    )
