"""What a report consists of, ready to be shown: renderers and charts scale, escape and draw; they compute nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from serbench.records.cases import Caution, CodecInfo, Conditions, Operation, PayloadInfo, Status
    from serbench.records.passes import EncodedBytes
    from serbench.records.samples import SlowCalls
    from serbench.report.evidence import Behind
    from serbench.statistics.estimates import Missing, Number

Topic = Literal["parse", "serialise", "size", "tail", "conditions", "doubt"]
"""What a sentence is about; `doubt` is what the run cannot say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One plain sentence.

    Attributes:
        topic: what it is about.
        payload: which payload's it is; empty for the whole run.
        text: plain text; names in it are not escaped for any output.
    """

    topic: Topic
    payload: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case of a table. What was not measured has its status and reason, and the same reason in every number.

    Attributes:
        case_id: the case.
        codec: its codec.
        status: how it ended.
        reason: why there is no number; empty where measured.
        same_as: id of the case whose numbers these are (`measured as`); empty where they are its own.
        encoded_bytes: size over the instances.
        typical_ns: median over workers of their median batch mean: what is compared and ranked.
        p50_ns: median of all single calls, floor included.
        p99_ns: 99th percentile of all single calls.
        p999_ns: 99.9th percentile of all single calls.
        objects_per_second: messages a second at `typical_ns`, all threads together.
        megabytes_per_second: 10^6 "of encoded bytes" a second, at `typical_ns` and the median size, likewise.
        relative: `typical_ns` over the best of the table: 1 for the best.
        best: whether its `typical_ns` is the smallest of the table.
        certain: whether its interval is apart from the best's; for the best: from those of all others, if there are
            any.
        baseline: whether this is its format's usual baseline.
        cautions: what the reader should know, the codec's own included.
        behind: what its slowest calls were, and what its numbers rest on.
    """

    case_id: str
    codec: CodecInfo
    status: Status
    reason: str
    same_as: str
    encoded_bytes: EncodedBytes | Missing
    typical_ns: Number
    p50_ns: Number
    p99_ns: Number
    p999_ns: Number
    objects_per_second: Number
    megabytes_per_second: Number
    relative: Number
    best: bool
    certain: bool
    baseline: bool
    cautions: tuple[Caution, ...]
    behind: Behind

    @property
    def disturbed(self) -> bool:
        """Whether other programs disturbed it and it was not measured again."""
        return any(caution.name == "disturbed" for caution in self.cautions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One payload, operation and conditions.

    Attributes:
        payload: the payload.
        operation: what was timed.
        operation_words: from which value to which, one clause.
        conditions: what it was measured under.
        conditions_words: those, for a caption: `collector on, 64 instances`.
        headline: whether this operation ranks parsing or serialising of its payload.
        rows: by `typical_ns`, smallest first; what was not measured stands last.
    """

    payload: PayloadInfo
    operation: Operation
    operation_words: str
    conditions: Conditions
    conditions_words: str
    headline: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Percentiles of one case, all workers merged, from the fastest call to the last earned percentile.

    Only measured cases whose tail can be claimed have one; the rows of the others say why not. A case that is `same_as`
    another has none of its own.

    Attributes:
        case_id: the case.
        codec: its codec.
        payload: name of its payload.
        operation: what was timed.
        conditions: what it was measured under.
        x: 1/(1-q), rising, from 1; as long as `ns`.
        ns: ns per call at or below which the share q of all calls lies, never falling.
        last_earned: the highest q with at least 10/(1-q) calls behind it; the q of the last point.
        steady: what a perfectly steady call with this median would have shown on this machine, for the first points of
            x; empty where the machine was not watched.
        band: intervals along the curve: 1/(1-q), low and high end in ns; of the percentiles whose workers give one.
    """

    case_id: str
    codec: CodecInfo
    payload: str
    operation: Operation
    conditions: Conditions
    x: tuple[float, ...]
    ns: tuple[float, ...]
    last_earned: float
    steady: tuple[float, ...] = ()
    band: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The slowest calls of a case and when they were.

    Attributes:
        case_id: the case.
        workers: of each worker process, its slowest calls.
    """

    case_id: str
    workers: tuple[SlowCalls, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A labelled fact, both for people."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the numbers stand on.

    Attributes:
        environment: the machine, the system, Python, versions; what could not be read is not there.
        measuring: sampler, floor, workers, rounds, budget and where the wall time went.
        method: how the numbers were made and how to read them, a sentence each.
        floor_ns: an empty call in the same workers, median over them.
    """

    environment: tuple[Fact, ...]
    measuring: tuple[Fact, ...]
    method: tuple[str, ...]
    floor_ns: Number
