"""All messages, one batch after the other, in memory that does not grow with their number."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from serbench.errors import UnusableFile
from serbench.inspection.containers import NotPlain
from serbench.inspection.doubles import doubles, suspect
from serbench.inspection.keys import ANY, Steps, Tally
from serbench.inspection.oddities import Odd
from serbench.inspection.places import Place
from serbench.inspection.spread import Spread
from serbench.payloads.files.base import TOO_DEEP
from serbench.schema import places
from serbench.schema.spool import compact_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.inspection.reading import Read
    from serbench.payloads.files.base import Found

_DEEP = 50_000


class Survey:
    """What was seen of messages.

    Args:
        read: where they come from.

    Attributes:
        tally: what is counted over all places.
        root: the place of the messages themselves.
        sizes: of messages as compact JSON.
        text_bytes: of their texts.
        lost: keys that stand more than once in an object, with how many of their values are lost.
        first: the first message in which something is odd in a place.
    """

    def __init__(self, read: Read) -> None:
        self.read = read
        self.tally = Tally()
        self.root = Place(self.tally)
        self.sizes = Spread()
        self.text_bytes = 0
        self.lost: Counter[Steps] = Counter()
        self.first: dict[tuple[Steps, Odd], str] = {}

    def add(self, batch: Sequence[Found], texts: Sequence[bytes]) -> None:
        """Sees the next messages.

        Args:
            batch: they themselves.
            texts: theirs, where they are JSON.

        Raises:
            UnusableFile: one is no plain value, with its place.
        """
        colons = self._colons()
        try:
            with _deep():
                self.root.add([value for value, _, _ in batch])
                self.sizes.add([len(compact_json(value)) for value, _, _ in batch])
        except (ValueError, RecursionError) as error:
            self._blame(batch, error)
        self.text_bytes += sum(map(len, texts))
        if texts and suspect(texts, self._colons() - colons):
            self._look_for_doubles(batch, texts)
        self._look_for_first(batch)

    def fold(self) -> None:
        """All messages were seen: keys that are data are told apart no longer."""
        level = [self.root]
        while level:
            for place in level:
                if place.objects:
                    place.objects.fold()
            level = [below for place in level for _, below in place.below()]
        first, self.first = self.first, {}
        for (steps, odd), where in first.items():
            self.first.setdefault((self._known(steps), odd), where)
        lost, self.lost = self.lost, Counter()
        for steps, count in lost.items():
            self.lost[self._known(steps)] += count

    def places(self) -> Iterator[tuple[Steps, Place, Place | None]]:
        """Every place, the steps to it, and the one directly above; those above first."""
        return _places(self.root)

    def _colons(self) -> int:
        """How many colons the text of all values so far must have had."""
        return self.tally.keys + self.tally.colons

    def _blame(self, batch: Sequence[Found], error: Exception) -> NoReturn:
        """Says which message cannot be looked at, in the words of a run where a run refuses it as well."""
        if isinstance(error, NotPlain):
            self.read.messages.show(batch, places.Place())
        for found in batch:
            try:
                with _deep():
                    compact_json(found[0])
            except RecursionError:
                raise UnusableFile(f"{self.read.where(found)}: {TOO_DEEP}") from None
            except ValueError as reason:  # an integer of more digits than Python writes
                raise UnusableFile(f"{self.read.where(found)}: {reason}") from None
        raise UnusableFile(f"{batch[0][1]}: {error}") from None

    def _look_for_doubles(self, batch: Sequence[Found], texts: Sequence[bytes]) -> None:
        for found, text in zip(batch, texts, strict=True):
            with _deep():
                lost = doubles(text)
            for steps, count in lost.items():
                known = self._known(steps)
                self.lost[known] += count
                self.first.setdefault((known, Odd.DUPLICATE_KEY), self.read.where(found))

    def _look_for_first(self, batch: Sequence[Found]) -> None:
        """Of what is odd in these messages and was not before, in which one it is first."""
        known = {(self._known(steps), odd) for steps, odd in self.first}
        new = {(steps, odd) for steps, place, _ in self.places() for odd in place.odd()} - known
        for found in batch:
            if not new:
                return
            alone = Place(Tally())
            with _deep():
                alone.add([found[0]])
            odd = {(self._known(steps), odd) for steps, place, _ in _places(alone) for odd in place.odd()} & new
            self.first |= dict.fromkeys(odd, self.read.where(found))
            new -= odd

    def _known(self, steps: Steps) -> Steps:
        """The steps as they are with keys that are told apart no longer."""
        place: Place | None = self.root
        taken: list[str] = []
        for step in steps:
            below = dict(place.below()) if place else {}
            taken.append(ANY if step not in below and ANY in below else step)
            place = below.get(taken[-1])
        return tuple(taken)


def _places(root: Place) -> Iterator[tuple[Steps, Place, Place | None]]:
    level: list[tuple[Steps, Place, Place | None]] = [((), root, None)]
    while level:
        yield from level
        level = [((*steps, step), below, place) for steps, place, _ in level for step, below in place.below()]


@contextmanager
def _deep() -> Iterator[None]:
    """Lets functions recurse as deep as messages go."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(_DEEP)
    try:
        yield
    finally:
        sys.setrecursionlimit(usual)
