from __future__ import annotations

from drawings import SVG, Drawing, linear

import fake_reports as f
from serbench.charts.timeline import CHARTS
from serbench.records.cases import Status
from serbench.records.samples import SlowCalls
from serbench.report.parts import Timeline

(CHART,) = CHARTS


def drawn(report) -> Drawing:
    """The only figure of the report."""
    (figure,) = CHART.draw(report)
    return Drawing(figure.svg)


def strokes(drawing: Drawing, colour: str) -> list[int]:
    """Of each kind of mark of that colour, how many strokes it has in all."""
    return [len(points) // 2 for points in drawing.shapes(f"s-{colour}")]


def test_a_mark_stands_where_its_call_was():
    """Read back from the axis, the marks of a kind are as far apart as their calls were."""
    row = f.row("orjson", 2_000)
    slow = SlowCalls(at_ns=(0, 1_000_000_000, 4_000_000_000), ns=(9_000, 20_000, 90_000), labels="ooo")
    drawing = drawn(f.report([f.table([row])], timelines=(Timeline(case_id=row.case_id, workers=(slow,)),)))
    (points,) = drawing.shapes("s-blue")
    axis = {"one": (drawing.text("0")[0], 0.0), "other": (drawing.text("4")[0], 4.0)}
    assert [0, 1, 4] == sorted({round(linear(x, **axis), 2) for x, _ in points})
    heights = [y for _, y in sorted(points)]
    assert heights == sorted(heights, reverse=True)


def test_every_label_has_a_shape_of_its_own():
    """A stroke up, a cross, a stroke across and a dot: two workers with one call of each."""
    drawing = drawn(f.report([f.table([f.row("orjson", 2_000)])]))
    assert [2, 4, 2, 2] == strokes(drawing, "blue")
    assert {"collector", "preempted", "larger message", "unexplained"} < set(drawing.texts())


def test_only_the_slowest_are_drawn():
    """Seventy-five of a codec, however many workers know of: the page stays small."""
    row = f.row("orjson", 2_000)
    slow = SlowCalls(at_ns=tuple(range(100)), ns=tuple(range(1_000, 1_100)), labels="o" * 100)
    report = f.report([f.table([row])], timelines=(Timeline(case_id=row.case_id, workers=(slow,) * 3),))
    assert [75] == strokes(drawn(report), "blue")


def test_of_very_many_cases_fewer_calls_are_drawn():
    """Twenty of each, and the description says so."""
    row = f.row("orjson", 2_000)
    slow = SlowCalls(at_ns=tuple(range(100)), ns=tuple(range(1_000, 1_100)), labels="o" * 100)
    own = Timeline(case_id=row.case_id, workers=(slow,) * 3)
    others = tuple(Timeline(case_id=f"a/b/{n}", workers=()) for n in range(250))
    (figure,) = CHART.draw(f.report([f.table([row])], timelines=(own, *others)))
    assert [20] == strokes(Drawing(figure.svg), "blue")
    assert "at most 20 of all its workers" in figure.description


def test_a_codec_without_slow_calls_says_why():
    """Its band has the two words that its cells have."""
    rows = [
        f.row("orjson", 2_000),
        f.unmeasured("json", Status.FAILED, "SIGSEGV"),
        f.row("msgpack", 3_000, behind=f.row("x", 1).behind),
    ]
    report = f.report([f.table(rows)])
    report = f.replace(report, timelines=tuple(t for t in report.timelines if t.case_id.startswith("orjson")))
    texts = drawn(report).texts()
    assert {"failed", "no slow calls"} < set(texts)
    assert [] == strokes(drawn(report), "vermilion")


def test_tables_that_rank_nothing_have_no_panel():
    """Read and encode rank; decode does not."""
    drawing = drawn(f.order_report())
    titles = [e.text for e in drawing.root.iter(f"{SVG}text") if drawing.said(e, "font-weight") == "700"]
    assert ["read", "encode"] == titles


def test_a_report_without_slow_calls_has_no_figure():
    """Nothing is drawn of nothing."""
    assert () == CHART.draw(f.order_report(timelines=()))
