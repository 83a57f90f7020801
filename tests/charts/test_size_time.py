from __future__ import annotations

import itertools
import re

import pytest
from drawings import Drawing, linear, logarithmic
from hypothesis import given
from hypothesis import strategies as st

import fake_reports as f
from serbench.charts.size_time import CHARTS, Point, front, points_of
from serbench.records.cases import Status

(CHART,) = CHARTS
points = st.lists(
    st.builds(Point, st.just("c"), st.integers(1, 5).map(float), st.integers(1, 5).map(float)), max_size=8
)


def drawn(*rows) -> Drawing:
    """The figure of one table with these rows."""
    (figure,) = CHART.draw(f.report([f.table(rows)]))
    return Drawing(figure.svg)


@given(points)
def test_the_front_is_what_nothing_beats(found):
    """A point is on the front exactly if no other is at least as good in both and better in one."""
    best = front(found)
    for point in found:
        beaten = any(o.ns <= point.ns and o.size <= point.size and o != point for o in found)
        assert beaten == (point not in best)
    assert all(a.ns <= b.ns and a.size >= b.size for a, b in itertools.pairwise(best))


def test_only_rows_with_both_numbers_are_points():
    """A row without a time or without a size is no point; of the others it is the typical time and the median size."""
    table = f.table([f.row("orjson", 2_000, size=950), f.unmeasured("json", Status.SKIPPED, "no bytes")])
    assert [Point("orjson", 2_000, 950)] == points_of(table)


def test_marks_stand_at_their_time_and_size():
    """Read back from the axes, a mark is at the typical time and the encoded size of its codec."""
    drawing = drawn(f.row("orjson", 3_000, size=1_000), f.row("msgpack", 7_500, size=400))
    x = {"one": (drawing.text("2")[0], 2_000), "other": (drawing.text("5")[0], 5_000)}
    y = {"one": (drawing.text("0")[1], 0.0), "other": (drawing.text("1000")[1], 1_000.0)}
    rise = drawing.text("0")[1] - max(py for line in drawing.shapes("s-grid") for _, py in line)
    found = {}
    for colour in ("blue", "vermilion"):
        (((px, py),),) = drawing.shapes(f"s-{colour}", "use")
        found[colour] = (logarithmic(px, **x), linear(py + rise, **y))
    assert {
        "blue": pytest.approx((3_000, 1_000), rel=0.01),
        "vermilion": pytest.approx((7_500, 400), rel=0.01),
    } == found


def test_marks_on_the_front_are_filled():
    """What nothing beats is filled with its colour; what is beaten is hollow."""
    drawing = drawn(f.row("orjson", 1_000), f.row("msgpack", 2_000, size=500), f.row("json", 4_000))
    fills = {use.get("class") for use in drawing.root.iter() if use.tag.endswith("use")}
    assert {"f-blue s-blue", "f-vermilion s-vermilion", "f-paper s-slate"} == fills


def test_every_mark_has_its_name():
    """Each codec is named beside its mark; several of one size have names that do not lie on each other."""
    names = ["json", "orjson", "msgspec-json", "msgspec-json-struct"]
    drawing = drawn(*(f.row(name, 1_000 + 50 * n) for n, name in enumerate(names)))
    places = [drawing.text(name) for name in names]
    assert all(abs(a[1] - b[1]) > 12 or abs(a[0] - b[0]) > 50 for a, b in itertools.combinations(places, 2))


def test_sizes_have_one_unit():
    """Large messages are shown in kB, on an axis that starts at zero."""
    drawing = drawn(f.row("orjson", 3_000, size=60_000), f.row("msgpack", 7_500, size=50_000))
    assert "kB encoded" in drawing.texts()
    assert "0" in drawing.texts()
    assert not [text for text in drawing.texts() if re.fullmatch(r"\d{5,}", text)]
