"""Choices on a page are kept in its address."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import fake_reports
from serbench.renderers.html import Html

pytestmark = pytest.mark.browser


@pytest.fixture
def page(opened, tmp_path):
    """A page, open."""
    path = tmp_path / "index.html"
    path.write_text(Html().render(fake_reports.wide_report()), encoding="utf-8")
    return opened(path)


def test_a_choice_is_in_the_address_until_it_is_the_usual_one(page):
    """What is as the page came is not there."""
    page.evaluate("state.set('metric', 'a&b ~', 'typical')")
    assert page.url.endswith("#~metric=a%26b+%7E")
    assert "a&b ~" == page.evaluate("state.get('metric', 'typical')")
    page.evaluate("state.set('metric', 'typical', 'typical')")
    assert page.url.endswith("#")
    assert "typical" == page.evaluate("state.get('metric', 'typical')")
    assert [] == page.complaints


def test_a_link_within_the_page_keeps_the_choices(page):
    """And the address then leads to the place, with the choices."""
    page.evaluate("state.set('metric', 'p99', 'typical')")
    page.click("nav a[href='#ground']")
    page.wait_for_url("**#ground~metric=p99")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    assert "p99" == page.evaluate("state.get('metric', 'typical')")
    expect(page.locator("#ground")).to_be_in_viewport()
