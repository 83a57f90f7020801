"""Rendering the page of a run with 75 cases and of one with 1,000: wall time and size, and what drawing costs.

    python benchmarks/bench_render.py

The runs have all that a run can have: labelled tails with their times, noise, sizes, memory and cold start; six workers
a case with a batch in each of 60 rounds, which is more than a default run has time for. Targets: `serbench report` on
the saved run, imports and all, under 6 s for a page under 2 MB with 75 cases, under 20 s for one under 8 MB with 1,000;
the drawings of 75 cases take at most 1.5 times as long as bare matplotlib takes for them. Beside the wall time stands
what the process took of the processor, which a busy machine changes less.

Bare matplotlib draws the same marks at the same places: an artist of its own for each (`Line2D`, `Polygon`, `Text`), on
a figure without axes, written by `savefig` as SVG. Where marks lie is known to it beforehand. It does not place, thin
or label anything, and nothing makes its SVG fit for a page: all that is ours alone, and is in our time.
"""

from __future__ import annotations

import io
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

import fake_reports
import fakes
from serbench import registry
from serbench.charts import marks, sheet
from serbench.records.passes import ColdStart, Compressed, EncodedBytes, Memory, Spread
from serbench.records.samples import SlowCalls
from serbench.renderers.html import Html
from serbench.report.build import build
from serbench.store.files import save

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist

    from serbench.records.run import Measurement, Run
    from serbench.records.samples import WorkerSamples
    from serbench.report.whole import Report

TARGETS = {75: (5, 6.0, 2_000_000), 1_000: (1, 20.0, 8_000_000)}
"""By number of cases: how often it is measured, seconds and bytes."""

TARGET_DRAWING = 1.5
CODECS = {"json": 4.0, "orjson": 1.0, "msgpack": 1.8, "msgspec-json-struct": 0.8, "protobuf": 2.4}
PAYLOADS = {"ping": 1_200, "order": 3_000, "chat": 15_000, "telemetry": 60_000, "feed": 160_000}
OPERATIONS = {"encode": 0.5, "decode": 0.8, "read": 1.0}
ROUNDS = 60
DRAWN_TIMES = 7


