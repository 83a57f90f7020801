"""A health check: the smallest message that services send each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.payloads.base import NOW_MS, Generated, below, pick, weighted
from serbench.schema.types import Scalar, Schema, record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

SCHEMA = Schema(
    "Ping", record("Ping", status=Scalar.STRING, service=Scalar.STRING, load=Scalar.FLOAT64, time=Scalar.INT64)
)

STATUS = weighted(ok=47, degraded=2, down=1)
SERVICES = ("auth", "cart", "edge", "feed", "mail", "media", "orders", "search", "stock", "users")


def generate(rng: Random) -> Iterator[Any]:
    """One check after another, some tens of milliseconds apart."""
    time = NOW_MS
    while True:
        time += 5 + below(rng, 90)
        yield {
            "status": pick(rng, STATUS),
            "service": pick(rng, SERVICES),
            "load": below(rng, 100) / 100,
            "time": time,
        }


PAYLOADS: tuple[Generated, ...] = (
    Generated(
        name="ping",
        title="Health check",
        origin="the health check response that load balancers ask services for",
        traits=("tiny", "flat"),
        schema=SCHEMA,
        generate=generate,
    ),
)
