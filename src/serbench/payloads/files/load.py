"""Loads a payload from files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.errors import SerbenchError, UnusableFile
from serbench.payloads import instances
from serbench.payloads.files import formats, objects, sources
from serbench.payloads.files.base import Reading
from serbench.schema import inference, spool
from serbench.schema.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.payloads.files.base import Messages
    from serbench.payloads.files.objects import Instances
    from serbench.records.cases import PayloadInfo
    from serbench.schema.spool import Encoded, Spool


def load(word: str, *, count: int | None = None, reading: Reading | None = None) -> tuple[Spool, PayloadInfo]:
    """The payload of files, named after them.

    The first instances are taken. Unless the format states it, the schema is inferred from all messages, of which no
    more are in memory at any time than those that are taken and a few others.

    Args:
        word: a file, a folder or `-` for stdin.
        count: how many instances are taken; None: as many as of a generated payload.
        reading: how files are read where they do not say it themselves.

    Returns:
        The payload, ready to be written to a file, and what a run's results say about it.

    Raises:
        UsageError: the files cannot be read or understood, with the place; or `reading` does not fit them.
    """
    reading = reading or Reading()
    form, files = formats.choose(word, sources.find(word), reading.read_as)
    messages = form.read(files, reading)
    origin = "stdin" if word == sources.STDIN else word
    return _packed(messages, sources.name_of(word), sources.base_name(word), origin, count)


def load_objects(given: Instances, *, count: int | None = None) -> tuple[Spool, PayloadInfo]:
    """The payload of a program's objects; else as `load`."""
    origin = f"{objects.ORIGIN}{given.name}"
    return _packed(given.messages(), given.name, "objects of a program", origin, count)


def _packed(messages: Messages, name: str, title: str, origin: str, count: int | None) -> tuple[Spool, PayloadInfo]:
    seen = Place()
    drawn = _Drawn(messages, None if messages.schema else seen)
    first = tuple(instances.taken(map(_encoded, drawn), count))
    total = drawn.count + messages.survey(seen)
    if not first:
        bad = f"; all {messages.bad:,} are bad, the first at {messages.first_bad}" if messages.bad else ""
        raise UnusableFile(f"{origin}: no message in it{bad}")
    packed = spool.pack(name, messages.schema or inference.schema_of(name, seen), first, messages.described)
    told = _title(messages.title or title, len(first), total, messages)
    return packed, instances.info(packed, title=told, origin=origin)


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
    except SerbenchError as error:
        raise UnusableFile(f"{where}: {error}") from None


def _title(name: str, taken: int, total: int, messages: Messages) -> str:
    title = f"{name}, its first {taken:,} of {total:,} messages" if total > taken else name
    if not messages.bad:
        return title
    lines = f"{messages.bad:,} {'is' if messages.bad == 1 else 'are'} no message and left out"
    return f"{title}; {lines}, the first at {messages.first_bad.partition(': ')[2]}"
