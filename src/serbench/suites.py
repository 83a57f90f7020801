"""Suites: which cases are measured and how long, read from TOML; and how words on a command line choose among names.

A suite is one file of `benchmarks/`, or a file of the user's own:

    title = "Every operation of one payload"
    budget = "30s"

    [cases]
    codecs = ["json*", "msgpack"]
    payloads = ["order"]
    operations = ["all", "!dump"]
    gc = ["on", "off"]              # may be left out: on
    heap = [0, 20000]               # live decoded instances; may be left out: 0
    threads = [1, 4]                # that measure at once; may be left out: 1

Its cases are all combinations. Every list takes what `select` takes.
"""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

from serbench.errors import UnknownName, UnusableFile, UsageError
from serbench.records.cases import Gc, Operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from importlib.resources.abc import Traversable

_SHIPPED = resources.files("serbench") / "_data" / "suites"
_COLLECTOR: tuple[str, ...] = get_args(Gc)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """What to measure, and for how long.

    Attributes:
        name: of the file, without its suffix.
        title: for people, one clause.
        budget_seconds: wall time of a run of it.
        codecs: names and patterns, as the file has them: which codecs there are is known later.
        payloads: the same.
        operations: in the order in which they are shown.
        gc: states of the collector, each a case of its own.
        heap: live decoded instances, each number a case of its own.
        threads: that measure at once, each number a case of its own.
    """

    name: str
    title: str
    budget_seconds: float
    codecs: tuple[str, ...]
    payloads: tuple[str, ...]
    operations: tuple[Operation, ...]
    gc: tuple[Gc, ...]
    heap: tuple[int, ...]
    threads: tuple[int, ...]


def known() -> tuple[str, ...]:
    """Names of the suites that come with serbench, in alphabetical order."""
    return tuple(sorted(Path(entry.name).stem for entry in _SHIPPED.iterdir() if entry.name.endswith(".toml")))


def load(name_or_path: str) -> Suite:
    """The suite of that name, or in that file. A name wins; `./smoke.toml` is the file.

    Raises:
        UnknownName: there is no suite of that name and no such file.
        UnusableFile: the file cannot be read, is no TOML, or lacks or holds something that a suite does not.
    """
    if name_or_path in known():
        return _read(_SHIPPED / f"{name_or_path}.toml", f"suite {name_or_path}", name_or_path)
    path = Path(name_or_path)
    if path.suffix != ".toml" and "/" not in name_or_path and not path.is_file():
        raise UnknownName("suite", name_or_path, known())
    return _read(path, name_or_path, path.stem)


