"""`serbench run`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serbench.cli import outputs
from serbench.cli.options import Data, MessageName, ReadAs, SkipBad, Vary
from serbench.errors import UsageError
from serbench.stop import Stop

if TYPE_CHECKING:
    from serbench.api import Result
    from serbench.choice import Request

EPILOG = (
    "A name wins over a file; ./order is the file. "
    "Lists repeat, take commas, patterns ('json*'), exclusions ('!pickle') and all."
)

_BESIDE_RESUME = frozenset({"resume", "folder", "output", "progress", "quiet"})


def run(
    context: typer.Context,
    payloads: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PAYLOAD]...", help="Names, files, folders, -; none: the suite's."),
    ] = None,
    suite: Annotated[str, typer.Option(help="A suite's name or file. [default: default]")] = "",
    codec: Annotated[
        list[str] | None, typer.Option("--codec", "-c", help="Codecs to measure, or a codec file.")
    ] = None,
    type_: Annotated[
        list[str] | None,
        typer.Option("--type", metavar="pkg.module:Order", help="A class of your own, measured as it is."),
    ] = None,
    format_: Annotated[list[str] | None, typer.Option("--format", help="Only codecs of this format.")] = None,
    op: Annotated[list[str] | None, typer.Option(help="encode, decode, dump, load, read.")] = None,
    gc: Annotated[
        list[str] | None, typer.Option(help="The collector: on, off, frozen; several are several conditions.")
    ] = None,
    heap: Annotated[
        list[str] | None,
        typer.Option(metavar="N", help="Live decoded instances held meanwhile; several: as many cases."),
    ] = None,
    threads: Annotated[
        list[str] | None, typer.Option(metavar="N", help="Threads of a worker that measure at once. [default: 1]")
    ] = None,
    pass_: Annotated[
        list[str] | None, typer.Option("--pass", help="time, size, memory, cold, instructions. [default: time,size]")
    ] = None,
    instances: Annotated[
        int | None, typer.Option(min=1, help="Instances to rotate over; default: as many as fit 8 MB.")
    ] = None,
    budget: Annotated[
        str, typer.Option(help="Wall time: 15s, 2m. Default: the suite's, else 1 s a case, 10 to 60 s.")
    ] = "",
    seed: Annotated[int, typer.Option(help="Of payloads, orders and hash seeds.")] = 1,
    timeout: Annotated[str, typer.Option(help="What one call may take; a tenth of the budget at the most.")] = "5s",
    read_as: ReadAs = "",
    skip_bad: SkipBad = False,
    message: MessageName = "",
    data: Data = None,
    vary: Vary = False,
    folder: Annotated[str, typer.Option("--dir", help="The run's folder. Default: a new one in reports/.")] = "",
    output: Annotated[
        list[str] | None, typer.Option("--output", "-o", metavar="NAME[=FILE]", help="More outputs.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Use a folder that holds a run already.")] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was cut short: that in --dir, or the newest.")
    ] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be measured, and stop.")] = False,
    progress: Annotated[bool, typer.Option("--progress/--no-progress", help="Show progress on a terminal.")] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but what -o asks for.")] = False,
) -> None:
    """Measure codecs on payloads; leaves run.json and index.html in a folder."""
    stop = Stop()
    stop.listen()
    from serbench import suites
    from serbench.choice import Request

    wanted = outputs.wanted(output)
    if resume:
        _refuse_beside_resume(context)
    request = Request(
        payloads=tuple(payloads or ()),
        suite=suite,
        codecs=tuple(codec or ()),
        types=tuple(type_ or ()),
        formats=tuple(format_ or ()),
        operations=tuple(op or ()),
        gc=tuple(gc or ()),
        heap=suites.numbers(heap or (), "heap"),
        threads=suites.numbers(threads or (), "threads"),
        passes=tuple(pass_ or ()),
        instances=instances,
        budget=suites.duration(budget) if budget else None,
        seed=seed,
        timeout=suites.duration(timeout),
        read_as=read_as,
        skip_bad=skip_bad,
        message=message,
        data=tuple(data or ()),
        vary=vary,
    )
    if plan:
        _plan(request, stop)
        return
    from serbench import api
    from serbench.progress import showing

    with showing(progress and not quiet and outputs.is_terminal(sys.stderr)) as (watch, after_round):
        if resume:
            result = api.resume(folder, watch=watch, after_round=after_round, stop=stop)
        else:
            result = api.measure(request, folder=folder, force=force, watch=watch, after_round=after_round, stop=stop)
    outputs.write(wanted, [] if quiet else ["table"], lambda name, **options: api.report(result, name, **options))
    _conclude(result, quiet=quiet)


def _refuse_beside_resume(context: typer.Context) -> None:
    """What is measured is the run's to say: a word about it here would be passed over."""
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if parameter.name not in _BESIDE_RESUME and source and source.name == "COMMANDLINE":
            said = parameter.opts[0] if parameter.opts[0].startswith("-") else "the payloads"
            raise UsageError(f"--resume takes everything from the run; leave {said} out, or start another run")


def _plan(request: Request, stop: Stop) -> None:
    import tempfile

    from serbench import foreseen
    from serbench.job import Job

    with tempfile.TemporaryDirectory(prefix="serbench-") as scratch:
        typer.echo(foreseen.in_words(*Job(request, stop=stop).foresee(Path(scratch))))


def _conclude(result: Result, *, quiet: bool) -> None:
    """The last words, and the exit code."""
    if not quiet:
        typer.echo(f"report: {result.folder / 'index.html'}", err=True)
    if result.interrupted:
        typer.echo("serbench: interrupted; what was measured is saved and rendered", err=True)
        raise typer.Exit(130)
    failures = result.failures()
    for line in failures:
        typer.echo(f"serbench: {line}", err=True)
    if failures:
        raise typer.Exit(4)
