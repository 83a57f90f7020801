"""Encoded messages under compressors: what a size on the wire is worth once a service compresses what it sends.

All methods compress the same messages, so that their sizes can be held against each other. Each is called the way its
users call it: the context of zstd is made once and reused, which its library offers and recommends; gzip and brotli
have nothing to reuse in Python, so that making their state is part of every call. No dictionaries: they would have to
be made from the messages first, and shipped.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import TYPE_CHECKING

from serbench.records.passes import STREAM_MESSAGES, Compressed, EncodedBytes
from serbench.units import NS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

GZIP_LEVEL = 6
"""zlib's own default, and with it that of Apache and of `gzip`."""

ZSTD_LEVEL = 3
"""The default of libzstd, and with it of its Python modules and of `zstd`."""

BROTLI_LEVEL = 4
"""What middleware for Python services sets for dynamic responses; brotli's own default, 11, is made for files that are
compressed once."""

MESSAGES_AT_MOST = 64
"""Messages compressed by themselves: a median over more of them is hardly another one."""

STREAM_ROUNDS = 2
"""A stream is compressed so often at the most; the median is what counts."""

_CALL_COST_BYTES = (
    500  # the shortest message takes all compressors together as long as so many bytes more of a long one
)
_WARM_UP_BYTES = 10_000  # of the first message: first calls of all took 370 us where later ones took 11
_GOLDEN = 0.6180339887498949


@dataclass(slots=True)
class _Method:
    """A compressor and what it did so far.

    Attributes:
        name: as in `Compressed`.
        level: the same.
        compress: bytes to compressed bytes.
        sizes: of messages, each compressed by itself.
        ns: how long each of them took.
        stream_bytes: size of the stream, compressed as one.
        stream_ns: how long it took, each time.
    """

    name: str
    level: int
    compress: Callable[[bytes], bytes]
    sizes: list[int] = field(default_factory=list)
    ns: list[int] = field(default_factory=list)
    stream_bytes: int = 0
    stream_ns: list[int] = field(default_factory=list)

    def record(self) -> Compressed:
        """What it did."""
        sizes = EncodedBytes(
            mean=fmean(self.sizes), median=median(self.sizes), min=min(self.sizes), max=max(self.sizes)
        )
        return Compressed(
            method=self.name,
            level=self.level,
            messages=len(self.sizes),
            bytes_per_message=sizes,
            ns_per_message=median(self.ns),
            stream_bytes=self.stream_bytes,
            stream_ns=median(self.stream_ns) if self.stream_ns else 0.0,
        )


def compress(
    messages: Sequence[bytes], seconds: float, *, clock: Callable[[], int] = time.perf_counter_ns
) -> tuple[Compressed, ...]:
    """The messages as they are, then under gzip, zstd and brotli.

    A third of the time is for messages by themselves, evenly spread ones; what is left is for a stream of
    `STREAM_MESSAGES` different ones, evenly spread as well. Nothing but the first message is begun that is not expected
    to fit: a run over the time is that message, once under each method, or an expectation that was wrong.

    Args:
        messages: encoded messages, one per instance; empty ones are messages too.
        seconds: wall time for everything.
        clock: nanoseconds.

    Returns:
        `none` and one record per compressor, about the same messages. `stream_bytes` is 0 in all of them where there
        are not enough different messages or the stream would not fit the time that is left.

    Raises:
        ValueError: there are no messages.
    """
    if not messages:
        raise ValueError("there are no messages to compress")
    methods = _methods()
    begin = clock()
    for method in methods:
        method.compress(messages[0][:_WARM_UP_BYTES])
    taken = [messages[index] for index in _alone(methods, messages, begin + int(seconds * NS_PER_SECOND / 3), clock)]
    per_byte = sum(median(method.ns) for method in methods) * len(taken) / _cost(taken)  # whatever else interfered
    stream = _stream(messages)
    _together(methods, stream, per_byte, begin + int(seconds * NS_PER_SECOND), clock)
    raw = _Method("none", 0, bytes, sizes=[len(one) for one in taken], ns=[0])
    raw.stream_bytes = sum(map(len, stream)) if methods[0].stream_ns else 0
    return tuple(method.record() for method in (raw, *methods))


