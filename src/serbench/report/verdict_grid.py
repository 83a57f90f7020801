"""The tables of a verdict as grids of text: one for each unit, so that a column has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.gate.row_words import became, interval, metric, percent, plain, probability, remarks, share, standing
from serbench.gate.words import LEGEND, failing
from serbench.report.cells import NOTHING, Column, Grid, aligned, size_text, words
from serbench.units import Scale, significant, size_scale, time_scale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from serbench.records.verdict import Row, Verdict

_TITLES = {
    "ns": "Time of a call",
    "bytes": "Encoded size and memory",
    "instructions": "Instructions of a call",
    "": "Cases and what comes back from them",
}
_NAMED = 5  # cases that are named beside a remark that they share


def verdict_grids(verdict: Verdict, rows: Sequence[Row]) -> tuple[Grid, ...]:
    """Tables of some rows of a verdict, in their order; the table with the first of them stands first."""
    units = dict.fromkeys(row.unit for row in rows)
    return tuple(_grid(unit, verdict, [row for row in rows if row.unit == unit]) for unit in units)


def verdict_legend(grids: Sequence[Grid]) -> tuple[str, ...]:
    """How to read the columns that these tables have, a line each."""
    heads = {column.head for grid in grids for column in grid.columns}
    return tuple(f"{head}: {text}." for head, text in LEGEND.items() if head in heads)


def ratio_grid(verdict: Verdict) -> Grid:
    """How codecs compare inside each side; it has no lines where there is one codec."""
    ratios = verdict.ratios
    return Grid(
        title="Codecs against each other, inside each side; for information",
        columns=(
            words("case", [plain(ratio.case_id) for ratio in ratios]),
            words("takes as long as", [plain(ratio.over) for ratio in ratios]),
            Column(head="base", unit="x", cells=aligned(significant(ratio.base) for ratio in ratios)),
            Column(head="new", unit="x", cells=aligned(significant(ratio.new) for ratio in ratios)),
        ),
        strong=(),
        notes=(),
    )


def _grid(unit: str, verdict: Verdict, rows: Sequence[Row]) -> Grid:
    scale = _scale(unit, [value for row in rows for value in (row.base, row.new) if value is not None])
    text = size_text(scale) if unit == "bytes" else scale.text
    numbers = (
        ("base", scale.unit, [_optional(row.base, text) for row in rows], 3),
        ("new", scale.unit, [_optional(row.new, text) for row in rows], 3),
        ("change", "%", [_optional(row.change, percent) for row in rows], 0),
        ("interval", "%", [interval(row) for row in rows], 1),
        ("tolerance", "%", [share(row.tolerance) if row.change is not None else "" for row in rows], 4),
        ("detectable", "%", [_optional(row.detectable, percent) for row in rows], 2),
        ("p", "", [_optional(probability(row), lambda p: significant(p, 2)) for row in rows], 5),
    )
    columns = [
        Column(head=head, unit=of, cells=aligned(cell or NOTHING for cell in cells), spare=spare)
        for head, of, cells, spare in numbers
        if any(cells)
    ]
    return Grid(
        title=_TITLES[unit],
        columns=(
            words("case", [plain(row.case_id) for row in rows]),
            words("metric", [metric(row) for row in rows]),
            *columns,
            words("verdict", [became(row) for row in rows]),
        ),
        strong=tuple(n for n, row in enumerate(rows) if failing(row, verdict)),
        notes=tuple(_notes(rows)),
    )


def _scale(unit: str, values: Sequence[float]) -> Scale:
    """One unit for both sides: of sizes whole bytes below a megabyte, as a growth by one byte counts."""
    if unit == "ns":
        return time_scale(values)
    if unit == "bytes" and min(values, default=0) >= 1e6:  # a megabyte
        return size_scale(values)
    return Scale(1.0, {"bytes": "B"}.get(unit, ""))


def _optional(value: float | None, text: Callable[[float], str]) -> str:
    return "" if value is None else text(value)


def _notes(rows: Iterable[Row]) -> Iterator[str]:
    """Reasons and what the policy says, each once, with the rows that it holds for."""
    told: dict[str, list[str]] = {}
    for row in rows:
        for remark in [text for text in remarks(row) if text != standing(row)]:  # that is said in the last column
            told.setdefault(remark, []).append(f"{plain(row.case_id)} {metric(row)}")
    for remark, names in told.items():
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        yield f"{', '.join(names[:_NAMED])}{more}: {remark}"
