"""What is not to be told: what this machine knows of itself, and what runs give away."""

from __future__ import annotations

import contextlib
import dataclasses
import getpass
import os
import re
import socket
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.records.passes import ColdStart, Compressed, EncodedBytes, Memory
from serbench.records.samples import Labels, Noise, Round, WorkerSamples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from serbench.records.run import Run

NUMBERS = (ColdStart, Compressed, EncodedBytes, Labels, Memory, Noise, Round, WorkerSamples)
"""Records of numbers: the text in them is a histogram, a letter per call, a time or a compressor."""

_NAME = r"([^/\\\s'\"`<>()\[\]{},;:]+)"
_HOME = re.compile(
    rf"(?<!\w)/(?:home|Users)/{_NAME}"
    rf"|(?:(?<![\w/])|(?<=file://))(?:/[\w.-]+)+?/(?:home|Users)/{_NAME}"  # such as `/var/home/NAME`
    rf"|(?<!\w)[A-Za-z]:[\\/]Users[\\/]{_NAME}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is not to be told.

    Attributes:
        hosts: names of the machine.
        users: names of those who use it.
        folders: absolute paths, such as the home folder and the working directory.
    """

    hosts: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()


def surroundings() -> Surroundings:
    """What this machine and this process know of themselves; what cannot be read is left out."""
    hosts = (_asked(socket.gethostname), os.environ.get("HOSTNAME", ""))
    folders = {
        _asked(ask) for ask in (Path.home, Path.cwd, lambda: Path.home().resolve(), lambda: Path.cwd().resolve())
    }
    named = {os.environ.get(name, "") for name in ("LOGNAME", "USER", "LNAME", "USERNAME", "SUDO_USER")}
    return Surroundings(
        hosts=frozenset(name for host in hosts for name in (host, host.partition(".")[0])) - {""},
        users=frozenset(named | {_asked(getpass.getuser)}) - {""},
        folders=frozenset(folders | {os.environ.get("PWD", "")}) - {"", "/"},
    )


def _asked(ask: Callable[[], object]) -> str:
    with contextlib.suppress(OSError, RuntimeError, KeyError, ImportError):  # no such user, folder or home
        return str(ask())
    return ""


def gathered(known: Surroundings, runs: Iterable[Run]) -> Surroundings:
    """With the users that these runs have homes of: `/home/NAME`. Runs that are shown together are read together."""
    texts = [*known.folders, *(text for run in runs for text in _texts(run))]
    return replace(
        known, users=known.users | {name for text in texts for names in _HOME.findall(text) for name in names if name}
    )


def _texts(value: Any) -> Iterator[str]:
    """Every text in a run that people have written, or that a path may stand in."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in (*value, *value.values()):
            yield from _texts(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _texts(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, NUMBERS):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name))
