"""Two runs and a policy become a verdict: strict rows first, then all times of the run together. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from serbench.gate import rule, strict
from serbench.gate.baseline import baseline_of, ratios
from serbench.gate.paired import paired
from serbench.records.verdict import TIMES, WORST_FIRST, Outcome, Row, SideInfo, Verdict
from serbench.statistics.swaps import flips

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from serbench.gate.paired import Key, Paired, Values
    from serbench.gate.rule import Tested
    from serbench.records.run import Run
    from serbench.records.verdict import Metric

    Tolerances = Callable[[str, Metric], float]
    Judge = Callable[[Sequence[Row]], Sequence[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What was decided by time.

    Attributes:
        rows: one for each metric that was wanted.
        stage: 1 where the first pairs decided, else 2; 0 where there is nothing to decide.
        pairs: how many there are.
        rounds: in each.
        swaps: behind the tests.
        clear: whether the first pairs are enough.
    """

    rows: tuple[Row, ...] = ()
    stage: int = 0
    pairs: int = 0
    rounds: int = 0
    swaps: int = 0
    clear: bool = True


def verdict(
    base: Run,
    new: Run,
    *,
    tolerances: Tolerances,
    metrics: Collection[Metric],
    judge: Judge,
    seed: int,
) -> Verdict:
    """Decides about two runs; what times there are, by the pairs in which they were measured.

    Args:
        base: one side.
        new: the other, which is held against it.
        tolerances: the change of a case's metric that must not pass unseen.
        metrics: those that are gated.
        judge: what the policy makes of the rows.
        seed: of the swaps.
    """
    one, other = baseline_of(base), baseline_of(new)
    exact = strict.strict_rows(one, other, tolerances, metrics)
    rows = [_why_uncounted(row, base, new) if row.cause == "not counted" else row for row in exact]
    timed = times(base, new, strict.comparable(one, other), tolerances=tolerances, metrics=metrics, seed=seed)
    return Verdict(
        mode="saved",
        base=side_info(base),
        new=side_info(new),
        rows=sorted_rows(judge([*rows, *timed.rows])),
        stage=timed.stage,
        pairs=timed.pairs,
        rounds=timed.rounds,
        swaps=timed.swaps,
        seed=seed,
        started=base.started,
        serbench=base.serbench,
        ratios=ratios(one, other),
        runs=(base, new),
    )


def times(
    base: Run,
    new: Run,
    case_ids: Iterable[str],
    *,
    tolerances: Tolerances,
    metrics: Collection[Metric],
    seed: int,
) -> Times:
    """All times of the run, decided together.

    As many pairs as the second stage has are decided for good. With fewer nothing regresses: what is not clear is
    inconclusive.
    """
    if not any(metric in metrics for metric in TIMES):
        return Times()
    found = paired(base, new, case_ids, metrics)
    first = found.pairs < rule.SECOND_PAIRS[0]
    limits = {key: tolerances(*key) for key in found.series}
    tested = rule.decide(found.series, limits, seed=seed, first_stage=first)
    rows = [_row(key, one, found.values[key], found, limits[key]) for key, one in tested.items()]
    return Times(
        rows=(*rows, *found.refused),
        stage=(1 if first else 2) if tested else 0,
        pairs=found.pairs,
        rounds=found.rounds,
        swaps=len(flips(found.pairs, len(tested), seed)) if tested else 0,
        clear=rule.all_clear(tested),
    )


def _why_uncounted(row: Row, base: Run, new: Run) -> Row:
    """The row with what the run says of its missing count, where it says anything: such as that the time was over."""
    side, run = ("base", base) if row.base is None else ("new", new)
    cautions = run.measurement(row.case_id).warnings
    said = next((caution.text for caution in cautions if caution.name == "no-instructions"), "")
    return replace(row, reason=f"in {side}: {said}") if said else row


def _row(key: Key, tested: Tested, values: Values, found: Paired, tolerance: float) -> Row:
    return Row(
        case_id=key.case_id,
        metric=key.metric,
        outcome=tested.outcome,
        reason=_reason(tested, found.pairs),
        base=values.base,
        new=values.new,
        change=tested.change,
        interval=tested.interval,
        tolerance=tolerance,
        p_slower=tested.p_slower,
        p_faster=tested.p_faster,
        detectable=tested.detectable,
        pairs=found.pairs,
        calls=values.calls,
        batch=values.batch,
    )


def _reason(tested: Tested, pairs: int) -> str:
    if tested.outcome is not Outcome.INCONCLUSIVE:
        return ""
    if pairs < rule.SECOND_PAIRS[0]:
        few = f"{pairs} pairs leave it open, and {rule.SECOND_PAIRS[0]} decide"
        return f"{few}; give a longer --budget"
    if tested.more_pairs is None:
        return "too noisy to say how many more pairs it would take; quieten the machine (serbench doctor)"
    return (
        f"about {tested.more_pairs} more pairs would tell, if it stays as it is; quieten the machine (serbench doctor)"
    )


def side_info(run: Run) -> SideInfo:
    """Who a run was."""
    pairing = run.pairing
    libraries = {codec.distribution: codec.version for codec in run.codecs if codec.distribution and codec.version}
    return SideInfo(
        asked=pairing.asked if pairing else run.id,
        python=str(run.environment.python.get("version", "")),
        packages=dict(sorted(libraries.items())),
        origins=dict(pairing.origins) if pairing else {},
        sampler=run.environment.sampler,
    )


def sorted_rows(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The worst first, those that fail before those that do not; else as they were."""
    return tuple(sorted(rows, key=lambda row: (WORST_FIRST.index(row.outcome), not row.failing)))
