"""Command lines that a page shows and no test types: what the real command line makes of them."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import typer.main

from serbench.cli.main import app
from serbench.cli.outputs import wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

NEEDS = {"gate": "verdict", "compare": "comparison"}


def of_serbench(script: str) -> list[list[str]]:
    """The words behind each `serbench` that begins a line of a shell script; a backslash at its end goes on."""
    lines = script.replace("\\\n", " ").splitlines()
    return [shlex.split(line)[1:] for line in lines if line.split()[:1] == ["serbench"]]


def parsed(words: Sequence[str]) -> dict[str, Any]:
    """The parameters that a command line sets, without running it.

    Raises:
        Exception: an option, a value, a command or an output that there is not.
    """
    name, *rest = words
    command = typer.main.get_command(app).commands[name]
    while rest and rest[0] in getattr(command, "commands", {}):
        command = command.commands[rest.pop(0)]
    found = command.make_context(name, rest).params
    wanted(found.get("output") or (), NEEDS.get(name, "run"))
    return dict(found)
