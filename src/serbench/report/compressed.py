"""Compressed sizes as numbers, for charts; `passes` has them as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from serbench.records.passes import Compressed
    from serbench.records.run import Run

RAW = "none"
"""The method that leaves messages as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompressedSizes:
    """What messages of one case take when each is compressed by itself.

    Attributes:
        case_id: the case.
        median_bytes: of a message, by method with its level, such as `zstd level 3`; not as it is.
    """

    case_id: str
    median_bytes: Mapping[str, float]


def compressed_sizes(run: Run) -> tuple[CompressedSizes, ...]:
    """Of every case whose messages were compressed, in the order of the run.

    Sizes are of a payload's messages under a codec: cases that differ in operation or conditions have the same, and one
    of them in the run has it for all.
    """
    known: dict[tuple[str, str], dict[str, float]] = {}
    for measurement in run.measurements:
        if measurement.sizes:
            known.setdefault((measurement.case.codec, measurement.case.payload), _medians(measurement.sizes))
    cases = (measurement.case for measurement in run.measurements)
    found = ((case.id, known.get((case.codec, case.payload), {})) for case in cases)
    return tuple(CompressedSizes(case_id=name, median_bytes=sizes) for name, sizes in found if sizes)


def _medians(sizes: tuple[Compressed, ...]) -> dict[str, float]:
    return {f"{one.method} level {one.level}": one.bytes_per_message.median for one in sizes if one.method != RAW}
