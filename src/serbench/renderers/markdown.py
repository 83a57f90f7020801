"""Markdown for a pull request or a wiki: the same answer, the same tables."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from serbench.compare.history_words import title
from serbench.gate.row_words import plain
from serbench.gate.words import (
    MODE_WORDS,
    NAME,
    decided,
    explained,
    finding,
    headline,
    next_step,
    noteworthy,
    ordered,
    packages,
)
from serbench.report.basis import BASIS_LEGEND, basis_grid, commands
from serbench.report.grid import CHANGES_LEGEND, LEGEND, change_grids, table_grid
from serbench.report.history_grid import HISTORY_LEGEND, history_grids, runs_grid
from serbench.report.tails import TAIL_LEGEND, has_tails, tail_grid
from serbench.report.verdict_grid import ratio_grid, verdict_grids, verdict_legend

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from serbench.compare.parts import Comparison, History
    from serbench.records.verdict import Verdict
    from serbench.renderers.base import AnyRenderer, Needs
    from serbench.report.cells import Grid
    from serbench.report.parts import Fact, Table
    from serbench.report.whole import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Markdown:
    """A run."""

    name: str = "markdown"
    needs: Needs = "run"
    suffix: str = ".md"

    def render(self, what: Report, /) -> str:
        """Answer and tables payload by payload, then what cannot be said and what the numbers stand on."""
        return _joined(_report(what))


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkdownComparison:
    """Two runs side by side."""

    name: str = "markdown"
    needs: Needs = "comparison"
    suffix: str = ".md"

    def render(self, what: Comparison, /) -> str:
        """Answer, tables, and in what the runs differ."""
        return _joined(_comparison(what))


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkdownHistory:
    """Several runs side by side."""

    name: str = "markdown"
    needs: Needs = "history"
    suffix: str = ".md"

    def render(self, what: History, /) -> str:
        """How it went, the answer, tables, and which run is which."""
        return _joined(_history(what))


MOST_BYTES = 900_000
"""A summary on GitHub may have 1 MiB, with what else a step writes; a larger one is not shown at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkdownVerdict:
    """What the gate has decided: for the summary of a step on GitHub, or a comment on a change."""

    name: str = "markdown"
    needs: Needs = "verdict"
    suffix: str = ".md"

    def render(self, what: Verdict, /) -> str:
        """The verdict in words, both sides, what matters; folded, what does not. As many rows as there is room for."""
        text = ""
        for most in (2_000, 500, 100, 20, 5):
            text = _joined(_verdict(what, most))
            if len(text.encode()) <= MOST_BYTES:
                break
        return text


def _report(report: Report) -> Iterator[str]:
    yield f"# {escape(report.title)}"
    for payload in report.payloads:
        yield f"## {escape(payload.name)}"
        yield _list(s.text for s in report.sentences if s.payload == payload.name and s.topic != "doubt")
        yield from _grids(payload.name, report.conditions)
        for table in report.tables:
            if table.payload == payload:
                yield from _results(table)
        yield from _grids(payload.name, (*report.sizes, *report.memory, *report.cold_starts, *report.instructions))
    if doubts := [s.text for s in report.sentences if s.topic == "doubt"]:
        yield "## What this run cannot say"
        yield _list(doubts)
    yield "## What the numbers stand on"
    yield escape(" ".join(LEGEND))
    yield from (escape(" ".join(legend)) for legend in _legends(report))
    facts = (*report.ground.measuring, *report.ground.environment)
    yield _folded("Machine and run", _facts(facts))
    yield _folded("Method", _list(report.ground.method))
    yield f"serbench {escape(report.serbench)}, {escape(report.started)}, run {escape(report.run_id)}. Made again by:"
    yield _code(report.command)


def _results(table: Table) -> Iterator[str]:
    """A table of results; below it, folded, what its tails are made of and what it stands on."""
    yield from _grid(table_grid(table))
    if has_tails(table):
        tail = tail_grid(table)
        yield _folded("What the slowest calls were", _cells(tail), _list(tail.notes))
    basis = basis_grid(table)
    again = _code("\n".join(command for _, command in commands(table)))
    yield _folded("What stands behind these numbers", _cells(basis) if basis.columns[0].cells else "", again)


def _grids(payload: str, grids: Iterable[Grid]) -> Iterator[str]:
    return (block for grid in grids if grid.payload == payload for block in _grid(grid))


def _legends(report: Report) -> Iterator[tuple[str, ...]]:
    """How to read the other tables: each once."""
    of_tables = [TAIL_LEGEND] * any(map(has_tails, report.tables)) + [BASIS_LEGEND] * bool(report.tables)
    others = (*report.conditions, *report.sizes, *report.memory, *report.cold_starts, *report.instructions)
    return iter(dict.fromkeys([*of_tables, *(grid.legend for grid in others if grid.legend)]))


