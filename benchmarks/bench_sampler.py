"""The sampler in C held against the one in Python, against pytest-benchmark and against timeit; interleaved, medians.

    python benchmarks/bench_sampler.py

Targets: what is read for one call of an empty C function is at most 0.5 of what the sampler in Python reads and at most
0.7 of what pytest-benchmark reads with one iteration per round; `orjson.dumps` of a ping sampled one by one reads at
most 1.25 times what timeit says; to take a sample costs at most two readings of the clock and 15 ns.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import timeit
from array import array
from pathlib import Path
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

import orjson

from serbench.payloads import catalogue, instances
from serbench.worker import sampler as samplers

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.worker.sampler import Sampler

REPEATS = 15
PEER_REPEATS = 5
CALLS = 20_000
PYTHON_TARGET = 0.5
PEER_TARGET = 0.7
TIMEIT_TARGET = 1.25
COST_TARGET_NS = 15
PEER = """
def test_floor(benchmark):
    benchmark.pedantic(callable, args=(None,), rounds={calls}, iterations=1, warmup_rounds=1000)
"""


def main() -> int:
    """Prints a line per target; 0 if all are met."""
    try:
        native = samplers.load("native")
    except RuntimeError as missing:
        print(missing)
        return 1
    print(f"empty C function, {REPEATS} interleaved repeats of {CALLS} calls; mean of the middle 90 % of the readings")
    return 0 if all([*_floors(native, samplers.load("python")), _ping(native), _cost(native)]) else 1


def _floors(native: Sampler, python: Sampler) -> list[bool]:
    """What is read for a call that does nothing to speak of."""
    pairs = [(_middle(_readings(native, callable)), _middle(_readings(python, callable))) for _ in range(REPEATS)]
    with_peer = [(_middle(_readings(native, callable)), _middle(_pytest_benchmark())) for _ in range(PEER_REPEATS)]
    return [_ratio("the sampler in Python", pairs, PYTHON_TARGET), _ratio("pytest-benchmark", with_peer, PEER_TARGET)]


def _ping(native: Sampler) -> bool:
    """What is read for a short operation, against what it takes without a clock in between."""
    pack, _ = instances.make(catalogue.get("ping"), seed=1, count=1)
    (ping,) = pack.payload.instances
    timer = timeit.Timer("dumps(ping)", globals={"dumps": orjson.dumps, "ping": ping})
    pairs = [
        (statistics.median(_readings(native, orjson.dumps, ping)), timer.timeit(CALLS) / CALLS * 1e9)
        for _ in range(REPEATS)
    ]
    print("orjson.dumps of a ping, median of the readings")
    return _ratio("timeit", pairs, TIMEIT_TARGET)


def _cost(native: Sampler) -> bool:
    """What it takes to take a sample, whatever of it is in the sample."""
    arguments, times, marks = [None] * CALLS, array("q", bytes(16 * CALLS)), array("q", bytes(16 * (CALLS + 1)))
    costs = []
    for _ in range(REPEATS):
        begin = perf_counter_ns()
        native.singles(callable, arguments, times, marks)
        middle = perf_counter_ns()
        native.batch(callable, arguments)
        costs.append((2 * middle - begin - perf_counter_ns()) / CALLS)
    cost, clock = statistics.median(costs), samplers.clock_cost_ns(native)
    target = 2 * clock + COST_TARGET_NS
    print(f"to take a sample: {cost:.1f} ns; a reading of the clock: {clock} ns")
    print(f"  target {target} ns  {'met' if cost <= target else 'missed'}")
    return cost <= target


def _ratio(peer: str, pairs: list[tuple[float, float]], target: float) -> bool:
    """Prints one line."""
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(
        f"  native {ours:.1f} ns, {peer} {theirs:.1f} ns, median ratio of {len(pairs)} pairs {ratio:.2f},"
        f" target {target}  {'met' if ratio <= target else 'missed'}"
    )
    return ratio <= target


def _readings(sampler: Sampler, call: Callable[[Any], Any], argument: Any = None) -> list[float]:
    """What each call is read to take, in ns."""
    arguments, times, marks = [argument] * CALLS, array("q", bytes(16 * CALLS)), array("q", bytes(16 * (CALLS + 1)))
    sampler.batch(call, arguments[:1000])
    sampler.singles(call, arguments, times, marks)
    return [float(end - start) for start, end in zip(times[::2], times[1::2], strict=True)]


def _pytest_benchmark() -> list[float]:
    """The same from pytest-benchmark, in a process of its own as its users run it."""
    with tempfile.TemporaryDirectory() as scratch:
        test, output = Path(scratch, "test_floor.py"), Path(scratch, "floor.json")
        test.write_text(PEER.format(calls=CALLS))
        command = [sys.executable, "-m", "pytest", "-q", f"--benchmark-json={output}", str(test)]
        subprocess.run(command, cwd=scratch, check=True, capture_output=True, timeout=300)
        (benchmark,) = json.loads(output.read_text())["benchmarks"]
        return [1e9 * seconds for seconds in benchmark["stats"]["data"]]


def _middle(readings: list[float]) -> float:
    """The mean of the middle 90 %: a median of readings so short shows the steps of the clock, which may be 10 ns."""
    cut = len(readings) // 20
    return statistics.fmean(sorted(readings)[cut:-cut])


if __name__ == "__main__":
    sys.exit(main())
