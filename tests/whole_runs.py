"""A run that has all that a run can have: every pass, several conditions, labelled tails, and every kind of gap."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import fake_reports
import fakes
from serbench.records.cases import Caution, Conditions, Operation, Status
from serbench.records.passes import ColdStart, Compressed, EncodedBytes, Memory, Spread
from serbench.records.run import Measurement, Run
from serbench.records.samples import Disturbance, Floor, Round, SlowCalls, ThreadSamples, WorkerSamples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.records.cases import Case

ON = fakes.CONDITIONS
OFF = replace(ON, gc="off")
HEAP = replace(ON, heap_objects=20_000)
TWO = replace(ON, threads=2)
SPEEDS = {"json": 4.03, "orjson": 1.0, "msgpack": 1.87, "protobuf": 2.41}
LENGTHS = {"json": 1.0, "orjson": 1.0, "msgpack": 0.79, "protobuf": 0.53}
SHARES = {"read": 1.0, "load": 0.9, "decode": 0.8, "encode": 0.5}


def whole_run() -> Run:
    """Four codecs on three payloads; of `order` under several conditions, of `ping` with few workers and gaps."""
    measurements = [*_order(), *_chat(), *_ping()]
    made = fakes.run(
        measurements,
        codecs=fakes.CODECS,
        noise=fake_reports.NOISE,
        passes=("time", "size", "memory", "cold", "instructions"),
        rounds=tuple(map(_round, range(1, 8))),
        timing={"start": 1.5, "rounds": 30.0, "total": 58.3},
    )
    order, chat, ping = made.payloads
    order = replace(
        order, sample='{"id":4711,"items":[{"sku":"A-17","price":12.5},\u2026]}\n\u2026 shortened: 1,013 bytes in all'
    )
    return replace(made, payloads=(order, chat, replace(ping, instances=1, sample='{"at":1767323045}')))


def small_run(*codecs: str, payloads: Sequence[str] = ("order", "chat", "ping")) -> Run:
    """A part of it: these codecs and payloads, without `read`, and of each codec but the first without conditions."""
    whole, (first, *_) = whole_run(), codecs
    asked = [m for m in whole.measurements if m.case.payload in payloads and m.case.operation != "read"]
    kept = [m for m in asked if m.case.codec in codecs and (m.case.codec == first or "?" not in m.case.id)]
    held = {m.case.id for m in kept}
    about = tuple(payload for payload in whole.payloads if payload.name in payloads)
    return replace(whole, measurements=tuple(m for m in kept if not m.same_as or m.same_as in held), payloads=about)


def _order() -> list[Measurement]:
    """Everything of every codec, collector on and off; one worker too few for p99.9 with the collector off."""
    found = []
    for codec, speed in SPEEDS.items():
        for operation in ("read", "decode", "encode"):
            of = fakes.case(codec, operation=operation)
            found.append(_full(of, 3_070 * speed * SHARES[operation], calls=3_000, size=1_013))
            off = replace(of, conditions=OFF)
            found.append(_full(off, 2_910 * speed * SHARES[operation], calls=800, size=1_013))
        if codec == "protobuf":
            found.append(
                fakes.unmeasured(fakes.case(codec, operation="dump"), Status.FAILED, "the worker died: signal 11")
            )
        else:
            found.append(_same(fakes.case(codec, operation="dump"), "encode"))
    return found


def _chat() -> list[Measurement]:
    """Live objects and two threads; protobuf is not measured; json encodes far slower in batches than one by one."""
    found = []
    for codec in ("json", "orjson"):
        for conditions in (ON, HEAP, TWO):
            of = fakes.case(codec, "chat", "decode", conditions)
            made = _full(of, 152_300 * SPEEDS[codec] * (1.9 if conditions.threads > 1 else 1.0), calls=400, size=40_321)
            found.append(_threaded(made) if conditions.threads > 1 else made)
        found.append(_same(fakes.case(codec, "chat", "load"), "decode"))
    apart = _full(fakes.case("json", "chat", "encode"), 81_200, calls=500, size=40_321)
    first = replace(_slowed(apart.workers[0], 110), overflow=2)
    found.append(replace(apart, workers=(first, *(_slowed(one, 70) for one in apart.workers[1:]))))
    caution = Caution(name="disturbed", text="Other programs disturbed 3 of its 40 blocks. Stop what else runs.")
    found[0] = replace(found[0], warnings=(caution,))
    found.append(
        fakes.unmeasured(fakes.case("protobuf", "chat", "decode"), Status.SKIPPED, "items[2].note: null is not carried")
    )
    return found


def _ping() -> list[Measurement]:
    """One short message: few workers, calls too short or too few for a tail."""
    quick = _full(fakes.case("orjson", "ping"), 213, calls=500, size=66, workers=3)
    alone = _full(fakes.case("msgpack", "ping"), 2_130, calls=400, size=51, workers=1)
    few = fakes.measured(fakes.case("json", "ping"), _workers(4_110, 90, 6, 3), 66)
    return [replace(one, case=replace(one.case, conditions=Conditions(instances=1))) for one in (quick, alone, few)]


def _slowed(of: WorkerSamples, times: float) -> WorkerSamples:
    """The same single calls, but batches that take so many times as long."""
    return replace(of, ns_per_call=tuple(times * ns for ns in of.ns_per_call))


def _same(of: Case, operation: str) -> Measurement:
    return Measurement(case=of, status=Status.MEASURED, same_as=replace(of, operation=Operation(operation)).id)


def _full(of: Case, ns: float, *, calls: int, size: int, workers: int = 6) -> Measurement:
    """Numbers that differ from case to case, so that one in the wrong place is not right by chance."""
    seed = sum(map(ord, of.id))
    drawn = random.Random(seed)
    length = LENGTHS[of.codec] * size
    made = fakes.measured(of, _workers(ns, calls, workers, seed), round(length))
    labels = {"share": 0.001 if calls * workers >= 10_000 else 0.01, "from_ns": round(2.3 * ns)}
    counts = {name: drawn.randrange(1, 40) for name in ("gc", "preempted", "instance", "other")}
    return replace(
        fake_reports.labelled(made, **labels, **counts),
        workers=made.workers,
        sizes=tuple(
            _compressed(method, level, length, drawn) for method, level in (("none", 0), ("gzip", 6), ("zstd", 3))
        ),
        memory=_memory(ns, drawn),
        cold_start=ColdStart(
            processes=5,
            import_ns=_spread(8e6, drawn),
            bind_ns=_spread(4e4, drawn),
            first_call_ns=_spread(ns * 90, drawn),
        ),
        instructions=round(ns * 3.7),
    )


def _workers(ns: float, calls: int, workers: int, seed: int) -> tuple[WorkerSamples, ...]:
    drawn = random.Random(seed)
    made = fakes.drawn_workers(ns, workers=workers, calls=calls, sigma=0.3, between=0.03, seed=seed)
    return tuple(
        replace(
            one,
            ns_per_call=one.ns_per_call[:20],
            batch_calls=2_000,
            lead_in=drawn.randrange(10, 90),
            warm_up=drawn.randrange(100, 900),
            floor=Floor(
                ns_per_call=drawn.uniform(24, 26), batch_ns_per_call=drawn.uniform(6, 8), clock_step_ns=1.0, calls=512
            ),
            collections=drawn.randrange(1, 30),
            collection_ns=drawn.randrange(100_000, 900_000),
            switches=drawn.randrange(1, 30),
            slow=_slow(drawn, ns),
        )
        for one in made
    )


def _slow(drawn: random.Random, ns: float) -> SlowCalls:
    at_ns = sorted(drawn.randrange(4_000_000_000) for _ in range(6))
    return SlowCalls(
        at_ns=tuple(at_ns),
        ns=tuple(round(ns * drawn.uniform(3, 30)) for _ in at_ns),
        labels="".join(drawn.choices("gpio", k=6)),
    )


def _threaded(of: Measurement) -> Measurement:
    """Each worker's calls by two threads, the second a little slower."""
    return replace(
        of, workers=tuple(replace(one, threads=(_thread(one, 0.97), _thread(one, 1.06))) for one in of.workers)
    )


