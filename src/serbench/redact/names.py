"""Names of hosts and users in texts: which of them are told from other words, and what finds them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from serbench import registry
from serbench.records.cases import Operation, Status

if TYPE_CHECKING:
    from serbench.records.run import Run
    from serbench.redact.known import Surroundings

HOST, USER = "[host]", "[user]"

SHORTEST = 3
"""A name with fewer characters is a part of too many words: it goes where it stands in a path only."""

COMMON = frozenset(
    {
        *("admin", "administrator", "app", "build", "builder", "ci", "codespace", "container"),
        *("debian", "default", "docker", "fedora", "guest", "home", "host", "linux"),
        *("linuxbrew", "local", "localdomain", "localhost", "mac", "macos", "nobody", "path"),
        *("public", "python", "root", "runner", "serbench", "shared", "test", "ubuntu"),
        *("unknown", "user", "users", "vagrant", "vscode", "windows"),
    }
)
"""Names that many machines have say nothing of this one, and are words of other texts."""

_DOMAIN = r"(?:(?:\.[A-Za-z0-9-]+){2,})?"
"""What may stand behind a host's name: one word alone may be a file's ending, or of the next sentence."""


def finders(known: Surroundings, words: frozenset[str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What finds hosts and users where they stand as words, and the word for each. Hosts first: one may hold a user.

    Args:
        known: the names.
        words: in lower case: names that are among them are not looked for.
    """
    made = []
    for word, names, more in ((HOST, known.hosts, _DOMAIN), (USER, known.users, "")):
        told = [name for name in names if len(name) >= SHORTEST and name.lower() not in words]
        ordered = sorted(told, key=lambda name: (-len(name), name))
        if ordered:
            either = "|".join(map(re.escape, ordered))
            made.append((word, re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_]){more}", re.IGNORECASE)))
    return tuple(made)


def vocabulary(run: Run) -> frozenset[str]:
    """Words that the run itself is made of, in lower case: they stand for themselves, whoever is named so."""
    environment = run.environment
    own = [*COMMON, *Operation, *Status, *run.command[:2], *environment.packages, *run.timing]
    own += [*environment.machine, *environment.system, *environment.python, *environment.git]
    own += [payload.name for payload in run.payloads if payload.origin == "generated"]
    for codec in run.codecs:
        foreign = codec.source.endswith(".py") or registry.names_type(codec.source)
        own += () if foreign else (codec.name, codec.format, codec.distribution)
    words = {text.lower() for text in own}
    return frozenset(words | {part for word in words for part in re.split(r"[\W_]+", word)})
