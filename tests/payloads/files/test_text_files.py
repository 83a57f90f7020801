"""JSON and NDJSON files as payloads, and every way in which they cannot be one."""

from __future__ import annotations

import json
import re

import pytest

from serbench.errors import UnknownName, UnusableFile
from serbench.payloads import instances
from serbench.payloads.files import texts
from serbench.payloads.files.base import Reading
from serbench.payloads.files.load import load
from serbench.schema.types import Map, Optional, Scalar, Schema, record


def loaded(path, **options):
    """The instances of a file."""
    return list(load(str(path), **options)[0].payload.instances)


def test_a_json_file_is_one_instance(tmp_path):
    """The document is the instance, and the file names the payload."""
    path = tmp_path / "user_profile.json"
    path.write_text('{"id": 7, "name": "Zoë"}\n', encoding="utf-8")
    packed, info = load(str(path))
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
    assert [{"a": 1}, {"a": "x\u2028y"}] == loaded(path)


@pytest.mark.parametrize(("name", "content"), [("a.json", b"[1]"), ("a.ndjson", b"[1]\n[1]")])
def test_a_byte_order_mark_is_no_content(tmp_path, name, content):
    """Files of some editors begin with a mark, which is skipped."""
    (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + content)
    assert [[1]] * (content.count(b"\n") + 1) == loaded(tmp_path / name)


@pytest.mark.parametrize("text", ['"text"', "7", "1.5", "null", "true", "[]"])
def test_a_bare_value_is_a_message_like_any_other(tmp_path, text):
    """Codecs that need a record skip it; that is theirs to say."""
    (tmp_path / "bare.json").write_text(text)
    assert [json.loads(text)] == loaded(tmp_path / "bare.json")


def test_as_many_lines_are_taken_as_instances_are_generated(tmp_path):
    """A long file is used from its beginning, as far as a run rotates over it, and the title says how far that is."""
    path = tmp_path / "long.ndjson"
    path.write_text("".join(f"{n}\n" for n in range(3000)), encoding="utf-8")
    info = load(str(path))[1]
    assert (instances.MOST, "long.ndjson, its first 1,024 of 3,000 messages") == (info.instances, info.title)
    assert [0, 1] == loaded(path, count=2)
    assert "long.ndjson" == load(str(path), count=3000)[1].title


def test_the_schema_is_that_of_all_lines(tmp_path):
    """What only a late line shows is in it: a width, a key, a key that is lacking."""
    late = [{"n": 1, "always": 1}] * 2000 + [{"n": 1 << 40, "new": "x"}] + [{"n": 1}] * 2000
    path = tmp_path / "late.ndjson"
    path.write_text("".join(json.dumps(one) + "\n" for one in late))
    expected = record("Late", n=Scalar.INT64, always=Optional(Scalar.INT32), new=Optional(Scalar.STRING))
    assert expected == load(str(path), count=5)[0].payload.schema.root


def test_keys_that_never_end_are_not_kept(tmp_path):
    """A map of ids that are all different is known for one, however many there are."""
    path = tmp_path / "ids.ndjson"
    path.write_text("".join(f'{{"id-{n}": {{"v": {n % 9}}}}}\n' for n in range(5000)))
    root = load(str(path), count=1)[0].payload.schema.root
    assert Map(Scalar.STRING, record("Ids", v=Scalar.INT32)) == root


