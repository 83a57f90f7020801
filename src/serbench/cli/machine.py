"""`serbench doctor`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from serbench.cli import outputs
from serbench.stop import Stop


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
    with showing(outputs.is_terminal(sys.stderr)) as (watch, _):
        checks = selftest.run(watch, stop)
    typer.echo(words.self_test_json(checks) if output == "json" else words.self_test_text(checks), nl=False)
    if not all(check.passed for check in checks):
        raise typer.Exit(4)
