"""`serbench fidelity`."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serbench.cli import outputs
from serbench.stop import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from serbench.fidelity.budget import Budget
    from serbench.fidelity.parts import Examined
    from serbench.records.cases import CodecInfo

_OUTPUTS = ("table", "markdown", "json")


def fidelity(
    codec: Annotated[
        list[str] | None, typer.Option("--codec", "-c", help="Names, patterns, !exclusions, ./file.py. Default: all.")
    ] = None,
    attack: Annotated[
        str, typer.Option("--attack", help="Feed decoders with broken input: 2000 inputs each, or 60s in all.")
    ] = "",
    seed: Annotated[int, typer.Option("--seed", help="Of the broken input.")] = 1,
    keep: Annotated[
        Path, typer.Option("--keep", help="Folder for inputs that did harm; made if there are any.")
    ] = Path("fidelity-found"),
    feed: Annotated[
        Path | None,
        typer.Option("--input", help="Feed the decoders with this file instead, such as one that was kept."),
    ] = None,
    output: Annotated[
        list[str] | None, typer.Option("--output", "-o", help="table, markdown or json; NAME=FILE writes a file.")
    ] = None,
) -> None:
    """What comes back? Awkward values through every codec: exact, changed, refused or crashed. Informs and exits 0."""
    stop = Stop()
    stop.listen()
    from serbench.errors import UsageError
    from serbench.fidelity import budget, found

    pairs = outputs.wanted(output)
    _check_outputs([name for name, _ in pairs])
    if feed and (attack or pairs):
        raise UsageError("--input feeds one file and prints a line for each decoder; leave --attack and -o out")
    asked = budget.read(attack, seed) if attack else None
    data = budget.input_bytes(feed) if feed else b""
    codecs, missing = _codecs(codec or ["all"], stop)
    if feed:
        _feed(codecs, data, stop)
        return
    examined = [found.keep(one, keep) for one in _examined(codecs, asked, stop)]
    outputs.write(pairs, ("table",), _render(examined, missing))


def _check_outputs(names: Sequence[str]) -> None:
    from serbench.errors import UnknownName

    for name in names:
        if name not in _OUTPUTS:
            raise UnknownName("output", name, _OUTPUTS)


def _codecs(words: Sequence[str], stop: Stop) -> tuple[list[CodecInfo], list[CodecInfo]]:
    """Those that can be examined, and those whose library is missing."""
    from serbench import choice

    chosen = choice.choose(choice.Request(codecs=tuple(words)))
    infos = choice.codecs(chosen, stop=stop)
    return [info for info in infos if not info.unavailable], [info for info in infos if info.unavailable]


def _examined(codecs: Sequence[CodecInfo], asked: Budget | None, stop: Stop) -> list[Examined]:
    from serbench.fidelity import examine, recorded

    with _counting(len(codecs)) as told:
        examined = examine.examine(codecs, asked, stop=stop, told=told)
    for one in examined:
        recorded.keep(one.info, one.fidelity)  # for the next run's report
    return examined


@contextlib.contextmanager
def _counting(codecs: int) -> Iterator[Callable[[str], None]]:
    """A count on stderr where somebody watches, which is gone in the end."""
    if not outputs.is_terminal(sys.stderr):
        yield lambda _: None
        return
    done: list[str] = []

    def told(name: str) -> None:
        done.append(name)
        sys.stderr.write(f"\rexamined {len(done)} of {codecs}")
        sys.stderr.flush()

    try:
        yield told
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _feed(codecs: Sequence[CodecInfo], data: bytes, stop: Stop) -> None:
    from serbench.fidelity import examine

    for line in examine.feed(codecs, data, stop=stop):
        outputs.say(line)


def _render(examined: Sequence[Examined], missing: Sequence[CodecInfo]) -> Callable[..., str]:
    import serbench
    from serbench.fidelity import wire, words

    def render(name: str, **_: bool) -> str:
        if name == "json":
            return wire.to_json(examined, missing, serbench.__version__)
        return (words.markdown if name == "markdown" else words.text)(examined, missing)

    return render
