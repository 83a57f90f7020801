"""What must stand in the two small tables of a case's page."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from recount.cases import NEEDED
from recount.tables import NOTHING, Cell
from recount.writing import in_unit, parted, three

if TYPE_CHECKING:
    from recount.cases import Case
    from recount.known import Known
    from recount.page import Table


def usual(known: Known | None) -> str:
    """What is behind an interval: `96.9 % interval of 6 workers`."""
    if known is None or not known.basis:
        return ""
    who = "workers" if known.each == 1 else f"groups of {known.each} or more"
    kind = f"{100 * known.coverage:.3g} % interval" if known.basis == "interval" else "range"
    return f"{kind} of {known.workers} {who}"


def times_line(case: Case, name: str, table: Table) -> list[Cell]:
    """A time and its spread, whose basis is only told where it is not that of the typical time."""
    unit = table.heads[1][0]
    if name in ("fastest", "slowest"):
        ns = case.merged.ordered[0 if name == "fastest" else -1]
        return [Cell(parted(in_unit(lowest(ns) if name == "fastest" else ns, unit))), NOTHING]
    known = case.typical if name == "typical" else case.percentile(name)
    if known is None:
        return [NOTHING, Cell(f"takes {NEEDED[name]:,} calls" if name in NEEDED else "")]
    text, low, high = (parted(in_unit(value, unit)) for value in (known.value, known.low, known.high))
    basis = usual(known) if usual(known) != usual(case.typical) else ""
    return [Cell(text), Cell(", ".join(filter(None, (f"{low}\u2013{high}" if known.basis else "", basis))))]


def lowest(highest: int) -> int:
    """The lowest time of the bucket that ends there: one wide under 2,048 ns, then at most 1/1,024 of its times."""
    wide = 1 << max(0, highest.bit_length() - 11)
    return highest - wide + 1


def worker_line(case: Case, name: str, table: Table) -> list[Cell]:
    """Calls, their median, and the median batch mean of a worker."""
    at = {str(worker["pair"] + 1): n for n, worker in enumerate(case.workers)}[name]
    worker, calls = case.workers[at], case.own[at]
    made = {
        "calls": lambda _: parted(str(worker["calls"] + worker.get("overflow", 0))),
        "p50": lambda unit: parted(in_unit(calls.at("0.5"), unit)) if calls.total else "",
        "batches": lambda unit: parted(in_unit(median(worker["ns_per_call"]), unit)) if worker["ns_per_call"] else "",
    }
    return [Cell(made[head](unit)) for head, unit in table.heads[1:]]


def note(case: Case, title: str) -> str:
    """What stands in small beside a table's title."""
    if title == "Times":
        return usual(case.typical)
    batches = [median(worker["ns_per_call"]) for worker in case.workers if worker["ns_per_call"]]
    if len(batches) < 2:
        return ""
    return f"the slowest takes {three(max(batches) / min(batches))} times as long as the fastest"
