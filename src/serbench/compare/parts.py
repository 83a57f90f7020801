"""What a comparison of two runs consists of, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

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
