"""Bounds on a process that a codec is examined in: each tried on a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems know the limits and refuse them")


def run(code):
    """How a process ends that imports the bounds and does this, and what it says."""
    done = subprocess.run(
        [sys.executable, "-c", f"from serbench.worker import bounds\n{code}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout


def test_what_is_mapped_is_bounded():
    """A little more is there, and no more than that."""
    code = (
        "bounds.leave_room(256 << 20)\nkept = bytearray(64 << 20)\n"
        "try:\n    bytearray(512 << 20)\nexcept MemoryError:\n    print('refused')"
    )
    assert (0, "refused\n") == run(code)


def test_processor_time_is_bounded_and_waiting_is_not():
    """The kernel ends it while it works; afterwards it may work as long as it likes."""
    assert (-signal.SIGPROF, "") == run("with bounds.ending(0.05):\n    while True: pass")
    code = (
        "import time\nwith bounds.ending(0.2):\n    time.sleep(0.5)\n"
        "end = time.process_time() + 0.4\nwhile time.process_time() < end: pass\nprint('lives')"
    )
    assert (0, "lives\n") == run(code)
