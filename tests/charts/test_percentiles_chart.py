from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from drawings import SVG, Drawing, corners, logarithmic

import fake_reports as f
from serbench.charts.labels import width
from serbench.charts.percentiles import CHARTS
from serbench.charts.sheet import SMALL
from serbench.records.cases import Conditions, Status

if TYPE_CHECKING:
    from serbench.report.parts import Curve

(CHART,) = CHARTS
HALF_A_LETTER = 4.18
"""A tick's number stands that far below its tick, in pixels."""


def drawn(report) -> Drawing:
    """The only figure of the report."""
    (figure,) = CHART.draw(report)
    return Drawing(figure.svg)


def test_a_line_shows_the_times_of_its_curve():
    """Both ends of a line, read back from the axes, are the first and the last point of the curve."""
    row = f.row("orjson", 2_000)
    curve = f.curve(row)
    drawing = drawn(f.report([f.table([row])], [curve]))
    (points,) = drawing.curves("orjson")
    x = {"one": (drawing.text("90")[0], 10), "other": (drawing.text("99.9")[0], 1_000)}
    y = {"one": (drawing.text("2")[1], 2_000), "other": (drawing.text("5")[1], 5_000)}
    ends = [(logarithmic(px, **x), logarithmic(py + HALF_A_LETTER, **y)) for px, py in (points[0], points[-1])]
    assert pytest.approx([curve.x[0], curve.x[-1]], rel=0.01) == [end[0] for end in ends]
    assert pytest.approx([curve.ns[0], curve.ns[-1]], rel=0.01) == [end[1] for end in ends]


def test_a_line_ends_where_the_calls_end():
    """A curve that is earned to p99 stops at p99, while another goes on to p99.99."""
    few, many = f.row("json", 4_000), f.row("orjson", 1_000)
    drawing = drawn(f.report([f.table([few, many])], [f.curve(few, last=0.99), f.curve(many)]))
    ((*_, (few_x, _)),) = drawing.curves("json")
    ((*_, (many_x, _)),) = drawing.curves("orjson")
    assert pytest.approx(drawing.text("99")[0], abs=0.06) == few_x
    assert pytest.approx(drawing.text("99.99")[0], abs=0.06) == many_x


def test_lines_are_thinned():
    """However many points a curve has, its line has as many as are seen, and the first and the last of them."""
    row = f.row("orjson", 2_000)
    curve = f.curve(row, points=5_000)
    drawing = drawn(f.report([f.table([row])], [curve]))
    (points,) = drawing.curves("orjson")
    assert 5 < len(points) < 60
    assert (52.0, 452.0) == (points[0][0], points[-1][0])


def test_every_line_has_its_name_and_none_lies_on_another():
    """Lines that end in one place have their names below each other."""
    names = ["json", "orjson", "msgpack", "protobuf"]
    drawing = drawn(f.report([f.table([f.row(name, 1_000) for name in names])]))
    heights = sorted(drawing.text(name)[1] for name in names)
    assert all(b - a >= 14.9 for a, b in itertools.pairwise(heights))


def test_a_case_that_is_another_has_that_ones_line():
    """`dump` of a plain codec shows the curve of its `encode`."""
    encode = f.row("orjson", 1_000, table="order/encode")
    dump = f.row("orjson", 1_000, table="order/dump", same_as=encode.case_id)
    tables = [f.table([encode], operation="encode"), f.table([dump], operation="dump")]
    drawing = drawn(f.report(tables, [f.curve(encode)]))
    one, other = drawing.curves("orjson")
    assert [y for _, y in one] == [y for _, y in other]
    assert 2 == drawing.texts().count("orjson")


def test_who_has_no_line_is_named_with_the_reason():
    """Under the axis stands who has no line and why, in the two words that the table has."""
    fast = f.row("orjson", 60)
    rows = [
        replace(fast, p50_ns=f.NO_TAIL, p99_ns=f.NO_TAIL, p999_ns=f.NO_TAIL),
        f.row("json", 4_000),
        f.unmeasured("msgpack", Status.FAILED, "the worker died"),
    ]
    drawing = drawn(f.report([f.table(rows)], [f.curve(rows[1])]))
    assert "no line: orjson (no tail claimed); msgpack (failed)" in drawing.texts()
    assert [] == drawing.curves("orjson")


def test_who_has_no_line_stays_under_its_own_panel():
    """Many names are broken into lines, each within its panel and the margin behind it, and the sheet has room."""
    slow = f.row("json", 4_000)
    fast = [replace(f.row(f"codec-of-some-length-{n}", 60), p99_ns=f.NO_TAIL) for n in range(6)]
    operations = ("read", "decode", "encode")
    tables = [f.table([slow, *fast], operation=operation) for operation in operations]
    drawing = drawn(f.report(tables, [f.curve(slow)]))
    lefts = [drawing.text(operation)[0] for operation in operations]
    said = [(float(e.get("x")), float(e.get("y")), e.text) for e in drawing.root.iter(f"{SVG}text")]
    (begin, *_) = (y for _, y, text in said if text.startswith("no line:"))
    below = [[text for x, y, text in said if x == left and y >= begin] for left in lefts]
    assert below[0] == below[1] == below[2]
    assert " ".join(below[0]).endswith("codec-of-some-length-5 (no tail claimed)")
    assert max(width(text, SMALL) for text in below[0]) < lefts[1] - lefts[0]
    assert max(y for _, y, _ in said) < float(drawing.root.get("height"))


