"""What can be said of one case in two runs: intervals that meet are noise, and few workers or pairs prove nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.compare import pairs
from serbench.compare.parts import Change, Verdict
from serbench.records.cases import Status
from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.intervals import WORKERS_FOR_INTERVAL, apart, ratio
from serbench.statistics.summary import Summary, summarise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.compare.pairs import Pair
    from serbench.records.cases import Case
    from serbench.records.passes import EncodedBytes
    from serbench.records.run import Measurement, Run
    from serbench.statistics.estimates import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A case in one of the runs, worked out."""

    measurement: Measurement
    summary: Summary

    @property
    def encoded(self) -> EncodedBytes | Missing:
        """Sizes of what was encoded, or why there are none."""
        return self.measurement.encoded_bytes or Missing(
            short=self.measurement.status, reason=self.measurement.reason or "nothing was encoded"
        )


class Sides:
    """The cases of a run, each worked out once however often it is asked for.

    Args:
        run: whose they are.
        name: what the run is called where a reason speaks of it.
    """

    def __init__(self, run: Run, name: str) -> None:
        self.run, self.name = run, name
        self.cases = {measurement.case.id: measurement for measurement in run.measurements}
        self._found: dict[str, Side] = {}

    def side(self, case_id: str) -> Side:
        """That case.

        Raises:
            KeyError: the run has no such case.
            BadRunFile: a histogram cannot be read.
        """
        if case_id not in self._found:
            numbers = self.run.numbers(self.cases[case_id])
            self._found[case_id] = Side(measurement=numbers, summary=summarise(numbers))
        return self._found[case_id]


def changes(base: Run, new: Run) -> Iterator[Change]:
    """Every case of either run, in base's order, then those only in new.

    A case that is the same as another in both runs is left out: the other stands for it.

    Raises:
        BadRunFile: a histogram cannot be read.
    """
    one, other = Sides(base, "base"), Sides(new, "new")
    for case_id, measurement in (one.cases | other.cases).items():
        if not all(case_id in side.cases and side.cases[case_id].same_as for side in (one, other)):
            yield change(measurement.case, one, other)


def change(case: Case, base: Sides, new: Sides) -> Change:
    """One case in two runs, either of which may lack it.

    Raises:
        BadRunFile: a histogram cannot be read.
    """
    if case.id in base.cases and case.id in new.cases:
        return _pair(case.id, base, new)
    verdict = Verdict.IN_NEITHER
    if case.id in base.cases or case.id in new.cases:
        verdict = Verdict.ONLY_IN_BASE if case.id in base.cases else Verdict.ONLY_IN_NEW
    before, after = (runs.side(case.id) if case.id in runs.cases else None for runs in (base, new))
    absent = Missing(short=verdict, reason=f"the case is {verdict}")
    return Change(
        case=case,
        verdict=verdict,
        reason="",
        base_typical_ns=before.summary.typical_ns if before else absent,
        new_typical_ns=after.summary.typical_ns if after else absent,
        typical_ratio=absent,
        base_p99_ns=before.summary.p99_ns if before else absent,
        new_p99_ns=after.summary.p99_ns if after else absent,
        p99_ratio=absent,
        base_encoded_bytes=before.encoded if before else absent,
        new_encoded_bytes=after.encoded if after else absent,
        encoded_ratio=absent,
    )


def _pair(case_id: str, base: Sides, new: Sides) -> Change:
    before, after = base.side(case_id), new.side(case_id)
    foreign = _foreign(base.cases[case_id], new.cases[case_id], base, new)
    refused = Missing(short=Verdict.NOT_COMPARABLE, reason=foreign)
    found = pairs.pairs(before.measurement, after.measurement) if pairs.halves(base.run, new.run) else []
    typical, tail = (refused, refused) if foreign else _ratios(before, after, found)
    verdict, reason = (Verdict.NOT_COMPARABLE, foreign) if foreign else _judge(before, after, typical, found, base, new)
    return Change(
        case=base.cases[case_id].case,
        verdict=verdict,
        reason=reason,
        base_typical_ns=before.summary.typical_ns,
        new_typical_ns=after.summary.typical_ns,
        typical_ratio=typical,
        base_p99_ns=before.summary.p99_ns,
        new_p99_ns=after.summary.p99_ns,
        p99_ratio=tail,
        base_encoded_bytes=before.encoded,
        new_encoded_bytes=after.encoded,
        encoded_ratio=refused if foreign else _encoded_ratio(before.encoded, after.encoded, base.name, new.name),
        pairs=0 if foreign else len(found),
    )


