from __future__ import annotations

import json

import fakes
import histories
from compared_runs import JSON, exact
from serbench.compare.history import history
from serbench.compare.history_words import title
from serbench.renderers.json import JsonHistory
from serbench.renderers.markdown import MarkdownHistory
from serbench.renderers.table import TerminalHistory

FULL = histories.full_history()


def test_several_runs_fit_a_terminal_and_end_in_the_answer():
    """Times but the first run's are left out for want of width; ratios never are."""
    text = TerminalHistory(width=100).render(FULL)
    lines = text.splitlines()
    assert title(FULL) == lines[0]
    assert max(map(len, lines)) <= 100
    (orjson,) = [line.split() for line in lines if line.split()[:2] == ["orjson", "decode"]]
    assert ["1.00", "slower", "1.50", "slower", "1.50", "slower", "2.00"] == orjson[-7:]
    assert "left out for want of width: v2, v3, v4, v5" in text
    assert text.rstrip().endswith("each may explain a change.")


def test_a_wide_terminal_has_the_times_as_well():
    """Of every run."""
    lines = map(str.split, TerminalHistory(width=200).render(FULL).splitlines())
    (orjson,) = [line for line in lines if line[:2] == ["orjson", "decode"]]
    assert ["2.00", "2.00", "1.00", "3.00", "slower", "1.50"] == orjson[2:8]


def test_nothing_from_outside_moves_the_cursor():
    """Names of runs and cases with control characters are written out."""
    run = fakes.run([exact(fakes.case("a\x1b[2J"), 1_000)], id="\x1b]0;x")
    assert "\x1b" not in TerminalHistory(width=100).render(history([run] * 3))


def test_several_runs_as_markdown():
    """The answer first, then tables with a column for each run, and which run is which."""
    text = MarkdownHistory().render(FULL)
    assert text.startswith(f"# {title(FULL)}\n\n- {FULL.sentences[0]}\n")
    assert "| codec | operation | v1 us | v2 us | v2/v1 x | v3 us | v3/v1 x |" in text
    assert "| v3 | 20260103T030405Z-beef | 2026-01-03T03:04:05Z | 0.1.0 |" in text


def test_markup_in_names_is_text_in_markdown():
    """Of runs as well as of codecs."""
    run = fakes.run([exact(fakes.case("<img>|x"), 1_000)], id="`<b>`")
    text = MarkdownHistory().render(history([run] * 3, ("<i>", "*", "_")))
    assert not [word for word in ("<img>", "<b>", "<i>") if word in text]


def test_several_runs_as_json():
    """Of each case a point for each run, and a change for each but the first, as a comparison of two has it."""
    body = json.loads(JsonHistory().render(FULL))
    assert ("format", "serbench.history/1") == next(iter(body.items()))
    assert list(histories.NAMES) == [run["name"] for run in body["runs"]]
    assert ("first", "records" in body) == (body["against"], False)
    case = body["cases"][0]
    assert "orjson/order/decode" == case["case"]["id"]
    assert [2_000.0, 2_000.0, 3_000.0] == [point["typical_ns"]["value"] for point in case["points"][:3]]
    assert ["within noise", "slower"] == [change["verdict"] for change in case["changes"][:2]]
    gone = json.loads(JsonHistory().render(history([fakes.run([exact(JSON, 1)]), fakes.run([])])))["cases"][0]
    assert {"missing": "not in it", "reason": "the run has no such case"} == gone["points"][1]["p99_ns"]
