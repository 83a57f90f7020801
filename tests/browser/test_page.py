"""The page as a browser shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from shown import BAD, OVERLAPS, PALE

import fake_reports
from serbench.records.cases import Caution, Status
from serbench.renderers.html import Html

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def wide(tmp_path_factory) -> Path:
    """A page of 75 cases."""
    path = tmp_path_factory.mktemp("page") / "index.html"
    path.write_text(Html().render(fake_reports.wide_report()), encoding="utf-8")
    return path


def test_the_page_asks_for_nothing_and_complains_of_nothing(opened, wide):
    """One request, that for the file; no error, no message, no breach of the policy."""
    page = opened(wide)
    assert [wide.as_uri()] == page.asked
    assert [] == page.complaints


def test_a_table_of_results_with_all_tags_fits(opened, tmp_path):
    """The last column is how far each is from the best: on a usual screen it is not scrolled to."""
    caution = Caution(name="disturbed", text="Other programs disturbed it.")
    names = ["msgpack", "protobuf", "json", "msgspec-msgpack-struct"]
    tagged = {"cautions": (caution,), "baseline": True, "certain": False, "relative": fake_reports.estimate(1.77, 0.9)}
    rows = [fake_reports.row(name, 12_345, **tagged) for name in names]
    path = tmp_path / "index.html"
    path.write_text(Html(charts=()).render(fake_reports.report([fake_reports.table(rows)])), encoding="utf-8")
    page = opened(path, viewport={"width": 1200, "height": 800})
    assert 12 == page.locator(".results tbody .tag").count()
    width = "(e) => [e.scrollWidth <= e.clientWidth, e.querySelector('table').clientWidth > 600]"
    assert [[True, True]] == page.locator(".scroll:has(.results)").evaluate_all(f"(all) => all.map({width})")


def test_hostile_names_do_nothing(opened, tmp_path):
    """A payload, a codec and an error that try to run a script are shown as the text that they are."""
    rows = [fake_reports.row(BAD, 2_000), fake_reports.unmeasured("json", Status.FAILED, BAD * 3)]
    table = fake_reports.table(rows)
    table = replace(table, payload=replace(table.payload, name=BAD, title=BAD))
    path = tmp_path / "index.html"
    path.write_text(Html().render(fake_reports.report([table], title=BAD)), encoding="utf-8")
    page = opened(path)
    assert ([path.as_uri()], []) == (page.asked, page.complaints)
    assert BAD == page.inner_text("h1")
    assert 0 == page.locator("img").count()


def test_the_page_is_complete_without_its_script(opened, wide):
    """With JavaScript off every table, figure and sentence is there, word for word, but in parts with controls."""
    with_script, without = opened(wide), opened(wide, java_script_enabled=False)
    assert 15 == without.locator("table.results").count()
    assert 25 == without.locator("figure svg").count()
    with_script.evaluate(
        "document.querySelectorAll('.curves, .curves-slider, .curves-told').forEach((e) => e.remove())"
    )
    same = "main > section:not([aria-labelledby=matrix], [aria-labelledby=price], [aria-labelledby=cases])"
    assert with_script.locator(same).all_inner_texts() == without.locator(same).all_inner_texts()


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_the_page_does_not_scroll_sideways(opened, wide, width):
    """However narrow the screen, only tables and drawings scroll within their places, never the page."""
    page = opened(wide, viewport={"width": width, "height": 800})
    assert width >= page.evaluate("document.documentElement.scrollWidth")
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every((e) => e.clientWidth <= innerWidth)")


@pytest.mark.parametrize("width", [360, 1200])
def test_no_label_lies_on_another(opened, wide, width):
    """In every drawing all that is written is inside, and none of it covers another word."""
    assert [] == opened(wide, viewport={"width": width, "height": 800}).evaluate(OVERLAPS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_written_can_be_read(opened, wide, scheme):
    """All text, in drawings too, has a contrast of 4.5 to 1 to what is behind it, in both themes."""
    assert [] == opened(wide, color_scheme=scheme).evaluate(PALE)


def test_the_page_follows_the_readers_theme(opened, wide):
    """Paper is light or dark as the reader has it, and drawings with it."""
    paper = "getComputedStyle(document.body).backgroundColor"
    line = "getComputedStyle(document.querySelector('figure .s-blue')).stroke"
    light, dark = (opened(wide, color_scheme=scheme) for scheme in ("light", "dark"))
    assert ("rgb(255, 255, 255)", "rgb(21, 24, 29)") == (light.evaluate(paper), dark.evaluate(paper))
    assert ("rgb(0, 114, 178)", "rgb(86, 180, 233)") == (light.evaluate(line), dark.evaluate(line))


def test_the_keyboard_reaches_everything(opened, wide):
    """The first press of Tab shows the way to the results, and what has the focus can be seen."""
    page = opened(wide)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert "Skip to the results" == skip.inner_text()
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.keyboard.press("Tab")
    assert "solid" == page.locator(":focus").evaluate("(e) => getComputedStyle(e).outlineStyle")


def test_a_table_is_sorted_by_the_column_that_is_pressed(opened, wide):
    """By number, one way and then the other; what has no number stays last, and the head says how it is sorted."""
    page = opened(wide)
    table = page.locator("table.results").first
    names = "(t) => [...t.tBodies[0].rows].map((r) => r.cells[0].querySelector('svg').nextSibling.textContent.trim())"
    assert ["msgspec-json-struct", "orjson", "msgpack", "json", "protobuf"] == table.evaluate(names)
    size = table.locator("thead button").nth(1)
    size.press("Enter")
    assert ["msgpack", "msgspec-json-struct", "orjson", "json", "protobuf"] == table.evaluate(names)
    size.press("Enter")
    assert ["msgspec-json-struct", "orjson", "msgpack", "json", "protobuf"] == table.evaluate(names)
    assert "descending" == table.locator("thead th").nth(1).get_attribute("aria-sort")
    table.locator("thead button").nth(0).press("Enter")
    assert ["json", "msgpack", "msgspec-json-struct", "orjson", "protobuf"] == table.evaluate(names)
    assert None is table.locator("thead th").nth(1).get_attribute("aria-sort")


def test_the_page_can_be_printed_and_pictured(opened, wide, tmp_path):
    """On paper nothing is wider than the page, in light colours; pictures of all themes and sizes can be looked at."""
    page = opened(wide, color_scheme="dark", viewport={"width": 688, "height": 1000})  # A4 within its margins
    page.emulate_media(media="print")
    assert 688 >= page.evaluate("document.documentElement.scrollWidth")
    assert "rgb(255, 255, 255)" == page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    for name, width, scheme in (("light", 1200, "light"), ("dark", 1200, "dark"), ("narrow", 360, "light")):
        picture = tmp_path / f"{name}.png"
        opened(wide, color_scheme=scheme, viewport={"width": width, "height": 900}).screenshot(path=picture)
        assert picture.stat().st_size > 10_000