def _folded(summary: str, *blocks: str) -> str:
    return "\n\n".join(filter(None, (f"<details><summary>{summary}</summary>", *blocks, "</details>")))


def _comparison(comparison: Comparison) -> Iterator[str]:
    yield f"# {escape(comparison.new_id)} against {escape(comparison.base_id)}"
    yield _list(comparison.sentences)
    for grid in change_grids(comparison.changes):
        yield from _grid(grid)
    yield escape(" ".join(CHANGES_LEGEND))
    if comparison.differences:
        lines = [(d.label, d.base, d.new) for d in comparison.differences]
        yield _table(("differs", "base", "new"), (False, False, False), lines)


def _history(history: History) -> Iterator[str]:
    yield f"# {escape(title(history))}"
    yield _list(history.sentences)
    for grid in history_grids(history):
        yield from _grid(grid)
    yield escape(" ".join(HISTORY_LEGEND))
    yield from _grid(runs_grid(history))


def _verdict(verdict: Verdict, most: int) -> Iterator[str]:
    """All of a verdict, with at most so many rows, ratios, notes and the like of each kind."""
    yield f"## {NAME}: {escape(headline(verdict))}"
    said = finding(verdict)
    yield escape(
        " ".join(filter(None, (f"{said[0].upper()}{said[1:]}.", next_step(verdict), MODE_WORDS[verdict.mode])))
    )
    sides = (("base", verdict.base), ("new", verdict.new))
    lines = [(name, side.asked, side.python, packages(side), side.sampler) for name, side in sides]
    heads = ("side", "what it is", "Python", "libraries measured", "sampler")
    yield _table(heads, (False,) * 5, [[plain(cell) for cell in line] for line in lines])
    matter = noteworthy(verdict)
    rest = ordered(verdict)[len(matter) :]
    grids = verdict_grids(verdict, matter[:most])
    yield from (block for grid in grids for block in _grid(grid))
    yield "" if matter or not verdict.rows else "Every metric is the same on both sides."
    shown = verdict_grids(verdict, rest[:most])
    if rest:
        blocks = [block for grid in shown for block in _grid(grid)]
        yield _folded(f"The same on both sides: {len(rest):,}", *blocks)
    if left := max(0, len(matter) - most) + max(0, len(rest) - most):
        yield f"For want of room {left:,} rows are left out here; `-o json=FILE` has all."
    if verdict.ratios:
        few = replace(verdict, ratios=verdict.ratios[:most])
        yield _folded("Codecs against each other, for information", _cells(ratio_grid(few)))
    if verdict.notes:
        yield "### Notes"
        yield _list([plain(note) for note in verdict.notes[:most]])
    facts = [f"{label}: {value}" for label, value in decided(verdict)]
    yield _folded("How this was decided", _list(facts))
    legend = (*explained(verdict.rows), *verdict_legend((*grids, *shown)))
    yield _folded("How to read the tables", _list(legend))
    if verdict.command:
        yield _folded("Do it again", _code(plain(shlex.join(verdict.command), 10_000)))


def _grid(grid: Grid) -> Iterator[str]:
    yield f"### {escape(grid.title)}"
    yield _cells(grid)
    yield _list(grid.notes)


def _cells(grid: Grid) -> str:
    heads = [f"{column.head} {column.unit}".strip() for column in grid.columns]
    lines = zip(*(column.cells for column in grid.columns), strict=True)
    return _table(heads, [column.numeric for column in grid.columns], lines)


def _table(heads: Sequence[str], numeric: Iterable[bool], lines: Iterable[Sequence[str]]) -> str:
    rule = ["--:" if right else "---" for right in numeric]
    cells = [[escape(" ".join(cell.split())) for cell in line] for line in (heads, *lines)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (cells[0], rule, *cells[1:]))


def _facts(facts: Iterable[Fact]) -> str:
    return _list([f"{fact.label}: {fact.value}" for fact in facts])


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {escape(line)}" for line in lines)


def _code(text: str) -> str:
    """A block that no text can leave: its fence is longer than any run of backticks inside."""
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", text)), 0)
    return f"{fence}\n{text}\n{fence}"


def escape(text: str) -> str:
    """Text in which nothing is markup and nobody is called by an at sign, on one line, fit for a cell."""
    safe = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"@(?=\w)", "@<!-- -->", re.sub(r"([\\`*_\[\]{}|~#])", r"\\\1", safe))


def _joined(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"


RENDERERS: tuple[AnyRenderer, ...] = (Markdown(), MarkdownComparison(), MarkdownHistory(), MarkdownVerdict())
