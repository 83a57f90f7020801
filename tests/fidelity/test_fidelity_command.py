"""`serbench fidelity`, as its user meets it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from serbench.cli.fidelity_command import fidelity
from serbench.errors import UnknownName, UnusableFile, UsageError
from serbench.fidelity.budget import MOST_INPUTS, Budget, input_bytes, read

HARMFUL = str(Path(__file__).parent / "harmful_codecs.py")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the command in a folder, with a cache of its own; raises what it raises."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    app = typer.Typer()
    app.command()(fidelity)

    def run(*words):
        result = CliRunner().invoke(app, words, catch_exceptions=True)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture(autouse=True)
def _own_signals(monkeypatch):
    """The tests' own Ctrl-C stays what it is."""
    monkeypatch.setattr("serbench.stop.Stop.listen", lambda _: None)


def test_it_prints_the_matrix(run, tmp_path):
    """And leaves nothing but what the next run's report will want."""
    result = run("-c", "json,pickle")
    assert 0 == result.exit_code
    assert result.output.startswith("What comes back of 50 values through 2 codecs\n")
    assert 2 == len(list((tmp_path / "cache" / "serbench").glob("fidelity-*.json")))
    assert ["cache"] == [path.name for path in tmp_path.iterdir()]


def test_outputs_go_where_they_are_told(run, tmp_path):
    """To files, beside the matrix; or to stdout, in its place."""
    result = run("-c", "json", "-o", "json=found.json", "-o", "markdown")
    assert result.output.startswith("## What comes back of 50 values\n")
    assert "What comes back of 50 values through 1 codec\n" not in result.output
    assert "serbench.fidelity/1" == json.loads((tmp_path / "found.json").read_text())["format"]


def test_an_attack_keeps_what_it_finds_and_the_command_repeats_it(run, tmp_path):
    """Of codecs in a file, too; another file is fed to all of it."""
    result = run("-c", f"{HARMFUL},!spins*", "--attack", "40", "--keep", "kept")
    assert 0 == result.exit_code
    assert "Decoders under broken input, seed 1" in result.output
    files = sorted((tmp_path / "kept").glob("dies-on-short-crash-*.bin"))
    command = files[0].with_suffix(".txt").read_text().splitlines()[-1]
    assert f"serbench fidelity -c {HARMFUL} --input kept/{files[0].name}" == command
    fed = run("-c", f"{HARMFUL},!spins*", "--input", f"kept/{files[0].name}")
    assert "dies-on-short: crash: killed by SIGSEGV during decode" in fed.output.splitlines()
    assert "refuses-short: refused: ValueError: not that" in fed.output.splitlines()


@pytest.mark.parametrize(
    ("words", "error", "text"),
    [
        (["-o", "csv"], UnknownName, "unknown output 'csv'; known: json, markdown, table"),
        (["-o", "json=no/such/place"], UsageError, "no/such/place: its folder is not there; make it first"),
        (["--attack", "soon"], UsageError, "--attack 'soon': write it as a number of inputs, 2000, or as a time, 60s"),
        (["--attack", "0"], UsageError, "--attack 0: inputs must be 1 to 100,000,000"),
        (["--input", "nothing"], UnusableFile, "nothing: cannot be read, no such file or directory"),
        (["--input", "."], UnusableFile, ".: cannot be read, is a directory"),
        (["--input", ".", "--attack", "5"], UsageError, "leave --attack and -o out"),
        (["--input", ".", "-o", "json"], UsageError, "leave --attack and -o out"),
        (["-c", "jsn"], UnknownName, "unknown codec 'jsn'; did you mean"),
    ],
)
def test_bad_input_is_an_error_before_anything_is_started(run, words, error, text):
    """What, where, and what to do."""
    with pytest.raises(error) as raised:
        run(*words)
    assert text in str(raised.value)
    assert 2 == raised.value.exit_code


@pytest.mark.parametrize(
    ("words", "inputs", "seconds"),
    [("2000", 2000, math.inf), ("1", 1, math.inf), ("60s", MOST_INPUTS, 60.0), ("1.5m", MOST_INPUTS, 90.0)],
)
def test_a_budget_is_inputs_or_time(words, inputs, seconds):
    """Inputs are for each, time for all."""
    assert Budget(seed=7, inputs=inputs, seconds=seconds) == read(words, 7)


def test_a_file_may_be_too_large(tmp_path, monkeypatch):
    """It is not read to its end."""
    monkeypatch.setattr("serbench.fidelity.budget.LARGEST_INPUT", 1 << 20)
    file = tmp_path / "large"
    file.write_bytes(bytes((1 << 20) + 1))
    with pytest.raises(UnusableFile, match=r"large: over 1 MiB, which is more than --input takes; cut it short"):
        input_bytes(file)
    file.write_bytes(bytes(1 << 20))
    assert 1 << 20 == len(input_bytes(file))
