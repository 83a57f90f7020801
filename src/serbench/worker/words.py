"""What a worker says of a failure: one line that can be printed, whatever a codec or a payload puts into it."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text with escapes for what is no printable character: ends of lines, control characters, lone surrogates."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def raised(error: BaseException) -> str:
    """What was raised: its class, and the first line of its text."""
    try:
        first = str(error).strip().partition("\n")[0].rstrip()
    except Exception:  # a class of the codec's own, whose text is broken as well
        first = ""
    return printable(f"{type(error).__name__}: {first}" if first else type(error).__name__)
