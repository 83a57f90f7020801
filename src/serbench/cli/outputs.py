"""What `-o` asks for, and where it goes."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from serbench.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.renderers.base import Needs


def wanted(values: Sequence[str] | None, needs: Needs = "run") -> list[tuple[str, str]]:
    """`csv=run.csv` and the like as pairs; the file is empty for stdout.

    Args:
        values: as given.
        needs: what the command has to render.

    Raises:
        UsageError: a folder is not there, or there is no such output for what the command has: before it measures.
    """
    pairs = [(name, file) for name, _, file in (value.partition("=") for value in values or ())]
    for _, file in pairs:
        if not Path(file).absolute().parent.is_dir():
            raise UsageError(f"{file}: its folder is not there; make it first")
    if pairs:
        from serbench import api

        for name, _ in pairs:
            api.renderer(name, needs)
    return pairs


def write(pairs: Sequence[tuple[str, str]], default: Sequence[str], render: Callable[..., str]) -> None:
    """Writes files, then what goes to stdout; the default goes there where nothing else does."""
    from serbench.store import files

    for name, file in pairs:
        if file:
            files.write_text(Path(file), render(name))
    for name in [name for name, file in pairs if not file] or default:
        typer.echo(render(name, **(terminal() if name == "table" else {})), nl=False)


def terminal() -> dict[str, Any]:
    """What a table needs to know of where it is printed."""
    return {"colour": is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")}


def is_terminal(stream: Any) -> bool:
    """Whether somebody watches; a stream that was closed before the start is None."""
    return bool(stream and stream.isatty())
