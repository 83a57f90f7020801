"""Codecs that are shown and hidden in drawings, and curves that say their values, as a browser shows them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from shown import BAD, PALE

import fake_reports
from serbench.renderers.html import Html

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

SEEN = """(name) => [...document.querySelectorAll("figure [data-codec], figure [data-curve]")]
  .filter((e) => (e.dataset.codec ?? e.dataset.curve) === name && e.getClientRects().length).length"""
"""How many elements of a codec are shown."""


@pytest.fixture(scope="module")
def wide(tmp_path_factory) -> Path:
    """A page of 75 cases."""
    path = tmp_path_factory.mktemp("curves") / "index.html"
    path.write_text(Html().render(fake_reports.wide_report()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def single(tmp_path_factory) -> Path:
    """A page with one codec in one panel of percentiles; its calls take 2 us at p50 and 5 us at p99.9."""
    row = fake_reports.row("orjson", 2_000)
    path = tmp_path_factory.mktemp("curve") / "index.html"
    report = fake_reports.report([fake_reports.table([row])], [fake_reports.curve(row)])
    path.write_text(Html().render(report), encoding="utf-8")
    return path


def box_of(page, codec: str, place: int = 0):
    """A codec's box above the figures of a payload."""
    return page.locator("fieldset.curves").nth(place).get_by_label(codec, exact=True)


def drawing(page):
    """The first drawing of percentiles, in sight."""
    found = page.locator("figure[id^=percentiles] svg").first
    found.scroll_into_view_if_needed()
    return found


def at(page, share: float, up: float = 0.5):
    """Moves the pointer to that share of the first panel's width and height."""
    x, y = drawing(page).evaluate(
        """(svg, [share, up]) => {
          const [, left, right, top, bottom] = svg.querySelector("[data-panel]").dataset.panel.split(" ").map(Number);
          const box = svg.getBoundingClientRect(), scale = box.width / svg.viewBox.baseVal.width;
          const [x, y] = [left + share * (right - left), bottom - up * (bottom - top)];
          return [box.left + scale * x, box.top + scale * y];
        }""",
        [share, up],
    )
    page.mouse.move(x, y)


def test_the_page_with_boxes_asks_for_nothing(opened, wide):
    """No error, no message, no breach of the policy."""
    page = opened(wide)
    assert ([wide.as_uri()], []) == (page.asked, page.complaints)


def test_each_payload_has_a_row_of_boxes(opened, wide):
    """A box for each of its codecs, all of them checked, above the first of its figures."""
    page = opened(wide)
    rows = page.locator("fieldset.curves")
    assert 5 == rows.count()
    names = rows.first.locator("label").all_inner_texts()
    assert {"json", "orjson", "msgpack", "msgspec-json-struct", "protobuf"} == {name.strip() for name in names}
    assert 25 == page.locator("fieldset.curves input:checked").count()
    assert 5 == page.locator("fieldset.curves + figure").count()


def test_a_codec_is_hidden_in_all_drawings(opened, wide):
    """Its marks, lines and names go, everybody else's stay, and every box of it says so; then all of it is back."""
    page = opened(wide)
    before = {name: page.evaluate(SEEN, name) for name in ("orjson", "json")}
    assert min(before.values()) > 50
    box_of(page, "orjson").uncheck()
    assert 0 == page.evaluate(SEEN, "orjson")
    assert before["json"] == page.evaluate(SEEN, "json")
    assert 20 == page.locator("fieldset.curves input:checked").count()
    assert 0 == page.locator("figure svg text:visible", has_text=re.compile("^orjson$")).count()
    box_of(page, "orjson", place=3).check()
    assert before == {name: page.evaluate(SEEN, name) for name in before}


def test_what_is_hidden_is_in_the_address(opened, wide):
    """A link shows the same again; nothing is there when all are shown."""
    page = opened(wide)
    box_of(page, "orjson").uncheck()
    box_of(page, "json").uncheck()
    assert page.url.endswith("#~curves.hide=orjson%2Cjson")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    assert (0, 0) == tuple(page.evaluate(SEEN, name) for name in ("orjson", "json"))
    assert not box_of(page, "json").is_checked()
    page.get_by_role("button", name="show all").first.click()
    assert 25 == page.locator("fieldset.curves input:checked").count()
    assert "curves.hide" not in page.url
    assert 0 == page.locator(".curves-all:visible").count()
    assert "checkbox" == page.locator(":focus").get_attribute("type")


def test_a_box_is_reached_and_changed_by_keyboard(opened, wide):
    """It is a form's own box with a name."""
    page = opened(wide)
    box_of(page, "msgpack").focus()
    page.keyboard.press("Space")
    assert 0 == page.evaluate(SEEN, "msgpack")


