"""The policy in a file: which file, which table of it, and what its keys become.

    [tool.serbench.gate]                # of pyproject.toml; in serbench.toml or a file that --policy names: [gate]
    base = "orjson==3.10.18"            # or a list: several requirements of one side
    new = "."
    payloads = ["order", "chat"]
    codecs = "orjson"
    operations = ["encode", "decode"]
    metrics = ["correctness", "encoded_bytes", "p50"]
    instances = 64
    budget = "60s"
    seed = 1
    strict = false
    baseline = "benchmarks/baselines/main.json"     # from the file's own folder on
    output = ["markdown", "junit=gate.xml"]
    # tolerance = "10%"                 # of p10, p50 and p99 of all cases; or tables, of which the later wins:

    [[tool.serbench.gate.tolerance]]
    case = "orjson/*/decode"            # or codec, payload and operation; a pattern or a list of them
    metric = "p99"                      # without it: p10, p50 and p99
    change = "40%"

    [[tool.serbench.gate.warn]]         # regressions and gaps of these are told and fail nothing
    codec = "msgpack"

    [tool.serbench.gate.on]             # what cannot be compared, by cause: "fail", "warn" or "ignore"
    new = "fail"

    [[tool.serbench.gate.accept]]
    case = "orjson/order/decode"
    metric = "p50"
    change = "12%"                      # the largest that is accepted
    reason = "validates its input now"
    commit = "abc123"                   # may be left out
    expires = 2027-01-31                # the last day of it; may be left out

A pattern is matched as file names are: `*` is anything, `?` is one character.
"""

from __future__ import annotations

import tomllib
from functools import partial
from typing import TYPE_CHECKING, Any

from serbench.errors import UnknownName, UnusableFile, UsageError
from serbench.policy import values
from serbench.policy.parts import (
    CAUSES,
    METRICS,
    NEVER_FAILING,
    SCOPE,
    SEVERITIES,
    Accepted,
    Policy,
    Scope,
    Tolerance,
)
from serbench.records.cases import Operation
from serbench.suites import select

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from serbench.records.verdict import Severity

OWN_FILE = "serbench.toml"
PROJECT_FILE = "pyproject.toml"


def read(path: Path | None, directory: Path) -> Policy:
    """The policy in that file, or the one of a directory.

    Args:
        path: the file; `[tool.serbench.gate]` where it is a pyproject.toml, else `[gate]`. None: `serbench.toml` of the
            directory, or where that has no such table, its `pyproject.toml`; the defaults where neither has one.
        directory: where to look.

    Raises:
        UnusableFile: a file is no TOML, cannot be read, or was named and has none; or what in it is wrong, and why.
    """
    for file in [path] if path else [directory / OWN_FILE, directory / PROJECT_FILE]:
        found = _table(file, named=bool(path))
        if found is not None:
            source = f"{file}: {_header(file)}"
            try:
                return _policy(found, source, file.parent)
            except UsageError as error:
                raise UnusableFile(f"{source}: {error}") from error
    return Policy()


def _header(file: Path) -> str:
    return "[tool.serbench.gate]" if file.name == PROJECT_FILE else "[gate]"


def _table(file: Path, *, named: bool) -> Any:
    """The policy's table in a file; None where there is none and nobody named the file."""
    try:
        whole = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if named:
            raise UnusableFile(f"{file}: no such file; it holds the policy in a table {_header(file)}") from None
        return None
    except OSError as error:
        raise UnusableFile(f"{file}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise UnusableFile(f"{file}: not TOML: {' '.join(str(error).split())}") from error
    if file.name == PROJECT_FILE:
        for key in ("tool", "serbench"):
            whole = whole.get(key, {}) if isinstance(whole, dict) else {}
    else:
        for key in whole:
            if key != "gate":
                raise UnusableFile(f"{file}: {UnknownName('key', key, ['gate'])}")
    found = whole.get("gate") if isinstance(whole, dict) else None
    if found is None and named:
        raise UnusableFile(f"{file}: it has no table {_header(file)}, which holds the policy")
    return found


def _selected(names: tuple[str, ...], kind: str, value: Any) -> tuple[str, ...]:
    return select(values.texts(value), names, kind)


_FIELDS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "base": ("base", values.texts),
    "new": ("new", values.texts),
    "payloads": ("payloads", values.texts),
    "codecs": ("codecs", values.texts),
    "operations": ("operations", partial(_selected, tuple(Operation), "operation")),
    "metrics": ("metrics", partial(_selected, METRICS, "metric")),
    "instances": ("instances", partial(values.whole, least=1)),
    "budget": ("budget_seconds", values.seconds),
    "seed": ("seed", partial(values.whole, least=0)),
    "strict": ("strict", values.yes_or_no),
    "output": ("outputs", values.texts),
}
"""Key in the file -> field of the policy, and what makes it of the value."""


