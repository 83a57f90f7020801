"""The pages of cases as a browser shows them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from shown import BAD, OVERLAPS, PALE

import fake_reports
import fakes
from serbench.records.cases import Caution, Status
from serbench.renderers.html import Html
from serbench.report.build import build

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

OPEN = "[...document.querySelectorAll('details.case[open] > div')].map((e) => e.id)"
ENCODE, READ = "case-orjson_2f_order_2f_encode", "case-msgpack_2f_order_2f_read"
EVERY = "document.querySelectorAll('details.case').forEach((e) => { e.open = true; })"
SEEN = "(id) => { const { top } = document.getElementById(id).getBoundingClientRect(); return top > 0 && top < 120; }"


def written(run, path: Path) -> Path:
    """The page of a run, without charts."""
    path.write_text(Html(charts=()).render(build(run)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def order(tmp_path_factory) -> Path:
    """The page of four codecs, one caution and one case that is too short to have a tail among them."""
    caution = Caution(name="warm-up-capped", text="Warm-up ended by its cap. Give it a longer --budget.")
    run = fake_reports.labelled_run()
    first, *others = run.measurements
    short = fakes.measured(fakes.case("json", operation="decode"), fakes.even_workers(300))
    others = [short if m.case == short.case else m for m in others]
    run = replace(run, measurements=(replace(first, warnings=(caution,)), *others))
    return written(run, tmp_path_factory.mktemp("cases") / "index.html")


def test_every_case_is_there_and_closed(opened, order):
    """Sixteen of them; nothing is asked for and nothing complained of."""
    page = opened(order)
    assert 16 == page.locator("details.case").count()
    assert [] == page.evaluate(OPEN)
    assert ([order.as_uri()], []) == (page.asked, page.complaints)


def test_a_link_opens_a_case_and_goes_there(opened, order):
    """From wherever on the page it comes; also again, when the address names it already."""
    page = opened(order)
    page.evaluate("document.getElementById('case-orjson_2f_order_2f_dump').parentElement.open = true")
    dump = page.locator("#case-orjson_2f_order_2f_dump")
    for _ in range(2):
        page.evaluate(f"document.getElementById('{ENCODE}').parentElement.open = false")
        dump.locator("a").click()
        page.wait_for_function(f"document.getElementById('{ENCODE}').parentElement.open")
        page.wait_for_function(SEEN, arg=ENCODE)
    assert page.url.endswith(f"#{ENCODE}")


def test_a_link_with_choices_opens_a_case(opened, order):
    """No browser would: what stands there is no id. Nor when the address names it already."""
    page = opened(order)
    page.evaluate(
        "(id) => { const link = document.createElement('a'); link.href = `#${id}~metric=p99`; link.id = 'link';"
        " link.textContent = 'there'; document.querySelector('header').append(link); }",
        READ,
    )
    for _ in range(2):
        page.evaluate(f"document.getElementById('{READ}').parentElement.open = false")
        page.locator("#link").click()
        page.wait_for_function(f"document.getElementById('{READ}').parentElement.open")
        page.wait_for_function(SEEN, arg=READ)
    page.evaluate(f"location.hash = '{ENCODE}~metric=p99'")  # as by hand
    page.wait_for_function(SEEN, arg=ENCODE)
    assert {READ, ENCODE} == set(page.evaluate(OPEN))


@pytest.mark.parametrize("chosen", ["", "~metric=p99"])
def test_an_address_opens_its_case(opened, order, chosen):
    """With choices behind it or without; the choices stay."""
    page = opened(order)
    page.goto("about:blank")
    page.goto(f"{order.as_uri()}#{READ}{chosen}")
    page.wait_for_function(SEEN, arg=READ)
    assert [READ] == page.evaluate(OPEN)
    assert page.url.endswith(f"#{READ}{chosen}")


@pytest.mark.parametrize("place", ["%", "%E0%A4~a=b", "case-nobody", "ground"])
def test_an_address_of_no_case_opens_none(opened, order, place):
    """Whatever stands there, nothing breaks."""
    page = opened(order)
    page.evaluate("(place) => { location.hash = place; }", place)
    page.wait_for_timeout(50)
    assert ([], []) == (page.evaluate(OPEN), page.complaints)


def test_an_address_opens_its_case_without_script(opened, order):
    """The browser does it by itself, as what is named lies within."""
    page = opened(order, java_script_enabled=False)
    page.goto("about:blank")
    page.goto(f"{order.as_uri()}#{READ}")
    page.locator(f"#{READ}").wait_for(state="visible", timeout=5_000)
    assert 1 == page.locator("details.case[open]").count()


def test_a_histogram_can_be_copied(opened, order):
    """All of it, and the button says that it was done; where a page may not, it is selected and copied as of old."""
    page = opened(order)
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.evaluate(f"document.getElementById('{READ}').parentElement.open = true")
    case = page.locator(f"#{READ}")
    case.locator("button").click()
    page.wait_for_function("window.copied")
    assert case.locator("textarea").input_value() == page.evaluate("window.copied")
    assert "Copied" == case.locator("button").inner_text()
    page.evaluate(
        "() => { navigator.clipboard.writeText = undefined;"
        " document.addEventListener('copy', () => { window.old = getSelection().toString(); }); }"
    )
    case.locator("button").click()
    page.wait_for_function("window.old")
    assert case.locator("textarea").input_value() == page.evaluate("window.old")


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_open_cases_do_not_scroll_sideways(opened, order, width):
    """However narrow the screen is, all of them open."""
    page = opened(order, viewport={"width": width, "height": 800})
    page.evaluate(EVERY)
    assert width >= page.evaluate("document.documentElement.scrollWidth")
    inside = (
        "[...document.querySelectorAll('.case > div *')].filter((e) => e.getBoundingClientRect().right > innerWidth)"
    )
    assert [] == page.evaluate(f"{inside}.map((e) => e.textContent)")


def test_long_names_stay_within_their_case(opened, tmp_path):
    """A name without a place to break is broken."""
    run = fakes.run([fakes.measured(fakes.case("c" * 90, "p" * 90), fakes.even_workers(5_000))])
    page = opened(written(run, tmp_path / "index.html"), viewport={"width": 320, "height": 800})
    page.evaluate(EVERY)
    inside = "[...document.querySelectorAll('.cases *')].filter((e) => e.getBoundingClientRect().right > innerWidth)"
    assert [] == page.evaluate(f"{inside}.map((e) => e.outerHTML)")


@pytest.mark.parametrize("width", [360, 1200])
def test_no_name_in_a_picture_lies_on_another(opened, order, width):
    """And none is cut off."""
    page = opened(order, viewport={"width": width, "height": 800})
    page.evaluate(EVERY)
    assert 11 == page.locator("svg.strip").count()
    assert [] == page.evaluate(OVERLAPS.replace("figure svg", "svg.strip"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_in_a_case_can_be_read(opened, order, scheme):
    """All of its text has a contrast of 4.5 to 1 to what is behind it."""
    page = opened(order, color_scheme=scheme)
    page.evaluate(EVERY)
    assert [] == page.evaluate(PALE)


def test_on_paper_there_is_what_is_open(opened, order):
    """Closed cases are not printed, and where none is open the section is not there."""
    page = opened(order)
    page.emulate_media(media="print")
    assert not page.locator("section.cases").is_visible()
    page.evaluate(f"document.getElementById('{READ}').parentElement.open = true")
    assert page.locator(f"#{READ} svg.strip").is_visible()
    assert 1 == page.evaluate(
        "[...document.querySelectorAll('details.case')].filter((e) => e.checkVisibility()).length"
    )
    assert not page.locator(f"#{READ} textarea").is_visible()


def test_hostile_names_do_nothing_in_cases(opened, tmp_path):
    """A codec, a payload, an error, a caution and a deviation that are scripts are shown as text."""
    codec = replace(fakes.codec(BAD), deviations=(BAD,), version=BAD, native=BAD, distribution=BAD)
    caution = Caution(name=BAD, text=BAD)
    good = replace(fakes.measured(fakes.case(BAD, BAD), fakes.even_workers(5_000)), warnings=(caution,))
    bad = fakes.unmeasured(fakes.case(BAD, BAD, "read"), Status.FAILED, BAD)
    path = written(fakes.run([good, bad], codecs=[codec]), tmp_path / "index.html")
    page = opened(path)
    page.evaluate(EVERY)
    assert ([path.as_uri()], [], 0) == (page.asked, page.complaints, page.locator("img").count())
    assert BAD == page.locator(".case summary b").first.inner_text()
    assert BAD == page.locator(".group h3").inner_text()
    assert BAD in page.locator(".cases").inner_text()
