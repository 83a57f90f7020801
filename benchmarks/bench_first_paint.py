"""The page in a browser: time to first readable content beside a static page of the same size, and until it answers.

    python benchmarks/bench_first_paint.py

It needs Chromium (`apt-get install chromium`). Pages are those of `bench_render.py`. The static page is that of 75
cases without scripts and drawings, filled up with tables of plain text to as many bytes; both are loaded in turns, each
time by a context without a cache. Targets: first contentful paint at most 1.5 times that of the static page; with 1,000
cases a choice in the matrix, made as soon as the page has loaded, is answered and drawn in under 1 s.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import bench_render  # puts the tests' fakes on the path
from playwright.sync_api import sync_playwright

from serbench.renderers.html import Html
from serbench.report.build import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TARGET_PAINT = 1.5
TARGET_SECONDS = 1.0
LOADS = 21
"""Of each page."""
LARGE_LOADS = 5

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")

PAINT = """() => new Promise((told) => new PerformanceObserver((list) => {
  const found = list.getEntriesByName("first-contentful-paint")[0];
  if (found) told(found.startTime);
}).observe({type: "paint", buffered: true}))"""
"""When the first text was drawn, ms from the beginning of the navigation."""

ANSWER = """addEventListener("load", () => {
  const began = performance.now();
  const words = document.querySelector(".matrix-map p:last-of-type");
  const before = words.textContent;
  const choice = document.querySelector("#matrix-choices select[name=metric]");
  choice.value = "p99";
  choice.dispatchEvent(new Event("change", {bubbles: true}));
  requestAnimationFrame(() => setTimeout(() => {
    const after = document.querySelector(".matrix-map p:last-of-type").textContent;
    window.answered = [performance.now() - began, performance.now(), after !== before];
  }));
});"""
"""Chooses another metric once the page has loaded: ms until that was drawn, from then and from the beginning."""


def main() -> int:
    """Prints a line per target; 0 if all are met."""
    if not Path(CHROMIUM).exists():
        raise SystemExit(f"{CHROMIUM} is not there: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        met = [_paint(browser, Path(folder)), _answer(browser, Path(folder))]
        browser.close()
    return 0 if all(met) else 1


def _paint(browser: Browser, folder: Path) -> bool:
    """First contentful paint of both pages, in turns."""
    page = _page(1)
    paths = {"page": folder / "page.html", "static": folder / "static.html"}
    paths["page"].write_text(page, encoding="utf-8")
    paths["static"].write_text(static(page), encoding="utf-8")
    times: dict[str, list[float]] = {name: [] for name in paths}
    for _ in range(LOADS + 1):
        for name, path in paths.items():
            times[name].append(_painted(browser, path))
    own, other = (statistics.median(times[name][1:]) for name in ("page", "static"))  # the first load warms up
    good = own <= TARGET_PAINT * other
    print(f"the page of a run of 75 cases, {len(page.encode()) / 1e6:.2f} MB, {LOADS} loads of each page")
    print(
        f"  first contentful paint: {own:.0f} ms, {own / other:.2f} times the {other:.0f} ms of a static page of that "
        f"size, target {TARGET_PAINT:g}  {'met' if good else 'missed'}"
    )
    return good


def _answer(browser: Browser, folder: Path) -> bool:
    """How long it takes until a choice in the matrix of a large page is drawn."""
    page, path = _page(13), folder / "large.html"
    path.write_text(page, encoding="utf-8")
    found = [_answered(browser, path) for _ in range(LARGE_LOADS)]
    after, since = (statistics.median(one) / 1e3 for one in zip(*found, strict=True))
    good = after < TARGET_SECONDS
    print(f"the page of a run of 975 cases, {len(page.encode()) / 1e6:.2f} MB, {LARGE_LOADS} loads")
    print(
        f"  a choice in the matrix is drawn {after:.2f} s after the page has loaded, target {TARGET_SECONDS:g} s  "
        f"{'met' if good else 'missed'}"
    )
    print(f"  that is {since:.2f} s after it was asked for")
    return good


def _page(copies: int) -> str:
    return Html().render(build(bench_render._run(copies)))  # noqa: SLF001 - the same runs


def static(page: str) -> str:
    """The page without scripts and drawings, with tables of plain text behind it up to the same number of bytes."""
    bare = re.sub(r"<(script|svg)\b.*?</\1>", "", page, flags=re.DOTALL)
    row = "<tr><th>codec</th>" + "<td>plain text 123</td>" * 8 + "</tr>\n"
    rows = (len(page.encode()) - len(bare.encode())) // len(row)
    tables = "".join(f"<table>{row * min(20, rows - start)}</table>" for start in range(0, rows, 20))
    return bare.replace("</main>", f"{tables}</main>")


def _painted(browser: Browser, path: Path) -> float:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.goto(path.as_uri())
    found = float(page.evaluate(PAINT))
    context.close()
    return found


def _answered(browser: Browser, path: Path) -> tuple[float, float]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.add_init_script(ANSWER)
    page = context.new_page()
    page.goto(path.as_uri())
    page.wait_for_function("window.answered", timeout=60_000)
    after, since, changed = page.evaluate("window.answered")
    context.close()
    if not changed:
        raise SystemExit("the matrix did not answer")
    return float(after), float(since)


if __name__ == "__main__":
    sys.exit(main())
