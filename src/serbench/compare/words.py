"""A comparison in plain sentences."""

from __future__ import annotations

from collections import Counter
from math import log
from statistics import median
from typing import TYPE_CHECKING

from serbench.compare.pairs import halves
from serbench.compare.parts import Verdict
from serbench.statistics.estimates import Estimate, Missing
from serbench.units import significant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from serbench.compare.parts import Change, Difference
    from serbench.records.run import Run

MOVED = (Verdict.SLOWER, Verdict.FASTER)
"""What of a case's time is certain: beyond noise."""

DRIFT, DRIFT_SHARE = 0.02, 0.8
DRIFT_CASES, DRIFT_CODECS = 8, 3
"""The machine has changed where so many cases of so many codecs have moved by so much, most of them one way."""

ONE_AFTER_THE_OTHER = (
    "The runs were measured one after the other: what changed on the machine in between counts as a change of new. "
    "This informs, it does not decide."
)
IN_PAIRS = (
    "The runs are both halves of one measurement in pairs: each ratio is the middle of the pairs' own, and what the "
    "machine did meets both sides alike. A case has changed where the interval of these, 99 %, leaves out 1."
)
"""What can be held against a comparison as such, or for it."""

SHOWN = 5
"""As many changes are told in words; the table has all."""


def listed(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def times(ratio: Estimate) -> str:
    """`1.28 times as long (1.20 to 1.35)`, with its interval or range where there is one."""
    known = f" ({significant(ratio.low)} to {significant(ratio.high)})" if ratio.basis != "none" else ""
    return f"{significant(ratio.value)} times as long{known}"


def counted(n: int, what: str) -> str:
    """`1 case`, `1,234 cases`."""
    return f"{n:,} {what}{'s' * (n != 1)}"


def tally(changes: Iterable[Change]) -> str:
    """`1 slower, 2 within noise and 1 only in base`: how many of each there are."""
    counts = Counter(change.verdict for change in changes)
    return listed([f"{counts[verdict]:,} {verdict}" for verdict in Verdict if counts[verdict]])


def distance(change: Change) -> float:
    """How far a case is from no change, whichever way; 0 where that is not known."""
    ratio = change.typical_ratio
    return abs(log(ratio.value)) if isinstance(ratio, Estimate) and ratio.value > 0 else 0.0


def headline(changes: Sequence[Change]) -> str:
    """`3 of 12 cases slower, 1 faster`: of those that can be compared."""
    counts = Counter(change.verdict for change in changes)
    moved = {verdict: counts[verdict] for verdict in MOVED if counts[verdict]}
    known = counts[Verdict.WITHIN_NOISE] + sum(moved.values())
    if not known:
        return "Nothing can be compared"
    if not moved:
        return "No case changed beyond noise"
    told = [f"{n:,} {verdict}" for verdict, n in moved.items()]
    first, _, rest = told[0].partition(" ")
    return ", ".join([f"{first} of {counted(known, 'case')} {rest}", *told[1:]])


def sentences(base: Run, new: Run, changes: Sequence[Change], differences: Sequence[Difference]) -> Iterator[str]:
    """The answer first, then what stands between it and certainty."""
    yield f"{counted(len(changes), 'case')}: {tally(changes)}." if changes else "Neither run has a case."
    for verdict in MOVED:
        yield from _told(verdict, changes)
    yield from _sizes(changes)
    yield from drift(changes)
    yield IN_PAIRS if halves(base, new) else ONE_AFTER_THE_OTHER
    if differences:
        yield f"The runs also differ in {listed([d.label for d in differences])}: each may explain a change."
    for name, run in (("base", base), ("new", new)):
        if not run.complete:
            yield f"The {name} run was cut short; its intervals are wider than they would have been."


def _sizes(changes: Sequence[Change]) -> Iterator[str]:
    """The first sizes that are not what they were."""
    found = [(c.case.id, c.encoded_ratio) for c in changes if not isinstance(c.encoded_ratio, Missing)]
    found = [(case_id, ratio) for case_id, ratio in found if ratio != 1]
    for case_id, ratio in found[:SHOWN]:
        yield f"{case_id} writes {significant(ratio)} times as many bytes as in base."
    if len(found) > SHOWN:
        yield f"{len(found) - SHOWN} more write more or fewer bytes than in base."


def drift(changes: Sequence[Change]) -> Iterator[str]:
    """Whether cases of several codecs moved together: no change of one library does that."""
    found = [(c.case.codec, c.typical_ratio.value) for c in changes if isinstance(c.typical_ratio, Estimate)]
    if len(found) < DRIFT_CASES or len({codec for codec, _ in found}) < DRIFT_CODECS:
        return
    ratios = [ratio for _, ratio in found]
    middle = median(ratios)
    together = sum((ratio > 1) == (middle > 1) for ratio in ratios)
    if abs(middle - 1) >= DRIFT and together >= DRIFT_SHARE * len(ratios):
        way = Verdict.SLOWER if middle > 1 else Verdict.FASTER
        yield (
            f"{together} of {len(ratios)} cases are {way} alike, whatever their codec: in the middle "
            f"{significant(middle)} times as long. The machine or Python changed; a smaller change of one codec cannot "
            "be told from that."
        )


def _told(verdict: Verdict, changes: Sequence[Change]) -> Iterator[str]:
    """The largest changes of that kind."""
    found = [(c, c.typical_ratio) for c in changes if c.verdict is verdict and isinstance(c.typical_ratio, Estimate)]
    found.sort(key=lambda pair: pair[1].value, reverse=verdict is Verdict.SLOWER)
    for change, ratio in found[:SHOWN]:
        yield f"{change.case.id} is {verdict}: it takes {times(ratio)} as in base."
    if len(found) > SHOWN:
        yield f"{len(found) - SHOWN} more are {verdict}."
