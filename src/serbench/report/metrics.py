"""What a matrix may show of a case: times, sizes, compressed sizes and memory, each from where it stands in a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.report.cells import exact
from serbench.report.lines import first_record
from serbench.statistics.estimates import Missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from serbench.records.passes import Compressed, Memory
    from serbench.records.run import Measurement, Run
    from serbench.report.heat import Kind
    from serbench.report.parts import Row
    from serbench.statistics.estimates import Number

NO_CASE = Missing(short="not measured", reason="this run has no such case")
"""What stands where a codec has no row for a payload."""

RAW = "none"
"""The method of sizes that are not compressed."""

_NOT_COMPRESSED = Missing(
    short="not compressed", reason="the run ended before this compressor; give it a longer --budget"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What a matrix may show.

    Attributes:
        key: its word in addresses.
        name: its name, where it is chosen.
        words: what it is, one clause.
        kind: what its numbers are of.
        exact: whether they are counted and not timed: then different ones certainly differ.
        read: its number in a row.
    """

    key: str
    name: str
    words: str
    kind: Kind
    exact: bool
    read: Callable[[Row], Number]


def metrics(run: Run) -> tuple[Metric, ...]:
    """The metrics of those passes that were made; encoded sizes always are."""
    timed = _timed() if "time" in run.passes else ()
    compressed = _compressed(run) if "size" in run.passes else ()
    memory = (_memory(run),) if "memory" in run.passes else ()
    return (*timed, _encoded(), *compressed, *memory)


def _timed() -> tuple[Metric, ...]:
    return (
        _time("typical", "typical time", "typical time of a call", lambda row: row.typical_ns),
        _time("p50", "p50", "median of single calls, floor included", lambda row: row.p50_ns),
        _time("p99", "p99", "99th percentile of single calls", lambda row: row.p99_ns),
        _time("p999", "p99.9", "99.9th percentile of single calls", lambda row: row.p999_ns),
        Metric(
            key="objects",
            name="objects per second",
            words="objects per second, all threads together",
            kind="rate",
            exact=False,
            read=lambda row: row.objects_per_second,
        ),
    )


def _time(key: str, name: str, words: str, read: Callable[[Row], Number]) -> Metric:
    return Metric(key=key, name=name, words=words, kind="time", exact=False, read=read)


def _size(key: str, name: str, words: str, read: Callable[[Row], Number]) -> Metric:
    return Metric(key=key, name=name, words=words, kind="size", exact=True, read=read)


def _encoded() -> Metric:
    def read(row: Row) -> Number:
        return row.encoded_bytes if isinstance(row.encoded_bytes, Missing) else exact(row.encoded_bytes.median)

    return _size("size", "encoded size", "encoded size, median over messages", read)


def _compressed(run: Run) -> Iterator[Metric]:
    """One for each compressor; a codec's cases of one payload share it."""
    own = _grouped(run, lambda m: (m.case.codec, m.case.payload))
    found: dict[str, dict[str, Compressed] | Missing] = {}
    for group in own:
        found |= dict.fromkeys((m.case.id for m in group), first_record(group, "size", _by_method))
    for name, level in {one.method: one.level for m in run.measurements for one in m.sizes}.items():
        if name != RAW:
            words = f"encoded size after {name} level {level}, each message by itself, median"
            yield _size(name, f"{name} size", words, _read_compressed(found, name))


def _read_compressed(found: Mapping[str, dict[str, Compressed] | Missing], method: str) -> Callable[[Row], Number]:
    def read(row: Row) -> Number:
        sizes = found.get(row.case_id, NO_CASE)
        if isinstance(sizes, Missing):
            return sizes
        return exact(sizes[method].bytes_per_message.median) if method in sizes else _NOT_COMPRESSED

    return read


def _memory(run: Run) -> Metric:
    """Cases that differ in nothing but their conditions share it; one that is the same as another has the other's."""
    sources = {measurement.case.id: measurement for measurement in run.measurements}
    found: dict[str, Memory | Missing] = {}
    for group in _grouped(run, lambda m: (m.case.codec, m.case.payload, m.case.operation)):
        own = [sources.get(m.same_as, m) for m in group]
        found |= dict.fromkeys((m.case.id for m in group), first_record(own, "memory", lambda m: m.memory))

    def read(row: Row) -> Number:
        memory = found.get(row.case_id, NO_CASE)
        return memory if isinstance(memory, Missing) else exact(memory.peak_bytes.median)

    words = "the most that Python's allocators hold during a call beyond what they held before, median over messages"
    return _size("memory", "peak memory", words, read)


def _grouped(run: Run, key: Callable[[Measurement], tuple[str, ...]]) -> Iterable[list[Measurement]]:
    groups: dict[tuple[str, ...], list[Measurement]] = {}
    for measurement in run.measurements:
        groups.setdefault(key(measurement), []).append(measurement)
    return groups.values()


def _by_method(measurement: Measurement) -> dict[str, Compressed]:
    return {one.method: one for one in measurement.sizes}
