"""The answer in plain words: who is fastest, by how much, how sure that is, and what it costs in bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from serbench.compare.words import listed, times
from serbench.records.cases import Operation
from serbench.report.conditions import setting_words
from serbench.report.costs import costs
from serbench.report.evidence import Evidence, TailParts
from serbench.report.parts import Sentence
from serbench.report.rows import PARSING
from serbench.report.smallest import sizes
from serbench.report.tails import MOSTLY, MOSTLY_WORDS, mostly, tail_words
from serbench.statistics.estimates import Estimate
from serbench.statistics.intervals import WORKERS_FOR_INTERVAL, apart
from serbench.statistics.summary import NOT_TIMED
from serbench.units import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.report.parts import Row, Table, Topic
    from serbench.statistics.estimates import Number

WHAT = {
    Operation.READ: "parse {} (read: every leaf read once)",
    Operation.DECODE: "parse {} (decode: until the codec's own object is there)",
    Operation.LOAD: "parse {} (load: until plain values are there)",
    Operation.ENCODE: "serialise {} (encode: from the codec's own object)",
    Operation.DUMP: "serialise {} (dump: from plain values)",
}
"""What is ranked, and what of it is timed."""

TOLD = 3
"""As many codecs that pass others are named."""


def answers(tables: Sequence[Table]) -> Iterator[Sentence]:
    """The sentences about payloads, in the order of their tables; none twice."""
    payloads = dict.fromkeys(table.payload.name for table in tables)
    for payload in payloads:
        own = [table for table in tables if table.payload.name == payload]
        told = dict.fromkeys([*_block(own, payload), *_tail_and_costs(own)])
        yield from (Sentence(topic=topic, payload=payload, text=text) for topic, text in told)


def _block(own: Sequence[Table], payload: str) -> Iterator[tuple[Topic, str]]:
    """Who is fastest under the first conditions, whether the others change that, what building adds, and sizes."""
    first = [table for table in own if table.conditions == own[0].conditions]
    where = f", {own[0].conditions_words}" if len(first) < len(own) else ""
    for table in (table for table in first if table.headline):
        topic: Topic = "parse" if table.operation in PARSING else "serialise"
        lead = WHAT[table.operation].format(payload) + where
        yield from ((topic, text) for text in _ranking(lead, table.rows))
        yield from ((topic, text) for text in (*_elsewhere(table, own), *_without_collector(table, own)))
        if table.operation is Operation.ENCODE:
            yield from (("serialise", text) for text in _with_building(table, first, payload, where))
    yield from (("size", text) for text in sizes(own, payload))


def _elsewhere(table: Table, own: Sequence[Table]) -> Iterator[str]:
    """Who has the shortest typical time of the same operation under the other conditions, and who is as near.

    Of a codec that alone has a number there its time: nobody is held against it.
    """
    alone: dict[str, list[str]] = {}
    leaders: dict[str, list[str]] = {}
    near: dict[str, dict[str, None]] = {}
    every = [other.conditions for other in own]
    for other in own:
        timed = _timed(other.rows)
        if other.operation is table.operation and other.conditions != table.conditions and timed:
            name, setting = timed[0].codec.name, setting_words(other.conditions, every)
            if len(timed) == 1:
                alone.setdefault(name, []).append(f"{duration(_estimate(timed[0]).value)} with {setting}")
                continue
            leaders.setdefault(name, []).append(setting)
            near.setdefault(name, {}).update(dict.fromkeys(row.codec.name for row in _near(timed)))
    for codec, taken in alone.items():
        yield f"{codec} takes {'; '.join(taken)}."
    for codec, settings in leaders.items():
        yield f"{codec} has the shortest typical time with {'; '.join(settings)}."
        if near[codec]:
            where = "There" if len(settings) == 1 else "Under one of these at least"
            yield f"{where} it cannot be told apart from {listed(list(near[codec]))}."


def _without_collector(table: Table, own: Sequence[Table]) -> Iterator[str]:
    """Who passes whom once the collector is off, where both orders are sure."""
    off = replace(table.conditions, gc="off")
    others = (o for o in own if o.operation is table.operation and o.conditions == off != table.conditions)
    for other in others:
        then = {row.codec.name: row.typical_ns for row in _timed(other.rows)}
        now = [row for row in _timed(table.rows) if row.codec.name in then]
        passed: dict[str, list[str]] = {}
        for place, slower in enumerate(now):
            name = slower.codec.name
            ahead = [row for row in now[:place] if apart(row.typical_ns, slower.typical_ns)]
            if behind := [row.codec.name for row in ahead if _below(then[name], then[row.codec.name])]:
                passed[name] = behind
        told = [f"{name} is faster than {listed(behind)}" for name, behind in passed.items()]
        if more := told[TOLD:]:
            told[TOLD:] = [f"{len(more)} more {'move' if len(more) > 1 else 'moves'} up"]
        if told:
            yield f"With the collector off the order turns: {'; '.join(told)}."


def _below(one: Number, other: Number) -> bool:
    """Whether that is sure."""
    return apart(one, other) and isinstance(one, Estimate) and isinstance(other, Estimate) and one.value < other.value


def _tail_and_costs(own: Sequence[Table]) -> Iterator[tuple[Topic, str]]:
    """What tails are made of under the first conditions, and what other conditions cost."""
    for table in own:
        if table.headline and table.conditions == own[0].conditions:
            yield from (("tail", text) for text in _tails(table))
    yield from (("conditions", text) for _, text in costs(own))


def _ranking(lead: str, rows: Sequence[Row]) -> Iterator[str]:
    """Who is first, who is next, and how that stands to the usual baseline of the first one's format."""
    timed = _timed(rows)
    if rows and all(row.typical_ns == NOT_TIMED for row in rows):
        return
    if not timed:
        yield f"No codec has a number for how long it takes to {lead}."
        return
    best, *others = timed
    if not others:
        yield f"To {lead}, {best.codec.name} takes {_time(best)}; there is no other number to hold it against."
        return
    if near := _near(timed):
        names = listed([row.codec.name for row in (best, *near)])
        ends = "intervals" if _interval(best) else "ranges"
        yield f"To {lead}, {names} are too close to call: their {ends} meet. {best.codec.name} takes {_time(best)}."
    elif best.certain:
        yield f"To {lead}, {best.codec.name} is fastest: {_time(best)}, below all others."
    else:
        yield f"To {lead}, {best.codec.name} has the shortest typical time: {_time(best)}."
    if not _interval(best):
        unsure = "No difference is sure" if near else "Whether it is fastest is not sure"
        yield f"{unsure}: an interval takes {WORKERS_FOR_INTERVAL} workers."
    yield from _distances(best, others, near)


