"""What the passes besides time found, as grids of text, one per payload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.records.passes import STREAM_MESSAGES, Compressed
from serbench.report.cells import (
    UNSAID,
    Grid,
    exact,
    grouped_notes,
    known,
    middle,
    numbers,
    ranged,
    size_text,
    words,
)
from serbench.report.lines import column, first_record, line_notes, lines_of, named, records_of
from serbench.statistics.estimates import Missing
from serbench.units import significant, size_scale, time_scale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from serbench.records.cases import Pass, PayloadInfo
    from serbench.records.passes import Memory
    from serbench.records.run import Measurement, Run
    from serbench.statistics.estimates import Number

MEMORY_LEGEND = (
    "peak, live: what Python's allocators hold beyond what they held before, during a call and with its result.",
    "They are medians over messages, with their range.",
    "resident: growth of the process's resident peak for each result held, all allocators; free memory hides as much.",
    "tracked: objects of a result that the collector goes through. collection: a full one, that many results alive.",
)
"""How to read the cells about memory."""

NEW_LEGEND = (
    "new: memory that a call is given anew to write to, in whole pages, all allocators: copies of what is large."
)
"""The same of a column that is there where the system tells it of one case at least."""

COLD_LEGEND = (
    "import: what the codec and its library load beyond what a worker has: json, re, enum, dataclasses and others.",
    "Medians, with their range, over processes that had done nothing else; files are in the system's cache.",
    "bind is everything between the import and the first call: schema, encoder and decoder are made.",
)
"""How to read the cells about cold starts."""

INSTRUCTION_LEGEND = (
    "instructions: executed per call under callgrind, the sampler's loop included.",
    "They say nothing about time, and differ by less than 0.13 % from run to run on one machine.",
)
"""How to read the cells about instructions."""

_RAW = "none"
_NOT_TOLD = Missing(short="not told", reason="this system does not tell the most memory that was resident (VmHWM)")
_UNCOUNTED = Missing(short="not told", reason="this system does not tell the pages that a call is given to write to")
_NO_STREAM = Missing(
    short="no stream",
    reason=f"a stream takes {STREAM_MESSAGES} different messages and the time to compress them as one",
)

_Sizes = dict[str, Compressed]


def size_grids(run: Run) -> tuple[Grid, ...]:
    """Bytes of a message as it is, compressed, and in a stream; and the time that compressing it takes."""
    return _grids(run, "size", _size_grid)


def memory_grids(run: Run) -> tuple[Grid, ...]:
    """What calls hold of memory, and what their results cost the collector."""
    return _grids(run, "memory", _memory_grid)


def cold_start_grids(run: Run) -> tuple[Grid, ...]:
    """What import, bind and the first call take."""
    return _grids(run, "cold", _cold_start_grid)


def instruction_grids(run: Run) -> tuple[Grid, ...]:
    """How many instructions a call executes."""
    return _grids(run, "instructions", _instruction_grid)


def _grids(run: Run, name: Pass, grid: Callable[[PayloadInfo, Sequence[Measurement]], Grid]) -> tuple[Grid, ...]:
    """A grid for each payload that has a case; none if the pass was not made."""
    if name not in run.passes:
        return ()
    own = {payload: [m for m in run.measurements if m.case.payload == payload.name] for payload in run.payloads}
    return tuple(grid(payload, measurements) for payload, measurements in own.items() if measurements)


def _size_grid(payload: PayloadInfo, own: Sequence[Measurement]) -> Grid:
    names = tuple(dict.fromkeys(m.case.codec for m in own))
    found = [
        first_record([m for m in own if m.case.codec == name], "size", lambda m: {one.method: one for one in m.sizes})
        for name in names
    ]
    raw = column(found, lambda sizes: _alone(sizes[_RAW]) if _RAW in sizes else UNSAID, first=True)
    alone, streams = _by_method(found, _alone), _by_method(found, _stream)
    times = _by_method(found, lambda one: exact(one.ns_per_message))
    if not any(map(known, streams.values())):
        streams = {}
    size = size_scale(known(raw, *alone.values(), *streams.values()))
    time = time_scale(known(*times.values()))
    columns = [
        words("codec", names),
        numbers("raw", size.unit, raw, size_text(size)),
        *(numbers(name, size.unit, values, size_text(size)) for name, values in alone.items()),
        *(
            numbers(f"{name} of {STREAM_MESSAGES}", size.unit, v, size_text(size), spare=1)
            for name, v in streams.items()
        ),
        *(numbers(f"{name} time", time.unit, values, time.text, spare=2) for name, values in times.items()),
    ]
    return Grid(
        title=f"{payload.name}: compressed",
        payload=payload.name,
        columns=tuple(columns),
        strong=(),
        notes=tuple(grouped_notes(_size_notes(payload, names, found))),
        legend=tuple(_size_legend(found)),
    )


def _by_method(found: Sequence[_Sizes | Missing], number: Callable[[Compressed], Number]) -> dict[str, list[Number]]:
    """A column for each compressor."""
    methods = dict.fromkeys(method for sizes in records_of(found) for method in sizes if method != _RAW)
    return {
        method: [UNSAID if isinstance(s, Missing) or method not in s else number(s[method]) for s in found]
        for method in methods
    }


def _alone(one: Compressed) -> Number:
    return exact(one.bytes_per_message.median)


def _stream(one: Compressed) -> Number:
    return exact(one.stream_bytes / STREAM_MESSAGES) if one.stream_bytes else _NO_STREAM


def _size_notes(
    payload: PayloadInfo, names: Sequence[str], found: Sequence[_Sizes | Missing]
) -> Iterator[tuple[str, str]]:
    """Why there is no number, and what sizes are of fewer messages than there are: name and text."""
    for name, sizes in zip(names, found, strict=True):
        if isinstance(sizes, Missing):
            yield name, sizes.reason
            continue
        messages = min(one.messages for one in sizes.values())
        if messages < payload.instances:
            yield name, f"sizes are those of {messages:,} of {payload.instances:,} messages"
        if not all(one.stream_bytes for one in sizes.values()):
            yield name, f"{_NO_STREAM.short}: {_NO_STREAM.reason}"


def _size_legend(found: Iterable[_Sizes | Missing]) -> Iterator[str]:
    used = [one for sizes in records_of(found) for one in sizes.values() if one.method != _RAW]
    if levels := dict.fromkeys(f"{one.method} level {one.level}" for one in used):
        yield f"{', '.join(levels)}: medians over messages, each compressed by itself."
    if any(one.stream_bytes for one in used):
        yield f"of {STREAM_MESSAGES}: a message's share where {STREAM_MESSAGES} different ones are compressed as one."


def _memory_grid(payload: PayloadInfo, own: Sequence[Measurement]) -> Grid:
    lines, found = lines_of(own, "memory", lambda m: m.memory)
    peak = column(found, lambda memory: middle(memory.peak_bytes, memory.calls), first=True)
    live = column(found, lambda memory: middle(memory.live_bytes, memory.calls))
    resident = column(
        found,
        lambda m: _NOT_TOLD if m.resident_growth_bytes < 0 else exact(m.resident_growth_bytes / m.resident_calls),
    )
    new = column(found, lambda m: exact(m.new_bytes.median) if m.new_bytes else _UNCOUNTED)
    tracked = column(found, lambda memory: exact(memory.tracked_per_result))
    collection = column(found, lambda memory: exact(memory.full_collection_ns))
    alive = column(found, lambda memory: exact(memory.heap_objects))
    size, fresh, time = size_scale(known(resident)), size_scale(known(new)), time_scale(known(collection))
    columns = (
        *named(lines),
        ranged("peak", peak, size_scale),
        ranged("live", live, size_scale),
        numbers("resident", size.unit, resident, size_text(size), spare=2),
        *([numbers("new", fresh.unit, new, size_text(fresh), spare=1)] if known(new) else []),
        numbers("tracked", "", tracked, significant, spare=1),
        numbers("collection", time.unit, collection, time.text, spare=3),
        numbers("alive", "", alive, "{:.0f}".format, spare=3),
    )
    untold = [
        *_of_few(payload, lines, found),
        *_untold(lines, resident, _NOT_TOLD),
        *(_untold(lines, new, _UNCOUNTED) if known(new) else ()),
    ]
    notes = tuple(grouped_notes([*line_notes(own, lines, found), *untold]))
    return Grid(
        title=f"{payload.name}: memory",
        payload=payload.name,
        columns=columns,
        strong=(),
        notes=notes,
        legend=(*MEMORY_LEGEND, NEW_LEGEND) if known(new) else MEMORY_LEGEND,
    )


def _of_few(
    payload: PayloadInfo, lines: Sequence[tuple[str, str]], found: Sequence[Memory | Missing]
) -> Iterator[tuple[str, str]]:
    """The codecs whose memory is that of a part of the messages, evenly spread over them."""
    for (codec, _), memory in zip(lines, found, strict=True):
        if not isinstance(memory, Missing) and memory.calls < payload.instances:
            yield codec, f"peak and live are those of {memory.calls:,} of {payload.instances:,} messages"


def _untold(lines: Sequence[tuple[str, str]], numbers: Sequence[Number], missing: Missing) -> Iterator[tuple[str, str]]:
    """The codecs of which the system does not tell a number, each with the reason."""
    return ((codec, missing.reason) for (codec, _), n in zip(lines, numbers, strict=True) if n is missing)


def _cold_start_grid(payload: PayloadInfo, own: Sequence[Measurement]) -> Grid:
    lines, found = lines_of(own, "cold", lambda m: m.cold_start)
    columns = (
        *named(lines),
        numbers("processes", "", column(found, lambda cold: exact(cold.processes)), "{:.0f}".format, spare=1),
        ranged("import", column(found, lambda cold: middle(cold.import_ns, cold.processes), first=True), time_scale),
        ranged("bind", column(found, lambda cold: middle(cold.bind_ns, cold.processes)), time_scale),
        ranged("first call", column(found, lambda cold: middle(cold.first_call_ns, cold.processes)), time_scale),
    )
    notes = tuple(grouped_notes(line_notes(own, lines, found)))
    return Grid(
        title=f"{payload.name}: cold start",
        payload=payload.name,
        columns=columns,
        strong=(),
        notes=notes,
        legend=COLD_LEGEND,
    )


def _instruction_grid(payload: PayloadInfo, own: Sequence[Measurement]) -> Grid:
    lines, found = lines_of(own, "instructions", lambda m: m.instructions)
    counted = column(found, exact, first=True)
    notes = tuple(grouped_notes(line_notes(own, lines, found)))
    return Grid(
        title=f"{payload.name}: instructions",
        payload=payload.name,
        columns=(*named(lines), numbers("instructions", "", counted, "{:,.0f}".format, spare=1)),
        strong=(),
        notes=notes,
        legend=INSTRUCTION_LEGEND,
    )
