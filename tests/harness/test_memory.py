"""What workers may take: by the system, by control groups, and payloads in groups that fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from serbench.harness import memory
from serbench.harness.plan import Spooled
from serbench.records.cases import PayloadInfo


def machine(root, files):
    """A root with these files."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


SYSTEM = {"proc/meminfo": "MemTotal: 9000 kB\nMemAvailable:    4000 kB\n"}
SECOND = {"proc/self/cgroup": "0::/box/job\n"}
FIRST = {"proc/self/cgroup": "9:cpu,cpuacct:/box\n4:memory:/box\n"}


def second(folder, most, used):
    """A group under version 2 of the interface."""
    return {f"sys/fs/cgroup/{folder}memory.max": f"{most}\n", f"sys/fs/cgroup/{folder}memory.current": f"{used}\n"}


def first(folder, most, used):
    """A group under version 1."""
    here = f"sys/fs/cgroup/memory/{folder}"
    return {f"{here}memory.limit_in_bytes": f"{most}\n", f"{here}memory.usage_in_bytes": f"{used}\n"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (SYSTEM, 4_096_000),
        (SYSTEM | SECOND, 4_096_000),
        (SYSTEM | SECOND | second("box/job/", 3_000_000, 1_000_000), 2_000_000),
        (SYSTEM | SECOND | second("box/job/", "max", 1_000_000) | second("box/", 900_000, 100_000), 800_000),
        (SYSTEM | SECOND | second("box/job/", "max", 1_000_000), 4_096_000),
        (SYSTEM | SECOND | second("box/job/", 1_000, 5_000), 0),
        (SYSTEM | FIRST | first("box/", 2_000_000, 500_000), 1_500_000),
        (SYSTEM | FIRST | first("box/", 9_223_372_036_854_771_712, 500_000), 4_096_000),
        (SYSTEM | {"proc/self/cgroup": "nonsense"}, 4_096_000),
    ],
)
def test_the_tightest_counts(tmp_path, files, expected):
    """The system's own word, or what the group or one above it has left; a group without a limit does not count."""
    assert expected == memory.available(machine(tmp_path, files))


@pytest.mark.parametrize("said", ["", "MemAvailable:\n", "MemAvailable: many kB\n"])
def test_a_system_that_does_not_say_has_half_of_all(tmp_path, said):
    """Some memory, and not all of it."""
    found = memory.available(machine(tmp_path, {"proc/meminfo": said}))
    assert 0 < found < memory.os.sysconf("SC_PHYS_PAGES") * memory.os.sysconf("SC_PAGE_SIZE")


def test_a_worker_may_take_four_fifths(monkeypatch):
    """And a gigabyte at the least."""
    monkeypatch.setattr(memory, "available", lambda: 10_000_000_000)
    assert 8_000_000_000 == memory.limit()
    monkeypatch.setattr(memory, "available", lambda: 5)
    assert 1_000_000_000 == memory.limit()


def spooled(name):
    """A payload of a thousand bytes."""
    info = PayloadInfo(name=name, title=name, digest=name, instances=20, bytes_as_json=1_000, origin="test")
    return Spooled(info=info, path=Path(name), instances_default=True)


def test_payloads_that_do_not_fit_together_are_taken_in_turn():
    """Groups hold as many payloads as memory takes, and one at the least."""
    payloads = [spooled(name) for name in "abc"]
    need = 1_000 * memory.HEAP_PER_JSON_BYTE * 2
    assert [payloads] == memory.groups_that_fit(payloads, 2, 3 * need)
    assert [payloads[:2], payloads[2:]] == memory.groups_that_fit(payloads, 2, 2 * need)
    assert [[p] for p in payloads] == memory.groups_that_fit(payloads, 2, 1)
