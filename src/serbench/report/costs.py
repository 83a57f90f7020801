"""What conditions cost, in sentences: the collector, live objects, more threads; only where that can be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.compare.words import listed
from serbench.report.conditions import grouped, heap_words, lines
from serbench.statistics.estimates import Estimate
from serbench.statistics.intervals import WORKERS_FOR_INTERVAL, apart, ratio
from serbench.units import duration, significant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from serbench.records.cases import Conditions
    from serbench.report.parts import Row, Table
    from serbench.statistics.estimates import Number

    Numbers = list[tuple[Conditions, Estimate]]

SHOWN = 3
"""As many codecs are told of each condition, those with the largest difference; the table has all."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is told of a codec.

    Attributes:
        number: what its numbers are called, and that of each row.
        words: the sentence.
        alike: what codecs with the same sentence have in common.
    """

    number: Callable[[Sequence[Row]], tuple[str, list[Number]]]
    words: Callable[[str, str, Numbers], str]
    alike: Callable[[Numbers], list[Number]]


@dataclass(frozen=True, slots=True)
class _Own:
    """A codec under several conditions: what its numbers are called, and those that there are."""

    codec: str
    name: str
    found: Numbers

    @property
    def apart(self) -> bool:
        """Whether conditions set it apart from itself under the first one."""
        (_, first), *others = self.found
        return any(apart(first, value) for _, value in others)

    @property
    def times(self) -> float:
        """The largest number over the smallest."""
        values = [value.value for _, value in self.found]
        return max(values) / min(values)


@dataclass(frozen=True, slots=True)
class _Set:
    """Tables that differ in one condition only: what leads a sentence on them, what is told, and of which codecs."""

    lead: str
    kind: _Kind
    known: Sequence[_Own]


def costs(tables: Sequence[Table]) -> Iterator[tuple[str, str]]:
    """Payload and sentence, for the operations that rank parsing and serialising."""
    for payload in dict.fromkeys(table.payload.name for table in tables):
        groups = grouped([table for table in tables if table.payload.name == payload])
        sets = [one for group in groups if any(table.headline for table in group) for one in _sets(group)]
        yield from ((payload, text) for one in sets for text in _told(one))
        yield from ((payload, text) for text in _untold(sets))


def _sets(group: Sequence[Table]) -> Iterator[_Set]:
    """Those of one payload and operation."""
    several = {name for name in ("gc", "heap_objects", "threads") if len(_values(group, name)) > 1}
    if "gc" in several:
        yield from _of_kind(group, COLLECTOR, "heap_objects", "threads")
    elif "heap_objects" in several:
        yield from _of_kind(group, HEAP, "gc", "threads")
    if "threads" in several:
        yield from _of_kind(group, THREADS, "gc", "heap_objects")


def _of_kind(group: Sequence[Table], kind: _Kind, *same: str) -> Iterator[_Set]:
    """Those that are alike in these conditions."""
    for own in _alike(group, *same):
        known = [one for one in _numbers(own, kind) if len(one.found) > 1]
        yield _Set(f"{own[0].operation}{_with(own)}", kind, known)


def _values(group: Sequence[Table], name: str) -> set[object]:
    return {getattr(table.conditions, name) for table in group}


def _alike(group: Sequence[Table], *names: str) -> list[list[Table]]:
    """Those that differ in none of these; alone, a table is left out."""
    found: dict[tuple[object, ...], list[Table]] = {}
    for table in group:
        found.setdefault(tuple(getattr(table.conditions, name) for name in names), []).append(table)
    return [tables for tables in found.values() if len(tables) > 1]


def _told(own: _Set) -> Iterator[str]:
    """A sentence for each codec that conditions set apart, and one for those that are alike in it."""
    told = sorted((one for one in own.known if one.apart), key=lambda one: -one.times)
    for first, *others in _folded(told, own.kind)[:SHOWN]:
        also = f" {listed([one.codec for one in others])} cannot be told apart from {first.codec} in this."
        words = own.kind.words(first.codec, first.name, first.found)
        yield f"{own.lead.capitalize()}: {words}" + also * bool(others)


def _untold(sets: Sequence[_Set]) -> Iterator[str]:
    """Of which codecs nothing can be told and why: once for all operations and conditions where it is so."""
    where: dict[tuple[str, str, frozenset[str]], list[str]] = {}
    for own in sets:
        found: dict[tuple[str, str], list[str]] = {}
        for one in own.known:
            if not one.apart:
                found.setdefault((one.name, _why(one)), []).append(one.codec)
        for (name, why), codecs in found.items():
            where.setdefault((name, why, frozenset(codecs)), []).append(own.lead)
    for (name, why, names), leads in where.items():
        lead = listed(leads).capitalize()
        yield f"{lead}: {name} of {listed(sorted(names))} cannot be told apart under these conditions: {why}."


def _numbers(own: Sequence[Table], kind: _Kind) -> Iterator[_Own]:
    """Of each codec what it has under these conditions."""
    for codec, rows in lines(own).items():
        name, values = kind.number([row for _, row in rows])
        pairs = zip((table.conditions for table, _ in rows), values, strict=True)
        yield _Own(codec, name, [(conditions, value) for conditions, value in pairs if isinstance(value, Estimate)])


def _folded(told: Sequence[_Own], kind: _Kind) -> list[list[_Own]]:
    """Each with those after it whose sentence would say the same."""
    groups: list[list[_Own]] = []
    for one in told:
        group = next((group for group in groups if _same(group[0], one, kind)), None)
        if group:
            group.append(one)
        else:
            groups.append([one])
    return groups


def _same(one: _Own, other: _Own, kind: _Kind) -> bool:
    """Whether both have intervals of the same under the same conditions, and these meet in each."""
    if one.name != other.name or [c for c, _ in one.found] != [c for c, _ in other.found]:
        return False
    pairs = list(zip(kind.alike(one.found), kind.alike(other.found), strict=True))
    return all(_whole(a) and _whole(b) and not apart(a, b) for a, b in pairs)


def _whole(number: Number) -> bool:
    return isinstance(number, Estimate) and number.basis == "interval"


def _why(one: _Own) -> str:
    if all(value.basis == "interval" for _, value in one.found):
        return "the intervals meet"
    return f"an interval takes {WORKERS_FOR_INTERVAL} workers with enough calls"


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


def _themselves(found: Numbers) -> list[Number]:
    return [value for _, value in found]


def _relative(found: Numbers) -> list[Number]:
    """Each over the first: codecs whose rates differ may gain alike."""
    (_, first), *others = found
    return [ratio(value, first) for _, value in others]


COLLECTOR = _Kind(_tail, _of_collector, _themselves)
HEAP = _Kind(_tail, _of_heap, _themselves)
THREADS = _Kind(_rate, _of_threads, _relative)
