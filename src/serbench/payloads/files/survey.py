"""All messages of files, looked at for their schema and for what people are told of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from serbench.errors import Interrupted, UnusableFile
from serbench.payloads.files import formats, sources
from serbench.schema import inference
from serbench.schema.observed import Observed
from serbench.schema.places import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from serbench.payloads.files.base import Found, Messages, Reading
    from serbench.schema.types import Schema

_BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """What there is to know of all messages.

    Attributes:
        schema: inferred, unless it was stated.
        stated: whether it was.
        seen: what was seen in each place.
        messages: how many there are.
        bad: how many were left out because they are none.
        first_bad: where the first of these is.
    """

    schema: Schema
    stated: bool
    seen: Observed
    messages: int
    bad: int = 0
    first_bad: str = ""


def survey(word: str, reading: Reading, *, stop: Callable[[], bool] = lambda: False) -> Surveyed:
    """Looks at all messages of files, of which no more than a few are in memory at any time.

    Args:
        word: a file, a folder or `-` for stdin.
        reading: how files are read where they do not say it themselves.
        stop: whether somebody asked for the end.

    Raises:
        Interrupted: somebody did.
        UsageError: the files cannot be read or understood, with the place; or `reading` does not fit them.
    """
    form, files = formats.choose(word, sources.find(word), reading.read_as)
    messages = form.read(files, reading)
    place, seen = Place(), Observed()
    drawn = messages.draw(None if messages.schema else place)
    count = 0
    for batch in _batches(drawn):
        if stop():
            raise Interrupted("stopped before all messages were read")
        count += _look(batch, seen)
    if not count:
        raise UnusableFile(f"{word}: no message in it{_all_bad(messages)}")
    return Surveyed(
        schema=messages.schema or inference.schema_of(sources.name_of(word), place),
        stated=messages.schema is not None,
        seen=seen,
        messages=count,
        bad=messages.bad,
        first_bad=messages.first_bad,
    )


def _batches(drawn: Iterator[Found]) -> Iterator[list[Found]]:
    while batch := list(islice(drawn, _BATCH)):
        yield batch


def _look(batch: list[Found], seen: Observed) -> int:
    seen.add([value for value, _, _ in batch])
    return len(batch)


def _all_bad(messages: Messages) -> str:
    return f"; all {messages.bad:,} are bad, the first at {messages.first_bad}" if messages.bad else ""
