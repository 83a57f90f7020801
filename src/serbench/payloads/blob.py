"""A part of a file with the little that is said about it: nearly all of the message is bytes that nobody looks into."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from serbench.payloads.base import Generated, below, between, identifier, pick
from serbench.schema.types import Scalar, Schema, record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

TEXT, INT64, BYTES = Scalar.STRING, Scalar.INT64, Scalar.BYTES
SCHEMA = Schema(
    "Blob",
    record("Blob", id=TEXT, name=TEXT, content_type=TEXT, offset=INT64, total=INT64, digest=BYTES, data=BYTES),
)

PART_BYTES = 1 << 18
TYPES = {"jpg": "image/jpeg", "mp4": "video/mp4", "zip": "application/zip", "parquet": "application/vnd.apache.parquet"}


def generate(rng: Random, part_bytes: int = PART_BYTES) -> Iterator[Any]:
    """The parts of one file after another. What is in them is compressed, as files of these types are."""
    while True:
        name, ending, parts = identifier(rng), pick(rng, tuple(TYPES)), between(rng, 2, 40)
        total = parts * part_bytes - below(rng, part_bytes)
        for n in range(parts):
            size = min(part_bytes, total - n * part_bytes)
            yield {
                "id": identifier(rng),
                "name": f"{name}.{ending}",
                "content_type": TYPES[ending],
                "offset": n * part_bytes,
                "total": total,
                "digest": rng.getrandbits(256).to_bytes(32, "little"),
                "data": rng.getrandbits(8 * size).to_bytes(size, "little"),
            }


def of_size(part_bytes: int) -> Generated:
    """The payload with parts of so many bytes; the last of a file is smaller."""
    return replace(BLOB, generate=partial(generate, part_bytes=part_bytes))


BLOB = Generated(
    name="blob",
    title="Part of a file",
    origin="uploads and file stores that cut files into parts, GridFS among them",
    traits=("bytes", "large leaf", "flat"),
    schema=SCHEMA,
    generate=generate,
    of_size=of_size,
)

PAYLOADS: tuple[Generated, ...] = (BLOB,)
