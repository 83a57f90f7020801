from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest
from drawings import Drawing, linear, logarithmic
from hypothesis import given
from hypothesis import strategies as st

import fake_reports as f
from serbench.charts.size_time import CHARTS, Point, front, points_of
from serbench.records.cases import Conditions, Status
from serbench.report.compressed import CompressedSizes

(CHART,) = CHARTS


def point(codec: str, ns: float, size: float, *, spread: float = 0.0) -> Point:
    """A codec whose time reaches that far to both sides."""
    return Point(codec, ns, ns - spread, ns + spread, size)


points = st.lists(
    st.builds(point, st.just("c"), st.integers(1, 6), st.integers(1, 5), spread=st.sampled_from([0.0, 0.5, 1.0])),
    max_size=8,
)


def drawn(*rows) -> Drawing:
    """The figure of one table with these rows."""
    (figure,) = CHART.draw(f.report([f.table(rows)]))
    return Drawing(figure.svg)


@given(points)
def test_the_front_is_what_nothing_beats(found):
    """Who is off it has somebody on it that is smaller in no more time, or as small and faster; nobody on it has."""
    best = front(found)
    for p in found:
        beaten = [q for q in found if (q.size < p.size and q.ns <= p.ns) or (q.size == p.size and q.high < p.low)]
        assert bool(beaten) == (p not in best)
        assert not beaten or set(beaten) & set(best)


@given(points)
def test_the_front_is_a_stair(found):
    """From the fastest on it never rises, so that a stepped line goes through all of its points."""
    best = front(found)
    assert bool(best) == bool(found)
    assert all(a.ns <= b.ns and a.size >= b.size for a, b in itertools.pairwise(best))


@given(points)
def test_noise_takes_nobody_off_the_front(found):
    """Whoever is on it by point values alone is on it with intervals, whatever they are."""
    exact = [
        p
        for p in found
        if not any(q.ns <= p.ns and q.size <= p.size and (q.ns, q.size) != (p.ns, p.size) for q in found)
    ]
    assert set(exact) <= set(front(found))


def test_equals_in_size_and_noise_are_both_on_the_front():
    """Two JSON codecs as fast as each other, as far as can be told, are both best; a slower third one is not."""
    first, second, third = (point(name, ns, 100, spread=2) for name, ns in (("a", 10), ("b", 13), ("c", 20)))
    assert [first, second] == front([third, second, first])


def test_only_rows_with_both_numbers_are_points():
    """A row without a time or without a size is no point; of the others it is the typical time and the median size."""
    table = f.table([f.row("orjson", 2_000, size=950), f.unmeasured("json", Status.SKIPPED, "no bytes")])
    assert [Point("orjson", 2_000, 1_980, 2_020, 950)] == points_of(table)


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
    fills = {drawing.said(use, "class") for use in drawing.root.iter() if use.tag.endswith("use")}
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


def test_a_figure_says_who_is_on_the_front():
    """In words, panel by panel: in what is told to those who do not see it, and for the page beside it."""
    rows = [f.row("orjson", 1_000), f.row("msgpack", 2_000, size=500), f.row("json", 4_000)]
    encode = [f.row(r.codec.name, 9_000 - r.typical_ns.value, table="order/encode", size=1_000) for r in rows]
    (figure,) = CHART.draw(f.report([f.table(rows), f.table(encode, operation="encode")]))
    assert "On the line in read: orjson and msgpack. On the line in encode: json." == figure.finding
    assert figure.finding in figure.svg


def test_the_front_of_several_conditions_says_which():
    """Where an operation has several panels each is named by its conditions."""
    row = f.row("orjson", 1_000)
    off = replace(f.table([row]), conditions=Conditions(instances=64, gc="off"), conditions_words="collector off")
    (figure,) = CHART.draw(f.report([f.table([row]), off]))
    assert "On the line in read (collector off): orjson." in figure.finding


def test_a_stepped_line_goes_through_the_front():
    """Every mark on the front is on the line, and no other mark."""
    drawing = drawn(f.row("orjson", 1_000), f.row("msgpack", 2_000, size=500), f.row("json", 4_000))
    (line,) = (points for points in drawing.shapes("s-muted") if len(points) == 3)
    marks = {colour: drawing.shapes(f"s-{colour}", "use")[0][0] for colour in ("blue", "vermilion", "slate")}
    assert pytest.approx(marks["blue"], abs=0.11) == line[0]
    assert pytest.approx(marks["vermilion"], abs=0.11) == line[-1]
    assert marks["slate"] not in line


def compressed(*rows, **medians: float):
    """What a run has of these rows' messages under compressors."""
    methods = {name.replace("_", " level "): value for name, value in medians.items()}
    return tuple(CompressedSizes(case_id=row.case_id, median_bytes=methods) for row in rows)


def test_compressed_sizes_stand_under_their_marks():
    """A stroke at the size under zstd, where the run has it, and what that is above the panels."""
    row, other = f.row("orjson", 3_000, size=1_000), f.row("json", 4_000, size=1_000)
    made = f.report([f.table([row, other])], compressed=compressed(row, gzip_6=600, zstd_3=500))
    (figure,) = CHART.draw(made)
    drawing = Drawing(figure.svg)
    assert {"as encoded", "under zstd level 3"} < set(drawing.texts())
    ((px, py),) = drawing.shapes("s-blue", "use")[0]
    stroke, end = (points for points in drawing.shapes("s-blue") if len(points) == 2)
    rise = drawing.text("0")[1] - drawing.text("0.5")[1]
    assert pytest.approx((px, py), abs=0.11) == stroke[0]
    assert pytest.approx((px, py + rise), abs=0.3) == stroke[1]
    assert pytest.approx([px - 4, px + 4], abs=0.11) == [x for x, _ in end]
    assert [] == [points for points in drawing.shapes("s-slate") if len(points) == 2]
    assert "zstd level 3" in figure.description


def test_without_compressed_sizes_there_is_no_key():
    """A run without the pass has marks alone, and no word of compressing."""
    (figure,) = CHART.draw(f.report([f.table([f.row("orjson", 3_000)])]))
    assert "as encoded" not in Drawing(figure.svg).texts()
    assert "compress" not in figure.description


def test_a_compressor_that_is_not_known_is_drawn_where_there_is_no_other():
    """Which is preferred is said once: zstd, gzip, brotli, then whatever the run has."""
    row = f.row("orjson", 3_000, size=1_000)
    (figure,) = CHART.draw(f.report([f.table([row])], compressed=compressed(row, lz_1=700)))
    assert "under lz level 1" in Drawing(figure.svg).texts()
