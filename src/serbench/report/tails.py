"""The tail explained: what the slowest calls of a case were, and what the machine would have done to a steady call."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from serbench.errors import BadRunFile
from serbench.histogram import Histogram
from serbench.report.cells import (
    NOTHING,
    UNSAID,
    Column,
    Grid,
    aligned,
    exact,
    grouped_notes,
    known,
    numbers,
    with_ends,
    words,
)
from serbench.report.evidence import TailParts
from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.percentiles import label, needed_calls
from serbench.statistics.readings import CLOCK_STEPS, FLOORS
from serbench.statistics.steady import earned, steady_curve
from serbench.units import duration, time_scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from serbench.records.run import Measurement, Run
    from serbench.report.parts import Row, Table
    from serbench.statistics.estimates import Number
    from serbench.statistics.summary import Summary

TAIL_LEGEND = (
    "collector: it ran inside and accounts for the call. preempted: the scheduler took the processor away meanwhile.",
    "larger messages: calls that are usual for their own message. unexplained: none of these.",
    "steady call: what one that always takes the same would have shown here, from the interruptions of empty calls.",
    "Half of the way from p50 to the tail or more: the tail is the machine's. Over twice the tail: it cannot be told.",
)
"""How to read a table of tails."""

PARTS = {"gc": "collector", "preempted": "preempted", "instance": "larger messages", "other": "unexplained"}
"""The parts of a tail and their names, in the order in which they are shown."""

MOSTLY_WORDS = {
    PARTS["gc"]: "the collector's doing",
    PARTS["preempted"]: "the scheduler's doing",
    PARTS["instance"]: "larger messages",
}
"""What is said of a tail that is mostly one of these."""

RAREST = 0.001
"""The share of calls beyond p99.9; where that is not earned it is p99."""

MACHINES = 0.5
"""From this share of the distance from the median to the tail on a steady call's tail makes it the machine's."""

UNEVEN = 2.0
"""A steady call that would have taken more times the observed tail met other noise than the case did."""

MOSTLY = 0.5
"""A tail is mostly one thing from this share of its calls on."""

_UNEVEN_WORDS = ": the machine's noise was not the same throughout, so whose tail it is cannot be told"

_NOT_WATCHED = Missing(short="not watched", reason="the machine's own noise was not measured in this run")
_NOT_LABELLED = Missing(
    short="not labelled",
    reason="calls are labelled when their worker ends, and after a run was cut short only those of its second part",
)

_WHY = {  # one text for all codecs, without the figures of each
    "no tail claimed": f"calls under {FLOORS} floors or {CLOCK_STEPS} clock steps are too short to be read one by one",
    "too few calls": f"p99 takes {needed_calls(0.99):,}",
}


class Watched:
    """The machine's own noise, as a run watched it.

    Raises:
        BadRunFile: its histogram cannot be read.
    """

    def __init__(self, run: Run) -> None:
        self._observed_ns = run.noise.observed_ns if run.noise else 0
        try:
            self._noise = Histogram.decode(run.noise.histogram) if run.noise else Histogram()
        except ValueError as error:
            raise BadRunFile(f"its noise: {error}; measure again") from error

    def steady(self, median_ns: float, x: Sequence[float]) -> tuple[float, ...]:
        """The percentiles of a perfectly steady call, for the first points of x: those that are earned."""
        return steady_curve(self._noise, self._observed_ns, median_ns, x) if median_ns > 0 and self._observed_ns else ()

    def missing(self, median_ns: float) -> Missing:
        """Why a steady call's percentile is not told."""
        if not self._observed_ns or median_ns <= 0:
            return _NOT_WATCHED
        most = earned(self._observed_ns, median_ns)
        reason = (
            f"the machine was watched for {duration(self._observed_ns)}, in which only {10 * most:,.0f} calls of "
            f"{duration(median_ns)} fit"
        )
        return Missing(short="not watched", reason=reason)


def tail_and_steady(
    measurement: Measurement, summary: Summary, watched: Watched
) -> tuple[TailParts | Missing, tuple[float, ...]]:
    """What a case's slowest calls were, and the curve of a steady call for the first points of the summary's own.

    Args:
        measurement: that holds the numbers.
        summary: those, worked out.
        watched: the machine's noise.
    """
    median = summary.p50_ns.value if isinstance(summary.p50_ns, Estimate) else 0.0
    labels = measurement.labels
    wanted = sorted({*summary.x, 1 / labels.share} if labels and labels.calls else summary.x)
    steady = dict(zip(wanted, watched.steady(median, wanted), strict=False))
    curve = tuple(steady[x] for x in summary.x if x in steady)
    short = summary.p99_ns
    if isinstance(short, Missing):  # no tail is claimed or earned
        return short, curve
    if labels is None or not labels.calls:
        return _NOT_LABELLED, curve
    at = steady.get(1 / labels.share)
    ns: Number = watched.missing(median) if at is None else exact(at)
    uneven = at is not None and at > UNEVEN * labels.from_ns
    machines = at is not None and not uneven and _machines(at, median, labels.from_ns)
    return TailParts(**asdict(labels), steady_ns=ns, machines=machines, uneven=uneven), curve


