"""What is kept of the leaves of one place: counts and bounds, a column of values at a time.

A column is all values of one type that a batch of messages has in a place. Most of the work is done by a few calls for
each. Every class here has `add`, `absorb` and `odd`, and memory for it does not grow.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from serbench.inspection.oddities import Odd
from serbench.inspection.parts import Range
from serbench.schema.spool import compact_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_DIFFERENT = 64
"""Different values of a place that are told apart; of more it is known only that they are more."""

MOST_CHARACTERS = 200
"""Of a text that is kept to tell it apart from others."""

_INT53 = 1 << 53
_INT64 = -(1 << 63), (1 << 63) - 1
_UINT64 = (1 << 64) - 1


def json_bytes(values: Sequence[Any]) -> int:
    """Size of these leaves as compact JSON: that of their list without its brackets and commas."""
    return len(compact_json(values)) - 2 - max(0, len(values) - 1)


class Bounds:
    """The lowest and the highest of what was seen, if anything was."""

    __slots__ = ("range",)

    def __init__(self) -> None:
        self.range: Range | None = None

    def widen(self, low: float, high: float) -> None:
        """Has seen these."""
        known = self.range
        if known is None:
            self.range = Range(low=low, high=high)
        elif low < known.low or high > known.high:
            self.range = Range(low=min(low, known.low), high=max(high, known.high))

    def absorb(self, other: Bounds) -> None:
        """Has seen what others have seen."""
        if other.range:
            self.widen(other.range.low, other.range.high)


class Distinct:
    """Different values of one type, as long as they are few."""

    __slots__ = ("more", "values")

    def __init__(self) -> None:
        self.values: set[Any] = set()
        self.more = False

    def add(self, values: Iterable[Any]) -> None:
        """Sees hashable values."""
        if not self.more:
            self._take({_short(value) for value in set(values)})

    def absorb(self, other: Distinct) -> None:
        """Has seen what others have seen."""
        self.more = self.more or other.more
        self._take(other.values)

    def _take(self, new: set[Any]) -> None:
        for value in new - self.values:
            if len(self.values) >= MOST_DIFFERENT:
                self.more = True
                return
            self.values.add(value)


def _short(value: Any) -> Any:
    """A value, of a long text its beginning and its hash."""
    long = isinstance(value, str) and len(value) > MOST_CHARACTERS
    return f"{value[:MOST_CHARACTERS]}{hash(value)}" if long else value


class Strings:
    """Text."""

    __slots__ = ("characters", "count", "different", "json_bytes", "lengths", "non_ascii", "surrogates", "zeros")

    def __init__(self) -> None:
        self.count = self.json_bytes = self.characters = self.non_ascii = self.surrogates = self.zeros = 0
        self.lengths = Bounds()
        self.different = Distinct()

    def add(self, values: Sequence[str]) -> int:
        """Sees them, and returns how many colons are in them."""
        joined = "".join(values)
        lengths = list(map(len, values))
        self.count += len(values)
        self.json_bytes += json_bytes(values)
        self.characters += len(joined)
        self.lengths.widen(min(lengths), max(lengths))
        self.different.add(values)
        if "\0" in joined:
            self.zeros += sum("\0" in value for value in values)
        if not joined.isascii():
            self.non_ascii += len(joined) - len(joined.encode("ascii", "ignore"))
            self.surrogates += sum(map(is_broken, values)) if is_broken(joined) else 0
        return joined.count(":")

    def absorb(self, other: Strings) -> None:
        """Has seen what others have seen."""
        self.count += other.count
        self.json_bytes += other.json_bytes
        self.characters += other.characters
        self.non_ascii += other.non_ascii
        self.surrogates += other.surrogates
        self.zeros += other.zeros
        self.lengths.absorb(other.lengths)
        self.different.absorb(other.different)

    def odd(self) -> dict[Odd, int]:
        """What is odd about them, and about how many."""
        return {Odd.SURROGATE: self.surrogates, Odd.ZERO_IN_TEXT: self.zeros}


def is_broken(text: str) -> bool:
    """Whether a lone surrogate is in it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


