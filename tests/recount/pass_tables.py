"""What must stand in the cells of the tables of passes besides time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recount.tables import NOTHING, Cell, plain, scale
from recount.writing import parted, three

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recount.cases import Case


def shared(cases: Sequence[Case], key: str) -> Any:
    """What a pass found, which cases share."""
    return next((case.entry[key] for case in cases if case.entry.get(key)), None)


def compressed(cases: Sequence[Case], head: str, unit: str) -> Cell:
    """A cell of a table of compressed sizes; the cases are those of its codec."""
    sizes = {one["method"]: one for one in shared(cases, "sizes") or []}
    name = "none" if head == "raw" else head.split(maxsplit=1)[0]
    if name not in sizes:
        return NOTHING
    if head.endswith(" time"):
        return plain(sizes[name]["ns_per_message"], scale(unit))
    if head.endswith(" of 100"):
        return plain(sizes[name].get("stream_bytes", 0) / 100 or None, scale(unit))
    return plain(sizes[name]["bytes_per_message"]["median"], scale(unit))


def _spread(one: dict[str, float], unit: str) -> Cell:
    text, low, high = (parted(scale(unit)(one[key])) for key in ("median", "min", "max"))
    return Cell(text, f"{low}\u2013{high}" if one["min"] < one["max"] else "")


def memory(cases: Sequence[Case], head: str, unit: str) -> Cell:
    """A cell of a table of memory; the cases are those of its codec and operation."""
    one = shared(cases, "memory")
    if one is None:
        return NOTHING
    if head in ("peak", "live"):
        return _spread(one[f"{head}_bytes"], unit)
    if head == "resident":
        grown = one["resident_growth_bytes"]
        return plain(grown / one["resident_calls"] if grown >= 0 else None, scale(unit))
    if head == "tracked":
        return plain(one["tracked_per_result"], three)
    if head == "alive":
        return plain(one["heap_objects"], lambda n: f"{n:.0f}")
    found = {"collection": one["full_collection_ns"], "new": one.get("new_bytes", {}).get("median")}
    return plain(found[head], scale(unit))


def cold_start(cases: Sequence[Case], head: str, unit: str) -> Cell:
    """A cell of a table of cold starts, likewise."""
    one = shared(cases, "cold_start")
    if one is None:
        return NOTHING
    if head == "processes":
        return Cell(str(one["processes"]))
    return _spread(one[f"{head.replace(' ', '_')}_ns"], unit)


def instructions(cases: Sequence[Case], head: str, unit: str) -> Cell:
    """A cell of a table of instructions, likewise."""
    if (head, unit) != ("instructions", ""):
        raise KeyError(head)
    return plain(shared(cases, "instructions"), lambda n: f"{n:.0f}")


PASSES = {"compressed": compressed, "memory": memory, "cold start": cold_start, "instructions": instructions}
"""Tables of passes by their title."""
