"""What a comparison of runs consists of, ready to be shown: of two, or of several in a row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from serbench.records.cases import Case
    from serbench.records.passes import EncodedBytes
    from serbench.records.run import Run
    from serbench.statistics.estimates import Missing, Number


class Verdict(StrEnum):
    """What can be said of a case's typical time."""

    SLOWER = "slower"
    FASTER = "faster"
    WITHIN_NOISE = "within noise"
    NOT_COMPARABLE = "not comparable"
    ONLY_IN_BASE = "only in base"
    ONLY_IN_NEW = "only in new"
    IN_NEITHER = "in neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One case in two runs.

    Attributes:
        case: the case.
        verdict: what can be said of its typical time.
        reason: why it is not comparable; empty elsewhere.
        base_typical_ns: in the base run.
        new_typical_ns: in the new run.
        typical_ratio: new over base.
        base_p99_ns: in the base run.
        new_p99_ns: in the new run.
        p99_ratio: new over base.
        base_encoded_bytes: in the base run.
        new_encoded_bytes: in the new run.
        encoded_ratio: median encoded bytes, new over base; exact.
        pairs: of processes behind the ratios of times: then these are the middle of the pairs' own, and not quite the
            one time over the other. 0 where the runs are no halves of one measurement.
    """

    case: Case
    verdict: Verdict
    reason: str
    base_typical_ns: Number
    new_typical_ns: Number
    typical_ratio: Number
    base_p99_ns: Number
    new_p99_ns: Number
    p99_ratio: Number
    base_encoded_bytes: EncodedBytes | Missing
    new_encoded_bytes: EncodedBytes | Missing
    encoded_ratio: float | Missing
    pairs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something about the two runs that differs and may explain a change: its label and both values, for people."""

    label: str
    base: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs side by side.

    Attributes:
        base_id: the run that the other is held against.
        new_id: the other.
        base_started: RFC 3339, UTC.
        new_started: the same.
        sentences: the answer in plain words; names in it are not escaped for any output.
        differences: in machines, versions and the like.
        changes: every case of either run, in base's order, then those only in new. A case that is the same as another
            in both runs is left out: the other stands for it.
        runs: base and new, for outputs that draw them or show what they stand on; None where they are not at hand.
    """

    base_id: str
    new_id: str
    base_started: str
    new_started: str
    sentences: tuple[str, ...]
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]
    runs: tuple[Run, Run] | None = None


Against = Literal["first", "previous"]
"""What each of several runs is held against: the first of them, or the one before it."""


def reference(against: Against, n: int) -> int:
    """Which run the n-th is held against; both from 0, n at least 1."""
    return 0 if against == "first" else n - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """One of several runs: what it is called beside the others, its id, when it began (RFC 3339) and if it ended."""

    name: str
    id: str
    started: str
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """Something in which several runs differ: its label and a value of each, in their order, for people."""

    label: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A case in one of several runs: typical time and p99 in ns, and what was encoded."""

    typical_ns: Number
    p99_ns: Number
    encoded_bytes: EncodedBytes | Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHistory:
    """One case in several runs.

    Attributes:
        case: the case.
        points: in each run, in their order.
        changes: of each run but the first, to the one that it is held against, which is base in it.
    """

    case: Case
    points: tuple[Point, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Several runs side by side, in the order in which they were given.

    Attributes:
        runs: what they are; as many as a case has points.
        against: what each is held against.
        sentences: the answer in plain words; names in it are not escaped for any output.
        differences: in machines, versions and the like.
        cases: every case of any run, in the first one's order, then those of the next that it has not. A case that is
            the same as another wherever it is measured is left out: the other stands for it.
        records: the runs themselves, for outputs that draw them; empty where they are not at hand.
    """

    runs: tuple[RunFacts, ...]
    against: Against
    sentences: tuple[str, ...]
    differences: tuple[Variation, ...]
    cases: tuple[CaseHistory, ...]
    records: tuple[Run, ...] = ()

    def reference(self, n: int) -> int:
        """Which run the n-th is held against; both from 0, n at least 1."""
        return reference(self.against, n)

    def changes(self, n: int) -> tuple[Change, ...]:
        """Of every case, in the n-th run; n at least 1."""
        return tuple(case.changes[n - 1] for case in self.cases)
