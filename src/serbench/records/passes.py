"""What the passes besides time find: sizes, memory, cold start. Times are nanoseconds, sizes are bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedBytes:
    """Encoded size over the instances, in bytes.

    What a middle message takes is the median; what so many a second are together follows from the mean.
    """

    mean: float
    median: float
    min: int
    max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A middle and both ends; the unit stands in the name of the field that holds it."""

    median: float
    min: float
    max: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Compressed:
    """Encoded messages under one compressor.

    Attributes:
        method: `none`, `gzip`, `zstd` or `brotli`.
        level: the compressor's own; 0 for `none`.
        messages: how many were compressed, each by itself.
        bytes_per_message: size of one, compressed by itself.
        ns_per_message: time to compress one; median.
        stream_bytes: size of `STREAM_MESSAGES` different messages one after the other, compressed as one; 0 where
            there are not as many, or where the time did not suffice.
        stream_ns: time to compress them as one; median.
    """

    method: str
    level: int
    messages: int
    bytes_per_message: EncodedBytes
    ns_per_message: float
    stream_bytes: int = 0
    stream_ns: float = 0.0


STREAM_MESSAGES = 100
"""Messages in the stream that is compressed as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What calls take of memory, measured in a pass of its own.

    Attributes:
        calls: calls behind the first two, one instance each.
        peak_bytes: Python's allocators: the most that was held during a call beyond what was held before it.
        live_bytes: Python's allocators: what is held while the result is.
        resident_growth_bytes: growth of the most memory that the process ever had resident (VmHWM) while all results
            were held, with no tracer; -1 where the system does not tell.
        resident_calls: results held for that.
        tracked_per_result: objects that the collector tracks per result, mean.
        heap_objects: results alive while the next was measured.
        full_collection_ns: a full collection with them alive; median of three.
        new_bytes: new memory that a call writes to, all allocators, in whole pages: what it copies in large blocks,
            what it lets go again included. None where the system has no way to be asked.
    """

    calls: int
    peak_bytes: Spread
    live_bytes: Spread
    resident_growth_bytes: int
    resident_calls: int
    tracked_per_result: float
    heap_objects: int
    full_collection_ns: int
    new_bytes: Spread | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColdStart:
    """What the first use costs, in processes that have done nothing else; files are in the system's cache.

    Attributes:
        processes: how many were started.
        import_ns: of the codec's module and with it of its library.
        bind_ns: schema or decoder construction: everything between the import and the first call.
        first_call_ns: the first call of this operation.
    """

    processes: int
    import_ns: Spread
    bind_ns: Spread
    first_call_ns: Spread
