"""What is decided without a clock: which cases are there and correct, encoded bytes, peak memory, instructions.

The numbers are exact, so one of each side is enough: a run says the same whenever and on whatever machine of one kind
it is measured. Of identical sides, peak memory was the same in 80 of 80 comparisons, instructions within 0.13 % in 66.
Both sides are baselines; `baseline_of` makes one of a run. Severities and acceptances are the policy's, later.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from serbench.records.cases import Status
from serbench.records.verdict import Outcome, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from serbench.records.baseline import Baseline, BaselineCodec, BaselineEntry
    from serbench.records.passes import EncodedBytes
    from serbench.records.verdict import Metric

    Tolerances = Callable[[str, Metric], float]

STORED_INSTRUCTIONS = 0.03
"""Counts of another day differ by 2 to 3 %: another C library or compiler, other instructions of the processor."""

UNREACHED = ("the budget was over", "stopped before", "no pass has come")
"""How the reason of a case begins that was skipped for want of time, and not for what it is."""

_HAIR = 1e-9  # 1,000 times 0.07 is a little more than 70

AGAIN = "if that is as it should be, save the baseline again (serbench baseline save)"


def against_stored(tolerances: Tolerances) -> Tolerances:
    """The tolerances for a baseline that was measured another day: of instructions at least `STORED_INSTRUCTIONS`."""

    def tolerance(case_id: str, metric: Metric) -> float:
        least = STORED_INSTRUCTIONS if metric == "instructions" else 0.0
        return max(least, tolerances(case_id, metric))

    return tolerance


def comparable(base: Baseline, new: Baseline) -> tuple[str, ...]:
    """The ids of the cases that are the same thing on both sides and were measured on both, in base's order.

    Only their times can be held against each other. A case that is the same as another on both sides is left out: the
    other stands for it. The sampler is one for all cases of a side and is not looked at here.
    """
    return tuple(case_id for case_id in _own(base, new) if not _foreign(base, new, case_id))


def strict_rows(base: Baseline, new: Baseline, tolerances: Tolerances, metrics: Collection[Metric]) -> list[Row]:
    """Rows of what needs no clock, in base's order, then the cases that are only in new.

    A case that cannot be compared has one row, of `correctness`, whatever metrics are asked for: it is never left out.
    One that base could not measure and new can is an improvement; there is nothing else to hold it against.

    Args:
        base: what new is held against.
        new: of the same selection of cases.
        tolerances: the change of a case's metric that is still none; of sizes and counts.
        metrics: those that are gated; the ones that take a clock are not looked at.
    """
    renamed = _renamed(base, new)
    rows: list[Row] = []
    for case_id in _own(base, new):
        if case_id not in new.entries:
            rows.append(_missing(case_id, renamed.get(case_id, "")))
        elif found := _foreign(base, new, case_id):
            rows.append(_refused(case_id, *found))
        else:
            rows += _compared(base, new, case_id, tolerances, metrics)
    rows += [
        _only_in_new(new, case_id) for case_id in _own(new, base) if case_id not in {*base.entries, *renamed.values()}
    ]
    return rows


def _own(one: Baseline, other: Baseline) -> Iterator[str]:
    """Cases of one side, but those for which another stands: the one that they are the same as.

    It does where the other side has them so as well, and where the other side has neither.
    """
    for case_id, entry in one.entries.items():
        there = other.entries.get(case_id)
        if not entry.same_as or (there and not there.same_as) or (not there and entry.same_as in other.entries):
            yield case_id


def _missing(case_id: str, now: str) -> Row:
    if now:
        reason = f"it is not in new, where {now} has the same messages and operation; {AGAIN}"
        return _not_comparable(case_id, "renamed", reason)
    return _not_comparable(case_id, "missing", f"it is in base and not in new; {AGAIN}")


def _only_in_new(new: Baseline, case_id: str) -> Row:
    entry = new.entries[case_id]
    if entry.status is not Status.MEASURED:
        return _not_comparable(case_id, entry.status, entry.reason)
    return _not_comparable(case_id, "new", f"base does not have it; {AGAIN}")


def _refused(case_id: str, cause: str, reason: str) -> Row:
    """A case on both sides whose numbers cannot be held against each other; without a cause it is base that failed."""
    if cause:
        return _not_comparable(case_id, cause, reason)
    return Row(case_id=case_id, metric="correctness", outcome=Outcome.IMPROVED, reason=reason)


def _not_comparable(case_id: str, cause: str, reason: str) -> Row:
    return Row(case_id=case_id, metric="correctness", outcome=Outcome.NOT_COMPARABLE, cause=cause, reason=reason)


def _foreign(base: Baseline, new: Baseline, case_id: str) -> tuple[str, str] | None:
    """Cause and reason why a case of base cannot be held against new's; None where it can.

    What is wrong with new comes first; the cause is empty where only base has no number.
    """
    if case_id not in new.entries:
        return "missing", ""
    was, now = base.entries[case_id], new.entries[case_id]
    if now.status is not Status.MEASURED:
        known = now.status is was.status is Status.SKIPPED and now.reason == was.reason
        return "skipped in both" if known and not now.reason.startswith(UNREACHED) else now.status, now.reason
    if base.payloads[was.payload].digest != new.payloads[now.payload].digest:
        return "other payload", f"payload {now.payload} has another schema or other messages than in base; {AGAIN}"
    if differing := _differing(base.codecs[was.codec], new.codecs[now.codec]):
        return "other operation", f"codec {now.codec} does something else than in base: {differing}; {AGAIN}"
    if was.status is not Status.MEASURED:
        return "", f"it was {was.status} in base: {was.reason}; its other metrics have nothing to be held against"
    return None


def _differing(was: BaselineCodec, now: BaselineCodec) -> str:
    """In what two codecs of one name are different things, in words; empty where they are not."""
    if was.format != now.format:
        return f"its format was {was.format} and is {now.format}"
    if was.model != now.model:
        return f"its model was {was.model} and is {now.model}"
    old, found = set(was.deviations), set(now.deviations)
    gone, come = ", ".join(sorted(old - found)), ", ".join(sorted(found - old))
    return " and ".join(filter(None, (come and f"deviates by {come}", gone and f"no longer deviates by {gone}")))


def _renamed(base: Baseline, new: Baseline) -> dict[str, str]:
    """For cases of base that are gone, the one in new that is the same under another name; each at most once."""
    left = {i: e for i, e in new.entries.items() if i not in base.entries and e.status is Status.MEASURED}
    found: dict[str, str] = {}
    for case_id, entry in base.entries.items():
        if case_id not in new.entries:
            kind = _kind(base, case_id, entry)
            if now := next((i for i, e in left.items() if _kind(new, i, e) == kind), ""):
                found[case_id] = now
                del left[now]
    return found


def _kind(side: Baseline, case_id: str, entry: BaselineEntry) -> tuple[object, ...]:
    """What a case is without its names: two of one kind do the same with the same messages."""
    codec = side.codecs[entry.codec]
    does = (codec.format, codec.model, codec.deviations, codec.distribution)
    return (side.payloads[entry.payload].digest, entry.operation, case_id.partition("?")[2], *does)


def _compared(
    base: Baseline, new: Baseline, case_id: str, tolerances: Tolerances, metrics: Collection[Metric]
) -> Iterator[Row]:
    was, now = base.numbers(case_id), new.numbers(case_id)
    if "correctness" in metrics:
        yield Row(case_id=case_id, metric="correctness", outcome=Outcome.SAME)
    if "encoded_bytes" in metrics and (was.encoded_bytes or now.encoded_bytes):
        yield _sizes(case_id, was.encoded_bytes, now.encoded_bytes, tolerances(case_id, "encoded_bytes"))
    pairs: tuple[tuple[Metric, float | None, float | None], ...] = (
        ("peak_bytes", was.peak_bytes, now.peak_bytes),
        ("instructions", was.instructions, now.instructions),
    )
    for metric, old, found in pairs:
        if metric in metrics and (old is not None or found is not None):
            row = _exact(case_id, metric, old, found, tolerances(case_id, metric))
            worse = metric == "peak_bytes" and row.outcome is Outcome.REGRESSED
            yield replace(row, reason=_OF_PYTHON) if worse else row


def _sizes(case_id: str, was: EncodedBytes | None, now: EncodedBytes | None, tolerance: float) -> Row:
    """By the median; by the largest or the smallest message where that one grew and the median did not.

    A growth of messages in between that leaves all three where they were is not seen.
    """
    median = (was.median if was else None, now.median if now else None)
    row = _exact(case_id, "encoded_bytes", *median, tolerance)
    if was is None or now is None:
        return row
    for name, old, found in (("largest", was.max, now.max), ("smallest", was.min, now.min)):
        if row.outcome is not Outcome.REGRESSED:
            reason = f"of the {name} message; the median went from {was.median:g} to {now.median:g}"
            other = _exact(case_id, "encoded_bytes", old, found, tolerance, reason)
            row = other if other.outcome is Outcome.REGRESSED else row
    return row


_OF_PYTHON = "it is what Python's allocators held; memory that a library takes from the system is on neither side"

_ONE_SIDED: dict[Metric, tuple[str, str]] = {
    "encoded_bytes": ("not encoded", "no encoded size"),
    "peak_bytes": ("no memory", "no peak memory: the pass memory failed or was not asked for"),
    "instructions": ("not counted", "no count of instructions: valgrind is missing, failed or was not asked for"),
}
"""Cause, and what the side has that lacks the number."""


def _exact(  # noqa: PLR0917 - both sides of one number
    case_id: str, metric: Metric, was: float | None, now: float | None, tolerance: float, reason: str = ""
) -> Row:
    """A number that is the same whenever it is measured: what exceeds the tolerance is a change."""
    if was is None or now is None:
        cause, words = _ONE_SIDED[metric]
        outcome, reason = Outcome.NOT_COMPARABLE, f"{'base' if was is None else 'new'} has {words}"
    else:
        cause = ""
        allowed = was * tolerance * (1 + _HAIR)
        outcome = Outcome.REGRESSED if now - was > allowed else Outcome.SAME
        outcome = Outcome.IMPROVED if was - now > allowed else outcome
    return Row(
        case_id=case_id,
        metric=metric,
        outcome=outcome,
        cause=cause,
        reason=reason,
        base=was,
        new=now,
        change=_change(was, now),
        tolerance=tolerance,
    )


def _change(was: float | None, now: float | None) -> float | None:
    """New over base less one; None where either is missing, or where something came from nothing."""
    if was is None or now is None:
        return None
    return now / was - 1 if was else (None if now else 0.0)
