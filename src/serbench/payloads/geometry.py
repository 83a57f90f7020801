"""A map layer: polygons as lists of rings of points, nearly all of it numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.payloads.base import Generated, between, chance, magnitude, pick
from serbench.payloads.text.places import PLACES
from serbench.schema.types import List, Optional, Scalar, Schema, record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

TEXT, FLOAT64 = Scalar.STRING, Scalar.FLOAT64
POLYGON = record("Polygon", type=TEXT, coordinates=List(List(List(FLOAT64))))
PROPERTIES = record(
    "Properties",
    name=TEXT,
    kind=TEXT,
    population=Optional(Scalar.INT64),
    area_km2=FLOAT64,
    protected=Optional(Scalar.BOOL),
)
FEATURE = record("Feature", type=TEXT, id=Scalar.INT64, properties=PROPERTIES, bbox=List(FLOAT64), geometry=POLYGON)
GEOMETRY = record("Geometry", type=TEXT, name=TEXT, features=List(FEATURE))

DEGREE = 1_000_000  # coordinates have six decimals, about 0.1 m
KINDS = ("district", "district", "park", "lake", "forest", "industrial")
"""What an area is; only districts have a population, only parks and forests are protected."""


def generate(rng: Random) -> Iterator[Any]:
    """Layers around different places."""
    while True:
        west, south = between(rng, -120, 140), between(rng, -45, 65)
        features = [_feature(rng, west * DEGREE, south * DEGREE) for _ in range(between(rng, 50, 58))]
        yield {"type": "FeatureCollection", "name": pick(rng, PLACES).city, "features": features}


def _feature(rng: Random, west: int, south: int) -> dict[str, Any]:
    """An area within a degree of that corner."""
    x, y, radius = west + between(rng, 0, DEGREE), south + between(rng, 0, DEGREE), between(rng, 4_000, 40_000)
    outer = _ring(rng, x, y, radius, between(rng, 90, 370))
    hole = [_ring(rng, x, y, radius // 4, between(rng, 20, 60))[::-1]] if chance(rng, 0.2) else []
    xs, ys = [point[0] for point in outer], [point[1] for point in outer]
    return {
        "type": "Feature",
        "id": rng.getrandbits(34),
        "properties": _properties(rng, radius),
        "bbox": [min(xs), min(ys), max(xs), max(ys)],
        "geometry": {"type": "Polygon", "coordinates": [outer, *hole]},
    }


def _properties(rng: Random, radius: int) -> dict[str, Any]:
    kind, place = pick(rng, KINDS), pick(rng, PLACES)
    population = {"population": magnitude(rng, 18)} if kind == "district" else {}
    protected = {"protected": chance(rng, 0.5)} if kind in ("park", "forest") else {}
    area = {"area_km2": radius * radius * 387 // 100_000_000 / 100}  # pi r^2, and a degree is 111 km
    return {
        "name": f"{pick(rng, place.streets)} {between(rng, 1, 40)}",
        "kind": kind,
        **population,
        **area,
        **protected,
    }


def _ring(rng: Random, x: int, y: int, radius: int, points: int) -> list[list[float]]:
    """A closed ring around a point, counterclockwise, its edge wandering; made without a sine."""
    ring, reach = [], 1.0
    for n in range(points):
        # A quarter at a time: ((1 - t*t) / (1 + t*t), 2 * t / (1 + t*t)) goes from 0 to 90 degrees with t from 0 to 1.
        quarter, t = divmod(4 * n / points, 1.0)
        along, across = (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)
        dx, dy = ((along, across), (-across, along), (-along, -across), (across, -along))[int(quarter)]
        reach = 0.8 * reach + 0.2 * (0.5 + rng.random())
        ring.append([(x + int(dx * reach * radius)) / DEGREE, (y + int(dy * reach * radius)) / DEGREE])
    return [*ring, ring[0]]


PAYLOADS: tuple[Generated, ...] = (
    Generated(
        name="geometry",
        title="Map layer",
        origin="GeoJSON feature collections: polygons with holes, six decimals",
        traits=("coordinates", "lists of lists of lists", "large document"),
        schema=Schema("Geometry", GEOMETRY),
        generate=generate,
    ),
)
