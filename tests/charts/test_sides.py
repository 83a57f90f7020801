from __future__ import annotations

from dataclasses import replace
from math import log, log1p

import pytest
from drawings import SVG, Drawing, linear, logarithmic

import two_sides as t
from serbench.charts.sides import draw
from serbench.gate.curves import CaseCurves, Line, Pairs

HALF_A_LETTER = 4.18
"""A tick's number stands that far below its tick, in pixels."""

LINE = Line(x=(1.0, 2.0, 10.0, 100.0), ns=(1_000.0, 2_000.0, 3_000.0, 5_000.0), count=1_000)


def pairs(metric="p50", ratios=(1.0, 1.04, 1.1), tolerance=0.05, **changes) -> Pairs:
    """A metric of pairs in which new took so many times as long."""
    row = t.row(t.DECODE, metric, tolerance=tolerance, **changes)
    return Pairs(row=row, log_ratios=tuple(map(log, ratios)), trip=log1p(tolerance / 2))


def drawing(*of: Pairs, **changes) -> Drawing:
    """The figure of a case."""
    slower = replace(LINE, ns=tuple(2 * ns for ns in LINE.ns))
    case = CaseCurves(case_id=t.DECODE.id, base=LINE, new=slower, batch=False, pairs=of)
    return Drawing(draw(replace(case, **changes)).svg)


def test_both_lines_show_their_times():
    """Their ends, read back from the axes, are those of the curves; base is dashed, new is not."""
    drawn = drawing()
    x = {"one": (drawn.text("50")[0], 2), "other": (drawn.text("90")[0], 10)}
    y = {"one": (drawn.text("1")[1], 1_000), "other": (drawn.text("10")[1], 10_000)}
    for colour, line in (("slate", (1_000, 5_000)), ("blue", (2_000, 10_000))):
        (points,) = [shape for shape in drawn.shapes(f"s-{colour}") if shape[-1][0] - shape[0][0] > 100]
        assert pytest.approx([1, 100], rel=0.01) == [logarithmic(p, **x) for p in (points[0][0], points[-1][0])]
        ends = [logarithmic(p + HALF_A_LETTER, **y) for p in (points[0][1], points[-1][1])]
        assert pytest.approx(line, rel=0.01) == ends
    dashed = [drawn.said(e, "class") for e in drawn.root.iter(f"{SVG}path") if drawn.said(e, "stroke-dasharray")]
    assert ["s-slate"] == dashed
    assert {"base", "new", "us per call", "percentile of calls"} < set(drawn.texts())


def dots(drawn: Drawing) -> list[tuple[float, float]]:
    """Where the dots are, in the order of drawing; the marks at the ends of lines are further left."""
    return [(x, float(e.get("y"))) for e in drawn.root.iter(f"{SVG}use") if (x := float(e.get("x"))) > 500]


def test_a_dot_is_a_pair():
    """It stands at its change in per cent, the first pair uppermost."""
    drawn = drawing(pairs(), base=replace(LINE, x=(), ns=()), new=replace(LINE, x=(), ns=()))
    axis = {"one": (drawn.text("0")[0], 0), "other": (drawn.text("+10")[0], 10)}
    found = dots(drawn)
    assert pytest.approx([0, 4, 10], abs=0.3) == [linear(x, **axis) for x, _ in found]
    assert sorted(y for _, y in found) == [y for _, y in found]
    assert len({y for _, y in found}) == 3


def test_the_trip_point_is_dashed_and_named():
    """At half the tolerance, in per cent, whatever the pairs are."""
    drawn = drawing(pairs(tolerance=0.25, ratios=(1.0, 1.01)), base=replace(LINE, x=(), ns=()), new=LINE)
    (trip,) = [shape for shape in drawn.shapes("s-ink") if len(shape) == 2]
    axis = {"one": (drawn.text("0")[0], 0), "other": (drawn.text("+10")[0], 10)}
    assert pytest.approx(12.5, abs=0.3) == linear(trip[0][0], **axis)
    assert "new over base, per cent; trip point +12.5" in drawn.texts()


def test_every_metric_has_its_place():
    """Three metrics stand below each other, and all of it is on the sheet."""
    drawn = drawing(*(pairs(metric) for metric in ("p10", "p50", "p99")))
    heights = [drawn.text(f"{metric}, pair by pair")[1] for metric in ("p10", "p50", "p99")]
    assert sorted(set(heights)) == heights
    bottom = max(float(e.get("y")) for e in drawn.root.iter(f"{SVG}text") if e.get("y"))
    assert bottom < float(drawn.root.get("height"))


@pytest.mark.parametrize("interval", [None, (-1.0, float("inf"))])
def test_an_interval_that_has_no_end_is_not_drawn(interval):
    """Too few pairs give none; the dots stand all the same, and have the axis to themselves."""
    drawn = drawing(pairs(interval=interval, change=None))
    assert ["0", "+5", "+10"] == [text for text in drawn.texts() if text in ("-100", "-50", "0", "+5", "+10")]
    assert 3 == len(dots(drawn))
    assert [] == drawn.shapes("f-grid")
    assert 1 == len(drawing(pairs()).shapes("f-grid"))


def test_pairs_that_are_all_alike_are_drawn():
    """No difference anywhere, and no spread."""
    assert 2 == len(dots(drawing(pairs(ratios=(1.0, 1.0), interval=(0.0, 0.0), change=0.0))))


def test_short_calls_say_so():
    """Their percentiles are those of batch means."""
    assert "percentile of batch means" in drawing(batch=True).texts()


def test_nothing_to_draw_is_no_figure():
    """Neither a line nor a pair."""
    none = Line(x=(), ns=(), count=3)
    assert None is draw(CaseCurves(case_id="a", base=none, new=none, batch=False, pairs=()))
