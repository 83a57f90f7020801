"""`serbench schema`: what it prints, where it writes, and what it refuses."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner
from wild import ISSUES, LOGS

from serbench.cli.main import app
from serbench.errors import SerbenchError, UnusableFile, UsageError
from serbench.payloads import catalogue
from serbench.schema.languages import known

ORDER_PROTO = """\
syntax = "proto3";
package shop;
message Order { int64 id = 1; repeated sint32 counts = 2; optional string note = 4; }
"""
TEXT = """\
syntax = "proto3";

package order;

// Inferred from 3 messages of orders.ndjson.
message Order {
  int32 id = 1;  // 1 to 3
  double total = 2;  // always 9.5
}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path):
    """A folder with files of messages, which is the current one."""
    (tmp_path / "orders.ndjson").write_text("".join(f'{{"id": {n}, "total": 9.5}}\n' for n in (1, 2, 3)))
    (tmp_path / "issues.json").write_text(json.dumps(ISSUES))
    (tmp_path / "logs.ndjson").write_text("".join(json.dumps(log) + "\n" for log in LOGS))
    (tmp_path / "wide.json").write_text(json.dumps({"a": 1 << 64, "b": [{"c": 1 << 70}], "d": 1}))
    with contextlib.chdir(tmp_path):
        yield


def schema(*words: str, stdin: bytes | None = None):
    """What the command prints to stdout and stderr, and its exit code; an error of its own is raised."""
    result = CliRunner().invoke(app, ["schema", *words], input=stdin)
    if isinstance(result.exception, SerbenchError):
        raise result.exception
    return result.stdout, result.stderr, result.exit_code


def test_proto_is_what_nobody_has_to_ask_for():
    """One of the messages is named, in the singular, and where all is from is told."""
    assert (TEXT, "", 0) == schema("orders.ndjson")


@pytest.mark.parametrize("language", known())
def test_every_language_is_printed(language):
    """With its enums, of a file and of a generated payload."""
    for payload in ("issues.json", "order"):
        text, complaints, code = schema(payload, "-o", language, "--enums")
        assert ("", 0) == (complaints, code)
        assert "closed" in text.lower() or "delivered" in text.lower()


@pytest.mark.parametrize("payload", sorted(catalogue.known()))
def test_every_generated_payload_has_a_proto(payload):
    """The schema is stated, so the names are its own."""
    text, _, code = schema(payload)
    assert 0 == code
    assert f"message {catalogue.get(payload).schema.name} {{" in text


def test_names_are_asked_for():
    """The root's and the package's."""
    text, _, _ = schema("orders.ndjson", "--name", "Sale", "--package", "shop.v1", "--no-comments")
    assert "package shop.v1;\n\nmessage Sale {\n  int32 id = 1;\n" in text


def test_enums_are_asked_for():
    """And how many values one may have."""
    assert "string level" in schema("logs.ndjson")[0]
    assert "LogLevel level" in schema("logs.ndjson", "--enums")[0]
    assert "string level" in schema("logs.ndjson", "--enum-values", "2")[0]
    assert "LogLevel level" in schema("logs.ndjson", "--enum-values", "3")[0]


def test_a_file_is_written_once():
    """It is never written over unless that is asked for, and a refusal leaves it as it is."""
    assert ("", "", 0) == schema("orders.ndjson", "--to", "order.proto")
    assert TEXT == Path("order.proto").read_text()
    Path("order.proto").write_text("mine")
    with pytest.raises(UsageError, match=r"order\.proto: is there already, and stays"):
        schema("orders.ndjson", "--to", "order.proto")
    assert "mine" == Path("order.proto").read_text()
    schema("wide.json", "--to", "order.proto", "--force")
    assert "mine" == Path("order.proto").read_text()
    schema("orders.ndjson", "--to", "order.proto", "--force")
    assert TEXT == Path("order.proto").read_text()


