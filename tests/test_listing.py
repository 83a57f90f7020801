"""What there is to choose from, as a table and as JSON."""

from __future__ import annotations

import json

import pytest

from codec_files import codec_file
from serbench import listing
from serbench.errors import UnknownName
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
