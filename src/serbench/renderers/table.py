"""The terminal's tables, through rich."""

from __future__ import annotations

import io
import re
import shutil
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from serbench.compare.history_words import title
from serbench.gate.words import next_step, noteworthy, ordered, quiet, summary
from serbench.report.grid import CHANGES_LEGEND, LEGEND, change_grids, table_grid
from serbench.report.history_grid import HISTORY_LEGEND, history_grids, runs_grid
from serbench.report.verdict_grid import ratio_grid, verdict_grids, verdict_legend

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from serbench.compare.parts import Comparison, History
    from serbench.records.verdict import Verdict
    from serbench.renderers.base import AnyRenderer, Needs
    from serbench.report.cells import Column, Grid
    from serbench.report.whole import Report


_GAP = 2  # between columns: the box's divider and a space
_LONG = 14  # a head of numbers is folded from here on: it takes no more room than they do
_FOLDED = 10  # a column of words is not folded to less


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terminal:
    """`width` is in characters, 0 for the terminal's (80 without one); colours only where asked for."""

    width: int = 0
    colour: bool = False
    name: str = "table"
    suffix: str = ".txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal(_Terminal):
    """A run."""

    needs: Needs = "run"

    def render(self, what: Report, /) -> str:
        """Tables and answer payload by payload, then what the run cannot say: a terminal shows the end."""
        page = _Page(self.width, colour=self.colour)
        page.lines([what.title], "bold")
        for payload in what.payloads:
            for table in what.tables:
                if table.payload == payload:
                    page.grid(table_grid(table))
            for grid in (*what.sizes, *what.conditions):
                if grid.payload == payload.name:
                    page.grid(grid)
            page.lines([s.text for s in what.sentences if s.payload == payload.name and s.topic != "doubt"])
        told = dict.fromkeys(line for grid in (*what.sizes, *what.conditions) for line in grid.legend)
        page.lines((*LEGEND, *told), "dim")
        page.lines([s.text for s in what.sentences if s.topic == "doubt"], "yellow")
        return page.text()


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalComparison(_Terminal):
    """Two runs side by side."""

    needs: Needs = "comparison"

    def render(self, what: Comparison, /) -> str:
        """Tables, in what the runs differ, and the answer."""
        page = _Page(self.width, colour=self.colour)
        page.lines([f"{what.new_id} against {what.base_id}"], "bold")
        for grid in change_grids(what.changes):
            page.grid(grid)
        page.lines(CHANGES_LEGEND, "dim")
        page.lines([f"{d.label}: {d.base} in base, {d.new} in new" for d in what.differences])
        page.lines(what.sentences)
        return page.text()


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalHistory(_Terminal):
    """Several runs side by side."""

    needs: Needs = "history"

    def render(self, what: History, /) -> str:
        """How it went, tables, which run is which, and the answer."""
        page = _Page(self.width, colour=self.colour)
        page.lines([title(what)], "bold")
        for grid in history_grids(what):
            page.grid(grid)
        page.lines(HISTORY_LEGEND, "dim")
        page.grid(runs_grid(what))
        page.lines(what.sentences)
        return page.text()


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalVerdict(_Terminal):
    """What the gate has decided. `all_rows`: whether what is the same on both sides is shown as well."""

    needs: Needs = "verdict"
    all_rows: bool = False

    def render(self, what: Verdict, /) -> str:
        """The one line, and nothing else where it says enough; else the rows that matter, the worst first, and notes.

        No line of it is a command to the runner of GitHub, which reads the log of a step.
        """
        page = _Page(self.width, colour=self.colour)
        if quiet(what) and not self.all_rows:
            page.sentence(summary(what) + _untold(what), "")
        else:
            bad = bool(what.exit_code) or not what.rows
            page.sentence(f"{summary(what)}\n", "bold red" if bad else "bold")
            grids = verdict_grids(what, ordered(what) if self.all_rows else noteworthy(what))
            for grid in grids:
                page.grid(grid, strong="bold red")
            if what.ratios:
                page.grid(ratio_grid(what))
            page.lines(verdict_legend(grids), "dim")
            page.lines(what.notes, "yellow")
            page.lines(filter(None, [next_step(what)]))
        return re.sub(r"^([^\S\n]*):(?=:)|##(?=\[)", lambda found: f"{found[0]} ", page.text(), flags=re.MULTILINE)


