"""Codecs that are shown and hidden in drawings, and curves that say their values, as a browser shows them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest
from shown import BAD, OVERLAPS, PALE

import fake_reports
from serbench.records.cases import Conditions
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


OPERATIONS = {"read": 2_000, "decode": 1_000, "encode": 500}


@pytest.fixture(scope="module")
def several(tmp_path_factory) -> Path:
    """Two payloads with three operations each, the collector on and off; of a payload each takes 0.1 ms longer."""
    tables, curves = [], []
    for place, (payload, gc, operation) in enumerate(product(("order", "chat"), ("on", "off"), OPERATIONS)):
        ns = OPERATIONS[operation] + 100_000 * (place % 6)
        rows = [fake_reports.row(codec, ns, table=f"{payload}/{operation}") for codec in ("orjson", "json")]
        asked = "?gc=off" if gc == "off" else ""
        own = [replace(row, case_id=row.case_id + asked) for row in rows]
        table = fake_reports.table(own, payload=payload, operation=operation)
        tables.append(replace(table, conditions=Conditions(gc=gc, instances=64)))
        curves += [replace(fake_reports.curve(row), case_id=row.case_id + asked) for row in rows]
    path = tmp_path_factory.mktemp("several") / "index.html"
    path.write_text(Html().render(fake_reports.report(tables, curves)), encoding="utf-8")
    return path


PANELS = """(figure) => {
  const shown = (e) => e.getClientRects().length > 0;
  const place = (e) => [e.getBoundingClientRect().left, e.getBoundingClientRect().bottom];
  const texts = [...figure.querySelectorAll("svg text")].filter(shown);
  return texts.filter((e) => ["read", "decode", "encode"].includes(e.textContent)).map((title) => {
    const [left, bottom] = place(title);
    const beside = (e) => Math.abs(place(e)[1] - bottom) < 4 && place(e)[0] > left;
    const note = texts.find((e) => /^gc /.test(e.textContent) && beside(e));
    return `${title.textContent}, ${note.textContent.split(", ")[0]}`;
  });
}"""
"""Titles of the panels of a figure that are shown, with what is beside them."""

NUMBERS = """(figure) => {
  const shown = [...figure.querySelectorAll("[data-panel] text")].filter((e) => e.getClientRects().length);
  const frame = figure.querySelector("svg").getBoundingClientRect();
  return shown.filter((e) => e.getBoundingClientRect().right < frame.left + 80 && /^[\\d.\\s]+$/.test(e.textContent))
    .map((e) => e.textContent).filter((words) => !["50", "90", "99", "99.9", "99.99"].includes(words));
}"""
"""Numbers of the axis up that are shown at the left of a figure."""


def box_of(page, codec: str, place: int = 0):
    """A codec's box above the figures of a payload."""
    return page.locator("fieldset.curves-codecs").nth(place).get_by_label(codec, exact=True)


def panels(page, place: int = 0) -> list[str]:
    """Titles and conditions of the panels that a figure of percentiles shows."""
    return page.locator("figure[id^=percentiles]").nth(place).evaluate(PANELS)


def panel_box(page, words: str, place: int = 0):
    """The box of an operation or of conditions within a figure of percentiles."""
    return page.locator("figure[id^=percentiles]").nth(place).get_by_label(words, exact=True)


def drawing(page):
    """The first drawing of percentiles, in sight."""
    found = page.locator("figure[id^=percentiles] svg").first
    found.scroll_into_view_if_needed()
    return found


def at(page, share: float, up: float = 0.5):
    """Moves the pointer to that share of the first panel's width and height; where it is then, across."""
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
    return x


def test_the_page_with_boxes_asks_for_nothing(opened, wide):
    """No error, no message, no breach of the policy."""
    page = opened(wide)
    assert ([wide.as_uri()], []) == (page.asked, page.complaints)


def test_each_payload_has_a_row_of_boxes(opened, wide):
    """A box for each of its codecs, all of them checked, above the first of its figures."""
    page = opened(wide)
    rows = page.locator("fieldset.curves-codecs")
    assert 5 == rows.count()
    names = rows.first.locator("label").all_inner_texts()
    assert {"json", "orjson", "msgpack", "msgspec-json-struct", "protobuf"} == {name.strip() for name in names}
    assert 25 == page.locator("fieldset.curves-codecs input:checked").count()
    assert 5 == page.locator("fieldset.curves-codecs + figure").count()


