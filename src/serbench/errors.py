"""Every error serbench raises on purpose, with the exit code it ends a command with.

    SerbenchError                 4  base of all
    |-- UsageError                2  the command, a name or a file is wrong; nothing was started
    |   |-- UnknownName           2  no such codec, payload, operation, suite, format or output; names the nearest
    |   |-- UnusableFile          2  a file that was named cannot be read, written or understood
    |   |-- MissingLibrary        2  a codec asked for by name, or a file, whose library is not installed
    |   `-- NoSuchSide            2  a version, project, wheel, revision or interpreter that is not there
    |-- BadRunFile                4  a run.json that is broken, foreign, truncated or newer
    |-- NoBaseline                4  nothing to hold a run against where a baseline was named
    |-- CannotResume              4  a run that was cut short on another machine, with other versions or messages
    |-- CannotWrite               4  results cannot be written: permission, no space
    |-- SideFailure               4  a side of a comparison cannot be made: it does not build, no network, no space
    |-- NothingMeasured           4  no case of the run has a number
    `-- Interrupted             130  stopped by Ctrl-C, SIGTERM or SIGHUP; what was measured is saved

    UnsupportedPayload               a codec cannot carry this payload; becomes a `skipped` case, never an exit
    WorkerFailure                    a worker died, hung or broke the protocol; becomes a `failed` case, never an exit

The text of an error is one line: what is wrong, where, and the next step.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class SerbenchError(Exception):
    """Base of all errors that end a command with one line on stderr."""

    exit_code = 4


class UsageError(SerbenchError):
    """The command line, a name or a file is wrong; nothing was started."""

    exit_code = 2


class UnknownName(UsageError):
    """A name that stands for nothing here."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name = kind, name
        known = sorted(known)
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
        super().__init__(f"unknown {kind} {name!r}; {hint}")


class UnusableFile(UsageError):
    """A file that was named cannot be read, written or understood."""


class MissingLibrary(UsageError):
    """A codec was asked for by name, or a file is to be read, and the library for it is not installed."""


class NoSuchSide(UsageError):
    """What was asked for as a side of a comparison is not there: version, project, wheel, revision or interpreter."""


class BadRunFile(SerbenchError):
    """A run.json that is broken, foreign, truncated or of a newer format."""


class NoBaseline(SerbenchError):
    """Nothing to hold a run against where a baseline was named: the first run has none."""


class CannotResume(SerbenchError):
    """A run that was cut short cannot be gone on with here: it would be another one."""


class CannotWrite(SerbenchError):
    """Results cannot be written: permission, no space, not a directory."""


class SideFailure(SerbenchError):
    """A side of a comparison cannot be made: it does not build, there is no network, no space, or no end."""


class NothingMeasured(SerbenchError):
    """No case of the run has a number."""


class Interrupted(SerbenchError):
    """Stopped by Ctrl-C, SIGTERM or SIGHUP; what was measured is saved."""

    exit_code = 130


class UnsupportedPayload(Exception):
    """A codec cannot carry this payload. Becomes a `skipped` case.

    Args:
        reason: what cannot be carried; where a codec says nothing, that stands in its place.
        path: where in the payload, such as `items[].price`; empty for the whole.
    """

    def __init__(self, reason: str, path: str = "") -> None:
        said = reason if str(reason).strip() else "the codec refuses it and does not say why"
        super().__init__(f"{path}: {said}" if path else said)


class WorkerFailure(Exception):
    """A worker died, hung or broke the protocol. Becomes a `failed` case."""