class Integers:
    """Integers, booleans not among them."""

    __slots__ = ("bounds", "count", "different", "json_bytes", "over_53", "over_63", "over_64")

    def __init__(self) -> None:
        self.count = self.json_bytes = self.over_53 = self.over_63 = self.over_64 = 0
        self.bounds = Bounds()
        self.different = Distinct()

    def add(self, values: Sequence[int]) -> None:
        """Sees them."""
        low, high = min(values), max(values)
        self.count += len(values)
        self.json_bytes += json_bytes(values)
        self.bounds.widen(low, high)
        self.different.add(values)
        if low < -_INT53 or high > _INT53:
            self.over_53 += sum(not -_INT53 <= value <= _INT53 for value in values)
            self.over_63 += sum(_INT64[1] < value <= _UINT64 for value in values)
            self.over_64 += sum(not _INT64[0] <= value <= _UINT64 for value in values)

    def absorb(self, other: Integers) -> None:
        """Has seen what others have seen."""
        self.count += other.count
        self.json_bytes += other.json_bytes
        self.over_53 += other.over_53
        self.over_63 += other.over_63
        self.over_64 += other.over_64
        self.bounds.absorb(other.bounds)
        self.different.absorb(other.different)

    def odd(self) -> dict[Odd, int]:
        """What is odd about them, and about how many."""
        return {
            Odd.INT_OVER_53_BITS: self.over_53,
            Odd.INT_OVER_63_BITS: self.over_63,
            Odd.INT_OVER_64_BITS: self.over_64,
        }


class Floats:
    """Floats."""

    __slots__ = ("bounds", "count", "different", "json_bytes", "negative_zeros", "non_finite")

    def __init__(self) -> None:
        self.count = self.json_bytes = self.negative_zeros = self.non_finite = 0
        self.bounds = Bounds()
        self.different = Distinct()

    def add(self, values: Sequence[float]) -> None:
        """Sees them."""
        self.count += len(values)
        self.json_bytes += json_bytes(values)
        finite = values if math.isfinite(sum(values)) else list(filter(math.isfinite, values))
        self.non_finite += len(values) - len(finite)
        if 0.0 in finite:
            self.negative_zeros += sum(value == 0 and math.copysign(1, value) < 0 for value in finite)
        if finite:
            self.bounds.widen(min(finite), max(finite))
            self.different.add(finite)

    def absorb(self, other: Floats) -> None:
        """Has seen what others have seen."""
        self.count += other.count
        self.json_bytes += other.json_bytes
        self.negative_zeros += other.negative_zeros
        self.non_finite += other.non_finite
        self.bounds.absorb(other.bounds)
        self.different.absorb(other.different)

    def odd(self) -> dict[Odd, int]:
        """What is odd about them, and about how many."""
        finite = self.count - self.non_finite
        return {Odd.NON_FINITE: self.non_finite, Odd.NEGATIVE_ZERO: self.negative_zeros, Odd.FLOAT: finite}


class Blobs:
    """Bytes."""

    __slots__ = ("count", "json_bytes", "lengths")

    def __init__(self) -> None:
        self.count = self.json_bytes = 0
        self.lengths = Bounds()

    def add(self, values: Sequence[bytes]) -> None:
        """Sees them."""
        lengths = list(map(len, values))
        self.count += len(values)
        self.json_bytes += json_bytes(values)
        self.lengths.widen(min(lengths), max(lengths))

    def absorb(self, other: Blobs) -> None:
        """Has seen what others have seen."""
        self.count += other.count
        self.json_bytes += other.json_bytes
        self.lengths.absorb(other.lengths)

    def odd(self) -> dict[Odd, int]:
        """That they are there."""
        return {Odd.BYTES: self.count}
