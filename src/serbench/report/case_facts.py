"""What is known of a case besides its times: what it rests on, its tail, its codec, its message, sizes and passes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.codecs.deviations import RULES
from serbench.report.cells import size_words
from serbench.report.evidence import Evidence
from serbench.report.lines import first_record
from serbench.report.parts import Fact
from serbench.report.tails import tail_words
from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.readings import TOLERANCE
from serbench.units import duration, significant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from serbench.records.cases import CodecInfo, Pass, PayloadInfo
    from serbench.records.passes import ColdStart, Compressed, EncodedBytes, Memory
    from serbench.records.run import Measurement, Run
    from serbench.report.lines import Record
    from serbench.report.parts import Row

_WORDS = {str(name): rule.words for name, rule in RULES.items()}
_SHAPE = re.compile(r'[^"]*\b(?:string|key|integer|number|boolean)\b[^"]*')  # JSON has such words in quotes
_LEAST = 0.001  # a smaller share is not told more exactly
_NEARLY = 0.0005  # readings that are so near are not said to be apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample(Fact):
    """What a message of the payload is like.

    Attributes:
        caption: which it is, of how many, and whether it is shortened or a shape alone.
    """

    caption: str


class Passes:
    """What the passes besides time found, for each case: cases that differ only in what does not matter share it.

    A case's message is told with it, as the run has it by payload as well.
    """

    def __init__(self, run: Run) -> None:
        self._passes = run.passes
        self._payloads = {payload.name: payload for payload in run.payloads}
        self._alike: dict[tuple[str, str], list[Measurement]] = {}
        for measurement in run.measurements:
            case = measurement.case
            self._alike.setdefault((case.payload, case.codec), []).append(measurement)

    def facts(self, measurement: Measurement) -> Iterator[Fact]:
        """Its message; compressed sizes, memory, cold start and instructions, or why there are none where asked for."""
        case = measurement.case
        yield from sample_fact(self._payloads[case.payload])
        own = self._alike[case.payload, case.codec]
        same = [m for m in own if m.case.operation is case.operation]
        yield from self._fact("compressed", "size", own, lambda m: m.sizes or None, _compressed)
        yield from self._fact("memory", "memory", same, lambda m: m.memory, _memory)
        yield from self._fact("cold start", "cold", same, lambda m: m.cold_start, _cold_start)
        yield from self._fact("instructions", "instructions", same, lambda m: m.instructions, _instructions)

    def _fact(
        self,
        label: str,
        name: Pass,
        own: Sequence[Measurement],
        record: Callable[[Measurement], Record | None],
        text: Callable[[Record], str],
    ) -> Iterator[Fact]:
        if name in self._passes:
            found = first_record(own, name, record)
            yield Fact(label=label, value=found.reason if isinstance(found, Missing) else text(found))


def readings(row: Row) -> str:
    """How far the median of single calls and the typical time, which is read from batches, agree; else nothing."""
    typical, single, behind = row.typical_ns, row.p50_ns, row.behind.evidence
    if not (isinstance(typical, Estimate) and isinstance(single, Estimate) and isinstance(behind, Evidence)):
        return ""
    apart = single.value / typical.value - 1
    where = f"{100 * abs(apart):.2g} % {'above' if apart > 0 else 'below'}" if abs(apart) > _NEARLY else "at"
    told = f"p50 lies {where} the typical time, an empty call is {_percent(behind.floor_ns / typical.value)} of it: "
    if behind.thread_ns:
        return told + "threads wait for each other between single calls, so only batches count."
    if any(caution.name == "readings-disagree" for caution in row.cautions):
        return told + "single calls and batches do not agree."
    skewed = ", as a batch is a mean and the calls are skewed" if abs(apart) > TOLERANCE else ""
    return told + f"single calls and batches agree{skewed}."


def basis_facts(row: Row) -> Iterator[Fact]:
    """Floor, calls, and what the slowest calls were."""
    behind, tail = row.behind.evidence, row.behind.tail
    if not isinstance(behind, Evidence):
        return
    floor = f"{duration(behind.floor_ns)}, in batches {duration(behind.batch_floor_ns)}"
    yield Fact(label="empty call", value=f"{floor}; step of the clock {duration(behind.clock_step_ns)}")
    yield Fact(label="calls", value=_calls(behind))
    told = tail.reason if isinstance(tail, Missing) else tail_words(row.codec.name, tail)
    yield Fact(label="slowest calls", value=told)


def codec_facts(codec: CodecInfo) -> Iterator[Fact]:
    """Its library and version, which implementation is active, and what it does not carry or carries otherwise."""
    library = f"{codec.distribution or 'standard library'} {codec.version}".rstrip()
    yield Fact(label="codec", value=", ".join(filter(None, (library, codec.native))))
    if codec.deviations:
        yield Fact(label="deviations", value="; ".join(_WORDS.get(name, name) for name in codec.deviations))


def size_fact(encoded: EncodedBytes | Missing) -> Iterator[Fact]:
    """The size of a message: median, and both ends and the mean where they differ."""
    if not isinstance(encoded, Missing):
        ends = f" ({size_words(encoded.min)} to {size_words(encoded.max)}, mean {size_words(encoded.mean)})"
        differ = encoded.min < encoded.max
        yield Fact(label="message", value=f"{size_words(encoded.median)}{ends if differ else ''}")


def sample_fact(payload: PayloadInfo) -> Iterator[Sample]:
    """The sample of the payload's messages; nothing in a run that has kept none."""
    if payload.sample:
        shortened = ", shortened" if "…" in payload.sample else ""
        shape = ", its shape alone" if _SHAPE.fullmatch(payload.sample) else ""
        caption = f"instance 1 of {payload.instances:,}{shape}{shortened}"
        yield Sample(label="sample", value=payload.sample, caption=caption)


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share >= _LEAST else f"under {100 * _LEAST:g} %"


def _calls(behind: Evidence) -> str:
    disturbed = f", {behind.disturbed_rounds} of them disturbed" if behind.disturbed_rounds else ""
    if behind.mostly_disturbed:
        disturbed += " (its typical time and ranks may be other programs')"
    rounds = f", {behind.rounds:,} round{'s' * (behind.rounds != 1)}{disturbed}" if behind.rounds else ""
    return (
        f"{behind.calls:,} one by one, {behind.batch_calls:,} in batches{rounds}; "
        f"no samples: {behind.lead_in_calls:,} of lead-in, {behind.warm_up_calls:,} of warm-up; "
        f"meanwhile {behind.collections:,} collections, {behind.switches:,} involuntary switches"
    )


def _compressed(sizes: Sequence[Compressed]) -> str:
    told = (f"{one.method} level {one.level}: {size_words(one.bytes_per_message.median)}" for one in sizes if one.level)
    return ", ".join(told) or "no compressor was there"


def _memory(memory: Memory) -> str:
    new = f"; it writes to {size_words(memory.new_bytes.median)} of new memory" if memory.new_bytes else ""
    return (
        f"at most {size_words(memory.peak_bytes.median)} more during a call, {size_words(memory.live_bytes.median)} "
        f"while its result is held; the collector goes through {significant(memory.tracked_per_result)} objects of it"
        f"{new}"
    )


def _cold_start(cold: ColdStart) -> str:
    spans = {"import": cold.import_ns, "bind": cold.bind_ns, "first call": cold.first_call_ns}
    return ", ".join(f"{name} {duration(spread.median)}" for name, spread in spans.items())


def _instructions(count: float) -> str:
    return f"{count:,.0f} a call, under callgrind"
