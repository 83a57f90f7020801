from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise

import pytest

import compared_runs as c
import fakes
import histories
from parsed_page import Page
from serbench.charts.base import Figure
from serbench.compare.history import history
from serbench.renderers.history_page import HistoryPage

BAD = "</script><img src=x onerror=alert(1)>"


def drawing(case_id, lines):
    """A drawing that says what it is of."""
    words = " ".join(line.name for line in lines)
    return Figure(id=f"runs-{len(case_id)}", title=case_id, description="how", svg=f"<svg><desc>{words}</desc></svg>")


def cells(page: str, label: str) -> list[list[str]]:
    """The texts of the rows of the table in that region."""
    body = page.partition(f'aria-label="{label}"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    body = re.sub(r"<svg.*?</svg>|<span class=\"pad\".*?</span>", "", body, flags=re.DOTALL)
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL) for row in body.split("<tr")[1:]]
    return [[" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in row] for row in rows]


@pytest.fixture(scope="module")
def whole() -> str:
    """The page of five runs, with its drawings."""
    return HistoryPage().render(histories.full_history())


def test_the_page_is_sound(whole):
    """Every element is closed in its turn, no id stands twice, every link leads to one, headings are in order."""
    page = Page(whole)
    assert ([], []) == (page.open, page.misnested)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {attributes["href"] for tag, attributes in page.elements if tag == "a"}
    assert {"#payload-order", "#payload-chat", "#curves", "#ground"} < links <= {f"#{name}" for name in ids}
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert 1 == levels.count(1) == levels[0]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_nothing_is_asked_of_any_other_place(whole):
    """No script, nothing set in style or event attributes; the policy allows the page's own style."""
    page = Page(whole)
    assert not {"script", "img", "iframe", "object"} & {tag for tag, _ in page.elements}
    for _, attributes in page.elements:
        assert not [name for name in attributes if name in {"style", "src"} or name.startswith("on")]
    (style,) = re.findall(r"<style>(.*?)</style>", whole, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}'" in policy


def test_the_answer_stands_first(whole):
    """How it went, against what, and the largest changes: before every table of cases."""
    assert ["1 of 4 cases slower, 1 faster: v5 against v1"] == Page(whole).words["h1"]
    before = whole.partition('class="history"')[0]
    sentences = histories.full_history().sentences
    assert sentences[0] in before
    for text in sentences[5:]:
        assert text.replace("'", "&#39;") in before


def test_run_by_run_cases_are_counted(whole):
    """What each is held against, how many cases went which way, and which run it is."""
    rows = cells(whole, "Run by run")
    assert ["v1", *["\u2013"] * 5] == rows[0][:6]
    assert ["v3", "v1", "2", "0", "2", "1"] == rows[2][:6]
    assert ["v5", "v1", "1", "1", "2", "1"] == rows[4][:6]
    assert ["2026-01-05 03:04:05 UTC", "20260105T030405Z-beef"] == rows[4][6:]
    previous = HistoryPage(draw=drawing).render(histories.full_history("previous"))
    assert ["\u2013", "v1", "v2", "v3", "v4"] == [row[1] for row in cells(previous, "Run by run")]


def test_a_column_for_each_run(whole):
    """Time, verdict in words where something moved, ratio and its interval."""
    rows = {row[0]: row[2:] for row in cells(whole, "order, decode")}
    assert ["orjson", "json", "msgpack", "pickle"] == list(rows)
    assert "2.00" == rows["orjson"][0]
    assert "3.00 slower \xd71.50 1.43\u20131.58" == rows["orjson"][2]
    assert ["failed", "3.00 \xd71.00 0.951\u20131.05"] == rows["msgpack"][2:4]
    assert ["not in it", "4.00 new"] == rows["pickle"][2:4]
    chat = {row[0]: row[2:] for row in cells(whole, "chat, decode")}
    assert ["not in it", "? \xd72.00 1.91\u20132.09"] == [chat["json"][1], chat["json"][4].partition(" ")[2]]


def test_p99_and_sizes_are_folded(whole):
    """Behind the typical times; a size that changed is exact."""
    rows = {row[0]: row[1:] for row in cells(whole, "order, decode, p99")}
    assert "\xd71.50" == rows["orjson"][2].split()[1]
    ((name, *sizes),) = cells(whole, "order, encode, encoded size")
    assert ("orjson", "1.05 +5.0 %") == (name, sizes[3])
    assert 'aria-label="order, decode, encoded size"' not in whole
    assert 2 == whole.count("Encoded sizes are the same in all runs.")


def test_each_case_has_its_trend(whole):
    """A drawing with words for those who do not see it."""
    labels = [a["aria-label"] for tag, a in Page(whole).elements if tag == "svg" and a.get("class") == "trend"]
    assert 6 == len(labels)
    assert "100, 100, 150, 150, 200 % of the first" == labels[0]


def test_curves_of_the_most_changed_are_drawn_first():
    """How many are left out is said, and of many runs which are drawn."""
    page = HistoryPage(draw=drawing, most=2).render(histories.full_history())
    titles = re.findall(r"<figcaption>\s*<h3>(.*?)</h3>", page)
    assert ["orjson/order/decode", "json/chat/decode"] == titles
    assert "The most changed are drawn; 4 cases are left out." in page
    assert 1 == page.count(">how")
    assert "runs the first and the last" not in page
    many = HistoryPage(draw=drawing).render(history([fakes.run([c.exact(c.JSON, 1_000)])] * 8))
    assert "Of 8 runs the first and the last 5 are drawn." in many
    assert "<desc>run 1 run 4 run 5 run 6 run 7 run 8</desc>" in many


def test_what_runs_stand_on_is_side_by_side(whole):
    """What differs with a value of each run; what is alike once."""
    different = {row[0]: row[1:] for row in cells(whole, "What differs")}
    assert ["0.1.0"] * 4 + ["0.2.0"] == different["serbench"]
    assert ["7", "7", "7", "7", "8"] == different["seed"]
    alike = {row[0]: row[1:] for row in cells(whole, "What is alike")}
    assert ["3.11.9"] == alike["Python version"]
    measured = {row[0]: row[1:] for row in cells(whole, "How the measuring went")}
    assert "20260103T030405Z-beef" == measured["run"][2]


def test_hostile_names_are_text():
    """Codecs, payloads, runs and versions that would be markup are shown as they are."""
    run = fakes.run([c.exact(fakes.case(BAD, BAD), 2_000)], id=BAD, serbench=BAD, command=(BAD, "\ud800\x1b"))
    page = HistoryPage().render(history([run, run, run], ("<b>", "&", '"')))
    parsed = Page(page)
    assert ([], []) == (parsed.open, parsed.misnested)
    assert not {"img", "script", "b "} & {tag for tag, _ in parsed.elements}
    assert "&lt;b&gt;" in page
    assert page.encode().decode() == page
    assert "\x1b" not in page


def test_empty_runs_are_a_page():
    """Nothing breaks where there is nothing."""
    page = Page(HistoryPage().render(history([fakes.run([])] * 3)))
    assert ([], ["Nothing can be compared: run 3 against run 1"]) == (page.open, page.words["h1"])
