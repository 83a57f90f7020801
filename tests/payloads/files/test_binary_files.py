"""MessagePack and CBOR files as payloads."""

from __future__ import annotations

import datetime as dt
import sys

import msgpack
import pytest

from serbench.errors import MissingLibrary, UnusableFile, UsageError
from serbench.payloads.files.base import Reading
from serbench.payloads.files.load import load
from serbench.schema.types import List, Map, Scalar, record

cbor2 = pytest.importorskip("cbor2", reason="reading CBOR takes cbor2")

PACK = {"msgpack": msgpack.packb, "cbor": cbor2.dumps}
FORMATS = pytest.mark.parametrize("form", PACK)


def write(folder, form, *values, cut=0, more=b""):
    """A file of these values, one after the other."""
    path = folder / f"data.{form}"
    data = b"".join(PACK[form](value) for value in values) + more
    path.write_bytes(data[: len(data) - cut])
    return str(path)


@FORMATS
def test_values_one_after_the_other_are_messages(tmp_path, form):
    """With what JSON lacks: bytes, and whole numbers as keys."""
    values = [{"id": 1, "raw": b"\x00\xff"}, {"id": 2, "raw": b""}, {"id": 3, "raw": b"x" * 100_000}]
    packed, info = load(write(tmp_path, form, *values))
    assert (values, "data", f"data.{form}") == (list(packed.payload.instances), info.name, info.title)
    assert record("Data", id=Scalar.INT32, raw=Scalar.BYTES) == packed.payload.schema.root
    packed, _ = load(write(tmp_path, form, {1: "a"}, {1 << 40: "b"}))
    assert Map(Scalar.INT64, Scalar.STRING) == packed.payload.schema.root


@FORMATS
def test_the_schema_of_binary_messages_is_that_of_all(tmp_path, form):
    """Behind those that are taken as well."""
    packed, info = load(write(tmp_path, form, *([[1]] * 2500), ["x"]), count=3)
    assert "data.{form}, its first 3 of 2,501 messages".replace("{form}", form) == info.title
    assert {Scalar.INT32, Scalar.STRING} == set(packed.payload.schema.root.item.options)


@FORMATS
def test_bad_values_cannot_be_left_out(tmp_path, form):
    """Nobody knows where the next begins; the word would be passed over."""
    path = write(tmp_path, form, {"id": 1})
    with pytest.raises(UsageError, match=r"--skip-bad leaves out lines, and (MessagePack|CBOR) has none; leave the"):
        load(path, reading=Reading(skip_bad=True))


def test_an_integer_that_has_no_text_is_one_line(tmp_path):
    """Python writes no integer of over 4,300 digits, and CBOR has them."""
    with pytest.raises(UnusableFile, match=r"data\.cbor: message 2: Exceeds the limit \(4300 digits\)"):
        load(write(tmp_path, "cbor", {"n": 1}, {"n": 10**5000}))


def test_floats_of_32_bits_are_known_by_their_digits(tmp_path):
    """They come as Python's floats, which have 64."""
    path = tmp_path / "vector.msgpack"
    path.write_bytes(msgpack.packb([0.1, 0.25, 3.0], use_single_float=True))
    assert List(Scalar.FLOAT32) == load(str(path))[0].payload.schema.root


@FORMATS
def test_a_binary_file_that_cannot_be_used_is_one_line(tmp_path, form):
    """With the number of the message, and the byte where there is one."""
    other = {"msgpack": b"\xc1", "cbor": b"\x1c"}[form]
    name = {"msgpack": "MessagePack", "cbor": "CBOR"}[form]
    deep = {"msgpack": b"\x91", "cbor": b"\x81"}[form] * 5000 + b"\x01"
    whole_numbers = r"keys of dicts are text, or all of them whole numbers; here: "
    for path, complaint in (
        (lambda: write(tmp_path, form), r"data\.\w+: empty; it needs at least one \w+"),
        (lambda: write(tmp_path, form, 1, [1, 2, 3], cut=1), r"message 2: .*(cut short at byte|premature end)"),
        (lambda: write(tmp_path, form, 1, more=other), rf"message 2.*from byte 1: not {name}: "),
        (lambda: write(tmp_path, form, 1, more=deep), r"message 2: nested too deeply; 100 levels"),
        (
            lambda: write(tmp_path, form, 1, {"a": [{"b": {1: 2, "x": 3}}]}),
            rf"message 2: a\[\]\.b: {whole_numbers}int, str",
        ),
        (lambda: write(tmp_path, form, {b"k": 1}), rf"message 1: {whole_numbers}bytes"),
        (lambda: write(tmp_path, form, *([1] * 3000), {2.5: 1}), rf"message 3,001: {whole_numbers}float"),
    ):
        with pytest.raises(UnusableFile, match=complaint) as caught:
            load(path())
        assert "\n" not in str(caught.value)


def test_what_has_no_plain_value_is_named(tmp_path):
    """A time of CBOR or of MessagePack is for its user to convert."""
    (tmp_path / "t.cbor").write_bytes(cbor2.dumps({"at": [dt.datetime.now(dt.UTC)]}))
    (tmp_path / "t.msgpack").write_bytes(msgpack.packb({"at": [msgpack.Timestamp(1, 0)]}))
    for name, kind in (("t.cbor", "datetime.datetime"), ("t.msgpack", "msgpack.ext.Timestamp")):
        with pytest.raises(UnusableFile, match=rf"message 1: at\[\]: {kind} is no plain value; convert it first"):
            load(str(tmp_path / name))


@FORMATS
def test_a_binary_message_larger_than_memory_can_hold_is_refused(tmp_path, monkeypatch, form):
    """The second one of two, and not a file of many that are small."""
    monkeypatch.setattr("serbench.payloads.files.counted.most_bytes", lambda: 1_500_000)
    assert 8 == load(write(tmp_path, form, *[b"x" * 500_000] * 8))[1].instances
    with pytest.raises(UnusableFile, match=r"message 2: one message of over 2 MB"):
        load(write(tmp_path, form, 1, b"x" * 4_000_000))


@FORMATS
def test_a_library_that_is_missing_is_named_with_its_command(tmp_path, monkeypatch, form):
    """Before anything is read."""
    library = {"msgpack": "msgpack", "cbor": "cbor2"}[form]
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingLibrary, match=rf"data\.{form}: {library} is not installed; pip install "):
        load(write(tmp_path, form, 1))
