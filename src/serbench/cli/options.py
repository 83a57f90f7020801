"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

ReadAs = Annotated[str, typer.Option("--as", metavar="FORMAT", help="What files are, where their endings do not tell.")]
SkipBad = Annotated[
    bool, typer.Option("--skip-bad", help="Leave out lines of files that are no message, and count them.")
]
Vary = Annotated[
    bool, typer.Option("--vary", help="Make further messages of a file's few, alike in lengths and widths.")
]
MessageName = Annotated[str, typer.Option("--message", metavar="pkg.Name", help="Of a .proto or .desc: which message.")]
Data = Annotated[
    list[str] | None,
    typer.Option("--data", metavar="FILE", help="Of a .proto or .desc: its messages, as JSON or binary."),
]
