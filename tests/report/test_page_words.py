"""Sentences as the page sets them: what is said once in a row, and what no line breaks."""

from __future__ import annotations

import re

import fakes
import whole_runs
from parsed_page import Page
from serbench.renderers.html import Html
from serbench.report.build import build

LEADS = re.compile(r"\b(Read|Decode|Load|Encode|Dump): ")


def test_an_operation_leads_once_in_a_row():
    """Sentences on tails stand one behind the other there: each has its operation where they are by themselves."""
    report = build(whole_runs.small_run("json", "orjson", payloads=("order",)))
    own = [s.text for s in report.sentences if s.topic == "tail" and s.payload == "order"]
    assert len(own) > len({text.partition(":")[0] for text in own}) > 1
    shown = next(words for words in Page(Html(charts=()).render(report)).words["dd"] if own[0] in words)
    assert ["Decode", "Encode"] == LEADS.findall(shown)
    texts = [LEADS.sub("", text) for text in own]
    assert all(text in shown or text[0].upper() + text[1:] in shown for text in texts)


def test_an_option_is_never_broken():
    """A line ends at a hyphen otherwise; the words are the same."""
    run = fakes.order_run(workers=3)
    report = build(run)
    told = [s.text for s in report.sentences if s.topic == "doubt" and " --budget" in s.text]
    html = Html(charts=()).render(report)
    assert told
    assert all(text in Page(html).words["li"] for text in told)
    assert '<span class="option">--budget</span>' in html
    assert not re.search(r"(?<!<span class=\"option\">)--budget gives", html.partition("<script")[0])
