"""The shape of a message in place of a sample of it: what is where, and how long, but none of its words and numbers."""

from __future__ import annotations

import json
import re

_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*")(?:…\ of\ (?P<characters>\d[\d,]*)\ characters)?(?P<key>(?=:))?
    | (?P<number>NaN | -?Infinity | -?\d+(?P<real>[.eE][\d.eE+-]*)?(?:…\ of\ \d[\d,]*\ digits)?)
    | (?P<boolean>true|false)
    | (?P<mark>[:,])\ ?
    | (?P<same>null | [\[\]{}] | …\ \d[\d,]*\ (?:more|inside) | \n…\ \d[\d,]*\ bytes\ in\ all
        | (?:string|key)\ of\ \d[\d,]*\ characters? | integer | number | boolean)
    """,
    re.VERBOSE,
)
"""What a payload's sample consists of, and what the shape of one consists of."""


def shape(sample: str) -> str:
    """What is left of a payload's sample: `{key of 4 characters: string of 12 characters}`.

    Keys go too, as they may be somebody's data. The shape of a shape is itself.

    Args:
        sample: of a payload, as a run records it; what is none becomes empty.
    """
    told = []
    at = 0
    while at < len(sample):
        token = _TOKEN.match(sample, at)
        if token is None:
            return ""
        told.append(_kind(token))
        at = token.end()
    return "".join(told)


def _kind(token: re.Match[str]) -> str:
    match token.lastgroup:
        case "number" | "real":
            return "integer" if token["number"].lstrip("-")[0].isdigit() and not token["real"] else "number"
        case "boolean":
            return "boolean"
        case "mark":
            return f"{token['mark']} "
        case "same":
            return token["same"]
    return _text(token)


def _text(token: re.Match[str]) -> str:
    length = token["characters"] or f"{_length(token['string']):,}"
    return f"{'string' if token['key'] is None else 'key'} of {length} character{'s' * (length != '1')}"


def _length(quoted: str) -> int:
    """Characters of a text in quotes; of one that JSON does not have, those between the quotes."""
    try:
        return len(json.loads(quoted, strict=False))
    except ValueError:
        return len(quoted) - 2
