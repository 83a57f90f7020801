"""The seam of charts. A chart is one file: this module, what it draws with, and `CHARTS` as its last line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from serbench.report.parts import Report, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One drawing.

    Attributes:
        id: unique in a report, fit for a fragment: ASCII letters, digits, `-` and `_`.
        title: what it shows, one line.
        description: how to read it, for those who do not see it too.
        svg: an `svg` element that may stand in a page under a strict Content-Security-Policy.
        payload: whose figure it is; empty for the whole run.
    """

    id: str
    title: str
    description: str
    svg: str
    payload: str = ""


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
