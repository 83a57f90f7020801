"""Baselines on disk: one JSON file, a value a line and keys in order, so that a change of it reads well in a review.

    serbench.baseline/1   the first.

A key has the name of the record's field, whose docstring says what it means. Three things differ: what does not apply
is absent, the cases' codec, payload and operation stand in their ids only, and the machine's fingerprint is written out
for people. Annotations are read at run time, which is why they are not postponed.
"""

import json
import re
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from serbench.errors import BadRunFile, CannotWrite, NoBaseline, UnusableFile
from serbench.records.baseline import Baseline
from serbench.records.cases import Model, Status
from serbench.records.run import Run
from serbench.store import case_ids, doubles, files
from serbench.store.structs import MOST, Count, EncodedBytes, Name, Ns, Time, Wire
from serbench.store.wire import from_wire as run_from_wire

VERSION = 1
NAME = "serbench.baseline"
FORMAT = f"{NAME}/{VERSION}"
AGAIN = "save it again with serbench baseline save"

_FORMAT = re.compile(rf"{re.escape(NAME)}/([1-9][0-9]{{0,5}})")
_EXPANDED = 3  # levels of objects whose keys have a line each
_IN_THE_ID = ("codec", "payload", "operation")

Amount = Annotated[float, Meta(ge=0, le=MOST)]


class CaseTime(Wire, frozen=True):
    """A time of one case with what its workers say of it; an interval from six workers on, below that their range."""

    ns: Ns
    low: Ns
    high: Ns
    workers: Count
    calls: Count


class Entry(Wire, frozen=True):
    """One case and its numbers; what was not measured or not earned is absent."""

    status: Status
    reason: str = ""
    same_as: str = ""
    encoded_bytes: EncodedBytes | UnsetType = UNSET
    peak_bytes: Annotated[Amount, Meta(description="bytes, median over calls")] | UnsetType = UNSET
    instructions: Annotated[Amount, Meta(description="per call")] | UnsetType = UNSET
    typical: CaseTime | UnsetType = UNSET
    p10: CaseTime | UnsetType = UNSET
    p50: CaseTime | UnsetType = UNSET
    p99: CaseTime | UnsetType = UNSET


class Codec(Wire, frozen=True):
    """A codec as it was."""

    format: str
    model: Model
    deviations: tuple[str, ...] = ()
    distribution: str = ""
    version: str = ""


class Payload(Wire, frozen=True):
    """A payload as it was."""

    digest: Name
    instances: Count


class BaselineFile(Wire, frozen=True, tag_field="format", tag=FORMAT):
    """What a run of serbench is held against. Written by `serbench baseline save`, meant to be committed."""

    serbench: str
    created: Time
    run: Name
    fingerprint: Annotated[str, Meta(pattern="^[0-9a-f]{12}$", description="of `machine`")]
    machine: dict[str, str]
    codecs: dict[Name, Codec]
    payloads: dict[Name, Payload]
    entries: Annotated[dict[str, Entry], Meta(description="by id of the case")]


