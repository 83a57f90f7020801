"""Sizes under real compressors, and time that a clock of the test's own makes certain."""

from __future__ import annotations

import random
import subprocess
import sys
import zlib
from itertools import count

import brotli
import pytest

from serbench.harness import compression
from serbench.harness.compression import compress
from serbench.records.passes import STREAM_MESSAGES

METHODS = ["none", "gzip", "zstd", "brotli"]
AGES = 1_000.0  # seconds


def unzstd(data):
    """What is in these frames of zstd."""
    if sys.version_info >= (3, 14):
        from compression.zstd import decompress

        return decompress(data)
    import zstandard

    return zstandard.ZstdDecompressor().decompress(data)


DECOMPRESS = {"gzip": lambda data: zlib.decompress(data, wbits=31), "zstd": unzstd, "brotli": brotli.decompress}


def numbered(n):
    """So many different messages of 400 to 500 bytes."""
    drawn = random.Random(7)
    return [b"%d:" % i + drawn.randbytes(100) + b"the same in all of them " * 13 for i in range(n)]


def stepping(ns):
    """A clock that every look moves on."""
    return count(0, ns).__next__


def by_method(messages, seconds=AGES, **about):
    """The records by their method."""
    return {record.method: record for record in compress(messages, seconds, **about)}


@pytest.mark.parametrize("data", [b"", b"{}", b"0123456789" * 20_000])
def test_what_is_compressed_comes_back(data):
    """Every method's output is what real decompressors of its format read, the second time as well as the first."""
    made = {method.name: [method.compress(data), method.compress(data)] for method in compression._methods()}
    assert {name: [data, data] for name in METHODS[1:]} == {
        name: [DECOMPRESS[name](compressed) for compressed in both] for name, both in made.items()
    }


def test_sizes_are_those_of_each_message_by_itself():
    """Middle and ends over the messages, which are the same ones for every method; levels are stated."""
    messages = numbered(9)
    records = by_method(messages)
    assert METHODS == list(records)
    assert [("none", 0), ("gzip", 6), ("zstd", 3), ("brotli", 4)] == [(r.method, r.level) for r in records.values()]
    assert {9} == {record.messages for record in records.values()}
    sizes = sorted(len(zlib.compress(message, 6, wbits=31)) for message in messages)
    found = records["gzip"].bytes_per_message
    assert (sizes[4], sizes[0], sizes[-1]) == (found.median, found.min, found.max)
    raw = records["none"].bytes_per_message
    assert (min(map(len, messages)), max(map(len, messages))) == (raw.min, raw.max)


def test_sizes_are_the_same_every_time():
    """No header holds a time, and no context remembers what was before."""
    messages = numbered(120)
    first, second = (compress(messages, AGES) for _ in range(2))
    assert [(r.bytes_per_message, r.stream_bytes) for r in first] == [
        (r.bytes_per_message, r.stream_bytes) for r in second
    ]


def test_times_are_medians_per_call():
    """Between two looks at the clock lies one call and nothing else; what is not compressed takes no time."""
    records = by_method(numbered(150), clock=stepping(1_000))
    assert {"none": (0, 0), "gzip": (1_000, 1_000), "zstd": (1_000, 1_000), "brotli": (1_000, 1_000)} == {
        name: (record.ns_per_message, record.stream_ns) for name, record in records.items()
    }


def test_a_stream_is_different_messages_compressed_as_one():
    """What the messages have in common counts once."""
    messages = numbered(STREAM_MESSAGES)
    records = by_method(messages)
    assert len(b"".join(messages)) == records["none"].stream_bytes
    assert len(zlib.compress(b"".join(messages), 6, wbits=31)) == records["gzip"].stream_bytes
    alone = {name: STREAM_MESSAGES * record.bytes_per_message.median for name, record in records.items()}
    assert all(records[name].stream_bytes < alone[name] * 0.9 for name in METHODS[1:])


