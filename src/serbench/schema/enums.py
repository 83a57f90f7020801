"""Which texts are enums, if enums are asked for, and how these are called.

A place is one where all that was seen is text (or null), twenty times at least, each of at most so many different texts
four times on average. Each is short and has a letter, and they are no times, dates, UUIDs or URLs. One text that is
always the same is no enum: nothing tells that there is another. That the others are all that there are nobody knows
either, which is why enums are made on request only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.schema.derived import unique
from serbench.schema.inference import camel_case
from serbench.schema.naming import singular, words
from serbench.schema.types import Enum

if TYPE_CHECKING:
    from serbench.schema.observed import Observed

MOST_VALUES = 16
"""Different texts of an enum where nobody says another number."""
_FEWEST_SEEN = 20
_EACH = 4
_FEWEST_VALUES = 2


class Enums:
    """The enums of a schema.

    Args:
        most: how many different values one may have; 0: there are no enums.
        taken: names of types already.
    """

    def __init__(self, most: int, taken: set[str]) -> None:
        self.most = most
        self.taken = taken
        self.made: dict[tuple[str, frozenset[str]], Enum] = {}

    def of(self, seen: Observed, name: str, owner: str) -> Enum | None:
        """The enum of a place, one for all places of that name with the same values; None: it is text.

        Args:
            seen: what was seen there.
            name: what the field is called.
            owner: the record that it is in, whose name goes before that of the field where this is one word.
        """
        values = self._values(seen)
        if not values:
            return None
        own = singular(name)
        key = (own, frozenset(values))
        if key not in self.made:
            full = camel_case(own if len(words(own)) > 1 else f"{owner}_{own}")
            self.made[key] = Enum(name=unique(full, self.taken), values=values)
        return self.made[key]

    def _values(self, seen: Observed) -> tuple[str, ...]:
        texts = seen.texts
        if texts is None or not texts.different or texts.forms or texts.count + seen.nulls != seen.count:
            return ()
        different = tuple(texts.different)
        few = _FEWEST_VALUES <= len(different) <= self.most
        enough = texts.count >= max(_FEWEST_SEEN, _EACH * len(different))
        return different if few and enough and all(map(_is_word, different)) else ()


def _is_word(text: str) -> bool:
    return text.isascii() and text.isprintable() and any(map(str.isalpha, text)) and "//" not in text
