"""What the gate has decided: one row for each metric of each case, and all rows together. The same for every output.

Times are nanoseconds, sizes are bytes; a change is new over base less one, so that 0.05 is 5 % more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from serbench.records.run import Run

Metric = Literal["correctness", "encoded_bytes", "peak_bytes", "instructions", "p10", "p50", "p99"]
"""What is gated. The first four need no clock."""

TIMES: tuple[Metric, ...] = ("p10", "p50", "p99")
UNTIMED: tuple[Metric, ...] = ("correctness", "encoded_bytes", "peak_bytes", "instructions")

METRIC_WORDS: dict[Metric, str] = {
    "correctness": "every instance comes back as it went in",
    "encoded_bytes": "median encoded size over the instances",
    "peak_bytes": "most memory that Python's allocators held during a call",
    "instructions": "instructions per call under callgrind",
    "p10": "10th percentile of single calls: the floor of the code",
    "p50": "median of single calls",
    "p99": "99th percentile of single calls",
}

UNITS: dict[Metric, str] = {
    "correctness": "",
    "encoded_bytes": "bytes",
    "peak_bytes": "bytes",
    "instructions": "instructions",
    "p10": "ns",
    "p50": "ns",
    "p99": "ns",
}

Severity = Literal["fail", "warn", "ignore"]
"""What the policy makes of a row that is no pass."""

Mode = Literal["live", "saved", "baseline"]
"""Measured now in pairs; two saved runs; now, against a baseline."""


class Outcome(StrEnum):
    """What became of a metric, the worst first."""

    REGRESSED = "regressed"
    NOT_COMPARABLE = "not comparable"
    INCONCLUSIVE = "inconclusive"
    SAME = "same"
    IMPROVED = "improved"


WORST_FIRST = tuple(Outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """A change that somebody has accepted in the policy file.

    Attributes:
        reason: why.
        commit: that brought it; empty where nobody said.
        expires: `2027-01-31`; empty: never.
    """

    reason: str
    commit: str = ""
    expires: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One metric of one case.

    Attributes:
        case_id: the case.
        metric: which.
        outcome: what became of it.
        severity: what the policy makes of it, where it is no pass.
        cause: why it is not comparable, in a word: `missing`, `new`, `failed`, `incorrect`, `skipped`, `other payload`,
            `unearned`, `few pairs`, ...; empty otherwise.
        reason: one sentence more and the next step; empty where there is nothing to add.
        base, new: the metric itself on both sides, in its unit; None where there is none.
        change: the estimate of the change; None where none can be made.
        interval: ends of the interval of the change, at 90 %; None where there is none: exact values have none.
        tolerance: the change that must not pass unseen.
        p_slower, p_faster: swap tests over everything gated in the run; None where nothing was tested.
        detectable: the smallest slowdown that would have been caught nine times in ten; None where unknown.
        pairs: pairs of workers behind it; 0 where it is no matter of pairs.
        calls: single calls behind it, base and new.
        batch: whether it is of batch means, as its calls are too short for single readings.
        accepted: why a regression counts as a pass; None: nobody accepted it.
    """

    case_id: str
    metric: Metric
    outcome: Outcome
    severity: Severity = "fail"
    cause: str = ""
    reason: str = ""
    base: float | None = None
    new: float | None = None
    change: float | None = None
    interval: tuple[float, float] | None = None
    tolerance: float = 0.0
    p_slower: float | None = None
    p_faster: float | None = None
    detectable: float | None = None
    pairs: int = 0
    calls: tuple[int, int] = (0, 0)
    batch: bool = False
    accepted: Acceptance | None = None

    @property
    def unit(self) -> str:
        """Of `base` and `new`."""
        return UNITS[self.metric]

    @property
    def failing(self) -> bool:
        """Whether it fails the build: a regression or what cannot be compared, neither accepted nor only warned of."""
        bad = self.outcome in (Outcome.REGRESSED, Outcome.NOT_COMPARABLE)
        return bad and self.severity == "fail" and self.accepted is None

    @property
    def open(self) -> bool:
        """Whether it is inconclusive, and not only warned of: with `--strict` it fails the build."""
        return self.outcome is Outcome.INCONCLUSIVE and self.severity == "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class SideInfo:
    """One side.

    Attributes:
        asked: as the user named it: `orjson==3.10.18`, `.`, `git:main`, `base.json`.
        python: version of its interpreter.
        packages: versions of its measured libraries, by distribution.
        origins: where each measured module was imported from, by module.
        sampler: which one measured.
    """

    asked: str
    python: str = ""
    packages: dict[str, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    sampler: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """How two codecs compare inside each run, which cancels the machine. It informs; nothing is decided by it.

    Attributes:
        case_id: the case.
        over: the case that it is held against, of another codec.
        base, new: typical time of the first over that of the second.
    """

    case_id: str
    over: str
    base: float
    new: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Everything that was decided.

    Attributes:
        mode: how both sides came about.
        base, new: the sides.
        rows: the worst first, then in the order of cases.
        stage: 1 or 2: whether the first pairs were enough; 0 where nothing was decided by time.
        pairs: pairs of workers measured.
        rounds: in each pair.
        swaps: behind the tests; 0 where there were none.
        seed: of swaps and orders.
        seconds: wall time of the measurement.
        started: RFC 3339.
        serbench: version.
        command: that makes it again.
        strict: whether an inconclusive row fails as well.
        ratios: between codecs; for information.
        notes: what the reader should know besides: each one sentence.
        runs: both sides' samples, for outputs that draw them; None where there are none.
        empty_allowed: whether it is right that nothing was compared.
    """

    mode: Mode
    base: SideInfo
    new: SideInfo
    rows: tuple[Row, ...]
    stage: int = 0
    pairs: int = 0
    rounds: int = 0
    swaps: int = 0
    seed: int = 0
    seconds: float = 0.0
    started: str = ""
    serbench: str = ""
    command: tuple[str, ...] = ()
    strict: bool = False
    ratios: tuple[Ratio, ...] = ()
    notes: tuple[str, ...] = ()
    runs: tuple[Run, Run] | None = None
    empty_allowed: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is no row but for those that the policy ignores."""
        return all(row.severity == "ignore" and row.outcome is Outcome.NOT_COMPARABLE for row in self.rows)

    @property
    def outcome(self) -> Outcome:
        """The worst of the rows that count: not those that are accepted, only warned of or ignored.

        A gate that compared nothing and passed would pass for ever: it is not comparable.
        """
        if self.empty:
            return Outcome.SAME if self.empty_allowed else Outcome.NOT_COMPARABLE
        counted = {row.outcome for row in self.rows if row.failing or row.outcome in _FINE or row.open}
        return next((outcome for outcome in WORST_FIRST if outcome in counted), Outcome.SAME)

    @property
    def exit_code(self) -> int:
        """0 no regression, 1 regression, 3 inconclusive where `strict`, 4 not comparable."""
        codes = {Outcome.REGRESSED: 1, Outcome.NOT_COMPARABLE: 4, Outcome.INCONCLUSIVE: 3 if self.strict else 0}
        return codes.get(self.outcome, 0)


_FINE = (Outcome.SAME, Outcome.IMPROVED)
