"""How much memory workers may take: what is available here, control groups included."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.harness.machine import control_groups, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.harness.plan import Spooled

HEAP_PER_JSON_BYTE = 12
LEAST_BYTES = 1_000_000_000

_FILES = {1: ("memory.limit_in_bytes", "memory.usage_in_bytes"), 2: ("memory.max", "memory.current")}


def available(root: Path = Path("/")) -> int:
    """Bytes that can be had without swapping, by the system and by the tightest control group; at least 0.

    Args:
        root: where `/proc` and `/sys` are looked for. Where the system does not say, it is half of all memory.
    """
    return max(0, min([_of_system(root), *_of_groups(root)]))


def limit() -> int:
    """Address space that a worker may take: four fifths of what is available, 1 GB at the least."""
    return max(LEAST_BYTES, available() * 4 // 5)


def groups_that_fit(payloads: Sequence[Spooled], codecs: int, memory_bytes: int) -> list[list[Spooled]]:
    """Payloads in groups whose instances fit into memory at once, in as many workers as there are codecs."""
    groups: list[list[Spooled]] = [[]]
    room = memory_bytes
    for payload in payloads:
        need = payload.info.bytes_as_json * HEAP_PER_JSON_BYTE * codecs
        if groups[-1] and need > room:
            groups.append([])
            room = memory_bytes
        groups[-1].append(payload)
        room -= need
    return groups


def _of_system(root: Path) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in text(root / "proc/meminfo").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2


def _of_groups(root: Path) -> Iterator[int]:
    """What each control group has left; a group without a limit is left out."""
    with contextlib.suppress(OSError, ValueError):
        for group, version in control_groups(root, "memory"):
            most, used = _FILES[version]
            with contextlib.suppress(OSError, ValueError):  # a group of the host, not seen from inside; "max"
                yield int(text(group / most)) - int(text(group / used))