def _timed(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if isinstance(row.typical_ns, Estimate)]


def _near(timed: Sequence[Row]) -> list[Row]:
    """Those that are not told apart from the first: their intervals meet, or where it has none, their ranges."""
    best, *others = timed
    if _interval(best):
        return [row for row in others if not row.certain and _interval(row)]
    return [row for row in others if _estimate(row).low <= _estimate(best).high]


def _distances(best: Row, others: Sequence[Row], near: Sequence[Row]) -> Iterator[str]:
    """The next row that is told apart from the best, the usual baseline, and what cannot be ranked."""
    whole = _interval(best)  # without intervals it is the typical times
    certain = [row for row in others if row not in near and (row.certain or not whole)]
    baselines = [row for row in certain[1:] if row.baseline and row.codec.format == best.codec.format]
    if certain:
        yield f"{certain[0].codec.name} comes next and takes {_relative(certain[0])} as {best.codec.name}."
    for row in baselines:
        yield f"{row.codec.name}, the usual baseline of its format, takes {_relative(row)} as {best.codec.name}."
    unsure = [row.codec.name for row in others if whole and not _interval(row)]
    if unsure:
        yield f"{listed(unsure)} cannot be ranked: fewer than {WORKERS_FOR_INTERVAL} workers have a number."


def _with_building(table: Table, tables: Sequence[Table], payload: str, where: str) -> Iterator[str]:
    """What serialising costs when the codec's object does not exist yet; nothing where all codecs are plain.

    A run does not say whether a codec that gives objects also takes them: lazy ones are encoded from plain values.
    """
    building = [r.codec.name for r in table.rows if r.codec.model != "plain" and isinstance(r.typical_ns, Estimate)]
    if not building:
        return
    dump = next((t for t in tables if t.operation is Operation.DUMP), None)
    if dump and any(isinstance(row.typical_ns, Estimate) for row in dump.rows):
        yield from _ranking(WHAT[Operation.DUMP].format(payload) + where, dump.rows)
    dumped = {r.codec.name for r in dump.rows if isinstance(r.typical_ns, Estimate)} if dump else set()
    without = [name for name in building if name not in dumped]
    if without:
        whose = "its" if len(without) == 1 else "their"
        built = f"dump: any object of {whose} own built first"
        yield f"What {listed(without)} would take from plain values ({built}) was not measured."