def _read(file: Traversable, label: str, name: str) -> Suite:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnusableFile(f"{label}: no such file; suites by name are: {', '.join(known())}") from None
    except OSError as error:
        raise UnusableFile(f"{label}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnusableFile(f"{label}: not TOML: {error}") from error
    try:
        return _suite(name, data)
    except UsageError as error:
        raise UnusableFile(f"{label}: {error}") from error


def _suite(name: str, data: dict[str, Any]) -> Suite:
    _check_keys(data, "", required=("title", "budget", "cases"))
    cases = data["cases"]
    if not isinstance(cases, dict):
        raise UsageError("cases: not a table; write it as [cases]")
    _check_keys(cases, "cases.", required=("codecs", "payloads", "operations"), optional=("gc", "heap", "threads"))
    return Suite(
        name=name,
        title=_text(data, "title"),
        budget_seconds=duration(_text(data, "budget")),
        codecs=_texts(cases, "codecs"),
        payloads=_texts(cases, "payloads"),
        operations=tuple(Operation(o) for o in select(_texts(cases, "operations"), tuple(Operation), "operation")),
        gc=cast("tuple[Gc, ...]", select(_texts({"gc": ["on"], **cases}, "gc"), _COLLECTOR, "collector state")),
        heap=_numbers({"heap": [0], **cases}, "heap", least=0),
        threads=_numbers({"threads": [1], **cases}, "threads", least=1),
    )


def _check_keys(table: dict[str, Any], prefix: str, *, required: Sequence[str], optional: Sequence[str] = ()) -> None:
    allowed = (*required, *optional)
    for key in table:
        if key not in allowed:
            raise UnknownName("key", prefix + key, (prefix + other for other in allowed))
    for key in required:
        if key not in table:
            raise UsageError(f"the key {prefix}{key} is missing")


def _text(table: dict[str, Any], key: str) -> str:
    value = table[key]
    if not isinstance(value, str) or not value:
        raise UsageError(f"{key}: {value!r} is no text; write it in quotes")
    return value


def _texts(table: dict[str, Any], key: str) -> tuple[str, ...]:
    values = table[key]
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        raise UsageError(f'cases.{key}: {values!r} is no list of names; write it as ["one", "two"]')
    return tuple(values)


def _numbers(table: dict[str, Any], key: str, *, least: int) -> tuple[int, ...]:
    values = table[key]
    if not isinstance(values, list) or not values or not all(type(v) is int and v >= least for v in values):
        raise UsageError(f"cases.{key}: {values!r} is no list of whole numbers from {least} on; write it as [{least}]")
    return tuple(dict.fromkeys(values))


def select(patterns: Iterable[str], names: Sequence[str], kind: str) -> tuple[str, ...]:
    """The names that a list option asks for.

    Args:
        patterns: each one or several (between commas) of: a name, a pattern such as `json*`, `all`, and any of these
            after `!`, which takes away whatever the others asked for. Without any but the last sort, all are asked for.
        names: what there is, in its own order.
        kind: what they are, for errors: `codec`.

    Returns:
        At least one name, each once: in the order asked for, those of one pattern in their own order.

    Raises:
        UnknownName: a name that is not there; the nearest one is in the message.
        UsageError: a pattern that matches nothing, an empty name, or nothing is left.
    """
    words = [word.strip() for pattern in patterns for word in pattern.split(",")]
    wanted = [name for word in words if not word.startswith("!") for name in _matching(word, names, kind)]
    unwanted = {name for word in words if word.startswith("!") for name in _matching(word[1:], names, kind)}
    asked = wanted if any(not word.startswith("!") for word in words) else names
    chosen = tuple(dict.fromkeys(name for name in asked if name not in unwanted))
    if not chosen:
        raise UsageError(f"no {kind} is left of {', '.join(words)}; take an exclusion away")
    return chosen


def _matching(word: str, names: Sequence[str], kind: str) -> Sequence[str]:
    if word in names:
        return (word,)
    if word == "all":
        return names
    if not word:
        raise UsageError(f"an empty {kind} name; known: {', '.join(names)}")
    if not any(character in word for character in "*?["):
        raise UnknownName(kind, word, names)
    matching = [name for name in names if fnmatchcase(name, word)]
    if not matching:
        raise UsageError(f"no {kind} matches {word!r}; known: {', '.join(names)}")
    return matching


def numbers(values: Iterable[str], name: str) -> tuple[int, ...]:
    """Whole numbers, from texts that are one or several between commas; `20k` is 20,000.

    Raises:
        UsageError: one is no such number.
    """
    found = []
    for text in (part.strip() for value in values for part in str(value).split(",")):
        match = re.fullmatch(r"([0-9]+)(k?)", text)
        if not match:
            raise UsageError(f"{name}: {text!r} is no whole number; write it as 20000 or 20k")
        found.append(int(match[1]) * (1000 if match[2] else 1))
    return tuple(found)


def duration(text: str) -> float:
    """Seconds, from text such as `60s`, `1500ms`, `2m`, `1h`, `0.5 h` or `90` (seconds).

    Raises:
        UsageError: it is no such text, or no time at all.
    """
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?(ms|s|m|h|)", text.strip())
    seconds = float(match[1]) * _SECONDS[match[2]] if match else math.nan
    if not 0 < seconds < math.inf:
        raise UsageError(f"{text!r} is no duration; write it as 60s, 1500ms, 2m or 1h")
    return seconds
