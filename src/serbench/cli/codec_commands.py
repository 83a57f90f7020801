"""`serbench codec`: a codec of one's own, begun from a template and held against the conformance kit."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serbench.cli import outputs
from serbench.stop import Stop

if TYPE_CHECKING:
    from serbench.conformance.parts import Conformance

codec_app = typer.Typer(no_args_is_help=True, help="Begin a codec of your own, and check it.")


@codec_app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="As on the command line: my-codec.")],
    to: Annotated[Path, typer.Option("--to", help="Folder; made if it is not there.")] = Path(),
) -> None:
    """Writes a commented codec that runs, and a test of it. Overwrites nothing."""
    from serbench.conformance import template
    from serbench.errors import UsageError
    from serbench.harness import catalogue

    if name in {info.name for info in catalogue.catalogue()}:
        raise UsageError(f"there is a codec named {name!r} already; take another name")
    codec, test = template.write(name, to)
    outputs.say(f"wrote {codec} and {test}; next:")
    outputs.say(f"  {template.command(codec)}")
    outputs.say(f"  python -m pytest {template.quoted(test)}")


@codec_app.command("check")
def check(
    codecs: Annotated[list[str], typer.Argument(metavar="NAME|FILE...", help="Codecs, or files with some: ./file.py.")],
    output: Annotated[str, typer.Option("--output", "-o", help="table or json.")] = "table",
) -> None:
    """Does a codec keep the protocol? A line for each check. Exit 0: all passed, 1: findings, 2: cannot be checked."""
    stop = Stop()
    stop.listen()
    import serbench
    from serbench.conformance import check as checking
    from serbench.conformance import words
    from serbench.errors import UnknownName

    if output not in ("table", "json"):
        raise UnknownName("output", output, ["table", "json"])
    infos = [info for wanted in dict.fromkeys(codecs) for info in checking.find(wanted, stop=stop)]
    found: list[Conformance] = []
    for info in infos:
        found.append(checking.check(info, stop=stop, told=partial(_telling, info.name)))
        _telling()
        if output == "table":
            outputs.say(words.text(found[-1:]), end="\n" if info is not infos[-1] else "")
    if output == "json":
        outputs.say(words.to_json(found, serbench.__version__), end="")
    if not all(one.passed for one in found):
        raise typer.Exit(1)


def _telling(*what: str) -> None:
    """What is being done, on stderr where somebody watches; nothing any more where nothing is said."""
    if outputs.is_terminal(sys.stderr):
        sys.stderr.write(f"\r\x1b[K{': '.join(what)}")
        sys.stderr.flush()
