"""Runs that were never measured: real histograms of seeded samples, so that every number in them is known."""

from __future__ import annotations

from dataclasses import replace
from math import exp
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from serbench.harness.inbox import Answer
from serbench.histogram import Histogram
from serbench.records.cases import Case, CodecInfo, Conditions, Operation, PayloadInfo, Status
from serbench.records.passes import EncodedBytes
from serbench.records.run import Environment, Measurement, Run
from serbench.records.samples import Floor, Round, WorkerSamples

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CONDITIONS = Conditions(instances=64)
FLOOR = Floor(ns_per_call=50.0, batch_ns_per_call=20.0, clock_step_ns=1.0, calls=10_000)
ENVIRONMENT = Environment(
    machine={"cpu_model": "Fake CPU <1>", "cpu_flags": ["sse2", "avx2"], "cores": 2, "memory_bytes": 8_000_000_000},
    system={"platform": "linux", "kernel": "6.1.0"},
    python={"implementation": "CPython", "version": "3.11.9", "gc_thresholds": [700, 10, 10], "gil": True},
    packages={"orjson": "3.10.1", "protobuf": "5.29.0"},
    sampler="python",
    git={"commit": "0123abc", "dirty": False},
)


def block_answer(
    *strands: Sequence[int],
    batch_ns: int = 10_000,
    batch_calls: int = 10,
    lead_in: int = 5,
    first: int = 0,
    at: int = 1_000_000,
    switches: Sequence[int] = (),
    collections: Sequence[tuple[int, int]] = (),
) -> Answer:
    """What a worker says after a block.

    Args:
        strands: of each thread, ns of its single calls; they begin a microsecond after each other's end.
        batch_ns: of each thread's batch.
        batch_calls: the same.
        lead_in: calls before, of each thread.
        first: the instance of each thread's first call.
        at: when the first call begins, ns.
        switches: involuntary context switches so far: before the first call, and then after each.
        collections: start and end of each, ns.
    """
    numbers: list[int] = []
    told = []
    for strand in strands:
        start = at
        for ns in strand:
            numbers += [start, start + ns]
            start += max(0, ns) + 1_000
        numbers += [number for calls, seen in enumerate(switches) for number in (calls, seen)]
        about = {"lead_in": lead_in, "batch_ns": batch_ns, "batch_calls": batch_calls, "first": first}
        told.append({"calls": len(strand), "marks": len(switches), **about})
    numbers += [edge for collection in collections for edge in collection]
    fields = {"is": "samples", "count": len(numbers), "threads": told, "collections": len(collections)}
    fields["block_ns"] = sum(strands[0]) + batch_ns if strands else 0
    return Answer(fields, np.asarray(numbers, dtype="<i8").tobytes())


def histogram(samples: Iterable[int]) -> str:
    """A blob of these ns."""
    made = Histogram()
    made.fold(np.asarray(list(samples), dtype=np.int64))
    return made.encode()


def worker(
    samples: Sequence[int], means: Sequence[float], *, pair: int = 0, floor: Floor = FLOOR, overflow: int = 0
) -> WorkerSamples:
    """What a worker measured: single calls in ns, and batch means of 100 calls each."""
    return WorkerSamples(
        calls=len(samples),
        histogram=histogram(samples),
        overflow=overflow,
        lead_in=50,
        warm_up=200,
        warm_up_ended=True,
        ns_per_call=tuple(float(mean) for mean in means),
        batch_calls=100 * len(means),
        floor=floor,
        pair=pair,
        hash_seed=pair + 1,
    )


