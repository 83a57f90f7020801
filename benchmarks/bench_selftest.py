"""The self-test, ten times in a row: known tails within 3 % of what the codecs themselves recorded.

    python benchmarks/bench_selftest.py [times]

Target: every one of them passes, whatever else this machine does meanwhile.
"""

from __future__ import annotations

import sys
import time

from serbench.doctor import selftest

TIMES = 10


def main() -> int:
    """Prints a line per run, and each check that failed; 0 if none did."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES
    passed = 0
    worst = 0.0
    for n in range(times):
        begin = time.monotonic()
        checks = selftest.run(lambda _event: None, lambda: False)
        failed = [check for check in checks if not check.passed]
        passed += not failed
        tails = [c for c in checks if c.unit == "ns" and c.known]
        worst = max(worst, *(abs(c.said / c.known - 1) for c in tails))
        word = "passed" if not failed else "FAILED"
        print(f"  {n + 1}: {word}, {len(checks)} checks in {time.monotonic() - begin:.0f} s")
        for check in failed:
            print(f"     {check.what}: {check.said:g} said, {check.known:g} known, {check.unit}")
    good = passed == times
    print(f"self-test passed {passed} of {times} times, target all  {'met' if good else 'missed'}")
    print(f"  the time furthest from its codec's own record: {worst:.2%}, target within 3 %")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