def _tails(table: Table) -> Iterator[str]:
    """Whose tails are the machine's or mostly one thing, and what the slowest calls of the best codec were."""
    lead = f"{str(table.operation).capitalize()}: "
    known = [(row.codec.name, row.behind.tail) for row in table.rows if isinstance(row.behind.tail, TailParts)]
    if machines := [codec for codec, tail in known if tail.machines]:
        yield f"{lead}{_tails_of(machines)} the machine's."
    own = [(codec, tail) for codec, tail in known if not tail.machines]
    for part, words in MOSTLY_WORDS.items():
        if same := [codec for codec, tail in own if mostly(tail) == part]:
            yield f"{lead}{_tails_of(same)} mostly {words}."
    watched = [(codec, tail) for codec, tail in own if isinstance(tail.steady_ns, Estimate) and not tail.uneven]
    unexplained = [codec for codec, tail in watched if tail.other > MOSTLY * tail.calls]
    among = {row.codec.name for row in table.rows if _among_others(row)}
    if calm := [codec for codec in unexplained if codec not in among]:
        yield f"{lead}{_tails_of(calm)} not the machine's and mostly unexplained, so perhaps the codec's own."
    if met := [codec for codec in unexplained if codec in among]:
        yield f"{lead}{_tails_of(met)} mostly unexplained, while other programs ran."
    best = next((row.codec.name for row in table.rows if row.best), "")
    for codec, tail in known:
        if codec == best:
            words = tail_words(codec, tail)
            yield lead + words[0].lower() + words[1:]


def _among_others(row: Row) -> bool:
    """Whether other programs ran in most of its rounds: they leave caches cold, which empty calls do not show."""
    noted = any(caution.name == "disturbed" for caution in row.cautions)
    return noted and isinstance(row.behind.evidence, Evidence) and row.behind.evidence.mostly_disturbed


def _tails_of(codecs: Sequence[str]) -> str:
    several = len(codecs) > 1
    return f"the tail{'s' * several} of {listed(codecs)} {'are' if several else 'is'}"


def _interval(row: Row) -> bool:
    return isinstance(row.typical_ns, Estimate) and row.typical_ns.basis == "interval"


def _estimate(row: Row) -> Estimate:
    """The typical time of a row that has one."""
    assert isinstance(row.typical_ns, Estimate)
    return row.typical_ns


def _time(row: Row) -> str:
    """`3.21 us a message (3.10 us to 3.30 us; 96.9 % interval of 6 workers)`."""
    ns = _estimate(row)
    if ns.basis == "none":
        return f"{duration(ns.value)} a message (one worker)"
    kind = f"{100 * ns.coverage:.3g} % interval" if ns.basis == "interval" else "range"
    return f"{duration(ns.value)} a message ({duration(ns.low)} to {duration(ns.high)}, {kind} of {ns.workers} workers)"


def _relative(row: Row) -> str:
    assert isinstance(row.relative, Estimate)
    return times(row.relative)
