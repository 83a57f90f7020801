"""Broken input: messages of a codec cut short, with bits turned over, repeated; and bytes that are none.

The n-th input follows from the seed, the codec's own messages and n alone.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from serbench.schema.spool import payload_of
from serbench.schema.types import List, Map, Optional, Scalar, Schema, Type, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from serbench.schema.payload import Payload

S = Scalar
LONGEST = 200_000
"""No input is longer, in bytes."""

_LINE = record("Line", sku=S.STRING, quantity=S.INT32, price=S.FLOAT64, note=Optional(S.STRING))
_SHAPE: dict[str, Type | Optional] = {
    "id": S.UINT32,
    "big": S.INT64,
    "ratio": S.FLOAT64,
    "flag": S.BOOL,
    "name": S.STRING,
    "tags": List(S.STRING),
    "counts": Map(S.STRING, S.INT64),
    "lines": List(_LINE),
}
_MESSAGES: tuple[dict[str, Any], ...] = (
    {
        "id": 7,
        "big": -(1 << 40),
        "ratio": 0.1,
        "flag": True,
        "name": "Zo\u00eb \U0001f600",
        "tags": ["a", "", "long " * 20],
        "counts": {"one": 1, "two": 1 << 33},
        "lines": [{"sku": f"A-{n}", "quantity": n, "price": n / 3} for n in range(5)],
    },
    {
        "id": (1 << 32) - 1,
        "big": 1 << 62,
        "ratio": -1e300,
        "flag": False,
        "name": "",
        "tags": [f"tag {n}" for n in range(40)],
        "counts": {f"key {n}": n for n in range(20)},
        "lines": [{"sku": "B", "quantity": -1, "price": 0.0, "note": 'a "note"\n'}],
    },
)
_BLOB = bytes(range(256))


def messages() -> Iterator[Payload]:
    """Payloads whose instances are broken once they are encoded: the richest first, for codecs that carry it all."""
    with_bytes = Schema("Attacked", record("Attacked", **_SHAPE, blob=S.BYTES))
    yield payload_of("attacked", with_bytes, [{**message, "blob": _BLOB} for message in _MESSAGES])
    yield payload_of("attacked", Schema("Attacked", record("Attacked", **_SHAPE)), list(_MESSAGES))
    few = record("Attacked", id=S.UINT32, name=S.STRING)
    yield payload_of("attacked", Schema("Attacked", few), [{"id": 7, "name": "seven"}])


def _truncated(random: Random, whole: bytes) -> bytes:
    return whole[: random.randrange(len(whole))]


def _flipped(random: Random, whole: bytes) -> bytes:
    made = bytearray(whole)
    for _ in range(random.choice((1, 1, 2, 4, 8))):
        made[random.randrange(len(made))] ^= 1 << random.randrange(8)
    return bytes(made)


def _random(random: Random, whole: bytes) -> bytes:
    """Random bytes, in half of the inputs behind a beginning that is none."""
    head = _truncated(random, whole) if random.random() < 0.5 else b""
    return head + random.randbytes(random.randrange(1, 300))


def _repeated(random: Random, whole: bytes) -> bytes:
    """A few bytes over and over: what opens a list, a million times, is a depth that decoders must survive."""
    begin = random.randrange(len(whole))
    piece = whole[begin : begin + random.randrange(1, 7)] if random.random() < 0.7 else random.randbytes(1)
    head = whole[:begin] if random.random() < 0.5 else b""
    return (head + piece * int(10 ** random.uniform(1, 5)))[:LONGEST]


MAKERS: dict[str, Callable[[Random, bytes], bytes]] = {
    "truncated": _truncated,
    "flipped": _flipped,
    "random": _random,
    "repeated": _repeated,
}


def broken(seed: int, index: int, encoded: Sequence[bytes]) -> tuple[str, bytes]:
    """The input of that number: how it was made, and its bytes.

    Args:
        seed: of the attack.
        index: from 0.
        encoded: messages as the codec encodes them, none of them empty.
    """
    names = tuple(MAKERS)
    made = names[index % len(names)]
    random = Random(f"{seed}/{index}")
    return made, MAKERS[made](random, encoded[random.randrange(len(encoded))])