def _foreign(old: Measurement, found: Measurement, base: Sides, new: Sides) -> str:
    """Why the two are not the same thing measured twice; empty where they are."""
    digests = [{p.name: p.digest for p in side.run.payloads}.get(old.case.payload) for side in (base, new)]
    if digests[0] != digests[1]:
        return f"payload {old.case.payload} differs (other schema, seed or instances)"
    if old.case.conditions != found.case.conditions:
        instances = old.case.conditions.instances, found.case.conditions.instances
        return f"{instances[0]} instances in {base.name}, {instances[1]} in {new.name}"
    samplers = base.run.environment.sampler, new.run.environment.sampler
    if samplers[0] != samplers[1]:
        return f"{base.name} was sampled by the {samplers[0]} sampler, {new.name} by the {samplers[1]} one"
    return ""


def _ratios(before: Side, after: Side, found: list[Pair]) -> tuple[Number, Number]:
    """Typical time and p99, new over base: by the pairs where there are any."""
    typical = ratio(after.summary.typical_ns, before.summary.typical_ns)
    tail = ratio(after.summary.p99_ns, before.summary.p99_ns)
    if found and isinstance(typical, Estimate):
        typical = pairs.typical_ratio(found)
    if found and isinstance(tail, Estimate):
        tail = pairs.p99_ratio(found)
    return typical, tail


def _judge(  # noqa: PLR0917 - both sides of one case
    before: Side, after: Side, typical: Number, found: list[Pair], base: Sides, new: Sides
) -> tuple[Verdict, str]:
    was, now = before.summary.typical_ns, after.summary.typical_ns
    for name, side, number in ((base.name, before, was), (new.name, after, now)):
        if isinstance(number, Missing):
            return Verdict.NOT_COMPARABLE, _no_number(name, side, number)
    if found:
        return _judge_pairs(typical)
    assert isinstance(was, Estimate)
    assert isinstance(now, Estimate)
    if apart(was, now):
        return (Verdict.SLOWER if now.value > was.value else Verdict.FASTER), ""
    if "none" not in (was.basis, now.basis) and was.low <= now.high and now.low <= was.high:
        return Verdict.WITHIN_NOISE, ""
    needed = f"to tell a change from noise it takes {WORKERS_FOR_INTERVAL} on each side"
    return Verdict.NOT_COMPARABLE, f"{was.workers} and {now.workers} workers; {needed}"


def _judge_pairs(typical: Number) -> tuple[Verdict, str]:
    """By the interval of the pairs' ratios, which has no change in it or has it not."""
    if isinstance(typical, Missing):
        return Verdict.NOT_COMPARABLE, typical.reason
    if typical.basis != "none" and typical.low <= 1 <= typical.high:
        return Verdict.WITHIN_NOISE, ""
    if typical.basis == "interval":
        return (Verdict.SLOWER if typical.low > 1 else Verdict.FASTER), ""
    few = f"{typical.workers} pair{'s' * (typical.workers != 1)}"
    return Verdict.NOT_COMPARABLE, f"{few}; to tell a change from noise it takes {pairs.PAIRS_FOR_INTERVAL}"


def _no_number(name: str, side: Side, missing: Missing) -> str:
    status = side.measurement.status
    return f"no number in {name}: {'' if status is Status.MEASURED else f'{status}: '}{missing.reason}"


def _encoded_ratio(
    before: EncodedBytes | Missing, after: EncodedBytes | Missing, base: str, new: str
) -> float | Missing:
    if isinstance(before, Missing):
        return before
    if isinstance(after, Missing):
        return after
    if before.median == after.median:
        return 1.0
    if not before.median:
        return Missing(short="from nothing", reason=f"0 bytes in {base}, {after.median:g} in {new}")
    return after.median / before.median
