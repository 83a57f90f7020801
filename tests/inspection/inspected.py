"""What tests of inspections share: messages written as NDJSON, and codecs that declare something."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from serbench.inspection.inspect import inspect
from serbench.payloads.files.base import Reading
from serbench.records.cases import CodecInfo

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from serbench.inspection.parts import Field, Inspection, Warned


def codec(name: str, *deviations: str, **about: Any) -> CodecInfo:
    """A codec that declares these, and of which nothing is kept anywhere."""
    usual = {"format": "json", "model": "plain", "distribution": name, "version": "1.0", "native": "C"}
    return CodecInfo(name=name, **usual | {"deviations": deviations, "source": f"{name}.py"} | about)


def inspection(path: Path, codecs: Iterable[CodecInfo] = (), **how: Any) -> Inspection:
    """What a file is made of."""
    return inspect(str(path), Reading(**how), codecs=codecs, seed=1)


def lines(path: Path, messages: Iterable[Any]) -> Path:
    """A file of these messages, one a line."""
    return texts(path, map(json.dumps, messages))


def texts(path: Path, made: Iterable[str]) -> Path:
    """A file of these lines."""
    path.write_text("".join(f"{line}\n" for line in made), encoding="utf-8")
    return path


def field(found: Inspection, path: str) -> Field:
    """The field of that path."""
    (wanted,) = (one for one in found.fields if one.path == path)
    return wanted


def warned(found: Inspection) -> dict[str, Warned]:
    """Warnings by the names of their oddities."""
    return {one.oddity: one for one in found.warnings}


def spots(found: Inspection, oddity: str) -> list[tuple[str, int, str]]:
    """Where an oddity is, how often, and in which message first, without the file."""
    where = warned(found)[oddity].spots
    return [(spot.path, spot.count, spot.first.rpartition(": ")[2]) for spot in where]
