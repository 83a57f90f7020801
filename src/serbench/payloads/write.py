"""Writes `payload.toml` and `schema.proto` of every own payload: `python -m serbench.payloads.write [FOLDER]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.payloads import catalogue, listing
from serbench.schema.proto_text import to_proto

if TYPE_CHECKING:
    from serbench.payloads.base import Generated


def files(generated: Generated) -> dict[str, str]:
    """Name and text of the files beside a generated payload, made from its module alone."""
    note = f"made from src/{generated.generate.__module__.replace('.', '/')}.py by `make payloads`"
    return {
        "payload.toml": f"# {note}\n\n{_toml(listing.facts(generated))}",
        "schema.proto": f"// {note}\n\n{to_proto(generated.schema)}",
    }


def own() -> dict[str, Generated]:
    """The payloads of this package, not those of others."""
    return {
        name: generated
        for name, generated in catalogue.known().items()
        if generated.generate.__module__.startswith("serbench.payloads.")
    }


def write(folder: Path) -> None:
    """Writes the files of every own payload to `folder/<name>/`."""
    for name, generated in own().items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for file, text in files(generated).items():
            (folder / name / file).write_text(text, encoding="utf-8")


def _toml(values: dict[str, Any]) -> str:
    """Text, numbers and lists of them, then tables of those. JSON's form of these is TOML's."""
    plain = [f"{key} = {_value(value)}" for key, value in values.items() if not isinstance(value, dict)]
    tables = [f"\n[{key}]\n{_toml(value)}" for key, value in values.items() if isinstance(value, dict)]
    return "\n".join([*plain, *tables]) + ("" if tables else "\n")


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    write(Path(*sys.argv[1:2] or ["payloads"]))
