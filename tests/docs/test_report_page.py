"""The page on the report: its commands do what is said beside them."""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest

import fakes
from docs_examples import DOCS, blocks
from serbench.store import files

PAGE = DOCS / "report.md"
(SHELL,) = blocks(PAGE, "sh")
COMMANDS = [shlex.split(line, comments=True) for line in SHELL.splitlines() if line.strip()]
LEAVES = {
    "-o markdown": (),
    "--charts": ("slides/percentiles-order.svg", "slides/percentiles-order.png"),
    "--redact": ("reports/latest/index.redacted.html", "reports/latest/run.redacted.json"),
    "compare": ("compare.html",),
    "report reports/latest": ("reports/latest/index.html",),
}


@pytest.mark.parametrize("command", COMMANDS, ids=shlex.join)
def test_a_command_leaves_what_it_says(command, tmp_path):
    """It ends well, and the files are there."""
    for name in ("latest", "before", "after"):
        files.save(fakes.order_run(), files.open_folder(tmp_path / "reports" / name, force=False))
    assert "serbench" == command[0]
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert 0 == done.returncode, done.stderr
    left = next(paths for words, paths in LEAVES.items() if words in shlex.join(command))
    assert [] == [path for path in left if not (tmp_path / path).stat().st_size]