def _machines(steady_ns: float, median_ns: float, tail_ns: float) -> bool:
    return tail_ns > median_ns and steady_ns - median_ns >= MACHINES * (tail_ns - median_ns)


def tail_grid(table: Table) -> Grid:
    """What the slowest calls were, a line for each codec of a table that was timed."""
    rows = [row for row in table.rows if isinstance(row.typical_ns, Estimate)]
    tails = [row.behind.tail for row in rows]
    columns = (
        words("codec", [row.codec.name for row in rows]),
        *_times(rows, tails),
        *(Column(head=head, unit="%", cells=aligned(_percent(t, name) for t in tails)) for name, head in PARTS.items()),
        words("whose", [_whose(tail) for tail in tails]),
    )
    return Grid(
        title=f"{table.payload.name}: {table.operation}, the slowest calls",
        payload=table.payload.name,
        columns=tuple(column for column in columns if any(column.cells)),
        strong=(),
        notes=tuple(grouped_notes(_notes(rows))),
        legend=TAIL_LEGEND,
    )


def _whose(tail: TailParts | Missing) -> str:
    if isinstance(tail, Missing) or not (tail.machines or tail.uneven):
        return ""
    return "the machine's" if tail.machines else "cannot be told"


def _times(rows: Sequence[Row], tails: Sequence[TailParts | Missing]) -> Iterator[Column]:
    """The tail's percentile, a steady call's, how many calls lie beyond, and from where on."""
    shares = list(map(_share_of, rows, tails))
    tail_ns = [row.p999_ns if share == RAREST else row.p99_ns for row, share in zip(rows, shares, strict=True)]
    steady_ns = [tail.steady_ns if isinstance(tail, TailParts) else UNSAID for tail in tails]
    from_ns = [exact(tail.from_ns) if isinstance(tail, TailParts) else UNSAID for tail in tails]
    time = time_scale(known(tail_ns, steady_ns, from_ns))
    told = sorted({share for share in shares if share})
    only = told[0] if len(told) == 1 else None
    if not only:  # the heads cannot say which percentile it is
        yield words("tail", [label(1 - share) if share else "" for share in shares])
    yield Column(head=label(1 - only) if only else "took", unit=time.unit, cells=with_ends(tail_ns, time.text))
    yield numbers("steady call", time.unit, steady_ns, time.text)
    counts = [f"{tail.calls:,}" if isinstance(tail, TailParts) else NOTHING for tail in tails]
    yield Column(head=f"slowest {100 * only:g} %" if only else "slowest", unit="calls", cells=aligned(counts))
    yield numbers("from", time.unit, from_ns, time.text)


def _share_of(row: Row, tail: TailParts | Missing) -> float | None:
    """Of all calls, those beyond the percentile that is shown: p99.9, or p99 where only that is earned."""
    if isinstance(tail, TailParts):
        return tail.share
    earned_ = ((RAREST, row.p999_ns), (10 * RAREST, row.p99_ns))
    return next((share for share, ns in earned_ if isinstance(ns, Estimate)), None)


def _percent(tail: TailParts | Missing, name: str) -> str:
    return NOTHING if isinstance(tail, Missing) else f"{100 * getattr(tail, name) / tail.calls:.0f}"


def _notes(rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """Name and text: why nothing is known of a tail, or of a steady call."""
    for row in rows:
        tail = row.behind.tail
        missing = tail if isinstance(tail, Missing) else tail.steady_ns
        if isinstance(missing, Missing):
            yield row.codec.name, f"{missing.short}: {_WHY.get(missing.short, missing.reason)}"


def has_tails(table: Table) -> bool:
    """Whether any codec of a table has a tail to be explained; else its own cells say why not."""
    return any(isinstance(row.p99_ns, Estimate) for row in table.rows)


def tail_words(codec: str, tail: TailParts) -> str:
    """`The slowest 0.1 % of orjson (57 calls from 30.7 us): 61 % preempted, ...`: one sentence."""
    counted = sorted(((getattr(tail, name), words_) for name, words_ in PARTS.items()), key=lambda pair: -pair[0])
    parts = [f"{_share(count, tail.calls)} {words_}" for count, words_ in counted if count]
    steady = ""
    if isinstance(tail.steady_ns, Estimate):
        whose = ", so it is the machine's tail" if tail.machines else _UNEVEN_WORDS if tail.uneven else ""
        steady = f"; a perfectly steady call would have taken {duration(tail.steady_ns.value)} there{whose}"
    slowest = f"{tail.calls:,} call{'s' * (tail.calls != 1)} from {duration(tail.from_ns)}"
    return f"The slowest {100 * tail.share:.2g} % of {codec} ({slowest}): {', '.join(parts)}{steady}."


def _share(count: int, calls: int) -> str:
    return "under 1 %" if 100 * count < 0.5 * calls else f"{100 * count / calls:.0f} %"


def mostly(tail: TailParts) -> str:
    """The part that more than half of a tail is, if that explains it; else nothing."""
    found = (words_ for name, words_ in PARTS.items() if getattr(tail, name) > MOSTLY * tail.calls)
    return next((words_ for words_ in found if words_ in MOSTLY_WORDS), "")
