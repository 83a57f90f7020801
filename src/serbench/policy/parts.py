"""What a policy consists of, and what holds where the file says nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, get_args
from urllib.parse import unquote

from serbench.records.verdict import TIMES, Metric, Severity

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from serbench.records.cases import Operation

METRICS: tuple[Metric, ...] = get_args(Metric)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

TOLERANCES: dict[Metric, float] = {
    "correctness": 0.0,
    "encoded_bytes": 0.0,
    "peak_bytes": 0.01,
    "instructions": 0.005,
    "p10": 0.05,
    "p50": 0.05,
    "p99": 0.25,
}
"""The change of a metric that is still none."""

CAUSES: dict[str, Severity] = {
    "missing": "fail",
    "renamed": "fail",
    "new": "warn",
    "failed": "fail",
    "incorrect": "fail",
    "skipped": "fail",
    "skipped in both": "ignore",
    "other payload": "fail",
    "other operation": "fail",
    "other sampler": "fail",
    "other machine": "warn",
    "no pairs": "fail",
    "few pairs": "fail",
    "few rounds": "fail",
    "other instances": "fail",
    "unearned": "warn",
    "not encoded": "fail",
    "no memory": "fail",
    "not counted": "warn",
}
"""What is made of a row that is not comparable, by its cause; of any other cause: fail.

What was gated and no longer is fails: a slower case must not pass by being gone, renamed or broken. A new case has
nothing to be worse than, and a build must not fail because somebody has written a benchmark: it is warned of until the
baseline has it. (Where its other name has gone, it is `renamed`.) `unearned` is a matter of short calls and small
budgets, and `not counted` of a tool that is optional. A codec that cannot carry a payload and never could is no news.
"""

NEVER_FAILING = "other machine"
"""A baseline from another machine never fails a build on time, whatever the file says (docs/gate.md)."""

SCOPE = ("case", "codec", "payload", "operation", "metric")
"""Keys of an entry that say what it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which rows an entry is about: those that match one of the patterns under every key. No patterns match all.

    Attributes:
        case: patterns of whole ids, `orjson/*/decode`; conditions are a part of the id: `*?gc=off`.
        codec, payload, operation: patterns of names, under any conditions.
        metric: patterns of metrics.
    """

    case: tuple[str, ...] = ()
    codec: tuple[str, ...] = ()
    payload: tuple[str, ...] = ()
    operation: tuple[str, ...] = ()
    metric: tuple[str, ...] = ()

    def has_case(self, case_id: str) -> bool:
        """Whether the case is one of those."""
        names = [unquote(part) for part in case_id.partition("?")[0].split("/")]
        wanted = (self.codec, self.payload, self.operation)
        return matches(self.case, case_id) and all(map(matches, wanted, names))

    def covers(self, case_id: str, metric: Metric) -> bool:
        """Whether that metric of that case is one of those."""
        return matches(self.metric, metric) and self.has_case(case_id)


def matches(patterns: tuple[str, ...], text: str) -> bool:
    """Whether one of the patterns is that text or matches it; no patterns match everything."""
    return not patterns or any(pattern == text or fnmatchcase(text, pattern) for pattern in patterns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """The change that is still none.

    Attributes:
        scope: of what. Where the file names no metric, of the three that take a clock: what is exact is loosened by
            its name only.
        change: 0.05 for 5 %.
    """

    scope: Scope = Scope(metric=TIMES)
    change: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A change that somebody has accepted.

    Attributes:
        scope: of what; it names a metric and something of the case.
        change: the largest that is accepted, 0.12 for 12 %.
        reason: why.
        commit: that brought it; empty where nobody said.
        expires: the last day on which it counts; None: always.
    """

    scope: Scope
    change: float
    reason: str
    commit: str = ""
    expires: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is gated, and what is made of it. What the command line says is put in its place with `replace`.

    Attributes:
        source: where it was read, for messages: `pyproject.toml: [tool.serbench.gate]`; empty: the defaults.
        base, new: the sides, each of one or several requirements or places; empty: the command line names them.
        payloads, codecs: names, files and patterns; empty: those of the default suite.
        operations: empty: the same.
        metrics: that are gated.
        instances: that calls rotate over; None: the payload's own number.
        budget_seconds: of the whole gate; None: by the number of cases.
        seed: of payloads, orders and swaps; None: the default.
        strict: whether an inconclusive row fails as well.
        baseline: the file or run to hold the new side against; None: none.
        outputs: as after `-o`.
        tolerances: the later wins.
        warn: what is only warned of.
        on: by cause, for rows that are not comparable.
        accepted: changes.
    """

    source: str = ""
    base: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    payloads: tuple[str, ...] = ()
    codecs: tuple[str, ...] = ()
    operations: tuple[Operation, ...] = ()
    metrics: tuple[Metric, ...] = METRICS
    instances: int | None = None
    budget_seconds: float | None = None
    seed: int | None = None
    strict: bool = False
    baseline: Path | None = None
    outputs: tuple[str, ...] = ()
    tolerances: tuple[Tolerance, ...] = ()
    warn: tuple[Scope, ...] = ()
    on: dict[str, Severity] = field(default_factory=lambda: dict(CAUSES))
    accepted: tuple[Accepted, ...] = ()
