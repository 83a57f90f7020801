"""The calculator in a browser: it says what Python says, whatever is entered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from shown import BAD, PALE

import fakes
from serbench.charts import theme
from serbench.records.cases import Status
from serbench.records.passes import Compressed, EncodedBytes
from serbench.renderers import page as pages
from serbench.report.price.cost import Inputs
from serbench.report.price.offers import prices
from serbench.report.price.view import bill, price_view
from serbench.report.rows import tables

pytestmark = pytest.mark.browser

SHELL = """{% from "price.html.j2" import price %}<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>A page</title>
<link rel="icon" href="data:,"><style>{{ style }}</style></head>
<body><main>{{ price(view) }}</main><script>{{ script }}</script></body></html>"""
"""A page with nothing but the calculator."""


def sizes(scale, *methods):
    """What compressors made of messages."""
    return tuple(
        Compressed(
            method=method,
            level=level,
            messages=64,
            bytes_per_message=EncodedBytes(mean=scale * size, median=scale * size, min=1, max=9_999),
            ns_per_message=ns,
        )
        for method, level, size, ns in (
            ("none", 0, 1_000, 0.0),
            ("gzip", 6, 400, 20_480.0),
            ("zstd", 3, 317.5, 5_211.0),
        )
        if method in methods
    )


def a_run():
    """Five codecs and one that fails on two payloads; gzip of three of them, zstd of one; one with two workers."""
    run = fakes.order_run()
    packed = {
        "json": sizes(1, "none", "gzip", "zstd"),
        "orjson": sizes(1, "none", "gzip"),
        "protobuf": sizes(0.5, "gzip"),
    }
    own = [
        replace(m, sizes=packed.get(m.case.codec, ())) if m.case.operation == "encode" else m for m in run.measurements
    ]
    dead = [fakes.unmeasured(fakes.case(BAD, operation=o), Status.FAILED, BAD) for o in ("read", "encode")]
    feed = [
        fakes.measured(fakes.case(codec, "feed", operation), fakes.even_workers(ns, workers=workers), size)
        for codec, operation, ns, workers, size in (
            ("orjson", "decode", 161_803, 6, 123_456),
            ("orjson", "encode", 91_234, 6, 123_456),
            ("msgpack", "decode", 163_000, 6, 123_456),
            ("msgpack", "encode", 90_000, 6, 123_456),
            ("protobuf", "decode", 70_000, 6, 65_432),
            ("protobuf", "encode", 50_000, 6, 65_432),
            ("slow", "decode", 700_000, 2, 234_567),
            ("slow", "encode", 500_000, 2, 234_567),
        )
    ]
    return replace(
        run,
        codecs=(*run.codecs, fakes.codec(BAD), fakes.codec("slow")),
        payloads=(*run.payloads, fakes.payload("feed")),
        measurements=(*own, *dead, *feed),
        passes=("time", "size"),
    )


RUN = a_run()
PRICES = prices(RUN, tables(RUN)[0])


def written(view):
    """A page of this view, with the policy that pages have."""
    style = theme.css() + pages._own("report.css") + pages._own("price.css")
    script = pages._own("state.js") + pages._own("price.js")
    loader = PackageLoader("serbench.renderers")
    templates = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return templates.from_string(SHELL).render(
        view=view, style=Markup(style), script=Markup(script), policy=pages._policy(style, script)
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """The page, as a file."""
    made = tmp_path_factory.mktemp("price") / "index.html"
    made.write_text(written(price_view(PRICES)), encoding="utf-8")
    return made


SHOWN = """() => {
  const place = document.getElementById("price-bill");
  const text = (selector) => place.querySelector(selector).textContent;
  const rows = [...place.querySelectorAll("tbody tr")].map((row) => ({
    head: row.cells[0].textContent.trim().replace(/\\s+/g, " "),
    cells: [...row.cells].slice(1).map((cell) => [cell.textContent.trim(), cell.dataset.value ?? null]),
  }));
  const numbers = [...document.querySelectorAll("#price-formula b")].map((line) => line.textContent);
  const notes = [...place.querySelectorAll(".notes li")].map((line) => line.textContent);
  const [answer, payload, assumptions] = [".price-answer", "h3", "caption p"].map(text);
  return { answer, payload, assumptions, against: text(".against"), rows, numbers, notes };
}"""


def said(made):
    """What Python says of a bill, in the shape of what is read from the page."""
    rows = []
    for line in made.lines:
        tags = " today" * line.today + " cheapest" * line.cheapest
        cells = [[f"{c.text}{c.pad}{c.spread}", None if c.value is None else c.value] for c in line.cells]
        rows.append({"head": f"{line.codec}{tags}", "cells": cells or [[f"no total {line.reason}", None]]})
    return {
        "answer": made.answer,
        "payload": made.payload,
        "assumptions": made.assumptions,
        "against": f"to {made.today}",
        "rows": rows,
        "numbers": [line.numbers for line in made.formula],
        "notes": [*made.notes, *made.basis],
    }


def shown(page):
    """What the page says, its numbers as numbers."""
    found = page.evaluate(SHOWN)
    for row in found["rows"]:
        row["cells"] = [[text, None if value is None else float(value)] for text, value in row["cells"]]
    return found


EXAMPLES = [
    {},
    {"rate": 1},
    {"rate": 123456.789, "core": 17.35, "gigabyte": 0.0123},
    {"rate": 2_000_000, "decoded": 3, "encoded": 0, "utilisation": 72.5},
    {"decoded": 0, "encoded": 12, "gigabyte": 0},
    {"core": 0},
    {"core": 0, "gigabyte": 0},
    {"rate": 0},
    {"compression": "gzip"},
    {"compression": "zstd", "gigabyte": 0.02},
    {"payload": "feed"},
    {"payload": "feed", "today": "orjson", "gigabyte": 0},
    {"payload": "feed", "today": "protobuf", "compression": "gzip", "encoded": 0},
    {"payload": "feed", "today": "orjson", "core": 0},
    {"payload": "feed", "today": "slow"},
    {"today": "protobuf", "gigabyte": 0.001, "utilisation": 1},
    {"today": "msgpack", "core": 1000, "decoded": 0.25},
    {"today": BAD},
]


@pytest.mark.parametrize("entered", EXAMPLES, ids=str)
def test_the_page_says_what_python_says(opened, path, entered):
    """Every number, interval, sentence and note is the same, digit for digit."""
    page = opened(path)
    for name, value in entered.items():
        if name in {"payload", "today", "compression"}:
            page.select_option(f"#price-{name}", value)
        else:
            page.fill(f"#price-{name}", str(value))
    choices = {name: entered[name] for name in entered if name not in {"payload", "today"}}
    offer = next(one for one in PRICES.offers if one.payload == entered.get("payload", "order"))
    assert said(bill(offer, PRICES, Inputs(**choices), entered.get("today", "json"))) == shown(page)
    assert [] == page.complaints


def test_without_its_script_the_page_has_the_defaults(opened, path):
    """The same table, for every payload; and nothing to fill in."""
    page = opened(path, java_script_enabled=False)
    text = page.inner_text("#price-bill .price-answer")
    assert price_view(PRICES).bills[0].answer == text
    assert 2 == page.locator("table.bill").count()
    assert not page.is_visible("#price-inputs")
    page.click("#price-others summary")
    assert "feed" in page.inner_text("#price-others caption")


def test_with_its_script_other_payloads_are_chosen(opened, path):
    """What was folded away without it is not there twice."""
    page = opened(path)
    assert page.is_visible("#price-inputs")
    assert not page.is_visible("#price-others")


@pytest.mark.parametrize("text", ["-5", "2e9", ""])
def test_nonsense_is_answered_with_a_word(opened, path, text):
    """The default is used, and the field says so; the address does not keep it."""
    page = opened(path)
    usual = shown(page)
    page.fill("#price-rate", "5")
    page.fill("#price-rate", text)
    word = "Empty" if not text else "Not a number from 0 to 1\u202f000\u202f000\u202f000"
    assert f"{word}: 20\u202f000 is used." == page.inner_text("#price-rate-word")
    assert ("true" if text else None) == page.get_attribute("#price-rate", "aria-invalid")
    assert usual == shown(page)
    assert "cost" not in page.url
    page.fill("#price-rate", "20000")
    assert "" == page.text_content("#price-rate-word")
    assert None is page.get_attribute("#price-rate", "aria-invalid")


def test_letters_are_no_number(opened, path):
    """What a browser lets into the field and cannot read is no number either."""
    page = opened(path)
    page.click("#price-utilisation")
    page.keyboard.press("Control+a")
    page.keyboard.type("e")
    assert "Not a number from 1 to 100: 50 is used." == page.inner_text("#price-utilisation-word")


def test_choices_are_in_the_address(opened, path):
    """A link shows the same bill again; back to the defaults leaves nothing behind."""
    page = opened(path)
    page.fill("#price-rate", "50000")
    page.select_option("#price-today", "orjson")
    page.select_option("#price-compression", "gzip")
    before, address = shown(page), page.url
    assert "cost.rate=50000" in address
    page.goto("about:blank")
    page.goto(address)
    assert before == shown(page)
    page.click("#price-reset")
    assert "cost" not in page.url
    assert said(price_view(PRICES).bills[0]) == shown(page)


def test_an_address_may_ask_for_what_is_not_there(opened, path):
    """Unknown names are as if nothing was asked for; unfit numbers say so."""
    page = opened(path)
    usual = shown(page)
    page.goto("about:blank")
    page.goto(f"{path.as_uri()}#~cost.payload=gone&cost.today=gone&cost.compression=gone&cost.rate=-1&cost.core=x")
    assert usual == shown(page)
    assert "is used" in page.inner_text("#price-rate-word")
    assert "Empty: 30 is used." == page.inner_text("#price-core-word")
    assert [] == page.complaints


def test_names_from_outside_do_nothing(opened, path):
    """They are shown as the text that they are, by Python and by the script."""
    page = opened(path)
    page.select_option("#price-today", BAD)
    assert BAD in page.inner_text("#price-bill tbody")
    assert 0 == page.locator("img").count()
    assert ([path.as_uri()], []) == (page.asked, page.complaints)


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_nothing_makes_the_page_scroll_sideways(opened, path, width):
    """Only the table does, within its place."""
    page = opened(path, viewport={"width": width, "height": 800})
    assert width >= page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_can_be_read(opened, path, scheme):
    """Words of a field that is not right, too."""
    page = opened(path, color_scheme=scheme)
    page.fill("#price-rate", "-5")
    assert [] == page.evaluate(PALE)


def test_every_control_has_a_name(opened, path):
    """Labels lead to their controls."""
    page = opened(path)
    labels = page.evaluate(
        "[...document.querySelectorAll('#price-inputs :is(input, select)')].map((e) => e.labels.length)"
    )
    assert [1] * 9 == labels
    assert page.get_by_label("Requests per second").is_visible()


def test_on_paper_the_bill_stands_without_its_fields(opened, path):
    """What was entered stands above the table in words."""
    page = opened(path, viewport={"width": 688, "height": 1000})
    page.fill("#price-rate", "77")
    page.emulate_media(media="print")
    assert not page.is_visible("#price-inputs")
    assert "77 requests per second" in page.inner_text("#price-bill caption")
    assert 688 >= page.evaluate("document.documentElement.scrollWidth")


def test_a_run_without_times_says_so(opened, tmp_path):
    """In a sentence, without fields."""
    path = tmp_path / "index.html"
    path.write_text(written(price_view(replace(PRICES, offers=(), codecs=(), today=""))), encoding="utf-8")
    page = opened(path)
    assert "Nothing was timed in this run" in page.inner_text("main")
    assert ([], 0) == (page.complaints, page.locator("input").count())
