"""The default suite: which share of its wall time is spent inside blocks, and how much memory the orchestrator takes.

    python benchmarks/bench_suite.py

Targets: at least 45 % inside blocks (singles and batches, without lead-in); under 300 MB for the orchestrator (VmHWM).
With six workers a case and no other pass it was 68 %: docs/decisions/0013-more-workers.md says what the rest buys.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import serbench

BLOCKS_TARGET = 0.45
MEMORY_TARGET = 300_000_000
LIMIT_SECONDS = 180.0


def main() -> int:
    """Runs the suite once; 0 if both targets are met."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "serbench", "run", "--suite", "default", "--dir", f"{scratch}/run", "-q"]
        began = time.monotonic()
        process = subprocess.Popen(command)
        peak = 0
        while process.poll() is None and time.monotonic() - began < LIMIT_SECONDS:
            peak = max(peak, _peak(process.pid))
            time.sleep(0.25)
        wall = time.monotonic() - began
        process.kill()
        run = serbench.load(f"{scratch}/run").record
    inside = run.timing["blocks"] / wall
    print(f"default suite: {wall:.1f} s from start to end, {len(run.rounds)} rounds, budget {run.budget_seconds:g} s")
    print("  " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in run.timing.items()))
    print(f"  inside blocks: {inside:.1%} of it, target {BLOCKS_TARGET:.0%}  {_word(inside >= BLOCKS_TARGET)}")
    limit = f"target under {MEMORY_TARGET / 1e6:.0f} MB"
    print(f"  orchestrator's memory: {peak / 1e6:.0f} MB, {limit}  {_word(peak < MEMORY_TARGET)}")
    return 0 if inside >= BLOCKS_TARGET and peak < MEMORY_TARGET else 1


def _peak(pid: int) -> int:
    """VmHWM of a process in bytes, 0 once it has gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def _word(good: bool) -> str:  # noqa: FBT001 - one fact
    return "met" if good else "missed"


if __name__ == "__main__":
    sys.exit(main())
