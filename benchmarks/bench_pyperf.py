"""`typical` held against the median of pyperf's `bench_func`: same callable, same input, both repeated and interleaved.

    python benchmarks/bench_pyperf.py

pyperf runs in processes of its own, as its users run it; `serbench run` with `--instances 1`. Target: within 5 %.
"""

from __future__ import annotations

import json
import pickle
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import serbench
from serbench.payloads import catalogue, instances

CASES = [(codec, payload) for codec in ("orjson", "json") for payload in ("order", "feed")]
REPEATS = 5
TARGET = 0.05
BUDGET_SECONDS = 12.0
PEER = """
import pickle, sys
import {module}
import pyperf
data = pickle.load(open({data!r}, "rb"))
pyperf.Runner(processes=8, values=3, warmups=1, min_time=0.05).bench_func("decode", {module}.loads, data)
"""


def main() -> int:
    """Prints a line per case; 0 if all are met."""
    ratios: dict[tuple[str, str], list[float]] = {case: [] for case in CASES}
    with tempfile.TemporaryDirectory() as scratch:
        inputs = _inputs(Path(scratch))
        for _ in range(REPEATS):
            ours = _ours(Path(scratch))
            for case in CASES:
                ratios[case].append(ours[case] / _pyperf(case[0], inputs[case[1]], Path(scratch)))
    print(f"typical over the median of pyperf's bench_func, {REPEATS} pairs, interleaved; target: within {TARGET:.0%}")
    met = True
    for (codec, payload), values in ratios.items():
        middle = statistics.median(values)
        good = abs(middle - 1) <= TARGET
        met = met and good
        print(
            f"  {codec}/{payload}/decode?n=1: median {middle:.3f}, {min(values):.3f} to {max(values):.3f}"
            f"  {'met' if good else 'missed'}"
        )
    return 0 if met else 1


def _inputs(scratch: Path) -> dict[str, Path]:
    """The first instance of each payload as both harnesses decode it: compact UTF-8 JSON."""
    found = {}
    for name in {payload for _, payload in CASES}:
        pack, _ = instances.make(catalogue.get(name), seed=1, count=1)
        (instance,) = pack.payload.instances
        found[name] = scratch / f"{name}.pickle"
        found[name].write_bytes(pickle.dumps(json.dumps(instance, separators=(",", ":"), ensure_ascii=False).encode()))
    return found


def _ours(scratch: Path) -> dict[tuple[str, str], float]:
    """`typical` of each case, in ns."""
    result = serbench.run(
        "order",
        "feed",
        codecs=["orjson", "json"],
        operations=["decode"],
        instances=1,
        budget=BUDGET_SECONDS,
        folder=scratch / "run",
        force=True,
    )
    return {
        (m.case.codec, m.case.payload): statistics.median(statistics.median(w.ns_per_call) for w in m.workers)
        for m in result.record.measurements
    }


def _pyperf(module: str, data: Path, scratch: Path) -> float:
    """The median that pyperf reads, in ns."""
    script, output = scratch / "peer.py", scratch / "peer.json"
    script.write_text(PEER.format(module=module, data=str(data)))
    output.unlink(missing_ok=True)
    subprocess.run(
        [sys.executable, str(script), "--quiet", "-o", str(output)], check=True, capture_output=True, timeout=300
    )
    import pyperf  # noqa: PLC0415 - only its file format is needed here

    return float(pyperf.BenchmarkSuite.load(str(output)).get_benchmarks()[0].median()) * 1e9


if __name__ == "__main__":
    sys.exit(main())
