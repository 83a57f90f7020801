"""What the gate ends with, whoever reads it and wherever it is to be written: the exit code is the verdict's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import two_sides
from serbench.store import files
from two_sides import DECODE

LIMIT_SECONDS = 60
GATE = "{python} -m serbench gate --base {which}/base --new {which}/new --metric p50"
CODES = {"same": 0, "slower": 1}
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with the halves of two gates that were never run."""
    folder = tmp_path_factory.mktemp("endings")
    for which, change in (("same", 1.0), ("slower", 1.2)):
        halves = two_sides.runs({DECODE: [change + 0.001 * (k % 3) for k in range(20)]})
        for side, run in zip(("base", "new"), halves, strict=True):
            (folder / which / side).mkdir(parents=True)
            files.save(run, folder / which / side)
    return folder


def gate(folder, which, *arguments, after="", **environment):
    """The gate of two saved halves, in a shell."""
    command = GATE.format(python=sys.executable, which=which) + "".join(f" {word}" for word in arguments) + after
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=clean | environment,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )


@pytest.mark.parametrize("which", CODES)
@pytest.mark.parametrize("after", ["", " | true; exit ${PIPESTATUS[0]}", " >&-", " 2>&-"])
@pytest.mark.parametrize("output", ["table", "json"])
def test_nobody_who_reads_is_no_verdict(home, which, after, output):
    """A pipe that was closed, or a stream that never was there: neither a regression nor a pass."""
    result = gate(home, which, "-o", output, after=after)
    assert CODES[which] == result.returncode, result.stderr
    assert "Traceback" not in result.stderr


@full
@pytest.mark.parametrize(("which", "code"), [("same", 4), ("slower", 1)])
def test_a_full_stdout_hides_no_regression(home, which, code):
    """What could not be printed fails a pass, and leaves a regression one; the reason is told, the rest is written."""
    result = gate(home, which, "-o", "table", "-o", f"json={which}.json", after=" >/dev/full")
    assert code == result.returncode
    assert "serbench: stdout: cannot be written, no space left on device; make room or " in result.stderr
    assert json.loads((home / f"{which}.json").read_text())["rows"]


@full
@pytest.mark.parametrize(("which", "code"), [("same", 4), ("slower", 1)])
def test_an_output_that_fails_at_the_end_keeps_no_other_from_being_written(home, which, code):
    """One line for each, and the exit code as for a full stdout."""
    result = gate(home, which, "-o", "json=/dev/full", "-o", "html=/dev/full", "-o", f"junit={which}.xml")
    assert code == result.returncode
    assert 2 == result.stderr.count("serbench: /dev/full: cannot be written, no space left on device")
    assert "<testsuite" in (home / f"{which}.xml").read_text()


@pytest.mark.parametrize("which", CODES)
def test_a_summary_that_cannot_be_written_changes_nothing(home, which):
    """A warning; the verdict is in the log all the same."""
    result = gate(home, which, GITHUB_STEP_SUMMARY=str(home / "none" / "summary.md"))
    assert CODES[which] == result.returncode
    assert "the job's summary cannot be written, no such file or directory; the verdict is what it is" in result.stderr


@pytest.mark.parametrize(
    ("outputs", "words"),
    [
        (["json=same"], "same: a folder; name a file in it"),
        (["json=none/a.json"], "none/a.json: its folder is not there; make it first"),
        (["json=a.out", "junit=./a.out"], "./a.out: two outputs would be written to it"),
        (["json=link.out", "junit=linked.out"], "linked.out: two outputs would be written to it"),
    ],
)
def test_a_place_where_nothing_can_lie_is_found_before_anything_is_measured(home, outputs, words):
    """Sides that would take long to make are not even looked at."""
    if not (home / "link.out").is_symlink():
        (home / "link.out").symlink_to("linked.out")
    command = [sys.executable, "-m", "serbench", "gate", "--base", "orjson==3.10.18", "--new", "orjson==3.13.0"]
    command += [word for output in outputs for word in ("-o", output)]
    result = subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)
    assert 2 == result.returncode
    assert result.stderr.startswith(f"serbench: {words}")
    assert not (home / "reports").exists()


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="there is no folder that not even root can write to")
def test_a_folder_that_nobody_may_write_to_is_found_before_measuring(home):
    """Whoever one is."""
    result = gate(home, "same", "-o", "json=/proc/verdict.json")
    assert (2, "") == (result.returncode, result.stdout)
    assert "/proc/verdict.json: cannot be written, no such file or directory; " in result.stderr


def test_an_encoding_without_lines_is_no_regression(home):
    """The rules of a table are no ASCII."""
    result = gate(home, "slower", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert 1 == result.returncode
    assert "regressed" in result.stdout
    assert "Traceback" not in result.stderr


def test_a_fault_of_serbench_is_no_regression(home):
    """Its traceback is shown, and it ends with 4; Python would end with 1."""
    code = "import serbench.gating as g, runpy, sys; g.decide = None; "
    code += "runpy.run_module('serbench', run_name='__main__')"
    command = [sys.executable, "-c", code, "gate", "--base", "same/base", "--new", "same/new"]
    result = subprocess.run(command, cwd=home, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False)
    assert 4 == result.returncode
    assert "TypeError: 'NoneType' object is not callable" in result.stderr


def test_the_command_of_a_saved_verdict_decides_the_same(home):
    """With its metrics, tolerances, strictness and policy."""
    result = gate(home, "slower", "--tolerance", "90%", "--strict", "-o", "json")
    words = "serbench gate --base slower/base --new slower/new --metric p50 --tolerance 90% --strict"
    assert words.split() == json.loads(result.stdout)["command"]


def test_a_negative_seed_is_refused(home):
    """As in the policy."""
    result = gate(home, "same", "--seed", "-1")
    assert 2 == result.returncode
    assert "Invalid value for '--seed'" in result.stderr
