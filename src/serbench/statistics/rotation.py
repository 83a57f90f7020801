"""Whether batches met the messages in their right proportions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.records.cases import Caution
from serbench.units import significant

if TYPE_CHECKING:
    from serbench.records.run import Measurement

ALIKE = 2.0
"""The longest message over the mean: up to here it does not matter which of them a batch meets."""

LONGEST_PER_BATCH = 5.0
"""As many of the longest message as would be as long as a batch. With fewer the median batch has met too few of the
long ones: over 60 messages of 11 B to 517 kB batches of 5 to 22 told 92 us where 1,220 is true."""


def incomplete(measurement: Measurement) -> Caution | None:
    """A caution where a batch is less than a rotation over messages that are very unlike.

    Args:
        measurement: one that was measured.
    """
    sizes, workers = measurement.encoded_bytes, measurement.workers
    batches = sum(len(worker.ns_per_call) for worker in workers)
    if sizes is None or not batches or not sizes.mean:
        return None
    calls, of = sum(worker.batch_calls for worker in workers) / batches, measurement.case.conditions.instances
    longest = sizes.max / sizes.mean
    if calls >= of or longest < ALIKE or calls >= LONGEST_PER_BATCH * longest:
        return None
    text = (
        f"A batch met {significant(calls)} of {of:,} messages, the longest of which is {significant(longest)} times "
        "the mean: which of them it met decides the typical time, and a rank by it. Give a longer --budget, fewer "
        "codecs or operations, or fewer --instances."
    )
    return Caution(name="rotation-incomplete", text=text)
