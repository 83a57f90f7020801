"""What the machine says of itself under `/proc` and `/sys`. Each reader raises where there is nothing to be read."""

from __future__ import annotations

import contextlib
import os
import platform
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MODEL_KEYS = ("model name", "cpu", "Model")  # x86; POWER; ARM boards
_CONTAINER_FILES = {".dockerenv": "docker", "run/.containerenv": "podman"}
_CONTAINER_GROUPS = ("kubepods", "docker", "libpod", "lxc", "containerd")


def readers(root: Path, core: int | None) -> dict[str, Callable[[], Any]]:
    """What tells of the machine, by name: functions that return None or raise where they cannot tell.

    Args:
        root: where `proc` and `sys` are looked for.
        core: the one that measures; None where there is none.
    """
    cpu = root / "sys/devices/system/cpu"
    dmi = root / "sys/class/dmi/id"
    frequency = cpu / f"cpu{core or 0}/cpufreq"
    return {
        "cpu_model": lambda: _cpu_model(_cpuinfo(root)),
        "cpu_flags": lambda: _cpu_flags(_cpuinfo(root)),
        "architecture": platform.machine,
        "hardware": lambda: " ".join(text(dmi / name) for name in ("sys_vendor", "product_name")).strip(),
        "cores": os.cpu_count,
        "cores_physical": lambda: _physical_cores(cpu),
        "cores_usable": lambda: len(os.sched_getaffinity(0)),
        "cpu_limit": lambda: _cpu_limit(root),
        "measuring_core": lambda: core,
        "memory_bytes": lambda: _memory_bytes(root),
        "governor": lambda: text(frequency / "scaling_governor"),
        "frequency_driver": lambda: text(frequency / "scaling_driver"),
        "turbo": lambda: _turbo(cpu),
        "smt": lambda: {"0": False, "1": True}[text(cpu / "smt/active")],
        "isolated_cores": lambda: text(cpu / "isolated"),
        "tickless_cores": lambda: text(cpu / "nohz_full").removeprefix("(null)"),  # so older kernels say "none"
        "hugepages": lambda: _hugepages(root),
        "virtualisation": lambda: _virtualisation(root),
    }


def text(path: Path) -> str:
    """The content of a file of the system.

    Raises:
        OSError: it cannot be read.
    """
    return path.read_text(encoding="utf-8", errors="replace").strip()


def _cpuinfo(root: Path) -> dict[str, str]:
    """What the kernel says of the first processor, by key; what it says of all of them stands there too."""
    pairs = (line.partition(":") for line in text(root / "proc/cpuinfo").splitlines())
    found: dict[str, str] = {}
    for key, _, value in pairs:
        found.setdefault(key.strip(), value.strip())
    return found


def _cpu_model(info: dict[str, str]) -> str:
    """The model's name; 64-bit ARM has none but two codes."""
    known = next((info[key] for key in _MODEL_KEYS if key in info), "")
    return known or f"implementer {info['CPU implementer']} part {info['CPU part']}"


def _cpu_flags(info: dict[str, str]) -> list[str]:
    return (info.get("flags") or info["Features"]).split()


def _physical_cores(cpu: Path) -> int | None:
    """Logical processors that share a core name the same siblings."""
    return len({text(siblings) for siblings in cpu.glob("cpu[0-9]*/topology/thread_siblings_list")}) or None


def _cpu_limit(root: Path) -> float | None:
    """How many processors control groups grant: the tightest of this process's and those above it; None: no limit."""
    limits = []
    for group, version in control_groups(root, "cpu"):
        with contextlib.suppress(OSError, ValueError):  # a group of the host that is not seen from inside; "max"
            limits.append(_quota(group, version=version))
    return min((limit for limit in limits if limit > 0), default=None)


