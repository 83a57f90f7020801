"""`serbench report` and `serbench compare`: what was saved, without measuring."""

from __future__ import annotations

from typing import Annotated

import typer

from serbench.cli import outputs


def report(
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Run folders or run.json files.")],
    output: Annotated[
        list[str] | None, typer.Option("--output", "-o", metavar="NAME[=FILE]", help="html is the default.")
    ] = None,
) -> None:
    """Render saved runs again, without measuring. Without -o, index.html is written beside each run.json."""
    from serbench import api

    wanted = outputs.wanted(output)
    for result in [api.load(path) for path in runs]:
        if not wanted:
            typer.echo(str(result.save_report()))
        outputs.write(wanted, [], lambda name, result=result, **options: api.report(result, name, **options))


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
    outputs.write(
        outputs.wanted(output, "comparison"), ["table"], lambda name, **options: api.render(comparison, name, **options)
    )
