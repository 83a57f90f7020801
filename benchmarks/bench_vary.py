"""Further instances of one message: CPU time, memory, and sizes against those of real ones.

    python benchmarks/bench_vary.py

Of each generated payload one message (seed 1) is written to a file and varied until 10 MB are there, as 1,000 messages
of 10 kB would be; beside it as many generated messages are loaded from NDJSON. Each is done in a process of its own;
the median of three is shown. Targets: at most 4 s of CPU for the varied ones; at most 1.5 times the memory of as many
real ones; compact JSON within 2 % of the message's own, and zlib within 8 %.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

from serbench.payloads import catalogue, instances
from serbench.schema.spool import compact_json

SIZE = 10_000_000
TIMES = 3
TARGETS = {"CPU": 4.0, "memory": 1.5, "JSON": 0.02, "zlib": 0.08}

LOAD = """
import resource, statistics, sys, time, zlib
from serbench.payloads.files.load import load
began = time.process_time()
packed, _ = load(sys.argv[1], count=int(sys.argv[2]), vary=1)
spent, most = time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
lines = [one.line for one in packed.encoded[1:33]]
print(spent, most, statistics.mean(map(len, lines)), statistics.mean(len(zlib.compress(line)) for line in lines))
print(len(packed.encoded[0].line), len(zlib.compress(packed.encoded[0].line)))
"""


def main() -> int:
    """Prints a line per payload; 0 if all targets are met."""
    with tempfile.TemporaryDirectory(prefix="serbench-vary-") as folder:
        met = [_of_payload(name, Path(folder)) for name in catalogue.known()]
    return 0 if all(met) else 1


def _of_payload(name: str, folder: Path) -> bool:
    first = next(iter(catalogue.get(name).generate(instances.random_of(name, 1))))
    count = max(2, SIZE // len(compact_json(first)))
    one, many = folder / f"{name}.ndjson", folder / f"{name}-many.ndjson"
    one.write_bytes(compact_json(first))
    made = catalogue.get(name).generate(instances.random_of(name, 1))
    many.write_bytes(b"\n".join(map(compact_json, islice(made, count))))
    runs = [(_run(one, count), _run(many, count)) for _ in range(TIMES)]
    spent, most, json, zipped, own_json, own_zipped = (
        statistics.median(values) for values in zip(*(a for a, _ in runs), strict=True)
    )
    real_spent, real_most = (statistics.median(values) for values in list(zip(*(b for _, b in runs), strict=True))[:2])
    found = {
        "CPU": spent - real_spent,
        "memory": most / real_most,
        "JSON": abs(json / own_json - 1),
        "zlib": abs(zipped / own_zipped - 1),
    }
    missed = [what for what, value in found.items() if value > TARGETS[what]]
    print(
        f"{name:10} {count:6,} messages: {found['CPU']:5.2f} s more than the {real_spent:.2f} s of real ones, memory "
        f"{most / 1000:.0f} MB against {real_most / 1000:.0f} MB, JSON {json / own_json:.3f}, zlib "
        f"{zipped / own_zipped:.3f} of the message's own  {'missed: ' + ', '.join(missed) if missed else 'met'}",
        flush=True,
    )
    return not missed


def _run(path: Path, count: int) -> list[float]:
    command = [sys.executable, "-c", LOAD, str(path), str(count)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return list(map(float, done.stdout.split()))


if __name__ == "__main__":
    sys.exit(main())
