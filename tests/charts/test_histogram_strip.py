"""The small histogram, read back from what is drawn."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench import registry
from serbench.charts.histogram_strip import WIDTH, strip
from serbench.charts.labels import width
from serbench.histogram import Histogram
from serbench.report.bins import bins


def drawn(samples, **marks: float) -> ET.Element:
    """The picture of these ns, parsed."""
    made = Histogram()
    made.fold(np.asarray(list(samples), np.int64))
    return ET.fromstring(strip(bins(made, 1.0, marks), "blue"))


def outline(root: ET.Element) -> list[tuple[float, float]]:
    """The corners of the bars."""
    (path,) = [e for e in root.iter("path") if e.get("class") == "f-blue"]
    x, y, corners = 0.0, 0.0, []
    for letter, first, second in re.findall(r"([MVvh])(-?[\d.]+)(?: ([\d.]+))?", path.get("d")):
        number = float(first)
        x, y = {"M": (number, float(second or 0)), "V": (x, number), "v": (x, y + number), "h": (x + number, y)}[letter]
        corners.append((x, y))
    return corners


def height_at(root: ET.Element, x: float) -> float:
    """How high the bars are there."""
    corners = outline(root)
    base = corners[0][1]
    return base - next(y for (left, _), (right, y) in itertools.pairwise(corners) if left < x <= right)


@given(st.lists(st.integers(0, 10**10), min_size=1, max_size=80), st.floats(1, 1e9), st.floats(1, 1e9))
def test_every_picture_is_sound(samples, p50, p99):
    """It can be parsed, and neither bars nor labels leave it."""
    root = drawn(samples, p50=p50, p99=p99)
    assert all(0 <= x <= WIDTH and 0 < y < 90 for x, y in outline(root))
    texts = [(float(e.get("x", 0)), e.get("text-anchor", "start"), width(e.text, 11)) for e in root.iter("text")]
    assert 4 == len(texts)
    for x, anchor, wide in texts:
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        assert left >= -1
        assert left + wide <= WIDTH + 1


def test_a_single_slow_call_is_seen():
    """The highest bar is the fullest; one call is low but there, and nothing is drawn where no call was."""
    root = drawn([1_000] * 10_000 + [1_500] * 100 + [100_000])
    usual, fewer, single = (height_at(root, x) for x in (2, 0.5 * WIDTH * 0.176 + 2, WIDTH - 2))
    assert usual > fewer > single > 0
    assert 3 == single
    assert 0 == height_at(root, WIDTH * 0.75)


def test_marks_stand_at_their_times():
    """At the place of its time on the logarithmic axis, each with its name and time."""
    root = drawn([1_000, 100_000], p50=10_000, p99=100_000)
    (ticks,) = [e.get("d").partition("M0 ")[0] for e in root.iter("path") if e.get("class") == "s-ink"]
    assert [0.5 * WIDTH, WIDTH] == pytest.approx([float(x) for x in re.findall(r"M([\d.]+) ", ticks)], abs=0.5)
    assert {"p50 10.0 us", "p99 100 us", "fastest 1.00 us", "slowest 100 us"} == {e.text for e in root.iter("text")}


@pytest.mark.parametrize("p99", [10_000, 10_100, 12_000, 90_000])
def test_names_do_not_lie_on_each_other(p99):
    """However near their times are."""
    root = drawn([1_000, 100_000], p50=10_000, p99=p99)
    names = [e for e in root.iter("text") if e.get("text-anchor") == "middle"]
    (left, wide), (right, other) = sorted((float(e.get("x")), width(e.text, 11)) for e in names)
    assert right - left >= (wide + other) / 2


def test_the_axis_is_thick_along_the_middle_half():
    """From the first quartile to the third."""
    root = drawn([1_000, 10_000, 10_000, 10_000, 31_623, 31_623, 31_623, 100_000])
    (thick,) = root.iter("rect")
    left, wide = float(thick.get("x")), float(thick.get("width"))
    assert [0.5 * WIDTH, 0.75 * WIDTH] == pytest.approx([left, left + wide], abs=1)


def test_it_has_a_name():
    """For those who do not see it: a title; the sentence stands beside it in the page."""
    root = drawn([1_200, 1_200, 1_400, 1_400, 9_795])
    assert "img" == root.get("role")
    assert "Calls by time" == root.findtext("title")


def test_it_is_small():
    """The most that sixty different bars can take."""
    random = np.random.default_rng(1)
    made = Histogram()
    made.fold(np.exp(random.normal(9, 0.7, 200_000)).astype(np.int64))
    text = strip(bins(made, 1.0, {"p50": 8_000, "p99": 40_000}), "vermilion")
    assert len(text) < 1_600
    assert "style" not in text


def test_it_is_no_chart():
    """The registry looks into the module and finds nothing to draw a report with."""
    assert "histogram_strip" not in {chart.name for chart in registry.plug_ins("charts")}
    assert not hasattr(registry.load("serbench.charts.histogram_strip"), "CHARTS")
