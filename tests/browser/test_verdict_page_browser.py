"""The page of a verdict as a browser shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from shown import BAD, OVERLAPS, PALE, PAPER, cut, disturbances, first_stop, on_paper, too_wide, unfolded

import two_sides
from serbench.records.cases import Operation
from serbench.records.verdict import Outcome, Row, SideInfo
from serbench.renderers.verdict_page import VerdictPage

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Path:
    """A page with every kind of row, and three cases drawn."""
    path = tmp_path_factory.mktemp("verdict") / "gate.html"
    path.write_text(VerdictPage().render(two_sides.full_verdict()), encoding="utf-8")
    return path


def test_it_asks_for_nothing_and_complains_of_nothing(opened, full):
    """One request, that for the file; no error, no message, no breach of the policy."""
    assert [] == disturbances(opened(full), full)


def test_hostile_names_in_a_verdict_do_nothing(opened, tmp_path):
    """Sides, cases, reasons, notes and drawings of names that try to run a script show them as they are."""
    case = replace(two_sides.DECODE, codec=BAD, operation=Operation.READ)
    rows = [
        Row(case_id=BAD, metric="p99", outcome=Outcome.NOT_COMPARABLE, cause=BAD, reason=BAD),
        two_sides.row(case, outcome=Outcome.REGRESSED, reason=BAD),
    ]
    side = SideInfo(asked=BAD, python=BAD, packages={BAD: BAD}, origins={BAD: BAD}, sampler=BAD)
    both = two_sides.runs({case: [1.1] * 12})
    made = two_sides.verdict(rows, both, base=side, new=side, notes=(BAD,), command=(BAD,))
    path = tmp_path / "gate.html"
    path.write_text(VerdictPage().render(made), encoding="utf-8")
    page = opened(path)
    assert [] == disturbances(page, path)
    assert BAD in page.inner_text("table.rows")
    assert 1 == page.locator("figure svg").count()


def test_a_verdict_is_complete_without_javascript(opened, full):
    """There is no script to miss: tables and drawings are there."""
    page = opened(full, java_script_enabled=False)
    assert (2, 3) == (page.locator("table.rows").count(), page.locator("figure svg").count())


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_a_verdict_does_not_scroll_sideways(opened, full, width):
    """However narrow the screen, only tables and drawings scroll within their places."""
    assert [] == too_wide(opened(full, viewport={"width": width, "height": 800}), width)


def test_the_table_of_rows_fits_a_usual_screen(opened, full):
    """At 1,200 pixels all of its columns are seen."""
    assert [] == cut(opened(full), "table.rows")


@pytest.mark.parametrize("width", [360, 1200])
def test_no_label_of_both_sides_lies_on_another(opened, full, width):
    """In every drawing all that is written is inside, and none of it covers another word."""
    page = unfolded(opened(full, viewport={"width": width, "height": 800}))
    assert [] == page.evaluate(OVERLAPS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_of_a_verdict_can_be_read(opened, full, scheme):
    """All text has a contrast of 4.5 to 1 to what is behind it, in both themes."""
    assert [] == unfolded(opened(full, color_scheme=scheme)).evaluate(PALE)


def test_a_verdict_follows_the_readers_theme(opened, full):
    """Paper, drawings and bars are light or dark as the reader has it."""
    parts = """[document.body, "backgroundColor"], [document.querySelector("figure .s-blue"), "stroke"],
      [document.querySelector(".interval .f-vermilion"), "fill"]"""
    seen = [
        opened(full, color_scheme=scheme).evaluate(f"[{parts}].map(([e, what]) => getComputedStyle(e)[what])")
        for scheme in ("light", "dark")
    ]
    light = ["rgb(255, 255, 255)", "rgb(0, 114, 178)", "rgb(192, 77, 0)"]
    assert [light, ["rgb(21, 24, 29)", "rgb(86, 180, 233)", "rgb(255, 143, 74)"]] == seen


def test_the_keyboard_unfolds_what_is_unchanged(opened, full):
    """The first press of Tab shows the way to the verdict; what is folded opens with a key."""
    page = opened(full)
    assert "Skip to the verdict" == first_stop(page)
    assert not page.get_by_role("region", name="Unchanged").is_visible()
    page.locator("summary").first.press("Enter")
    assert page.get_by_role("region", name="Unchanged").is_visible()


def test_a_verdict_can_be_printed(opened, full, tmp_path):
    """On paper nothing is wider than the page, in light colours."""
    assert [] == on_paper(opened(full, **PAPER), tmp_path)
