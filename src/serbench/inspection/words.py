"""An inspection for a terminal: a head, the kinds, the fields, and what will go wrong."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from serbench.inspection import columns, field_words
from serbench.inspection.columns import share
from serbench.units import significant, size
from serbench.worker.words import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.inspection.parts import Handling, Inspection, Keys, Spot, Warned

LEAST_WIDTH = 100
MOST_FIELDS = 40
MOST_SPOTS = 5
MOST_CODECS = 8
_MILLION = 1e6


def text(found: Inspection, *, every: bool = False, width: int = LEAST_WIDTH, colour: bool = False) -> str:
    """All of it, ending in a newline.

    Args:
        found: what was found.
        every: whether no field, place or codec is left out.
        width: of the terminal, in characters; no less than `LEAST_WIDTH` are used.
        colour: whether headings may stand out.
    """
    width = max(width, LEAST_WIDTH)
    lines = [_strong(_title(found), colour=colour), "", *_head(found), ""]
    lines += _table(_kinds(found), width, colour=colour)
    shown = found.fields if every else found.fields[:MOST_FIELDS]
    lines += _table(field_words.rows(shown, found.sizes.total), width, colour=colour)
    if more := len(found.fields) - len(shown):
        lines[-1] = f"and {more:,} more; --all shows them"
        lines.append("")
    lines += _warnings(found, width, every=every, colour=colour)
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def _strong(line: str, *, colour: bool) -> str:
    return f"\x1b[1m{line}\x1b[0m" if colour else line


def _table(rows: columns.Rows, width: int, *, colour: bool) -> list[str]:
    head, *body = columns.aligned(rows, width)
    return [_strong(head.rstrip(), colour=colour), *body, ""]


def _title(found: Inspection) -> str:
    about = f"{found.name}: {found.title}" if found.origin == "generated" else found.origin
    return printable(about if found.title.rstrip("/") in about else f"{about}: {found.title}")


def _head(found: Inspection) -> list[str]:
    rows = [(name, words) for name, words in _facts(found) if words]
    wide = max(len(name) for name, _ in rows)
    return [f"{name:{wide}}  {words}" for name, words in rows]


def _facts(found: Inspection) -> Iterator[tuple[str, str]]:
    sizes, keys = found.sizes, found.keys
    yield "messages", f"{found.messages:,}{_left_out(found)}"
    if found.messages > 1:
        p99 = "" if sizes.p99 is None else f", p99 {sizes.p99:,}"
        each = f"min {sizes.min:,}, median {sizes.median:,}{p99}, max {sizes.max:,}".replace(".0,", ",")
        yield "bytes each", f"{each}; {size(sizes.total)} in all, as compact JSON"
    else:
        yield "bytes", f"{sizes.total:,} as compact JSON"
    if found.text_bytes is not None:
        yield "as it stands", f"{found.text_bytes:,} bytes{_compared(found.text_bytes, sizes.total)}"
    yield "depth", f"{found.depth:,}"
    if found.messages > 1:
        yield "values each", f"{_number(found.values / found.messages)} on average, lists and objects included"
    else:
        yield "values", f"{found.values:,}, lists and objects included"
    if keys.count:
        yield "keys", f"{keys.count:,}, {_different(keys)}; {share(keys.json_bytes, sizes.total)} of the bytes"
    if found.characters:
        yield "non-ASCII", f"{share(found.non_ascii, found.characters)} of the characters of strings"


def _left_out(found: Inspection) -> str:
    if not found.left_out:
        return ""
    lines = f"{found.left_out:,} {'is' if found.left_out == 1 else 'are'} none and left out"
    return f"; {lines}, the first at {printable(found.first_left_out)}"


def _compared(text_bytes: int, compact_bytes: int) -> str:
    """How much more the text has than compact JSON: spaces, and escapes that are not needed."""
    more = text_bytes - compact_bytes
    return f", {share(more, compact_bytes)} more than compact" if more > 0 else ""


def _different(keys: Keys) -> str:
    different = keys.different
    if different.count == keys.count:
        return "all different"
    times = f"{'at most ' * different.at_least}{_number(keys.count / different.count)} times"
    return f"{'at least ' * different.at_least}{different.count:,} different, each stands {times} on average"


def _number(value: float) -> str:
    """Three significant digits, thousands parted."""
    return f"{float(significant(value)):,g}" if value < _MILLION else f"{value:,.0f}"


def _kinds(found: Inspection) -> columns.Rows:
    total = found.sizes.total
    rows = [("kind", ">values", ">", ">bytes", ">")]
    for part in found.shares:
        own = (f"{part.json_bytes:,}", share(part.json_bytes, total)) if part.json_bytes else ("", "")
        rows.append((str(part.shape), f"{part.count:,}", share(part.count, found.values), *own))
    if found.keys.count:
        rows.append(("keys", "", "", f"{found.keys.json_bytes:,}", share(found.keys.json_bytes, total)))
    if found.structure_bytes:
        rows.append(("structure", "", "", f"{found.structure_bytes:,}", share(found.structure_bytes, total)))
    return rows


def _warnings(found: Inspection, width: int, *, every: bool, colour: bool) -> Iterator[str]:
    if not found.warnings:
        yield f"no warnings: no codec of {found.codecs} declares that it refuses or changes anything in it"
    for warned in found.warnings:
        yield _strong(f"{'note' if warned.common else 'warning'}: {warned.title}", colour=colour)
        yield from _wrapped(warned.words, width)
        yield from _spots(found, warned, every=every)
        for handling in warned.handlings:
            yield from _wrapped(_handling(handling, every=every), width)
        yield ""


def _spots(found: Inspection, warned: Warned, *, every: bool) -> Iterator[str]:
    shown = warned.spots if every else warned.spots[:MOST_SPOTS]
    rows = [("", ">", ""), *((spot.path, f"{spot.count:,}", _more(found, spot)) for spot in shown)]
    yield from (f"  {line}" for line in columns.aligned(rows, LEAST_WIDTH - 2)[1:])
    if more := len(warned.spots) - len(shown):
        yield f"  and {more:,} more {'place' if more == 1 else 'places'}"


def _more(found: Inspection, spot: Spot) -> str:
    """What is said of a place besides: the message, where there are several."""
    first = printable(spot.first.removeprefix(f"{found.origin}: ").removeprefix(f"{found.name}: "))
    return ", ".join(filter(None, [spot.words, f"first in {first}" if first and found.messages > 1 else ""]))


def _handling(handling: Handling, *, every: bool) -> str:
    names = handling.codecs if every else handling.codecs[:MOST_CODECS]
    more = len(handling.codecs) - len(names)
    who = f"{', '.join(names)}{f' and {more} more' * (more > 0)}"
    counted = f"{len(handling.codecs)} of {handling.of} codecs"
    asked = counted if handling.declared else f"{counted} that serbench fidelity has looked at"
    return f"{handling.outcome} by {asked} ({handling.words}): {who}"


def _wrapped(words: str, width: int) -> list[str]:
    return textwrap.wrap(words, width, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
