"""`serbench list`."""

from __future__ import annotations

from typing import Annotated

import typer

from serbench.cli import outputs

list_app = typer.Typer(help="What there is to choose from.", rich_markup_mode=None, no_args_is_help=True)


def _list_command(what: str, words: str) -> None:
    def show(
        output: Annotated[str, typer.Option("--output", "-o", help="table or json.")] = "table",
        codec: Annotated[list[str] | None, typer.Option("--codec", "-c", help="A codec file to list as well.")] = None,
    ) -> None:
        from serbench import listing

        typer.echo(listing.show(what, output=output, codec_files=codec or (), **outputs.terminal()), nl=False)

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
