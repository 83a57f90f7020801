"""The sample of a payload's messages as a browser shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from shown import PALE

import fake_reports
from serbench.renderers.html import Html
from serbench.report.build import build

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

SAMPLE = (
    '{"note":"</code><script>document.title = 1</script> & \\u202e","long":"'
    + "x" * 500
    + '",… 9 more}\n… 1,234 bytes in all'
)
SHOWN = "#case-sample-order"


@pytest.fixture(scope="module")
def order(tmp_path_factory) -> Path:
    """The page of a run whose payload has a sample."""
    run = fake_reports.labelled_run()
    run = replace(run, payloads=tuple(replace(payload, sample=SAMPLE) for payload in run.payloads))
    path = tmp_path_factory.mktemp("sample") / "index.html"
    path.write_text(Html(charts=()).render(build(run)), encoding="utf-8")
    return path


def test_it_is_there_once_and_told_exactly(opened, order):
    """What a message holds is shown and not followed; nothing is asked for and nothing complained of."""
    page = opened(order)
    assert [SAMPLE] == page.locator(f"{SHOWN} pre").all_text_contents()
    assert "instance 1 of 64, shortened" in page.locator(f"details:has({SHOWN}) summary").inner_text()
    assert "1" != page.title()
    assert ([order.as_uri()], []) == (page.asked, page.complaints)


def test_every_case_leads_to_it(opened, order):
    """From its own page, whose numbers are of such messages."""
    page = opened(order)
    cases = page.locator("details.case:has(dl)")
    links = page.locator(f'details.case dd a[href="{SHOWN}"]')
    assert cases.count() == links.count() > 0
    page.evaluate("document.querySelector('details.case:has(dl)').open = true")
    links.first.click()
    assert page.locator(f"{SHOWN} pre").is_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_it_scrolls_and_the_page_does_not(opened, order, width):
    """A long line moves within its own box, which the keyboard reaches as well."""
    page = opened(order, viewport={"width": width, "height": 900})
    page.evaluate(f"document.querySelector('{SHOWN}').parentElement.open = true")
    box = page.locator(f"{SHOWN} pre")
    assert box.evaluate("(e) => e.scrollWidth > e.clientWidth && e.tabIndex === 0")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read(opened, order, scheme):
    """In both colour schemes."""
    page = opened(order, color_scheme=scheme)
    page.evaluate(f"document.querySelector('{SHOWN}').parentElement.open = true")
    assert [] == page.evaluate(PALE)
