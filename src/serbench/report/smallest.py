"""Whose messages are smallest, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.compare.words import listed
from serbench.report.cells import size_words
from serbench.statistics.estimates import Missing
from serbench.units import significant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.records.passes import EncodedBytes
    from serbench.report.parts import Table


def sizes(tables: Sequence[Table], payload: str) -> Iterator[str]:
    """Whose messages are smallest, and what those of the fastest parser take instead."""
    found: dict[str, EncodedBytes] = {
        row.codec.name: row.encoded_bytes
        for table in tables
        for row in table.rows
        if not isinstance(row.encoded_bytes, Missing)
    }
    if len(found) < 2:
        return
    smallest = min(sizes.median for sizes in found.values())
    names = [name for name, sizes in found.items() if sizes.median == smallest]
    if len(names) == len(found):
        yield f"Every codec writes {payload} in {size_words(smallest)} (median)."
        return
    verb = "writes" if len(names) == 1 else "write"
    yield f"{listed(names)} {verb} the smallest {payload}: {size_words(smallest)} (median)."
    leaders = [row.codec.name for table in tables if table.headline for row in table.rows if row.best]
    larger: dict[float, list[str]] = {}
    for name in dict.fromkeys(name for name in leaders if name not in names and name in found):
        larger.setdefault(found[name].median, []).append(name)
    for median, (first, *others) in larger.items():
        over = f", {significant(median / smallest)} times as much" if smallest else ""
        yield f"{first} writes {size_words(median)}{over}."
        if others:
            yield f"So {'does' if len(others) == 1 else 'do'} {listed(others)}."
