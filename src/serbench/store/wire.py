"""A run as the bytes of `run.json`, and back. With the modules that it calls, the only place that knows the format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from serbench.errors import BadRunFile
from serbench.records.run import Run
from serbench.store.checks import check
from serbench.store.migrations import migrated
from serbench.store.structs import RunFile

if TYPE_CHECKING:
    from collections.abc import Iterable

_NO_VALUE = {"distribution": "", "version": "", "native": ""}
"""Text fields of a codec that are empty in the record and absent in the file."""


def to_wire(run: Run) -> bytes:
    """A run as the bytes of `run.json`: JSON in one line, without what does not apply.

    Text that UTF-8 cannot carry, such as bytes of a file name, is written with backslashes.
    """
    tree = msgspec.to_builtins(run)
    for measurement, entry in zip(run.measurements, tree["measurements"], strict=True):
        entry["case"]["id"] = measurement.case.id
    nested = [entry["memory"] for entry in tree["measurements"] if entry["memory"]]
    for part in (tree, *tree["measurements"], *nested, *(entry["disturbance"] for entry in tree["rounds"])):
        _drop(part, [key for key, value in part.items() if value is None])
    for part in tree["rounds"]:
        _drop(part, ["disturbance"] if part["disturbance"] == {"disturbed": False} else [])
    for part in (worker for entry in tree["measurements"] for worker in entry["workers"]):
        _drop(part, [] if part["slow"]["ns"] else ["slow"])
    try:
        return msgspec.json.encode(msgspec.convert(tree, RunFile))
    except UnicodeEncodeError:
        return msgspec.json.encode(msgspec.convert(_without_surrogates(tree), RunFile))


def from_wire(data: bytes) -> Run:
    """The run in the bytes of a `run.json` of any version so far.

    Raises:
        BadRunFile: broken, truncated, foreign, newer, or in conflict with itself; with the path in the JSON.
    """
    if not data:
        raise BadRunFile("empty, no run; measure again")
    try:
        file = msgspec.convert(migrated(msgspec.json.decode(data)), RunFile)
    except msgspec.ValidationError as error:
        raise BadRunFile(f"not a valid run: {' '.join(str(error).split())}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRunFile(f"truncated or no JSON: {error}; measure again") from error
    check(file)
    tree = msgspec.to_builtins(file)
    tree["codecs"] = [_NO_VALUE | codec for codec in tree["codecs"]]
    return msgspec.convert({"suite": "", **tree}, Run)


def json_schema() -> str:
    """The JSON Schema of the format, as it stands in docs/run.schema.json."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(RunFile)}
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def _drop(part: dict[str, Any], keys: Iterable[str]) -> None:
    """What does not apply is absent."""
    for key in keys:
        del part[key]


def _without_surrogates(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
        case list() | tuple():
            return [_without_surrogates(item) for item in value]
    return value
