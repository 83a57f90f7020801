"""The page of several runs as a browser shows it, and that of two halves of a gate with its verdict on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shown import BAD, OVERLAPS, PALE, PAPER, cut, disturbances, first_stop, on_paper, too_wide, unfolded

import compared_runs
import fakes
import histories
import two_sides
from serbench.compare.build import compare
from serbench.compare.history import MOST_RUNS, history
from serbench.renderers.comparison_page import ComparisonPage
from serbench.renderers.history_page import HistoryPage

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def five(tmp_path_factory) -> Path:
    """Five runs with every kind of change."""
    path = tmp_path_factory.mktemp("history") / "compare.html"
    path.write_text(HistoryPage().render(histories.full_history()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def most(tmp_path_factory) -> Path:
    """As many runs as can stand side by side, with the longest names."""
    path = tmp_path_factory.mktemp("most") / "compare.html"
    runs = [fakes.run([compared_runs.exact(compared_runs.ORJSON, 2_000 + 300 * n)]) for n in range(MOST_RUNS)]
    names = [f"release-2026.{n:03}" for n in range(MOST_RUNS)]
    path.write_text(HistoryPage().render(history(runs, names)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def gated(tmp_path_factory) -> Path:
    """Two halves of a gate with its verdict."""
    path = tmp_path_factory.mktemp("gated") / "compare.html"
    verdict = two_sides.full_verdict()
    path.write_text(ComparisonPage(verdict=verdict).render(compare(*verdict.runs)), encoding="utf-8")
    return path


@pytest.fixture(params=["five", "most", "gated"])
def each(request) -> Path:
    """Each of these pages."""
    return request.getfixturevalue(request.param)


def test_pages_ask_for_nothing_and_complain_of_nothing(opened, each):
    """No request but that for the file, no message, nothing to be run."""
    assert [] == disturbances(opened(each), each)


def test_hostile_names_in_a_history_do_nothing(opened, tmp_path):
    """Codecs, payloads and runs of names that try to run a script show them as they are."""
    run = fakes.run([compared_runs.exact(fakes.case(BAD, BAD), 2_000)], id=BAD, command=(BAD,))
    path = tmp_path / "compare.html"
    path.write_text(HistoryPage().render(history([run] * 3, ("<img>", "<b>", "&"))), encoding="utf-8")
    page = opened(path)
    assert [] == disturbances(page, path)
    assert BAD in page.inner_text("table.history")
    assert "<img>" in page.inner_text("table.history")


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_several_runs_do_not_scroll_sideways(opened, each, width):
    """However many runs and however narrow the screen, only tables and drawings scroll within their places."""
    assert [] == too_wide(opened(each, viewport={"width": width, "height": 800}), width)


def test_five_runs_fit_a_usual_screen(opened, five):
    """At 1,200 pixels all of their columns are seen."""
    assert [] == cut(unfolded(opened(five)), "table.history")


@pytest.mark.parametrize("width", [360, 1200])
def test_no_label_of_several_runs_lies_on_another(opened, each, width):
    """In every drawing all that is written is inside, and none of it covers another word."""
    assert [] == unfolded(opened(each, viewport={"width": width, "height": 800})).evaluate(OVERLAPS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_of_several_runs_can_be_read(opened, each, scheme):
    """All text has a contrast of 4.5 to 1 to what is behind it, in both themes."""
    assert [] == unfolded(opened(each, color_scheme=scheme)).evaluate(PALE)


def test_several_runs_are_told_by_their_roles(opened, five):
    """A table that is named by its region, a head for each run, and words for each drawing in it."""
    page = opened(five)
    table = page.get_by_role("region", name="order, decode", exact=True).get_by_role("table")
    assert table.get_by_role("columnheader", name="v3 us").is_visible()
    assert table.get_by_role("rowheader", name="orjson").is_visible()
    assert table.get_by_role("img", name="100, 100, 150, 150, 200 % of the first").is_visible()


def test_a_trend_rises_where_a_case_got_slower(opened, five):
    """Its dots are where they should be: the first in the middle, the last above it."""
    page = opened(five)
    dots = page.locator("table.history svg.trend").first.locator("circle").all()
    heights = [dot.bounding_box()["y"] for dot in dots]
    assert heights[0] == heights[1] > heights[2] == heights[3] > heights[4]


def test_the_keyboard_unfolds_p99(opened, five):
    """The first press of Tab shows the way to the answer; what is folded opens with a key."""
    page = opened(five)
    assert "Skip to the answer" == first_stop(page)
    assert not page.get_by_role("region", name="order, decode, p99").is_visible()
    page.locator("summary").first.press("Enter")
    assert page.get_by_role("region", name="order, decode, p99").is_visible()


def test_several_runs_can_be_printed(opened, each, tmp_path):
    """On paper nothing is wider than the page, in light colours."""
    assert [] == on_paper(opened(each, **PAPER), tmp_path)


def test_a_verdict_stands_above_the_cases(opened, gated):
    """It is the heading of the page, and its rows are seen before those of the comparison."""
    page = opened(gated)
    assert page.get_by_role("heading", name="Regression in 1 metric", level=1).is_visible()
    rows, cases = page.locator("table.rows").first.bounding_box(), page.locator("table.changes").first.bounding_box()
    assert rows["y"] < cases["y"]
