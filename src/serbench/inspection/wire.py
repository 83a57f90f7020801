"""An inspection as JSON for programs: docs/inspection.schema.json says what stands in it."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from serbench.inspection.parts import Inspection

# 1: the first.
FORMAT = "serbench.inspection/1"


def to_json(found: Inspection, version: str) -> str:
    """JSON text that ends in a newline; what does not apply is absent.

    Args:
        found: what was found.
        version: of serbench.
    """
    tree = {
        "format": FORMAT,
        "serbench": version,
        "python": platform.python_version(),
        **_present(asdict(found)),
    }
    return json.dumps(tree, indent=2) + "\n"


def _present(value: Any) -> Any:
    """Without keys that have no value."""
    match value:
        case dict():
            return {str(key): _present(item) for key, item in value.items() if item is not None}
        case list() | tuple():
            return [_present(item) for item in value]
    return value
