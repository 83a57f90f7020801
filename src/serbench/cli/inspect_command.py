"""`serbench inspect`."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Annotated

import typer

from serbench.cli import outputs
from serbench.cli.options import Data, MessageName, ReadAs, SkipBad
from serbench.stop import Stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.inspection.parts import Inspection

_OUTPUTS = ("table", "json")


def inspect(
    payload: Annotated[str, typer.Argument(metavar="FILE", help="A file, a folder, - or a generated payload's name.")],
    read_as: ReadAs = "",
    skip_bad: SkipBad = False,
    message: MessageName = "",
    data: Data = None,
    seed: Annotated[int, typer.Option(help="Of a generated payload.")] = 1,
    every: Annotated[bool, typer.Option("--all", help="Show every field, place and codec.")] = False,
    output: Annotated[
        list[str] | None, typer.Option("--output", "-o", help="table or json; NAME=FILE writes a file.")
    ] = None,
) -> None:
    """What are the messages made of, and what will go wrong with them where? Informs and exits 0."""
    stop = Stop()
    stop.listen()
    from serbench import choice
    from serbench.errors import UnknownName, UsageError
    from serbench.inspection.inspect import inspect as look

    pairs = outputs.wanted(output)
    for name, _ in pairs:
        if name not in _OUTPUTS:
            raise UnknownName("output", name, _OUTPUTS)
    request = choice.Request(
        payloads=(payload,),
        codecs=("all",),
        seed=seed,
        read_as=read_as,
        skip_bad=skip_bad,
        message=message,
        data=tuple(data or ()),
    )
    chosen = choice.choose(request)
    if len(chosen.payloads) != 1:
        raise UsageError(f"{payload}: stands for {', '.join(chosen.payloads)}; name one")
    codecs = choice.codecs(chosen, stop=stop)
    found = look(chosen.payloads[0], chosen.reading, codecs=codecs, seed=seed, stop=stop)
    outputs.write(pairs, ("table",), _render(found, every=every))


def _render(found: Inspection, *, every: bool) -> Callable[..., str]:
    import serbench
    from serbench.inspection import wire, words

    def render(name: str, *, colour: bool = False) -> str:
        if name == "json":
            return wire.to_json(found, serbench.__version__)
        width = shutil.get_terminal_size((words.LEAST_WIDTH, 24)).columns
        return words.text(found, every=every, width=width, colour=colour)

    return render
