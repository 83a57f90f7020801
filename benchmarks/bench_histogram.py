"""Folding a million samples into a histogram against the library's `record_value`; interleaved, best of each.

    python benchmarks/bench_histogram.py

Target: at least 100 times faster, with the same blob. `record_value` does a tenth of the samples and counts ten times.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import numpy as np
from hdrh.histogram import HdrHistogram

from serbench.histogram import SETTINGS, Histogram

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES = 1_000_000
SHARE = 10
ROUNDS = 7
TARGET = 100.0
MEDIANS_NS = {"short calls": 150, "calls of about 1 us, where buckets begin to widen": 1_024, "long calls": 100_000}


def main() -> int:
    """Prints a line per length of call; 0 if all are met."""
    print(f"folding {SAMPLES:,} samples, best of {ROUNDS}; record_value on {SAMPLES // SHARE:,}, scaled by {SHARE}")
    met = True
    for name, median in MEDIANS_NS.items():
        samples = np.random.default_rng(1).lognormal(np.log(median), 0.5, SAMPLES).astype(np.int64)
        part = samples[: SAMPLES // SHARE]
        values = part.tolist()
        assert _folded(part).encode() == _recorded(values).encode().decode(), "the blobs differ"
        pairs = [
            (_seconds(lambda s=samples: _folded(s)), _seconds(lambda v=values: _recorded(v))) for _ in range(ROUNDS)
        ]
        ours, peer = (min(column) for column in zip(*pairs, strict=True))
        ratio = SHARE * peer / ours
        met = met and ratio >= TARGET
        print(
            f"  {name}: fold {1e9 * ours / SAMPLES:.1f} ns a sample, record_value {1e9 * peer / len(values):.0f} ns,"
            f" ratio {ratio:.0f}, target {TARGET:.0f}  {'met' if ratio >= TARGET else 'missed'}"
        )
    return 0 if met else 1


def _folded(samples: np.ndarray) -> Histogram:
    histogram = Histogram()
    histogram.fold(samples)
    return histogram


def _recorded(values: list[int]) -> HdrHistogram:
    histogram = HdrHistogram(*SETTINGS)
    for value in values:
        histogram.record_value(value)
    return histogram


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
