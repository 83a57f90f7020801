"""The gate's verdict as JSON: one strict struct for each object in it, as structs.py has them for a run.

A key has the name of the record's field, whose docstring says what it means; what does not apply is absent. Annotations
are read at run time, which is why they are not postponed.
"""

from math import isfinite
from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType, field

from serbench.records.verdict import Acceptance as AcceptanceRecord
from serbench.records.verdict import Metric, Mode, Outcome, Severity, SideInfo, Verdict
from serbench.records.verdict import Row as RowRecord
from serbench.store.structs import Count, Name, Seconds, Wire

FORMAT: Final = "serbench.verdict/1"
"""1: the first."""

Probability = Annotated[float, Meta(ge=0, le=1)]
Change = Annotated[float, Meta(description="new over base less one: 0.05 is 5 % more")]
Amount = Annotated[float, Meta(description="in `unit`")]


class Side(Wire, frozen=True):
    """One side. `origins`: where each measured module was imported from."""

    asked: str
    python: str = ""
    packages: dict[str, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    sampler: str = ""


class Interval(Wire, frozen=True):
    """Where the true change lies at 90 %; an end that is absent is unbounded."""

    low: Change | UnsetType = UNSET
    high: Change | UnsetType = UNSET


class Acceptance(Wire, frozen=True):
    """Why a change counts as a pass."""

    reason: str
    commit: str = ""
    expires: str = ""


class Row(Wire, frozen=True):
    """One metric of one case. `failing`: whether it fails the build; with `strict`, an inconclusive one does."""

    case_id: str
    metric: Metric
    outcome: Outcome
    severity: Severity
    failing: bool
    tolerance: Annotated[float, Meta(ge=0, description="a change that must not pass unseen")]
    cause: str = ""
    reason: str = ""
    unit: Annotated[str, Meta(pattern="^(ns|bytes|instructions)?$")] = ""
    base: Amount | UnsetType = UNSET
    new: Amount | UnsetType = UNSET
    change: Change | UnsetType = UNSET
    interval: Interval | UnsetType = UNSET
    p_slower: Probability | UnsetType = UNSET
    p_faster: Probability | UnsetType = UNSET
    detectable: Change | UnsetType = UNSET
    pairs: Count = 0
    calls: tuple[Count, Count] | UnsetType = UNSET
    batch: bool = False
    accepted: Acceptance | UnsetType = UNSET


class Ratio(Wire, frozen=True):
    """Typical time of a case over that of another codec's, inside each side."""

    case_id: str
    over: str
    base: float
    new: float


class VerdictFile(Wire, frozen=True):
    """The verdict. `exit_code`: 0 no regression, 1 regression, 3 inconclusive with `strict`, 4 not comparable."""

    format: Literal["serbench.verdict/1"]
    outcome: Outcome
    exit_code: Annotated[int, Meta(ge=0, le=4)]
    mode: Mode
    strict: bool
    base: Side
    new: Side
    rows: tuple[Row, ...]
    stage: Annotated[int, Meta(ge=0, le=2)]
    pairs: Count
    rounds: Count
    swaps: Count
    seed: int
    seconds: Seconds
    started: str = ""
    serbench: str = ""
    command: tuple[str, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    notes: tuple[Name, ...] = ()


def to_wire(verdict: Verdict) -> bytes:
    """A verdict as indented JSON that ends in a newline; both sides' samples are not in it.

    Text that UTF-8 cannot carry, such as bytes of a file name, is written with backslashes.
    """
    file = VerdictFile(
        format=FORMAT,
        outcome=verdict.outcome,
        exit_code=verdict.exit_code,
        mode=verdict.mode,
        strict=verdict.strict,
        base=_side(verdict.base),
        new=_side(verdict.new),
        rows=tuple(_row(row, strict=verdict.strict) for row in verdict.rows),
        stage=verdict.stage,
        pairs=verdict.pairs,
        rounds=verdict.rounds,
        swaps=verdict.swaps,
        seed=verdict.seed,
        seconds=verdict.seconds,
        started=_text(verdict.started),
        serbench=_text(verdict.serbench),
        command=tuple(map(_text, verdict.command)),
        ratios=tuple(
            Ratio(case_id=_text(one.case_id), over=_text(one.over), base=one.base, new=one.new)
            for one in verdict.ratios
        ),
        notes=tuple(_text(note) for note in verdict.notes if note),
    )
    return msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n"


def from_wire(data: bytes) -> VerdictFile:
    """The parts of a verdict that was written.

    Raises:
        msgspec.ValidationError: it does not keep to the schema; with the path in the JSON.
    """
    return msgspec.json.decode(data, type=VerdictFile)


def json_schema() -> str:
    """The JSON Schema of the format, as it stands in docs/verdict.schema.json."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(VerdictFile)}
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def _side(side: SideInfo) -> Side:
    return Side(
        asked=_text(side.asked),
        python=_text(side.python),
        packages={_text(name): _text(version) for name, version in side.packages.items()},
        origins={_text(name): _text(place) for name, place in side.origins.items()},
        sampler=_text(side.sampler),
    )


def _row(row: RowRecord, *, strict: bool) -> Row:
    return Row(
        case_id=_text(row.case_id),
        metric=row.metric,
        outcome=row.outcome,
        severity=row.severity,
        failing=row.failing or (strict and row.outcome is Outcome.INCONCLUSIVE),
        tolerance=row.tolerance,
        cause=_text(row.cause),
        reason=_text(row.reason),
        unit=row.unit,
        base=_known(row.base),
        new=_known(row.new),
        change=_known(row.change),
        interval=Interval(low=_known(row.interval[0]), high=_known(row.interval[1])) if row.interval else UNSET,
        p_slower=_known(row.p_slower),
        p_faster=_known(row.p_faster),
        detectable=_known(row.detectable),
        pairs=row.pairs,
        calls=row.calls if any(row.calls) else UNSET,
        batch=row.batch,
        accepted=_acceptance(row.accepted) if row.accepted else UNSET,
    )


def _acceptance(accepted: AcceptanceRecord) -> Acceptance:
    return Acceptance(reason=_text(accepted.reason), commit=_text(accepted.commit), expires=_text(accepted.expires))


def _known(value: float | None) -> float | UnsetType:
    """JSON has no number for what has no end."""
    return float(value) if value is not None and isfinite(value) else UNSET


def _text(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
