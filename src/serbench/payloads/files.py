"""A local file as a payload: `.json` is one instance, `.ndjson` and `.jsonl` are an instance a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from serbench.errors import UnusableFile
from serbench.payloads import instances
from serbench.schema import inference, spool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from serbench.records.cases import PayloadInfo
    from serbench.schema.spool import Spool

ENDINGS = (".json", ".ndjson", ".jsonl")


def load(path: Path, *, count: int | None = None) -> tuple[Spool, PayloadInfo]:
    """The payload of a file, named after it. Its schema is inferred from the instances that are taken.

    Args:
        path: the file.
        count: how many instances are taken from its beginning; None: as many as of a generated payload.

    Returns:
        The payload, ready to be written to a file, and what a run's results say about it.

    Raises:
        UnusableFile: not there, not readable, empty, another ending, not UTF-8 or not JSON (with line and column).
    """
    if path.suffix.lower() not in ENDINGS:
        raise UnusableFile(f"{path}: a payload's file ends in one of {', '.join(ENDINGS)}")
    text = _text(path)
    values = _documents(path, text) if path.suffix.lower() == ".json" else _lines(path, text)
    try:
        encoded = tuple(instances.taken(map(spool.encode, values), count))
        more = next(values, None) is not None
        schema = inference.infer(path.stem, [one.instance for one in encoded])
    except RecursionError:
        deepest = inference.DEEPEST
        raise UnusableFile(f"{path}: nested too deeply; {deepest} levels can be measured, unwrap some") from None
    packed = spool.pack(path.stem, schema, encoded)
    title = f"{path.name}, its first {len(encoded):,} messages" if more else path.name
    return packed, instances.info(packed, title=title, origin=str(path))


def _text(path: Path) -> str:
    if path.exists() and not path.is_file() and not path.is_dir():
        raise UnusableFile(f"{path}: a pipe or a device, which may never end; name a regular file")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnusableFile(f"{path}: {error.strerror}; name a file that can be read") from None
    except UnicodeDecodeError as error:
        raise UnusableFile(f"{path}: not UTF-8 at byte {error.start}; convert it first") from None
    if not text.strip():
        raise UnusableFile(f"{path}: empty; it needs at least one JSON document")
    return text


def _documents(path: Path, text: str) -> Iterator[Any]:
    yield _parsed(path, text)


def _lines(path: Path, text: str) -> Iterator[Any]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _parsed(path, line, first_line=number)


def _parsed(path: Path, text: str, *, first_line: int = 1) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        raise UnusableFile(f"{path}: not JSON at line {line}, column {error.colno}: {error.msg}") from None
    except ValueError as error:  # more digits than Python takes
        raise UnusableFile(f"{path}: {error}") from None
