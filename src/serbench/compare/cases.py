"""What can be said of one case in two runs: intervals that meet are noise, fewer than six workers prove nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.compare.parts import Change, Verdict
from serbench.records.cases import Status
from serbench.statistics.estimates import Missing
from serbench.statistics.intervals import WORKERS_FOR_INTERVAL, apart, ratio
from serbench.statistics.summary import Summary, summarise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.records.cases import Case
    from serbench.records.passes import EncodedBytes
    from serbench.records.run import Measurement, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """A case in one of the runs, worked out."""

    measurement: Measurement
    summary: Summary

    @classmethod
    def of(cls, run: Run, measurement: Measurement) -> _Side:
        numbers = run.numbers(measurement)
        return cls(measurement=numbers, summary=summarise(numbers))

    @property
    def encoded(self) -> EncodedBytes | Missing:
        return self.measurement.encoded_bytes or Missing(
            short=self.measurement.status, reason=self.measurement.reason or "nothing was encoded"
        )


def changes(base: Run, new: Run) -> Iterator[Change]:
    """Every case of either run, in base's order, then those only in new.

    A case that is the same as another in both runs is left out: the other stands for it.

    Raises:
        BadRunFile: a histogram cannot be read.
    """
    olds = {m.case.id: m for m in base.measurements}
    news = {m.case.id: m for m in new.measurements}
    for case_id, old in olds.items():
        if case_id not in news:
            yield _single(old.case, Verdict.ONLY_IN_BASE, base=_Side.of(base, old))
        elif not (old.same_as and news[case_id].same_as):
            yield _pair(old, news[case_id], base, new)
    for case_id, found in news.items():
        if case_id not in olds:
            yield _single(found.case, Verdict.ONLY_IN_NEW, new=_Side.of(new, found))


def _single(case: Case, verdict: Verdict, base: _Side | None = None, new: _Side | None = None) -> Change:
    absent = Missing(short=verdict, reason=f"the case is {verdict}")
    return Change(
        case=case,
        verdict=verdict,
        reason="",
        base_typical_ns=base.summary.typical_ns if base else absent,
        new_typical_ns=new.summary.typical_ns if new else absent,
        typical_ratio=absent,
        base_p99_ns=base.summary.p99_ns if base else absent,
        new_p99_ns=new.summary.p99_ns if new else absent,
        p99_ratio=absent,
        base_encoded_bytes=base.encoded if base else absent,
        new_encoded_bytes=new.encoded if new else absent,
        encoded_ratio=absent,
    )


def _pair(old: Measurement, found: Measurement, base: Run, new: Run) -> Change:
    before, after = _Side.of(base, old), _Side.of(new, found)
    foreign = _foreign(old, found, base, new)
    refused = Missing(short=Verdict.NOT_COMPARABLE, reason=foreign)
    times = refused if foreign else ratio(after.summary.typical_ns, before.summary.typical_ns)
    verdict, reason = (Verdict.NOT_COMPARABLE, foreign) if foreign else _judge(before, after)
    return Change(
        case=old.case,
        verdict=verdict,
        reason=reason,
        base_typical_ns=before.summary.typical_ns,
        new_typical_ns=after.summary.typical_ns,
        typical_ratio=times,
        base_p99_ns=before.summary.p99_ns,
        new_p99_ns=after.summary.p99_ns,
        p99_ratio=refused if foreign else ratio(after.summary.p99_ns, before.summary.p99_ns),
        base_encoded_bytes=before.encoded,
        new_encoded_bytes=after.encoded,
        encoded_ratio=refused if foreign else _encoded_ratio(before.encoded, after.encoded),
    )


def _foreign(old: Measurement, found: Measurement, base: Run, new: Run) -> str:
    """Why the two are not the same thing measured twice; empty where they are."""
    digests = [{p.name: p.digest for p in run.payloads}.get(old.case.payload) for run in (base, new)]
    if digests[0] != digests[1]:
        return f"payload {old.case.payload} differs (other schema, seed or instances)"
    if old.case.conditions != found.case.conditions:
        return f"{old.case.conditions.instances} instances in base, {found.case.conditions.instances} in new"
    if base.environment.sampler != new.environment.sampler:
        return f"base was sampled by the {base.environment.sampler} sampler, new by the {new.environment.sampler} one"
    return ""


def _judge(before: _Side, after: _Side) -> tuple[Verdict, str]:
    base, new = before.summary.typical_ns, after.summary.typical_ns
    if isinstance(base, Missing):
        return Verdict.NOT_COMPARABLE, _no_number("base", before, base)
    if isinstance(new, Missing):
        return Verdict.NOT_COMPARABLE, _no_number("new", after, new)
    if apart(base, new):
        return (Verdict.SLOWER if new.value > base.value else Verdict.FASTER), ""
    if "none" not in (base.basis, new.basis) and base.low <= new.high and new.low <= base.high:
        return Verdict.WITHIN_NOISE, ""
    needed = f"to tell a change from noise it takes {WORKERS_FOR_INTERVAL} on each side"
    return Verdict.NOT_COMPARABLE, f"{base.workers} and {new.workers} workers; {needed}"


def _no_number(name: str, side: _Side, missing: Missing) -> str:
    status = side.measurement.status
    return f"no number in {name}: {'' if status is Status.MEASURED else f'{status}: '}{missing.reason}"


def _encoded_ratio(before: EncodedBytes | Missing, after: EncodedBytes | Missing) -> float | Missing:
    if isinstance(before, Missing):
        return before
    if isinstance(after, Missing):
        return after
    if before.median == after.median:
        return 1.0
    if not before.median:
        return Missing(short="from nothing", reason=f"0 bytes in base, {after.median:g} in new")
    return after.median / before.median
