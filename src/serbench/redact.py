"""A run without what tells whose it is: names of host and user, and where files lie.

`redact` is pure; `surroundings` asks this machine what is not to be told. A path keeps its last name, as a file's name
says what was measured. What is replaced becomes a word in brackets, the same everywhere, so ids stay ids.
"""

from __future__ import annotations

import contextlib
import dataclasses
import getpass
import os
import re
import socket
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.records.cases import Case, Caution, CodecInfo, Operation, PayloadInfo, Status
from serbench.records.passes import ColdStart, Compressed, EncodedBytes, Memory
from serbench.records.samples import Labels, Noise, Round, WorkerSamples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from serbench.records.run import Run

HOST, USER, PATH = "[host]", "[user]", "[path]"
PAGE_FILE = "index.redacted.html"
RUN_FILE = "run.redacted.json"

SHORTEST = 3
"""A name with fewer characters is a part of too many words: it goes where it stands in a path only."""

COMMON = frozenset(
    {
        *(
            "admin",
            "administrator",
            "app",
            "build",
            "builder",
            "ci",
            "codespace",
            "container",
            "debian",
            "default",
            "docker",
        ),
        *("fedora", "guest", "home", "host", "linux", "linuxbrew", "local", "localdomain", "localhost", "mac", "macos"),
        *(
            "nobody",
            "path",
            "public",
            "python",
            "root",
            "runner",
            "serbench",
            "shared",
            "test",
            "ubuntu",
            "unknown",
            "user",
        ),
        *("users", "vagrant", "vscode", "windows"),
    }
)
"""Names that many machines have say nothing of this one, and are words of other texts."""

_NUMBERS = (ColdStart, Compressed, EncodedBytes, Labels, Memory, Noise, Round, WorkerSamples)
"""Records of numbers: the text in them is a histogram, a letter per call, a time or a compressor."""
_CLOSED = frozenset({"deviations", "digest", "finished", "model", "passes", "sampler", "side", "started"})
"""Fields whose words are from a closed list, or are a digest or a time."""

