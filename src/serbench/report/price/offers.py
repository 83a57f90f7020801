"""What bills rest on: of each payload and codec the time to parse and to serialise a message, and its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.records.cases import OPERATION_WORDS, Operation, Status
from serbench.report.cells import grouped_notes
from serbench.report.lines import first_record
from serbench.report.price.cost import Figures, Packed, Step
from serbench.statistics.estimates import Estimate, Missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from serbench.records.cases import Conditions, PayloadInfo
    from serbench.records.passes import Compressed
    from serbench.records.run import Run
    from serbench.report.parts import Row, Table

PARSING = (Operation.READ, Operation.LOAD, Operation.DECODE)
"""The first of these that was measured of a codec is its parsing: the one after which most is done."""

SERIALISING = (Operation.DUMP, Operation.ENCODE)
"""The same for serialising."""

PLAIN = "none"
"""The method that does not compress."""

USUAL_TODAY = "json"
"""The codec that is used today unless the reader says otherwise, where it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method of compression and its level; 0 for `none`."""

    name: str
    level: int

    @property
    def words(self) -> str:
        """`gzip level 6`."""
        return "no compression" if self.name == PLAIN else f"{self.name} level {self.level}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The codecs of one payload.

    Attributes:
        payload: its name.
        basis: which operations and conditions the times are of, a sentence each.
        figures: of each codec, in the order of the run.
        notes: where a codec's figures are of another kind than the others', or are missing.
    """

    payload: str
    basis: tuple[str, ...]
    figures: tuple[Figures, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """All that bills of a run rest on.

    Attributes:
        offers: of each payload with a time; none where nothing was timed.
        methods: `none`, and those that the run compressed with.
        codecs: all that are in an offer.
        today: the codec that the others are held against unless the reader says otherwise; empty without offers.
        machine: the processor that was measured; empty where that is not known.
    """

    offers: tuple[Offer, ...]
    methods: tuple[Method, ...]
    codecs: tuple[str, ...]
    today: str
    machine: str


def prices(run: Run, tables: Sequence[Table]) -> Prices:
    """What bills rest on, from a run and the tables made of it.

    Where a payload was measured under several conditions, the default ones count, else the first.
    """
    methods = _methods(run)
    names = dict.fromkeys(table.payload.name for table in tables)
    made = [_offer(run, [table for table in tables if table.payload.name == name], methods) for name in names]
    offers = tuple(offer for offer in made if any(isinstance(n, Step) for f in offer.figures for n in _steps(f)))
    codecs = tuple(dict.fromkeys(figures.codec for offer in offers for figures in offer.figures))
    return Prices(
        offers=offers,
        methods=methods,
        codecs=codecs,
        today=_today(offers),
        machine=str(run.environment.machine.get("cpu_model", "")),
    )


def _methods(run: Run) -> tuple[Method, ...]:
    used = dict.fromkeys((one.method, one.level) for m in run.measurements for one in m.sizes if one.method != PLAIN)
    return (Method(name=PLAIN, level=0), *(Method(name=name, level=level) for name, level in used))


def _today(offers: Sequence[Offer]) -> str:
    """The usual one, else the first of the first payload; preferably with both times."""
    figures = offers[0].figures if offers else ()
    whole = [f for f in figures if all(isinstance(step, Step) for step in _steps(f))]
    names = [f.codec for f in whole or figures]
    return USUAL_TODAY if USUAL_TODAY in names else next(iter(names), "")


def _steps(figures: Figures) -> tuple[Step | Missing, Step | Missing]:
    return figures.parse, figures.serialise


def _offer(run: Run, own: Sequence[Table], methods: Sequence[Method]) -> Offer:
    first = own[0]
    conditions = next((table.conditions for table in own if _default(table.conditions)), first.conditions)
    under = [table for table in own if table.conditions == conditions]
    present = {row.codec.name for table in own for row in table.rows}
    names = [codec.name for codec in run.codecs if codec.name in present]
    figures = tuple(_figures(run, first.payload.name, _rows(under, name), name, methods) for name in names)
    parsing, serialising = (
        _usual([f.parse for f in figures], PARSING),
        _usual([f.serialise for f in figures], SERIALISING),
    )
    chosen = (("Parsing", parsing), ("Serialising", serialising))
    notes = [*_notes(figures, parsing, serialising), *_partial(run, first.payload, names)]
    return Offer(
        payload=first.payload.name,
        basis=(
            *(f"{what} is {o}: {OPERATION_WORDS[o]}." for what, o in chosen if o),
            f"Times are typical ones with {under[0].conditions_words}.",
            *_threads(conditions),
        ),
        figures=figures,
        notes=tuple(grouped_notes(notes)),
    )


def _default(conditions: Conditions) -> bool:
    asked = (conditions.gc, conditions.instances_default, conditions.heap_objects, conditions.threads)
    return asked == ("on", True, 0, 1)


def _threads(conditions: Conditions) -> Iterator[str]:
    if conditions.threads != 1:
        yield f"It is the time of a call in one of {conditions.threads} threads, what it waits for the others included."


def _rows(tables: Sequence[Table], codec: str) -> dict[Operation, Row]:
    return {table.operation: row for table in tables for row in table.rows if row.codec.name == codec}


def _figures(run: Run, payload: str, rows: Mapping[Operation, Row], codec: str, methods: Sequence[Method]) -> Figures:
    plain = next((row.encoded_bytes for row in rows.values() if not isinstance(row.encoded_bytes, Missing)), None)
    packed: dict[str, Packed | Missing] = {
        PLAIN: Packed(bytes=plain.mean) if plain else Missing(short="no size", reason="its size is not known")
    }
    sizes = _sizes(run, payload, codec)
    for name in (method.name for method in methods if method.name != PLAIN):
        if isinstance(sizes, Missing):
            packed[name] = Missing(short=f"no {name}", reason=f"{name}: {sizes.reason}")
        elif name in sizes:
            packed[name] = Packed(bytes=sizes[name].bytes_per_message.mean, ns=sizes[name].ns_per_message)
        else:
            packed[name] = Missing(short=f"no {name}", reason=f"its messages were not compressed with {name}")
    return Figures(
        codec=codec,
        parse=_step(rows, PARSING, "parsing"),
        serialise=_step(rows, SERIALISING, "serialising"),
        packed=packed,
    )


def _sizes(run: Run, payload: str, codec: str) -> Mapping[str, Compressed] | Missing:
    own = [m for m in run.measurements if (m.case.payload, m.case.codec) == (payload, codec)]
    return first_record(own, "size", lambda m: {one.method: one for one in m.sizes})


def _step(rows: Mapping[Operation, Row], operations: Sequence[Operation], what: str) -> Step | Missing:
    """The time of the first of these that has one, and why those before it have none."""
    whys: list[str] = []
    for operation in operations:
        row = rows.get(operation)
        if row is None:
            whys.append(f"{operation} was not measured")
        elif isinstance(row.typical_ns, Estimate):
            return Step(operation=operation, ns=row.typical_ns, instead=", ".join(whys), disturbed=row.disturbed)
        elif row.status is Status.MEASURED:
            whys.append(f"{operation}: {row.typical_ns.reason}")
        else:
            whys.append(f"{operation} {row.status}: {row.reason}")
    return Missing(short=f"no {what}", reason=f"no time for {what}: {', '.join(whys)}")


def _usual(steps: Sequence[Step | Missing], operations: Sequence[Operation]) -> Operation | None:
    """The most preferred that any codec has."""
    used = {step.operation for step in steps if isinstance(step, Step)}
    return next((operation for operation in operations if operation in used), None)


def _notes(
    figures: Sequence[Figures], parsing: Operation | None, serialising: Operation | None
) -> Iterator[tuple[str, str]]:
    """Codecs whose time is of another operation than the others', or was disturbed: name and text."""
    for own in figures:
        for what, usual, step in (("parsing", parsing, own.parse), ("serialising", serialising, own.serialise)):
            if isinstance(step, Step) and step.operation is not usual:
                yield own.codec, f"{what} is {step.operation} here, which is other work than {usual} ({step.instead})"
            if isinstance(step, Step) and step.disturbed:
                yield own.codec, f"other programs disturbed the time of {step.operation}"


def _partial(run: Run, payload: PayloadInfo, codecs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Codecs of which not all messages were compressed: name and text."""
    for codec in codecs:
        sizes = _sizes(run, payload.name, codec)
        messages = payload.instances if isinstance(sizes, Missing) else min(one.messages for one in sizes.values())
        if messages < payload.instances:
            yield codec, f"compressed sizes are those of {messages:,} of {payload.instances:,} messages"
