"""What a reason quotes of a message: a library's error may hold a piece of it, and a difference holds two."""

from __future__ import annotations

import re

from serbench.redact.names import HOST, USER
from serbench.redact.places import PATH

_COMPARED = re.compile(r"expected (?!\d+ items, ).* \((\w+)\), got .* \((\w+)\)", re.DOTALL)
_QUOTED = re.compile(r"(?:(?<!\w)|(?<=\bb))(['\"])((?:\\.|(?!\1)[^\\])*)(?:\1|\\?$)", re.DOTALL)  # or cut short
_REDACTED = (HOST, USER, PATH)


def without_quotes(reason: str) -> str:
    """A reason without what it quotes: `expected str, got float`, and `'…'` for other texts in quotes.

    What is redacted already stays. A value that stands without quotes in the message of some library stays as well:
    it cannot be told from the message's own words.
    """
    return _QUOTED.sub(_emptied, _COMPARED.sub(r"expected \1, got \2", reason))


def _emptied(found: re.Match[str]) -> str:
    return found[0] if found[2].startswith(_REDACTED) else f"{found[1]}…{found[1]}"