def _policy(table: Any, source: str, folder: Path) -> Policy:
    if not isinstance(table, dict):
        raise UsageError("it is no table")
    lists: dict[str, tuple[str, Callable[[Any, str], Any]]] = {
        "tolerance": ("tolerances", _tolerances),
        "warn": ("warn", _warned),
        "on": ("on", _on),
        "accept": ("accepted", _accepted),
    }
    _check_keys(table, (*_FIELDS, "baseline", *lists))
    made: dict[str, Any] = {"source": source}
    for key, value in table.items():
        if key in lists:
            name, read_list = lists[key]
            made[name] = read_list(value, key)
        elif key == "baseline":
            made[key] = folder / _at(key, values.text, value)
        else:
            name, parse = _FIELDS[key]
            made[name] = _at(key, parse, value)
    if "operations" in made:
        made["operations"] = tuple(map(Operation, made["operations"]))
    return Policy(**made)


def _at(where: str, parse: Callable[[Any], Any], value: Any) -> Any:
    """What a value becomes; where it is wrong, the message begins with its place."""
    try:
        return parse(value)
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from error


def _check_keys(table: dict[str, Any], allowed: Collection[str], where: str = "") -> None:
    for key in table:
        if key not in allowed:
            raise UsageError(f"{where}{UnknownName('key', key, allowed)}")


def _entries(value: Any, key: str, required: Collection[str], optional: Collection[str] = ()) -> Iterator[Any]:
    """Each table of a list with its place; keys are looked at, values not yet."""
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise UsageError(f"{key}: {value!r} is no list of tables; write each as [[...{key}]]")
    for number, entry in enumerate(value, 1):
        where = f"{key}, entry {number}"
        _check_keys(entry, (*SCOPE, *required, *optional), f"{where}: ")
        for name in required:
            if name not in entry:
                raise UsageError(f"{where}: the key {name} is missing")
        yield where, entry


def _scope(entry: dict[str, Any], where: str) -> Scope:
    found = {key: _at(f"{where}: {key}", values.texts, entry[key]) for key in SCOPE if key in entry}
    _at(f"{where}: metric", values.demand_metrics, found.get("metric", ()))
    return Scope(**found)


def _tolerances(value: Any, key: str) -> tuple[Tolerance, ...]:
    if not isinstance(value, list):
        return (_at(key, values.demand_room, Tolerance(change=_at(key, values.parse_change, value))),)
    made = []
    for where, entry in _entries(value, key, ["change"]):
        scope = _scope({"metric": list(Tolerance(change=0).scope.metric), **entry}, where)
        if scope.metric == ("correctness",):
            raise UsageError(f"{where}: metric: correctness has no tolerance; accept nothing that is incorrect")
        change = _at(f"{where}: change", values.parse_change, entry["change"])
        made.append(_at(f"{where}: change", values.demand_room, Tolerance(scope=scope, change=change)))
    return tuple(made)


def _warned(value: Any, key: str) -> tuple[Scope, ...]:
    made = []
    for where, entry in _entries(value, key, []):
        if not entry:
            raise UsageError(f'{where}: it says nothing; name a case, such as case = "orjson/*/decode"')
        made.append(_scope(entry, where))
    return tuple(made)


def _on(value: Any, key: str) -> dict[str, Severity]:
    if not isinstance(value, dict):
        raise UsageError(f"{key}: {value!r} is no table; write it as [...{key}]")
    causes = {cause.replace(" ", "-"): cause for cause in CAUSES}
    _check_keys(value, causes, f"{key}: ")
    made = dict(CAUSES)
    for name, severity in value.items():
        if severity not in SEVERITIES:
            raise UsageError(f"{key}: {name}: {severity!r} is none of {', '.join(SEVERITIES)}")
        if causes[name] == NEVER_FAILING and severity == "fail":
            raise UsageError(f"{key}: {name}: times of another machine fail no build; write warn or ignore")
        made[causes[name]] = severity
    return made


def _accepted(value: Any, key: str) -> tuple[Accepted, ...]:
    made = []
    for where, entry in _entries(value, key, ["metric", "change", "reason"], ["commit", "expires"]):
        if not entry.keys() & {"case", "codec", "payload", "operation"}:
            raise UsageError(f'{where}: it does not say of what; name a case, such as case = "orjson/*/decode"')
        parsers: dict[str, Callable[[Any], Any]] = {
            "change": values.parse_change,
            "reason": values.text,
            "commit": values.text,
            "expires": values.day,
        }
        said = {name: _at(f"{where}: {name}", parse, entry[name]) for name, parse in parsers.items() if name in entry}
        made.append(Accepted(scope=_scope(entry, where), **said))
    return tuple(made)
