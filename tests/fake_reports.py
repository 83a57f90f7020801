"""Reports whose every number is known, for charts and pages: what is drawn can be held against them."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import fakes
from serbench.records.cases import OPERATION_WORDS, Caution, Conditions, Operation, Status
from serbench.records.passes import EncodedBytes
from serbench.records.samples import Labels, Noise, SlowCalls
from serbench.report.cases import CasePage
from serbench.report.evidence import Behind, Evidence, TailParts
from serbench.report.matrix import matrix
from serbench.report.parts import Curve, Fact, Ground, Row, Sentence, Table, Timeline
from serbench.report.price.offers import prices
from serbench.report.whole import Report
from serbench.statistics.estimates import Estimate, Missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from serbench.records.run import Measurement, Run
    from serbench.statistics.estimates import Number

TOO_FEW = Missing(short="too few calls", reason="p99 needs 1,000 calls and there are 400; give it a longer --budget")
NO_TAIL = Missing(short="no tail claimed", reason="a call is shorter than 20 floors; its centre is from batches")

DEFAULT = {
    "json": "json",
    "orjson": "json",
    "msgpack": "msgpack",
    "msgspec-json-struct": "json",
    "protobuf": "protobuf",
}
"""The codecs of the default suite with their formats."""


def estimate(value: float, spread: float = 0.02) -> Estimate:
    """A number whose interval reaches that share to both sides."""
    ends = {"low": value * (1 - spread), "high": value * (1 + spread)}
    return Estimate(value=value, **ends, basis="interval", coverage=0.97, workers=6, calls=12_000)


def tail(ns: float, **changes: object) -> TailParts:
    """The slowest 100 of 100,000 calls: 20 collections, 60 preempted, 10 larger messages, 10 unexplained."""
    made = TailParts(
        share=0.001,
        from_ns=round(ns),
        gc=20,
        preempted=60,
        instance=10,
        other=10,
        steady_ns=exact(ns / 2),
        machines=False,
    )
    return replace(made, **changes)


def exact(value: float) -> Estimate:
    """A number without a spread."""
    return Estimate(value=value, low=value, high=value, basis="none", coverage=0.0, workers=1, calls=1)


EVIDENCE = Evidence(
    calls=100_000,
    batch_calls=40_000,
    workers=6,
    lead_in_calls=300,
    warm_up_calls=1_200,
    floor_ns=50.0,
    batch_floor_ns=20.0,
    clock_step_ns=1.0,
    collections=20,
    collection_ns=2_000_000,
    switches=70,
    rounds=60,
    disturbed_rounds=0,
)
"""What stands behind a measured row."""


def row(codec: str, ns: float, *, table: str = "order/read", size: int = 1_000, **changes: object) -> Row:
    """A measured row: p50 is the typical time, p99 twice and p99.9 three times that."""
    payload, operation = table.split("/")
    made = Row(
        case_id=f"{quote(codec, safe='')}/{quote(payload, safe='')}/{operation}",
        codec=fakes.codec(codec, DEFAULT.get(codec, "json")),
        status=Status.MEASURED,
        reason="",
        same_as="",
        encoded_bytes=EncodedBytes(mean=size, median=size, min=size, max=size),
        typical_ns=estimate(ns, 0.01),
        p50_ns=estimate(ns),
        p99_ns=estimate(2 * ns, 0.2),
        p999_ns=estimate(3 * ns, 0.4),
        objects_per_second=estimate(1e9 / ns),
        megabytes_per_second=estimate(1e3 / ns * size),
        relative=estimate(1),
        best=False,
        certain=True,
        baseline=codec == DEFAULT.get(codec, "json"),
        cautions=(),
        behind=Behind(tail=tail(3 * ns), evidence=EVIDENCE, command=f"serbench run {payload} --codec {codec}"),
    )
    return replace(made, **changes)


def unmeasured(codec: str, status: Status, reason: str, *, table: str = "order/read") -> Row:
    """A row without a number."""
    why = Missing(short=str(status), reason=reason)
    numbers = dict.fromkeys(("typical_ns", "p50_ns", "p99_ns", "p999_ns", "objects_per_second", "relative"), why)
    behind = Behind(tail=why, evidence=why, command=f"serbench run {table} --codec {codec}")
    made = row(codec, 1, table=table, status=status, reason=reason, behind=behind, **numbers)
    return replace(made, encoded_bytes=why, megabytes_per_second=why)


def table(rows: Iterable[Row], *, payload: str = "order", operation: str = "read", headline: bool = True) -> Table:
    """A table of these rows, measured ones by time; the first is the best."""
    rows = list(rows)
    measured = sorted((r for r in rows if isinstance(r.typical_ns, Estimate)), key=lambda r: r.typical_ns.value)
    ranked = [
        replace(r, best=r is measured[0], relative=estimate(r.typical_ns.value / measured[0].typical_ns.value))
        for r in measured
    ]
    return Table(
        payload=fakes.payload(payload),
        operation=Operation(operation),
        operation_words=OPERATION_WORDS[Operation(operation)],
        conditions=Conditions(instances=64),
        conditions_words="collector on, 64 instances",
        headline=headline,
        rows=(*ranked, *(r for r in rows if r not in measured)),
    )


def curve(of: Row, *, last: float = 0.9999, points: int = 600, ns: float | None = None, steady: bool = True) -> Curve:
    """A curve from 0.8 times the median up; its time is `median * (1 + log10(x / 2) / 2)` above the median.

    A steady call's curve is known for the first half of it: `median * (1 + log10(x) / 10)`.
    """
    _, payload, operation = of.case_id.split("/")
    median = ns or (of.p50_ns.value if isinstance(of.p50_ns, Estimate) else 1_000.0)
    xs = [10 ** (n / (points - 1) * math.log10(1 / (1 - last))) for n in range(points)]
    return Curve(
        case_id=of.case_id,
        codec=of.codec,
        payload=unquote(payload),
        operation=Operation(operation),
        conditions=Conditions(instances=64),
        x=tuple(xs),
        ns=tuple(median * (1 + math.log10(x / 2) / 2 * (1.0 if x > 2 else 0.8)) for x in xs),
        last_earned=last,
        steady=tuple(median * (1 + math.log10(x) / 10) for x in xs[: points // 2]) if steady else (),
    )


def timeline(of: Row, *, workers: int = 2) -> Timeline:
    """Four slow calls of each worker, a second apart, one of each label, each twice as long as the one before."""
    slow = SlowCalls(
        at_ns=tuple(n * 1_000_000_000 for n in range(4)),
        ns=tuple(round(of.p999_ns.value * 2**n) for n in range(4)) if isinstance(of.p999_ns, Estimate) else (1,) * 4,
        labels="gpio",
    )
    return Timeline(case_id=of.case_id, workers=(slow,) * workers)


def case_page(table: Table, row: Row) -> CasePage:
    """The page of a case of which little is known."""
    return CasePage(
        case_id=row.case_id,
        codec=row.codec.name,
        payload=table.payload.name,
        operation=str(table.operation),
        asked="",
        conditions=table.conditions_words,
        tag="",
        gist="",
        status=row.status,
        reason=row.reason,
        same_as=row.same_as,
        timed=Missing(short="", reason=""),
        facts=(),
        cautions=(),
        command=row.behind.command,
    )


def report(tables: Sequence[Table], curves: Iterable[Curve] | None = None, **changes: object) -> Report:
    """A report of these tables; a curve for each measured row unless others are given."""
    if curves is None:
        curves = [curve(r) for t in tables for r in t.rows if r.status is Status.MEASURED]
    codecs = {r.codec.name: r.codec for t in tables for r in t.rows}
    payloads = {t.payload.name: t.payload for t in tables}
    made = Report(
        title="serialization of order",
        run_id="20260102T030405Z-1a2b",
        started="2026-01-02T03:04:05Z",
        finished="2026-01-02T03:05:05Z",
        complete=True,
        serbench="0.1.0",
        command="serbench run --seed 7",
        sentences=(
            *(Sentence(topic="parse", payload=p, text=f"orjson parses {p} fastest: 3.00 us.") for p in payloads),
            Sentence(topic="doubt", payload="", text="p99.9 is shown for 3 of 75 cases: the others had too few calls."),
        ),
        codecs=tuple(codecs.values()),
        payloads=tuple(payloads.values()),
        tables=tuple(tables),
        curves=tuple(curves),
        timelines=tuple(
            timeline(r) for t in tables if t.headline for r in t.rows if isinstance(r.behind.tail, TailParts)
        ),
        sizes=(),
        compressed=(),
        memory=(),
        cold_starts=(),
        instructions=(),
        conditions=(),
        ground=Ground(
            environment=(
                Fact(label="CPU", value="Fake CPU <1>, 2 cores"),
                Fact(label="Python", value="CPython 3.11.9"),
            ),
            measuring=(Fact(label="workers", value="6 a codec"), Fact(label="rounds", value="60")),
            method=("One sample is one call.", "Nothing is removed; the tail is the finding."),
            floor_ns=estimate(52),
        ),
        matrix=matrix(fakes.run([]), tables),
        prices=prices(fakes.run([]), tables),
        cases=tuple(case_page(t, r) for t in tables for r in t.rows),
        batches=(),
        environment=fakes.ENVIRONMENT,
    )
    return replace(made, **changes)


def order_report(**changes: object) -> Report:
    """One payload, three operations, five codecs."""
    return report(_tables("order", 3_000, random.Random(7)), **changes)


def wide_report() -> Report:
    """Five payloads, three operations, five codecs: 75 cases, a few of them without a number or with less of a tail."""
    sizes = {"ping": 400, "order": 3_000, "chat": 15_000, "telemetry": 60_000, "feed": 160_000}
    tables = [made for name, ns in sizes.items() for made in _tables(name, ns, random.Random(ns))]
    tables[0] = _with_gaps(tables[0])
    return report(tables)


def _tables(payload: str, ns: float, drawn: random.Random) -> list[Table]:
    speeds = {"json": 4.2, "orjson": 1.0, "msgpack": 1.7, "msgspec-json-struct": 0.8, "protobuf": 2.4}
    lengths = {"msgpack": 0.84, "protobuf": 0.52}
    return [
        table(
            (
                row(
                    codec,
                    ns * speed * share * drawn.uniform(0.8, 1.25),
                    table=f"{payload}/{operation}",
                    size=round(ns / 3 * lengths.get(codec, 1)),
                )
                for codec, speed in speeds.items()
            ),
            payload=payload,
            operation=operation,
            headline=operation != "decode",
        )
        for operation, share in (("read", 1.0), ("decode", 0.8), ("encode", 0.5))
    ]


def _with_gaps(whole: Table) -> Table:
    """The table with a failure, a skipped case, one with a caution and one whose tail is not claimed."""
    by_name = {r.codec.name: r for r in whole.rows}
    where = f"{whole.payload.name}/{whole.operation}"
    caution = Caution(
        name="readings-differ", text="Singles and batches differ by 12 %. Run it again on a quiet machine."
    )
    short: dict[str, Number] = dict.fromkeys(("p50_ns", "p99_ns", "p999_ns"), NO_TAIL)
    return table(
        (
            unmeasured("json", Status.FAILED, "the worker died: SIGSEGV", table=where),
            unmeasured("protobuf", Status.SKIPPED, "items[].note: null is not carried", table=where),
            replace(by_name["orjson"], cautions=(caution,)),
            _without_tail(replace(by_name["msgspec-json-struct"], **short), NO_TAIL),
            _without_tail(replace(by_name["msgpack"], p99_ns=TOO_FEW, p999_ns=TOO_FEW), TOO_FEW),
        ),
        payload=whole.payload.name,
        operation=str(whole.operation),
    )


def _without_tail(of: Row, why: Missing) -> Row:
    return replace(of, behind=replace(of.behind, tail=why))


NOISE = Noise(
    calls=100_000,
    histogram=fakes.histogram([20] * 99_000 + [30_000] * 1_000),
    overflow=0,
    observed_ns=1_000_000_000,
    core=1,
)
"""A second in which a thousand interruptions of 30 us fell into empty calls of 20 ns."""


def labelled(of: Measurement, **changes: int) -> Measurement:
    """A measured case whose slowest calls are known: of 0.1 % of them 3 were collections, 6 preempted, 1 unexplained.

    Args:
        of: the case.
        changes: counts of labels, `from_ns` and the like.
    """
    labels = Labels(
        **({"share": 0.001, "from_ns": 40_000, "gc": 3, "preempted": 6, "instance": 0, "other": 1} | changes)
    )
    slow = SlowCalls(at_ns=(0, 2_000_000_000), ns=(50_000, 40_000), labels="gp")
    workers = tuple(replace(w, collections=10, collection_ns=400_000, switches=7, slow=slow) for w in of.workers)
    return replace(of, labels=labels, workers=workers)


def labelled_run(**changes: object) -> Run:
    """The four codecs of `fakes.order_run`, with all that a run knows of its tails."""
    run = fakes.order_run(**changes)
    measurements = tuple(labelled(m) if m.workers else m for m in run.measurements)
    return replace(run, measurements=measurements, noise=NOISE)
