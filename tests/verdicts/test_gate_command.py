"""The gate as its user meets it: real interpreters with versions of a library, real pairs, exit codes and files."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

import pytest

import slow_library

LIMIT_SECONDS = 600


def serbench(folder, *arguments, **environment):
    """Runs the command in a folder."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    return subprocess.run(
        [sys.executable, "-m", "serbench", *arguments],
        cwd=folder,
        env=clean | {"XDG_CACHE_HOME": str(folder / "cache"), "COLUMNS": "120"} | environment,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with a codec file and interpreters that have the library: as it was, and in worse versions."""
    folder = tmp_path_factory.mktemp("gate")
    slow_library.codec_file(folder)
    versions = {
        "base": {},
        "slow": {"loads": slow_library.TWICE},
        "large": {"dumps": slow_library.LARGER},
        "wrong": {"loads": slow_library.WRONG},
        "hoards": {"loads": slow_library.HOARDS},
    }
    for name, parts in versions.items():
        slow_library.interpreter(folder / name, f"1.{len(name)}", **parts)
    return folder


def gate(home, new, *arguments, base="./base", **environment):
    """One gate of the library's decoder."""
    sides = ["--base", f"python:{base}", "--new", f"python:./{new}"]
    cases = ["ping", "-c", "./tiny_codec.py", "--op", "decode"]
    return serbench(home, "gate", *sides, *cases, *arguments, **environment)


@pytest.fixture(scope="module")
def slower(home):
    """The gate of a library that decodes everything twice."""
    outputs = ["-o", "junit=junit.xml", "-o", "json=verdict.json", "-o", "github", "--metric", "p10,p50,p99"]
    return gate(home, "slow", *outputs, "--dir", "slower", GITHUB_STEP_SUMMARY=str(home / "summary.md"))


@pytest.mark.thorough
def test_identical_sides_pass_in_one_line(home):
    """Quiet when nothing changed: the one line, and 0."""
    result = gate(home, "base", "--dir", "same")
    assert 0 == result.returncode, result.stdout + result.stderr
    line, *more = result.stdout.splitlines()
    assert line.startswith("serbench gate: no regression in ")
    assert "inconclusive" in line or not more  # which a busy machine may be the cause of
    assert "report: same/index.html\n" == result.stderr
    assert (home / "same" / "base" / "run.json").is_file()


def test_a_slower_library_fails_the_build(slower):
    """Exit code 1, and the annotation that was asked for on stdout names the case and by how much."""
    assert 1 == slower.returncode, slower.stdout + slower.stderr
    assert "::error" in slower.stdout
    assert "tiny/ping/decode" in slower.stdout


def test_files_say_the_same(home, slower):
    """JUnit, JSON and the summary of GitHub's job: the same rows with the same outcome."""
    verdict = json.loads((home / "verdict.json").read_text())
    regressed = {row["metric"] for row in verdict["rows"] if row["outcome"] == "regressed"}
    assert {"p10", "p50"} <= regressed
    suite = ET.parse(home / "junit.xml").getroot().find("testsuite")
    failed = {case.get("name") for case in suite if case.find("failure") is not None}
    assert {f"tiny/ping/decode {metric}" for metric in regressed} == failed
    summary = (home / "summary.md").read_text()
    assert "Regression" in summary
    assert "tiny/ping/decode" in summary
    assert 1 == slower.returncode


def test_both_halves_decide_the_same_again(home, slower):
    """The saved runs are gated by the same rule as the live ones: row by row the same verdict."""
    assert 1 == slower.returncode
    result = serbench(
        home, "gate", "--base", "slower/base", "--new", "slower/new", "--metric", "p10,p50,p99", "-o", "json"
    )
    assert 1 == result.returncode, result.stderr
    live = json.loads((home / "verdict.json").read_text())
    assert live["rows"] == json.loads(result.stdout)["rows"]


