from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from itertools import pairwise
from math import log

import pytest

import compared_runs as c
import fakes
import two_sides
from parsed_page import Page
from serbench.charts.base import Figure
from serbench.compare.build import compare
from serbench.compare.parts import Verdict
from serbench.compare.words import headline
from serbench.errors import UsageError
from serbench.gate import words
from serbench.renderers.comparison_page import ComparisonPage

BAD = "</script><img src=x onerror=alert(1)>"


def undrawn(_case):
    """Draws nothing."""


def html(comparison) -> str:
    """The page without drawings."""
    return ComparisonPage(draw=undrawn).render(comparison)


def cells(page: str, label: str) -> list[list[str]]:
    """The texts of the rows of the table in that region."""
    body = page.partition(f'aria-label="{label}"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    body = re.sub(r"<svg.*?</svg>|<span class=\"pad\".*?</span>", "", body, flags=re.DOTALL)
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL) for row in body.split("<tr")[1:]]
    return [[" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in row] for row in rows]


@pytest.fixture(scope="module")
def whole() -> str:
    """The page of every kind of change, with its drawings."""
    return ComparisonPage().render(c.full_comparison())


def test_the_page_is_sound(whole):
    """Every element is closed in its turn, no id stands twice, every link leads to one."""
    page = Page(whole)
    assert ([], []) == (page.open, page.misnested)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {attributes["href"] for tag, attributes in page.elements if tag == "a"}
    assert links <= {f"#{name}" for name in ids}
    assert {"#payload-order", "#payload-chat", "#curves", "#ground"} < links


def test_headings_are_in_order(whole):
    """One first, and no level is left out on the way down."""
    levels = [int(tag[1]) for tag, _ in Page(whole).elements if re.fullmatch(r"h[1-6]", tag)]
    assert 1 == levels.count(1) == levels[0]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_nothing_is_asked_of_any_other_place(whole):
    """No script, no address out of the page, nothing set in style or event attributes; the policy allows the style."""
    page = Page(whole)
    assert not {"script", "img", "iframe", "object"} & {tag for tag, _ in page.elements}
    for _, attributes in page.elements:
        assert "src" not in attributes
        assert attributes.get("href", "#").startswith(("#", "data:,"))
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
    assert {"http://www.w3.org/2000/svg"} == set(re.findall(r"\bhttps?://[^\s\"<]*", whole))
    (style,) = re.findall(r"<style>(.*?)</style>", whole, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}'" in policy


def test_the_answer_stands_first(whole):
    """In words, before every table: the headline, the counts, the largest changes, and how to decide."""
    page = Page(whole)
    assert ["1 of 3 cases slower, 1 faster"] == page.words["h1"]
    before = whole.partition("<table")[0]
    for text in c.full_comparison().sentences:
        assert text.replace("'", "&#39;") in before
    assert "<code>serbench gate --base SIDE --new SIDE</code>" in before


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], "Nothing can be compared"),
        ([Verdict.NOT_COMPARABLE, Verdict.ONLY_IN_NEW], "Nothing can be compared"),
        ([Verdict.WITHIN_NOISE, Verdict.ONLY_IN_BASE], "No case changed beyond noise"),
        ([Verdict.SLOWER], "1 of 1 case slower"),
        ([Verdict.FASTER, Verdict.FASTER, Verdict.WITHIN_NOISE], "2 of 3 cases faster"),
        ([Verdict.FASTER, Verdict.SLOWER, Verdict.SLOWER], "2 of 3 cases slower, 1 faster"),
    ],
)
def test_the_headline_counts_what_can_be_compared(verdicts, expected):
    """Slower first; what cannot be compared is no case of them."""
    change = c.full_comparison().changes[0]
    assert expected == headline([replace(change, verdict=verdict) for verdict in verdicts])


def test_a_table_for_each_payload_and_operation(whole):
    """Base, new and their ratio with its interval, verdict, p99 and size."""
    order = {row[0]: row[1:] for row in cells(whole, "order, decode")}
    assert ["json", "orjson", "msgpack", "pickle"] == list(order)
    verdict, base, new, ratio, bar, p99_base, p99_new, p99_ratio, size, change = order["orjson"]
    assert ("slower", "", "1.00", "same") == (verdict, bar, size, change)
    assert ("2.00", "3.00", "1.50") == tuple(text.partition(" ")[0] for text in (base, new, ratio))
    assert "1.43\u20131.58" == ratio.partition(" ")[2]
    assert ("3.19", "4.78", "1.50") == tuple(text.partition(" ")[0] for text in (p99_base, p99_new, p99_ratio))
    assert "within noise" == order["json"][0]
    ((name, verdict, *_, change),) = cells(whole, "order, encode")
    assert ("orjson", "faster", "+5.0") == (name, verdict, change)