def test_hostile_names_in_boxes_and_tips_do_nothing(opened, tmp_path):
    """They are shown as the text that they are, and can be hidden."""
    row = fake_reports.row(BAD + ",a", 2_000)
    curve = fake_reports.curve(row)
    path = tmp_path / "index.html"
    table = replace(fake_reports.table([row]), rows=(row,))
    path.write_text(Html().render(fake_reports.report([table], [curve])), encoding="utf-8")
    page = opened(path)
    at(page, 0.5)
    assert page.locator(".curves-tip:visible th").inner_text().startswith("</script><img")
    box_of(page, BAD + ",a").uncheck()
    assert 0 == page.evaluate(SEEN, BAD + ",a")
    page.reload()
    assert 0 == page.evaluate(SEEN, BAD + ",a")
    assert ([], 0) == (page.complaints, page.locator("img").count())


def test_a_curve_says_its_value_under_the_pointer(opened, single):
    """Percentile, codec and time, as they stand in the curve; nothing beyond the panel, and nothing when it is left."""
    page = opened(single)
    at(page, 0.75)  # a thousandth of the calls is rarer: the axis ends at p99.99
    tip = page.locator(".curves-tip")
    assert "p99.9" == tip.locator("caption").inner_text()
    assert ["orjson", "4.7 us"] == tip.locator("tr").locator("th, td").all_inner_texts()
    at(page, 0.075257)
    assert "p50" == tip.locator("caption").inner_text()
    assert "2.0 us" == tip.locator("td").inner_text()
    at(page, 1.4)
    assert not tip.is_visible()
    at(page, 0.5)
    assert tip.is_visible()
    page.mouse.move(1, 1)
    assert not tip.is_visible()


def test_curves_say_their_values_by_keyboard(opened, wide):
    """A slider shows a percentile in all panels, and tells it to those who do not see it."""
    page = opened(wide)
    slider = page.get_by_label("Read at a percentile").nth(1)
    slider.focus()
    assert 3 == page.locator(".curves-tip:visible").count()
    told = page.locator("output.curves-told").nth(1)
    first = told.text_content()
    assert re.match(r"p[\d.]+\. read: msgspec-json-struct [\d.]+ us, orjson .*; decode: .*; encode: ", first)
    page.keyboard.press("End")
    assert "p99.99" == slider.get_attribute("aria-valuetext")
    assert told.text_content() != first
    page.keyboard.press("Tab")
    assert 0 == page.locator(".curves-tip:visible").count()


def test_a_tip_has_no_hidden_codec(opened, wide):
    """Nor does what is told."""
    page = opened(wide)
    box_of(page, "orjson").uncheck()
    page.get_by_label("Read at a percentile").nth(1).focus()
    assert "orjson" not in page.locator(".curves-tip th").all_inner_texts()
    assert ": orjson" not in page.locator("output.curves-told").nth(1).text_content()


def test_nothing_is_lost_without_the_script(opened, wide):
    """No box, no slider, and everything is drawn."""
    page = opened(wide, java_script_enabled=False)
    assert 0 == page.locator("fieldset.curves, .curves-slider").count()
    assert page.locator("[data-curve]").count() == page.locator("[data-curve]:visible").count() > 50


def test_nothing_is_lost_on_paper(opened, wide):
    """What is hidden on the screen is printed, and controls are not."""
    page = opened(wide)
    box_of(page, "orjson").uncheck()
    page.emulate_media(media="print")
    assert page.evaluate(SEEN, "orjson") > 50
    assert 0 == page.locator("fieldset.curves:visible, .curves-slider:visible, .curves-tip:visible").count()


@pytest.mark.parametrize("width", [320, 768])
def test_boxes_and_tips_do_not_scroll_sideways(opened, wide, width):
    """However narrow the screen."""
    page = opened(wide, viewport={"width": width, "height": 800})
    page.get_by_label("Read at a percentile").first.focus()
    assert width >= page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_boxes_and_tips_can_be_read(opened, wide, scheme):
    """All text has a contrast of 4.5 to 1, what is unchecked too."""
    page = opened(wide, color_scheme=scheme)
    box_of(page, "json").uncheck()
    page.get_by_label("Read at a percentile").first.focus()
    assert [] == page.evaluate(PALE)


def test_a_page_of_a_thousand_cases_reacts_at_once(opened, tmp_path):
    """A codec among many goes at once, and a tip has the nearest of many curves."""
    tables = [
        fake_reports.table(
            [fake_reports.row(f"codec-{n}", 1_000 + 40 * n, table=f"p{m}/read") for n in range(30)], payload=f"p{m}"
        )
        for m in range(4)
    ]
    path = tmp_path / "index.html"
    path.write_text(Html().render(fake_reports.report(tables)), encoding="utf-8")
    page = opened(path)
    box_of(page, "codec-3").uncheck(timeout=10_000)
    assert 0 == page.evaluate(SEEN, "codec-3")
    at(page, 0.5)
    assert 8 == page.locator(".curves-tip:visible tr").count()
