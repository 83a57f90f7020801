"""Loads a payload from files."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from serbench.errors import SerbenchError, UnusableFile
from serbench.payloads import instances
from serbench.payloads.files import enums, formats, objects, sources
from serbench.payloads.files.base import Reading
from serbench.payloads.vary.further import further
from serbench.schema import inference, spool
from serbench.schema.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.payloads.files.base import Messages
    from serbench.payloads.files.objects import Instances
    from serbench.records.cases import PayloadInfo
    from serbench.schema.payload import Described
    from serbench.schema.spool import Encoded, Spool
    from serbench.schema.types import Schema


_SAME = 100
"""So many further instances in a row that were there before, or four of each, and there is no other."""


def load(
    word: str, *, count: int | None = None, reading: Reading | None = None, vary: int | None = None
) -> tuple[Spool, PayloadInfo]:
    """The payload of files, named after them.

    The first instances are taken. Unless the format states it, the schema is inferred from all messages, of which no
    more are in memory at any time than those that are taken and a few others.

    Args:
        word: a file, a folder or `-` for stdin.
        count: how many instances are taken; None: as many as of a generated payload.
        reading: how files are read where they do not say it themselves.
        vary: the seed from which more instances are made where there are fewer than would be taken; None: none are.

    Returns:
        The payload, ready to be written to a file, and what a run's results say about it.

    Raises:
        UsageError: the files cannot be read or understood, with the place; or `reading` does not fit them.
    """
    reading = reading or Reading()
    form, files = formats.choose(word, sources.find(word), reading.read_as)
    messages = form.read(files, reading)
    origin = "stdin" if word == sources.STDIN else word
    wanted = _Wanted(sources.name_of(word), sources.base_name(word), origin, count, vary)
    return _packed(messages, wanted)


def load_objects(given: Instances, *, count: int | None = None, vary: int | None = None) -> tuple[Spool, PayloadInfo]:
    """The payload of a program's objects; else as `load`."""
    wanted = _Wanted(given.name, "objects of a program", f"{objects.ORIGIN}{given.name}", count, vary)
    return _packed(given.messages(), wanted)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be made of messages: see `load` and `PayloadInfo`."""

    name: str
    title: str
    origin: str
    count: int | None
    vary: int | None


def _packed(messages: Messages, wanted: _Wanted) -> tuple[Spool, PayloadInfo]:
    seen = Place()
    drawn = _Drawn(messages, None if messages.schema else seen)
    first = tuple(instances.taken(map(_encoded, drawn), wanted.count))
    total = drawn.count + messages.survey(seen)
    if not first:
        bad = f"; all {messages.bad:,} are bad, the first at {messages.first_bad}" if messages.bad else ""
        raise UnusableFile(f"{wanted.origin}: no message in it{bad}")
    schema = messages.schema or inference.schema_of(wanted.name, seen)
    every = first if total > len(first) else _filled(first, schema, messages.described, wanted)
    packed = spool.pack(wanted.name, schema, every, messages.described)
    varied = len(every) - len(first)
    told = _title(messages.title or wanted.title, (len(first), total, varied), messages)
    return packed, instances.info(packed, title=told, origin=wanted.origin, varied=varied)


def _filled(
    few: tuple[Encoded, ...], schema: Schema, described: Described | None, wanted: _Wanted
) -> tuple[Encoded, ...]:
    """All instances that there are, and as many varied ones as would be taken; none where these fill the caches."""
    large = wanted.count is None and sum(one.json_bytes for one in few) >= instances.FILL_BYTES
    if wanted.vary is None or large:
        return few
    rng = instances.random_of(f"{wanted.name}, varied", wanted.vary)
    found = [one.instance for one in few]
    more = further(found, schema, rng, enums=enums.fields(schema, described))
    return tuple(instances.taken(chain(few, _while_new(few, map(spool.encode, more))), wanted.count))


def _while_new(few: tuple[Encoded, ...], more: Iterator[Encoded]) -> Iterator[Encoded]:
    """Further instances as long as there are different ones; then there is nothing in them that could be varied."""
    seen = {one.line for one in few}
    same: list[Encoded] = []
    for one in more:
        same.append(one)
        if one.line not in seen:
            seen.add(one.line)
            yield from same
            same.clear()
        elif len(same) >= max(_SAME, 4 * len(few)):
            return


class _Drawn:
    """Messages as they are drawn, each seen before it is handed on."""

    def __init__(self, messages: Messages, seen: Place | None) -> None:
        self.messages = messages
        self.seen = seen
        self.count = 0

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        for found in self.messages.draw(self.seen):
            self.count += 1
            yield found[0], self.messages.where(found[1], found[2])


def _encoded(drawn: tuple[Any, str]) -> Encoded:
    value, where = drawn
    try:
        return spool.encode(value)
    except (SerbenchError, ValueError) as error:  # an integer of thousands of digits has no text
        raise UnusableFile(f"{where}: {error}") from None


def _title(name: str, counts: tuple[int, int, int], messages: Messages) -> str:
    """With how many messages were taken, there are, and were varied."""
    taken, total, varied = counts
    title = f"{name}, its first {taken:,} of {total:,} messages" if total > taken else name
    title += f", and {varied:,} varied from {'it' if taken == 1 else f'its {taken:,} messages'}" if varied else ""
    if not messages.bad:
        return title
    lines = f"{messages.bad:,} {'is' if messages.bad == 1 else 'are'} no message and left out"
    return f"{title}; {lines}, the first at {messages.first_bad.partition(': ')[2]}"
