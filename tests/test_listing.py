"""What there is to choose from, as a table and as JSON; and what a run would measure, in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import fakes
from codec_files import codec_file
from serbench import listing
from serbench.errors import UnknownName
from serbench.harness.plan import Setting, Spooled, plan
from serbench.harness.probe import Prospect
from serbench.records.cases import Operation

KINDS = ("codecs", "payloads", "operations", "suites", "outputs")


@pytest.fixture(autouse=True)
def surroundings(tmp_path_factory, monkeypatch):
    """One cache for all, and a terminal of 100 columns."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "listing"))
    monkeypatch.setenv("COLUMNS", "100")


def rows(what, **options):
    """The rows of a listing."""
    return json.loads(listing.show(what, output="json", **options))


@pytest.mark.parametrize("what", KINDS)
def test_rows_are_alike(what):
    """All have the same keys in the same order, no two the same name, and the text ends in a newline."""
    found = rows(what)
    assert [list(found[0])] * len(found) == [list(row) for row in found]
    assert len(found) == len({tuple(row.values())[:2].__repr__() for row in found})
    assert {True} == {listing.show(what, output=output).endswith("\n") for output in ("json", "table")}


@pytest.mark.parametrize("what", KINDS)
def test_an_unknown_output_is_named(what):
    """With the two that there are."""
    with pytest.raises(UnknownName, match=r"^unknown output 'tabel'; did you mean table\?$"):
        listing.show(what, output="tabel")


def test_operations_and_outputs_are_told():
    """Every operation; an output for runs and comparisons once for each."""
    assert [str(operation) for operation in Operation] == [row["operation"] for row in rows("operations")]
    found = {(row["output"], row["needs"]) for row in rows("outputs")}
    assert {("html", "run"), ("table", "run"), ("table", "comparison")} <= found


def test_a_codec_file_is_listed_with_the_codecs(tmp_path):
    """With what it says of itself; the standard library has Python's version."""
    file = codec_file(tmp_path, "mine")
    *_, mine = rows("codecs", codec_files=[file])
    assert ("mine", "json", "plain", "C", "") == tuple(
        mine[key] for key in ("codec", "format", "model", "native", "notes")
    )
    assert mine["library"].startswith("Python 3.")
    assert "mine" in listing.show("codecs", output="table", codec_files=[file])


def test_a_codec_that_cannot_be_used_says_why(monkeypatch, tmp_path):
    """In place of what is not known of it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "orjson.py").write_text("raise ImportError('built for another Python')\n")
    row = next(row for row in rows("codecs") if row["codec"] == "orjson")
    assert ("", "", "") == (row["format"], row["model"], row["library"])
    assert "broken: it raised ImportError: built for another Python" == row["notes"]


def test_a_column_that_says_nothing_is_left_out():
    """Of the table; JSON has it. Numbers stand at the right."""
    made = [{"name": "a", "n": 7, "empty": "", "none": []}, {"name": "bb", "n": 1000, "empty": "", "none": []}]
    assert ["name     n", "a        7", "bb    1000"] == listing._table(made, colour=False).splitlines()


def test_a_long_cell_is_folded_and_not_cut():
    """Names stay whole, and all of what does not fit is there; brackets are no markup."""
    words = [f"word{n}" for n in range(60)]
    row = {"name": "[bold]a-name[/bold]", "words": " ".join(words), "path": "=" * 150, "list": ["x", "y"]}
    text = listing._table([row], colour=False)
    assert "[bold]a-name[/bold]" in text
    assert words == [word for word in text.split() if word.startswith("word") and word != "words"]
    assert "x, y" in text
    assert 150 == text.count("=")
    assert max(map(len, text.splitlines())) <= 100


def test_colour_is_for_terminals():
    """Not a control character without it."""
    made = [{"name": "a"}]
    assert ["\x1b" in listing._table(made, colour=colour) for colour in (True, False)] == [True, False]


def planned(codecs, operations, found=None, passes=("time", "size")):
    """The plan of a payload of 64 instances, in words, for 6 seconds."""
    payload = Spooled(info=fakes.payload(), path=Path("order"), instances_default=True)
    return listing.plan(plan(codecs, [payload], operations, [Setting()]), 6.0, found or Prospect(), passes).splitlines()


def test_a_plan_in_words():
    """What is measured and over how many instances, what is shown as another, what is skipped and why."""
    broken = fakes.replace(fakes.codec("orjson"), unavailable="pip install orjson")
    expected = [
        "2 cases in 6 s, 3 s a case; passes: time, size",
        "  json/order/encode  64 instances",
        "  json/order/read  64 instances",
        "  json/order/dump  shown as json/order/encode",
        "  orjson/order/dump  skipped: pip install orjson",
        "  orjson/order/read  skipped: pip install orjson",
    ]
    assert expected == planned([fakes.codec("json"), broken], [Operation.DUMP, Operation.READ])


def test_a_plan_of_nothing():
    """Where all is skipped there is no division by none."""
    assert ["0 cases in 6 s, 6 s a case; passes: memory"] == planned([], [Operation.READ], passes=("memory",))


def expected_of(ns, calls, *, floor=50.0, workers=6, problems=None):
    """What was found of the one case that there is."""
    case = "json/order/read"
    numbers = {"ns_per_call": {case: ns}, "floor_ns": {case: floor}, "calls": {case: calls}}
    return Prospect(workers=workers, problems={case: problems} if problems else {}, **numbers)


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        (
            expected_of(3_100.0, 45_123),
            [
                "about 6 workers a case, which is enough for intervals",
                "  json/order/read  64 instances, about 3.10 us a call, some 45,000 single calls",
            ],
        ),
        (
            expected_of(3_100.0, 4_512, workers=5),
            [
                "about 5 workers a case: no intervals, which take 6; give a longer --budget",
                "  json/order/read  64 instances, about 3.10 us a call, some 4,500 single calls: no p99.9",
                "p99.9 takes 10,000 calls: 1 case cannot earn it; give a longer --budget or fewer cases",
            ],
        ),
        (
            expected_of(999.0, 1_000_000, workers=1),
            [
                "about 1 worker a case: no intervals, which take 6; give a longer --budget",
                "  json/order/read  64 instances, about 999 ns a call, some 1,000,000 single calls: no tail",
                "1 case too short for single readings: the typical time is shown, no tail",
            ],
        ),
        (
            expected_of(3_100.0, 45_123, problems="hangs"),
            [
                "about 6 workers a case, which is enough for intervals",
                "  json/order/read  64 instances, will fail: hangs",
            ],
        ),
    ],
)
def test_what_may_be_expected_of_a_plan(found, lines):
    """Workers, the length of a call, single calls, and the percentiles that there are too few for."""
    assert lines == planned([fakes.codec("json")], [Operation.READ], found)[1:]