def test_the_page_shows_both_sides(home, slower):
    """`index.html` of the gate's folder: the verdict and a drawing of the case."""
    assert 1 == slower.returncode
    page = (home / "slower" / "index.html").read_text()
    assert "tiny/ping/decode" in page
    assert "<svg" in page


def test_larger_messages_fail_without_a_clock(home):
    """Encoded bytes are strict; nothing is timed where no time is gated."""
    result = gate(home, "large", "--metric", "encoded_bytes", "--dir", "large-run")
    assert 1 == result.returncode, result.stdout + result.stderr
    assert "encoded bytes" in result.stdout
    assert [] == json.loads((home / "large-run" / "new" / "run.json").read_text())["rounds"]


@pytest.mark.thorough
def test_memory_fails_without_a_clock(home):
    """What calls hold at most is strict as well."""
    result = gate(home, "hoards", "--metric", "peak_bytes")
    assert 1 == result.returncode, result.stdout + result.stderr
    assert "peak bytes" in result.stdout


def test_wrong_results_are_not_comparable(home):
    """A decoder that loses a field has no number: 4, with the path of what is missing."""
    result = gate(home, "wrong", "--metric", "correctness")
    assert 4 == result.returncode, result.stdout + result.stderr
    assert "incorrect" in result.stdout


def test_the_policy_accepts_a_change_with_a_reason(home, slower):
    """The build passes, and the reason stands in the table."""
    assert 1 == slower.returncode
    (home / "serbench.toml").write_text(
        """
[[gate.accept]]
case = "tiny/ping/decode"
metric = "p*"
change = "900%"
reason = "decodes twice, to be sure"
"""
    )
    try:
        result = serbench(home, "gate", "--base", "slower/base", "--new", "slower/new", "-o", "markdown")
    finally:
        (home / "serbench.toml").unlink()
    assert 0 == result.returncode, result.stdout + result.stderr
    assert "decodes twice, to be sure" in result.stdout


def test_a_pattern_that_matches_nothing_is_an_error(home, slower):
    """Before anybody trusts it: 2, with the pattern."""
    assert 1 == slower.returncode
    policy = home / "odd.toml"
    policy.write_text('[[gate.warn]]\ncodec = "tinny"\n')
    result = serbench(home, "gate", "--base", "slower/base", "--new", "slower/new", "--policy", "odd.toml")
    assert 2 == result.returncode
    assert "'tinny' matches no case" in result.stderr


def test_runs_that_are_no_halves_have_no_verdict_on_time(home):
    """Two runs of their own: strict rows hold, times are not comparable, and the line says what measures in pairs."""
    for name in ("one", "other"):
        run = [
            "run",
            "ping",
            "-c",
            "orjson",
            "--op",
            "decode",
            "--budget",
            "2s",
            "--dir",
            name,
            "-q",
            "--instances",
            "8",
        ]
        assert 0 == serbench(home, *run).returncode
    result = serbench(home, "gate", "--base", "one", "--new", "other")
    assert 4 == result.returncode
    assert "were not measured in pairs" in " ".join(result.stdout.split())
    only = serbench(home, "gate", "--base", "one", "--new", "other", "--metric", "encoded_bytes")
    assert 0 == only.returncode, only.stdout


def test_an_interpreter_without_the_library_is_told(home, tmp_path):
    """The codec file cannot be used there: one line that says which side and why."""
    import venv

    venv.create(tmp_path / "bare", with_pip=False, symlinks=True)
    result = gate(home, "base", base=str(tmp_path / "bare"))
    assert 4 == result.returncode
    (line,) = result.stderr.splitlines()
    assert "tinyjson is not installed" in line


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--base", "orjson==1"], "--new is missing"),
        ([], "--base and --new are missing"),
        (["--base", "=x", "--new", "."], "'=x' is no requirement"),
        (["--base", "one.json", "--new", "other.json"], "one.json"),
        (["--baseline", "b.json", "--base", "."], "different gates"),
        (["--metric", "p42", "--base", ".", "--new", "."], "unknown metric 'p42'"),
        (["--tolerance", "p99=much", "--base", ".", "--new", "."], "'much' is no change"),
        (["--policy", "none.toml", "--base", ".", "--new", "."], "none.toml: no such file"),
        (["-o", "csv", "--base", ".", "--new", "."], "output 'csv' needs"),
    ],
)
def test_wrong_words_are_told_in_one_line(home, arguments, says):
    """What is wrong and what to do, and 2."""
    result = serbench(home, "gate", *arguments)
    assert 2 == result.returncode, result.stderr
    (line,) = result.stderr.splitlines()
    assert says in line


