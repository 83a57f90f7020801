from __future__ import annotations

from dataclasses import replace

import pytest
from drawings import Drawing, linear

import fake_reports as f
from serbench.charts.bars import CHARTS
from serbench.records.cases import Status

(CHART,) = CHARTS


def drawn(*rows) -> Drawing:
    """The figure of one table with these rows."""
    (figure,) = CHART.draw(f.report([f.table(rows)]))
    return Drawing(figure.svg)


def axis(drawing: Drawing, other: str, value: float) -> dict[str, tuple[float, float]]:
    """The time axis, known by its zero and another tick."""
    return {"one": (drawing.text("0")[0], 0.0), "other": (drawing.text(other)[0], value)}


def reach(points: list[tuple[float, float]]) -> tuple[float, float]:
    """From where to where a shape goes across."""
    return min(x for x, _ in points), max(x for x, _ in points)


def test_bars_are_as_long_as_their_numbers():
    """Read back from the axis, the first bar of a codec is its p50 and the second its p99, both from zero."""
    drawing = drawn(f.row("orjson", 2_000), f.row("msgpack", 5_000))
    scale = axis(drawing, "10", 10_000)
    ends = [
        tuple(linear(x, **scale) for x in reach(bar))
        for bar in drawing.shapes("f-blue") + drawing.shapes("f-vermilion")
    ]
    assert [pytest.approx((0, ns), abs=10) for ns in (2_000, 4_000, 5_000, 10_000)] == ends


def test_whiskers_are_as_long_as_their_intervals():
    """Read back from the axis, the line over a bar goes from the low to the high end of its number."""
    row = f.row("orjson", 2_000)
    drawing = drawn(row)
    scale = axis(drawing, "4", 4_000)
    found = [tuple(linear(x, **scale) for x in reach(line)) for line in drawing.shapes("s-ink")]
    assert [pytest.approx((n.low, n.high), abs=10) for n in (row.p50_ns, row.p99_ns)] == found


def test_a_number_without_spread_has_no_whisker():
    """Where nothing is known of the spread, no line pretends that something is."""
    alone = replace(f.estimate(2_000), basis="none", low=2_000, high=2_000)
    drawing = drawn(f.row("orjson", 2_000, p50_ns=alone, p99_ns=alone))
    assert [] == drawing.shapes("s-ink")


def test_a_missing_tail_says_why():
    """Where p99 is not earned its bar is missing, and two words stand in its place."""
    drawing = drawn(f.row("orjson", 2_000, p99_ns=f.TOO_FEW))
    assert 1 == len(drawing.shapes("f-blue"))
    assert "too few calls" in drawing.texts()


def test_calls_too_short_for_singles_show_their_typical_time():
    """Where single readings are not claimed the bar is the typical time, and says so."""
    drawing = drawn(f.row("orjson", 300, p50_ns=f.NO_TAIL, p99_ns=f.NO_TAIL, typical_ns=f.estimate(321)))
    (bar,) = drawing.shapes("f-blue")
    assert {"321 typical", "no tail claimed"} <= set(drawing.texts())
    scale = axis(drawing, "200", 200)
    assert pytest.approx(321, abs=1) == linear(reach(bar)[1], **scale)


def test_what_was_not_measured_keeps_its_place():
    """A codec without a number has its name and the word for what became of it, and no bar."""
    drawing = drawn(f.row("orjson", 2_000), f.unmeasured("msgpack", Status.INCORRECT, "items[0].price: 1 is not 1.0"))
    assert {"msgpack", "incorrect"} <= set(drawing.texts())
    assert [] == drawing.shapes("f-vermilion")


def test_codecs_stand_in_one_order_in_every_panel():
    """Names stand once at the left, and a codec has the same height in every panel, whoever is fastest there."""
    tables = [
        f.table([f.row("orjson", 1_000), f.row("msgpack", 2_000)]),
        f.table(
            [f.row("orjson", 9_000, table="order/encode"), f.row("msgpack", 2_000, table="order/encode")],
            operation="encode",
        ),
    ]
    (figure,) = CHART.draw(f.report(tables))
    drawing = Drawing(figure.svg)
    assert drawing.text("orjson")[1] < drawing.text("msgpack")[1]
    tops = [min(y for _, y in bar) for bar in drawing.shapes("f-blue")]
    assert tops[:2] == tops[2:]
