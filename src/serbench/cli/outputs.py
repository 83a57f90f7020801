"""What `-o` asks for, and where it goes; and what is printed, whoever reads it."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from serbench.errors import CannotWrite, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.renderers.base import Needs


def wanted(values: Sequence[str] | None, needs: Needs = "run") -> list[tuple[str, str]]:
    """`csv=run.csv` and the like as pairs; the file is empty for stdout.

    Args:
        values: as given.
        needs: what the command has to render.

    Raises:
        UsageError: a place cannot be written to or is named twice, or there is no such output for what the command
            has: before it measures.
    """
    pairs = [(name, file) for name, _, file in (value.partition("=") for value in values or ())]
    _check_places([file for _, file in pairs if file])
    if pairs:
        from serbench import api

        for name, _ in pairs:
            api.renderer(name, needs)
    return pairs


def _check_places(places: Sequence[str]) -> None:
    from serbench.store import files

    seen: set[str] = set()
    for place in places:
        path = Path(place).absolute()
        if not path.parent.is_dir():
            raise UsageError(f"{place}: its folder is not there; make it first")
        if path.is_dir():
            raise UsageError(f"{place}: a folder; name a file in it")
        try:
            files.probe(path)
        except CannotWrite as error:
            raise UsageError(str(error)) from error
        real = os.path.realpath(path)
        if real in seen and (path.is_file() or not path.exists()):
            raise UsageError(f"{place}: two outputs would be written to it, one over the other; name two files")
        seen.add(real)


def write(pairs: Sequence[tuple[str, str]], default: Sequence[str], render: Callable[..., str]) -> None:
    """Writes files, then what goes to stdout; the default goes there where nothing else does.

    Raises:
        CannotWrite: one could not be written; the others were. Were there several, all but the last have been told.
    """
    from serbench.store import files

    failed: list[CannotWrite] = []
    for name, file in pairs:
        if file:
            try:
                files.write_text(Path(file), render(name))
            except CannotWrite as error:
                failed += [] if isinstance(error.__cause__, BrokenPipeError) else [error]
    for name in [name for name, file in pairs if not file] or default:
        try:
            say(render(name, **(terminal() if name == "table" else {})), end="")
        except CannotWrite as error:
            failed.append(error)
    for each in failed[:-1]:
        warn(str(each))
    if failed:
        raise failed[-1]


def say(text: str, end: str = "\n") -> None:
    """Prints to stdout. Where nobody reads on, what is still to be printed goes nowhere, and that is no error.

    Raises:
        CannotWrite: there is no space.
    """
    try:
        typer.echo(text + end, nl=False)
    except OSError as error:
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left of it would fail again
        if not isinstance(error, BrokenPipeError):
            reason = (error.strerror or str(error)).lower()
            raise CannotWrite(f"stdout: cannot be written, {reason}; make room or choose another place") from error


def note(text: str) -> None:
    """A line on stderr, if there is one; nobody may be there to read it."""
    with contextlib.suppress(OSError):
        typer.echo(text, err=True)


def warn(text: str) -> None:
    """What went wrong and ends nothing, on stderr."""
    note(f"serbench: {text}")


def terminal() -> dict[str, Any]:
    """What a table needs to know of where it is printed."""
    return {"colour": is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")}


def is_terminal(stream: Any) -> bool:
    """Whether somebody watches; a stream that was closed before the start is None."""
    return bool(stream and stream.isatty())