def test_a_steady_call_stands_behind_each_line_in_grey():
    """As long as it is known, under every other line, and explained once above the panels."""
    row = f.row("orjson", 2_000)
    tables = [f.table([row]), f.table([f.row("orjson", 2_000, table="order/decode")], operation="decode")]
    drawing = drawn(f.report(tables))
    grey = drawing.shapes("s-shade")
    assert 2 == len(grey)
    assert grey[0][-1][0] < drawing.curves("orjson")[0][-1][0]
    order = [drawing.said(e, "class") for e in drawing.root.iter(f"{SVG}path")]
    assert order.index("s-shade") < order.index("s-blue")
    assert 1 == drawing.texts().count("grey: a perfectly steady call on this machine")


def test_without_noise_nothing_is_grey():
    """No line, no key."""
    row = f.row("orjson", 2_000)
    drawing = drawn(f.report([f.table([row])], [f.curve(row, steady=False)]))
    assert [] == drawing.shapes("s-shade")
    assert not any("steady call" in text for text in drawing.texts())


def test_panels_of_several_conditions_say_which():
    """Beside the title stands what sets a panel apart; where it is too long it goes on over the margin."""
    row = f.row("orjson", 2_000)
    tables = [
        replace(f.table([row]), conditions=Conditions(instances=64, gc=gc, heap_objects=heap))
        for gc, heap in (("on", 0), ("off", 20_000), ("frozen", 20_000))
    ]
    texts = drawn(f.report(tables)).texts()
    assert {"gc on, heap 0, us", "gc off, heap 20k, us", "gc frozen, heap 20k, us"} < set(texts)


def banded(curve: Curve, *xs: float) -> Curve:
    """The curve with an interval of a tenth to both sides at these 1/(1-q), which are points of it."""
    known = ((x, curve.ns[curve.x.index(x)]) for x in xs)
    return replace(curve, band=tuple((x, 0.9 * ns, 1.1 * ns) for x, ns in known))


def bands(drawing: Drawing) -> list[list[tuple[float, float]]]:
    """The corners of every band."""
    pale = [e for e in drawing.root.iter(f"{SVG}path") if "f-blue" in drawing.said(e, "class") and e.get("opacity")]
    return [corners(e.get("d")) for e in pale]


def test_a_band_is_the_interval_around_its_line():
    """It reaches from the first percentile with an interval to the last, a tenth below and above the line between."""
    row = f.row("orjson", 2_000)
    curve = f.curve(row)
    known = (curve.x[100], curve.x[300], curve.x[500])
    drawing = drawn(f.report([f.table([row])], [banded(curve, *known)]))
    ((*points,),) = bands(drawing)
    x = {"one": (drawing.text("90")[0], 10), "other": (drawing.text("99.9")[0], 1_000)}
    y = {"one": (drawing.text("2")[1], 2_000), "other": (drawing.text("5")[1], 5_000)}
    found = [(logarithmic(px, **x), logarithmic(py + HALF_A_LETTER, **y)) for px, py in points]
    assert pytest.approx(known[0], rel=0.01) == min(x for x, _ in found)
    assert pytest.approx(known[-1], rel=0.01) == max(x for x, _ in found)
    for at, ns in found:
        line = float(np.interp(at, curve.x, curve.ns))
        assert min(abs(ns / line - 0.9), abs(ns / line - 1.1)) < 0.02
    assert "pale: the interval of the percentiles" in drawing.texts()


@pytest.mark.parametrize("count", [0, 1])
def test_no_interval_is_no_band(count):
    """Nor is one percentile alone: a band goes from one to another."""
    row = f.row("orjson", 2_000)
    curve = f.curve(row)
    drawing = drawn(f.report([f.table([row])], [banded(curve, *curve.x[100 : 100 + count])]))
    assert [] == bands(drawing)


def test_a_panel_says_to_scripts_where_it_is():
    """Read through that, a curve's ends are the first and the last point of it."""
    row = f.row("orjson", 2_000)
    curve = f.curve(row)
    drawing = drawn(f.report([f.table([row])], [curve]))
    (panel,) = (e.get("data-panel") for e in drawing.root.iter() if "data-panel" in e.attrib)
    operation, *numbers = panel.split(" ")
    left, right, top, bottom, last, low, high = map(float, numbers)
    assert "read" == operation
    (points,) = drawing.curves("orjson")
    for (px, py), x, ns in zip((points[0], points[-1]), (1, curve.x[-1]), (curve.ns[0], curve.ns[-1]), strict=True):
        assert pytest.approx(x, rel=0.01) == last ** ((px - left) / (right - left))
        assert pytest.approx(ns, rel=0.01) == low * (high / low) ** ((bottom - py) / (bottom - top))