class _Page:
    """Lines and tables of one width. Nothing from outside is markup or moves the cursor."""

    def __init__(self, width: int, *, colour: bool) -> None:
        self._width = width or shutil.get_terminal_size((80, 24)).columns
        self._out = io.StringIO()
        self._console = Console(
            file=self._out,
            width=self._width,
            force_terminal=colour,
            color_system="standard" if colour else None,
        )

    def lines(self, texts: Iterable[str], style: str = "") -> None:
        """A block of lines and an empty one behind it; nothing where there are none."""
        block = [Text(_printable(text), style) for text in texts]
        if block:
            self._console.print(*block, "", sep="\n")

    def sentence(self, text: str, style: str) -> None:
        """One line, be it wider than the terminal."""
        self._console.print(Text(text, style), soft_wrap=True)

    def grid(self, grid: Grid, *, strong: str = "bold green") -> None:
        """A title, a table as wide as there is room for, and its notes; lines that stand out have that style."""
        columns = _fitting(grid.columns, self._width)
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
        heads = [[*_head(column), *filter(None, [column.unit])] for column in columns]
        tall = max(map(len, heads), default=0) if any(len(_head(column)) > 1 for column in columns) else 0
        for column, parts in zip(columns, heads, strict=True):
            head = Text("\n".join([*[""] * (tall - len(parts)), *parts]))
            justify: Literal["right", "left"] = "right" if column.numeric else "left"
            table.add_column(head, justify=justify, no_wrap=column.numeric, overflow="fold")
        for n, cells in enumerate(zip(*(column.cells for column in columns), strict=True)):
            style = strong if n in grid.strong else ""
            table.add_row(*(Text(_printable(cell), style) for cell in cells))
        self._console.print(Text(_printable(grid.title), "bold"))
        self._console.width = max(self._width, sum(_width(c) if c.numeric else _FOLDED for c in columns))
        self._console.print(table)  # wider than the terminal rather than with a number that is cut
        self._console.width = self._width
        left_out = ", ".join(column.head for column in grid.columns if column not in columns)
        notes = (*grid.notes, left_out and f"left out for want of width: {left_out}")
        self.lines([f"  {note}" for note in notes if note])
        if not any(notes):
            self._console.print()

    def text(self) -> str:
        """Everything, without spaces at the ends of lines."""
        return "\n".join(line.rstrip() for line in self._out.getvalue().rstrip().splitlines()) + "\n"


def _fitting(columns: Sequence[Column], width: int) -> list[Column]:
    """All columns, or as many as there is room for; those that are easiest to spare go first, and equals together."""
    kept = list(columns)
    while sum(map(_width, kept)) - _GAP > width and (most := max(column.spare for column in kept)):
        kept = [column for column in kept if column.spare < most]
    return kept


def _width(column: Column) -> int:
    return max(map(cell_len, (*_head(column), column.unit, *column.cells))) + _GAP


def _head(column: Column) -> list[str]:
    """Its lines."""
    return textwrap.wrap(column.head, _LONG) if column.numeric and len(column.head) > _LONG else [column.head]


def _untold(verdict: Verdict) -> str:
    """That there are notes, where they are not shown."""
    n = len(verdict.notes)
    return f"; {n} note{'s' * (n != 1)} in the other outputs" if n else ""


def _printable(text: str) -> str:
    """Text without anything that a terminal obeys: control characters are written out."""
    return "".join(c if c.isprintable() else " " if c.isspace() else repr(c)[1:-1] for c in text)


RENDERERS: tuple[AnyRenderer, ...] = (Terminal(), TerminalComparison(), TerminalHistory(), TerminalVerdict())
