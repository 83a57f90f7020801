"""`serbench compare` of several runs, and the same from Python."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import histories
import serbench
from serbench import api
from serbench.compare.parts import Comparison
from serbench.errors import UsageError
from serbench.store import files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Five runs, v1 to v5."""
    place = tmp_path_factory.mktemp("several")
    for name, run in zip(histories.NAMES, histories.releases(), strict=True):
        files.save(run, files.open_folder(place / name, force=False))
    return place


def compare(folder, *words):
    """The command."""
    return subprocess.run(
        [sys.executable, "-m", "serbench", "compare", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_several_runs_are_shown_side_by_side(folder):
    """By the names of their folders; it exits 0 whatever has changed."""
    done = compare(folder, *histories.NAMES, "-o", "json", "-o", "html=page.html", "-o", "markdown=all.md")
    assert (0, "") == (done.returncode, done.stderr)
    assert list(histories.NAMES) == [run["name"] for run in json.loads(done.stdout)["runs"]]
    assert "v5 against v1" in (folder / "page.html").read_text()
    assert (folder / "all.md").read_text().startswith("# 1 of 4 cases slower")


def test_each_can_be_held_against_the_one_before(folder):
    """Which the table's heads say."""
    done = compare(folder, *histories.NAMES, "--against", "previous")
    assert 0 == done.returncode
    assert "v5/v4" in done.stdout
    assert "v5/v1" not in done.stdout


def test_redacted_runs_have_numbers_for_names(folder):
    """A folder may be named after a user."""
    done = compare(folder, "v1", "v2", "v3", "--redact", "-o", "json")
    assert ["run 1", "run 2", "run 3"] == [run["name"] for run in json.loads(done.stdout)["runs"]]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["v1"] * 13, "13 runs: no more than 12 can stand side by side; leave out some"),
        (["nowhere"] * 13, "13 runs: no more than 12 can stand side by side; leave out some"),
        (["v1", "v2", "v3", "--against", "last"], "unknown run to be held against 'last'; known: first, previous"),
        (["v1", "v2", "--against", "prevous"], "unknown run to be held against 'prevous'; did you mean previous?"),
        (["v1", "v2", "nowhere"], "nowhere: no such file"),
        (["v1", "v2", "v3", "-o", "csv"], "output 'csv' needs a run"),
    ],
)
def test_what_cannot_be_compared_is_one_line(folder, words, line):
    """And exit code 2."""
    done = compare(folder, *words)
    assert (2, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith(f"serbench: {line}")
    assert 1 == done.stderr.count("\n")


def test_several_runs_from_python(folder):
    """Two are a comparison, more are a history, of results or of runs."""
    results = [serbench.load(folder / name) for name in histories.NAMES]
    made = serbench.compare(*results)
    assert histories.full_history() == made
    assert isinstance(serbench.compare(*results[:2]), Comparison)
    assert histories.full_history("previous").cases == serbench.compare(*results, against="previous").cases
    runs = serbench.compare(*histories.releases()[:3]).runs
    assert ["run 1", "run 2", "run 3"] == [run.name for run in runs]
    assert api.render(made).startswith("1 of 4 cases slower")
    with pytest.raises(UsageError, match="no more than 12"):
        serbench.compare(*results, *results, *results)
