"""What a service's agent exports each minute: metrics with labels, and series of values."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

from serbench.payloads.base import NOW_MS, Generated, below, between, chance, identifier, pick
from serbench.schema.types import List, Map, Optional, Scalar, Schema, record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

TEXT, INT64, FLOAT64 = Scalar.STRING, Scalar.INT64, Scalar.FLOAT64
SERIES = record("Series", labels=Map(TEXT, TEXT), start_ms=INT64, values=List(FLOAT64), exemplar=Optional(TEXT))
METRIC = record("Metric", name=TEXT, unit=TEXT, kind=TEXT, description=Optional(TEXT), series=List(SERIES))
TELEMETRY = record(
    "Telemetry",
    resource=Map(TEXT, TEXT),
    scope=record("Scope", name=TEXT, version=TEXT),
    interval_ms=Scalar.INT32,
    dropped=Scalar.UINT32,
    metrics=List(METRIC),
)

Numbers = tuple[str, int, int, int]
INTERVAL_MS, POINTS = 10_000, 60
# name, unit, description; kind, scale, low, high: values are whole numbers over scale, around a level from low to high
METRICS = (
    ("http.server.request.duration", "ms", "p99 of the interval's requests.", ("gauge", 1_000, 12_000, 480_000)),
    ("http.server.request.count", "1", "", ("sum", 1, 20, 900)),
    ("http.server.active_requests", "1", "", ("gauge", 1, 2, 120)),
    ("process.cpu.utilization", "1", "Share of all cores that were in use.", ("gauge", 10_000, 400, 8_000)),
    ("process.memory.rss", "By", "", ("gauge", 1, 90_000_000, 1_900_000_000)),
    ("process.runtime.gc.pause", "ms", "Longest stop of the interval.", ("gauge", 1_000, 300, 45_000)),
    ("db.client.connections.usage", "1", "", ("gauge", 1, 3, 60)),
    ("db.client.query.duration", "ms", "Median of the interval's queries.", ("gauge", 1_000, 400, 30_000)),
    ("messaging.receive.lag", "s", "", ("gauge", 100, 5, 9_000)),
    ("system.network.io", "By", "", ("sum", 1, 20_000, 4_000_000)),
    ("system.disk.operation.time", "s", "", ("sum", 1_000, 10, 6_000)),
    ("cache.hit_ratio", "1", "", ("gauge", 10_000, 4_000, 8_600)),
)
SERVICES = ("checkout", "cart", "search", "accounts", "media", "shipping", "pricing")
ROUTES = ("/v1/orders", "/v1/orders/{id}", "/v1/search", "/v1/carts/{id}/items", "/v1/users/{id}", "/healthz")
METHODS = ("GET", "GET", "GET", "POST", "PUT", "DELETE")
CODES = ("200", "200", "200", "201", "304", "404", "409", "500", "503")


def generate(rng: Random) -> Iterator[Any]:
    """Exports of several services, some hundred milliseconds apart."""
    time = NOW_MS
    while True:
        time += 100 + below(rng, 400)
        service = pick(rng, SERVICES)
        yield {
            "resource": {
                "service.name": service,
                "service.version": f"{between(rng, 1, 4)}.{below(rng, 20)}.{below(rng, 10)}",
                "service.instance.id": identifier(rng),
                "deployment.environment": pick(rng, ("production", "production", "staging")),
                "cloud.region": pick(rng, ("eu-central-1", "eu-west-1", "us-east-1", "ap-southeast-2")),
                "k8s.pod.name": f"{service}-{rng.getrandbits(36):09x}-{rng.getrandbits(20):05x}",
                "host.name": f"ip-10-0-{below(rng, 256)}-{below(rng, 256)}",
            },
            "scope": {"name": "agent/metrics", "version": "1.14.2"},
            "interval_ms": INTERVAL_MS,
            "dropped": below(rng, 3),
            "metrics": [_metric(rng, time, metric) for metric in METRICS],
        }


def _metric(rng: Random, time: int, metric: tuple[str, str, str, Numbers]) -> dict[str, Any]:
    name, unit, description, numbers = metric
    described = {"description": description} if description else {}
    series = [_series(rng, time, name, numbers) for _ in range(pick(rng, (1, 2, 2, 3)))]
    return {"name": name, "unit": unit, "kind": numbers[0], **described, "series": series}


def _series(rng: Random, time: int, name: str, numbers: Numbers) -> dict[str, Any]:
    labels, start_ms = _labels(rng, name), time - INTERVAL_MS * POINTS
    exemplar = {"exemplar": f"{rng.getrandbits(128):032x}"} if chance(rng, 0.2) else {}
    return {"labels": labels, "start_ms": start_ms, "values": _values(rng, numbers), **exemplar}


def _labels(rng: Random, name: str) -> dict[str, str]:
    family = name.partition(".")[0]
    if family == "http":
        return {
            "http.method": pick(rng, METHODS),
            "http.route": pick(rng, ROUTES),
            "http.status_code": pick(rng, CODES),
        }
    if family == "db":
        return {"db.system": "postgresql", "pool.name": pick(rng, ("primary", "replica-0", "replica-1"))}
    if family == "system":
        return {"device": pick(rng, ("eth0", "nvme0n1")), "direction": pick(rng, ("read", "write"))}
    return {"process.id": str(between(rng, 7, 32_000))} if chance(rng, 0.5) else {}


def _values(rng: Random, numbers: Numbers) -> list[float]:
    """A counter that grows, or a gauge that wanders within 15 % of its level."""
    kind, scale, low, high = numbers
    random, level = rng.random, between(rng, low, high)
    if kind == "sum":
        steps = (int(random() * level) for _ in range(POINTS - 1))
        return [value / scale for value in accumulate(steps, initial=level * between(rng, 50, 50_000))]
    return [int(level * (0.85 + 0.3 * random())) / scale for _ in range(POINTS)]


PAYLOADS: tuple[Generated, ...] = (
    Generated(
        name="telemetry",
        title="Metrics of a service",
        origin="metric exports of observability agents: a resource, metrics, labelled series",
        traits=("series of floats", "maps of labels", "optional fields"),
        schema=Schema("Telemetry", TELEMETRY),
        generate=generate,
    ),
)
