from __future__ import annotations

import re

import pytest
from drawings import Drawing

import compared_runs as c
import fakes
import histories
from serbench.charts.runs import draw
from serbench.compare.history import history
from serbench.report.run_lines import run_lines


def drawn(*times, names=()):
    """The drawing of one case in runs that took these times, ns."""
    made = history([fakes.run([c.exact(c.JSON, ns)]) for ns in times], names)
    return draw(c.JSON.id, run_lines(made, c.JSON.id))


def labels(figure):
    """What is written in it."""
    return re.findall(r"<text[^>]*>(.*?)</text>", figure.svg)


def test_each_run_is_a_line_with_its_name():
    """And the axes have a unit."""
    figure = drawn(2_000, 3_000, 4_000, names=("v1", "v2", "v3"))
    assert {"v1", "v2", "v3", "time of a call", "us per call", "percentile of calls"} <= set(labels(figure))
    assert ("runs-json_2f_order_2f_decode", c.JSON.id) == (figure.id, figure.title)


@pytest.mark.parametrize("case_id", ["orjson/order/decode", "msgpack/order/decode"])
def test_a_run_looks_the_same_in_every_drawing(case_id):
    """Also where another one has no curve: the fourth run's name has the colour of its place."""
    figure = draw(case_id, run_lines(histories.full_history(), case_id))
    made = Drawing(figure.svg)
    lines = [shape for shape in made.shapes("s-green") if shape[-1][0] - shape[0][0] > 100]
    assert 1 == len(lines)
    assert re.search(r'class="[^"]*f-green[^"]*"[^>]*>v4<', figure.svg)


def test_a_drawing_is_the_same_again():
    """Byte for byte."""
    assert drawn(2_000, 3_000) == drawn(2_000, 3_000)
    assert drawn(2_000, 3_000) != drawn(2_000, 3_100)


def test_hostile_names_are_text_in_a_drawing():
    """And long ones have room: the sheet is wider by them."""
    figure = drawn(2_000, 3_000, names=("<script>", "a&b"))
    assert "&lt;script&gt;" in labels(figure)
    assert "<script>" not in figure.svg