def test_a_budget_that_ten_pairs_do_not_fit_into_is_refused(home):
    """After the first pair, with the budget that would do."""
    result = gate(home, "base", "--metric", "p50", "--budget", "1s")
    assert 2 == result.returncode, result.stdout
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("serbench: --budget")]
    assert "and 10 are the least; give --budget" in line


def test_ctrl_c_ends_it_without_a_verdict(home):
    """130, and no worker is left behind."""
    command = [sys.executable, "-m", "serbench", "gate", "--base", "python:./base", "--new", "python:./base"]
    command += ["ping", "-c", "./tiny_codec.py", "--op", "decode", "--dir", "ended"]
    environment = os.environ | {"XDG_CACHE_HOME": str(home / "cache")}
    process = subprocess.Popen(
        command, cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    time.sleep(6)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert 130 == process.returncode, err
    assert "nothing is decided" in err or "stopped before" in err


def test_a_baseline_is_saved_and_held_against(home):
    """What needs no clock is gated against a file; the first time there is none, and that must be allowed.

    Messages may be one's own, read as in a run.
    """
    (home / "own.log").write_text('{"id": 12, "name": "note"}\n{cut short\n{"id": 13, "name": "list"}\n')
    read = ["./own.log", "--as", "ndjson", "--skip-bad"]
    cases = [*read, "-c", "orjson", "--op", "encode", "--budget", "2s", "--instances", "2"]
    missing = serbench(home, "gate", "--baseline", "main.json", *cases)
    assert 4 == missing.returncode
    assert "no baseline" in missing.stderr
    allowed = serbench(home, "gate", "--baseline", "main.json", *cases, "--allow-missing-baseline")
    assert 0 == allowed.returncode, allowed.stderr
    assert "no baseline" in allowed.stdout.lower()
    run = ["run", *cases, "--pass", "time,memory", "--dir", "for-baseline", "-q"]
    assert 0 == serbench(home, *run).returncode
    saved = serbench(home, "baseline", "save", "for-baseline", "main.json")
    assert (0, "main.json\n") == (saved.returncode, saved.stdout)
    held = serbench(home, "gate", "--baseline", "main.json", *cases)
    assert 0 == held.returncode, held.stdout + held.stderr
    smaller = json.loads((home / "main.json").read_text())
    (entry,) = [e for e in smaller["entries"].values() if "encoded_bytes" in e]
    entry["encoded_bytes"] = {name: size - 20 for name, size in entry["encoded_bytes"].items()}
    (home / "main.json").write_text(json.dumps(smaller))
    grown = serbench(home, "gate", "--baseline", "main.json", *cases)
    assert 1 == grown.returncode, grown.stdout + grown.stderr
    assert "encoded bytes" in grown.stdout


def test_a_self_test_that_cannot_end_in_time_says_how_long_it_takes(home):
    """Before it has gone on for nothing."""
    result = serbench(home, "gate", "--self-test", "ping", "-c", "json", "--op", "decode", "--budget", "3s")
    assert 2 == result.returncode, result.stdout + result.stderr
    assert re.search(
        r"--budget 3s is too short for 20 pairs of [\d.]+ s; give --budget \d+s or fewer cases", result.stderr
    )
