"""A comparison in plain sentences."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import TYPE_CHECKING

from serbench.compare.parts import Verdict
from serbench.statistics.estimates import Estimate, Missing
from serbench.units import significant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.compare.parts import Change, Difference
    from serbench.records.run import Run

DRIFT, DRIFT_SHARE = 0.02, 0.8
DRIFT_CASES, DRIFT_CODECS = 8, 3
"""The machine has changed where so many cases of so many codecs have moved by so much, most of them one way."""

ONE_AFTER_THE_OTHER = (
    "The runs were measured one after the other: what changed on the machine in between counts as a change of new. "
    "This informs, it does not decide."
)
IN_PAIRS = (
    "The runs are both halves of one measurement in pairs, which are not made use of here: this informs, and "
    "serbench gate --base A --new B with the folders of the two decides."
)
"""What can be held against a comparison as such."""

SHOWN = 5
"""As many changes are told in words; the table has all."""


def listed(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def times(ratio: Estimate) -> str:
    """`1.28 times as long (1.20 to 1.35)`, with its interval or range where there is one."""
    known = f" ({significant(ratio.low)} to {significant(ratio.high)})" if ratio.basis != "none" else ""
    return f"{significant(ratio.value)} times as long{known}"


def halves(base: Run, new: Run) -> bool:
    """Whether they are both sides of one measurement in pairs."""
    one, other = base.pairing, new.pairing
    return bool(one and other and one.id == other.id and one.side != other.side)


def sentences(base: Run, new: Run, changes: Sequence[Change], differences: Sequence[Difference]) -> Iterator[str]:
    """The answer first, then what stands between it and certainty."""
    yield _counted(changes)
    for verdict in (Verdict.SLOWER, Verdict.FASTER):
        yield from _told(verdict, changes)
    yield from _sizes(changes)
    yield from _drift(changes)
    yield IN_PAIRS if halves(base, new) else ONE_AFTER_THE_OTHER
    if differences:
        yield f"The runs also differ in {listed([d.label for d in differences])}: each may explain a change."
    for name, run in (("base", base), ("new", new)):
        if not run.complete:
            yield f"The {name} run was cut short; its intervals are wider than they would have been."


def _counted(changes: Sequence[Change]) -> str:
    if not changes:
        return "Neither run has a case."
    counts = Counter(change.verdict for change in changes)
    cases = f"{len(changes)} case{'s' * (len(changes) != 1)}"
    return f"{cases}: {listed([f'{counts[v]} {v}' for v in Verdict if counts[v]])}."


def _sizes(changes: Sequence[Change]) -> Iterator[str]:
    """The first sizes that are not what they were."""
    found = [(c.case.id, c.encoded_ratio) for c in changes if not isinstance(c.encoded_ratio, Missing)]
    found = [(case_id, ratio) for case_id, ratio in found if ratio != 1]
    for case_id, ratio in found[:SHOWN]:
        yield f"{case_id} writes {significant(ratio)} times as many bytes as in base."
    if len(found) > SHOWN:
        yield f"{len(found) - SHOWN} more write more or fewer bytes than in base."


def _drift(changes: Sequence[Change]) -> Iterator[str]:
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