def control_groups(root: Path, controller: str) -> Iterator[tuple[Path, int]]:
    """The folders of this process's control groups and of those above them, each with the version of its interface.

    Args:
        root: where `proc` and `sys` are looked for.
        controller: what they control: `cpu`, `memory`.

    Raises:
        OSError: there are no control groups to be read.
    """
    for line in text(root / "proc/self/cgroup").splitlines():
        _, controllers, group = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        top = root / "sys/fs/cgroup" / (controller if controllers else "")
        parts = Path(group).parts[1:]
        for depth in range(len(parts) + 1):
            yield top.joinpath(*parts[:depth]), 1 if controllers else 2


def _quota(group: Path, *, version: int) -> float:
    """Processors granted to one group; negative where version 1 grants all.

    Raises:
        OSError: the group has no limit to read.
        ValueError: version 2 grants all.
    """
    if version == 2:
        quota, period = text(group / "cpu.max").split()
    else:
        quota, period = text(group / "cpu.cfs_quota_us"), text(group / "cpu.cfs_period_us")
    return int(quota) / int(period)


def throttled_periods(root: Path) -> int:
    """In how many periods so far this process's control groups and those above them had used up their processors.

    Raises:
        OSError: there are no control groups to be read.
    """
    periods = 0
    for group, _ in control_groups(root, "cpu"):
        with contextlib.suppress(OSError, ValueError):  # not seen from inside; the topmost group grants all
            periods += _number(group / "cpu.stat", r"nr_throttled (\d+)")
    return periods


def swapped_pages(root: Path) -> int:
    """How many pages were swapped in or out since the system started.

    Raises:
        OSError: the system does not tell.
        ValueError: the same.
    """
    return sum(_number(root / "proc/vmstat", rf"{name} (\d+)") for name in ("pswpin", "pswpout"))


def swap_used_bytes(root: Path) -> int:
    """How much lies in swap.

    Raises:
        OSError: the system does not tell.
        ValueError: the same.
    """
    total, free = (_number(root / "proc/meminfo", rf"{name}:\s+(\d+) kB") for name in ("SwapTotal", "SwapFree"))
    return (total - free) * 1024


def core_numbers(cores: str) -> frozenset[int]:
    """The cores in a list as the kernel writes it: `0-2,5`.

    Raises:
        ValueError: it is no such list.
    """
    found: set[int] = set()
    for part in filter(None, cores.split(",")):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


def _number(path: Path, line: str) -> int:
    """What stands in the one line of a file that matches.

    Raises:
        OSError: it cannot be read.
        ValueError: there is no such line.
    """
    (value,) = re.findall(f"^{line}$", text(path), re.MULTILINE)
    return int(value)


def _memory_bytes(root: Path) -> int:
    try:
        return _number(root / "proc/meminfo", r"MemTotal:\s+(\d+) kB") * 1024
    except (OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _hugepages(root: Path) -> str:
    """Which memory is given large pages without asking: `always`, `madvise`, `never`; the kernel brackets it."""
    return text(root / "sys/kernel/mm/transparent_hugepage/enabled").partition("[")[2].partition("]")[0]


def _turbo(cpu: Path) -> bool:
    """Whether the processor may exceed its base frequency: Intel's own driver says so the other way round."""
    with contextlib.suppress(OSError):
        return {"0": True, "1": False}[text(cpu / "intel_pstate/no_turbo")]
    return {"0": False, "1": True}[text(cpu / "cpufreq/boost")]


def _virtualisation(root: Path) -> str | None:
    """`virtual machine`, `docker`, `docker in a virtual machine`, `none`; None where the processor is no x86."""
    container = _container(root)
    with contextlib.suppress(OSError, KeyError):
        if "hypervisor" in _cpuinfo(root)["flags"].split():
            return f"{container} in a virtual machine" if container else "virtual machine"
        return container or "none"
    return container or None


def _container(root: Path) -> str:
    """Which sort of container this is, by the marks that they leave; empty where there is none."""
    for file, name in _CONTAINER_FILES.items():
        if (root / file).exists():
            return name
    with contextlib.suppress(OSError):
        return text(root / "run/systemd/container")
    with contextlib.suppress(OSError):
        groups = text(root / "proc/1/cgroup")
        return next((name for name in _CONTAINER_GROUPS if name in groups), "")
    return ""
