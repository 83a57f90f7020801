"""A local file as a payload, and every way in which it cannot be one."""

from __future__ import annotations

import json
import os

import pytest

from serbench.errors import UnusableFile
from serbench.payloads import files, instances
from serbench.schema.types import Scalar, Schema, record


def test_a_json_file_is_one_instance(tmp_path):
    """The document is the instance, and the file names the payload."""
    path = tmp_path / "user_profile.json"
    path.write_text('{"id": 7, "name": "Zoë"}\n', encoding="utf-8")
    packed, info = files.load(path)
    assert [{"id": 7, "name": "Zoë"}] == list(packed.payload.instances)
    assert Schema("UserProfile", record("UserProfile", id=Scalar.INT32, name=Scalar.STRING)) == packed.payload.schema
    assert info.name == "user_profile" == packed.payload.name
    assert (info.title, info.origin) == ("user_profile.json", str(path))
    assert (info.instances, info.bytes_as_json) == (1, len('{"id":7,"name":"Zoë"}'.encode()))


@pytest.mark.parametrize("ending", ["ndjson", "jsonl", "NDJSON"])
def test_a_line_of_ndjson_is_an_instance(tmp_path, ending):
    """Lines are instances, empty ones are none; line ends of both kinds and a separator inside of text do no harm."""
    path = tmp_path / f"log.{ending}"
    path.write_bytes('{"a": 1}\r\n\n{"a": "x\u2028y"}\n'.encode())
    assert [{"a": 1}, {"a": "x\u2028y"}] == list(files.load(path)[0].payload.instances)


def test_a_byte_order_mark_is_no_content(tmp_path):
    """Files of some editors begin with a mark, which is skipped."""
    path = tmp_path / "marked.json"
    path.write_bytes(b"\xef\xbb\xbf[1]")
    assert [[1]] == list(files.load(path)[0].payload.instances)


def test_as_many_lines_are_taken_as_instances_are_generated(tmp_path):
    """A long file is used from its beginning, as far as a run rotates over it."""
    path = tmp_path / "long.ndjson"
    path.write_text("".join(f"{n}\n" for n in range(3000)), encoding="utf-8")
    assert instances.MOST == files.load(path)[1].instances
    assert [0, 1] == list(files.load(path, count=2)[0].payload.instances)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("orders.csv", b"a,b", "a payload's file ends in one of .json, .ndjson, .jsonl"),
        ("orders", b"{}", "a payload's file ends in one of .json, .ndjson, .jsonl"),
        ("order.json", b"", "empty; it needs at least one JSON document"),
        ("order.ndjson", b" \n\n", "empty; it needs at least one JSON document"),
        ("order.json", b'{"a": 1,\n "b" 2}', "not JSON at line 2, column 6: Expecting ':' delimiter"),
        ("order.json", b"{} {}", "not JSON at line 1, column 4: Extra data"),
        ("order.ndjson", b'{"a": 1}\n\n{"a": }\n', "not JSON at line 3, column 7: Expecting value"),
        ("order.json", b'"Zo\xeb"', "not UTF-8 at byte 3; convert it first"),
        ("order.json", b"9" * 5000, "Exceeds the limit (4300 digits) for integer string conversion"),
    ],
)
def test_an_unusable_file_is_one_clear_line(tmp_path, name, content, complaint):
    """What is wrong is said with the file, and with the place where there is one."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnusableFile) as caught:
        files.load(path)
    assert str(caught.value).startswith(f"{path}: {complaint}")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    """So is a folder that is named like a file."""
    for name, reason in (("none.json", "No such file or directory"), ("folder.json", "Is a directory")):
        if name == "folder.json":
            (tmp_path / name).mkdir()
        with pytest.raises(UnusableFile, match=f"{name}: {reason}; name a file that can be read"):
            files.load(tmp_path / name)


def test_what_json_allows_comes_through(tmp_path):
    """Large numbers, lone surrogates and nulls are kept as Python reads them."""
    value = {"big": 1 << 70, "half": "\ud800", "none": None, "deep": [[[]]]}
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    assert [value] == list(files.load(path)[0].payload.instances)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes in folders")
def test_a_pipe_is_no_payload(tmp_path):
    """Opening it might never end."""
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(UnusableFile, match="a pipe or a device, which may never end; name a regular file"):
        files.load(tmp_path / "pipe.json")


def test_lines_that_were_left_out_are_told(tmp_path):
    """The title says that these are the first messages of the file."""
    (tmp_path / "log.ndjson").write_text("".join(f'{{"n": {n}}}\n' for n in range(9)))
    assert ["log.ndjson, its first 4 messages", "log.ndjson"] == [
        files.load(tmp_path / "log.ndjson", count=count)[1].title for count in (4, 9)
    ]
