"""One offline page: the answer in sentences, tables, charts, what it stands on, and the data for tools.

Everything from outside is escaped by the template engine. The page carries a Content-Security-Policy that allows its
own style sheet and script by their digests and nothing else, so nothing is asked of any other place.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from serbench import registry
from serbench.charts import theme
from serbench.charts.base import anchor, by_payload
from serbench.charts.histogram_strip import strip
from serbench.charts.svg import themed, told_by
from serbench.codecs.deviations import RULES
from serbench.renderers.page import page
from serbench.report.basis import basis_grid, commands
from serbench.report.cases import case_groups
from serbench.report.cells import parted
from serbench.report.flat import columns, records
from serbench.report.price.view import price_view
from serbench.report.results import results
from serbench.report.tails import has_tails, tail_grid
from serbench.statistics.estimates import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from serbench.charts.base import Chart, Figure
    from serbench.records.cases import PayloadInfo
    from serbench.renderers.base import AnyRenderer, Needs
    from serbench.report.cells import Cell, Grid
    from serbench.report.parts import Row, Table
    from serbench.report.results import Head, NumberCell
    from serbench.report.whole import Report

_PARTS = ("curves", "matrix", "price", "cases")
"""Parts of the page with a style sheet and a script of their own."""

_TOPICS = ("parse", "serialise", "size", "tail", "conditions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Html:
    """The page of a run. `charts` are all that there are unless others are given."""

    charts: tuple[Chart, ...] | None = None
    name: str = "html"
    needs: Needs = "run"
    suffix: str = ".html"

    def render(self, what: Report, /) -> str:
        """The whole page."""
        charts: Iterable[Chart] = registry.plug_ins("charts") if self.charts is None else self.charts
        figures = [f for chart in sorted(charts, key=lambda c: (c.order, c.name)) for f in _told_once(chart.draw(what))]
        made = _Sections(what, figures)
        return page(
            "report.html.j2",
            styles=("report.css", *(f"{part}.css" for part in _PARTS), "fidelity.css"),
            scripts=("state.js", "report.js", *(f"{part}.js" for part in _PARTS)),
            anchor=anchor,
            price_view=price_view(what.prices),
            groups=case_groups(what.cases),
            strip=strip,
            colours={name: look.colour.name for name, look in theme.looks(c.name for c in what.codecs).items()},
            report=what,
            sections=[made.section(payload, tables) for payload, tables in by_payload(what).items()],
            figures=[figure for figure in figures if not figure.payload],
            deviations={str(name): rule.words for name, rule in RULES.items()},
            doubts=[s.text for s in what.sentences if s.topic == "doubt"],
            data=Markup(_data(what)),  # noqa: S704 - no `<` is left in it
        )


def _told_once(figures: Iterable[Figure]) -> Iterator[Figure]:
    """The figures in the page's colours, each description only with the first that has it: how to read is said once."""
    told: dict[str, str] = {}
    for figure in figures:
        made = replace(figure, svg=themed(figure.svg))
        if figure.description in told:
            svg = made.svg if figure.finding else told_by(made.svg, figure.id, told[figure.description])
            made = replace(made, svg=svg, description="")
        yield made
        told.setdefault(figure.description, figure.id)


def _data(report: Report) -> str:
    """The cases as JSON that may stand in a script element: the columns of `-o csv`, where all are alike one value.

    Numbers have nine digits; run.json and the other outputs have all of them. Commands stand in the page as text.
    """
    found = [{name: _nine(value) for name, value in one.items() if name != "command"} for one in records(report)]
    about = {"run_id": report.run_id, "command": report.command, "count": len(found), "cases": columns(found)}
    return json.dumps(about, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _nine(value: Any) -> Any:
    return float(f"{value:.9g}") if isinstance(value, float) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """A payload's part of the page; sentences by topic, plain tables before and after those of results."""

    anchor: str
    payload: PayloadInfo
    answers: Mapping[str, Sequence[str]]
    before: tuple[_Plain, ...]
    grids: tuple[_Results, ...]
    after: tuple[_Plain, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Results:
    """A table of results with what is behind it; whether that is in the titles of its cells as well."""

    table: Table
    heads: tuple[Head, ...]
    lines: tuple[_Line, ...]
    notes: Mapping[str, Sequence[str]]
    tail: _Plain | None
    basis: _Plain | None
    commands: Sequence[tuple[str, str]]
    titled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A row: its codec's colour, its cells, and the length of its bar in per cent of the longest."""

    row: Row
    colour: str
    cells: tuple[NumberCell, ...]
    bar: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plain:
    """A table of text: its cells taken apart, line by line, each with whether it is a number."""

    title: str
    grid: Grid
    lines: tuple[tuple[tuple[Cell, bool], ...], ...]


class _Sections:
    """Makes sections; how to read a table is told with the first of its kind only."""

    def __init__(self, report: Report, figures: Sequence[Figure]) -> None:
        self._report = report
        self._figures = figures
        self._told: set[str] = set()
        self._brief = any(page.brief for page in report.cases)
        self._looks = theme.looks(codec.name for codec in report.codecs)

    def section(self, payload: str, tables: Sequence[Table]) -> _Section:
        """The part of a payload."""
        report = self._report
        own = [sentence for sentence in report.sentences if sentence.payload == payload]
        answers = {topic: [sentence.text for sentence in own if sentence.topic == topic] for topic in _TOPICS}
        return _Section(
            anchor=anchor(payload),
            payload=tables[0].payload,
            answers={topic: texts for topic, texts in answers.items() if texts},
            before=self._plains(payload, report.conditions),
            grids=tuple(map(self._results, tables)),
            after=self._plains(payload, (*report.sizes, *report.memory, *report.cold_starts, *report.instructions)),
            figures=tuple(figure for figure in self._figures if figure.payload == payload),
        )

    def _plains(self, payload: str, grids: Iterable[Grid]) -> tuple[_Plain, ...]:
        return tuple(self._plain(grid) for grid in grids if grid.payload == payload)

    def _plain(self, grid: Grid) -> _Plain:
        legend = tuple(line for line in grid.legend if line not in self._told)
        self._told.update(legend)
        columns = ([(cell, column.numeric) for cell in parted(column)] for column in grid.columns)
        title = grid.title.removeprefix(f"{grid.payload}: ")
        return _Plain(title=title, grid=replace(grid, legend=legend), lines=tuple(zip(*columns, strict=True)))

    def _results(self, table: Table) -> _Results:
        made = results(table)
        basis = basis_grid(table)
        distances = [row.relative.value if isinstance(row.relative, Estimate) else 0.0 for row in table.rows]
        longest = max(distances, default=0.0) or 1.0
        return _Results(
            table=table,
            heads=made.heads,
            lines=tuple(
                _Line(
                    row=row,
                    colour=self._looks[row.codec.name].colour.name,
                    cells=cells,
                    bar=round(100 * distance / longest, 1),
                )
                for row, distance, cells in zip(table.rows, distances, made.lines, strict=True)
            ),
            notes=made.notes,
            tail=self._plain(tail_grid(table)) if has_tails(table) else None,
            basis=self._plain(basis) if basis.columns[0].cells else None,
            commands=commands(table),
            titled=not self._brief,
        )


RENDERERS: tuple[AnyRenderer, ...] = (Html(),)
