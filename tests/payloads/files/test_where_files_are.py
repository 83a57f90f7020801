"""Files, folders of files and stdin; gzip and zstd."""

from __future__ import annotations

import gzip
import os
import random
import subprocess
import sys

import pytest
import zstandard

from serbench.errors import UnusableFile
from serbench.payloads.files.base import Reading
from serbench.payloads.files.load import load
from serbench.payloads.files.packed import ENDINGS

PACK = {"gz": gzip.compress, "zst": zstandard.compress}
PACKED = pytest.mark.parametrize("ending", PACK)


def files(folder, **contents):
    """Writes files: `a_json=` is `a.json`."""
    for name, content in contents.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(folder)


@PACKED
def test_packed_files_are_opened_as_they_are(tmp_path, ending):
    """By their first bytes, with or without the ending; several members are one file, zeros behind them are nothing."""
    path = tmp_path / f"orders.ndjson.{ending}"
    path.write_bytes(PACK[ending](b'{"a": 1}\n{"a"') + PACK[ending](b": 2}\n") + b"\0" * 10)
    packed, info = load(str(path))
    assert ([{"a": 1}, {"a": 2}], "orders", path.name) == (list(packed.payload.instances), info.name, info.title)
    (tmp_path / "plain.json").write_bytes(PACK[ending](b"[1]"))
    assert ([1],) == load(str(tmp_path / "plain.json"))[0].payload.instances


@PACKED
def test_a_packed_file_that_is_broken_is_one_line(tmp_path, ending):
    """Cut short, of other bytes, or with something behind it."""
    noise = random.Random(1).randbytes(100_000).hex().encode()
    whole = PACK[ending](b'"' + noise + b'"')
    magic = next(iter(whole[:4].split(b"\0")))
    method = ENDINGS[f".{ending}"]
    for data, complaint in (
        (whole[:-20], f"{method} cut short; copy or download it again"),
        (whole[:1000], f"{method} cut short"),
        (b"[1]", f"not {method}, whatever its ending says"),
        (magic + b"\xff" * 50, f"broken {method}: |{method} cut short"),
        (PACK[ending](b"[1]") + b"junk", f"broken {method}: "),
    ):
        (tmp_path / f"x.json.{ending}").write_bytes(data)
        with pytest.raises(UnusableFile, match=rf"x\.json\.{ending}: ({complaint})") as caught:
            load(str(tmp_path / f"x.json.{ending}"))
        assert "\n" not in str(caught.value)


def test_a_folder_is_its_files_in_the_order_of_their_paths(tmp_path):
    """Those in folders below it too; hidden ones are passed over."""
    folder = files(tmp_path / "events", b_json="2", a__z_json="1", c_json_gz=gzip.compress(b"3"), _hidden_json="x")
    (tmp_path / "events" / ".hidden").mkdir()
    (tmp_path / "events" / ".hidden" / "x.csv").touch()
    packed, info = load(folder)
    assert ((1, 2, 3), "events", "events/", folder) == (packed.payload.instances, info.name, info.title, info.origin)


def test_a_folder_of_ndjson_is_all_lines_of_all_files(tmp_path):
    """And a bad line is told with its file."""
    folder = files(tmp_path / "logs", a_ndjson="1\n2\n", b_jsonl="3\n")
    assert (1, 2, 3) == load(folder)[0].payload.instances
    files(tmp_path / "logs", b_jsonl="3\n}\n")
    with pytest.raises(UnusableFile, match=r"b\.jsonl: not JSON at line 2"):
        load(folder)
    title = load(folder, reading=Reading(skip_bad=True))[1].title
    assert "logs/; 1 is no message and left out, the first at line 2" == title