def test_what_cannot_be_compared_says_why(whole):
    """Below its table, with the codec; a case of one run only has one side's numbers, and no word twice."""
    order = {row[0]: row[1:] for row in cells(whole, "order, decode")}
    assert ("not comparable", "failed") == (order["msgpack"][0], order["msgpack"][2])
    assert "<b>msgpack</b> no number in new: failed: the worker died: SIGSEGV" in whole
    assert ["only in base", "\u2013"] == [order["pickle"][0], order["pickle"][2]]
    assert 1 == whole.partition("order, decode")[2].partition("</table>")[0].count("only in base")
    chat = {row[0]: row[1] for row in cells(whole, "chat, decode")}
    assert {"json": "not comparable", "orjson": "only in new"} == chat


def test_a_bar_shows_the_interval_by_ratio():
    """No change in the middle; the largest change of the page says how far bars go, alike in all tables."""
    base, new = c.runs(
        [c.exact(c.JSON, 2_000), c.exact(c.CHAT, 2_000)], [c.exact(c.JSON, 2_000), c.exact(c.CHAT, 2_800)]
    )
    comparison = compare(base, new)
    page = html(comparison)
    assert 2 == page.count('class="number scale">&divide;1.5 to &times;1.5<')
    one, other = re.findall(r'<svg class="interval".*?</svg>', page, flags=re.DOTALL)
    assert '<rect x="49.4" y="2"' in one
    ratio = comparison.changes[1].typical_ratio
    left = round(50 + 50 * log(ratio.low) / log(1.5), 2)
    assert f'<rect x="{left}" y="5"' in other


def test_the_changed_are_drawn_and_the_others_folded(whole):
    """Both runs' percentiles over each other; how to read them is told once."""
    open_, folded = whole.split("2 more, within noise or not comparable")
    names = [re.findall(r'<figure id="sides-(.*?)"', part) for part in (open_, folded)]
    assert [
        ["orjson_2f_order_2f_decode", "orjson_2f_order_2f_encode"],
        ["json_2f_chat_2f_decode", "json_2f_order_2f_decode"],
    ] == names
    assert 1 == re.sub(r"<desc.*?</desc>", "", whole).count("How long calls took on each side")
    assert "left out" not in re.sub(r"<desc.*?</desc>", "", whole)


def test_only_the_most_changed_are_drawn():
    """The largest first; how many are left out is said."""
    drawn = []
    page = ComparisonPage(draw=lambda case: drawn.append(case.case_id), most=3).render(compare(*c.many(8)))
    assert [f"codec-{n}/order/decode" for n in (7, 6, 5)] == drawn
    page = ComparisonPage(
        draw=lambda case: Figure(id=case.case_id.partition("/")[0], title="t", description="", svg="<svg></svg>"),
        most=3,
    ).render(compare(*c.many(8)))
    assert 3 == page.count("<figure")
    assert "5 cases that both runs have timed are left out" in page


def test_in_what_the_runs_differ_stands_before_what_is_alike(whole):
    """Machine, versions and seed of both, side by side."""
    different = {row[0]: row[1:] for row in cells(whole, "What differs")}
    assert ["Fake CPU &lt;1&gt;", "Other CPU"] == different["cpu model"]
    assert (["0.1.0", "0.2.0"], ["7", "8"]) == (different["serbench"], different["seed"])
    alike = {row[0]: row[1:] for row in cells(whole, "What is alike")}
    assert ["3.11.9", "3.11.9"] == alike["Python version"]
    assert not different.keys() & alike
    measured = {row[0]: row[1:] for row in cells(whole, "How the measuring went")}
    assert ["20260102T030405Z-1a2b", c.NEW_ID] == measured["run"]
    assert "5 to 6 per case" == measured["workers"][1]


def test_runs_that_do_not_differ_say_so():
    """In a sentence, without an empty table."""
    run = fakes.run([c.exact(c.JSON, 2_000)])
    page = html(compare(run, run))
    assert "<p>Nothing that is known of machine, system, Python, libraries and settings.</p>" in page
    assert 'aria-label="What differs"' not in page


def test_halves_of_one_gate_are_sent_back_to_it():
    """They were measured in pairs: nothing is said of one after the other, and what decides is named."""
    page = html(compare(*c.halves()))
    assert "measured in 12 pairs of processes: <code>serbench gate --base A --new B</code>" in page
    assert "one after the other" not in page
    assert ["side", "orjson==1", "orjson==2"] in cells(page, "How the measuring went")


