"""What stands on a page word for word as in the run: names, places, reasons, versions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from recount.claims import METHOD, Claims
from serbench.codecs.deviations import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recount.cases import Case, Recount
    from recount.page import Node


class Names:
    """Of a run."""

    def __init__(self, run: Recount) -> None:
        self._run = run
        self._anchors = {anchor(name): name for name in (*run.payloads, *run.cases)}
        self._names = sorted(filter(_has_digit, (*run.codecs, *run.payloads)), key=len, reverse=True)
        self._stored = sorted({*_stored(run.file), *(rule.words for rule in RULES.values())}, key=len, reverse=True)

    def claims(self, words: str) -> Claims:
        """A text, in which names, texts of the run word for word and the method's numbers are explained."""
        claims = Claims(words)
        for name in self._names:
            claims.allow(rf"(?<!\w){re.escape(name)}(?!\w)")
        claims.allow_texts(self._stored)
        for pattern in METHOD:
            claims.allow(pattern)
        return claims

    def payload(self, section: str) -> str:
        """The payload of a section `payload-order`; empty for others."""
        return self._anchors.get(section.removeprefix("payload-"), "") if section.startswith("payload-") else ""

    def case(self, place: str) -> Case:
        """The case of a place `case-json_2f_order_2f_read`."""
        return self._run.cases[self._anchors[place.removeprefix("#").removeprefix("case-")]]

    def sample(self, place: str) -> str:
        """The payload of a place `case-sample-order`, where a message is shown; empty for others."""
        return self._anchors.get(place.removeprefix("case-sample-"), "") if place.startswith("case-sample-") else ""

    def codec(self, cell: Node) -> str:
        """The codec that a line is about; behind its name are tags and formats."""
        words = cell.text(without=("small",))
        fitting = [name for name in self._run.codecs if words == name or words.startswith(f"{name} ")]
        return max(fitting, key=len, default="")


def anchor(text: str) -> str:
    """A name as a place on the page."""
    return "".join(c if c.isascii() and (c.isalnum() or c == "-") else f"_{ord(c):x}_" for c in text)


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _stored(value: Any) -> Iterator[str]:
    """Texts of some length with a digit in them; not histograms."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _stored(one) if key != "histogram" else ()
    elif isinstance(value, list):
        for one in value:
            yield from _stored(one)
    elif isinstance(value, str) and len(value) > 4 and _has_digit(value) and not value.isdigit():
        yield value
