"""Keys of objects: the steps of a path, and what is counted over all places."""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from serbench.worker.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

ITEMS, ANY = "[]", ".*"
"""Steps to the items of a list, and to what stands under any key."""

Steps = tuple[str, ...]
"""The way from the message to a place."""

MOST_KEYS = 100_000
"""Different keys that are told apart; of more it is known only that they are more."""

_PLAIN = re.compile(r"[\w$@-]+")


class Tally:
    """What is counted over all places.

    Attributes:
        keys: how many keys there are in objects.
        key_bytes: theirs as JSON, quotes included.
        names: the different ones, as long as they are no more than `MOST_KEYS`.
        more: whether there are more.
        colons: in text and in keys.
    """

    def __init__(self) -> None:
        self.keys = self.key_bytes = self.colons = 0
        self.names: set[Any] = set()
        self.more = False

    def add(self, keys: Iterable[Any]) -> None:
        """Has seen these keys, each once or more often."""
        new = set(keys) - self.names
        room = MOST_KEYS - len(self.names)
        self.more = self.more or len(new) > room
        self.names.update(islice(new, room))


def step(key: str) -> str:
    """The step to what stands under a key: `.price`; `["unit price"]` where it would look like something else."""
    return f".{key}" if _PLAIN.fullmatch(key) else f"[{printable(json.dumps(key, ensure_ascii=False))}]"


def as_text(key: Any) -> str:
    """A key as JSON writes it, without its quotes."""
    return key if isinstance(key, str) else json.dumps(key)
