"""What stands behind the numbers: calls, workers, interval, floor, and the command that measures a case again."""

from __future__ import annotations

import shlex
from statistics import median
from typing import TYPE_CHECKING

from serbench import registry
from serbench.choice import PASSES, Request, of_files, word_of
from serbench.report.cells import NOTHING, Column, Grid, aligned, exact, numbers, words
from serbench.report.evidence import Evidence
from serbench.statistics.estimates import Estimate, Missing
from serbench.units import duration, time_scale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.records.cases import Case, CodecInfo
    from serbench.records.run import Measurement, Run
    from serbench.report.parts import Row, Table

BASIS_LEGEND = (
    "single calls stand behind p50, p99 and p99.9, batch calls behind the typical time; interval: its coverage.",
    "floor: what an empty call reads in the same workers. Calls of lead-in and warm-up are no samples.",
    "collections and switches (involuntary): while calls were timed one by one.",
)
"""How to read a table of what stands behind numbers."""

BUDGET_SECONDS = 10.0
"""What the command of a single case gives it."""

GENERATED = "generated"
"""The origin of a payload that has a name; every other one has its file."""


def evidence(measurement: Measurement, run: Run) -> Evidence | Missing:
    """What stands behind the numbers of a measurement that holds its own."""
    workers = measurement.workers
    if not workers:
        return Missing(short=measurement.status, reason=measurement.reason or "no call was timed")
    waves = {worker.pair for worker in workers}
    rounds = [one.disturbance.disturbed for one in run.rounds if one.wave in waves and not one.repeated]
    threads = [median(thread.ns_per_call) for w in workers for thread in w.threads if thread.ns_per_call]
    return Evidence(
        calls=sum(worker.calls + worker.overflow for worker in workers),
        batch_calls=sum(worker.batch_calls for worker in workers),
        workers=len(workers),
        lead_in_calls=sum(worker.lead_in for worker in workers),
        warm_up_calls=sum(worker.warm_up for worker in workers),
        floor_ns=median(worker.floor.ns_per_call for worker in workers),
        batch_floor_ns=median(worker.floor.batch_ns_per_call for worker in workers),
        clock_step_ns=median(worker.floor.clock_step_ns for worker in workers),
        collections=sum(worker.collections for worker in workers),
        collection_ns=sum(worker.collection_ns for worker in workers),
        switches=sum(worker.switches for worker in workers),
        rounds=len(rounds),
        disturbed_rounds=sum(rounds),
        thread_ns=(min(threads), max(threads)) if threads else (),
    )


def command(case: Case, run: Run) -> str:
    """The command that measures just this case again, quoted for a shell."""
    conditions = case.conditions
    types, codecs = _codec_words(case.codec, run.codecs)
    payload = next((p for p in run.payloads if p.name == case.payload and p.origin != GENERATED), None)
    request = Request(
        payloads=(word_of(payload.origin, run.command) if payload else case.payload,),
        types=types,
        codecs=codecs,
        operations=(str(case.operation),),
        gc=() if conditions.gc == "on" else (conditions.gc,),
        heap=(conditions.heap_objects,) if conditions.heap_objects else (),
        threads=() if conditions.threads == 1 else (conditions.threads,),
        passes=() if set(run.passes) == set(PASSES) else (",".join(run.passes),),
        instances=None if conditions.instances_default else conditions.instances,
        seed=run.seed,
        **(of_files(run.command) if payload else {}),
    )
    return shlex.join(request.command(BUDGET_SECONDS))


def _codec_words(name: str, codecs: Sequence[CodecInfo]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What `--type` and `--codec` say for one codec: its name; or its file or class, without the others of that."""
    source = next((codec.source for codec in codecs if codec.name == name), "")
    without = tuple(f"!{codec.name}" for codec in codecs if codec.source == source and codec.name != name)
    if registry.names_type(source):
        return (source,), without
    return (), (source, *without) if source.endswith(".py") else (name,)


def basis_grid(table: Table) -> Grid:
    """What stands behind the numbers of a table, a line for each codec that was timed."""
    behind = [(row, row.behind.evidence) for row in table.rows]
    lines = [(row, found) for row, found in behind if isinstance(found, Evidence)]
    found = [one for _, one in lines]
    floor = time_scale([ns for one in found for ns in (one.floor_ns, one.batch_floor_ns, one.clock_step_ns)])
    columns = [
        words("codec", [row.codec.name for row, _ in lines]),
        _counts("single", "calls", [one.calls for one in found]),
        _counts("batch", "calls", [one.batch_calls for one in found]),
        _counts("workers", "", [one.workers for one in found]),
        Column(head="interval", unit="", cells=aligned(_coverage(row) for row, _ in lines)),
        numbers("floor", floor.unit, [exact(one.floor_ns) for one in found], floor.text),
        numbers("in batches", floor.unit, [exact(one.batch_floor_ns) for one in found], floor.text),
        numbers("clock step", floor.unit, [exact(one.clock_step_ns) for one in found], floor.text),
        _counts("lead-in", "calls", [one.lead_in_calls for one in found]),
        _counts("warm-up", "calls", [one.warm_up_calls for one in found]),
        _counts("collections", "", [one.collections for one in found]),
        _counts("switches", "", [one.switches for one in found]),
    ]
    if any(one.disturbed_rounds for one in found):
        cells = aligned(f"{one.disturbed_rounds} of {one.rounds}" for one in found)
        columns.append(Column(head="disturbed", unit="rounds", cells=cells))
    if any(one.thread_ns for one in found):
        columns.append(_threads(found))
    return Grid(
        title=f"{table.payload.name}: {table.operation}, what stands behind the numbers",
        columns=tuple(columns),
        strong=(),
        notes=(),
        legend=BASIS_LEGEND,
        payload=table.payload.name,
    )


def commands(table: Table) -> tuple[tuple[str, str], ...]:
    """Codec and command of every row."""
    return tuple((row.codec.name, row.behind.command) for row in table.rows)


def _counts(head: str, unit: str, counts: Sequence[int]) -> Column:
    return Column(head=head, unit=unit, cells=aligned(f"{count:,}" for count in counts))


def _coverage(row: Row) -> str:
    typical = row.typical_ns
    if isinstance(typical, Missing) or typical.basis == "none":
        return NOTHING
    return f"{100 * typical.coverage:.3g} %" if typical.basis == "interval" else "range"


def _threads(found: Sequence[Evidence]) -> Column:
    """From the thread that was fastest to the one that was slowest."""
    scale = time_scale([ns for one in found for ns in one.thread_ns])
    cells = aligned("-".join(map(scale.text, one.thread_ns)) or NOTHING for one in found)
    return Column(head="a thread", unit=scale.unit, cells=cells)


def threads_words(row: Row) -> str:
    """That throughput is that of all threads, and how far they are apart; empty with one thread."""
    found = row.behind.evidence
    if isinstance(found, Missing) or not found.thread_ns or not isinstance(row.typical_ns, Estimate):
        return ""
    low, high = map(duration, found.thread_ns)
    return f"objects and MB a second: all threads together; their typical times lie between {low} and {high}"
