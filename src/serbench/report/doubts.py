"""What a run cannot say, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.compare.words import listed
from serbench.report.evidence import TailParts
from serbench.report.parts import Sentence
from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.intervals import WORKERS_FOR_INTERVAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.records.run import Run
    from serbench.report.parts import Row, Table


def doubts(run: Run, tables: Sequence[Table]) -> Iterator[Sentence]:
    """First what holds for the whole run, then what was not measured, payload by payload."""
    own = [row for table in tables for row in table.rows if not row.same_as]
    found = (
        *_cut_short(run),
        *_not_timed(run),
        *_one_message(run),
        *_varied(run),
        *_few_workers(own),
        *_no_tail(own),
        *_sampler(run),
        *_disturbed(run),
        *_machines(own),
    )
    for text in found:
        yield Sentence(topic="doubt", payload="", text=text)
    yield from _unmeasured(tables)


def _cut_short(run: Run) -> Iterator[str]:
    if not run.complete:
        yield "The run was cut short: what it has is valid, with wider intervals than it would have had."


def _not_timed(run: Run) -> Iterator[str]:
    if "time" not in run.passes:
        yield f"Nothing was timed: no other pass than {listed(run.passes)} was asked for (--pass time)."


def _sampler(run: Run) -> Iterator[str]:
    if run.environment.sampler == "python" and any(m.workers for m in run.measurements):
        yield (
            "The sampler was the one in Python: its floor is higher, as the interpreter runs between clock and call, "
            "and more calls are too short for their tail. Where a C compiler is, installing builds the native one."
        )


def _disturbed(run: Run) -> Iterator[str]:
    kept = [one.disturbance for one in run.rounds if not one.repeated]
    stayed = sum(one.disturbed for one in kept)
    if stayed:
        what = "tails, typical times and ranks" if 2 * stayed >= len(kept) else "tails"
        yield (
            f"{_of(stayed, len(kept), 'round', 'was', 'were')} disturbed by other programs and "
            f"count{'s' * (stayed == 1)} all the same: {what} may be theirs. Stop what else runs (serbench doctor), or "
            "give a longer --budget to measure such rounds again."
        )


def _machines(rows: Sequence[Row]) -> Iterator[str]:
    tails = [row.behind.tail for row in rows if isinstance(row.behind.tail, TailParts)]
    machines = sum(tail.machines for tail in tails)
    if machines:
        yield (
            f"{_of(machines, len(tails), 'tail', 'is', 'are')} the machine's: a perfectly steady call would have come "
            "at least half as far above its median. On a quieter machine tails are shorter (serbench doctor)."
        )


def _one_message(run: Run) -> Iterator[str]:
    """One message again and again sits in caches and trains the branch predictor (docs/method.md)."""
    names = [payload.name for payload in run.payloads if payload.instances == 1]
    if names:
        yield (
            f"{listed(names)} {'is' if len(names) == 1 else 'are'} one message, measured again and again: messages "
            "that vary take longer. A file with a message a line (.ndjson) rotates over all of them; --vary makes more "
            "of one."
        )


def _varied(run: Run) -> Iterator[str]:
    for payload in run.payloads:
        if payload.varied:
            given = payload.instances - payload.varied
            few = "first one" if given == 1 else f"first {given:,}"
            yield (
                f"{payload.varied:,} of {payload.instances:,} messages of {payload.name} "
                f"{'was' if payload.varied == 1 else 'were'} varied from the {few} (--vary): kinds, lengths and widths "
                "are real, contents are not, and many of them compressed as one stream take more than real ones."
            )


def _few_workers(rows: Sequence[Row]) -> Iterator[str]:
    counts = [row.typical_ns.workers for row in rows if isinstance(row.typical_ns, Estimate)]
    few = [count for count in counts if count < WORKERS_FOR_INTERVAL]
    if not few:
        return
    single = few.count(1)
    every = "it has" if len(few) == 1 else "each has"
    which = every if single == len(few) else "1 of them has" if single == 1 else f"{single} of them have"
    known = f"; {which} one worker, so that even the range between processes is not known" if single else ""
    yield (
        f"{_of(len(few), len(counts), 'case', 'has', 'have')} fewer than {WORKERS_FOR_INTERVAL} workers and no "
        f"interval: no difference to {'it' if len(few) == 1 else 'them'} is sure{known}. A longer --budget gives more "
        "workers."
    )


def _no_tail(rows: Sequence[Row]) -> Iterator[str]:
    timed = [row for row in rows if isinstance(row.typical_ns, Estimate)]
    shorts = [row.p99_ns.short for row in timed if isinstance(row.p99_ns, Missing)]
    few, claimless = shorts.count("too few calls"), shorts.count("no tail claimed")
    if few:
        short = _of(few, len(timed), "case", "has", "have")
        yield f"p99 takes 1,000 calls; {short[0].lower()}{short[1:]} fewer. A longer --budget or fewer cases help."
    if claimless:
        short = _of(claimless, len(timed), "case", "is", "are")
        yield f"{short} too short for single readings: {'its' if claimless == 1 else 'their'} tail is not claimed."


def _of(some: int, every: int, noun: str, one: str, several: str) -> str:
    """`3 of 12 cases have`, `1 of 12 cases has`, `All 12 cases have`, `The only case has`: a subject with its verb."""
    if some == every:
        return f"The only {noun} {one}" if every == 1 else f"All {every} {noun}s {several}"
    return f"{some} of {every} {noun}s {one if some == 1 else several}"


def _unmeasured(tables: Sequence[Table]) -> Iterator[Sentence]:
    """What has no number, told once per payload, codec, status and reason."""
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for table in tables:
        for row in table.rows:
            if row.reason:
                key = (table.payload.name, row.codec.name, row.status, row.reason)
                found.setdefault(key, []).append(table.operation)
    for (payload, codec, status, reason), operations in found.items():
        asked = listed(list(dict.fromkeys(operations)))
        yield Sentence(topic="doubt", payload=payload, text=f"{codec} has no number for {asked} ({status}): {reason}")
