"""What comes back, as a browser shows it, in a page of its own."""

from __future__ import annotations

import pytest
from jinja2 import ChoiceLoader, DictLoader, PackageLoader
from shown import BAD, PALE, PAPER, disturbances, on_paper, too_wide

import fake_reports
from serbench.fidelity.probes import PROBES
from serbench.records.fidelity import Fidelity, Outcome, Probed
from serbench.renderers import page as pages
from serbench.report.fidelity import fidelity_view

pytestmark = pytest.mark.browser

PAGE = """{% from "fidelity.html.j2" import fidelity %}
<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>What comes back</title>
<link rel="icon" href="data:,"><style>{{ style }}</style></head>
<body><main>{{ fidelity(view) }}</main></body></html>"""

OUTCOMES = (Outcome.EXACT, Outcome.CHANGED, Outcome.REFUSED, Outcome.CRASHED, Outcome.UNTRIED)


def found(codec, shift):
    """Every outcome in turn, with words that are a script to whoever does not escape them."""
    probed = (
        Probed(
            probe=probe.name,
            outcome=OUTCOMES[(n + shift) % 5],
            words=BAD if (n + shift) % 5 else "",
            undeclared="not declared" if n == 1 else "",
        )
        for n, probe in enumerate(PROBES)
    )
    return Fidelity(codec=codec, probed=tuple(probed))


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Writes a page with what comes back from so many codecs; gives its path."""

    def loader(package):
        return ChoiceLoader([DictLoader({"alone.html.j2": PAGE}), PackageLoader(package)])

    monkeypatch.setattr(pages, "PackageLoader", loader)

    def written(codecs):
        report = fake_reports.wide_report()
        names = [codec.name for codec in report.codecs] + [BAD, *(f"codec-{n}" for n in range(codecs))]
        view = fidelity_view([found(name, n) for n, name in enumerate(names[:codecs])], report.codecs, report.tables)
        path = tmp_path / "index.html"
        made = pages.page("alone.html.j2", styles=("report.css", "fidelity.css"), view=view)
        path.write_text(made, encoding="utf-8")
        return path

    return written


def test_every_outcome_is_told_in_words(opened, written):
    """Into what and how stands below, all of it in the title, and a mark where it is not declared."""
    page = opened(written(5))
    cells = page.locator(".fidelity-values td")
    texts = set(cells.evaluate_all("(all) => all.map((cell) => cell.firstChild.data.trim())"))
    assert set(map(str, OUTCOMES)) == texts
    assert page.locator(".fidelity-values td.fidelity-changed").first.get_attribute("title").startswith(BAD)
    assert 5 == page.locator(".fidelity-values td b").count()
    rows = page.locator(".fidelity-counts tbody tr")
    assert 5 == rows.count()
    assert "not looked at" not in page.locator("section").inner_text().lower()


def test_codecs_without_time_are_named(opened, written):
    """With what to do."""
    words = opened(written(2)).locator("section .notes").last.inner_text()
    assert words.startswith("Not looked at, for want of time: ")
    assert "serbench fidelity" in words


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read(opened, written, scheme):
    """In each theme, on every ground."""
    assert [] == opened(written(5), color_scheme=scheme).evaluate(PALE)


def test_a_narrow_screen_scrolls_only_the_tables(opened, written):
    """Many codecs as well."""
    assert [] == too_wide(opened(written(30), viewport={"width": 320, "height": 800}), 320)


def test_it_can_be_printed(opened, written, tmp_path):
    """On white paper, within its margins."""
    assert [] == on_paper(opened(written(5), **PAPER), tmp_path)


def test_nothing_is_run_or_asked_for(opened, written):
    """Whatever values become."""
    path = written(6)
    assert [] == disturbances(opened(path), path)
