"""The matrix of codecs and payloads as a browser shows it, in a page of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from jinja2 import ChoiceLoader, DictLoader, PackageLoader
from shown import BAD, PALE

import fake_reports
import fakes
from serbench.charts.base import anchor
from serbench.records.cases import Conditions, Status
from serbench.records.passes import EncodedBytes
from serbench.renderers import page as pages
from serbench.report.matrix import matrix

pytestmark = pytest.mark.browser

PAGE = """{% from "matrix.html.j2" import matrix %}
<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>A matrix</title>
<link rel="icon" href="data:,"><style>{{ style }}</style></head>
<body><main>{{ matrix(view, anchor) }}</main><script>{{ script }}</script></body></html>"""

CELLS = """(table) => [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => [
  cell.className, cell.innerText.replace(/\\s+/g, " "), cell.querySelector(".pad")?.textContent ?? "",
  cell.querySelector("a")?.getAttribute("href") ?? "", cell.querySelector("[title]")?.title ?? "",
]))"""

NAMES = "(table) => [...table.tBodies[0].rows].map((row) => row.cells[0].firstChild.data)"


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Writes a page with the matrix of these tables and nothing else; gives its path."""

    def loader(package):
        return ChoiceLoader([DictLoader({"alone.html.j2": PAGE}), PackageLoader(package)])

    monkeypatch.setattr(pages, "PackageLoader", loader)

    def written(tables, **about):
        styles, scripts = ("report.css", "matrix.css"), ("state.js", "matrix.js")
        view = matrix(fakes.run([], **about), tables)
        path = tmp_path / "index.html"
        made = pages.page("alone.html.j2", styles=styles, scripts=scripts, view=view, anchor=anchor)
        path.write_text(made, encoding="utf-8")
        return path

    return written


@pytest.fixture
def wide(written):
    """A page of 75 cases."""
    return written(fake_reports.wide_report().tables)


def choose(page, **choices):
    """Makes these choices."""
    for name, value in choices.items():
        page.select_option(f"#matrix-choices [name={name}]", value)


def column(page, place):
    """What is written in a column, by codec."""
    rows = page.locator("table.matrix").evaluate(CELLS)
    return {name: row[place][1] for name, row in zip(page.locator("table.matrix").evaluate(NAMES), rows, strict=True)}


def test_without_its_script_there_is_a_table_for_each_headline_operation(opened, wide):
    """Relative to the best, with nothing to choose."""
    page = opened(wide, java_script_enabled=False)
    assert ["read ranks parsing", "encode ranks serialising"] == page.locator("#matrix-tables h3").all_inner_texts()
    assert 2 == page.locator("table.matrix").count()
    assert not page.locator("#matrix-choices").is_visible()
    assert 50 == page.locator("table.matrix td").count()


def test_the_script_shows_the_same_until_something_is_chosen(opened, wide):
    """Cell by cell: words, numbers, what stands below what, links, titles and colours; and it says the same of them."""
    without, page = opened(wide, java_script_enabled=False), opened(wide)
    for n, operation in enumerate(("read", "encode")):
        choose(page, op=operation)
        plain = without.locator("table.matrix").nth(n).evaluate(CELLS)
        assert plain == page.locator("table.matrix").evaluate(CELLS)
        for about in ("h3", "p"):
            told = without.locator(".matrix-map").nth(n).locator(about).all_inner_texts()
            assert told == page.locator(f".matrix-map {about}").all_inner_texts()
    assert ([wide.as_uri()], []) == (page.asked, page.complaints)


def test_numbers_can_be_seen_as_they_are(opened, wide):
    """In one unit, or in one for each column where payloads are too different for one."""
    page = opened(wide)
    choose(page, base="absolute")
    assert "typical time of a call, in ns" not in page.inner_text(".matrix-map")
    assert ["codec", "ping ns", "order us", "chat us", "telemetry us", "feed us"] == [
        text.replace("\n", " ") for text in page.locator("thead th").all_inner_texts()
    ]
    assert "failed" == column(page, 1)["json"]
    choose(page, metric="size")
    assert "133 B" == page.locator("td a[href='#case-orjson_2f_ping_2f_read']").get_attribute("title")


def test_the_only_codec_has_a_unit_for_each_column_where_payloads_are_too_different(opened, written):
    """With and without the script."""
    tables = [
        fake_reports.table([fake_reports.row("json", ns, table=f"{name}/read")], payload=name)
        for name, ns in (("ping", 400), ("feed", 90_000_000))
    ]
    path = written(tables)
    page, plain = opened(path), opened(path, java_script_enabled=False)
    assert plain.locator("thead th").all_inner_texts() == page.locator("thead th").all_inner_texts()
    assert "ms" in page.locator("thead th").nth(2).inner_text()
    assert plain.locator("table.matrix").evaluate(CELLS) == page.locator("table.matrix").evaluate(CELLS)


