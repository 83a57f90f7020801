"""A text whose numbers are accounted for one by one: each is expected by somebody, or is said to be unexplained."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recount.writing import places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

METHOD = {
    r"\bp(?:50|99\.9|99)\b": "names of percentiles",
    r"10/\(1-q\)": "a percentile is earned when ten calls are expected beyond it",
    r"20 for p50, 1,000 for p99, 10,000 for p99\.9": "the same, reckoned",
    r"p99 takes 1,000": "the same",
    r"(?:shorter than|under) 20 floors or 40 clock steps": "what is shorter is not read one by one",
    r"fewer than 6 workers|an interval takes 6 workers": "the fewest whose extremes hold the median in 95 % of cases",
    r"10\^6 encoded bytes|10\u2079 bytes": "MB and GB",
    r"2,630,016 s|30\.44 days of 86,400 s": "a month",
    r"for 1,000 single calls": "the unit of collections",
    r"100: a message's share where 100 different ones|a stream takes 100 different": "messages in a stream",
    r"by less than 0\.13 %": "how far counts of instructions are from run to run",
    r"99 of 100 no longer": "p99 in words",
    r"at most 75 of all its workers": "marks of a codec in a timeline",
    r"^to (?:1\.1|1\.5|2|4|8) \u00d7$": "steps of the matrix's colours",
    r"HdrHistogram V2|bytes as base64": "formats",
}
"""Numbers that are no measurements but the method's own, and why they are what they are."""


class Claims:
    """What is expected of the numbers of one text.

    Attributes:
        words: the text.
        faults: where another number stands than is expected.
    """

    def __init__(self, words: str) -> None:
        self.words = words
        self.faults: list[str] = []
        self._claimed: list[tuple[int, int]] = []

    def take(self, start: int, end: int) -> None:
        """What stands there is explained."""
        self._claimed.append((start, end))

    def allow(self, pattern: str) -> None:
        """Wherever this stands, it is explained."""
        for found in re.finditer(pattern, self.words):
            self.take(*found.span())

    def allow_texts(self, texts: Iterable[str]) -> None:
        """The same of texts word for word."""
        for text in texts:
            if text in self.words:
                self.allow(re.escape(text))

    def each(self, pattern: str) -> Iterator[re.Match[str]]:
        """Where this stands; what its numbers are is to be said by `expect`."""
        return re.finditer(pattern, self.words)

    def expect(self, found: re.Match[str], **groups: str) -> None:
        """These groups must say that."""
        for name, expected in groups.items():
            self.take(*found.span(name))
            if found[name] != expected:
                self.faults.append(f"{found[name]!r} is {expected!r}")

    def expect_all(self, expected: Iterable[str]) -> None:
        """All numbers of the text, in their order, are these."""
        self.faults += [f"numbers are {list(expected)}"] if self.numbers() != list(expected) else []
        self.take(0, len(self.words))

    def numbers(self) -> list[str]:
        """Every number of the text."""
        return [self.words[start:end] for start, end in places(self.words)]

    def verdict(self) -> list[str]:
        """What is wrong, and what nobody explains."""
        open_ = [
            self.words[start:end]
            for start, end in places(self.words)
            if not any(low <= start and end <= high for low, high in self._claimed)
        ]
        return [*self.faults, *(f"{number!r} is not explained" for number in open_)]
