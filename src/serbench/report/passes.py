"""What the passes besides time found, as grids of text, one per payload: compressed sizes, memory, cold start."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from serbench.compare.words import listed
from serbench.records.cases import Operation, Status
from serbench.records.passes import STREAM_MESSAGES, Compressed
from serbench.report.cells import NOTHING, Column, Grid, numbers, with_ends, words
from serbench.statistics.estimates import Estimate, Missing
from serbench.units import significant, size_scale, time_scale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from serbench.records.cases import Pass, PayloadInfo
    from serbench.records.passes import Spread
    from serbench.records.run import Measurement, Run
    from serbench.statistics.estimates import Basis, Number
    from serbench.units import Scale

MEMORY_LEGEND = (
    "peak, live: what Python's allocators hold beyond what they held before, during a call and with its result.",
    "They are medians over messages, [a-b] is their range.",
    "resident: growth of the process's resident peak for each result held, all allocators; free memory hides as much.",
    "tracked: objects of a result that the collector goes through. collection: a full one, that many results alive.",
)
"""How to read the cells about memory."""

COLD_LEGEND = (
    "Medians over processes that had done nothing else, [a-b] is their range; files are in the system's cache.",
    "bind is everything between the import and the first call: schema, encoder and decoder are made.",
)
"""How to read the cells about cold starts."""

_RAW = "none"
_UNSAID = Missing(short=NOTHING, reason="")
_NOT_REACHED = Missing(short="not reached", reason="the run ended before this was measured; give it a longer --budget")
_NOT_TOLD = Missing(short="not told", reason="this system does not tell the most memory that was resident (VmHWM)")
_NO_STREAM = Missing(
    short="no stream",
    reason=f"a stream takes {STREAM_MESSAGES} different messages and the time to compress them as one",
)

_Record = TypeVar("_Record")
_Sizes = dict[str, Compressed]
_Line = tuple[str, Operation]


def size_grids(run: Run) -> tuple[Grid, ...]:
    """Bytes of a message as it is, compressed, and in a stream; and the time that compressing it takes."""
    return _grids(run, "size", _size_grid)


def memory_grids(run: Run) -> tuple[Grid, ...]:
    """What calls hold of memory, and what their results cost the collector."""
    return _grids(run, "memory", _memory_grid)


def cold_start_grids(run: Run) -> tuple[Grid, ...]:
    """What import, bind and the first call take."""
    return _grids(run, "cold", _cold_start_grid)


def _grids(run: Run, name: Pass, grid: Callable[[PayloadInfo, Sequence[Measurement]], Grid]) -> tuple[Grid, ...]:
    """A grid for each payload that has a case; none if the pass was not made."""
    if name not in run.passes:
        return ()
    own = {payload: [m for m in run.measurements if m.case.payload == payload.name] for payload in run.payloads}
    return tuple(grid(payload, measurements) for payload, measurements in own.items() if measurements)


def _size_grid(payload: PayloadInfo, own: Sequence[Measurement]) -> Grid:
    names = tuple(dict.fromkeys(m.case.codec for m in own))
    found = [
        _first([m for m in own if m.case.codec == name], "size", lambda m: {one.method: one for one in m.sizes})
        for name in names
    ]
    raw = _column(found, lambda sizes: _alone(sizes[_RAW]) if _RAW in sizes else _UNSAID, first=True)
    alone, streams = _by_method(found, _alone), _by_method(found, _stream)
    times = _by_method(found, lambda one: _exact(one.ns_per_message))
    if not any(map(_values, streams.values())):
        streams = {}
    size = size_scale(_values(raw, *alone.values(), *streams.values()))
    time = time_scale(_values(*times.values()))
    columns = [
        words("codec", names),
        numbers("raw", size.unit, raw, _bytes(size)),
        *(numbers(name, size.unit, values, _bytes(size)) for name, values in alone.items()),
        *(numbers(f"{name} of {STREAM_MESSAGES}", size.unit, v, _bytes(size), spare=1) for name, v in streams.items()),
        *(numbers(f"{name} time", time.unit, values, time.text, spare=2) for name, values in times.items()),
    ]
    notes = (*_grouped(_size_notes(payload, names, found)), *_size_legend(found))
    return Grid(title=f"{payload.name}: compressed", columns=tuple(columns), strong=(), notes=notes)


def _by_method(found: Sequence[_Sizes | Missing], number: Callable[[Compressed], Number]) -> dict[str, list[Number]]:
    """A column for each compressor."""
    methods = dict.fromkeys(method for sizes in _known(found) for method in sizes if method != _RAW)
    return {
        method: [_UNSAID if isinstance(s, Missing) or method not in s else number(s[method]) for s in found]
        for method in methods
    }


def _alone(one: Compressed) -> Number:
    return _exact(one.bytes_per_message.median)


def _stream(one: Compressed) -> Number:
    return _exact(one.stream_bytes / STREAM_MESSAGES) if one.stream_bytes else _NO_STREAM


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
    known = [one for sizes in _known(found) for one in sizes.values() if one.method != _RAW]
    if levels := dict.fromkeys(f"{one.method} level {one.level}" for one in known):
        yield f"{', '.join(levels)}: medians over messages, each compressed by itself."
    if any(one.stream_bytes for one in known):
        yield f"of {STREAM_MESSAGES}: a message's share where {STREAM_MESSAGES} different ones are compressed as one."


def _memory_grid(payload: PayloadInfo, own: Sequence[Measurement]) -> Grid:
    lines, found = _lines(own, "memory", lambda m: m.memory)
    peak = _column(found, lambda memory: _spread(memory.peak_bytes, memory.calls), first=True)
    live = _column(found, lambda memory: _spread(memory.live_bytes, memory.calls))
    resident = _column(
        found,
        lambda m: _NOT_TOLD if m.resident_growth_bytes < 0 else _exact(m.resident_growth_bytes / m.resident_calls),
    )
    tracked = _column(found, lambda memory: _exact(memory.tracked_per_result))
    collection = _column(found, lambda memory: _exact(memory.full_collection_ns))
    alive = _column(found, lambda memory: _exact(memory.heap_objects))
    size, time = size_scale(_values(resident)), time_scale(_values(collection))
    columns = (
        *_named(lines),
        _ranged("peak", peak, size_scale),
        _ranged("live", live, size_scale),
        numbers("resident", size.unit, resident, _bytes(size), spare=2),
        numbers("tracked", "", tracked, significant, spare=1),
        numbers("collection", time.unit, collection, time.text, spare=3),
        numbers("alive", "", alive, "{:.0f}".format, spare=3),
    )
    untold = [(codec, _NOT_TOLD.reason) for (codec, _), n in zip(lines, resident, strict=True) if n is _NOT_TOLD]
    notes = (*_grouped([*_line_notes(own, lines, found), *untold]), *MEMORY_LEGEND)
    return Grid(title=f"{payload.name}: memory", columns=columns, strong=(), notes=notes)


def _cold_start_grid(payload: PayloadInfo, own: Sequence[Measurement]) -> Grid:
    lines, found = _lines(own, "cold", lambda m: m.cold_start)
    columns = (
        *_named(lines),
        numbers("processes", "", _column(found, lambda cold: _exact(cold.processes)), "{:.0f}".format, spare=1),
        _ranged("import", _column(found, lambda cold: _spread(cold.import_ns, cold.processes), first=True), time_scale),
        _ranged("bind", _column(found, lambda cold: _spread(cold.bind_ns, cold.processes)), time_scale),
        _ranged("first call", _column(found, lambda cold: _spread(cold.first_call_ns, cold.processes)), time_scale),
    )
    notes = (*_grouped(_line_notes(own, lines, found)), *COLD_LEGEND)
    return Grid(title=f"{payload.name}: cold start", columns=columns, strong=(), notes=notes)


def _lines(
    own: Sequence[Measurement], name: Pass, record: Callable[[Measurement], _Record | None]
) -> tuple[list[_Line], list[_Record | Missing]]:
    """Codec and operation of cases with numbers of their own, by operation; and their records, or why there are none.

    Cases that differ in nothing but their conditions share a record.
    """
    groups: dict[_Line, list[Measurement]] = {}
    for measurement in own:
        if not measurement.same_as:
            groups.setdefault((measurement.case.codec, measurement.case.operation), []).append(measurement)
    order = list(Operation)
    lines = sorted(groups, key=lambda line: order.index(line[1]))
    return lines, [_first(groups[line], name, record) for line in lines]


def _first(
    own: Sequence[Measurement], name: Pass, record: Callable[[Measurement], _Record | None]
) -> _Record | Missing:
    """The record that these measurements share, or why there is none."""
    return next(filter(None, map(record, own)), None) or _why([m for m in own if not m.same_as], name)


def _why(own: Sequence[Measurement], name: Pass) -> Missing:
    for caution in (caution for measurement in own for caution in measurement.warnings):
        if caution.name == f"no-{name}":  # the pass failed, and only the pass
            return Missing(short=Status.FAILED, reason=caution.text)
    if any(measurement.status is Status.MEASURED for measurement in own):
        return _NOT_REACHED
    return Missing(short=own[0].status, reason=f"{own[0].status}: {own[0].reason}")


def _line_notes(
    own: Sequence[Measurement], lines: Sequence[_Line], found: Sequence[_Record | Missing]
) -> Iterator[tuple[str, str]]:
    """Why there is no number, and whose numbers are another operation's: name and text."""
    for (codec, operation), record in zip(lines, found, strict=True):
        if isinstance(record, Missing):
            yield codec, f"{operation}: {record.reason}"
    for measurement in own:
        if measurement.same_as:
            source = measurement.same_as.partition("?")[0].rpartition("/")[2]
            yield measurement.case.codec, f"{measurement.case.operation}: measured as {source}"


