"""The page of a comparison as a browser shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shown import BAD, OVERLAPS, PALE, PAPER, cut, disturbances, first_stop, on_paper, too_wide, unfolded

import compared_runs
import fakes
from serbench.compare.build import compare
from serbench.renderers.comparison_page import ComparisonPage

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Path:
    """A page with every kind of change, and four cases drawn."""
    path = tmp_path_factory.mktemp("comparison") / "compare.html"
    path.write_text(ComparisonPage().render(compared_runs.full_comparison()), encoding="utf-8")
    return path


def test_a_comparison_asks_for_nothing_and_complains_of_nothing(opened, full):
    """One request, that for the file; no error, no message, no breach of the policy."""
    assert [] == disturbances(opened(full), full)


def test_hostile_names_in_a_comparison_do_nothing(opened, tmp_path):
    """Codecs, payloads and drawings of names that try to run a script show them as they are."""
    run = fakes.run([compared_runs.exact(fakes.case(BAD, BAD), 2_000)], id=BAD, command=(BAD,))
    path = tmp_path / "compare.html"
    path.write_text(ComparisonPage().render(compare(run, run)), encoding="utf-8")
    page = opened(path)
    assert [] == disturbances(page, path)
    assert BAD in page.inner_text("table.changes")
    assert 1 == page.locator("figure svg").count()


def test_a_comparison_is_complete_without_javascript(opened, full):
    """There is no script to miss: tables and drawings are there."""
    page = opened(full, java_script_enabled=False)
    assert (3, 4) == (page.locator("table.changes").count(), page.locator("figure svg").count())


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_a_comparison_does_not_scroll_sideways(opened, full, width):
    """However narrow the screen, only tables and drawings scroll within their places."""
    assert [] == too_wide(opened(full, viewport={"width": width, "height": 800}), width)


def test_the_tables_of_changes_fit_a_usual_screen(opened, full):
    """At 1,200 pixels all of their columns are seen."""
    assert [] == cut(opened(full), "table.changes")


@pytest.mark.parametrize("width", [360, 1200])
def test_no_label_of_two_runs_lies_on_another(opened, full, width):
    """In every drawing all that is written is inside, and none of it covers another word."""
    page = unfolded(opened(full, viewport={"width": width, "height": 800}))
    assert [] == page.evaluate(OVERLAPS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_of_a_comparison_can_be_read(opened, full, scheme):
    """All text has a contrast of 4.5 to 1 to what is behind it, in both themes."""
    assert [] == unfolded(opened(full, color_scheme=scheme)).evaluate(PALE)


def test_a_comparison_is_told_by_its_roles(opened, full):
    """A heading for each part, a table that is named by its region, and a row and a column head for each number."""
    page = opened(full)
    assert page.get_by_role("heading", name="1 of 3 cases slower, 1 faster", level=1).is_visible()
    table = page.get_by_role("region", name="order, decode").get_by_role("table")
    assert table.get_by_role("rowheader", name="orjson").is_visible()
    assert table.get_by_role("columnheader", name="new/base").first.is_visible()


def test_the_keyboard_unfolds_what_is_alike(opened, full):
    """The first press of Tab shows the way to the answer; what is folded opens with a key."""
    page = opened(full)
    assert "Skip to the answer" == first_stop(page)
    assert not page.get_by_role("region", name="What is alike").is_visible()
    page.locator("summary").last.press("Enter")
    assert page.get_by_role("region", name="What is alike").is_visible()


def test_a_comparison_can_be_printed(opened, full, tmp_path):
    """On paper nothing is wider than the page, in light colours."""
    assert [] == on_paper(opened(full, **PAPER), tmp_path)
