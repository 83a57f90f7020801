"""Texts of the same form: as long, with letters for letters and digits for digits.

In one instance each letter stands for another one throughout, as in a simple cipher, and so does each digit: what was
repeated is repeated, an id that stands in two places does so still, and it all compresses as it did. A letter becomes
one of its own script, size and kind: vowels stay vowels, hexadecimal digits stay such, and a zero stays. Times become
other times, and `https://` stays.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING

from serbench.payloads.vary import draws, times

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from random import Random

    from serbench.payloads.vary.draws import Turn

_SPECIAL = re.compile(rf"(?P<time>{times.DATE}|{times.CLOCK})|(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{{0,30}}://")
_ALIKE = ("ae", "bcdf", "iou", "ghjklmnpqrstvwxyz", "123456789")
"""What may stand for each other, in capitals as well."""

_TABLES = 16
"""So many ciphers are made of letters beyond ASCII, of which there may be thousands."""

_LARGE_SCRIPTS = 0x3000
_DIGITS = 20
"""An id of 64 bits has no more. It may stand there as a number as well, and is to be the same still."""

_KEPT = 1_000_000
"""Characters of a place's texts whose parts are kept; those of others are looked for each time."""


class Letters:
    """The letters beyond ASCII in all messages, and the ciphers of instances."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.tables: list[dict[int, str]] = []

    def see(self, text: str) -> None:
        """Learns the letters of a text."""
        if not text.isascii():
            self.seen.update(text)

    def table(self, rng: Random) -> dict[int, str]:
        """A cipher for one instance, as `str.translate` takes it."""
        if not self.tables:
            self.tables = [dict(self._beyond_ascii(rng)) for _ in range(_TABLES)] if self.seen else [{}]
        table = dict(draws.pick(rng, self.tables))
        for alike in _ALIKE:
            for old, new in zip(alike, draws.shuffled(rng, alike), strict=True):
                table[ord(old)] = new
                table[ord(old.upper())] = new.upper()
        return table

    def _beyond_ascii(self, rng: Random) -> Iterator[tuple[int, str]]:
        kinds: dict[tuple[int, bool, bool], list[str]] = defaultdict(list)
        for letter in sorted(self.seen):
            if letter.isalnum() and not letter.isascii():
                kinds[_kind(letter)].append(letter)
        for alike in kinds.values():
            yield from zip(map(ord, alike), draws.shuffled(rng, alike), strict=True)


def _kind(letter: str) -> tuple[int, bool, bool]:
    """Script and case: letters that have the same take as many bytes in UTF-8 and in UTF-16."""
    code = ord(letter)
    block = code >> 8 if code < _LARGE_SCRIPTS else -(code >> 12)
    return block, letter.isupper(), letter.islower()


class Texts:
    """The texts of one place.

    Args:
        counts: how often each was seen.
        keys: whether they are keys, each of which is another.
    """

    def __init__(self, counts: Counter[str], *, keys: bool = False) -> None:
        self.few = list(counts.elements()) if draws.few_valued(counts) and not keys else []
        self.ordered: dict[str, list[int]] = {}
        self.parts: dict[str, list[str]] = {}
        if not self.few:
            self._learn(counts)

    def _learn(self, counts: Counter[str]) -> None:
        seconds: dict[str, set[int]] = defaultdict(set)
        room = _KEPT
        for text in counts:
            parts = _parts(text)
            for part in parts[1::2]:
                if (at := times.seconds(part)) is not None:
                    seconds[times.form(part)].add(at)
            if len(text) < room:
                room -= len(text)
                self.parts[text] = parts
        self.ordered = {form: sorted(found) for form, found in seconds.items()}

    def draw(self, turn: Turn, text: str) -> str:
        """A text in place of that one."""
        if self.few:
            return draws.pick(turn.rng, self.few)
        if text.isdecimal() and text.isascii() and len(text) <= _DIGITS:
            same = turn.made[int].get(int(text))
            if same is not None and len(str(same)) == len(text):
                return str(same)
        parts = self.parts.get(text) or _parts(text)
        if len(parts) == 1:
            return text.translate(turn.table)
        return "".join(self._special(turn, p) if n % 2 else p.translate(turn.table) for n, p in enumerate(parts))

    def _special(self, turn: Turn, part: str) -> str:
        """A time in place of a time; an address's `https://`."""
        at = times.seconds(part)
        if at is None:
            return part
        made = turn.made[str]
        if part not in made:
            ordered = self.ordered[times.form(part)]
            near = draws.beside(ordered, bisect_left(ordered, at)) if len(ordered) >= draws.MANY else None
            made[part] = times.other(turn.rng, part, near)
        return str(made[part])


def _parts(text: str) -> list[str]:
    """A text in parts; every second one is a time or the scheme of an address."""
    parts: list[str] = []
    end = 0
    for found in _SPECIAL.finditer(text):
        if found["time"] is None or times.seconds(found[0]) is not None:
            parts += [text[end : found.start()], found[0]]
            end = found.end()
    return [*parts, text[end:]]
