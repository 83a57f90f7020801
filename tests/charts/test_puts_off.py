from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from drawings import Drawing, linear
from hypothesis import given
from hypothesis import strategies as st

import fake_reports as f
from serbench.charts.puts_off import CHARTS, rows_of
from serbench.records.cases import Conditions, Operation, Status

(CHART,) = CHARTS
READ, DECODE, LOAD = "order/read", "order/decode", "order/load"


def tables(*rows):
    """A table for each operation that these rows are of."""
    of = {}
    for row in rows:
        of.setdefault(row.case_id.split("/")[2], []).append(row)
    return [f.table(own, operation=operation) for operation, own in of.items()]


def drawn(*rows) -> Drawing:
    """The figure of these rows."""
    (figure,) = CHART.draw(f.report(tables(*rows)))
    return Drawing(figure.svg)


def reach(points: list[tuple[float, float]]) -> tuple[float, float]:
    """From where to where a shape goes across."""
    return min(x for x, _ in points), max(x for x, _ in points)


LAZY = (f.row("orjson", 1_000, table=DECODE), f.row("orjson", 3_000, table=LOAD), f.row("orjson", 4_200, table=READ))


def test_bars_show_decode_load_and_read_in_that_order():
    """Read back from the axis, the three bars of a codec are as long as its typical times, the least work uppermost."""
    drawing = drawn(*LAZY)
    scale = {"one": (drawing.text("0")[0], 0.0), "other": (drawing.text("4")[0], 4_000)}
    bars = sorted(drawing.shapes("f-blue"), key=lambda bar: min(y for _, y in bar))
    ends = [tuple(linear(x, **scale) for x in reach(bar)) for bar in bars]
    assert [pytest.approx((0, ns), abs=15) for ns in (1_000, 3_000, 4_200)] == ends


def test_a_bar_says_how_many_times_decode_it_is():
    """Behind its time; decode itself is not said to be once itself."""
    assert {"1.00", "3.00\u2002x 3.0", "4.20\u2002x 4.2"} < set(drawn(*LAZY).texts())


def test_what_cannot_be_told_apart_is_about_as_long():
    """Where the intervals of both meet the ratio has a tilde."""
    drawing = drawn(f.row("orjson", 1_000, table=DECODE), f.row("orjson", 1_010, table=READ))
    assert "1.01\u2002x ~1.0" in drawing.texts()


def test_intervals_are_drawn_at_the_ends_of_bars():
    """The thin line over a bar goes from the low to the high end of its number; without a spread there is none."""
    row = f.row("orjson", 4_000, table=READ, typical_ns=f.estimate(4_000, 0.1))
    drawing = drawn(f.row("orjson", 1_000, table=DECODE, typical_ns=f.exact(1_000)), row)
    scale = {"one": (drawing.text("0")[0], 0.0), "other": (drawing.text("4")[0], 4_000)}
    whiskers = [tuple(linear(x, **scale) for x in reach(line)) for line in drawing.shapes("s-ink")]
    assert [pytest.approx((3_600, 4_400), abs=15)] == whiskers


def test_a_plain_codec_loads_by_decoding():
    """Its load has no bar of its own, and the words why."""
    decode = f.row("orjson", 1_000, table=DECODE)
    load = f.row("orjson", 1_000, table=LOAD, same_as=decode.case_id)
    drawing = drawn(decode, load, f.row("orjson", 1_500, table=READ))
    assert 2 == len(drawing.shapes("f-blue"))
    assert "the same call as decode" in drawing.texts()


def test_codecs_stand_by_the_time_of_reading():
    """The fastest reader is uppermost, however long it decodes; who has no such time stands last."""
    rows = [
        f.row("orjson", 1_000, table=DECODE),
        f.row("orjson", 5_000, table=READ),
        f.row("json", 3_000, table=DECODE),
        f.row("json", 4_000, table=READ),
        f.row("msgpack", 500, table=DECODE),
        f.unmeasured("msgpack", Status.FAILED, "died", table=READ),
    ]
    drawing = drawn(*rows)
    heights = [drawing.text(name)[1] for name in ("json", "orjson", "msgpack")]
    assert heights == sorted(heights)
    assert "failed" in drawing.texts()


@given(st.permutations([300.0, 700.0, 1_100.0, 1_900.0]))
def test_the_order_is_that_of_reading(times):
    """Whatever the order of a table's rows."""
    rows = [f.row(name, ns, table=READ) for name, ns in zip("abcd", times, strict=True)]
    found = rows_of([f.table(rows)])
    read = [own[Operation.READ].typical_ns.value for own in found.values()]
    assert all(a <= b for a, b in itertools.pairwise(read))


def test_one_operation_alone_is_no_figure():
    """There is nothing to hold against each other, or nobody has two of them."""
    assert () == CHART.draw(f.report(tables(f.row("orjson", 1_000, table=READ))))
    apart = tables(f.row("orjson", 1_000, table=READ), f.row("json", 1_000, table=DECODE))
    assert () == CHART.draw(f.report(apart))


def test_each_conditions_have_a_panel():
    """What was measured with the collector on and off is held against its own decode."""
    off = Conditions(instances=64, gc="off")
    own = tables(*LAZY)
    other = [replace(table, conditions=off) for table in tables(*LAZY)]
    (figure,) = CHART.draw(f.report([*own, *other]))
    drawing = Drawing(figure.svg)
    assert {"gc on, us", "gc off, us"} < set(drawing.texts())
    assert 2 == drawing.texts().count("orjson")
    assert 6 == len(drawing.shapes("f-blue"))