def gated():
    """Two halves of a gate, and its verdict about them."""
    verdict = two_sides.full_verdict()
    return compare(*verdict.runs), verdict


def test_the_verdict_of_a_gate_stands_on_top():
    """Its headline is that of the page; its rows come before the cases, the worst first, the unchanged folded."""
    comparison, verdict = gated()
    page = ComparisonPage(draw=undrawn, verdict=verdict).render(comparison)
    parsed = Page(page)
    assert ([], []) == (parsed.open, parsed.misnested)
    assert [words.headline(verdict)] == parsed.words["h1"]
    assert words.finding(verdict) in page
    assert page.index('id="verdict"') < page.index('id="summary"') < page.index('id="payload-order"')
    changed = cells(page, "What changed, or may have")
    rows = [row for row in changed if row[0]]
    assert ["orjson/order/decode", "p50", "regressed"] == rows[0][:3]
    assert ["4.00 us", "4.44 us", "+11.0", "+10.0 to +12.0"] == rows[0][3:7]
    same = [row[2] for row in cells(page, "Unchanged") if row[0]]
    assert {"same"} == set(same)
    assert len(verdict.rows) == len(rows) + len(same)
    assert "The cores were shared with another program." in page
    assert "serbench gate --base orjson==3.10.18" in page
    assert "Where they differ, the verdict holds." in page


def test_the_verdict_is_told_once():
    """The sentence that other outputs have of it is not said again; what the cases say by themselves is."""
    comparison, verdict = gated()
    told = replace(comparison, sentences=(words.summary(verdict), *comparison.sentences))
    page = ComparisonPage(draw=undrawn, verdict=verdict).render(told)
    assert words.summary(verdict) not in page
    assert f"<li>{comparison.sentences[0]}</li>" in page


@pytest.mark.parametrize("order", [(1, 0), (0, 0)])
def test_a_verdict_about_other_runs_is_refused(order):
    """It is never guessed that two belong together: ids are the same, and in the same order."""
    _, verdict = gated()
    ids = ["a", "b"]
    runs = tuple(replace(run, id=name) for run, name in zip(verdict.runs, ids, strict=True))
    own = compare(*runs)
    assert "The verdict" in ComparisonPage(draw=undrawn, verdict=replace(verdict, runs=runs)).render(own)
    for other in (replace(verdict, runs=tuple(runs[n] for n in order)), replace(verdict, runs=None)):
        with pytest.raises(UsageError, match="the verdict is about other runs than the comparison"):
            ComparisonPage(draw=undrawn, verdict=other).render(own)


def test_halves_are_read_by_their_pairs(whole):
    """What a ratio is of stands below the first table: of pairs it is not the one column over the other."""
    page = html(compare(*c.halves()))
    assert "the middle of the pairs' own" in page
    assert "the interval that holds it at 99 %" in page
    assert "no change lies in that interval" in page
    assert "the middle of the pairs" not in whole
    assert "the intervals of both sides meet" in whole


def test_conditions_stand_with_the_codec():
    """As they stand in the case's id."""
    asked = replace(c.JSON, conditions=replace(fakes.CONDITIONS, gc="off"))
    run = fakes.run([c.exact(asked, 2_000)])
    assert "json gc=off" == cells(html(compare(run, run)), "order, decode")[0][0]


def test_hostile_names_are_text():
    """Codecs, payloads, reasons, versions, commands and ids that would be markup are shown as they are."""
    case = fakes.case(BAD, BAD)
    texts = {"id": BAD, "serbench": BAD, "command": (BAD, "\ud800\x1b")}
    base = fakes.run([c.exact(case, 2_000)], **texts)
    new = fakes.run([c.exact(case, 9_000, workers=5)], environment=replace(fakes.ENVIRONMENT, sampler=BAD), **texts)
    page = ComparisonPage().render(compare(base, new))
    parsed = Page(page)
    assert ([], []) == (parsed.open, parsed.misnested)
    assert not {"img", "script"} & {tag for tag, _ in parsed.elements}
    assert page.encode().decode() == page
    assert "\x1b" not in page


def test_nothing_against_nothing_is_a_page():
    """And so is a comparison whose runs are not at hand."""
    empty = Page(html(compare(fakes.run([]), fakes.run([]))))
    assert ([], ["Nothing can be compared"]) == (empty.open, empty.words["h1"])
    bare = html(replace(c.full_comparison(), runs=None))
    assert "<figure" not in bare
    assert {"cpu model", "serbench"} <= {row[0] for row in cells(bare, "What differs")}
