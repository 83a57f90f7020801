"""From two runs that were measured in pairs to what is decided by time: logarithms of each metric, pair by pair."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from serbench.gate.rule import FIRST_PAIRS, P99_SAMPLES, ROUNDS
from serbench.histogram import Histogram
from serbench.records.verdict import TIMES, Outcome, Row
from serbench.statistics.estimates import Estimate
from serbench.statistics.readings import no_tail
from serbench.statistics.swaps import Series

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from serbench.records.run import Run
    from serbench.records.samples import WorkerSamples
    from serbench.records.verdict import Metric
    from serbench.statistics.swaps import Kind

    Pair = tuple[WorkerSamples, WorkerSamples]

_SHARES: dict[Metric, float] = {"p10": 0.1, "p50": 0.5, "p99": 0.99}
_KINDS: dict[Metric, Kind] = {"p10": "low", "p50": "ratio", "p99": "half"}


class Key(NamedTuple):
    """One metric of one case."""

    case_id: str
    metric: Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """A metric itself, for the reader; nothing is decided by it.

    Attributes:
        base, new: ns: the middle of the workers' own values on each side.
        calls: behind them: single calls, or calls in batches.
        batch: whether they are of batch means.
    """

    base: float
    new: float
    calls: tuple[int, int]
    batch: bool


@dataclass(slots=True, kw_only=True)
class Paired:
    """What two runs say in pairs.

    Attributes:
        series: of each metric that can be decided, all of the same pairs.
        values: the same metrics themselves.
        refused: a row for each metric that cannot be decided, with the reason.
        pairs: how many there are.
        rounds: in each: the fewest.
    """

    series: dict[Key, Series] = field(default_factory=dict)
    values: dict[Key, Values] = field(default_factory=dict)
    refused: list[Row] = field(default_factory=list)
    pairs: int = 0
    rounds: int = 0


def paired(base: Run, new: Run, case_ids: Iterable[str], metrics: Collection[Metric]) -> Paired:
    """Collects the pairs of two runs.

    Args:
        base: one half of a measurement.
        new: the other; two runs that are no halves have no pairs, and every row says so.
        case_ids: cases that are the same thing on both sides.
        metrics: those that are wanted; others than times are passed over.
    """
    found = Paired()
    times = [metric for metric in TIMES if metric in metrics]
    pairs_of = {case_id: _pairs(base, new, case_id) for case_id in case_ids} if times else {}
    found.pairs = max(map(len, pairs_of.values()), default=0)
    halves = [half.block_medians for pairs in pairs_of.values() for pair in pairs for half in pair]
    found.rounds = min(map(len, halves), default=0)
    for case_id, pairs in pairs_of.items():
        cause, reason = _doubt(base, new, case_id, pairs, found.pairs)
        if cause:
            found.refused += [refusal(case_id, metric, cause, reason) for metric in times]
        else:
            _collect(found, case_id, pairs, times)
    return found


def refusal(case_id: str, metric: Metric, cause: str, reason: str) -> Row:
    """A row of what cannot be compared."""
    return Row(case_id=case_id, metric=metric, outcome=Outcome.NOT_COMPARABLE, cause=cause, reason=reason)


def _pairs(base: Run, new: Run, case_id: str) -> list[Pair]:
    """Workers that measured alternately; none of runs that are not halves of one measurement."""
    one, other = base.pairing, new.pairing
    if not (one and other and one.id == other.id and (one.side, other.side) == ("base", "new")):
        return []
    by_pair = {worker.pair: worker for worker in new.measurement(case_id).workers}
    ours = {
        worker.pair: worker for worker in base.measurement(case_id).workers
    }  # a number that comes again is one pair
    return [(worker, by_pair[number]) for number, worker in ours.items() if number in by_pair]


def _unpaired(base: Run, new: Run, measure: str) -> str:
    one, other = base.pairing, new.pairing
    if one and other and one.id == other.id and (one.side, other.side) == ("new", "base"):
        return "the halves of one gate are swapped: base was measured as new; give them the other way round"
    return f"the two runs were not measured in pairs, so their times say little; {measure}"


def _doubt(base: Run, new: Run, case_id: str, pairs: Sequence[Pair], most: int) -> tuple[str, str]:
    """Why no time of the case can be decided: a cause and a sentence; both empty where it can."""
    measure = "serbench gate --base SIDE --new SIDE measures in pairs"
    if not pairs:
        return "no pairs", _unpaired(base, new, measure)
    if base.environment.sampler != new.environment.sampler:
        both = f"{base.environment.sampler} in base, {new.environment.sampler} in new"
        return "other sampler", f"the samplers differ: {both}; install a compiler for both sides, or for none"
    if len(pairs) < FIRST_PAIRS or len(pairs) < most:
        return "few pairs", f"{len(pairs)} of {max(FIRST_PAIRS, most)} pairs were measured; give a longer --budget"
    fewest = min(min(_rounds(half)) for pair in pairs for half in pair)
    unlike = any(_rounds(one) != _rounds(other) for one, other in pairs)
    if fewest < ROUNDS or unlike:
        has = f"has {fewest} rounds and needs {ROUNDS}" if fewest < ROUNDS else "has unlike halves"
        return "few rounds", f"a pair {has}; {measure}"
    for side, run in (("base", base), ("new", new)):
        if any(caution.name == "fewer-instances" for caution in run.measurement(case_id).warnings):
            return "other instances", f"{side} had no time to encode all instances; give fewer --instances"
    return "", ""


def _rounds(half: WorkerSamples) -> tuple[int, int]:
    """By its single calls and by its batches, which are as many in every round."""
    return len(half.block_medians), len(half.ns_per_call)


def _collect(found: Paired, case_id: str, pairs: Sequence[Pair], times: Sequence[Metric]) -> None:
    short = _too_short([one for one, _ in pairs])
    own = [tuple(Histogram.decode(half.histogram) for half in pair) for pair in pairs]
    fewest = min(histogram.total for pair in own for histogram in pair)
    calls = sum(one.total for one, _ in own), sum(other.total for _, other in own)
    in_batches = sum(one.batch_calls for one, _ in pairs), sum(other.batch_calls for _, other in pairs)
    for metric in times:
        key = Key(case_id, metric)
        if metric == "p99" and short:
            found.refused.append(refusal(case_id, metric, "unearned", short))
        elif metric == "p99" and fewest < P99_SAMPLES:
            few = f"a worker has {fewest:,} calls and p99 takes {P99_SAMPLES:,}; so long are its calls"
            found.refused.append(refusal(case_id, metric, "unearned", few))
        else:
            q = _SHARES[metric]
            values = [(_of_batches(q, one), _of_batches(q, other)) for one, other in pairs]
            if not short:
                values = [(one.percentile(q), other.percentile(q)) for one, other in own]
            found.series[key] = _series(metric, values, pairs, batch=bool(short))
            found.values[key] = Values(
                base=median(one for one, _ in values),
                new=median(other for _, other in values),
                calls=in_batches if short else calls,
                batch=bool(short),
            )


def _too_short(workers: Sequence[WorkerSamples]) -> str:
    """Why single readings of base's calls cannot be believed; empty where they can."""
    centre = median(mean for worker in workers for mean in worker.ns_per_call)
    seen = Estimate(value=centre, low=centre, high=centre, basis="range", coverage=0.0, workers=len(workers), calls=1)
    doubt = no_tail(seen, workers, Histogram.merge(worker.histogram for worker in workers))
    return doubt.reason if doubt else ""


def _series(metric: Metric, values: Sequence[tuple[float, float]], pairs: Sequence[Pair], *, batch: bool) -> Series:
    """A clock that stood still reads 0, which has no logarithm: it counts as 1 ns."""
    if metric == "p50":
        return Series(kind="ratio", base=(), new=tuple(_ratio(*pair, batch=batch) for pair in pairs))
    return Series(
        kind=_KINDS[metric],
        base=tuple(log(max(1.0, one)) for one, _ in values),
        new=tuple(log(max(1.0, other)) for _, other in values),
    )


def _ratio(base: WorkerSamples, new: WorkerSamples, *, batch: bool) -> float:
    """Median over rounds of log(block of new / block of base)."""
    halves = [worker.ns_per_call if batch else worker.block_medians for worker in (base, new)]
    return median(log(max(1e-3, other) / max(1e-3, one)) for one, other in zip(*halves, strict=True))


def _of_batches(q: float, worker: WorkerSamples) -> float:
    """The smallest batch mean at or below which at least that share of them lies, ns per call."""
    means = sorted(worker.ns_per_call)
    return means[max(0, -(-len(means) * round(100 * q) // 100) - 1)]