@pytest.mark.parametrize(
    ("contents", "complaint"),
    [
        ({}, "no file in this folder"),
        (
            {"a_json": "1", "b_json": "1", "c_md": "x", "readme": ""},
            "of several kinds: 2 .json, 1 .md, 1 without an ending;",
        ),
        ({"a_csv": "1", "b_csv": "1"}, "its files end in none of .cbor"),
        ({"a_json": "1", "b_json": ""}, "b.json: empty"),
    ],
)
def test_a_folder_that_is_no_payload_is_one_line(tmp_path, contents, complaint):
    """Which says what is there."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(UnusableFile) as caught:
        load(files(tmp_path / "folder", **contents))
    assert complaint in str(caught.value)


def test_all_files_of_a_folder_are_read_as_was_said(tmp_path):
    """Whatever their endings."""
    folder = files(tmp_path / "logs", a_log="1\n", b_txt="2\n")
    assert (1, 2) == load(folder, reading=Reading(read_as="ndjson"))[0].payload.instances


def test_a_file_that_is_not_there_or_cannot_be_read(tmp_path):
    """With the system's reason."""
    with pytest.raises(UnusableFile, match=r"none\.json: No such file or directory; name a file that can be read"):
        load(str(tmp_path / "none.json"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes in folders")
def test_a_pipe_is_no_payload(tmp_path):
    """Opening it might never end."""
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(UnusableFile, match="a pipe or a device, which may never end; name a regular file, or - for"):
        load(str(tmp_path / "pipe.json"))


SHOW = """
import sys
from serbench.errors import SerbenchError
from serbench.payloads.files.base import Reading
from serbench.payloads.files.load import load
try:
    packed, info = load("-", reading=Reading(read_as=sys.argv[1]))
    print(packed.payload.instances, info.name, info.title, info.origin)
except SerbenchError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("data", "read_as", "expected"),
    [
        (b'{"a": 1}\n{"a": 2}\n', "", "({'a': 1}, {'a': 2}) stdin stdin stdin"),
        (b'\n{"a": 1}', "", "({'a': 1},) stdin stdin stdin"),
        (b'\n \n{\n"a": 1}\n', "", "({'a': 1},) stdin stdin stdin"),
        (b'{\n"a": [1,\n2]}\n', "", "({'a': [1, 2]},) stdin stdin stdin"),
        (b"\xef\xbb\xbf[1]\n[2]", "", "([1], [2]) stdin stdin stdin"),
        (gzip.compress(b"1\n2\n", mtime=0), "", "(1, 2) stdin stdin stdin"),
        (b"\x93\x01\x02\x03", "msgpack", "([1, 2, 3],) stdin stdin stdin"),
        (
            b"1\n2\n",
            "json",
            "stdin: not JSON at line 2, column 1: Extra data; a message a line is .ndjson (--as ndjson)",
        ),
        (b"\x93\x01\x02\x03", "", "stdin: no JSON by its first byte; say what it is: --as cbor or --as msgpack"),
        (b"", "", "stdin: empty; it needs at least one JSON document"),
        (b"\xff\xfe{\0", "", "stdin: UTF-16, and JSON is UTF-8; convert it: iconv -f UTF-16 -t UTF-8"),
        (b"1\n2\n}\n", "", "stdin: not JSON at line 3, column 1: Expecting value; --skip-bad leaves such lines out"),
    ],
    ids=repr,
)
def test_stdin_is_known_by_its_content(data, read_as, expected):
    """JSON by its first byte, lines by the first line; else it has to be said."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW, read_as], input=data, capture_output=True, timeout=60, check=True
    )
    assert expected == done.stdout.decode().strip()


@pytest.mark.parametrize(
    ("name", "text", "messages"),
    [
        ("trace.har", '{\n "log": 1}', 1),
        ("notes", "[1, 2]", 1),
        ("service.log", '{"a": 1}\n{"a": 2}\n', 2),
        ("service.log", '\n{"a": 1}\n', 1),
    ],
)
def test_another_ending_is_known_by_its_content(tmp_path, name, text, messages):
    """A document, or a message a line; its name is the payload's."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    packed, info = load(str(tmp_path / name))
    assert (messages, name.partition(".")[0], name) == (len(packed.payload.instances), info.name, info.title)
