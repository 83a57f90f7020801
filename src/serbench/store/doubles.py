"""Keys that come twice in one object of a JSON text: a merge gone wrong leaves such, readers take the last. Pure."""

from __future__ import annotations

import json
from typing import Any


def first(data: bytes) -> str | None:
    """The first such key; None where there is none.

    Args:
        data: well-formed JSON.
    """
    found: list[str] = []

    def look(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                found.append(key)
            seen.add(key)

    json.loads(data, object_pairs_hook=look)
    return next(iter(found), None)
