"""Rendering the page of a run with 75 cases and of one with 1,000: wall time and size, and what drawing costs.

    python benchmarks/bench_render.py

The runs have all that a run can have: labelled tails with their times, noise, sizes, memory and cold start. Targets:
`serbench report` on the saved run, imports and all, under 6 s for a page under 2 MB with 75 cases, under 20 s for one
under 8 MB with 1,000; the drawings of 75 cases take at most 1.5 times as long as matplotlib alone takes for them.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import fake_reports
import fakes
from serbench import registry
from serbench.records.passes import ColdStart, Compressed, EncodedBytes, Memory, Spread
from serbench.records.samples import SlowCalls
from serbench.renderers.html import Html
from serbench.report.build import build
from serbench.store.files import save

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.records.run import Measurement, Run
    from serbench.report.whole import Report

TARGETS = {1: (5, 6.0, 2_000_000), 13: (1, 20.0, 8_000_000)}
"""By copies of the payloads: how often it is measured, seconds and bytes."""

TARGET_DRAWING = 1.5
CODECS = {"json": 4.0, "orjson": 1.0, "msgpack": 1.8, "msgspec-json-struct": 0.8, "protobuf": 2.4}
PAYLOADS = {"ping": 1_200, "order": 3_000, "chat": 15_000, "telemetry": 60_000, "feed": 160_000}
OPERATIONS = {"encode": 0.5, "decode": 0.8, "read": 1.0}


def main() -> int:
    """Prints a line per target; 0 if all are met."""
    met = [_page(_run(copies), *targets) for copies, targets in TARGETS.items()]
    return 0 if all([*met, _drawing(build(_run(1)))]) else 1


def _page(run: Run, times: int, seconds: float, most: float) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        save(run, Path(folder))
        command = [sys.executable, "-m", "serbench", "report", folder]
        whole = statistics.median(_seconds(command) for _ in range(times))
        size = (Path(folder) / "index.html").stat().st_size
    fast, small = whole < seconds, size < most
    print(f"the page of a run of {len(run.measurements)} cases")
    print(f"  serbench report: {whole:.2f} s, target {seconds:g} s  {'met' if fast else 'missed'}")
    print(f"  size: {size / 1e6:.2f} MB, target {most / 1e6:g} MB  {'met' if small else 'missed'}")
    began = time.perf_counter()
    report = build(run)
    built = time.perf_counter()
    Html().render(report)
    print(f"  of it the report {built - began:.2f} s, the page with its charts {time.perf_counter() - built:.2f} s")
    return fast and small


def _drawing(report: Report) -> bool:
    """All charts as a page has them, and as matplotlib writes them, in turns."""
    charts = registry.plug_ins("charts")
    whole, bare = [], []
    for _ in range(5):
        whole.append(_charts(charts, report))
        with mock.patch("serbench.charts.svg.clean", lambda text, **_: text):
            bare.append(_charts(charts, report))
    ratio = statistics.median(whole) / statistics.median(bare)
    good = ratio <= TARGET_DRAWING
    print(f"drawings: {statistics.median(whole):.2f} s, {ratio:.2f} times matplotlib alone, target {TARGET_DRAWING:g}")
    print(f"  {'met' if good else 'missed'}")
    return good


def _charts(charts: Sequence[Any], report: Report) -> float:
    began = time.perf_counter()
    for chart in charts:
        chart.draw(report)
    return time.perf_counter() - began


def _run(copies: int) -> Run:
    """Every case has times of its own; histograms of 120,000 calls over six workers."""
    measurements = [
        _full(
            fakes.measured(
                fakes.case(codec, f"{payload}-{copy}" if copy else payload, operation),
                fakes.drawn_workers(ns * speed * share, calls=20_000, sigma=0.4, seed=round(ns * speed * share)),
                encoded=round(ns / (6 if codec == "protobuf" else 3)),
            ),
            ns * speed * share,
        )
        for copy in range(copies)
        for payload, ns in PAYLOADS.items()
        for operation, share in OPERATIONS.items()
        for codec, speed in CODECS.items()
    ]
    return fakes.run(measurements, noise=fake_reports.NOISE, passes=("time", "size", "memory", "cold"))


def _full(of: Measurement, ns: float) -> Measurement:
    """What else a run knows of a case: 48 slow calls of each worker, and the passes besides time."""
    drawn = random.Random(ns)
    spread = Spread(median=ns, min=ns / 2, max=2 * ns)
    workers = tuple(replace(worker, slow=_slow(drawn, ns)) for worker in of.workers)
    return replace(
        fake_reports.labelled(of, gc=20, preempted=60, instance=20, other=20),
        workers=workers,
        sizes=tuple(_compressed(method, ns) for method in ("none", "gzip", "zstd", "brotli")),
        memory=Memory(
            calls=64,
            peak_bytes=spread,
            live_bytes=spread,
            resident_growth_bytes=40_000_000,
            resident_calls=20_000,
            tracked_per_result=5.5,
            heap_objects=20_000,
            full_collection_ns=68_700_000,
        ),
        cold_start=ColdStart(processes=5, import_ns=spread, bind_ns=spread, first_call_ns=spread),
    )


def _slow(drawn: random.Random, ns: float) -> SlowCalls:
    at_ns = sorted(drawn.randrange(4_000_000_000) for _ in range(48))
    took = tuple(round(ns * drawn.uniform(3, 30)) for _ in at_ns)
    return SlowCalls(at_ns=tuple(at_ns), ns=took, labels="".join(drawn.choices("gpio", k=48)))


def _compressed(method: str, ns: float) -> Compressed:
    size = round(ns / 3)
    sizes = EncodedBytes(median=size, min=size // 2, max=size * 2)
    return Compressed(
        method=method,
        level=3,
        messages=64,
        bytes_per_message=sizes,
        ns_per_message=ns,
        stream_bytes=100 * size,
        stream_ns=ns,
    )


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
