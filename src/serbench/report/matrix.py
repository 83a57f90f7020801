"""Every codec on every payload: a heat map for each headline operation, and the numbers to make all others of."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Any

from serbench.records.cases import Conditions
from serbench.report.conditions import setting_words
from serbench.report.heat import Shade, goodness, in_words, scales, shades
from serbench.report.metrics import NO_CASE, Metric, metrics
from serbench.report.rows import PARSING, SERIALISING
from serbench.statistics.estimates import Estimate, Missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from serbench.records.cases import CodecInfo, Operation
    from serbench.records.run import Run
    from serbench.report.parts import Table
    from serbench.statistics.estimates import Number
    from serbench.units import Scale

DIGITS = 7
"""Measured numbers are rounded to as many: a page holds thousands of them, and shows three digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """A cell of a heat map.

    Attributes:
        case_id: the case that it leads to; empty where the run has none.
        shade: what is shown.
        title: the number itself with its interval, or why there is none.
    """

    case_id: str
    shade: Shade
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """The matrix of one operation and the first metric: multiples of the best of each column, or numbers in a unit.

    Attributes:
        operation: what was timed.
        words: from which value to which, one clause.
        ranks: whether it ranks parsing or serialising of any payload.
        shown: how the numbers are to be read, one clause.
        heads: names of the columns, each with its unit where they have different ones.
        lines: a codec each with a cell for each column: by the first column, best first, what has no number last.
    """

    operation: Operation
    words: str
    ranks: bool
    shown: str
    heads: tuple[tuple[str, str], ...]
    lines: tuple[tuple[CodecInfo, tuple[HeatCell, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """All that the matrices of a run are made of.

    Attributes:
        metrics: what may be shown; the first one is.
        codecs: all that have a case, by name.
        operations: all of the run, parsing first.
        settings: what sets conditions apart, the usual first; one empty text where there are no others.
        compares: whether there are several codecs; else numbers are shown in their units and not over the best.
        maps: one for each headline operation under the first setting.
        data: everything as JSON that may stand in a script element; `matrix.js` says how it is read.
    """

    metrics: tuple[Metric, ...]
    codecs: tuple[CodecInfo, ...]
    operations: tuple[Operation, ...]
    settings: tuple[str, ...]
    compares: bool
    maps: tuple[HeatMap, ...]
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """An operation under one setting: by codec and payload, the case's id and its number of each metric."""

    operation: Operation
    words: str
    ranks: bool
    setting: int
    payloads: tuple[str, ...]
    codecs: Mapping[str, CodecInfo]
    cells: Mapping[tuple[str, str], tuple[str, tuple[Number, ...]]]


def matrix(run: Run, tables: Sequence[Table]) -> Matrix:
    """The matrices of a run.

    Args:
        run: which passes were made, and what they found.
        tables: those of its report.
    """
    shown = metrics(run)
    among = sorted(dict.fromkeys(map(_setting, tables)), key=lambda one: one != Conditions(instances=0))
    blocks = tuple(_blocks(tables, among, shown))
    codecs = sorted({row.codec.name: row.codec for table in tables for row in table.rows}.items())
    settings = tuple(setting_words(one, among) for one in among)
    usual = [block for block in blocks if block.ranks and not block.setting]
    about = {
        "codecs": [[name, codec.format, codec.model] for name, codec in codecs],
        "payloads": list(dict.fromkeys(table.payload.name for table in tables)),
        "settings": settings,
        "metrics": [[one.key, one.words, one.kind, one.exact] for one in shown],
    }
    return Matrix(
        metrics=shown,
        codecs=tuple(codec for _, codec in codecs),
        operations=tuple(dict.fromkeys(block.operation for block in blocks)),
        settings=settings,
        compares=len(codecs) > 1,
        maps=tuple(_heat_map(block, shown[0], compares=len(codecs) > 1) for block in usual),
        data=_script(about, blocks),
    )


def _setting(table: Table) -> Conditions:
    """The conditions; payloads whose numbers of instances are their own share them."""
    return replace(table.conditions, instances=0) if table.conditions.instances_default else table.conditions


def _blocks(tables: Sequence[Table], among: Sequence[Conditions], shown: Sequence[Metric]) -> Iterator[_Block]:
    for operation in (*PARSING, *SERIALISING):
        for n, setting in enumerate(among):
            own = [table for table in tables if table.operation is operation and _setting(table) == setting]
            if own:
                yield _block(own, n, shown)


def _block(own: Sequence[Table], setting: int, shown: Sequence[Metric]) -> _Block:
    rows = [(table.payload.name, row) for table in own for row in table.rows]
    return _Block(
        operation=own[0].operation,
        words=own[0].operation_words,
        ranks=any(table.headline for table in own),
        setting=setting,
        payloads=tuple(dict.fromkeys(table.payload.name for table in own)),
        codecs={row.codec.name: row.codec for _, row in rows},
        cells={
            (row.codec.name, payload): (row.case_id, tuple(_brief(metric.read(row), metric) for metric in shown))
            for payload, row in rows
        },
    )


def _brief(number: Number, metric: Metric) -> Number:
    if metric.exact or isinstance(number, Missing):
        return number
    value, low, high = (float(f"{one:.{DIGITS}g}") for one in (number.value, number.low, number.high))
    return replace(number, value=value, low=low, high=high)


def _heat_map(block: _Block, metric: Metric, *, compares: bool) -> HeatMap:
    nothing = ("", (NO_CASE,))
    found = [[block.cells.get((codec, payload), nothing) for codec in block.codecs] for payload in block.payloads]
    numbers = [[first for _, (first, *_) in column] for column in found]
    units = scales(numbers, metric.kind)
    several = len({scale.unit for scale in units}) > 1
    in_units = "in the unit of each column" if several else f"in {units[0].unit}"
    columns = [
        _column([case_id for case_id, _ in column], own, metric, None if compares else scale)
        for column, own, scale in zip(found, numbers, units, strict=True)
    ]
    lines = zip(numbers[0], block.codecs.values(), zip(*columns, strict=True), strict=True)
    ordered = sorted(lines, key=lambda line: (_place(line[0], metric), line[1].name))
    return HeatMap(
        operation=block.operation,
        words=block.words,
        ranks=block.ranks,
        shown="as multiples of the best of each column" if compares else in_units,
        heads=tuple(
            (payload, "" if compares or not several else scale.unit)
            for payload, scale in zip(block.payloads, units, strict=True)
        ),
        lines=tuple((codec, cells) for _, codec, cells in ordered),
    )


def _place(number: Number, metric: Metric) -> float:
    """What rises from the best to the worst, and what has no number stands last."""
    return goodness(number, metric.kind) if isinstance(number, Estimate) else inf


def _column(ids: Sequence[str], numbers: Sequence[Number], metric: Metric, scale: Scale | None) -> list[HeatCell]:
    made = shades(numbers, metric.kind, exact=metric.exact, scale=scale)
    return [
        HeatCell(
            case_id=case_id,
            shade=shade,
            title="; ".join(filter(None, (in_words(number, metric.kind), shade.why))),
        )
        for case_id, number, shade in zip(ids, numbers, made, strict=True)
    ]


def _script(about: dict[str, Any], blocks: Iterable[_Block]) -> str:
    codecs = {name: n for n, (name, *_) in enumerate(about["codecs"])}
    payloads = {name: n for n, name in enumerate(about["payloads"])}
    reasons = {NO_CASE: 0}
    packed = [
        {
            "operation": block.operation,
            "words": block.words,
            "ranks": block.ranks,
            "setting": block.setting,
            "cells": [
                [codecs[codec], payloads[payload], case_id, [_packed(number, reasons) for number in numbers]]
                for (codec, payload), (case_id, numbers) in block.cells.items()
            ],
        }
        for block in blocks
    ]
    told = [[missing.short, missing.reason] for missing in reasons]
    whole = about | {"blocks": packed, "reasons": told}
    return json.dumps(whole, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _packed(number: Number, reasons: dict[Missing, int]) -> float | list[float]:
    """A number; with its interval three of them; where there is none the place of the reason, alone in a list."""
    if isinstance(number, Missing):
        return [reasons.setdefault(number, len(reasons))]
    ends = [number.low, number.high] if number.basis == "interval" else []
    packed = [int(one) if one == int(one) else one for one in (number.value, *ends)]  # `3000` is shorter than `3000.0`
    return packed if ends else packed[0]
