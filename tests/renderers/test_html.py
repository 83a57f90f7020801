from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from dataclasses import replace

import pytest

import fake_reports as f
import fakes
from parsed_page import Page
from serbench.charts.base import Figure
from serbench.records.cases import Caution, Status
from serbench.renderers.html import Html
from serbench.report import cases
from serbench.report.build import build
from serbench.report.cells import Column, Grid, words

BAD = "</script><img src=x onerror=alert(1)>"


def page(report, **options) -> tuple[str, Page]:
    """The page of a report, as text and parsed; without charts unless they are asked for."""
    html = Html(**({"charts": ()} | options)).render(report)
    return html, Page(html)


def cells(report) -> dict[str, list[str]]:
    """The texts of every row of the first table of results by codec, without what is not seen."""
    body = table_of(report).split("<tbody>")[1]
    body = re.sub(r"<i>.*?</i>|<svg.*?</svg>", "", body, flags=re.DOTALL)
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL) for row in body.split("<tr")[1:]]
    plain = [[re.sub(r"[ \n]+", " ", re.sub(r"<[^>]*>", " ", cell)).strip(" ") for cell in row] for row in rows]
    return {row[0].split()[0]: row[1:] for row in plain}


def table_of(report) -> str:
    """The first table of results, as text."""
    html, _ = page(report)
    return html.split('<table class="results">')[1].split("</table>")[0]