def test_what_cannot_be_expressed_is_told_line_by_line():
    """Nothing is printed, and the exit code is 2."""
    text, complaints, code = schema("wide.json", "-o", "thrift")
    advice = "thrift has no integers over 64 bits; write them as text, or leave them out"
    assert ("", 2) == (text, code)
    assert [f"serbench: a: {advice}", f"serbench: b[].c: {advice}"] == complaints.splitlines()
    assert 0 == schema("wide.json", "-o", "jsonschema")[2]


def test_files_of_all_kinds_are_read():
    """Packed, under another ending, and with lines that are none."""
    Path("orders.log.gz").write_bytes(gzip.compress(b'{"id": 1, "total": 2}\nno\n{"id": 2, "total": 9.5}\n'))
    text, _, _ = schema("orders.log.gz", "--as", "ndjson", "--skip-bad")
    assert "// Inferred from 2 messages of orders.log.gz, 1 left out as bad.\nmessage Order {\n" in text
    assert "  double total = 2;  // 2 to 9.5; whole numbers among them\n" in text


def test_a_type_of_protobufs_stays_what_it_is():
    """Its numbers, and what was seen of its messages."""
    pytest.importorskip("grpc_tools")
    Path("order.proto").write_text(ORDER_PROTO)
    Path("shop.ndjson").write_text('{"id": "7", "counts": [1, -2]}\n{"id": 8, "note": "x"}\n')
    text, _, _ = schema("order.proto", "--message", "shop.Order", "--data", "shop.ndjson", "-o", "thrift")
    assert "  1: required i64 id;  // 7 to 8\n" in text
    assert "  4: optional string note;  // in 1 of 2\n" in text


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["nothing.json"], "nothing.json: no such file"),
        (["orders.ndjson", "-o", "prot"], "unknown schema language 'prot'; did you mean proto"),
        (["ordr"], "unknown payload 'ordr'; did you mean order"),
        (["*"], r"\*: \d+ payloads; name one"),
        (["orders.ndjson", "--name", "my order"], "--name my order: a message is called in CamelCase"),
        (["orders.ndjson", "--package", "Shop"], "--package Shop: small letters"),
        (["orders.ndjson", "-o", "capnp", "--package", "shop"], "--package shop: capnp has no packages; leave it out"),
        (["orders.ndjson", "--to", "no/order.proto"], "no/order.proto: its folder is not there; make it first"),
        (["orders.ndjson", "--to", "."], ".: a folder; name a file in it"),
        (["order", "--as", "json"], "--as and --skip-bad say how a file is read"),
        (["bad.ndjson"], "bad.ndjson: not JSON at line 2"),
        (["empty.json"], "empty.json: empty; it needs at least one JSON document"),
        (["bad.ndjson", "--as", "yaml"], "unknown format of files 'yaml'"),
        (["none.ndjson", "--skip-bad"], "none.ndjson: no message in it; all 1 are bad"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(words, complaint):
    """Before anything is printed."""
    Path("bad.ndjson").write_text('{"a": 1}\nno\n')
    Path("none.ndjson").write_text("no\n")
    Path("empty.json").write_text("")
    with pytest.raises(UsageError, match=complaint) as caught:
        schema(*words)
    assert 2 == caught.value.exit_code
    assert "\n" not in str(caught.value)


def test_stdin_is_read_by_a_real_process():
    """The root is a message then; a line for what is wrong, and no traceback."""
    command = [sys.executable, "-m", "serbench", "schema", "-", "-o", "avro"]
    done = subprocess.run(command, input=b'{"a": 1}\n{"a": 2}', capture_output=True, timeout=60, check=False)
    assert 0 == done.returncode, done.stderr
    assert "message.Message" == json.loads(done.stdout)["name"]
    done = subprocess.run(command, input=b"{", capture_output=True, timeout=60, check=False, env=dict(os.environ))
    assert 2 == done.returncode
    assert 1 == len(done.stderr.splitlines())


def test_unusable_files_are_usage_errors():
    """Both end a command with 2."""
    assert issubclass(UnusableFile, UsageError)
