"""`serbench report --charts`: every chart of a run as files."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest

import fake_reports
import serbench
from serbench.store import files


def command(folder, *arguments):
    """`serbench report` in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "serbench", "report", *arguments],
        cwd=folder,
        env=os.environ | {"XDG_CACHE_HOME": str(folder / "cache")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def saved(tmp_path):
    """A folder with a run in `run`, and another one in `other`."""
    for name, run in (("run", fake_reports.labelled_run()), ("other", fake_reports.labelled_run(seed=2))):
        (tmp_path / name).mkdir()
        files.save(replace(run, id=f"2026-{name}"), tmp_path / name)
    return tmp_path


def test_charts_are_written_and_nothing_else(saved):
    """As many files as it says, SVG and PNG of each; no page is rendered, which nobody asked for."""
    result = command(saved, "run", "--charts", "slides")
    written = sorted(path.name for path in (saved / "slides").iterdir())
    assert (0, "", f"charts: slides, {len(written)} files\n") == (result.returncode, result.stdout, result.stderr)
    assert {"bars-order.png", "bars-order.svg", "puts-off-order.png"} < set(written)
    assert not (saved / "run" / "index.html").exists()


def test_other_outputs_are_made_besides(saved):
    """-o has its own place."""
    result = command(saved, "run", "--charts", "slides", "-o", "csv")
    assert 0 == result.returncode
    assert result.stdout.startswith("run_id,case_id,")
    assert (saved / "slides" / "bars-order.svg").exists()


def test_several_runs_have_a_folder_each(saved):
    """Named by their ids: their figures have the same names."""
    result = command(saved, "run", "other", "--charts", "slides")
    assert 0 == result.returncode, result.stderr
    assert ["2026-other", "2026-run"] == sorted(path.name for path in (saved / "slides").iterdir())


@pytest.mark.parametrize("place", ["taken", "taken/below"])
def test_a_file_in_the_place_of_the_folder_is_one_line(saved, place):
    """And exit code 2: nothing was started."""
    (saved / "taken").write_text("mine")
    result = command(saved, "run", "--charts", place)
    assert (2, "") == (result.returncode, result.stdout)
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"serbench: {place}: cannot be written, ")


def test_charts_are_saved_from_python(saved):
    """The same by `serbench.api.save_charts`, of a result or of a run itself."""
    from serbench import api

    result = serbench.load(saved / "run")
    written = api.save_charts(result, saved / "mine")
    assert written
    assert all(path.parent == saved / "mine" and path.stat().st_size > 1_000 for path in written)
