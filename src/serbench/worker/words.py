"""What a worker says of a failure: one short line that can be printed, whatever a codec or a payload puts into it."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"(?<=\S) at 0x[0-9a-fA-F]+>")  # another one in every process

RAISED = 300
"""Characters of what was raised; more is no reason but a message."""

REASON = 500
"""Characters of a whole reason, with the place where it stands."""

CAUTION = 1000
"""Characters of what a codec says of itself."""

CONVERSIONS = 3000
"""Characters of what a class of the user's own does with messages: a dozen places and values."""


def printable(text: str) -> str:
    """The text with escapes for what is no printable character: ends of lines, control characters, lone surrogates."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def brief(text: str, most: int = REASON) -> str:
    """The text as `printable` has it, in so many characters: of a longer one the middle is left out, as `…` tells."""
    return _shortened(printable(_shortened(text, most)), most)


def _shortened(text: str, most: int) -> str:
    """The text, or two thirds of what there is room for from its beginning and the rest from its end."""
    begin = 2 * most // 3
    return text if len(text) <= most else f"{text[:begin]}…{text[begin + 1 - most :]}"


def raised(error: BaseException) -> str:
    """What was raised: its class, and the first line of its text, where an object is not told by its address."""
    try:
        first = str(error).strip().partition("\n")[0].rstrip()
    except Exception:  # a class of the codec's own, whose text is broken as well
        first = ""
    first = _ADDRESS.sub(">", first)
    return brief(f"{type(error).__name__}: {first}" if first else type(error).__name__, RAISED)
