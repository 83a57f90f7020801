"""`serbench report` and `serbench compare`: what was saved, without measuring."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from serbench.cli import outputs
from serbench.errors import UsageError

Redact = Annotated[
    bool, typer.Option("--redact", help="Take names of host and user, and folders, out of all that is written.")
]


def report(
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Run folders or run.json files.")],
    output: Annotated[
        list[str] | None, typer.Option("--output", "-o", metavar="NAME[=FILE]", help="html is the default.")
    ] = None,
    charts: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Write every chart there as SVG and PNG; of several runs, in a folder each."),
    ] = None,
    redact: Redact = False,
) -> None:
    """Render saved runs again, without measuring. Without -o or --charts, index.html is written beside each run.json.

    With --redact these are index.redacted.html and run.redacted.json, to be shown to others.
    """
    from serbench import api
    from serbench.charts.base import anchor

    wanted = outputs.wanted(output)
    if len(runs) > 1 and (file := next((file for _, file in wanted if file), "")):
        raise UsageError(f"{file}: {len(runs)} runs would be written to it, each over the last; name one run")
    results = tuple(api.load(path) for path in runs)
    for result in api.redacted(*results) if redact else results:
        if charts is not None:
            folder = Path(charts) / (anchor(result.record.id) if len(runs) > 1 else "")
            typer.echo(f"charts: {folder}, {len(api.save_charts(result, folder))} files", err=True)
        elif not wanted:
            typer.echo(str(result.save_report()))
            if redact:
                typer.echo(str(result.save_run()))
        outputs.write(wanted, [], lambda name, result=result, **options: api.report(result, name, **options))


def compare(
    base: Annotated[str, typer.Argument(help="A run's folder or run.json.")],
    new: Annotated[str, typer.Argument(help="The run that is held against it.")],
    output: Annotated[
        list[str] | None, typer.Option("--output", "-o", metavar="NAME[=FILE]", help="table is the default.")
    ] = None,
    redact: Redact = False,
) -> None:
    """Show two saved runs side by side. It informs and exits 0; it does not decide."""
    from serbench import api

    both = api.load(base), api.load(new)
    comparison = api.compare(*(api.redacted(*both) if redact else both))
    outputs.write(
        outputs.wanted(output, "comparison"), ["table"], lambda name, **options: api.render(comparison, name, **options)
    )
