"""What conditions cost, in sentences: the collector, live objects, more threads; only where that can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.compare.words import listed
from serbench.report.conditions import grouped, heap_words, lines
from serbench.statistics.estimates import Estimate
from serbench.statistics.intervals import WORKERS_FOR_INTERVAL, apart
from serbench.units import duration, significant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from serbench.records.cases import Conditions
    from serbench.report.parts import Row, Table
    from serbench.statistics.estimates import Number

    Numbers = list[tuple[Conditions, Estimate]]

SHOWN = 3
"""As many codecs are told of each condition, those with the largest difference; the table has all."""


def costs(tables: Sequence[Table]) -> Iterator[tuple[str, str]]:
    """Payload and sentence, for the operations that rank parsing and serialising."""
    for group in grouped(tables):
        if any(table.headline for table in group):
            several = {name for name in ("gc", "heap_objects", "threads") if len(_values(group, name)) > 1}
            texts: list[str] = []
            if "gc" in several:
                texts += _told(_alike(group, "heap_objects", "threads"), _tail, _of_collector)
            elif "heap_objects" in several:
                texts += _told(_alike(group, "gc", "threads"), _tail, _of_heap)
            if "threads" in several:
                texts += _told(_alike(group, "gc", "heap_objects"), _rate, _of_threads)
            yield from ((group[0].payload.name, text) for text in texts)


def _values(group: Sequence[Table], name: str) -> set[object]:
    return {getattr(table.conditions, name) for table in group}


def _alike(group: Sequence[Table], *names: str) -> list[list[Table]]:
    """Those that differ in none of these; alone, a table is left out."""
    found: dict[tuple[object, ...], list[Table]] = {}
    for table in group:
        found.setdefault(tuple(getattr(table.conditions, name) for name in names), []).append(table)
    return [tables for tables in found.values() if len(tables) > 1]


def _told(
    alike: Sequence[Sequence[Table]],
    number: Callable[[Sequence[Row]], tuple[str, list[Number]]],
    words: Callable[[str, str, Numbers], str],
) -> Iterator[str]:
    """A sentence for each codec that conditions set apart, and one for all others that have numbers.

    Args:
        alike: tables that differ in one condition only.
        number: what is told of a codec: its name and its values.
        words: the sentence on them.
    """
    for own in alike:
        told: list[tuple[float, str]] = []
        untold: dict[tuple[str, str], list[str]] = {}
        for codec, rows in lines(own).items():
            name, values = number([row for _, row in rows])
            pairs = zip((table.conditions for table, _ in rows), values, strict=True)
            found = [(conditions, value) for conditions, value in pairs if isinstance(value, Estimate)]
            if len(found) < 2:
                continue
            if any(apart(found[0][1], value) for _, value in found[1:]):
                times = [value.value for _, value in found]
                told.append((max(times) / min(times), words(codec, name, found)))
            else:
                whole = all(value.basis == "interval" for _, value in found)
                why = (
                    "the intervals meet"
                    if whole
                    else f"an interval takes {WORKERS_FOR_INTERVAL} workers with enough calls"
                )
                untold.setdefault((name, why), []).append(codec)
        lead = f"{str(own[0].operation).capitalize()}{_with(own)}: "
        yield from (lead + text for _, text in sorted(told, reverse=True)[:SHOWN])
        for (name, why), codecs in untold.items():
            yield f"{lead}{name} of {listed(codecs)} cannot be told apart under these conditions: {why}."


def _with(own: Sequence[Table]) -> str:
    """What these tables have in common that is not usual: ` with collector off and 20,000 live objects`."""
    states, heaps, threads = (_values(own, name) for name in ("gc", "heap_objects", "threads"))
    parts = []
    if len(states) == 1 and states != {"on"}:
        parts.append(f"collector {own[0].conditions.gc}")
    if len(heaps) == 1 and heaps != {0}:
        parts.append(heap_words(own[0].conditions.heap_objects))
    if len(threads) == 1 and threads != {1}:
        parts.append(f"{own[0].conditions.threads} threads")
    return f" with {' and '.join(parts)}" if parts else ""


def _tail(rows: Sequence[Row]) -> tuple[str, list[Number]]:
    """The rarest percentile that all have with its interval; without intervals, the rarest that all have, or p99."""
    percentiles: list[tuple[str, list[Number]]] = [
        ("p99.9", [row.p999_ns for row in rows]),
        ("p99", [row.p99_ns for row in rows]),
    ]
    for demand in ("interval", ""):
        for name, numbers in percentiles:
            if all(isinstance(ns, Estimate) and demand in ("", ns.basis) for ns in numbers):
                return name, numbers
    return percentiles[-1]


def _rate(rows: Sequence[Row]) -> tuple[str, list[Number]]:
    return "objects a second", [row.objects_per_second for row in rows]


def _of_collector(codec: str, percentile: str, found: Numbers) -> str:
    """Such as: the collector makes p99.9 of orjson 31.7 ms; frozen it is 5.1 ms, off 1.3 ms."""
    times = {str(conditions.gc): value.value for conditions, value in found}
    on = times.pop("on", 0.0)
    parts = [f"{gc} {duration(ns)}" for gc, ns in times.items()]
    if on > max(times.values()):
        return f"the collector makes {percentile} of {codec} {duration(on)}; {', '.join(parts)}."
    states = [f"on {duration(on)}", *parts] if on else parts
    return f"with the collector {', '.join(states)} is {percentile} of {codec}."


def _of_heap(codec: str, percentile: str, found: Numbers) -> str:
    parts = [f"{duration(value.value)} with {heap_words(conditions.heap_objects)}" for conditions, value in found]
    return f"{percentile} of {codec} is {listed(parts)}."


def _of_threads(codec: str, name: str, found: Numbers) -> str:
    (fewest, base), *others = found
    parts = [f"{conditions.threads} handle {significant(value.value / base.value)}" for conditions, value in others]
    return f"{listed(parts)} times as many {name} with {codec} as {fewest.threads} thread{'s' * (fewest.threads != 1)}."