def test_one_unit_is_said_once(opened, written):
    """Where it does for all columns."""
    rows = [fake_reports.row("json", 9_000), fake_reports.row("orjson", 1_000)]
    page = opened(written([fake_reports.table(rows)]))
    choose(page, base="absolute")
    assert "typical time of a call, in us" == page.inner_text(".matrix-map p:last-of-type")
    assert {"orjson": "best 1.00", "json": "9.00"} == column(page, 1)
    choose(page, metric="objects")
    assert "objects per second, all threads together, in k/s" == page.inner_text(".matrix-map p:last-of-type")
    assert {"orjson": "best 1000", "json": "111"} == column(page, 1)


def test_numbers_can_be_seen_over_a_codec(opened, wide):
    """That codec is 1; where it has no number there is nothing to be over."""
    page = opened(wide)
    choose(page, base="codec:json")
    assert "1" == column(page, 2)["json"]
    assert {"no base", "failed", "skipped"} == set(column(page, 1).values())
    assert "SIGSEGV" in page.locator("td a[href='#case-orjson_2f_ping_2f_read']").get_attribute("title")
    assert "as multiples of json on the same payload" in page.inner_text(".matrix-map")


def test_codecs_can_be_filtered_and_the_best_is_that_of_those_shown(opened, wide):
    """By format; how many are left is said."""
    page = opened(wide)
    choose(page, format="protobuf")
    assert ["protobuf"] == page.locator("table.matrix").evaluate(NAMES)
    assert "1" == column(page, 2)["protobuf"]
    assert "1 of 5 codecs; the best is that of these" == page.inner_text("[role=status]")
    choose(page, format="json")
    assert {"json", "orjson", "msgspec-json-struct"} == set(page.locator("table.matrix").evaluate(NAMES))


def test_lines_stand_by_the_head_that_is_pressed(opened, wide):
    """Best first and then worst first, names either way; what has no number stays last, and the focus stays."""
    page = opened(wide)
    first = ["msgspec-json-struct", "orjson", "msgpack", "json", "protobuf"]
    assert first == page.locator("table.matrix").evaluate(NAMES)
    page.locator("thead button").nth(1).press("Enter")
    assert ["msgpack", "orjson", "msgspec-json-struct", "json", "protobuf"] == page.locator("table.matrix").evaluate(
        NAMES
    )
    assert "descending" == page.locator("thead th").nth(1).get_attribute("aria-sort")
    assert "ping" == page.inner_text(":focus")
    page.keyboard.press("Enter")
    assert first == page.locator("table.matrix").evaluate(NAMES)
    page.locator("thead button").nth(0).press("Enter")
    assert sorted(first) == page.locator("table.matrix").evaluate(NAMES)
    page.keyboard.press("Enter")
    assert sorted(first, reverse=True) == page.locator("table.matrix").evaluate(NAMES)


def test_of_rates_the_most_is_the_best(opened, wide):
    """It stands first and has the first colour; the order is a falling one."""
    page = opened(wide)
    choose(page, metric="objects", op="encode")
    cells = page.locator("table.matrix").evaluate(CELLS)
    assert cells[0][1][1].split()[-1] == "1"
    assert "heat-0" in cells[0][1][0]
    assert "descending" == page.locator("thead th").nth(1).get_attribute("aria-sort")


def test_choices_are_in_the_address_and_a_link_shows_the_same_again(opened, wide):
    """All of them; reset leaves none."""
    page = opened(wide)
    choose(page, op="decode", metric="p99", base="codec:orjson", format="json")
    page.locator("thead button").nth(2).press("Enter")
    address, shown = page.url, page.locator("table.matrix").evaluate(CELLS)
    for part in ("matrix.op=decode", "matrix.metric=p99", "matrix.base=codec%3Aorjson", "matrix.sort=payload%3Aorder"):
        assert part in address
    page.goto("about:blank")
    page.goto(address)
    assert shown == page.locator("table.matrix").evaluate(CELLS)
    assert "decode" == page.locator("[name=op]").input_value()
    page.click("[type=reset]")
    assert page.url.endswith("#")
    assert "read ranks parsing" == page.inner_text(".matrix-map h3")


