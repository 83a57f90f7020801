"""What else went on: exact values from counters in a tree of files, and a real competitor found on a real core."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from serbench.harness.disturbance import Watch, processor_ns, words
from serbench.records.samples import Disturbance

ME = os.getpid()
WORKER, OTHER_WORKER = 71, 72
TICKS = os.sysconf("SC_CLK_TCK")
QUIET = (0, 0, 0)


class Machine:
    """A machine of two cores whose counters a test sets: a tree of files, a clock and processes.

    Args:
        root: where its files are written.
        core: the measuring one.
        cores: how many it has.
    """

    def __init__(self, root, core=1, cores=2):
        self.root = root
        self.seconds = 1000.0
        self.own = {ME: 5.0, WORKER: 7.0, OTHER_WORKER: 9.0}
        self.ticks = [[100, 10, 50, 9000, 70, 3, 4, 8, 40, 5] for _ in range(cores)]
        self.waited = 123.0
        usable = frozenset(range(cores))
        self.watch = Watch(root, core, usable, processor=self.processor, wall=lambda: round(self.seconds * 1e9))
        self.write()

    def processor(self, pid):
        """Processor time of a process, in ns; none of one that has gone."""
        if pid not in self.own:
            raise ProcessLookupError
        return round(self.own[pid] * 1e9)

    def write(self):
        """Writes the counters into the tree."""
        lines = [f"cpu{n} {' '.join(map(str, ticks))}\n" for n, ticks in enumerate(self.ticks)]
        (self.root / "proc/pressure").mkdir(parents=True, exist_ok=True)
        (self.root / "proc/stat").write_text(f"cpu  1 2 3 4 5 6 7 8 9 10\n{''.join(lines)}intr 5 6\nctxt 7\n")
        some = f"some avg10=0.00 avg60=0.00 avg300=0.00 total={round(self.waited * 1e6)}\n"
        (self.root / "proc/pressure/cpu").write_text(some + some.replace("some", "full"))

    def passes(self, seconds, *, busy, own=None, steal=(0, 0, 0), waited=0.0):
        """Time goes on: seconds busy by core, own by process, stolen by core."""
        self.seconds += seconds
        self.waited += waited
        for ticks, used, stolen in zip(self.ticks, busy, steal, strict=False):
            ticks[0] += round(used * TICKS)
            ticks[7] += round(stolen * TICKS)
        for pid, used in (own or {}).items():
            self.own[pid] += used
        self.write()


def watched(machine, seconds=1.0, pids=(WORKER, OTHER_WORKER), **happened):
    """What a watch says of a stretch of time."""
    machine.watch.begin(pids)
    machine.passes(seconds, **happened)
    return machine.watch.end(pids)


def test_shares(tmp_path):
    """Busy time less that of the run's own processes: workers on the measuring core, this process on the others."""
    found = watched(
        Machine(tmp_path),
        seconds=2.0,
        busy=(1.5, 1.75),
        own={WORKER: 1.0, OTHER_WORKER: 0.25, ME: 0.5},
        steal=(0.1, 0.02),
        waited=0.2,
    )
    expected = Disturbance(foreign_cpu=0.25, foreign_cpu_elsewhere=0.5, steal=0.03, pressure=0.1, disturbed=True)
    assert expected == Disturbance(
        foreign_cpu=round(found.foreign_cpu, 9),
        foreign_cpu_elsewhere=round(found.foreign_cpu_elsewhere, 9),
        steal=round(found.steal, 9),
        pressure=round(found.pressure, 9),
        disturbed=found.disturbed,
    )


@pytest.mark.parametrize(
    ("field", "expected"),
    [(0, 0.5), (1, 0.5), (2, 0.5), (3, 0.0), (4, 0.0), (5, 0.5), (6, 0.5), (7, 0.0), (8, 0.0), (9, 0.0)],
    ids=["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal", "guest", "guest-nice"],
)
def test_what_is_busy(tmp_path, field, expected):
    """Programs and interrupts make a core busy; idling, the hypervisor and a guest, who is in user already, do not."""
    machine = Machine(tmp_path)
    machine.watch.begin([])
    machine.ticks[1][field] += TICKS // 2
    machine.passes(1.0, busy=QUIET)
    assert expected == machine.watch.end([]).foreign_cpu