def _thread(of: WorkerSamples, share: float) -> ThreadSamples:
    return ThreadSamples(calls=of.calls, histogram=of.histogram, ns_per_call=tuple(share * ns for ns in of.ns_per_call))


def _spread(middle: float, drawn: random.Random) -> Spread:
    median = middle * drawn.uniform(0.8, 1.2)
    return Spread(median=median, min=median * drawn.uniform(0.7, 0.95), max=median * drawn.uniform(1.1, 1.6))


def _memory(ns: float, drawn: random.Random) -> Memory:
    return Memory(
        calls=64,
        peak_bytes=_spread(2 * ns, drawn),
        live_bytes=_spread(ns, drawn),
        resident_growth_bytes=drawn.randrange(10_000_000, 40_000_000),
        resident_calls=20_000,
        tracked_per_result=drawn.uniform(0.5, 9),
        heap_objects=drawn.randrange(10_000, 20_000),
        full_collection_ns=drawn.randrange(9_000_000, 90_000_000),
        new_bytes=Spread(median=4096.0 * drawn.randrange(9), min=0, max=40_960),
    )


def _compressed(method: str, level: int, length: float, drawn: random.Random) -> Compressed:
    share = 1.0 if method == "none" else drawn.uniform(0.3, 0.6)
    sizes = EncodedBytes(
        mean=round(length * share),
        median=round(length * share),
        min=round(length * share * 0.9),
        max=round(length * share * 1.1),
    )
    return Compressed(
        method=method,
        level=level,
        messages=32,
        bytes_per_message=sizes,
        ns_per_message=drawn.uniform(3_000, 9_000) if level else 0.0,
        stream_bytes=round(70 * length * share),
        stream_ns=drawn.uniform(300_000, 900_000) if level else 0.0,
    )


def _round(n: int) -> Round:
    """The second was disturbed and measured again, the fifth was disturbed and stays."""
    bad = n in (2, 5)
    found = Disturbance(
        foreign_cpu=0.34 + n / 100 if bad else 0.01,
        foreign_cpu_elsewhere=0.5 + n / 10 if bad else 0.0,
        steal=0.02 * n if bad else 0.0,
        pressure=0.4 if bad else 0.0,
        disturbed=bad,
    )
    return Round(
        n=n,
        wave=min(n - 1, 5),
        started="2026-01-02T03:04:06Z",
        seconds=5.0 + n,
        block_seconds=4.1 + n / 7,
        disturbance=found,
        repeated=n == 2,
    )
