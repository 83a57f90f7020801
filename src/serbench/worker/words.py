"""What a worker says of a failure: one line that can be printed, whatever a codec or a payload puts into it."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"(?<=\S) at 0x[0-9a-fA-F]+>")  # another one in every process


def printable(text: str) -> str:
    """The text with escapes for what is no printable character: ends of lines, control characters, lone surrogates."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def raised(error: BaseException) -> str:
    """What was raised: its class, and the first line of its text, where an object is not told by its address."""
    try:
        first = str(error).strip().partition("\n")[0].rstrip()
    except Exception:  # a class of the codec's own, whose text is broken as well
        first = ""
    first = _ADDRESS.sub(">", first)
    return printable(f"{type(error).__name__}: {first}" if first else type(error).__name__)
