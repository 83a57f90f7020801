"""What a format of files is. A format is one module of this package that ends in `FORMATS`, a tuple."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from serbench.errors import UnusableFile, UsageError
from serbench.schema.places import DEEPEST, Place, UntypedPlace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.payloads.files.sources import Source
    from serbench.schema.payload import Described
    from serbench.schema.types import Schema

BATCH = 1000

Found = tuple[Any, str, int]
"""A message as a plain value, the file that it stands in, and its number there: from 1, of its line or of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How files are to be read, where they do not say it themselves.

    Attributes:
        read_as: name of a format; empty: as the ending says, and stdin by its content.
        skip_bad: whether lines that are no message are left out and counted.
        message: of a `.proto` or a descriptor set, the message's full name; empty: its only one.
        data: of the same, where the messages are.
    """

    read_as: str = ""
    skip_bad: bool = False
    message: str = ""
    data: tuple[str, ...] = ()


def refuse_skipping(label: str, reading: Reading, of: str) -> None:
    """Where one value follows the other, nobody knows where the next begins after a bad one.

    Raises:
        UsageError: bad ones are to be left out all the same.
    """
    if reading.skip_bad:
        raise UsageError(f"{label}: --skip-bad leaves out lines, and {of} has none; leave the option out")


class Messages:
    """The messages of files, one after the other, read as they are asked for.

    Args:
        found: the messages.
        unit: what their numbers count, such as `line`; empty: nothing, there is one in each file.
        schema: their shape where it is known; None: it is to be inferred.
        described: their type in protobuf where it was stated.

    Attributes:
        title: what they are, if the file's name does not say it.
        bad: how many were left out because they are none.
        first_bad: where the first of these is; empty: there is none.
    """

    def __init__(
        self,
        found: Iterator[Found],
        *,
        unit: str = "message",
        schema: Schema | None = None,
        described: Described | None = None,
    ) -> None:
        self.found = found
        self.unit = unit
        self.schema = schema
        self.described = described
        self.title = ""
        self.bad = 0
        self.first_bad = ""

    def draw(self, seen: Place | None) -> Iterator[Found]:
        """The messages, each shown to a place before it is handed on; None: to none.

        Raises:
            UnusableFile: one is none, or has no type.
        """
        for found in self.found:
            if seen:
                self.show([found], seen)
            yield found

    def survey(self, seen: Place) -> int:
        """Has a place see the messages that are left, and returns how many these are.

        Raises:
            UnusableFile: one is none, or has no type.
        """
        count = 0
        while batch := list(islice(self.found, BATCH)):
            self.show(batch, seen)
            count += len(batch)
        return count

    def show(self, batch: Sequence[Found], seen: Place) -> None:
        """Has a place see these messages.

        Raises:
            UnusableFile: one has no type, with its place.
        """
        try:
            seen.add([value for value, _, _ in batch])
        except (RecursionError, UntypedPlace) as error:
            for value, label, number in batch:
                self._blame(value, self.where(label, number))
            raise UnusableFile(f"{batch[0][1]}: {error}") from None

    def where(self, label: str, number: int) -> str:
        """A message's place, as errors tell it."""
        return f"{label}: {self.unit} {number:,}" if self.unit else label

    @staticmethod
    def _blame(value: Any, where: str) -> None:
        try:
            Place().add([value])
        except RecursionError:
            raise UnusableFile(f"{where}: {TOO_DEEP}") from None
        except UntypedPlace as error:
            raise UnusableFile(f"{where}: {f'{error.path}: ' if error.path else ''}{error}") from None


TOO_DEEP = f"nested too deeply; {DEEPEST} levels can be measured, unwrap some"


class Format(Protocol):
    """A format of files. Read-only properties, so that frozen dataclasses match."""

    @property
    def name(self) -> str:
        """The value of `--as`."""

    @property
    def endings(self) -> tuple[str, ...]:
        """How its files end, in lowercase, with the point."""

    def read(self, sources: Sequence[Source], reading: Reading, /) -> Messages:
        """The messages of these files, of which there is at least one.

        Raises:
            UnusableFile: a file cannot be read or understood, also later while messages are asked for.
            UsageError: what `reading` says does not fit.
        """
