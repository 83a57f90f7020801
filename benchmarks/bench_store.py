"""Saving and loading a run of the default suite's size: 75 cases of six workers each, saved after every round.

    python benchmarks/bench_store.py

Target: at most 10 ms to make the bytes, so that what a save takes from a round is little but the disk's fsync.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import fakes
from serbench.store.files import load, save
from serbench.store.wire import to_wire

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.records.run import Run

ROUNDS = 15
TARGET_SECONDS = 0.010


def main() -> int:
    """Prints a line per step; 0 if the target is met."""
    run = _run()
    data = to_wire(run)
    print(
        f"a run of {len(run.measurements)} cases, {len(run.measurements[0].workers)} workers each: {len(data):,} bytes"
    )
    making = _seconds(lambda: to_wire(run))
    good = making <= TARGET_SECONDS
    print(f"  to bytes: {1e3 * making:.1f} ms, target {1e3 * TARGET_SECONDS:g} ms  {'met' if good else 'missed'}")
    with tempfile.TemporaryDirectory() as folder:
        print(f"  save, fsync and all: {1e3 * _seconds(lambda: save(run, Path(folder))):.1f} ms")
        print(f"  load, every histogram checked: {1e3 * _seconds(lambda: load(Path(folder))):.1f} ms")
    return 0 if good else 1


def _run() -> Run:
    """Histograms of 20,000 calls (about 3 kB each) and 60 batches per worker."""
    workers = fakes.drawn_workers(5_000, calls=20_000, sigma=0.5)
    workers = tuple(replace(worker, ns_per_call=worker.ns_per_call[:60]) for worker in workers)
    measurements = [
        fakes.measured(fakes.case(codec, payload, operation), workers)
        for codec in ("json", "orjson", "msgpack", "msgspec-json-struct", "protobuf")
        for payload in ("ping", "order", "chat", "telemetry", "feed")
        for operation in ("encode", "decode", "read")
    ]
    return fakes.run(measurements)


def _seconds(work: Callable[[], object]) -> float:
    """The median of several times."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
