"""Pages as axe-core judges them (https://github.com/dequelabs/axe-core): no serious violation in any theme or width."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.base import AXE_SCRIPT

import compared_runs
import two_sides
import whole_runs
from serbench.compare.build import compare
from serbench.fidelity.probes import PROBES
from serbench.records.fidelity import Fidelity, Outcome, Probed
from serbench.renderers.comparison_page import ComparisonPage
from serbench.renderers.html import Html
from serbench.renderers.verdict_page import VerdictPage
from serbench.report.build import build

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 800}},
}

COMEBACK = Fidelity(
    codec="json",
    probed=tuple(
        Probed(probe=probe.name, outcome=outcome, words="into 1" * (outcome != "exact"), undeclared="!" * (n == 1))
        for n, (probe, outcome) in enumerate(zip(PROBES[:10], cycle(Outcome)))
    ),
)
"""Every outcome in turn, and one that is not as declared."""

SERIOUS = """(contrast) => axe.run({
  resultTypes: ["violations"], rules: {"color-contrast": {enabled: contrast}},
}).then(({violations}) => violations
  .filter(({impact}) => impact === "serious" || impact === "critical")
  .flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) => `${id}: ${target}: ${failureSummary}`)))"""
"""What is wrong, each with its place. Contrast takes nine tenths of the time: colours are the same at every width."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, Path]:
    """The page of a run that has everything, that of a comparison and that of a verdict."""
    folder = tmp_path_factory.mktemp("pages")
    made = {
        "run": Html().render(build(replace(whole_runs.small_run("json"), fidelity=(COMEBACK,)))),
        "comparison": ComparisonPage().render(compare(*compared_runs.full_runs())),
        "verdict": VerdictPage().render(two_sides.full_verdict()),
    }
    for name, html in made.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", ["run", "comparison", "verdict"])
def test_a_page_has_no_serious_violation(opened, pages, name, look):
    """With all that is folded open, so that all of it is judged."""
    page = opened(pages[name], **LOOKS[look])
    page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
    page.evaluate(AXE_SCRIPT)
    assert [] == page.evaluate(SERIOUS, look != "narrow")


def test_a_violation_is_seen(opened, tmp_path):
    """A page with a picture without words and pale text has two, so that none above means something."""
    path = tmp_path / "bad.html"
    bad = '<img src="data:,"><p style="color:#ccc;background:#fff">pale</p>'
    path.write_text(
        f'<!doctype html><html lang="en"><title>Bad</title><main><h1>Bad</h1>{bad}</main></html>', encoding="utf-8"
    )
    page = opened(path)
    page.evaluate(AXE_SCRIPT)
    assert ["color-contrast", "image-alt"] == sorted(fault.partition(":")[0] for fault in page.evaluate(SERIOUS, True))
