"""What the machine counts: swapped pages and throttled periods, as the kernel's files have them."""

from __future__ import annotations

import pytest

from serbench.harness import machine


def planted(root, files):
    """A root with these files."""
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {
                "proc/self/cgroup": "0::/a/b\n",
                "sys/fs/cgroup/cpu.stat": "usage_usec 5\n",
                "sys/fs/cgroup/a/cpu.stat": "usage_usec 5\nnr_periods 9\nnr_throttled 3\nthrottled_usec 1\n",
                "sys/fs/cgroup/a/b/cpu.stat": "nr_throttled 4\n",
            },
            7,
        ),
        (
            {
                "proc/self/cgroup": "4:memory:/\n3:cpu,cpuacct:/docker/abc\n0::/x\n",
                "sys/fs/cgroup/cpu/cpu.stat": "nr_periods 0\nnr_throttled 2\nthrottled_time 0\n",
                "sys/fs/cgroup/memory/cpu.stat": "nr_throttled 8\n",
            },
            2,
        ),
        ({"proc/self/cgroup": "0::/\n"}, 0),
    ],
    ids=["v2", "v1-from-inside", "nothing-throttles"],
)
def test_throttled_periods(tmp_path, files, expected):
    """The periods of this group and of those above it are added, in the cpu controller of either version."""
    assert expected == machine.throttled_periods(planted(tmp_path, files))


def test_swap(tmp_path):
    """Pages that went in and out are added; what is used is all less what is free."""
    files = {
        "proc/vmstat": "pgpgin 1\npswpin 20\npswpout 300\nswpin_zero 4000\n",
        "proc/meminfo": "MemTotal: 9000 kB\nSwapCached: 7 kB\nSwapTotal:   1000 kB\nSwapFree:    990 kB\n",
    }
    root = planted(tmp_path, files)
    assert (320, 10 * 1024) == (machine.swapped_pages(root), machine.swap_used_bytes(root))


@pytest.mark.parametrize("read", [machine.throttled_periods, machine.swapped_pages, machine.swap_used_bytes])
def test_nothing_to_read(tmp_path, read):
    """A reader raises where the system has nothing to tell."""
    with pytest.raises(OSError, match="No such file"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("cores", "expected"), [("", set()), ("3", {3}), ("0-2,5,7-8", {0, 1, 2, 5, 7, 8}), ("10-11", {10, 11})]
)
def test_core_numbers(cores, expected):
    """The kernel writes cores as numbers and ranges."""
    assert expected == machine.core_numbers(cores)