def test_no_own_work_is_foreign(tmp_path):
    """A run that does all that is done is not disturbed, and counters that lag behind do not go below zero."""
    found = watched(Machine(tmp_path), busy=(0.3, 0.97), own={WORKER: 0.98, ME: 0.31})
    assert Disturbance(foreign_cpu=0.0, foreign_cpu_elsewhere=0.0, steal=0.0, pressure=0.0) == found


def test_never_more_than_all(tmp_path):
    """A tick too many does not make more than the whole core foreign."""
    assert 1.0 == watched(Machine(tmp_path), busy=(0.0, 1.02)).foreign_cpu


def test_process_that_has_gone(tmp_path):
    """What a process took after it was last read is nobody's, and so foreign; nothing raises."""
    machine = Machine(tmp_path)
    machine.watch.begin([WORKER, OTHER_WORKER])
    machine.passes(1.0, busy=(0.0, 0.75), own={WORKER: 0.5, OTHER_WORKER: 0.25})
    del machine.own[OTHER_WORKER]
    assert 0.25 == machine.watch.end([WORKER, OTHER_WORKER]).foreign_cpu


def test_process_that_is_new(tmp_path):
    """A process that started meanwhile counts from its start."""
    machine = Machine(tmp_path)
    machine.watch.begin([WORKER])
    machine.own[80] = 0.0
    machine.passes(1.0, busy=(0.0, 0.75), own={80: 0.5})
    assert 0.25 == machine.watch.end([WORKER, 80]).foreign_cpu


def test_unpinned(tmp_path):
    """Without a measuring core all usable cores take its place, and there is no elsewhere."""
    found = watched(Machine(tmp_path, core=None, cores=4), busy=(1.0, 1.0, 0.25, 0.0), own={WORKER: 1.0, ME: 0.25})
    assert (0.25, None) == (found.foreign_cpu, found.foreign_cpu_elsewhere)


def test_one_core(tmp_path):
    """On a single core this process is not foreign either, and that worker and orchestrator wait is no disturbance."""
    found = watched(Machine(tmp_path, core=None, cores=1), busy=(1.0,), own={WORKER: 0.75, ME: 0.25}, waited=0.25)
    assert Disturbance(foreign_cpu=0.0, steal=0.0, pressure=0.25) == found


def test_short(tmp_path):
    """Under ten ticks the counters say nothing; pressure, which is exact, still does."""
    machine = Machine(tmp_path)
    assert Disturbance(pressure=0.5, disturbed=True) == watched(machine, 9 / TICKS, busy=QUIET, waited=4.5 / TICKS)
    assert 0.0 == watched(machine, 10 / TICKS, busy=QUIET).foreign_cpu


@pytest.mark.parametrize(
    ("seconds", "happened", "expected"),
    [
        (1.0, {"busy": (0.0, 0.04)}, True),
        (1.0, {"busy": (0.0, 0.03)}, False),
        (0.2, {"busy": (0.0, 0.03)}, False),
        (0.2, {"busy": (0.0, 0.04)}, True),
        (1.0, {"busy": (1.0, 0.0)}, False),
        (1.0, {"busy": QUIET, "steal": (0.04, 0.0)}, False),
        (1.0, {"busy": QUIET, "steal": (0.06, 0.0)}, True),
        (1.0, {"busy": QUIET, "waited": 0.5}, False),
        (0.05, {"busy": QUIET, "waited": 0.005}, False),
        (0.05, {"busy": QUIET, "waited": 0.006}, True),
    ],
    ids=[
        *("foreign", "little-foreign", "as-coarse-as-ticks", "more-than-ticks", "elsewhere"),
        *("little-steal", "steal", "pressure-of-others", "short-little-pressure", "short-pressure"),
    ],
)
def test_disturbed(tmp_path, seconds, happened, expected):
    """Too much is over 3 % of the core and three ticks, over 2 % stolen, or 10 % waited where nothing else tells."""
    assert expected is watched(Machine(tmp_path), seconds, **happened).disturbed


def test_nothing_to_read(tmp_path):
    """Without /proc nothing is known and nothing raises."""
    watch = Watch(tmp_path, None, frozenset())
    watch.begin([ME])
    assert Disturbance() == watch.end([ME])


