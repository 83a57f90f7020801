"""The messages to be inspected: of files of every kind that is measured, and of generated payloads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.payloads import catalogue, instances
from serbench.payloads.files import formats, sources
from serbench.payloads.files.base import BATCH, Messages
from serbench.payloads.files.texts import Texts
from serbench.schema import spool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.payloads.files.base import Found, Reading
    from serbench.payloads.files.texts import Text

BATCH_BYTES = 2_000_000
"""No more messages are taken at once than have so many bytes of text, or the one that has more."""


class Read:
    """Messages and, where they are JSON, their texts.

    Args:
        messages: of one payload, none of which was read.
        name: of the payload.
        title: what the messages are.
        origin: the file, `stdin`, or `generated`.

    Attributes:
        is_json: whether there are texts.
    """

    def __init__(self, messages: Messages, name: str, title: str, origin: str) -> None:
        self.messages = messages
        self.name = name
        self.title = title
        self.origin = origin
        self.is_json = isinstance(messages, Texts)
        self._text = b""
        if isinstance(messages, Texts):
            messages.texts = self._noticed(messages.texts)

    def batches(self) -> Iterator[tuple[list[Found], list[bytes]]]:
        """Messages by the thousand, with their texts; without any where there are none.

        Raises:
            UnusableFile: one cannot be read, with its place.
        """
        batch: list[Found] = []
        texts: list[bytes] = []
        size = 0
        for found in self.messages.draw(None):
            batch.append(found)
            if self.is_json:
                texts.append(self._text)
                size += len(self._text)
            if len(batch) >= BATCH or size >= BATCH_BYTES:
                yield batch, texts
                batch, texts, size = [], [], 0
        if batch:
            yield batch, texts

    def where(self, found: Found) -> str:
        """A message's place."""
        return self.messages.where(found[1], found[2])

    def _noticed(self, texts: Iterator[Text]) -> Iterator[Text]:
        """Texts on their way to be parsed, each noticed."""
        for text in texts:
            self._text = text[0]
            yield text


def read(word: str, reading: Reading, seed: int) -> Read:
    """The messages of a generated payload, as many as a run has of it, or of files.

    Raises:
        UsageError: the files cannot be read or understood, with the place; or `reading` does not fit them.
    """
    if word in catalogue.known() or catalogue.is_sized(word):
        generated = catalogue.get(word)
        stream = map(spool.encode, generated.generate(instances.random_of(word, seed)))
        values = (encoded.instance for encoded in instances.taken(stream, None))
        return Read(Messages(_numbered(values, word)), word, generated.title, "generated")
    form, files = formats.choose(word, sources.find(word), reading.read_as)
    messages = form.read(files, reading)
    origin = "stdin" if word == sources.STDIN else word
    return Read(messages, sources.name_of(word), messages.title or sources.base_name(word), origin)


def _numbered(values: Iterator[Any], name: str) -> Iterator[Found]:
    return ((value, name, number) for number, value in enumerate(values, start=1))
