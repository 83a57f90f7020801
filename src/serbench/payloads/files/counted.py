"""A file of binary messages, whose bytes are counted as a library reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from serbench.payloads.files.sources import most_bytes, too_large

if TYPE_CHECKING:
    from types import TracebackType

    from serbench.payloads.files.sources import Source


class Counted:
    """What a library reads from: a file that tells how far it was read and how much of it one message takes.

    Args:
        source: the file.

    Attributes:
        label: as errors name it.
        total: bytes that were read.
        messages: how many were begun.
        most: bytes that one of them may take.
    """

    def __init__(self, source: Source) -> None:
        self.label = source.label
        self.stream = source.open()
        self.most = most_bytes()
        self.total = self.begun = self.messages = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stream.close()

    @property
    def where(self) -> str:
        """The message that was begun last, for errors."""
        return f"{self.label}: message {self.messages:,}"

    def begin(self) -> None:
        """A message begins with the next byte."""
        self.messages += 1
        self.begun = self.total

    def at_end(self) -> bool:
        """Whether no byte is left."""
        return not self.stream.peek(1)

    def readable(self) -> bool:
        """Libraries ask."""
        return True

    def seekable(self) -> bool:
        """No: so a library reads no further than its message."""
        return False

    def read(self, size: int = -1, /) -> bytes:
        """At most that many bytes; none at the end.

        Raises:
            UnusableFile: the message is larger than memory could hold, or the file is broken.
        """
        data = self.stream.read(min(size, self.most + 1) if size >= 0 else self.most + 1)
        self.total += len(data)
        if self.total - self.begun > self.most:
            raise too_large(self.where, self.most)
        return data
