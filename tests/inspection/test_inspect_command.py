"""`serbench inspect`, as its user meets it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from serbench.cli import main
from serbench.cli.inspect_command import inspect
from serbench.errors import Interrupted, UnknownName, UnusableFile, UsageError


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the command in a folder with a file of orders; raises what it raises."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr("serbench.stop.Stop.listen", lambda _: None)
    (tmp_path / "orders.ndjson").write_text('{"id": 1}\n{"id": 36028797018963969}\n')
    app = typer.Typer()
    app.command()(inspect)

    def run(*words):
        result = CliRunner().invoke(app, words, catch_exceptions=True)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def test_it_shows_what_a_file_is_made_of(run, tmp_path):
    """On stdout, and leaves nothing; warnings end it with 0."""
    result = run("orders.ndjson")
    assert (0, "") == (result.exit_code, result.stderr)
    assert result.output.startswith("orders.ndjson\n\nmessages      2\n")
    assert "warning: integers beyond 2^53" in result.output
    assert ["orders.ndjson"] == [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")]


def test_json_goes_where_it_is_wanted(run, tmp_path):
    """To stdout, or to a file with the table besides."""
    told = json.loads(run("orders.ndjson", "-o", "json").output)
    assert ("serbench.inspection/1", 2, ["int-over-53-bits"]) == (
        told["format"], told["messages"], [one["oddity"] for one in told["warnings"]],
    )  # fmt: skip
    result = run("orders.ndjson", "-o", "json=found.json", "-o", "table")
    assert told == json.loads((tmp_path / "found.json").read_text())
    assert result.output.startswith("orders.ndjson\n")


def test_a_name_wins_over_a_file(run, tmp_path):
    """As it does for a run; a path is the file. Another seed, other messages."""
    (tmp_path / "ping").write_text("1")
    assert run("ping").output.startswith("ping: Health check\n")
    assert run("./ping", "--as", "json").output.startswith("./ping\n")
    assert run("ping", "-o", "json").output != run("ping", "--seed", "2", "-o", "json").output


def test_how_a_file_is_read_can_be_said(run, tmp_path):
    """Its format, and that bad lines are left out."""
    (tmp_path / "log.txt").write_text('{"a": 1}\n{\n')
    with pytest.raises(UnusableFile, match=r"^log\.txt: not JSON at line 2, column 2: .*; --skip-bad leaves"):
        run("log.txt", "--as", "ndjson")
    result = run("log.txt", "--as", "ndjson", "--skip-bad")
    assert "messages      1; 1 is none and left out, the first at log.txt: line 2\n" in result.output


def test_every_field_is_shown_if_wanted(run, tmp_path):
    """And 40 of them if not."""
    (tmp_path / "wide.json").write_text(json.dumps({f"f{n}": n for n in range(60)}))
    assert "and 21 more; --all shows them" in run("wide.json").output
    assert "$.f59 " in run("wide.json", "--all").output


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (["missing.json"], UnusableFile, "missing.json: no such file"),
        (["ordr"], UnknownName, "unknown payload 'ordr'; did you mean order?"),
        (["order,ping"], UsageError, "order,ping: stands for order, ping; name one"),
        (["orders.ndjson", "-o", "csv"], UnknownName, "unknown output 'csv'; known: json, table"),
        (["orders.ndjson", "-o", "json=no/where"], UsageError, "no/where: its folder is not there; make it first"),
        (["orders.ndjson", "--message", "O"], UsageError, "--message and --data go with a .proto"),
        (["order", "--skip-bad"], UsageError, "--as and --skip-bad say how a file is read"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(run, words, error, said):
    """With what to do; exit code 2."""
    with pytest.raises(error) as caught:
        run(*words)
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)
    assert 2 == caught.value.exit_code


def test_it_stops_where_somebody_asks_for_the_end(run, monkeypatch):
    """With a line and the exit code of Ctrl-C."""
    monkeypatch.setattr("serbench.stop.Stop.__call__", lambda _: True)
    with pytest.raises(Interrupted, match=r"^stopped before ") as caught:
        run("orders.ndjson")
    assert 130 == caught.value.exit_code


def test_it_is_a_command_of_serbench(tmp_path):
    """From stdin as well; what is wrong is a line on stderr."""
    assert "inspect" in [command.name for command in main.app.registered_commands]
    command = [sys.executable, "-m", "serbench", "inspect", "-"]
    for data, code, said in ((b"[1]", 0, b""), (b"[1", 2, b"serbench: stdin: not JSON at line 1, column 3")):
        done = subprocess.run(command, input=data, capture_output=True, timeout=120, check=False, cwd=tmp_path)
        assert (code, said) == (done.returncode, done.stderr[: len(said)])
        assert done.stdout.startswith(b"" if code else b"stdin\n\nmessages      1\n")
        assert done.stderr.count(b"\n") == bool(code)
