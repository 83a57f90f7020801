"""Loading your own NDJSON: CPU time against parsing it with orjson, and memory against the size of the file.

    python benchmarks/bench_inference.py

Each file has 100 MB of messages of one of serbench's generated payloads (seed 1), the first few thousand again and
again with a number of their own, so that no two lines are the same. Both sides read it line by line, each in a process
of its own that has imported what it needs, in turns; the median of three is shown. Targets: inferring the schema of all
messages, of which one is taken as an instance, takes at most twice as long as `orjson.loads` of every line; the most
memory that is resident does not grow with the file: of 100 MB it is at most 1.1 times what it is of 25 MB, each with as
many instances as a run takes.

What loading takes with these instances (8 MB are encoded for workers) is shown besides. Floats that may all be of 32
bits, as in `inference`, are looked at one by one and are the slow side of it.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.payloads import catalogue, instances
from serbench.schema.spool import compact_json

if TYPE_CHECKING:
    from collections.abc import Iterator

PAYLOADS = ("ping", "order", "chat", "telemetry", "feed", "catalog", "inference")
SIZE = 100_000_000
SMALLER = 25_000_000
POOL_BYTES = 4_000_000
"""Messages are generated until they take this much; a file is these again and again."""

TIMES = 3
TARGET_TIME = 2.0
TARGET_MEMORY = 1.1

PARSE = """
import sys, time, orjson
began = time.process_time()
with open(sys.argv[1], "rb") as file:
    for line in file:
        orjson.loads(line)
print(time.process_time() - began)
"""
LOAD = """
import resource, sys, tempfile, time
from serbench.payloads.files.load import load
with tempfile.NamedTemporaryFile(suffix=".ndjson") as small:
    small.write(b'{"a":1}\\n')
    small.flush()
    load(small.name)
began = time.process_time()
load(sys.argv[1], count=int(sys.argv[2]) or None)
print(time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def main() -> int:
    """Prints a line per payload and target; 0 if all are met."""
    with tempfile.TemporaryDirectory(prefix="serbench-inference-") as folder:
        met = [_of_payload(name, Path(folder)) for name in PAYLOADS]
    return 0 if all(met) else 1


def _of_payload(name: str, folder: Path) -> bool:
    pool = list(_lines(name))
    whole, part = folder / f"{name}.ndjson", folder / f"{name}-part.ndjson"
    for path, size in ((whole, SIZE), (part, SMALLER)):
        _write(path, pool, size)
    measured = [
        (*_run(PARSE, whole), _run(LOAD, whole, "1")[0], *_run(LOAD, whole, "0"), _run(LOAD, part, "0")[1])
        for _ in range(TIMES)
    ]
    bare, ours, ready, after, before = (statistics.median(column) for column in zip(*measured, strict=True))
    whole.unlink()
    part.unlink()
    fast, small = ours <= TARGET_TIME * bare, after <= TARGET_MEMORY * before
    print(
        f"{name:10} {SIZE / 1e6:.0f} MB: orjson {bare:.2f} s, inferring {ours:.2f} s, {ours / bare:.2f} times, "
        f"target {TARGET_TIME:g}  {'met' if fast else 'missed'}; with instances {ready:.2f} s"
    )
    print(
        f"{'':10} most resident: {after / 1000:.0f} MB, of {SMALLER / 1e6:.0f} MB it was {before / 1000:.0f} MB, "
        f"{after / before:.2f} times, target {TARGET_MEMORY:g}  {'met' if small else 'missed'}",
        flush=True,
    )
    return fast and small


def _lines(name: str) -> Iterator[bytes]:
    """Lines without their end, each an object that can have one key more."""
    made = catalogue.get(name).generate(instances.random_of(name, 1))
    size = 0
    for message in made:
        line = compact_json(message)
        yield line.removesuffix(b"}")
        size += len(line)
        if size > POOL_BYTES:
            return


def _write(path: Path, pool: list[bytes], size: int) -> None:
    with path.open("wb") as file:
        for number, line in enumerate(islice(cycle(pool), size)):
            file.write(b'%b,"line":%d}\n' % (line, number))
            if file.tell() >= size:
                return


def _run(code: str, path: Path, count: str = "") -> list[float]:
    done = subprocess.run([sys.executable, "-c", code, str(path), count], check=True, stdout=subprocess.PIPE, text=True)
    return list(map(float, done.stdout.split()))


if __name__ == "__main__":
    sys.exit(main())
