"""What workers answer in the passes besides time, as records."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from serbench.records.passes import ColdStart, Memory, Spread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def spread(values: Sequence[float]) -> Spread:
    """Middle and both ends.

    Raises:
        ValueError: there are no values.
    """
    return Spread(median=median(values), min=min(values), max=max(values))


def cold_start(readings: Sequence[Mapping[str, Any]]) -> ColdStart:
    """The readings of several processes as one record.

    Args:
        readings: `import_ns`, `bind_ns` and `first_call_ns` of each process, at least one.

    Raises:
        ValueError: there are no readings.
    """
    return ColdStart(
        processes=len(readings),
        import_ns=spread([reading["import_ns"] for reading in readings]),
        bind_ns=spread([reading["bind_ns"] for reading in readings]),
        first_call_ns=spread([reading["first_call_ns"] for reading in readings]),
    )


def memory(answer: Mapping[str, Any]) -> Memory:
    """What `serbench.worker.memory.measure` said; whatever else stands in the answer is left."""
    return Memory(
        calls=answer["calls"],
        peak_bytes=Spread(**answer["peak_bytes"]),
        live_bytes=Spread(**answer["live_bytes"]),
        resident_growth_bytes=answer["resident_growth_bytes"],
        resident_calls=answer["resident_calls"],
        tracked_per_result=answer["tracked_per_result"],
        heap_objects=answer["heap_objects"],
        full_collection_ns=answer["full_collection_ns"],
        new_bytes=Spread(**answer["new_bytes"]) if "new_bytes" in answer else None,
    )
