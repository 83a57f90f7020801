"""What certainty costs: the default suite against pyperf, on the same cases.

    python benchmarks/bench_certainty.py

pyperf runs with its own defaults (20 processes, 3 values each). Its certainty is the 95 % interval of the median that a
bootstrap over its processes gives; serbench's is the interval that it prints, of at least 95 % coverage. An interval
narrows with the square root of the processes: so much longer would pyperf have to run for an interval as narrow as
serbench's, or so much less for one as wide. Target: these cases of the default suite cost at most a tenth of the time
that pyperf would need for all of them.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import serbench
from serbench.payloads import catalogue, instances
from serbench.statistics.estimates import Estimate
from serbench.statistics.summary import summarise

CASES = [(codec, payload) for payload in ("order", "chat", "telemetry", "feed") for codec in ("orjson", "json")]
TARGET = 0.1
DRAWS = 10_000
PEER = """
import pickle, sys
import {module}
import pyperf
data = pickle.load(open({data!r}, "rb"))
def decode(loads={module}.loads):
    for one in data:
        loads(one)
pyperf.Runner().bench_func("decode", decode, inner_loops=len(data))
"""


def main() -> int:
    """Prints a line per case; 0 if the target is met."""
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        record = serbench.run(suite="default", folder=place / "run").record
        each = record.budget_seconds / sum(not m.same_as for m in record.measurements)
        needed_in_all = 0.0
        ratios = []
        print(f"a case of the default suite costs {each:.2g} s; pyperf with its defaults:")
        for codec, payload in CASES:
            seconds, width = _pyperf(codec, payload, place)
            typical = summarise(record.measurement(f"{codec}/{payload}/decode")).typical_ns
            assert isinstance(typical, Estimate)
            own = (typical.high - typical.low) / typical.value
            needed = seconds * (width / own) ** 2
            needed_in_all += needed
            ratios.append(each / needed)
            print(
                f"  {codec}/{payload}/decode: {seconds:.0f} s for {width:.2%}; serbench's {own:.2%} "
                f"would take {needed:.1f} s: ratio {each / needed:.3f}"
            )
    ratio = each * len(CASES) / needed_in_all
    good = ratio <= TARGET
    print(
        f"serbench {each * len(CASES):.1f} s, pyperf {needed_in_all:.0f} s for all of them: ratio {ratio:.3f}", end=""
    )
    print(
        f", target at most {TARGET}  {'met' if good else 'missed'}; median of the cases {statistics.median(ratios):.3f}"
    )
    return 0 if good else 1


def _pyperf(codec: str, payload: str, scratch: Path) -> tuple[float, float]:
    """How long pyperf takes, and the width of its interval over its median."""
    import pickle  # noqa: PLC0415

    data, script, output = scratch / "data.pickle", scratch / "peer.py", scratch / "peer.json"
    pack, _ = instances.make(catalogue.get(payload), seed=1, count=64)
    messages = [json.dumps(i, separators=(",", ":"), ensure_ascii=False).encode() for i in pack.payload.instances]
    data.write_bytes(pickle.dumps(messages))
    script.write_text(PEER.format(module=codec, data=str(data)))
    output.unlink(missing_ok=True)
    begin = time.monotonic()
    subprocess.run([sys.executable, str(script), "-q", "-o", str(output)], check=True, capture_output=True, timeout=600)
    seconds = time.monotonic() - begin
    import pyperf  # noqa: PLC0415 - only its file format is needed here

    (bench,) = pyperf.BenchmarkSuite.load(str(output)).get_benchmarks()
    processes = [run.values for run in bench.get_runs() if run.values]
    rng = np.random.default_rng(1)
    drawn = rng.integers(0, len(processes), (DRAWS, len(processes)))
    values = np.array([statistics.fmean(own) for own in processes])
    low, high = np.quantile(np.median(values[drawn], axis=1), [0.025, 0.975])
    return seconds, float((high - low) / np.median(values))


if __name__ == "__main__":
    sys.exit(main())