def test_end_without_a_beginning(tmp_path):
    """What was never begun is not known."""
    assert Disturbance() == Machine(tmp_path).watch.end([])


def test_no_time_has_passed(tmp_path):
    """No share of nothing."""
    assert Disturbance() == watched(Machine(tmp_path), 0.0, busy=QUIET)


def test_core_that_is_not_listed(tmp_path):
    """Of a core that the kernel does not count nothing is said."""
    machine = Machine(tmp_path, core=5)
    assert (None, 0.0) == (watched(machine, busy=QUIET).foreign_cpu, watched(machine, busy=QUIET).pressure)


def test_counters_that_do_not_count(tmp_path):
    """Where the kernel counted next to nothing though the run itself was busy, its counters are not believed."""
    assert None is watched(Machine(tmp_path), busy=QUIET, own={WORKER: 0.9}).foreign_cpu


@pytest.mark.parametrize("content", ["", "cpu0\n", "cpu0 a b\n", "cpux 1 2 3 4 5 6 7 8\n", "cpu1 1 2\n", "\x00\xff"])
def test_garbage(tmp_path, content):
    """Files that hold what nobody expects yield nothing."""
    machine = Machine(tmp_path)
    for name in ("proc/stat", "proc/pressure/cpu"):
        (tmp_path / name).write_text(content)
    machine.watch.begin([])
    machine.seconds += 1
    assert Disturbance() == machine.watch.end([])


def test_processor_time_counts_ended_threads():
    """The processor time of another process holds that of its threads, also of those that have ended."""
    code = """
import threading, time
def spin():
    end = time.thread_time() + 0.2
    while time.thread_time() < end: pass
thread = threading.Thread(target=spin)
thread.start(); thread.join(); print("done", flush=True); input()
"""
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        try:
            taken = processor_ns(process.pid)
        except OSError:
            pytest.skip("this system does not tell the time of another process")
        finally:
            process.communicate(b"\n")
    assert taken >= 200_000_000


@contextlib.contextmanager
def spinning(core):
    """A process that keeps one core busy, or wants to."""
    code = f"import os; os.sched_setaffinity(0, {{{core}}}); print(flush=True)\nwhile True: pass"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        try:
            yield process.pid
        finally:
            process.kill()


@pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or not Path("/proc/stat").exists(), reason="needs Linux's pinning and /proc"
)
def test_real_competitor():
    """A competitor on the worker's core is found, and that the worker itself was at work is not held against it."""
    usable = frozenset(os.sched_getaffinity(0))
    core = max(usable)
    with spinning(core) as worker, spinning(core) as competitor:
        known = ([], [worker], [worker, competitor])
        watches = [Watch(Path("/"), core, usable) for _ in known]
        for watch, pids in zip(watches, known, strict=True):
            watch.begin(pids)
        time.sleep(0.5)
        found = [watch.end(pids) for watch, pids in zip(watches, known, strict=True)]
    shares = [disturbance.foreign_cpu for disturbance in found]
    if None in shares:
        pytest.skip("the kernel's counters do not count here")
    assert sorted(shares, reverse=True) == shares
    assert shares[0] > shares[1] > shares[2]
    assert shares[1] > 0.1
    assert found[1].disturbed


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (
            Disturbance(foreign_cpu=0.338, foreign_cpu_elsewhere=0.0, steal=0.02, pressure=0.5),
            "other programs took 34 % of the measuring core; the hypervisor took 2 %",
        ),
        (
            Disturbance(foreign_cpu=0.002, foreign_cpu_elsewhere=1.26, steal=0.0),
            "other programs kept 1.3 of the other cores busy",
        ),
        (Disturbance(foreign_cpu=0.1, steal=0.0), "other programs took 10 % of all usable cores"),
        (Disturbance(pressure=0.25), "something had to wait for a processor for 25 % of the time"),
        (Disturbance(foreign_cpu=0.0, foreign_cpu_elsewhere=0.0, steal=0.0, pressure=0.0), "nothing else went on"),
        (Disturbance(), "what else went on cannot be read"),
    ],
)
def test_words(found, expected):
    """One line says what rounds to something."""
    assert expected == words(found)
