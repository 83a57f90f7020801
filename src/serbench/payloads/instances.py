"""Instances of a payload: as many as a run rotates over, and a sample of them for people."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass, replace
from itertools import chain, islice
from random import Random
from typing import TYPE_CHECKING, Any

from serbench.records.cases import PayloadInfo
from serbench.schema import spool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from serbench.payloads.base import Generated
    from serbench.schema.spool import Encoded, Spool

FILL_BYTES = 8_000_000
"""Size of all instances together, as compact JSON: more than the caches close to a core hold."""
FEWEST = 8
MOST = 1024

SAMPLE_CHARACTERS = 600
"""What a sample takes at the most, without its last line."""


def make(generated: Generated, *, seed: int, count: int | None = None) -> tuple[Spool, PayloadInfo]:
    """The instances of that seed.

    Args:
        generated: the payload.
        seed: of the run; payloads draw from it independently of each other.
        count: how many; None: as many as fit `FILL_BYTES`, at least `FEWEST` and at most `MOST`.

    Returns:
        The payload, ready to be written to a file, and what a run's results say about it.
    """
    stream = map(spool.encode, generated.generate(random_of(generated.name, seed)))
    packed = spool.pack(generated.name, generated.schema, taken(stream, count))
    return packed, info(packed, title=generated.title, origin="generated")


def random_of(name: str, seed: int) -> Random:
    """The source of chance of one payload in a run of that seed."""
    return Random(int.from_bytes(hashlib.sha256(f"{seed}/{name}".encode()).digest()))


def info(packed: Spool, *, title: str, origin: str, varied: int = 0) -> PayloadInfo:
    """What a run's results say about a payload."""
    return PayloadInfo(
        name=packed.payload.name,
        title=title,
        digest=packed.payload.digest,
        instances=len(packed.encoded),
        bytes_as_json=packed.json_bytes,
        origin=origin,
        sample=sample(packed.encoded[0]) if packed.encoded else "",
        varied=varied,
    )


def taken(stream: Iterator[Encoded], count: int | None) -> Iterator[Encoded]:
    """The first `count` of a stream; None: as many as fit `FILL_BYTES`, at least `FEWEST` and at most `MOST`."""
    size = 0
    for n, encoded in enumerate(islice(stream, MOST if count is None else count)):
        size += encoded.json_bytes
        if count is None and n >= FEWEST and size > FILL_BYTES:
            return
        yield encoded


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """How much of each part of a message is shown.

    Attributes:
        keys: of a dict; one level further down half as many, and so with items.
        depth: how many levels of lists and dicts show what is in them.
        characters: of a text; half as many again are no reason to cut it.
        items: of a list.
    """

    keys: int
    depth: int
    characters: int
    items: int

    def below(self) -> _Room:
        """One level further down."""
        return replace(self, keys=max(1, self.keys // 2), depth=self.depth - 1, items=max(1, self.items // 2))


_WHOLE = _Room(keys=1 << 40, depth=32, characters=SAMPLE_CHARACTERS, items=1 << 40)
_SMALLEST = _Room(keys=1, depth=1, characters=4, items=1)
"""Any message fits into a sample with it."""

_LARGER = {
    "keys": (4, 8, 16, 32, 64, 128),
    "depth": (2, 3, 4, 5, 6, 8, 12, 32),
    "characters": (8, 12, 16, 24, 40, 60, 120, 250, 500),
    "items": (2, 4, 8, 16, 32, 64, 128),
}
"""What is given, in turns, as long as it fits: a name for every part first, then more of each."""

_DIGITS = 20
"""What is shown of an integer that is more than twice as long."""


def sample(encoded: Encoded) -> str:
    """An instance for people: compact JSON of at most `SAMPLE_CHARACTERS` characters, bytes as base64.

    Where it is longer, texts, lists and dicts are cut, so that its structure can be seen still. A `…` stands only where
    something was left out, and then a last line tells how many bytes all of it has. What is not printable, and a `…`
    of the message itself, is escaped. What is left out is not looked at, so a large instance takes no longer.
    """
    shown = _fitting(encoded.instance, _WHOLE) or _fullest(encoded.instance)
    return f"{shown}\n… {encoded.json_bytes:,} bytes in all" if "…" in shown else shown


def _fullest(value: Any) -> str:
    """As much of a plain value as fits."""
    room, shown = _SMALLEST, _fitting(value, _SMALLEST)
    growing = {name: iter(steps) for name, steps in _LARGER.items()}
    while growing:
        for name in tuple(growing):
            step = next(growing[name], 0)
            larger = replace(room, **{name: step})
            text = _fitting(value, larger) if step else ""
            if text:
                room, shown = larger, text
            else:
                del growing[name]
    return shown


def _fitting(value: Any, room: _Room) -> str:
    """A plain value as JSON, cut to that room; nothing where it is too long still."""
    text = ""
    for piece in _pieces(value, room):
        text += piece
        if len(text) > SAMPLE_CHARACTERS:
            return ""
    return text


def _pieces(value: Any, room: _Room) -> Iterator[str]:
    below = room.below()
    match value:
        case str():
            yield _string(value, len(value), room.characters)
        case bytes():
            head = base64.b64encode(value[: 2 * room.characters]).decode()
            yield _string(head, 4 * -(-len(value) // 3), room.characters)
        case dict():
            members = (chain((_key(key, room), ":"), _pieces(item, below)) for key, item in value.items())
            yield from _members("{}", members, len(value), room.keys if room.depth else 0)
        case list() | tuple():
            items = (_pieces(item, below) for item in value)
            yield from _members("[]", items, len(value), room.items if room.depth else 0)
        case _:
            yield _scalar(value)


def _members(ends: str, members: Iterable[Iterable[str]], count: int, most: int) -> Iterator[str]:
    yield ends[0]
    for n, member in enumerate(islice(members, most)):
        yield "," if n else ""
        yield from member
    if count > most:
        yield f",… {count - most:,} more" if most else f"… {count:,} inside"
    yield ends[1]


def _key(key: Any, room: _Room) -> str:
    text = key if isinstance(key, str) else json.dumps(key)  # as JSON has keys that are no text
    return _string(text, len(text), room.characters)


def _scalar(value: Any) -> str:
    text = json.dumps(value)
    if type(value) is int and len(text) > 2 * _DIGITS:
        return f"{text[:_DIGITS]}… of {len(text.lstrip('-')):,} digits"
    return text


def _string(text: str, length: int, most: int) -> str:
    """A text in quotes.

    Args:
        text: all of it, or more of its beginning than is shown.
        length: of all of it.
        most: characters that are shown where it is cut.
    """
    if length <= most * 3 // 2:
        return _quoted(text)
    return f"{_quoted(text[:most])}… of {length:,} characters"


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() and c != "…" else _escaped(c) for c in quoted)


def _escaped(character: str) -> str:
    """As JSON escapes it: its UTF-16, four digits a unit."""
    return re.sub("(....)", r"\\u\1", character.encode("utf-16-be", "surrogatepass").hex())