def test_the_page_is_sound():
    """Every element that is opened is closed in its turn, and no id stands twice."""
    _, parsed = page(f.wide_report(), charts=None)
    assert ([], []) == (parsed.open, parsed.misnested)
    ids = [attributes["id"] for _, attributes in parsed.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_links_lead_somewhere():
    """Every link is to an anchor of the page, one for each payload among them."""
    _, parsed = page(f.wide_report())
    ids = {attributes.get("id") for _, attributes in parsed.elements}
    targets = [attributes["href"] for attributes in parsed.all("a")]
    assert set(targets) <= {f"#{name}" for name in ids if name}
    assert {"#payload-ping", "#payload-feed", "#ground", "#main"} <= set(targets)


def test_nothing_is_asked_of_any_other_place():
    """No address in the page leads out of it, and nothing is set in style attributes or event attributes."""
    html, parsed = page(f.wide_report(), charts=None)
    for tag, attributes in parsed.elements:
        assert "src" not in attributes
        assert attributes.get("href", "#").startswith(("#", "data:,")), tag
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
    assert {"http://www.w3.org/2000/svg"} == set(re.findall(r"\bhttps?://[^\s\"<]*", html))
    assert "@import" not in html
    assert "url(" not in html.split("</style>")[0]


def test_the_policy_allows_the_pages_own_style_and_script_only():
    """The digests of the policy are those of the one style sheet and the one script of the page."""
    html, parsed = page(f.order_report(), charts=None)
    (policy,) = (m["content"] for m in parsed.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    style = re.findall(r"<style>(.*?)</style>", html, flags=re.DOTALL)
    script = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in style + script]
    assert (
        f"default-src 'none'; style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    ) == policy
    assert (1, 1) == (len(style), len(script))
    assert [{}] == [about for about in parsed.all("script") if about.get("type") != "application/json"]


def test_everything_from_outside_is_escaped():
    """A payload, a codec, an error, a sentence, a fact and a command full of markup add no element to the page."""
    rows = [
        f.row(BAD, 2_000, cautions=(Caution(name="n", text=BAD),)),
        f.row("json", 3_000, p99_ns=replace(f.TOO_FEW, short=BAD, reason=BAD)),
        f.unmeasured("orjson", Status.FAILED, BAD),
    ]
    table = f.table(rows)
    table = replace(table, payload=replace(table.payload, name=BAD, title=BAD), conditions_words=BAD)
    odd = f.report([table], [], title=BAD, command=BAD, run_id=BAD, started=BAD, serbench=BAD)
    fact = replace(odd.ground.environment[0], label=BAD, value=BAD)
    odd = replace(odd, ground=replace(odd.ground, environment=(fact,), method=(BAD,)))
    codecs = [replace(codec, distribution=BAD, native=BAD, deviations=(BAD,)) for codec in odd.codecs]
    html, parsed = page(replace(odd, codecs=tuple(codecs)), charts=None)
    assert [] == parsed.all("img")
    _, usual = page(f.order_report(), charts=None)
    assert parsed.all("script") == usual.all("script")
    assert ([], []) == (parsed.open, parsed.misnested)
    assert html.count(BAD) == 0
    assert BAD in parsed.words["h1"][0]


def test_the_data_can_be_read_by_tools():
    """The JSON in the page has every case under the columns of the CSV, and no `<` that could end it."""
    table = f.table([f.row("orjson", 2_000), f.unmeasured("json", Status.FAILED, f"died: {BAD} <!--")])
    html, _ = page(f.report([table]))
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, flags=re.DOTALL)
    assert "<" not in text
    data = json.loads(text)
    assert 2 == data["count"]
    assert ["orjson/order/read", "json/order/read"] == data["cases"]["case_id"]
    assert [2_000, None] == data["cases"]["typical_ns"]
    assert f"died: {BAD} <!--" == data["cases"]["reason"][1]
    assert "order" == data["cases"]["payload"]


def test_a_row_has_its_numbers_in_the_units_of_the_heads():
    """Size, times with from where to where, objects and MB a second, and how many times the best it takes."""
    report = f.report([f.table([f.row("orjson", 2_000, size=950), f.row("json", 5_000, size=1_000)])])
    heads = [" ".join(words.split()) for words in Page(table_of(report)).words["th"][:9]]
    assert ["codec", "size B", "typical us", "p50 us", "p99 us", "p99.9 us"] == heads[:6]
    assert ["objects per second", "encoded MB/s", "to best \u00d7"] == heads[6:]
    found = cells(report)
    assert ["950", "2.00 1.98\u20132.02", "2.00 1.96\u20132.04", "4.00 3.20\u20134.80"] == found["orjson"][:4]
    assert ["500\u202f000", "475"] == found["orjson"][5:7]
    assert ["200\u202f000", "200", "2.50 2.45\u20132.55"] == found["json"][5:]


def test_bytes_are_exact():
    """A size in bytes has all its digits: it is counted, not measured."""
    assert ["1234", "99"] == [row[0] for row in cells(_of_sizes(1_234, 99)).values()]
    assert ["12.3", "99.9"] == [row[0] for row in cells(_of_sizes(12_345, 99_871)).values()]


def _of_sizes(one: int, other: int):
    return f.report([f.table([f.row("orjson", 1_000, size=one), f.row("json", 2_000, size=other)])])


def test_decimal_points_stand_below_each_other():
    """A number with fewer decimals than its column is followed by as many digits that are not seen."""
    html = table_of(f.report([f.table([f.row("orjson", 1_230), f.row("msgpack", 45_600), f.row("json", 789_000)])]))
    typical = re.findall(r">([\d.]+)(?:<i>([\d.]+)</i>)?<small>", html)[0::5]
    assert [("1.23", ""), ("45.6", "0"), ("789", ".00")] == typical


def test_a_missing_number_says_why():
    """In the cell stand the few words, below the table the sentence with the codecs that it is about, once."""
    few = {"p99_ns": f.TOO_FEW, "p999_ns": f.TOO_FEW}
    html, parsed = page(f.report([f.table([f.row("orjson", 2_000, **few), f.row("json", 3_000, **few)])]))
    assert 4 == sum(1 for words in parsed.words["td"] if words == "too few calls")
    reason = f.TOO_FEW.reason.replace("--budget", '<span class="option">--budget</span>')  # which no line breaks
    assert 1 == html.count(f"<b>orjson, json</b> {reason}")


def test_what_was_not_measured_says_why_in_its_row():
    """A failed, an incorrect and a skipped case each have a row with the word and the reason, and no numbers."""
    rows = [f.unmeasured(name, status, f"because {name}") for name, status in zip("abc", list(Status)[1:], strict=True)]
    found = cells(f.report([f.table([f.row("orjson", 2_000), *rows])]))
    assert [["incorrect because a"], ["failed because b"], ["skipped because c"]] == [found[name] for name in "abc"]


@pytest.mark.parametrize(
    ("changes", "tags"),
    [
        ({"best": True, "certain": True}, ["fastest"]),
        ({"best": True, "certain": False}, ["shortest"]),
        ({"best": False, "certain": False}, ["not told apart"]),
        ({"best": False, "certain": True}, []),
        ({"baseline": True}, ["baseline"]),
        ({"cautions": (Caution(name="n", text="Take care."),)}, ["caution"]),
        ({"cautions": (Caution(name="disturbed", text="Others ran."),)}, ["disturbed"]),
    ],
)
def test_rows_are_marked(changes, tags):
    """The best is called fastest only where that is sure; what is not told apart, baselines and cautions are marked."""
    row = f.row("mine", 2_000, **({"baseline": False} | changes))
    html, _ = page(f.report([replace(f.table([], headline=False), rows=(row,))]))
    assert tags == re.findall(r'<span class="tag[^"]*">([^<]*)</span>', html)


def test_cautions_and_borrowed_numbers_are_told():
    """Below the table stands what to know of a number, and whose numbers they are where two cases are one."""
    caution = Caution(name="n", text="Singles and batches differ.")
    row = f.row("orjson", 2_000, table="order/dump", same_as="orjson/order/encode", cautions=(caution,))
    html, _ = page(f.report([f.table([row], operation="dump")]))
    assert "<b>orjson</b> Singles and batches differ." in html
    assert "<b>orjson</b> measured as encode" in html


def test_a_row_has_the_colour_that_charts_give_its_codec():
    """The dot of a row and its bar have the class of the codec's line; the longest bar is as wide as its place."""
    _, parsed = page(f.report([f.table([f.row("orjson", 2_000), f.row("msgpack", 5_000)])]))
    assert ["f-blue", "f-vermilion"] == [circle["class"] for circle in parsed.all("circle")]
    assert [("40.0%", "f-blue"), ("100.0%", "f-vermilion")] == [(r["width"], r["class"]) for r in parsed.all("rect")]


def test_tables_can_be_heard():
    """Tables have captions and scoped heads, headings go down one level at a time, and the page says its language."""
    _, parsed = page(f.wide_report(), charts=None)
    assert "en" == parsed.all("html")[0]["lang"]
    assert 15 == len(parsed.all("caption"))
    assert {"col", "row"} == {th["scope"] for th in parsed.all("th")}
    levels = [int(tag[1]) for tag, _ in parsed.elements if re.fullmatch(r"h[1-6]", tag)]
    assert 1 == levels.count(1)
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels))
    assert all(svg.get("aria-hidden") == "true" or svg.get("role") == "img" for svg in parsed.all("svg"))


