"""The command line: parse, one call of the library, print. Everything it prints on stdout was asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from serbench.errors import UsageError
from serbench.stop import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.api import Result
    from serbench.choice import Request

EPILOG = (
    "A name wins over a file; ./order is the file. "
    "Lists repeat, take commas, patterns ('json*'), exclusions ('!pickle') and all."
)

_BESIDE_RESUME = frozenset({"resume", "folder", "output", "progress", "quiet"})

app = typer.Typer(
    name="serbench",
    help="What serialization costs your service, with your payload, and how sure that is.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:
    if value:
        import serbench

        typer.echo(f"serbench {serbench.__version__}")
        raise typer.Exit


@app.callback()
def _main(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    from serbench import settings

    context.default_map = settings.defaults(Path("pyproject.toml"))


@app.command(epilog=EPILOG)
def run(
    context: typer.Context,
    payloads: Annotated[
        list[str] | None, typer.Argument(metavar="[PAYLOAD]...", help="Names or files; none: the suite's.")
    ] = None,
    suite: Annotated[str, typer.Option(help="A suite's name or file. [default: default]")] = "",
    codec: Annotated[
        list[str] | None, typer.Option("--codec", "-c", help="Codecs to measure, or a codec file.")
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
        list[str] | None, typer.Option("--pass", help="time, size, memory, cold. [default: time,size]")
    ] = None,
    instances: Annotated[
        int | None, typer.Option(min=1, help="Instances to rotate over; default: as many as fit 8 MB.")
    ] = None,
    budget: Annotated[
        str, typer.Option(help="Wall time: 15s, 2m. Default: the suite's, else 1 s a case, 10 to 60 s.")
    ] = "",
    seed: Annotated[int, typer.Option(help="Of payloads, orders and hash seeds.")] = 1,
    timeout: Annotated[str, typer.Option(help="What one call may take; a tenth of the budget at the most.")] = "5s",
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

    outputs = _outputs(output)
    if resume:
        _refuse_beside_resume(context)
    request = Request(
        payloads=tuple(payloads or ()),
        suite=suite,
        codecs=tuple(codec or ()),
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
    )
    if plan:
        _plan(request, stop)
        return
    from serbench import api
    from serbench.progress import showing

    with showing(progress and not quiet and _is_terminal(sys.stderr)) as (watch, after_round):
        if resume:
            result = api.resume(folder, watch=watch, after_round=after_round, stop=stop)
        else:
            result = api.measure(request, folder=folder, force=force, watch=watch, after_round=after_round, stop=stop)
    _write(outputs, [] if quiet else ["table"], lambda name, **options: api.report(result, name, **options))
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

    from serbench import listing
    from serbench.job import Job

    with tempfile.TemporaryDirectory(prefix="serbench-") as scratch:
        typer.echo(listing.plan(*Job(request, stop=stop).foresee(Path(scratch))))


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


@app.command()
def report(
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Run folders or run.json files.")],
    output: Annotated[
        list[str] | None, typer.Option("--output", "-o", metavar="NAME[=FILE]", help="html is the default.")
    ] = None,
) -> None:
    """Render saved runs again, without measuring. Without -o, index.html is written beside each run.json."""
    from serbench import api

    outputs = _outputs(output)
    for result in [api.load(path) for path in runs]:
        if not outputs:
            typer.echo(str(result.save_report()))
        _write(outputs, [], lambda name, result=result, **options: api.report(result, name, **options))


@app.command()
def compare(
    base: Annotated[str, typer.Argument(help="A run's folder or run.json.")],
    new: Annotated[str, typer.Argument(help="The run that is held against it.")],
    output: Annotated[
        list[str] | None, typer.Option("--output", "-o", metavar="NAME[=FILE]", help="table is the default.")
    ] = None,
) -> None:
    """Show two saved runs side by side. It informs and exits 0; it does not decide."""
    from serbench import api

    comparison = api.compare(api.load(base), api.load(new))
    _write(_outputs(output), ["table"], lambda name, **options: api.render(comparison, name, **options))


@app.command()
def doctor(
    self_test: Annotated[
        bool, typer.Option("--self-test", help="Measure codecs that keep their own record, and compare.")
    ] = False,
    output: Annotated[str, typer.Option("--output", "-o", help="table or json.")] = "table",
) -> None:
    """Is this machine fit to measure? Clock, noise, neighbours, and what to do about them. Informs and exits 0."""
    stop = Stop()
    stop.listen()
    from serbench.doctor import examine, selftest, words
    from serbench.errors import UnknownName
    from serbench.progress import showing

    if output not in ("table", "json"):
        raise UnknownName("output", output, ["table", "json"])
    if not self_test:
        found = examine.examine(stop)
        typer.echo(words.examination_json(found) if output == "json" else words.examination_text(found), nl=False)
        return
    with showing(_is_terminal(sys.stderr)) as (watch, _):
        checks = selftest.run(watch, stop)
    typer.echo(words.self_test_json(checks) if output == "json" else words.self_test_text(checks), nl=False)
    if not all(check.passed for check in checks):
        raise typer.Exit(4)


list_app = typer.Typer(help="What there is to choose from.", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(list_app, name="list")


def _list_command(what: str, words: str) -> None:
    def show(
        output: Annotated[str, typer.Option("--output", "-o", help="table or json.")] = "table",
        codec: Annotated[list[str] | None, typer.Option("--codec", "-c", help="A codec file to list as well.")] = None,
    ) -> None:
        from serbench import listing

        typer.echo(listing.show(what, output=output, codec_files=codec or (), **_terminal()), nl=False)

    show.__doc__ = words
    list_app.command(what, help=words)(show)


for _what, _words in {
    "codecs": "Codecs: format, model, version, native part, deviations, or why one is unavailable.",
    "payloads": "Payloads: size, depth, shares of strings, numbers and structure.",
    "operations": "Operations: what is timed.",
    "suites": "Suites: what they measure and how long that takes.",
    "outputs": "Outputs: what -o takes.",
}.items():
    _list_command(_what, _words)


def _outputs(values: Sequence[str] | None) -> list[tuple[str, str]]:
    """`csv=run.csv` and the like as pairs; the file is empty for stdout. An unknown name is found before measuring."""
    pairs = [(name, file) for name, _, file in (value.partition("=") for value in values or ())]
    for _, file in pairs:
        if not Path(file).absolute().parent.is_dir():
            raise UsageError(f"{file}: its folder is not there; make it first")
    from serbench import registry

    known = {source.rpartition(".")[2] for source in registry.sources("renderers")}
    if wrong := [name for name, _ in pairs if name not in known]:
        from serbench import api

        api.renderer(wrong[0])
    return pairs


def _write(outputs: Sequence[tuple[str, str]], default: Sequence[str], render: Callable[..., str]) -> None:
    """Writes files, then what goes to stdout; the default goes there where nothing else does."""
    from serbench.store import files

    for name, file in outputs:
        if file:
            files.write_text(Path(file), render(name))
    for name in [name for name, file in outputs if not file] or default:
        typer.echo(render(name, **(_terminal() if name == "table" else {})), nl=False)


def _terminal() -> dict[str, Any]:
    """What a table needs to know of where it is printed."""
    return {"colour": _is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")}


def _is_terminal(stream: Any) -> bool:
    """Whether somebody watches; a stream that was closed before the start is None."""
    return bool(stream and stream.isatty())
