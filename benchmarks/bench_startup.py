"""Start-up: `serbench --help` against importing typer, and `serbench list codecs`; whole processes, interleaved.

    python benchmarks/bench_startup.py

Targets: --help at most 1.5 times `python -c "import typer"`; list codecs under 1 s, with and without its cache.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

PAIRS = 15
HELP_TARGET = 1.5
LIST_TARGET_SECONDS = 1.0
TYPER = [sys.executable, "-c", "import typer"]
HELP = [sys.executable, "-m", "serbench", "--help"]
LIST = [sys.executable, "-m", "serbench", "list", "codecs"]


def main() -> int:
    """Prints a line per target; 0 if all are met."""
    _seconds(TYPER), _seconds(HELP)
    pairs = [(_seconds(HELP), _seconds(TYPER)) for _ in range(PAIRS)]
    ratio = statistics.median(ours / peer for ours, peer in pairs)
    ours, peer = (1000 * statistics.median(column) for column in zip(*pairs, strict=True))
    met = ratio <= HELP_TARGET
    print(
        f"serbench --help: {ours:.0f} ms, import typer: {peer:.0f} ms, median ratio of {PAIRS} pairs {ratio:.2f},",
        end=" ",
    )
    print(f"target {HELP_TARGET}  {'met' if met else 'missed'}")
    with tempfile.TemporaryDirectory() as empty:
        first = _seconds(LIST, {"XDG_CACHE_HOME": empty})
        again = statistics.median(_seconds(LIST, {"XDG_CACHE_HOME": empty}) for _ in range(5))
    good = max(first, again) < LIST_TARGET_SECONDS
    print(f"serbench list codecs: first {first:.2f} s, then {again:.2f} s, target {LIST_TARGET_SECONDS:g} s", end="  ")
    print("met" if good else "missed")
    return 0 if met and good else 1


def _seconds(command: list[str], environment: dict[str, str] | None = None) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, timeout=60, env=os.environ | (environment or {}))
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