def line(n):
    """A place in what NDJSON's errors say."""
    return f"not JSON at line {n}"


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("order.csv", b"a,b", ": ends in none of .cbor, "),
        ("order", b"1", ": ends in none of .cbor, "),
        ("order.json", b"", ": empty; it needs at least one JSON document"),
        ("order.ndjson", b" \n\n", ": empty; it needs at least one JSON document"),
        ("order.json", b'{"a": 1,\n "b" 2}', ": not JSON at line 2, column 6: Expecting ':' delimiter"),
        (
            "order.json",
            b"{} {}",
            ": not JSON at line 1, column 4: Extra data; a message a line is .ndjson (--as ndjson)",
        ),
        (
            "order.ndjson",
            b'{"a": 1}\n\n{"a": }\n',
            ": not JSON at line 3, column 7: Expecting value; --skip-bad leaves such lines out",
        ),
        ("order.ndjson", b'{"a": 1}\n{"a":\r\n{"a": 2}\n', ": not JSON at line 2, column 6: Expecting value; "),
        ("order.ndjson", b'{"a": 1}\n' * 9000 + b"{1}", ": not JSON at line 9,001, column 2: "),
        ("order.json", b'"Zo\xeb"', ": not UTF-8 at byte 3; convert it first"),
        ("order.ndjson", b'1\n"Zo\xeb"', ": line 2: not UTF-8 at byte 3; convert it first"),
        ("order.json", b"9" * 5000, ": Exceeds the limit (4300 digits) for integer string conversion"),
        (
            "order.json",
            '{"a": 1}'.encode("utf-16"),
            ": UTF-16, and JSON is UTF-8; convert it: iconv -f UTF-16 -t UTF-8",
        ),
        ("order.ndjson", b'{\0"\0a\0', ": UTF-16, and JSON is UTF-8"),
        ("order.json", b"\0\0\0{", ": UTF-32, and JSON is UTF-8"),
        ("order.json", b"[" * 10_000 + b"]" * 10_000, ": nested too deeply; 100 levels can be measured, unwrap some"),
        (
            "order.ndjson",
            b"1\n" + b"[" * 10_000 + b"]" * 10_000,
            ": line 2: nested too deeply; 100 levels can be measured",
        ),
        ("order.ndjson", b"1\n" * 3000 + b"[" * 101 + b"]" * 101, ": line 3,001: nested too deeply; 100 levels"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else value[:30],
)
def test_an_unusable_file_is_one_clear_line(tmp_path, name, content, complaint):
    """What is wrong is said with the file, and with the place where there is one."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnusableFile) as caught:
        load(str(tmp_path / name))
    assert str(caught.value).startswith(f"{tmp_path / name}{complaint}")
    assert "\n" not in str(caught.value)


def test_bad_lines_are_left_out_and_counted_where_that_was_asked_for(tmp_path):
    """Be they among those that are taken or behind them; the title tells how many and the first."""
    path = tmp_path / "bad.ndjson"
    path.write_bytes(b'{"a": 1}\n{"a": }\n{"a": 2}\n"\xff"\n' + b'{"a": 3}\n' * 3000 + b"no\n")
    skip = Reading(skip_bad=True)
    packed, info = load(str(path), count=2, reading=skip)
    assert [{"a": 1}, {"a": 2}] == list(packed.payload.instances)
    assert "bad.ndjson, its first 2 of 3,002 messages; 3 are no message and left out, the first at line 2" == info.title
    assert record("Bad", a=Scalar.INT32) == packed.payload.schema.root
    (tmp_path / "one.ndjson").write_text("1\n}\n")
    assert load(str(tmp_path / "one.ndjson"), reading=skip)[1].title.endswith(
        "; 1 is no message and left out, the first at line 2"
    )
    (tmp_path / "none.ndjson").write_text("}\n}\n")
    with pytest.raises(UnusableFile, match=r"none\.ndjson: no message in it; all 2 are bad, the first at .*: line 1"):
        load(str(tmp_path / "none.ndjson"), reading=skip)


def test_what_json_allows_comes_through(tmp_path):
    """Large numbers, lone surrogates, nulls and what is no number are kept as Python reads them."""
    value = {"big": 1 << 70, "half": "\ud800", "none": None, "deep": [[[]]], "inf": float("inf")}
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    assert [value] == loaded(path)


def test_a_message_larger_than_memory_can_hold_is_refused_before_it_is_parsed(tmp_path, monkeypatch):
    """With the file, the line and what may be done; one that fits is read."""
    for module in ("sources", "texts"):
        monkeypatch.setattr(f"serbench.payloads.files.{module}.most_bytes", lambda: 2_000_000)
    monkeypatch.setattr(texts, "parsed", None)  # nothing is parsed
    for name, content, where in (
        ("big.json", b'"' + b"x" * 3_000_000 + b'"', "big.json"),
        ("big.ndjson", b'"' + b"x" * 3_000_000 + b'"', "big.ndjson: line 1"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(
            UnusableFile, match=rf"{where}: one message of over 2 MB, more than the memory .* as \.ndjson"
        ):
            load(str(tmp_path / name))
    monkeypatch.undo()
    assert [3_000_000] == [len(one) for one in loaded(tmp_path / "big.json")]


def test_a_format_that_is_said_wins_over_the_ending(tmp_path):
    """Logs are NDJSON by another name; a name that is no format is told with the nearest."""
    path = tmp_path / "service.log"
    path.write_text("1\n2\n")
    assert [1, 2] == loaded(path, reading=Reading(read_as="ndjson"))
    with pytest.raises(UnknownName, match=re.escape("unknown format of files 'ndjsn'; did you mean ndjson?")):
        load(str(path), reading=Reading(read_as="ndjsn"))
