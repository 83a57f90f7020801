"""Instances of a generated payload: as many as a run rotates over."""

from __future__ import annotations

import hashlib
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from serbench.records.cases import PayloadInfo
from serbench.schema import spool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.payloads.base import Generated
    from serbench.schema.spool import Encoded, Spool

FILL_BYTES = 8_000_000
"""Size of all instances together, as compact JSON: more than the caches close to a core hold."""
FEWEST = 8
MOST = 1024


def make(generated: Generated, *, seed: int, count: int | None = None) -> tuple[Spool, PayloadInfo]:
    """The instances of that seed.

    Args:
        generated: the payload.
        seed: of the run; payloads draw from it independently of each other.
        count: how many; None: as many as fit `FILL_BYTES`, at least `FEWEST` and at most `MOST`.

    Returns:
        The payload, ready to be written to a file, and what a run's results say about it.
    """
    stream = map(spool.encode, generated.generate(random_of(generated.name, seed)))
    packed = spool.pack(generated.name, generated.schema, taken(stream, count))
    return packed, info(packed, title=generated.title, origin="generated")


def random_of(name: str, seed: int) -> Random:
    """The source of chance of one payload in a run of that seed."""
    return Random(int.from_bytes(hashlib.sha256(f"{seed}/{name}".encode()).digest()))


def info(packed: Spool, *, title: str, origin: str) -> PayloadInfo:
    """What a run's results say about a payload."""
    return PayloadInfo(
        name=packed.payload.name,
        title=title,
        digest=packed.payload.digest,
        instances=len(packed.encoded),
        bytes_as_json=packed.json_bytes,
        origin=origin,
    )


def taken(stream: Iterator[Encoded], count: int | None) -> Iterator[Encoded]:
    """The first `count` of a stream; None: as many as fit `FILL_BYTES`, at least `FEWEST` and at most `MOST`."""
    size = 0
    for n, encoded in enumerate(islice(stream, MOST if count is None else count)):
        size += encoded.json_bytes
        if count is None and n >= FEWEST and size > FILL_BYTES:
            return
        yield encoded