_PLAIN = r"[^\s'\"`<>|()\[\]{},;:]"  # what a path without quotes consists of, with its slashes
_PART = r"[^\s'\"`<>|()\[\]{},;:/]"
_FIRST = r"[^\s'\"`<>|()\[\]{},;:/=]"
_URL = re.compile(r"\b([A-Za-z][A-Za-z0-9+.-]*)://([^\s'\"`<>(){}]+)")
_QUOTED = re.compile(r"(['\"`])((?:(?:~[\w.-]*|\.{0,2})/|[A-Za-z]:[/\\])[^'\"`\n]+)\1")
_UNQUOTED = re.compile(
    rf"(?<![\w\]./~%\\-])(?:"
    rf"(?:/{_PART}+){{2,}}/?"  # one part alone tells no folder
    rf"|(?:~[\w.-]*|\.{{1,2}})/{_PLAIN}*"
    rf"|(?:[A-Za-z]:|\\)\\{_PLAIN}+"
    rf"|{_FIRST}+/(?:{_PART}+/)*{_PART}*\.[A-Za-z]\w{{0,7}}(?![\w/])"  # `a/b.py`, but not `a/b`: that is any two words
    r")"
)
_BEHIND_FOLDER = re.compile(rf"{re.escape(PATH)}(?!/\[)([/\\]{_PLAIN}*)")
_HOME = re.compile(r"(?<!\w)(?:/home/|/Users/|[A-Za-z]:\\Users\\)([^/\\\s'\"`<>()\[\]{},;:]+)")
_ONLY_HOME = re.compile(r"(?:/home/|/Users/|[A-Za-z]:/Users/)[^/]+/?")
_LEAD = re.compile(r"(?:--?[\w-]+=|!|git:|python:)+")  # what stands before a path in a word of a command


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is not to be told.

    Attributes:
        hosts: names of the machine.
        users: names of those who use it.
        folders: absolute paths, such as the home folder and the working directory.
    """

    hosts: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()


def surroundings() -> Surroundings:
    """What this machine and this process know of themselves; what cannot be read is left out."""
    host = _asked(socket.gethostname)
    folders = {
        _asked(ask) for ask in (Path.home, Path.cwd, lambda: Path.home().resolve(), lambda: Path.cwd().resolve())
    }
    named = {os.environ.get(name, "") for name in ("LOGNAME", "USER", "LNAME", "USERNAME", "SUDO_USER")}
    return Surroundings(
        hosts=frozenset({host, host.partition(".")[0]} - {""}),
        users=frozenset(named | {_asked(getpass.getuser)}) - {""},
        folders=frozenset(folders | {os.environ.get("PWD", "")}) - {"", "/"},
    )


def _asked(ask: Callable[[], object]) -> str:
    with contextlib.suppress(OSError, RuntimeError, KeyError, ImportError):  # no such user, folder or home
        return str(ask())
    return ""


def gathered(known: Surroundings, runs: Iterable[Run]) -> Surroundings:
    """With the users that these runs have paths of: `/home/NAME`. Runs that are shown together are read together."""
    texts = [*known.folders, *(text for run in runs for text in _texts(run))]
    return replace(known, users=known.users | {name for text in texts for name in _HOME.findall(text)})


def redact(run: Run, known: Surroundings) -> Run:
    """The run without names of hosts and users and without folders, in every text of it.

    Paths become `[path]/LAST`, addresses `https://[host]/LAST`, and names, where they stand as a word, `[host]` and
    `[user]`. A name that is short, common or a word of the run itself (a codec's, a payload's) goes in paths only.
    Ids, digests and samples stay what they are; a case whose codec or payload is named after a user has another id.

    Args:
        run: as it was measured. A run does not record the host's or the user's name, but texts in it may.
        known: what is not to be told, beside what the run's own paths tell of users.
    """
    return _Redaction(run, gathered(known, [run])).run()


class _Redaction:
    """One run's: its names and paths are known, wherever they stand."""

    def __init__(self, run: Run, known: Surroundings) -> None:
        self._run = run
        self._names = _names(known, _vocabulary(run))
        files = {place for place in _places(run) if _folder(place)}
        folders = {folder for place in files if "/" in (folder := _folder(place))}  # one word alone may be any word
        self._folders = known.folders | folders
        self._places = _anywhere(self._folders | files)
        self._ids: dict[str, str] = {}
        self._changed = _anywhere(())
        self._codecs = _distinct((codec.name for codec in run.codecs), self._text)
        self._payloads = _distinct((payload.name for payload in run.payloads), self._text)
        cases = (measurement.case for measurement in run.measurements)
        self._ids = {case.id: self._case(case).id for case in cases}
        self._changed = _anywhere(old for old, new in self._ids.items() if old != new)

    def run(self) -> Run:
        """All of it."""
        made: Run = self._record(self._run)
        return made

    def _value(self, value: Any) -> Any:
        match value:
            case None | bool() | int() | float() | Enum():
                return value
            case str():
                return self._ids[value] if value in self._ids else self._text(value)
            case dict():
                keys = _distinct(value, self._text)
                return {keys[key]: self._value(item) for key, item in value.items()}
            case tuple() | list():
                return type(value)(map(self._value, value))
            case _ if isinstance(value, _NUMBERS):
                return value
        return self._record(value)

    def _record(self, value: Any) -> Any:
        fields = (field.name for field in dataclasses.fields(value) if field.name not in _CLOSED)
        match value:
            case Case():
                return self._case(value)
            case Caution():
                return replace(value, text=self._text(value.text))
        made = {name: self._value(getattr(value, name)) for name in fields}
        if isinstance(value, CodecInfo | PayloadInfo):
            made["name"] = (self._codecs if isinstance(value, CodecInfo) else self._payloads)[value.name]
        return replace(value, **made)

    def _case(self, case: Case) -> Case:
        codec, payload = self._codecs.get(case.codec), self._payloads.get(case.payload)
        return replace(case, codec=codec or self._text(case.codec), payload=payload or self._text(case.payload))

    def _text(self, text: str) -> str:
        if self._changed:
            text = self._changed.sub(lambda found: self._ids[found[0]], text)
        if "/" in text or "\\" in text:
            text = _URL.sub(_address, text)
            if self._places:
                text = self._places.sub(lambda found: self._short(found[0]), text)
            text = _QUOTED.sub(lambda found: found[1] + self._short(found[2]) + found[1], text)
            text = _UNQUOTED.sub(lambda found: self._short(found[0]), text)
            text = _BEHIND_FOLDER.sub(lambda found: self._short(found[1]), text)
        for word, pattern in self._names:
            text = pattern.sub(word, text)
        return text

    def _short(self, place: str) -> str:
        return PATH if place.rstrip("/") in self._folders else _short(place)