def _methods() -> list[_Method]:
    """The compressors. Their libraries are imported here and not before: most commands need none of them."""
    import zlib  # noqa: PLC0415

    import brotli  # noqa: PLC0415

    def gzip(data: bytes) -> bytes:
        return zlib.compress(data, GZIP_LEVEL, wbits=31)  # gzip's header, with no time in it: the same every time

    def brotlied(data: bytes) -> bytes:
        return bytes(brotli.compress(data, quality=BROTLI_LEVEL))

    return [
        _Method("gzip", GZIP_LEVEL, gzip),
        _Method("zstd", ZSTD_LEVEL, _zstd()),
        _Method("brotli", BROTLI_LEVEL, brotlied),
    ]


def _zstd() -> Callable[[bytes], bytes]:
    """One context for all messages, each of which becomes a frame of its own that says how long it is."""
    if sys.version_info >= (3, 14):
        from compression.zstd import ZstdCompressor  # noqa: PLC0415

        context = ZstdCompressor(level=ZSTD_LEVEL)
        return lambda data: context.compress(data, ZstdCompressor.FLUSH_FRAME)
    import zstandard  # noqa: PLC0415

    return zstandard.ZstdCompressor(level=ZSTD_LEVEL).compress


def _alone(
    methods: Sequence[_Method], messages: Sequence[bytes], deadline: int, clock: Callable[[], int]
) -> Iterator[int]:
    """Compresses messages by themselves, in rounds that double: a round of one method, then of the next.

    Within a round a method has the processor's caches to itself, and every method gets through the same messages.

    Yields:
        the index of each message that all methods have compressed.
    """
    order = sorted(range(len(messages)), key=lambda index: index * _GOLDEN % 1)  # any beginning of it is evenly spread
    del order[MESSAGES_AT_MOST:]
    begin, cost, done = clock(), 0, 0
    while done < len(order):
        wanted = order[done : max(1, 2 * done)]
        if done:
            now = clock()
            wanted = _fitting(wanted, messages, (deadline - now) * cost / max(1, now - begin))
        if not wanted:
            return
        chosen = [messages[index] for index in wanted]
        for method in methods:
            for message in chosen:
                size, ns = _timed(method, message, clock)
                method.sizes.append(size)
                method.ns.append(ns)
        done += len(wanted)
        cost += _cost(chosen)
        yield from wanted


def _together(
    methods: Sequence[_Method], stream: Sequence[bytes], per_byte: float, deadline: int, clock: Callable[[], int]
) -> None:
    """Compresses the stream as one, with every method or with none, a few times."""
    begin = clock()
    expected = per_byte * (sum(map(len, stream)) + _CALL_COST_BYTES)
    if not stream or begin + expected > deadline:
        return
    joined = b"".join(stream)
    longest = 0
    for _ in range(STREAM_ROUNDS):
        for method in methods:
            method.stream_bytes, ns = _timed(method, joined, clock)
            method.stream_ns.append(ns)
        begin, longest = clock(), max(longest, clock() - begin)
        if begin + longest > deadline:
            return


def _timed(method: _Method, data: bytes, clock: Callable[[], int]) -> tuple[int, int]:
    """Size of the compressed data and how long it took, without the release of it."""
    begin = clock()
    compressed = method.compress(data)
    ns = clock() - begin
    return len(compressed), ns


def _stream(messages: Sequence[bytes]) -> list[bytes]:
    """Different messages, evenly spread over all different ones; none where there are too few."""
    different = list(dict.fromkeys(messages))
    if len(different) < STREAM_MESSAGES:
        return []
    return [different[n * len(different) // STREAM_MESSAGES] for n in range(STREAM_MESSAGES)]


def _fitting(order: Sequence[int], messages: Sequence[bytes], room: float) -> list[int]:
    """The first of these messages that fit into that cost together."""
    fitting: list[int] = []
    for index in order:
        room -= _cost([messages[index]])
        if room < 0:
            break
        fitting.append(index)
    return fitting


def _cost(messages: Iterable[bytes]) -> int:
    """What compressing them takes, in bytes that take as long."""
    return sum(len(message) + _CALL_COST_BYTES for message in messages)
