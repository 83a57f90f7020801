"""What there is to choose from: the rows of `serbench list`, as a table or as JSON."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from serbench import registry, suites
from serbench.errors import UnknownName
from serbench.harness import catalogue
from serbench.payloads import listing as payloads
from serbench.records.cases import OPERATION_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_WIDTH = 100
SHORT = 26
Rows = list[dict[str, Any]]


def show(what: str, *, output: str, codec_files: Sequence[str] = (), colour: bool = False) -> str:
    """The listing as text that ends in a newline.

    Args:
        what: `codecs`, `payloads`, `operations`, `suites` or `outputs`.
        output: `table` or `json`.
        codec_files: codec files that are listed with the codecs.
        colour: whether the table may use it.

    Raises:
        UnknownName: no such output.
    """
    rows = _ROWS[what](codec_files)
    if output == "json":
        return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"
    if output != "table":
        raise UnknownName("output", output, ["table", "json"])
    return _table(rows, colour=colour)


def _codecs(files: Sequence[str]) -> Rows:
    return [
        {
            "codec": info.name,
            "format": info.format,
            "model": info.model if info.format else "",
            "library": f"{info.distribution or 'Python'} {info.version}" if info.format else "",
            "native": info.native,
            "notes": info.unavailable or "; ".join(caution.text for caution in info.warnings),
            "deviations": list(info.deviations),
        }
        for info in catalogue.catalogue(files)
    ]


def _operations(_: Sequence[str]) -> Rows:
    return [{"operation": str(operation), "what is timed": words} for operation, words in OPERATION_WORDS.items()]


def _suites(_: Sequence[str]) -> Rows:
    loaded = [suites.load(name) for name in suites.known()]
    return [
        {
            "suite": suite.name,
            "title": suite.title,
            "budget": f"{suite.budget_seconds:g} s",
            "codecs": list(suite.codecs),
            "payloads": list(suite.payloads),
            "operations": [str(operation) for operation in suite.operations],
        }
        for suite in loaded
    ]


def _outputs(_: Sequence[str]) -> Rows:
    plugs = registry.plug_ins("renderers")
    return [{"output": plug.name, "needs": plug.needs} for plug in plugs]


_ROWS = {
    "codecs": _codecs,
    "payloads": lambda _: payloads.rows(),
    "operations": _operations,
    "suites": _suites,
    "outputs": _outputs,
}


def _table(rows: Rows, *, colour: bool) -> str:
    import io  # noqa: PLC0415 - with rich, only where a table is wanted

    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    grid = Table(box=None, pad_edge=False, header_style="bold")
    shown = [name for name in rows[0] if any(row[name] not in ("", []) for row in rows)]
    for name in shown:
        numeric = all(isinstance(row[name], int | float) for row in rows)
        short = max(len(_cell(row[name])) for row in rows) <= SHORT
        head = name.replace(" ", "\n") if numeric else name  # a number is narrower than its words
        grid.add_column(head, justify="right" if numeric else "left", no_wrap=short, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(_cell(row[name])) for name in shown))
    text = io.StringIO()
    width = max(LEAST_WIDTH, shutil.get_terminal_size((LEAST_WIDTH, 24)).columns)
    Console(file=text, width=width, force_terminal=colour, no_color=not colour).print(grid)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def _cell(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