def test_a_codec_is_hidden_in_all_drawings(opened, wide):
    """Its marks, lines and names go, everybody else's stay, and every box of it says so; then all of it is back."""
    page = opened(wide)
    before = {name: page.evaluate(SEEN, name) for name in ("orjson", "json")}
    assert min(before.values()) > 50
    box_of(page, "orjson").uncheck()
    assert 0 == page.evaluate(SEEN, "orjson")
    assert before["json"] == page.evaluate(SEEN, "json")
    assert 20 == page.locator("fieldset.curves-codecs input:checked").count()
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
    assert 25 == page.locator("fieldset.curves-codecs input:checked").count()
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


def test_operations_and_conditions_can_be_chosen(opened, several):
    """What is left stands close up, in its order, and all figures of percentiles follow."""
    page = opened(several)
    whole = [f"{operation}, gc {gc}" for gc in ("on", "off") for operation in OPERATIONS]
    assert whole == panels(page) == panels(page, 1)
    panel_box(page, "decode").uncheck()
    assert [words for words in whole if "decode" not in words] == panels(page) == panels(page, 1)
    assert not panel_box(page, "decode", place=1).is_checked()
    panel_box(page, "gc on", place=1).uncheck()
    assert ["read, gc off", "encode, gc off"] == panels(page) == panels(page, 1)
    for button in page.get_by_role("button", name="show all").all()[:2]:
        button.click()
        assert "checkbox" == page.locator(":focus").get_attribute("type")
    assert whole == panels(page) == panels(page, 1)
    assert [] == page.complaints


def test_panels_that_differ_in_nothing_have_no_boxes(opened, wide, single):
    """One condition is no choice, nor is one operation."""
    page = opened(wide)
    legends = page.locator("figure fieldset legend").all_inner_texts()
    assert (5, {"Operations"}) == (len(legends), set(legends))
    assert 0 == opened(single).locator("figure fieldset").count()


def test_each_condition_can_be_chosen_by_itself(opened, tmp_path):
    """Collector and live objects have boxes of their own."""
    tables, curves = [], []
    for gc, heap in (("on", 0), ("on", 20_000), ("off", 0), ("off", 20_000)):
        row = fake_reports.row("orjson", 2_000)
        case = f"{row.case_id}?gc={gc}&heap={heap}"
        table = fake_reports.table([replace(row, case_id=case)])
        tables.append(replace(table, conditions=Conditions(gc=gc, heap_objects=heap, instances=64)))
        curves.append(replace(fake_reports.curve(row), case_id=case))
    path = tmp_path / "index.html"
    path.write_text(Html().render(fake_reports.report(tables, curves)), encoding="utf-8")
    page = opened(path)
    boxes = page.locator("figure .curves-panels label").all_inner_texts()
    assert ["gc on", "gc off", "heap 0", "heap 20k"] == [words.strip() for words in boxes]
    panel_box(page, "heap 0").uncheck()
    assert ["read, gc on", "read, gc off"] == panels(page)
    page.get_by_label("Read at a percentile").focus()
    assert ["read, gc on, heap 20k", "read, gc off, heap 20k"] == re.findall(
        r"read[^:]*", page.locator("output.curves-told").text_content()
    )