def _address(found: re.Match[str]) -> str:
    """`https://[host]/LAST`."""
    path = re.split(r"[?#]", found[2])[0].partition("/")[2]
    last = _short(f"/{path}").removeprefix(PATH)
    return f"{PATH}{last}" if found[1].lower() == "file" else f"{found[1]}://{HOST}{last}"


def _short(place: str) -> str:
    """`[path]/LAST`; a user's home, or what has no last name, is `[path]` alone; a last name alone is itself."""
    slashed = place.replace("\\", "/")
    if "/" not in slashed and not slashed.startswith("~"):
        return place
    last = slashed.rstrip("/").rpartition("/")[2]
    nameless = last.strip(".") == "" or last.startswith("~") or _ONLY_HOME.fullmatch(slashed)
    return PATH if nameless else f"{PATH}/{last}"


def _folder(place: str) -> str:
    """What stands before the last name; empty where there is nothing."""
    return place.replace("\\", "/").rstrip("/").rpartition("/")[0]


def _distinct(names: Iterable[str], changed: Callable[[str], str]) -> dict[str, str]:
    """Each name with what becomes of it: names that are different stay different."""
    made: dict[str, str] = {}
    for name in names:
        first = new = changed(name)
        n = 2
        while new in made.values():
            new, n = f"{first}-{n}", n + 1
        made[name] = new
    return made


def _anywhere(texts: Iterable[str]) -> re.Pattern[str] | None:
    """Finds any of these as no part of a longer word, the longest first; None where there are none."""
    ordered = sorted(filter(None, texts), key=lambda text: (-len(text), text))
    either = "|".join(map(re.escape, ordered))
    return re.compile(rf"(?<![\w./~\\])(?:{either})(?![\w-]|\.\w)") if ordered else None


def _names(known: Surroundings, vocabulary: frozenset[str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What finds hosts and users where they stand as words, and the word for each. Hosts first: one may hold a user."""
    made = []
    for word, names in ((HOST, known.hosts), (USER, known.users)):
        told = [name for name in names if len(name) >= SHORTEST and name.lower() not in vocabulary]
        ordered = sorted(told, key=lambda name: (-len(name), name))
        if ordered:
            either = "|".join(map(re.escape, ordered))
            made.append((word, re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])", re.IGNORECASE)))
    return tuple(made)


def _vocabulary(run: Run) -> frozenset[str]:
    """Words that the run itself is made of, in lower case: they stand for themselves, whoever is named so."""
    environment = run.environment
    own = [*COMMON, *Operation, *Status, *run.command[:2], *environment.packages, *run.timing]
    own += [*environment.machine, *environment.system, *environment.python, *environment.git]
    own += [payload.name for payload in run.payloads if payload.origin == "generated"]
    for codec in run.codecs:
        own += () if codec.source.endswith(".py") else (codec.name, codec.format, codec.distribution)
    words = {text.lower() for text in own}
    return frozenset(words | {part for word in words for part in re.split(r"[\W_]+", word)})


def _places(run: Run) -> Iterator[str]:
    """The paths that the run is known to hold, whatever they look like: its files, and words with a slash."""
    yield from (payload.origin for payload in run.payloads)
    yield from (codec.source for codec in run.codecs)
    yield str(run.environment.python.get("executable", ""))
    words = list(run.command)
    if run.pairing:
        yield from run.pairing.origins.values()
        words.append(run.pairing.asked)
    ids = {measurement.case.id for measurement in run.measurements}
    for piece in (piece for word in words for piece in re.split(r",\s*", word)):
        lead = _LEAD.match(piece)
        revision = lead is not None and lead[0].endswith("git:")
        if piece not in ids and not revision and "://" not in piece:
            yield piece[lead.end() :] if lead else piece


def _texts(value: Any) -> Iterator[str]:
    """Every text in a run that people have written, or that a path may stand in."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in (*value, *value.values()):
            yield from _texts(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _texts(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, _NUMBERS):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name))
