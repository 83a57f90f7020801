"""The command `serbench`: its commands, and what they have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from serbench.cli import (
    codec_commands,
    fidelity_command,
    gate,
    inspect_command,
    listings,
    machine,
    measuring,
    saved,
    schema_command,
)

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


app.command("run", epilog=measuring.EPILOG)(measuring.run)
app.command("inspect")(inspect_command.inspect)
app.command("schema", epilog=schema_command.EPILOG)(schema_command.schema)
app.command("report")(saved.report)
app.command("compare")(saved.compare)
app.command("gate", epilog=gate.EPILOG)(gate.gate)
app.add_typer(gate.baseline_app, name="baseline")
app.add_typer(codec_commands.codec_app, name="codec")
app.command("doctor")(machine.doctor)
app.command("fidelity")(fidelity_command.fidelity)
app.add_typer(listings.list_app, name="list")