def drawn_workers(
    ns: float, *, workers: int = 6, calls: int = 2_000, sigma: float = 0.2, between: float = 0.01, seed: int = 1
) -> tuple[WorkerSamples, ...]:
    """Workers whose calls are lognormal.

    Args:
        ns: median of a middle worker's calls.
        workers: how many.
        calls: of each, one by one; a tenth as many batches, of 100 calls.
        sigma: standard deviation of the logarithm of a worker's calls.
        between: the same of workers' medians.
        seed: of everything that is drawn.
    """
    random = np.random.default_rng(seed)
    made = []
    for pair in range(workers):
        middle = ns * np.exp(random.normal(0, between))
        singles = middle * np.exp(random.normal(0, sigma, calls))
        batches = middle * np.exp(random.normal(0, sigma, (max(1, calls // 10), 100)))
        made.append(worker(np.rint(singles).astype(np.int64).tolist(), batches.mean(axis=1).tolist(), pair=pair))
    return tuple(made)


def even_workers(ns: float, *, workers: int = 6, calls: int = 1_000, apart: float = 0.01) -> tuple[WorkerSamples, ...]:
    """Workers of which nothing is drawn: the same on every machine and with every numpy.

    Args:
        ns: mean of a middle worker's batches; its single calls are the quantiles of a lognormal distribution around it.
        workers: how many.
        calls: of each, one by one.
        apart: how far neighbours are from each other, as a share of `ns`.
    """
    quantiles = [exp(0.2 * NormalDist().inv_cdf((n + 0.5) / calls)) for n in range(calls)]
    middles = [ns * (1 + apart * (pair - (workers - 1) / 2)) for pair in range(workers)]
    return tuple(worker([round(m * q) for q in quantiles], [m] * 5, pair=pair) for pair, m in enumerate(middles))


def case(codec: str, payload: str = "order", operation: str = "decode", conditions: Conditions = CONDITIONS) -> Case:
    """A case of the order payload under default conditions."""
    return Case(codec=codec, payload=payload, operation=Operation(operation), conditions=conditions)


def measured(of: Case, workers: tuple[WorkerSamples, ...], encoded: int = 1_000) -> Measurement:
    """A case that was measured; its messages take 0.9 to 1.2 times the given bytes."""
    sizes = EncodedBytes(mean=float(encoded), median=float(encoded), min=encoded * 9 // 10, max=encoded * 12 // 10)
    return Measurement(case=of, status=Status.MEASURED, encoded_bytes=sizes, workers=workers)


def unmeasured(of: Case, status: Status, reason: str) -> Measurement:
    """A case without numbers."""
    return Measurement(case=of, status=status, reason=reason)


def codec(name: str, form: str = "json", model: str = "plain", distribution: str = "") -> CodecInfo:
    """A codec as a worker would describe it."""
    return CodecInfo(
        name=name,
        format=form,
        model=model,  # type: ignore[arg-type]
        distribution=distribution,
        version="1.2.3",
        native="C",
        deviations=("TUPLE_AS_LIST",),
        source=f"serbench.codecs.{name}",
    )


def payload(name: str = "order") -> PayloadInfo:
    """A payload of 64 instances."""
    return PayloadInfo(
        name=name,
        title=f"The {name}",
        digest=f"{name}-digest",
        instances=64,
        bytes_as_json=64_000,
        origin="generated",
    )


def run(
    measurements: Iterable[Measurement],
    *,
    codecs: Sequence[CodecInfo] | None = None,
    payloads: Sequence[PayloadInfo] | None = None,
    **changes: object,
) -> Run:
    """A complete run of these measurements; codecs and payloads are made from their cases where none are given."""
    measurements = tuple(measurements)
    names = dict.fromkeys(m.case.codec for m in measurements)
    about = dict.fromkeys(m.case.payload for m in measurements)
    made = Run(
        id="20260102T030405Z-1a2b",
        started="2026-01-02T03:04:05Z",
        finished="2026-01-02T03:05:05Z",
        complete=True,
        serbench="0.1.0",
        command=("serbench", "run", "order", "--seed", "7"),
        seed=7,
        suite="default",
        budget_seconds=60.0,
        environment=ENVIRONMENT,
        codecs=tuple(codecs if codecs is not None else map(codec, names)),
        payloads=tuple(payloads if payloads is not None else map(payload, about)),
        rounds=(Round(n=1, wave=0, started="2026-01-02T03:04:06Z", seconds=30.0, block_seconds=21.0),),
        measurements=measurements,
        timing={"start": 1.5, "rounds": 30.0},
    )
    return replace(made, **changes)  # type: ignore[arg-type]


CODECS = (
    codec("json"),
    codec("orjson", distribution="orjson"),
    codec("msgpack", "msgpack", distribution="msgpack"),
    codec("protobuf", "protobuf", "message", "protobuf"),
)


def order_run(seed: int = 1, scale: float = 1.0, calls: int = 2_000, workers: int = 6, **changes: object) -> Run:
    """Four codecs on `order`: json is slowest, orjson parses fastest, protobuf is smallest and cannot dump.

    Args:
        seed: of all samples.
        scale: of all times.
        calls: of each worker, one by one.
        workers: of each case.
        changes: fields of the run that are replaced.
    """
    times = {
        "json": {"encode": 9_000, "decode": 8_000, "read": 9_500},
        "orjson": {"encode": 1_500, "decode": 2_000, "read": 3_000},
        "msgpack": {"encode": 3_000, "decode": 3_600, "read": 4_500},
        "protobuf": {"encode": 1_200, "decode": 1_300, "read": 9_000},
    }
    sizes = {"json": 1_000, "orjson": 1_000, "msgpack": 800, "protobuf": 500}
    measurements = []
    for number, (name, operations) in enumerate(times.items()):
        for operation, ns in operations.items():
            drawn = drawn_workers(
                scale * ns, workers=workers, calls=calls, seed=1_000 * seed + 10 * number + len(operation)
            )
            measurements.append(measured(case(name, operation=operation), drawn, sizes[name]))
        dump = case(name, operation="dump")
        if name == "protobuf":
            measurements.append(unmeasured(dump, Status.FAILED, "the worker died: SIGSEGV"))
        else:
            same = Measurement(case=dump, status=Status.MEASURED, same_as=case(name, operation="encode").id)
            measurements.append(same)
    return run(measurements, codecs=CODECS, **changes)