def main() -> int:
    """Prints a line per target; 0 if all are met."""
    met = [_page(_run(-(-cases // 75), cases), *targets) for cases, targets in TARGETS.items()]
    return 0 if all([*met, _drawing(build(_run(1)))]) else 1


def _page(run: Run, times: int, seconds: float, most: float) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        save(run, Path(folder))
        command = [sys.executable, "-m", "serbench", "report", folder]
        taken = [_seconds(command) for _ in range(times)]
        whole, cpu = (statistics.median(column) for column in zip(*taken, strict=True))
        size = (Path(folder) / "index.html").stat().st_size
    fast, small = whole < seconds, size < most
    print(f"the page of a run of {len(run.measurements)} cases")
    print(f"  serbench report: {whole:.2f} s ({cpu:.2f} s of CPU), target {seconds:g} s  {'met' if fast else 'missed'}")
    print(f"  size: {size / 1e6:.2f} MB, target {most / 1e6:g} MB  {'met' if small else 'missed'}")
    began = time.process_time()
    report = build(run)
    built = time.process_time()
    Html().render(report)
    ended = time.process_time()
    print(f"  of it the report {built - began:.2f} s of CPU, the page with its charts {ended - built:.2f} s")
    return fast and small


def _drawing(report: Report) -> bool:
    """All drawings as a page has them, and as matplotlib alone writes them, in turns; seconds of CPU."""
    charts = registry.plug_ins("charts")
    sheets = _sheets(charts, report)
    whole, bare = [], []
    for _ in range(DRAWN_TIMES):
        began = time.process_time()
        drawn = [figure for chart in charts for figure in chart.draw(report)]
        between = time.process_time()
        written = [_bare(one) for one in sheets]
        bare.append(time.process_time() - between)
        whole.append(between - began)
        assert len(drawn) == len(written)
    ratio = statistics.median(ours / other for ours, other in zip(whole, bare, strict=True))
    good = ratio <= TARGET_DRAWING
    ours, other = statistics.median(whole), statistics.median(bare)
    print(f"{len(drawn)} drawings: {ours:.2f} s of CPU, bare matplotlib {other:.2f} s")
    print(f"  {ratio:.2f} times as long, target {TARGET_DRAWING:g}  {'met' if good else 'missed'}")
    return good


def _sheets(charts: Sequence[Any], report: Report) -> list[sheet.Sheet]:
    """What charts draw on, as they leave it."""
    found: list[sheet.Sheet] = []
    figure = sheet.Sheet.figure

    def kept(self: sheet.Sheet, **about: Any) -> Any:
        found.append(self)
        return figure(self, **about)

    with mock.patch.object(sheet.Sheet, "figure", kept):
        for chart in charts:
            chart.draw(report)
    return found


def _bare(drawn: sheet.Sheet) -> str:
    """A sheet's marks, drawn and written by matplotlib alone."""
    wide, high = drawn.width, drawn.height
    with mpl.rc_context({"svg.fonttype": "none", "path.simplify": False}):
        canvas = Figure(figsize=(wide / 72, high / 72), dpi=72)
        for mark in (*(mark for panel in drawn.panels for mark in panel.marks), *drawn.marks):
            canvas.add_artist(_artist(mark))
        written = io.StringIO()
        canvas.savefig(written, format="svg")
    return written.getvalue()


def _artist(mark: marks.Mark) -> Artist:
    """The artist that matplotlib has for a mark."""
    colour = mark.fill if isinstance(mark, marks.Markers) else mark.colour
    place: dict[str, Any] = {"transform": IdentityTransform(), "color": colour.light, "zorder": mark.layer}
    if isinstance(mark, marks.Words):
        look = {"size": mark.size, "ha": mark.align, "weight": "bold" if mark.bold else "normal"}
        return Text(*mark.place, mark.text, va="baseline", **look, **place)
    if isinstance(mark, marks.Area):
        return Polygon(mark.places, alpha=mark.alpha, linewidth=0, **place)
    xs, ys = zip(*mark.places, strict=True)
    if isinstance(mark, marks.Markers):
        look = {"marker": mark.shape, "markersize": mark.size, "markeredgecolor": mark.edge.light}
        return Line2D(xs, ys, linestyle="none", **look, **place)
    ends = "round" if mark.round_ends else "butt"
    return Line2D(xs, ys, linewidth=mark.width, linestyle=mark.dash, solid_capstyle=ends, **place)


def _run(copies: int, cases: int | None = None) -> Run:
    """Every case has times of its own; histograms of 120,000 calls over six workers. `cases`: no more than these."""
    measurements = [
        _full(
            fakes.measured(
                fakes.case(codec, f"{payload}-{copy}" if copy else payload, operation),
                _drawn(ns * speed * share),
                encoded=round(ns / (6 if codec == "protobuf" else 3)),
            ),
            ns * speed * share,
        )
        for copy in range(copies)
        for payload, ns in PAYLOADS.items()
        for operation, share in OPERATIONS.items()
        for codec, speed in CODECS.items()
    ]
    return fakes.run(measurements[:cases], noise=fake_reports.NOISE, passes=("time", "size", "memory", "cold"))


@cache
def _drawn(ns: float) -> tuple[WorkerSamples, ...]:
    """Six workers of 20,000 calls one by one, and of a batch a round."""
    workers = fakes.drawn_workers(ns, calls=20_000, sigma=0.4, seed=round(ns))
    return tuple(
        replace(worker, ns_per_call=worker.ns_per_call[:ROUNDS], batch_calls=100 * ROUNDS) for worker in workers
    )


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
    sizes = EncodedBytes(mean=size, median=size, min=size // 2, max=size * 2)
    return Compressed(
        method=method,
        level=3,
        messages=64,
        bytes_per_message=sizes,
        ns_per_message=ns,
        stream_bytes=100 * size,
        stream_ns=ns,
    )


def _seconds(command: list[str]) -> tuple[float, float]:
    """Wall time and CPU time of a command."""
    began, before = time.perf_counter(), _children()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began, _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