def test_a_stream_of_more_messages_is_spread_over_all():
    """With twice as many, it is every other one."""
    messages = numbered(2 * STREAM_MESSAGES)
    assert messages[::2] == compression._stream(messages)


@pytest.mark.parametrize(
    "messages", [numbered(STREAM_MESSAGES - 1), numbered(STREAM_MESSAGES - 1) * 2, [b"same"] * 500]
)
def test_no_stream_of_too_few_different_messages(messages):
    """The same message again would cost a compressor next to nothing, and says nothing."""
    records = compress(messages, AGES)
    assert {(0, 0.0)} == {(record.stream_bytes, record.stream_ns) for record in records}
    assert {min(len(messages), compression.MESSAGES_AT_MOST)} == {record.messages for record in records}


def test_one_message_is_compressed_however_short_the_time():
    """No time gives one message and no stream, for every method alike."""
    records = compress(numbered(300), 0)
    assert {(1, 0)} == {(record.messages, record.stream_bytes) for record in records}
    assert {(record.messages, record.bytes_per_message.min > 0) for record in records} == {(1, True)}


@pytest.mark.parametrize(("seconds", "streams"), [(0.2, set()), (1.0, {"none", "gzip", "zstd", "brotli"})])
def test_the_time_is_kept(seconds, streams):
    """A message takes 3 ms under all methods, so a stream is expected to take 140: it is made where that is left."""
    looks = stepping(1_000_000)
    records = by_method(numbered(400), seconds, clock=looks)
    assert looks() <= seconds * 1e9
    assert streams == {name for name, record in records.items() if record.stream_bytes}
    (messages,) = {record.messages for record in records.values()}
    assert 0.6 < messages * 2 * 3 * 1e6 / (seconds / 3 * 1e9) <= 1  # two looks a call; a third of the time is theirs


def test_no_more_messages_than_tell():
    """The most are evenly spread over all."""
    order = list(compression._alone([], [b"x"] * 1024, int(1e9), lambda: 0))
    assert compression.MESSAGES_AT_MOST == len(set(order))
    parts = [sum(n // 128 == part for n in order) for part in range(8)]
    assert max(parts) - min(parts) <= 2


def test_messages_of_a_short_time_are_spread_over_all(monkeypatch):
    """Not the first ones: whatever share is compressed comes from all parts of the sequence alike."""
    monkeypatch.setattr(compression, "MESSAGES_AT_MOST", 256)
    order = list(compression._alone([], [b"x"] * 256, int(1e9), lambda: 0))
    assert set(range(256)) == set(order)
    parts = [sum(index // 64 == part for index in order[:32]) for part in range(4)]
    assert {7, 8, 9} >= set(parts)


def test_a_long_message_among_short_ones_is_left_out_where_it_does_not_fit():
    """What is known of short messages tells what a long one takes."""
    messages = [b"{}", *[b"[]" * 1_000_000] * 3]
    assert {1} == {record.messages for record in compress(messages, 0.1, clock=stepping(1_000_000))}


def test_an_empty_message_is_a_message():
    """It takes a header under each compressor."""
    records = by_method([b""])
    assert 0 == records["none"].bytes_per_message.max
    assert all(0 < records[name].bytes_per_message.min < 30 for name in METHODS[1:])


def test_a_message_of_five_megabytes():
    """One message over the time is compressed once under each method."""
    message = random.Random(1).randbytes(500_000) * 10
    records = compress([message] * 3, 0)
    assert [5_000_000, 1] == [records[0].bytes_per_message.median, records[0].messages]
    assert all(record.bytes_per_message.max <= 5_100_000 for record in records)


def test_there_has_to_be_a_message():
    """Sizes of nothing are an error of the caller."""
    with pytest.raises(ValueError, match="no messages"):
        compress([], 1)


def test_compressors_are_imported_when_they_are_used():
    """Importing the module costs nobody their libraries."""
    code = "import sys, serbench.harness.compression; print({'brotli', 'zstandard', 'compression'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "set()\n" == done.stdout
