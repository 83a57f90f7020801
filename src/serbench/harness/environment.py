"""Where a run is measured: processor, system, interpreter, versions, commit.

What cannot be read is absent, and nothing raises. No user's name and no host's name is collected. Only the standard
library is asked, and one `git`.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.metadata
import os
import platform
import re
import subprocess
import sys
import sysconfig
import time
import tracemalloc
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.harness import machine
from serbench.records.run import Environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_GIT_SECONDS = 5.0
_VARIABLES = (
    *("PYTHONDEVMODE", "PYTHONHASHSEED", "PYTHONMALLOC", "PYTHONOPTIMIZE", "PYTHONPERFSUPPORT", "PYTHONTRACEMALLOC"),
    *("PYTHON_GIL", "PYTHON_JIT", "PYTHON_PERF_JIT_SUPPORT"),
    *("MALLOC_CHECK_", "MALLOC_PERTURB_"),  # glibc's
)
_COVERAGE_VARIABLES = ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START", "COV_CORE_SOURCE")  # workers follow them


def describe(
    *,
    packages: Iterable[str],
    sampler: str,
    measuring_core: int | None,
    directory: Path,
    root: Path = Path("/"),
) -> Environment:
    """Collects what a run's numbers depend on. To be called before this process is moved off the measuring core.

    Args:
        packages: distributions whose versions are recorded; those that are not installed are left out.
        sampler: the name of the sampler that measures.
        measuring_core: the core that workers are pinned to; None where they are not.
        directory: its git commit is recorded, if it is in a work tree.
        root: where `/proc`, `/sys` and the like are looked for.

    Returns:
        Values are text, numbers, bools and lists of text or numbers.
    """
    return Environment(
        machine=_readable(machine.readers(root, measuring_core)),
        system=_readable(_system(root)),
        python=_readable(_python()),
        packages=_readable({name: partial(importlib.metadata.version, name) for name in sorted(set(packages))}),
        sampler=sampler,
        git=_git(directory),
    )


def _readable(readers: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    """What those readers return that can be read: without those that raise, or return None or nothing."""
    found = {}
    for name, read in readers.items():
        with contextlib.suppress(Exception):  # systems differ in what they lack and in how that fails
            value = read()
            if value is not None and value not in ("", []):
                found[name] = value
    return found


def _system(root: Path) -> dict[str, Callable[[], Any]]:
    clock = time.get_clock_info("perf_counter")
    return {
        "platform": sysconfig.get_platform,
        "os": lambda: _os_name(root),
        "kernel": lambda: f"{os.uname().sysname} {os.uname().release}",
        "libc": lambda: os.confstr("CS_GNU_LIBC_VERSION"),
        "clock": lambda: clock.implementation,
        "clock_resolution_ns": lambda: clock.resolution * 1e9,
        "clock_source": lambda: machine.text(root / "sys/devices/system/clocksource/clocksource0/current_clocksource"),
    }


def _python() -> dict[str, Callable[[], Any]]:
    return {
        "implementation": platform.python_implementation,
        "version": platform.python_version,
        "build": lambda: " ".join(platform.python_build()),
        "compiler": platform.python_compiler,
        "executable": lambda: _without_user(sys.executable),
        "debug": lambda: hasattr(sys, "gettotalrefcount"),
        "gil": getattr(sys, "_is_gil_enabled", lambda: True),
        "free_threaded_build": lambda: bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        "jit": _jit,
        "gc_enabled": gc.isenabled,
        "gc_thresholds": lambda: list(gc.get_threshold()),
        "tracing": _tracing,
        "variables": lambda: [f"{name}={os.environ[name]}" for name in _VARIABLES if name in os.environ],
    }


def _os_name(root: Path) -> str:
    if mac := platform.mac_ver()[0]:
        return f"macOS {mac}"
    (name,) = re.findall(r'^PRETTY_NAME="?(.*?)"?$', machine.text(root / "etc/os-release"), re.MULTILINE)
    return str(name)


def _without_user(path: str) -> str:
    """A path with `~` for a home directory: the user's name is nobody's business."""
    return re.sub(rf"^({re.escape(str(Path.home()))}|/(?:home|Users)/[^/]+)(?=/)", "~", path)


def _jit() -> bool:
    """Whether CPython compiles at run time; raises before 3.14, which does not tell."""
    return bool(sys._jit.is_enabled())  # type: ignore[attr-defined]  # noqa: SLF001 - the documented way


def _tracing() -> bool:
    """Whether something watches every call or allocation of this process, or will of those it starts."""
    monitoring = getattr(sys, "monitoring", None)  # from 3.12; six tools at most
    return bool(
        sys.gettrace()
        or sys.getprofile()
        or tracemalloc.is_tracing()
        or (monitoring and any(monitoring.get_tool(tool) for tool in range(6)))
        or any(name in os.environ for name in _COVERAGE_VARIABLES)
    )


def _git(directory: Path) -> dict[str, Any]:
    """Commit of a directory's work tree and whether tracked files differ from it; empty without one or without git."""
    command = ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", "-C", str(directory)]
    command += ["status", "--porcelain=v2", "--branch", "--untracked-files=no"]
    try:
        answer = subprocess.run(  # git's own variables would point it at another repository
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=_GIT_SECONDS,
            env={name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        )
    except (OSError, subprocess.SubprocessError, ValueError):
        return {}
    lines = answer.stdout.decode(errors="replace").splitlines()
    commit = next((line.rpartition(" ")[2] for line in lines if line.startswith("# branch.oid ")), "")
    dirty = any(not line.startswith("#") for line in lines)
    return {"commit": commit, "dirty": dirty} if re.fullmatch(r"[0-9a-f]{40,64}", commit) else {}