def test_what_is_behind_a_table_stands_below_it():
    """The slowest calls are open where a table ranks, all else waits to be opened; each command is one to copy."""
    tables = [f.table([f.row("orjson", 2_000)]), f.table([f.row("json", 3_000)], operation="decode", headline=False)]
    html, parsed = page(f.report(tables, cases=()))
    assert [("open" in details) for details in parsed.all("details")] == [True, False, False, False]
    whose, behind = "What the slowest calls were", "What stands behind these numbers"
    assert [whose, behind] * 2 == parsed.words["summary"]
    assert "serbench run order --codec orjson" in parsed.words["code"]
    assert 1 == html.count("unexplained: none of these.")


def test_tails_that_nobody_claims_have_no_table():
    """Where every cell says that there is no tail, there is nothing to be explained."""
    row = f.row("orjson", 60, p99_ns=f.NO_TAIL, p999_ns=f.NO_TAIL)
    _, parsed = page(f.report([f.table([row])], cases=()))
    assert ["What stands behind these numbers"] == parsed.words["summary"]


def test_tables_of_other_passes_stand_with_their_payload():
    """Conditions before the results, sizes after them; numbers at the right, notes and how to read them below."""
    made = [
        Grid(
            title=f"order: {name}",
            payload="order",
            columns=(words("codec", ["orjson"]), Column(head="raw", unit="B", cells=("1.5  (1.25-20000)",))),
            strong=(),
            notes=(f"a note on {name}",),
            legend=("how to read it",),
        )
        for name in ("conditions", "compressed", "memory")
    ]
    html, _ = page(f.order_report(conditions=made[:1], sizes=made[1:2], memory=made[2:]))
    own = Page(html.split('id="payload-order"')[1]).words["h3"]
    heads = [words for words in own if words.split()[0] in ("conditions", "read", "compressed", "memory")]
    assert ["conditions", "read ranks parsing", "compressed", "memory"] == heads
    assert "<td>1.5<small>1.25\u201320\u202f000</small></td>" in html
    assert (3, 1) == (html.count("<li>a note on "), html.count("<li>how to read it</li>"))


def test_a_run_of_other_passes_only_says_so_once_in_a_row():
    """Without times every row says that it was not timed, once, with the option that changes that."""
    run = replace(fakes.run([untimed("json"), untimed("orjson")]), passes=("size",))
    found = cells(build(run))
    assert ["1.00", "not timed", *["\u2013"] * 6] == found["json"]
    told = '<b>json, orjson</b> not timed: the pass time was not asked for <span class="option">(--pass</span> time)'
    assert told in page(build(run))[0]


