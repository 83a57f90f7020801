"""The same again, and the same alone: do numbers hold?

    python benchmarks/bench_repeat.py

The default suite is measured twice, and some of its cases by themselves in between. Targets: the two intervals of a
case overlap in at least 9 of 10 cases, for the suite twice and for a case alone and among all; the median difference
of the two medians is under 2 %.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from typing import TYPE_CHECKING

import serbench
from serbench.statistics.estimates import Estimate
from serbench.statistics.intervals import apart
from serbench.statistics.summary import summarise

if TYPE_CHECKING:
    from serbench.records.run import Run
    from serbench.statistics.estimates import Number

OVERLAP_TARGET = 0.9
DIFFERENCE_TARGET = 0.02
ALONE = [
    ("orjson", "order", "decode"),
    ("json", "order", "encode"),
    ("protobuf", "order", "read"),
    ("msgpack", "ping", "decode"),
    ("msgspec-json-struct", "telemetry", "decode"),
    ("orjson", "feed", "read"),
    ("protobuf", "chat", "encode"),
    ("json", "telemetry", "read"),
    ("msgpack", "chat", "read"),
    ("orjson", "ping", "encode"),
]
ALONE_SECONDS = 10.0


def main() -> int:
    """Prints what agrees and what does not; 0 if all targets are met."""
    with tempfile.TemporaryDirectory() as scratch:
        first = _typical(serbench.run(suite="default", folder=f"{scratch}/first").record)
        alone: dict[str, Number] = {}
        for n, (codec, payload, operation) in enumerate(ALONE):
            result = serbench.run(
                payload, codecs=codec, operations=operation, budget=ALONE_SECONDS, folder=f"{scratch}/{n}"
            )
            alone |= _typical(result.record)
        second = _typical(serbench.run(suite="default", folder=f"{scratch}/second").record)
    twice = _compare("the default suite, twice", first, second)
    among = _compare("a case alone, and among all", alone, first)
    return 0 if twice and among else 1


def _typical(run: Run) -> dict[str, Number]:
    return {m.case.id: summarise(m).typical_ns for m in run.measurements if not m.same_as}


def _compare(what: str, one: dict[str, Number], other: dict[str, Number]) -> bool:
    """Prints how far two sets of numbers agree, and the cases that do not."""
    pairs = [(case, a, other[case]) for case, a in one.items()]
    known = [(case, a, b) for case, a, b in pairs if isinstance(a, Estimate) and isinstance(b, Estimate)]
    meeting = sum(not apart(a, b) for _, a, b in known)
    middle = statistics.median(abs(b.value / a.value - 1) for _, a, b in known)
    width = statistics.median(a.high / a.low - 1 for _, a, _ in known)
    overlap = meeting >= OVERLAP_TARGET * len(pairs)
    print(f"{what}: {len(pairs)} cases, intervals {width:.1%} wide (median)")
    print(f"  intervals overlap in {meeting} of {len(pairs)}, target {OVERLAP_TARGET:.0%}  {_word(overlap)}")
    close = middle < DIFFERENCE_TARGET
    print(f"  median difference of medians {middle:.2%}, target under {DIFFERENCE_TARGET:.0%}  {_word(close)}")
    for case, a, b in known:
        if apart(a, b):
            print(
                f"    {case}: {a.value:.0f} ({a.low:.0f} to {a.high:.0f}), {b.value:.0f} ({b.low:.0f} to {b.high:.0f})"
            )
    return overlap and close


def _word(good: bool) -> str:  # noqa: FBT001 - one fact
    return "met" if good else "missed"


if __name__ == "__main__":
    sys.exit(main())
