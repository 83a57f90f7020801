from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest

import two_sides as t
from parsed_page import Page
from serbench.charts.base import Figure
from serbench.records.verdict import Outcome, Row, SideInfo
from serbench.renderers.verdict_page import NO_CHARTS, VerdictPage

BAD = "</script><img src=x onerror=alert(1)>"


def undrawn(_case):
    """Draws nothing."""


def html(verdict) -> str:
    """The page without drawings."""
    return VerdictPage(draw=undrawn).render(verdict)


def cells(page: str, label: str) -> list[list[str]]:
    """The texts of the rows of the table in that region."""
    body = page.partition(f'aria-label="{label}"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    body = re.sub(r"<svg.*?</svg>", "", body, flags=re.DOTALL)
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL) for row in body.split("<tr")[1:]]
    return [[" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in row] for row in rows]


@pytest.fixture(scope="module")
def whole() -> str:
    """The page of every kind of row, with its drawings."""
    return VerdictPage().render(t.full_verdict())


def test_the_page_is_sound(whole):
    """Every element is closed in its turn, no id stands twice, every link leads to one."""
    page = Page(whole)
    assert ([], []) == (page.open, page.misnested)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {attributes["href"] for tag, attributes in page.elements if tag == "a"}
    assert links <= {f"#{name}" for name in ids}
    assert {"#rows", "#cases", "#sides", "#decided"} < links


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
    own = f"style-src 'sha256-{digest}'"
    assert f"default-src 'none'; {own}; img-src data:; base-uri 'none'; form-action 'none'" == policy


def test_the_verdict_stands_first(whole):
    """In words, before every table; with the sides and the exit code."""
    page = Page(whole)
    assert ["Regression in 1 metric"] == page.words["h1"]
    assert "1 of 11 metrics of 4 cases regressed" in whole.split("<table")[0]
    assert "Base orjson==3.10.18 · new orjson==3.13.0" in whole
    assert "exit code 1" in whole


def test_rows_stand_worst_first_with_their_numbers(whole):
    """What fails, what is warned of, what is open, what was let pass, what improved; reasons below their rows."""
    rows = cells(whole, "What changed, or may have")
    verdicts = [row[2] for row in rows if len(row) > 2]
    assert [
        "regressed",
        "regressed",
        "not comparable missing",
        "inconclusive",
        "regressed",
        "improved",
    ] == verdicts
    assert [
        *("orjson/order/decode", "p50", "regressed", "4.00 us", "4.44 us"),
        *("+11.0", "+10.0 to +12.0", "", "5", "+3.0", "0.00050"),
    ] == rows[0]
    remarks = [row[1] for row in rows if len(row) == 2]
    assert "accepted: a safer parser (commit 0123abc, until 2027-01-31)" in remarks
    assert "about 12 more pairs would tell" in remarks


def test_a_bar_shows_the_interval_in_tolerances():
    """No change in the middle; the trip point at half a tolerance; what is beyond four of them stands at the end."""
    far = t.row(t.DECODE, "p50", Outcome.REGRESSED, change=0.5, interval=(0.4, 0.6))
    near = t.row(t.DECODE, "p10", Outcome.REGRESSED, change=0.05, interval=(0.0, 0.1))
    one, other = re.findall(r'<svg class="interval".*?</svg>', html(t.verdict([far, near])), flags=re.DOTALL)
    assert 'd="M 56.25 1 V 15"' in one
    assert 'x="98.5" y="5" width="1.5"' in one
    assert 'x="50.0" y="5" width="25.0"' in other


def test_unchanged_rows_are_folded(whole):
    """Their number is told; where nothing else is there they stand open."""
    assert "<summary>5 unchanged</summary>" in whole
    assert re.search(r"<details>\s*<summary>5 unchanged", whole)
    same = html(t.verdict([t.row(t.CHAT)]))
    assert "<p>Nothing changed.</p>" in same
    assert re.search(r"<details open>\s*<summary>1 unchanged", same)


def test_each_case_is_drawn_and_the_unchanged_are_folded(whole):
    """How to read it is told once; what needs no attention is behind a line."""
    open_, folded = whole.split("1 case in which nothing changed")
    assert ["sides-orjson_2f_order_2f_decode", "sides-orjson_2f_order_2f_encode"] == re.findall(
        r'<figure id="(.*?)"', open_
    )
    assert ["sides-json_2f_chat_2f_decode"] == re.findall(r'<figure id="(.*?)"', folded)
    assert 1 == re.sub(r"<desc.*?</desc>", "", whole).count("The dashed line is the trip point")


def test_without_samples_a_sentence_says_so():
    """And only then."""
    verdict = t.full_verdict()
    assert NO_CHARTS not in html(verdict)
    bare = VerdictPage().render(replace(verdict, runs=None))
    assert NO_CHARTS in bare
    assert "<figure" not in bare


def test_runs_without_pairs_say_why():
    """Lines without dots have their reason below."""
    verdict = t.full_verdict()
    saved = replace(verdict, mode="saved", runs=tuple(replace(run, pairing=None) for run in verdict.runs))
    page = VerdictPage().render(saved)
    assert 3 == page.count("No pairs are shown: the two runs were not measured in pairs")
    assert 3 == page.count("<figure id=")


def test_the_sides_are_told_apart(whole):
    """What was asked for, versions, and where modules came from; what one side lacks is a dash."""
    rows = cells(whole, "The sides")
    assert ["orjson", "3.10.18", "3.13.0"] in rows
    assert ["orjson came from", "site-packages/orjson/__init__.py", "\u2013"] in rows
    assert ["sampler", "native", "native"] in rows


def test_how_it_was_decided_and_how_to_do_it_again(whole):
    """Stage, swaps, seed, notes, ratios and the command, quoted for a shell."""
    assert "4,096 swaps of whole pairs, seed 7" in whole
    assert "<li>The cores were shared with another program.</li>" in whole
    assert [["orjson/order/decode", "json/chat/decode", "0.251", "0.274"]] == cells(
        whole, "How codecs compare in each run"
    )
    assert "serbench gate --base orjson==3.10.18 --new orjson==3.13.0 &#39;a payload&#39;" in whole


def test_an_interval_without_an_end_is_told():
    """With too few pairs nothing is excluded, and nothing would have been caught."""
    row = t.row(t.DECODE, "p50", Outcome.INCONCLUSIVE, interval=(-1.0, float("inf")), detectable=float("inf"))
    ((*_, interval, _, _, detectable, _),) = cells(html(t.verdict([row])), "What changed, or may have")
    assert ("-100.0 to any", "none") == (interval, detectable)


def test_hostile_names_are_text():
    """Sides, cases, causes, reasons, notes and packages that would be markup are shown as they are."""
    row = Row(case_id=BAD, metric="p50", outcome=Outcome.NOT_COMPARABLE, cause=BAD, reason=BAD + "\ud800\x1b[31m")
    side = SideInfo(asked=BAD, python=BAD, packages={BAD: BAD}, origins={BAD: BAD}, sampler=BAD)
    texts = {"notes": (BAD,), "command": (BAD, "\ud800\x1b"), "serbench": BAD, "started": BAD}
    page = html(t.verdict([row], base=side, new=side, **texts))
    parsed = Page(page)
    assert ([], []) == (parsed.open, parsed.misnested)
    assert not {"img", "script"} & {tag for tag, _ in parsed.elements}
    assert page.encode().decode() == page
    assert "\x1b" not in page


def test_a_verdict_over_nothing_is_a_page():
    """It says so."""
    page = Page(html(t.verdict([], pairs=0, swaps=0)))
    assert ([], ["Nothing was compared"]) == (page.open, page.words["h1"])


def test_a_figure_of_ones_own():
    """Whoever calls may draw otherwise."""
    draw = VerdictPage(draw=lambda case: Figure(id="f", title=case.case_id, description="", svg="<svg></svg>"))
    verdict = t.verdict([t.row(t.DECODE, outcome=Outcome.REGRESSED)], t.runs({t.DECODE: [1.0] * 12}))
    assert '<figure id="f">' in draw.render(verdict)
