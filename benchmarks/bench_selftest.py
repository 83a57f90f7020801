"""The self-test, ten times in a row, on this machine as it is and with noise made on purpose.

    python benchmarks/bench_selftest.py [times]

The noise is a process for each core which by turns computes, sleeps, walks through 32 MB and starts an interpreter,
for times drawn from a seeded generator.

Target: every one of them passes: known tails within 3 % of what the codecs themselves recorded.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from random import Random
from typing import TYPE_CHECKING

from serbench.doctor import selftest

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMES = 10
NOISE_SECONDS = 60  # more than a self-test takes


def main() -> int:
    """Prints a line per run, and each check that failed or that there is a word to say of; 0 if none failed."""
    if sys.argv[1:2] == ["--noise"]:
        return _make_noise(int(sys.argv[2]))
    times = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES
    passed = [_series(times, noise=noise) for noise in (False, True)]
    return 0 if sum(passed) == 2 * times else 1


def _series(times: int, *, noise: bool) -> int:
    """How many of so many passed."""
    passed = 0
    worst = 0.0
    print("with noise" if noise else "as it is")
    for n in range(times):
        begin = time.monotonic()
        with _noise(n) if noise else contextlib.nullcontext():
            checks = selftest.run(lambda _event: None, lambda: False)
        failed = [check for check in checks if not check.passed]
        passed += not failed
        worst = max(worst, *(abs(c.said / c.known - 1) for c in checks if c.unit == "ns" and c.known))
        word = "passed" if not failed else "FAILED"
        print(f"  {n + 1}: {word}, {len(checks)} checks in {time.monotonic() - begin:.0f} s", flush=True)
        for c in checks:
            if c.note or not c.passed:
                print(f"     {c.what}: {c.said:,g} said, {c.known:,g} known, {c.unit}{c.note and ', '}{c.note}")
    met = "met" if passed == times else "missed"
    print(f"self-test passed {passed} of {times} times, target all  {met}")
    print(f"  the time furthest from its codec's own record: {worst:.2%}, target within 3 %")
    return passed


@contextlib.contextmanager
def _noise(seed: int) -> Iterator[None]:
    """A process for each core, ended when this is."""
    made = [
        subprocess.Popen([sys.executable, __file__, "--noise", str(1_000 * seed + core)])
        for core in range(os.cpu_count() or 1)
    ]
    try:
        yield
    finally:
        for process in made:
            process.kill()
            process.wait()


def _make_noise(seed: int) -> int:
    """What programs do that share a machine, for `NOISE_SECONDS` or until it is killed."""
    random = Random(seed)
    memory = bytearray(32 << 20)
    end = time.monotonic() + NOISE_SECONDS
    line = bytes(len(memory) // 64)
    while time.monotonic() < end:
        seconds = random.uniform(0.001, 0.05)
        until = time.monotonic() + seconds
        match random.randrange(4):
            case 0:
                time.sleep(seconds)
            case 1:
                subprocess.run([sys.executable, "-S", "-c", "pass"], check=False)
            case 2:
                while time.monotonic() < until:
                    memory[::64] = line
            case _:
                while time.monotonic() < until:
                    sum(range(1_000))
    return 0


if __name__ == "__main__":
    sys.exit(main())
