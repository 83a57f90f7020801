"""How a size is spread over messages, in memory that does not grow with their number."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from serbench.inspection.parts import Sizes
from serbench.units import significant

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_SIZES = 20_000
"""Different sizes that are kept as they are. Of more, each is kept to three significant digits."""

FOR_P99 = 100
"""A 99th percentile takes so many messages."""


class Spread:
    """Sizes in bytes. `count` is how many were seen, `total` what they are together."""

    def __init__(self) -> None:
        self.counts: Counter[int] = Counter()
        self.rounded = False
        self.count = self.total = self.low = self.high = 0

    def add(self, sizes: Iterable[int]) -> None:
        """Sees sizes."""
        new = Counter(sizes)
        if not new:
            return
        low, high = min(new), max(new)
        self.low = min(self.low, low) if self.count else low
        self.high = max(self.high, high)
        self.count += new.total()
        self.total += sum(size * count for size, count in new.items())
        self.counts += _rounded(new) if self.rounded else new
        if len(self.counts) > MOST_SIZES and not self.rounded:
            self.counts, self.rounded = _rounded(self.counts), True

    def sizes(self) -> Sizes:
        """What is told of them; there must be one."""
        middle = (self._at((self.count - 1) // 2) + self._at(self.count // 2)) / 2
        p99 = self._at(-(-99 * self.count // 100) - 1) if self.count >= FOR_P99 else None
        return Sizes(total=self.total, min=self.low, median=middle, p99=p99, max=self.high)

    def _at(self, rank: int) -> int:
        """The size with so many smaller or equal ones before it."""
        for size in sorted(self.counts):
            rank -= self.counts[size]
            if rank < 0:
                return min(max(size, self.low), self.high)
        return self.high


def _rounded(counts: Counter[int]) -> Counter[int]:
    rounded: Counter[int] = Counter()
    for size, count in counts.items():
        rounded[round(float(significant(size)))] += count
    return rounded
