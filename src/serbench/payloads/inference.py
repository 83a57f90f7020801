"""The answer of a model server: embeddings in 32-bit floats, and a tensor as raw bytes."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from serbench.payloads.base import Generated, bell, between, chance, identifier, pick
from serbench.schema.types import List, Map, Optional, Scalar, Schema, record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

TEXT, INT64 = Scalar.STRING, Scalar.INT64
EMBEDDING = record("Embedding", index=Scalar.INT32, text_hash=TEXT, tokens=Scalar.INT32, vector=List(Scalar.FLOAT32))
TENSOR = record("Tensor", name=TEXT, datatype=TEXT, shape=List(INT64), data=Scalar.BYTES)
INFERENCE = record(
    "Inference",
    id=TEXT,
    model_name=TEXT,
    model_version=TEXT,
    queue_us=INT64,
    compute_us=INT64,
    embeddings=List(EMBEDDING),
    attention=Optional(TENSOR),
    parameters=Map(TEXT, TEXT),
)

DIMENSIONS = 384
SPREAD = 0.088  # 384 values of a variance of SPREAD**2 / 3 make a vector of about unit length
TOKENS = 64


def generate(rng: Random) -> Iterator[Any]:
    """Answers to batches of one to a few texts."""
    while True:
        batch = pick(rng, (2, 3, 3, 3, 4))
        yield {
            "id": identifier(rng),
            "model_name": pick(rng, ("minilm-l6-v2", "e5-small-v2", "bge-small-en")),
            "model_version": str(between(rng, 1, 9)),
            "queue_us": between(rng, 20, 4_000),
            "compute_us": between(rng, 3_000, 40_000),
            "embeddings": [_embedding(rng, index) for index in range(batch)],
            **({"attention": _attention(rng)} if chance(rng, 0.9) else {}),
            "parameters": {"normalize": "true", "truncation": "right", "device": f"cuda:{between(rng, 0, 3)}"},
        }


def _embedding(rng: Random, index: int) -> dict[str, Any]:
    """A vector that has been through 32 bits, so that every value is exactly one of theirs."""
    vector = array("f", [bell(rng) * SPREAD for _ in range(DIMENSIONS)]).tolist()
    return {
        "index": index,
        "text_hash": f"{rng.getrandbits(64):016x}",
        "tokens": between(rng, 4, TOKENS),
        "vector": vector,
    }


def _attention(rng: Random) -> dict[str, Any]:
    """One byte for each pair of tokens."""
    data = rng.getrandbits(8 * TOKENS * TOKENS).to_bytes(TOKENS * TOKENS, "little")
    return {"name": "attention", "datatype": "UINT8", "shape": [1, TOKENS, TOKENS], "data": data}


PAYLOADS: tuple[Generated, ...] = (
    Generated(
        name="inference",
        title="Answer of a model server",
        origin="the inference protocol of model servers: embeddings as lists of floats, a tensor as raw bytes",
        traits=("32-bit floats", "bytes", "long lists of numbers"),
        schema=Schema("Inference", INFERENCE),
        generate=generate,
    ),
)
