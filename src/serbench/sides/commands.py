"""Runs git, pip and a compiler with a bound in time; who asks for the end gets it, children included."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from typing import IO, TYPE_CHECKING

from serbench.errors import Interrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

STOPPED = "stopped before anything was measured"
_LOOK_SECONDS = 0.05
_FOREIGN = ("PYTHON", "__PYVENV", "VIRTUAL_ENV", "CONDA_PREFIX")


class TooLong(Exception):
    """A program was not done in its time; it is gone."""


def variables(**more: str) -> dict[str, str]:
    """This process's environment without what would lead another Python astray, in plain English, and what is given."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return own | {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"} | more


def run(
    command: Sequence[str],
    *,
    seconds: float,
    stop: Callable[[], bool],
    output: Path,
    environment: Mapping[str, str] | None = None,
    keep: Sequence[int] = (),
    errors: Path | None = None,
) -> int:
    """Runs a program to its end, in a session of its own.

    Args:
        command: with its arguments.
        seconds: that it may take.
        stop: looked at twenty times a second.
        output: file that what it prints is added to.
        environment: all of its variables; without them, those of `variables`.
        keep: descriptors that it inherits: a lock holds as long as somebody has it.
        errors: file for what it prints to stderr, if not the same.

    Returns:
        Its exit code; 127 where there is no such program.

    Raises:
        TooLong: it was not done in time.
        Interrupted: `stop` said so.
    """
    if stop():
        raise Interrupted(STOPPED)
    with contextlib.ExitStack() as files:
        out: IO[bytes] = files.enter_context(output.open("ab"))
        err: IO[bytes] = files.enter_context(errors.open("ab")) if errors else out
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=dict(environment) if environment is not None else variables(),
                start_new_session=True,
                pass_fds=keep,
            )
        except FileNotFoundError as missing:
            err.write(f"{missing}\n".encode())
            return 127
        return _wait(process, seconds, stop)


def _wait(process: subprocess.Popen[bytes], seconds: float, stop: Callable[[], bool]) -> int:
    deadline = time.monotonic() + seconds
    try:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.wait(_LOOK_SECONDS)
            if stop():
                raise Interrupted(STOPPED)
            if time.monotonic() > deadline:
                raise TooLong
    finally:
        if process.returncode is None:  # also after a second Ctrl-C
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
