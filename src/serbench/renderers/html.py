"""One offline page: the answer in sentences, tables, charts, what it stands on, and the data for tools.

Everything from outside is escaped by the template engine. The page carries a Content-Security-Policy that allows its
own style sheet and script by their digests and nothing else, so nothing is asked of any other place.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from serbench import registry
from serbench.charts import theme
from serbench.charts.base import anchor, by_payload
from serbench.charts.labels import grouped
from serbench.charts.svg import legal
from serbench.codecs.deviations import RULES
from serbench.report.flat import records
from serbench.statistics.estimates import Estimate, Missing
from serbench.units import significant, size_scale, time_scale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from serbench.charts.base import Chart, Figure
    from serbench.charts.theme import Look
    from serbench.records.cases import PayloadInfo
    from serbench.renderers.base import AnyRenderer, Needs
    from serbench.report.parts import Report, Row, Table
    from serbench.statistics.estimates import Number

_TOPICS = ("parse", "serialise", "size")


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
        style, script = theme.css() + _template("report.css"), _template("report.js")
        templates = Environment(
            loader=PackageLoader("serbench.renderers"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        page = templates.get_template("report.html.j2").render(
            report=what,
            sections=[_section(payload, tables, what, figures) for payload, tables in by_payload(what).items()],
            figures=[figure for figure in figures if not figure.payload],
            deviations={str(name): rule.words for name, rule in RULES.items()},
            doubts=[s.text for s in what.sentences if s.topic == "doubt"],
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            policy=_policy(style, script),
            data=Markup(_data(what)),  # noqa: S704 - no `<` is left in it
        )
        return legal(page)


def _told_once(figures: Iterable[Figure]) -> Iterator[Figure]:
    """The figures, each description only with the first that has it: how to read a chart is said once."""
    told: set[str] = set()
    for figure in figures:
        yield replace(figure, description="") if figure.description in told else figure
        told.add(figure.description)


def _template(name: str) -> str:
    return (importlib.resources.files("serbench.renderers") / "templates" / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script))
    own = "style-src 'sha256-{}'; script-src 'sha256-{}'".format(*digests)
    return f"default-src 'none'; {own}; img-src data:; base-uri 'none'; form-action 'none'"


def _data(report: Report) -> str:
    """The cases as JSON that may stand in a script element, with the keys that `-o csv` has."""
    about = {"run_id": report.run_id, "command": report.command, "cases": records(report)}
    return json.dumps(about, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """A payload's part of the page; sentences by topic."""

    anchor: str
    payload: PayloadInfo
    answers: Mapping[str, Sequence[str]]
    grids: tuple[_Grid, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """A table: its columns of numbers, its rows with a cell for each, and notes with the codecs that they are about."""

    table: Table
    heads: tuple[_Head, ...]
    lines: tuple[_Line, ...]
    notes: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Head:
    """A column of numbers: its name, the one unit of all, how such a number is written, and whether its spread is."""

    name: str
    unit: str
    text: Callable[[float], str]
    spread: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A row: its codec's colour, its cells, and the length of its bar in per cent of the longest."""

    row: Row
    colour: str
    cells: tuple[_Cell, ...]
    bar: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """A number, or the words in its place.

    Attributes:
        text: what stands there.
        pad: what is not seen, so that the decimal points of a column stand below each other.
        spread: from where to where the number may lie; empty where that is not known.
        basis: what is behind the number.
        value: what the column is sorted by; None without a number.
    """

    text: str
    pad: str = ""
    spread: str = ""
    basis: str = ""
    value: float | None = None


def _section(payload: str, tables: Sequence[Table], report: Report, figures: Sequence[Figure]) -> _Section:
    own = [sentence for sentence in report.sentences if sentence.payload == payload]
    answers = {topic: [sentence.text for sentence in own if sentence.topic == topic] for topic in _TOPICS}
    looks = theme.looks(codec.name for codec in report.codecs)
    return _Section(
        anchor=anchor(payload),
        payload=tables[0].payload,
        answers={topic: texts for topic, texts in answers.items() if texts},
        grids=tuple(_grid(table, looks) for table in tables),
        figures=tuple(figure for figure in figures if figure.payload == payload),
    )


def _grid(table: Table, looks: Mapping[str, Look]) -> _Grid:
    numbers = [_numbers(row) for row in table.rows]
    sizes = size_scale(n.value for n, *_ in numbers if isinstance(n, Estimate))
    times = time_scale(n.value for _, *several in numbers for n in several[:4] if isinstance(n, Estimate))
    heads = (
        _Head("size", sizes.unit, lambda n: f"{n:.10g}" if sizes.divisor == 1 else sizes.text(n)),
        *(_Head(name, times.unit, times.text) for name in ("typical", "p50", "p99", "p99.9")),
        _Head("objects", "per second", significant, spread=False),  # that of `typical` says it
        _Head("encoded", "MB/s", significant, spread=False),
        _Head("to best", "\u00d7", significant),
    )
    columns = (_column(column, head) for column, head in zip(zip(*numbers, strict=True), heads, strict=True))
    distances = [row.relative.value if isinstance(row.relative, Estimate) else 0.0 for row in table.rows]
    longest = max(distances, default=0.0) or 1.0
    return _Grid(
        table=table,
        heads=heads,
        lines=tuple(
            _Line(
                row=row, colour=looks[row.codec.name].colour.name, cells=cells, bar=round(100 * distance / longest, 1)
            )
            for row, distance, cells in zip(table.rows, distances, zip(*columns, strict=True), strict=True)
        ),
        notes=_notes(table.rows),
    )


def _numbers(row: Row) -> tuple[Number, ...]:
    """The numbers of a row, in the order of the heads."""
    size, times = row.encoded_bytes, (row.typical_ns, row.p50_ns, row.p99_ns, row.p999_ns)
    median: Number = size if isinstance(size, Missing) else _exact(size.median)
    return (median, *times, row.objects_per_second, row.megabytes_per_second, row.relative)


def _exact(value: float) -> Estimate:
    return Estimate(value=value, low=value, high=value, basis="none", coverage=0.0, workers=0, calls=0)


def _column(numbers: Sequence[Number], head: _Head) -> list[_Cell]:
    texts = [grouped(head.text(n.value)) for n in numbers if isinstance(n, Estimate)]
    decimals = max((len(text.partition(".")[2]) for text in texts), default=0)
    return [_cell(n, head, decimals) if isinstance(n, Estimate) else _Cell(text=n.short) for n in numbers]


def _cell(number: Estimate, head: _Head, decimals: int) -> _Cell:
    text, low, high = (grouped(head.text(value)) for value in (number.value, number.low, number.high))
    own = text.partition(".")[2]
    return _Cell(
        text=text,
        pad=("" if own or not decimals else ".") + "0" * (decimals - len(own)),
        spread=f"{low}\u2013{high}" if head.spread and number.basis != "none" else "",
        basis=_basis(number),
        value=number.value,
    )


def _basis(number: Estimate) -> str:
    """`96.9 % interval of 6 workers, 12,000 calls`."""
    if not number.calls:
        return ""
    kind = {"interval": f"{100 * number.coverage:.3g} % interval", "range": "range", "none": ""}[number.basis]
    return ", ".join(filter(None, (kind and f"{kind} of {number.workers} workers", f"{number.calls:,} calls")))


def _notes(rows: Sequence[Row]) -> dict[str, list[str]]:
    """What there is to know about numbers and missing numbers: each text once, with its codecs."""
    notes: dict[str, list[str]] = {}
    for row in rows:
        measured = f"measured as {row.same_as.partition('?')[0].rpartition('/')[2]}" if row.same_as else ""
        reasons = (n.reason for n in _numbers(row) if isinstance(n, Missing)) if row.status == "measured" else ()
        for text in dict.fromkeys((measured, *reasons, *(caution.text for caution in row.cautions))):
            if text:
                notes.setdefault(text, []).append(row.codec.name)
    return notes


RENDERERS: tuple[AnyRenderer, ...] = (Html(),)
