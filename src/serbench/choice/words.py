"""Words of the command line: lists, patterns, names or files, classes of the user's own."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

from serbench import suites
from serbench.errors import UnusableFile, UsageError
from serbench.payloads import catalogue
from serbench.payloads.files import formats
from serbench.payloads.files.objects import ORIGIN
from serbench.payloads.files.sources import STDIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.choice.request import Request
    from serbench.payloads.files.base import Reading


def split(values: Sequence[str]) -> tuple[str, ...]:
    """Options repeat and take commas; a file's name may have one."""
    return tuple(
        word
        for value in values
        for word in ([value] if stat.S_ISREG(_mode(value)) else value.split(","))
        if word.strip()
    )


def _mode(word: str) -> int:
    """What kind of file is there; 0: none, or none that may be looked at. A list is longer than a name may be."""
    try:
        return Path(word).stat().st_mode
    except (OSError, ValueError):
        return 0


def types(words: Sequence[str]) -> tuple[str, ...]:
    """Classes of the user's own, as a worker finds them.

    Raises:
        UsageError: one is not written as `pkg.module:Order`.
    """
    found = tuple(word.strip() for value in words for word in value.split(","))
    for word in found:
        name, _, place = word.rpartition("=")
        module, _, path = place.partition(":")
        good = all(part.isidentifier() for part in (*module.split("."), *path.split(".")))
        if not good or word.endswith(".py") or (word != place and not name) or set(":!*?[") & set(name):
            raise UsageError(
                f"--type {word}: write it as pkg.module:Order, or Name=pkg.module:Order to name it otherwise"
            )
    return found


def payloads(words: Sequence[str]) -> tuple[str, ...]:
    """Names by pattern, then paths of files, each in the order in which they were given."""
    known = (*catalogue.known(), *filter(catalogue.is_sized, split(words)))
    chosen: list[str] = []
    names: list[str] = []
    if words and not split(words):
        raise UsageError("an empty payload name; leave it out for the suite's payloads")
    for word in split(words):
        if word.startswith(ORIGIN):
            raise UsageError(f"{word}: was an object of a Python program; run that program again")
        if word in known or not is_file(word):
            names.append(word)
        else:
            _check_there(word)
            chosen.append(word)
    return (*(suites.select(names, known, "payload") if names else ()), *dict.fromkeys(chosen))


def _check_there(word: str) -> None:
    try:
        there = word == STDIN or Path(word).exists()
    except OSError as error:
        raise UnusableFile(f"{word}: {error.strerror}; name a file that can be read") from None
    if not there:
        raise UnusableFile(f"{word}: no such file")


def is_file(word: str) -> bool:
    """Whether a payload of that word is read from files, though there may be none."""
    return word == STDIN or "/" in word or Path(word).suffix != "" or _mode(word) != 0


def check_reading(reading: Reading, payloads: Sequence[str]) -> None:
    """What is said about files is said about some.

    Raises:
        UsageError: none of the payloads is meant.
    """
    files = [word for word in payloads if is_file(word)]
    if (reading.read_as or reading.skip_bad) and not files:
        raise UsageError("--as and --skip-bad say how a file is read, and no payload is one; name a file")
    described = [word for word in files if formats.is_described(word)]
    if (reading.message or reading.data) and not described:
        raise UsageError("--message and --data go with a .proto or a descriptor set (.desc); name one as the payload")
    if STDIN in files and STDIN in reading.data:
        raise UsageError("stdin is one stream; it is the payload or its --data, not both")


def check_varying(request: Request, payloads: Sequence[str]) -> None:
    """Generated payloads have as many instances as they like.

    Raises:
        UsageError: there is nothing that could be varied.
    """
    if request.vary and not (request.objects or any(map(is_file, payloads))):
        raise UsageError("--vary makes further messages of a file's, and no payload is one; name a file")