def _named(lines: Sequence[_Line]) -> tuple[Column, Column]:
    return words("codec", [codec for codec, _ in lines]), words("operation", [operation for _, operation in lines])


def _column(
    found: Iterable[_Record | Missing], number: Callable[[_Record], Number], *, first: bool = False
) -> list[Number]:
    """A number for each record; the first column of a line without one says in a word why, the others nothing."""
    return [(one if first else _UNSAID) if isinstance(one, Missing) else number(one) for one in found]


def _known(found: Iterable[_Record | Missing]) -> list[_Record]:
    return [one for one in found if not isinstance(one, Missing)]


def _values(*columns: Iterable[Number]) -> list[float]:
    return [number.value for column in columns for number in column if isinstance(number, Estimate)]


def _exact(value: float) -> Estimate:
    """A number of which no spread is shown."""
    return Estimate(value=value, low=value, high=value, basis="none", coverage=0.0, workers=1, calls=1)


def _spread(spread: Spread, calls: int) -> Estimate:
    """A middle with both ends, where they differ."""
    low, high = spread.min, spread.max
    basis: Basis = "range" if low < high else "none"
    return Estimate(value=spread.median, low=low, high=high, basis=basis, coverage=0.0, workers=1, calls=calls)


def _ranged(head: str, values: Sequence[Number], scale: Callable[[Iterable[float]], Scale]) -> Column:
    """A column of numbers with their ranges, in a unit of its own."""
    own = scale(_values(values))
    return Column(head=head, unit=own.unit, cells=with_ends(values, own.text if scale is time_scale else _bytes(own)))


def _bytes(scale: Scale) -> Callable[[float], str]:
    """To the byte where the unit is bytes."""
    return "{:.0f}".format if scale.divisor == 1 else scale.text


def _grouped(notes: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Each text once, with the names that it holds for."""
    told: dict[str, dict[str, None]] = {}
    for name, text in notes:
        told.setdefault(text, {})[name] = None
    return (f"{listed(list(names))}: {text}" for text, names in told.items())
