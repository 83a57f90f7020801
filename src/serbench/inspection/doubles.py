"""Keys that stand twice in one object of a JSON text. A parser keeps one and says nothing.

Looking for them in every object would take longer than parsing. But each key has a colon behind it: where a text has as
many colons as its value has keys and colons in its strings, no key was lost.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from serbench.inspection.keys import ITEMS, Steps, step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COLON_ESCAPES = (b"\\u003a", b"\\u003A")


def suspect(texts: Sequence[bytes], colons: int) -> bool:
    """Whether keys may have been lost.

    Args:
        texts: JSON texts.
        colons: how many colons the values have that were made of them: one for each key, and those in strings.
    """
    if any(escape in text for text in texts for escape in _COLON_ESCAPES):
        return True
    return sum(text.count(b":") for text in texts) != colons


class _Twice(dict[str, Any]):
    """An object of whose keys some stand in it more than once; `lost` has how many values of each are lost."""

    lost: dict[str, int]


def doubles(text: bytes) -> Counter[Steps]:
    """The keys that stand more than once in an object, with how many of their values are lost.

    What is in lost values is not looked at.
    """
    found: Counter[Steps] = Counter()
    for path, lost in _walk(json.loads(text, object_pairs_hook=_object)):
        for key, count in lost.items():
            found[*path, step(key)] += count
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    twice = _Twice(made)
    twice.lost = {key: count - 1 for key, count in Counter(key for key, _ in pairs).items() if count > 1}
    return twice


def _walk(value: Any) -> Iterator[tuple[Steps, dict[str, int]]]:
    stack: list[tuple[Steps, Any]] = [((), value)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, _Twice):
            yield path, value.lost
        if isinstance(value, dict):
            stack += [((*path, step(key)), item) for key, item in value.items()]
        elif isinstance(value, list):
            stack += [((*path, ITEMS), item) for item in value]
