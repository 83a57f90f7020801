"""What `serbench list payloads` shows. Own payloads carry their facts in a file, so nothing is generated for it."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any

from serbench.payloads import catalogue, instances
from serbench.payloads.profile import profile

if TYPE_CHECKING:
    from serbench.payloads.base import Generated

SEED = 1
COUNT = 8


def facts(generated: Generated) -> dict[str, Any]:
    """What `payload.toml` says: the payload in words, then digest and profile of its first 8 instances of seed 1.

    Sizes are bytes, shares are of the bytes of these instances as compact JSON: see `Profile`.
    """
    packed, info = instances.make(generated, seed=SEED, count=COUNT)
    seen = profile(packed.payload.instances)
    return {
        "title": generated.title,
        "origin": generated.origin,
        "traits": list(generated.traits),
        "digest": info.digest,
        "profile": {
            "json_bytes_median": seen.bytes_as_json.median,
            "json_bytes_min": seen.bytes_as_json.min,
            "json_bytes_max": seen.bytes_as_json.max,
            "depth": seen.depth,
            "strings": round(seen.strings, 4),
            "numbers": round(seen.numbers, 4),
            "structure": round(seen.structure, 4),
            "other": round(seen.other, 4),
            "non_ascii": round(seen.non_ascii, 4),
            "key_repetition": round(seen.key_repetition, 2),
        },
    }


def rows() -> list[dict[str, Any]]:
    """A row per generated payload: the median size of an instance as compact JSON, shares of bytes in per cent."""
    return [_row(name, _carried(name) or facts(generated)) for name, generated in catalogue.known().items()]


def _carried(name: str) -> dict[str, Any]:
    file = resources.files("serbench").joinpath("_data", "payloads", name, "payload.toml")
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _row(name: str, known: dict[str, Any]) -> dict[str, Any]:
    seen = known["profile"]
    return {
        "payload": name,
        "title": known["title"],
        "JSON bytes": round(seen["json_bytes_median"]),
        "depth": seen["depth"],
        **{f"{part} %": round(100 * seen[part]) for part in ("strings", "numbers", "structure")},
        "non-ASCII %": round(100 * seen["non_ascii"]),
        "traits": known["traits"],
    }