def test_the_axis_has_its_numbers_wherever_panels_stand(opened, several):
    """Before each line of panels, once, though the panels that came first are gone."""
    page = opened(several)
    figure = page.locator("figure[id^=percentiles]").first
    whole = figure.evaluate(NUMBERS)
    assert whole[: len(whole) // 2] * 2 == whole != []
    panel_box(page, "read").uncheck()
    assert whole == figure.evaluate(NUMBERS)
    panel_box(page, "gc on").uncheck()
    assert whole[: len(whole) // 2] == figure.evaluate(NUMBERS)


def test_few_panels_are_drawn_larger(opened, several):
    """Two take the width of three, and the line that is left the height of one."""
    page = opened(several)
    figure = page.locator("figure[id^=percentiles] svg").first
    before = figure.bounding_box()
    size = "(svg) => svg.querySelector('text[x]:not(.curves-off)').getBoundingClientRect().height"
    letters = figure.evaluate(size)
    panel_box(page, "gc on").uncheck()
    assert before["height"] * 0.6 > figure.bounding_box()["height"] > before["height"] * 0.4
    panel_box(page, "read").uncheck()
    assert figure.evaluate(size) > 1.2 * letters
    assert before["width"] == pytest.approx(figure.bounding_box()["width"])
    page.evaluate("document.querySelectorAll('.curves-off').forEach((e) => e.remove())")
    assert [] == [words for words in page.evaluate(OVERLAPS) if "time of a call by percentile" in words]


def test_which_panels_are_shown_is_in_the_address(opened, several):
    """A link shows the same again."""
    page = opened(several)
    panel_box(page, "gc on").uncheck()
    panel_box(page, "read").uncheck()
    address = page.url
    assert "curves.conditions=" in address
    assert "curves.operations=read" in address
    page.goto("about:blank")
    page.goto(address)
    assert ["decode, gc off", "encode, gc off"] == panels(page)
    panel_box(page, "read").check()
    panel_box(page, "gc on").check()
    assert "curves" not in page.url


def test_a_panel_that_has_moved_says_its_own_values(opened, several):
    """Under the pointer and at the slider: the sixth panel in the place of the first."""
    page = opened(several)
    for words in ("read", "decode", "gc on"):
        panel_box(page, words).uncheck()
    x = at(page, 0.075257)
    (line,) = page.locator(".curves-line[d]").evaluate_all("(all) => all.map((e) => e.getBoundingClientRect().left)")
    tip = page.locator(".curves-tip:visible").bounding_box()["x"]
    assert (x, x + 10) == (pytest.approx(line, abs=1.5), pytest.approx(tip, abs=1.5))
    assert "p50" == page.locator(".curves-tip:visible caption").inner_text()
    assert re.fullmatch("50[0-3] us", page.locator(".curves-tip:visible td").first.inner_text())
    page.mouse.move(1, 1)
    assert 0 == page.locator(".curves-tip:visible").count()
    page.get_by_label("Read at a percentile").first.focus()
    assert 1 == page.locator(".curves-tip:visible").count()
    told = page.locator("output.curves-told").first.text_content()
    assert re.fullmatch(r"p[\d.]+\. encode, gc off: (json|orjson) \d+ us, (json|orjson) \d+ us", told)


def test_no_panel_at_all_is_said(opened, several):
    """In words, and there is nothing to read at a percentile."""
    page = opened(several)
    for words in ("gc on", "gc off"):
        panel_box(page, words).uncheck()
    assert "No panel is chosen." == page.locator(".curves-none").first.inner_text()
    assert 0 == page.locator("figure[id^=percentiles] svg:visible, .curves-slider:visible").count()
    panel_box(page, "gc off").check()
    assert 3 == len(panels(page))
    assert "" == page.locator(".curves-none").first.inner_text()


def test_all_panels_are_printed(opened, several, tmp_path):
    """Whatever is chosen on the screen, and it is chosen still when that is done."""
    page = opened(several)
    panel_box(page, "gc on").uncheck()
    page.evaluate(f"""addEventListener("beforeprint", () => {{
      window.printed = ({PANELS})(document.querySelector("figure[id^=percentiles]"));
    }})""")
    page.pdf(path=tmp_path / "page.pdf")
    assert 6 == len(page.evaluate("window.printed"))
    assert 3 == len(panels(page))


def test_nothing_is_lost_without_the_script(opened, wide):
    """No box, no slider, and everything is drawn."""
    page = opened(wide, java_script_enabled=False)
    assert 0 == page.locator("fieldset, .curves-slider").count()
    assert page.locator("[data-curve]").count() == page.locator("[data-curve]:visible").count() > 50


def test_nothing_is_lost_on_paper(opened, wide):
    """What is hidden on the screen is printed, and controls are not."""
    page = opened(wide)
    box_of(page, "orjson").uncheck()
    page.emulate_media(media="print")
    assert page.evaluate(SEEN, "orjson") > 50
    assert 0 == page.locator("fieldset:visible, .curves-slider:visible, .curves-tip:visible").count()


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