def untimed(name):
    """A case that was verified and never timed."""
    return fakes.measured(fakes.case(name), ())


class Drawn:
    """A chart that says what it is asked to."""

    def __init__(self, name: str, order: int, *payloads: str) -> None:
        self.name, self.order, self._payloads = name, order, payloads

    def draw(self, _report, /):
        """A figure per payload, all with one description."""
        return tuple(
            Figure(id=f"{self.name}-{p}", title=f"{self.name} {p}", description="How to.", svg="<svg></svg>", payload=p)
            for p in self._payloads
        )


def test_charts_stand_with_their_payload_in_their_order():
    """Charts are ordered by their own place, then by name; those of the whole run have a section of their own."""
    charts = (Drawn("late", 9, "ping", "order"), Drawn("b", 1, "ping"), Drawn("a", 1, "ping", ""))
    _, parsed = page(f.wide_report(), charts=charts)
    assert ["a-ping", "b-ping", "late-ping", "late-order", "a-"] == [figure["id"] for figure in parsed.all("figure")]


def test_how_to_read_a_chart_is_said_once():
    """The description stands with the first figure of a chart, not with every one."""
    html, _ = page(f.wide_report(), charts=(Drawn("a", 1, "ping", "order", "chat"),))
    assert 1 == html.count("How to.")


def test_the_answer_comes_first():
    """Sentences stand before tables, payload by payload; what the run cannot say stands with them."""
    html, _ = page(f.wide_report())
    places = [html.index(text) for text in ("orjson parses ping fastest", "What this run cannot say", "<table")]
    assert sorted(places) == places


def test_the_ground_is_told():
    """Machine, measuring, method, codecs with their deviations in words, and the command stand at the end."""
    html, _ = page(f.order_report())
    for text in ("Fake CPU &lt;1&gt;", "6 a codec", "One sample is one call.", "a tuple comes back as a list"):
        assert text in html.split('id="ground"')[1]
    assert "<code>serbench run --seed 7</code>" in html


def test_times_of_day_are_readable():
    """Start and end stand to the second, for people; exactly, for machines."""
    html, _ = page(f.order_report(started="2026-01-02T03:04:05.678+00:00"))
    assert '<time datetime="2026-01-02T03:04:05.678+00:00">2026-01-02 03:04:05 UTC</time>' in html


def test_very_many_cases_are_brief(monkeypatch):
    """What a payload's tables say is not said again with each case; its times, workers and picture stay."""
    run = f.labelled_run()
    full, _ = page(build(run))
    monkeypatch.setattr(cases, "MOST_IN_FULL", 3)
    brief, parsed = page(build(run))
    assert ([], []) == (parsed.open, parsed.misnested)
    assert full.count('<svg class="strip"') == brief.count('<svg class="strip"') > 3
    assert "histograms of all single calls in run.json, by worker" in brief
    assert full.count("<textarea") > brief.count("<textarea") == 0
    table = Page(full.split("<caption>Times", 1)[1].split("</table>")[0])
    line = next(words for words in parsed.words["p"] if words.startswith("Times "))
    assert all(cell in line for cell in table.words["td"])
    commands = [words for words in parsed.words["code"] if words.startswith("serbench run order --codec")]
    assert len(run.measurements) == len(set(commands)) == len(commands)


def test_a_run_that_was_cut_short_says_so():
    """The head of the page says it, and only then."""
    assert "cut short" in page(f.order_report(complete=False))[0]
    assert "cut short" not in page(f.order_report())[0]


def test_a_page_of_a_run_and_one_of_nothing():
    """What `build` makes of a run becomes a page; so does a report without a single table."""
    _, parsed = page(build(f.labelled_run()), charts=None)
    assert 4 == [table.get("class") for table in parsed.all("table")].count("results")
    assert 5 == len(parsed.all("figure"))
    _, empty = page(f.report([]), charts=None)
    assert ([], []) == (empty.open, empty.misnested)


def test_characters_that_no_page_can_carry_are_replaced():
    """Half a surrogate pair in an error does not keep the page from being written."""
    html, _ = page(f.report([f.table([f.unmeasured("json", Status.FAILED, "died: \ud800 \x00")])]))
    assert "died: \ufffd \ufffd" in html.encode().decode()