def save(baseline: Baseline, path: Path) -> Path:
    """Writes a baseline, complete or not at all, in place of the one before; makes the folder that it lies in.

    Raises:
        CannotWrite: no permission, no space, or something in the way.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CannotWrite(f"{path.parent}: cannot be made, {reason}; choose another place") from error
    files.write_text(path, to_text(baseline))
    return path


def load(path: Path) -> Baseline | Run:
    """Reads what a run is to be held against: a baseline, or a whole run, of which a baseline can be made.

    Args:
        path: a baseline's file, a run.json, or a folder that holds one.

    Raises:
        NoBaseline: nothing is there.
        UnusableFile: it cannot be read, or the folder holds no run.
        BadRunFile: it is neither, broken, or newer than this serbench.
    """
    file = path
    try:
        file = path / files.RUN_FILE if path.is_dir() else path
        if file.exists() and not file.is_file():
            raise UnusableFile(
                f"{file}: not a regular file; expected a baseline, a run.json or a folder that holds one"
            )
        data = file.read_bytes()
    except OSError as error:
        if isinstance(error, FileNotFoundError | NotADirectoryError) and not path.exists():
            raise NoBaseline(
                f"{path}: no baseline is there; make one with serbench baseline save, or gate without it "
                "this once: --allow-missing-baseline"
            ) from error
        reason = (error.strerror or str(error)).lower()
        raise UnusableFile(f"{file}: {reason}; expected a baseline, a run.json or a folder that holds one") from error
    try:
        return _either(data)
    except BadRunFile as error:
        raise BadRunFile(f"{file}: {error}") from error


def to_text(baseline: Baseline) -> str:
    """A baseline as the text of its file. Text that UTF-8 cannot carry is written with backslashes."""
    tree = msgspec.to_builtins(baseline)
    for entry in tree["entries"].values():
        for key in [key for key, value in entry.items() if value is None or key in _IN_THE_ID]:
            del entry[key]
    file = msgspec.convert(tree | {"fingerprint": baseline.fingerprint, "format": FORMAT}, BaselineFile)
    return _lines(msgspec.to_builtins(file), 0) + "\n"


def from_bytes(data: bytes) -> Baseline:
    """The baseline in the bytes of its file.

    Raises:
        BadRunFile: broken, truncated, foreign, newer, or in conflict with itself; with the path in the JSON.
    """
    found = _either(data)
    if isinstance(found, Run):
        raise BadRunFile("a run, and no baseline; make one of it with serbench baseline save")
    return found


def json_schema() -> str:
    """The JSON Schema of the format, as it stands in docs/baseline.schema.json."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(BaselineFile)}
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def _either(data: bytes) -> Baseline | Run:
    if not data:
        raise BadRunFile(f"empty, no baseline; {AGAIN}")
    try:
        tree = msgspec.json.decode(data)
        name = tree.get("format") if isinstance(tree, dict) else None
        if str(name).startswith("serbench.run/"):
            return run_from_wire(data)
        _demand_version(name)
        twice = doubles.first(data)
        _demand(twice is None, f"the key {twice!r} comes twice in one object", "$")
        file = msgspec.convert(tree, BaselineFile)
    except msgspec.ValidationError as error:
        raise BadRunFile(f"not a valid baseline: {' '.join(str(error).split())}; {AGAIN}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRunFile(f"truncated or no JSON: {error}; {AGAIN}") from error
    return _checked(file)


def _demand_version(name: Any) -> None:
    found = _FORMAT.fullmatch(name) if isinstance(name, str) else None
    if not found:
        raise BadRunFile(f"no baseline and no run of serbench: its format is neither {FORMAT} nor serbench.run/...")
    if int(found[1]) > VERSION:
        raise BadRunFile(
            f"written by a newer serbench: {name}, this one reads up to {FORMAT}; "
            f"upgrade it with pip install --upgrade serbench, or {AGAIN}"
        )


def _checked(file: BaselineFile) -> Baseline:
    """The record, once everything that refers to something else in the file is known to be right."""
    tree = msgspec.to_builtins(file)
    for case_id, entry in file.entries.items():
        at = f"$.entries[{case_id!r}]"
        parts = case_ids.parts(case_id)
        _demand(parts is not None, "not the id of a case", at)
        assert parts
        codec, payload, operation = parts
        _demand(codec in file.codecs, f"{codec!r} is none of $.codecs", at)
        _demand(payload in file.payloads, f"{payload!r} is none of $.payloads", at)
        measured = entry.status is Status.MEASURED
        _demand(measured != bool(entry.reason), "a reason is given where, and only where, it was not measured", at)
        _check_same(entry, file, at)
        for key in ("typical", "p10", "p50", "p99"):
            time = getattr(entry, key)
            _demand(time is UNSET or 0 < time.low <= time.ns <= time.high, "not 0 < low <= ns <= high", f"{at}.{key}")
        tree["entries"][case_id] |= {"codec": codec, "payload": payload, "operation": operation}
    baseline = msgspec.convert(tree, Baseline)
    _demand(file.fingerprint == baseline.fingerprint, "not that of $.machine", "$.fingerprint")
    return baseline


def _check_same(entry: Entry, file: BaselineFile, at: str) -> None:
    if entry.same_as:
        target = file.entries.get(entry.same_as)
        holds = target is not None and not target.same_as and target.status is entry.status
        _demand(holds, "not a case of this baseline that ended alike and has its own numbers", f"{at}.same_as")
        numbers = Entry(status=entry.status, reason=entry.reason, same_as=entry.same_as)
        _demand(entry == numbers, "a case that is the same as another has no numbers", at)


def _demand(holds: bool, problem: str, at: str) -> None:  # noqa: FBT001 - the condition is the argument
    if not holds:
        raise BadRunFile(f"not a valid baseline: {problem} - at `{at}`; {AGAIN}")


def _lines(value: Any, depth: int) -> str:
    """JSON with sorted keys, of which the outer levels have a line for each."""
    match value:
        case dict():
            items = [f"{_lines(key, depth)}: {_lines(item, depth + 1)}" for key, item in sorted(value.items())]
            if depth >= _EXPANDED or not items:
                return "{" + ", ".join(items) + "}"
            return "{\n" + ",\n".join("  " * (depth + 1) + item for item in items) + "\n" + "  " * depth + "}"
        case list() | tuple():
            return "[" + ", ".join(_lines(item, depth + 1) for item in value) + "]"
        case str():
            return json.dumps(value.encode("utf-8", "backslashreplace").decode(), ensure_ascii=False)
    return json.dumps(value)
