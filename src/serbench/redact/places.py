"""Paths and addresses in texts: which they are, and what is left of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from serbench.redact.names import HOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from serbench.records.run import Run

PATH = "[path]"

_PLAIN = r"[^\s'\"`<>|()\[\]{},;:]"  # what a path without quotes consists of, with its slashes
_PART = r"[^\s'\"`<>|()\[\]{},;:/]"
_FIRST = r"[^\s'\"`<>|()\[\]{},;:/=]"
URL = re.compile(r"\b([A-Za-z][A-Za-z0-9+.-]*)://([^\s'\"`<>(){}]+)")
QUOTED = re.compile(r"(['\"`])((?:(?:~[\w.-]*|\.{0,2})/|[A-Za-z]:[/\\])[^'\"`\n]+)\1")
UNQUOTED = re.compile(
    rf"(?<![\w\]./~%\\-])(?:"
    rf"(?:/{_PART}+){{2,}}/?"  # one part alone tells no folder
    rf"|(?:~[\w.-]*|\.{{1,2}})/{_PLAIN}*"
    rf"|(?:[A-Za-z]:|\\)\\{_PLAIN}+"
    rf"|{_FIRST}+/(?:{_PART}+/)*{_PART}*\.[A-Za-z]\w{{0,7}}(?![\w/])"  # `a/b.py`, but not `a/b`: that is any two words
    r")"
)
BEHIND_FOLDER = re.compile(rf"{re.escape(PATH)}(?!/\[)([/\\]{_PLAIN}*)")
_ONLY_HOME = re.compile(r"(?:(?:/[\w.-]+)*?/(?:home|Users)/|[A-Za-z]:/Users/)[^/]+/?")
_LEAD = re.compile(r"(?:--?[\w-]+=|!|git:|python:)+")  # what stands before a path in a word of a command


def address(found: re.Match[str]) -> str:
    """`https://[host]/LAST`."""
    path = re.split(r"[?#]", found[2])[0].partition("/")[2]
    last = short(f"/{path}").removeprefix(PATH)
    return f"{PATH}{last}" if found[1].lower() == "file" else f"{found[1]}://{HOST}{last}"


def short(place: str) -> str:
    """`[path]/LAST`; a user's home, or what has no last name, is `[path]` alone; a last name alone is itself."""
    slashed = place.replace("\\", "/")
    if "/" not in slashed and not slashed.startswith("~"):
        return place
    last = slashed.rstrip("/").rpartition("/")[2]
    nameless = last.strip(".") == "" or last.startswith("~") or _ONLY_HOME.fullmatch(slashed)
    return PATH if nameless else f"{PATH}/{last}"


def folder(place: str) -> str:
    """What stands before the last name; empty where there is nothing."""
    return place.replace("\\", "/").rstrip("/").rpartition("/")[0]


def anywhere(texts: Iterable[str]) -> re.Pattern[str] | None:
    """Finds any of these as no part of a longer word, the longest first; None where there are none."""
    ordered = sorted(filter(None, texts), key=lambda text: (-len(text), text))
    either = "|".join(map(re.escape, ordered))
    return re.compile(rf"(?<![\w./~\\])(?:{either})(?![\w-]|\.\w)") if ordered else None


def places(run: Run) -> Iterator[str]:
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
