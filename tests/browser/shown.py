"""What is asked of every page that a browser shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

BAD = "</script><img src=x onerror=alert(1)>"
"""A name that is a script to whoever does not escape it."""

OVERLAPS = """() => [...document.querySelectorAll("figure svg")].flatMap((svg) => {
  const frame = svg.getBoundingClientRect();
  const boxes = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
  const found = boxes
    .filter(([, b]) => b.left < frame.left - 1 || b.right > frame.right + 1 || b.bottom > frame.bottom + 1)
    .map(([words]) => `${svg.querySelector("title").textContent}: ${words} is cut off`);
  boxes.forEach(([words, a], n) => boxes.slice(n + 1).forEach(([others, b]) => {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const up = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 1 && up > 4) found.push(`${svg.querySelector("title").textContent}: ${words} and ${others}`);
  }));
  return found;
})"""
"""Labels of drawings that are cut off or lie on another one."""

PALE = """() => {
  const channel = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((c) => channel(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const own = getComputedStyle(element).backgroundColor;
    return own === "rgba(0, 0, 0, 0)" ? ground(element.parentElement) : own;
  };
  const written = (element) => [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  return [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && written(e)).map((e) => {
    const colour = e.closest("svg") ? getComputedStyle(e).fill : getComputedStyle(e).color;
    const [dark, light] = [luminance(colour), luminance(ground(e))].sort((a, b) => a - b);
    return [(light + 0.05) / (dark + 0.05), e.textContent.trim()];
  }).filter(([ratio]) => ratio < 4.5);
}"""
"""Words whose contrast to what is behind them is under 4.5 to 1."""


def unfolded(page: Page) -> Page:
    """The page with all that is folded open."""
    page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
    return page


def too_wide(page: Page, width: int) -> list[str]:
    """What of a page of that width, with everything open, scrolls sideways but tables and drawings in their places."""
    unfolded(page)
    whole = page.evaluate("document.documentElement.scrollWidth")
    placed = (
        "[...document.querySelectorAll('.scroll')].filter((e) => e.clientWidth > innerWidth).map((e) => e.ariaLabel)"
    )
    return [f"the page: {whole} pixels"] * (whole > width) + page.evaluate(placed)


def cut(page: Page, tables: str) -> list[str]:
    """Those of some tables that are wider than their places; that there are none is told as well."""
    found = page.locator(tables)
    wide = (
        "(all) => all.filter((e) => e.scrollWidth > e.parentElement.clientWidth).map((e) => e.parentElement.ariaLabel)"
    )
    return found.evaluate_all(wide) if found.count() else [f"there is no {tables}"]


def on_paper(page: Page, folder: Path) -> list[str]:
    """What is wrong with a page, opened as `PAPER` has it, once it is printed: too wide, not on white, no document."""
    page.emulate_media(media="print")
    wide = page.evaluate("document.documentElement.scrollWidth")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.pdf(path=folder / "page.pdf", format="A4")
    faults = [f"{wide} pixels"] * (wide > PAPER["viewport"]["width"]) + [paper] * (paper != "rgb(255, 255, 255)")
    return faults + ["no PDF"] * (not (folder / "page.pdf").read_bytes().startswith(b"%PDF"))


def first_stop(page: Page) -> str:
    """What the first press of Tab leads to."""
    page.keyboard.press("Tab")
    return page.locator(":focus").inner_text()


def disturbances(page: Page, path: Path) -> list[str]:
    """What a page has asked for besides its own file, what it complained of, and what in it could be run."""
    asked = [address for address in page.asked if address != path.as_uri()]
    return [*asked, *page.complaints, *page.locator("img, script").evaluate_all("(all) => all.map((e) => e.outerHTML)")]


PAPER = {"color_scheme": "dark", "viewport": {"width": 688, "height": 1000}}
"""A4 within its margins, for a reader whose screen is dark."""
