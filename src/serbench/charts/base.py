"""The seam of charts. A chart is one file: this module, what it draws with, and `CHARTS` as its last line."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.report.parts import Table
    from serbench.report.whole import Report

PICTURES: ContextVar[bool] = ContextVar("pictures", default=False)
"""Whether figures come as PNG besides: set around `draw` by who wants them, as they take as long again."""

MARGIN = 24.0
"""Around a picture that stands alone, in pixels."""
HEADROOM = 60.0
"""Above it, for its title."""
TITLE = 16.0
"""Size of that title's letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One drawing.

    Attributes:
        id: unique in a report, fit for a fragment: ASCII letters, digits, `-` and `_`.
        title: what it shows, one line.
        description: how to read it, for those who do not see it too.
        svg: an `svg` element that may stand in a page under a strict Content-Security-Policy.
        payload: whose figure it is; empty for the whole run.
        finding: what is to be seen in this one, in sentences; empty where the drawing says it all.
        png: the drawing on white under its title, where `PICTURES` is set; empty otherwise.
    """

    id: str
    title: str
    description: str
    svg: str
    payload: str = ""
    finding: str = ""
    png: bytes = field(default=b"", repr=False)


class Chart(Protocol):
    """Draws a report. Read-only properties, so that frozen dataclasses match."""

    @property
    def name(self) -> str:
        """The word for it, and what its figures' ids begin with."""

    @property
    def order(self) -> int:
        """Its place on a page: smallest first; charts of one place by name."""

    def draw(self, report: Report, /) -> tuple[Figure, ...]:
        """The figures, in the order of the report's payloads; none where there is nothing to draw."""


def anchor(text: str) -> str:
    """A name from outside as a fragment; different names have different ones."""
    return "".join(c if c.isascii() and (c.isalnum() or c == "-") else f"_{ord(c):x}_" for c in text)


def by_payload(report: Report) -> dict[str, list[Table]]:
    """The tables of each payload that has any, in the report's order."""
    tables: dict[str, list[Table]] = {}
    for table in report.tables:
        tables.setdefault(table.payload.name, []).append(table)
    return tables


def caption(table: Table, among: Sequence[Table], unit: str, *, of: str = "per call") -> str:
    """What stands beside a panel's title: `us per call`; where tables differ in their conditions `gc off, us`."""
    own, every = table.conditions, [other.conditions for other in among]
    told = {
        "gc": f"gc {own.gc}",
        "heap_objects": f"heap {own.heap_objects // 1000}k" if own.heap_objects >= 1000 else f"heap {own.heap_objects}",
        "threads": f"{own.threads} thread{'s' * (own.threads != 1)}",
    }
    apart = [words for name, words in told.items() if len({getattr(one, name) for one in every}) > 1]
    return ", ".join([*apart, unit]) if apart else f"{unit} {of}"