def test_a_link_with_choices_that_are_not_there_shows_what_is_usual(opened, wide):
    """A codec of another report, a column that this one lacks."""
    page = opened(wide)
    page.goto("about:blank")
    page.goto(f"{wide.as_uri()}#~matrix.base=codec:nobody&matrix.sort=-payload:nothing&matrix.op=__proto__")
    assert 5 == page.locator("tbody tr").count()
    assert "read ranks parsing" == page.inner_text(".matrix-map h3")
    assert [] == page.complaints


def test_conditions_are_a_choice_where_there_are_several(opened, written):
    """The usual ones come first, and are named."""
    usual = fake_reports.table([fake_reports.row("json", 9_000)])
    off = replace(usual, conditions=Conditions(gc="off", instances=64), rows=(fake_reports.row("orjson", 1_000),))
    page = opened(written([usual, off]))
    assert page.inner_text(".matrix-map").count("collector on") == 1
    choose(page, conditions="1")
    assert ["orjson"] == page.locator("table.matrix").evaluate(NAMES)
    assert page.inner_text(".matrix-map").count("collector off") == 1


def test_what_leaves_no_choice_is_not_shown(opened, written):
    """One codec, one payload, one operation: what is left is what to show of it, and there is nothing to compare."""
    path = written([fake_reports.table([fake_reports.row("json", 9_000)])])
    page = opened(path)
    assert ["metric", "base"] == [
        select.get_attribute("name") for select in page.locator("select").all() if select.is_visible()
    ]
    plain = opened(path, java_script_enabled=False)
    assert {"json": "9.00"} == column(page, 1) == column(plain, 1)
    assert plain.inner_text(".matrix-map") == page.inner_text(".matrix-map")
    assert "in us" in page.inner_text(".matrix-map")
    assert "rgba(0, 0, 0, 0)" == page.locator("td").evaluate("(cell) => getComputedStyle(cell).backgroundColor")


def test_hostile_names_do_nothing(opened, written):
    """A payload, a codec, its format and an error that try to run a script are shown as the text that they are."""
    rows = [fake_reports.row(BAD, 2_000), fake_reports.unmeasured("json", Status.FAILED, BAD * 3)]
    rows[0] = replace(rows[0], codec=replace(rows[0].codec, format=BAD))
    table = fake_reports.table(rows)
    path = written([replace(table, payload=replace(table.payload, name=BAD))])
    page = opened(path)
    choose(page, base=f"codec:{BAD}")
    choose(page, format=BAD)
    page.locator("thead button").nth(1).press("Enter")
    assert ([path.as_uri()], []) == (page.asked, page.complaints)
    assert [BAD] == page.locator("table.matrix").evaluate(NAMES)
    assert 0 == page.locator("img").count()
    again = page.url
    page.goto("about:blank")
    page.goto(again)
    assert (BAD, []) == (page.locator("[name=format]").input_value(), page.complaints)


@pytest.mark.parametrize("size", [1_125, 1_115, 1_135, 12_345.5, 0, 2.5, 999_500, 1_005])
def test_the_script_writes_numbers_as_python_does(opened, written, size):
    """Exact halves too, which go to the even digit."""
    sizes = EncodedBytes(mean=size, median=size, min=0, max=10**7)
    rows = [fake_reports.row("json", 9_000, encoded_bytes=sizes), fake_reports.row("orjson", 1_000, size=1_000)]
    path = written([fake_reports.table(rows)], passes=("size",))
    page = opened(path)
    plain = opened(path, java_script_enabled=False).locator("table.matrix").evaluate(CELLS)
    assert plain == page.locator("table.matrix").evaluate(CELLS)


def test_links_lead_to_cases_whatever_their_conditions(opened, written):
    """The id in the address is the one that Python makes."""
    row = fake_reports.row("json", 9_000, case_id="j%20s_on/a.b/read?gc=off&n=1")
    page = opened(written([fake_reports.table([row])]))
    assert f"#case-{anchor(row.case_id)}" == page.locator("td a").get_attribute("href")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("base", ["best", "absolute"])
def test_everything_written_can_be_read(opened, wide, scheme, base):
    """All colours of cells have a contrast of 4.5 to 1 to what is written on them, in both themes."""
    page = opened(wide, color_scheme=scheme)
    choose(page, base=base)
    assert [] == page.evaluate(PALE)


@pytest.mark.parametrize("width", [320, 360, 768])
def test_the_page_does_not_scroll_sideways(opened, wide, width):
    """The table scrolls within its place, and the codecs' names stay."""
    page = opened(wide, viewport={"width": width, "height": 800})
    assert width >= page.evaluate("document.documentElement.scrollWidth")
    page.evaluate("document.querySelector('.scroll').scrollLeft = 150")
    assert page.locator("tbody th").first.bounding_box()["x"] >= 0
