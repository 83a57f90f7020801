"""Names that people would give: `Item` for each of the `items`, `Address` for all that are called `..._address`."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from serbench.schema.derived import camel_case

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_SINGULARS = {
    "aliases": "alias",
    "analyses": "analysis",
    "axes": "axis",
    "bonuses": "bonus",
    "buses": "bus",
    "caches": "cache",
    "children": "child",
    "cookies": "cookie",
    "criteria": "criterion",
    "feet": "foot",
    "indices": "index",
    "matrices": "matrix",
    "men": "man",
    "mice": "mouse",
    "movies": "movie",
    "people": "person",
    "statuses": "status",
    "vertices": "vertex",
    "viruses": "virus",
    "women": "woman",
    "dependencies": "dependency",
}
_SAME = frozenset(
    {"series", "news", "species", "always", "https", "tls", "dns", "aws", "sms", "gps", "os", "ios", "js"}
)
_ENDINGS = (
    (re.compile(r"(?<=[^aeiou]{1})ies$"), "y"),
    (re.compile(r"(?<=ss|sh|ch)es$"), ""),
    (re.compile(r"(?<=x)es$"), ""),
    (re.compile(r"(ss|us|is)$"), r"\1"),
    (re.compile(r"s$"), ""),
)
_COMMON = frozenset(
    {
        *("count", "description", "enabled", "href", "id", "key", "kind", "label", "name", "self", "slug", "text"),
        *("title", "total", "type", "url", "uri", "value", "version"),
    }
)
_VAGUE = frozenset({"data", "info", "item", "object", "value", "entry", "list", "map", "result", "detail", "type"})
_FEW = 3
_SHORTEST = 4  # letters of a name that says something: `to` and `by` do not


def words(name: str) -> list[str]:
    """The words of a name in small letters, wherever capitals, figures and other characters part them.

    `unitPrice`, `unit_price` and `Unit-Price` are `unit` and `price`; `HTTPMethod` is `http` and `method`.
    """
    parts = re.findall(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+", name)
    return [part.lower() for part in parts]


def singular(name: str) -> str:
    """The name of one of them, its last word in the singular: `line_items` are each a `line_item`."""
    match = re.search(r"[A-Z]?[a-z]+$", name)
    if match is None:
        return name
    last = match[0]
    made = _one(last.lower())
    return name[: match.start()] + (made.capitalize() if last[0].isupper() else made)


def _one(word: str) -> str:
    if word in _SAME or len(word) < 4:
        return word
    if word in _SINGULARS:
        return _SINGULARS[word]
    return next((ending.sub(one, word) for ending, one in _ENDINGS if ending.search(word)), word)


def title(names: Sequence[str], fields: Collection[str]) -> str:
    """What records of one shape are called that stand under these names, in CamelCase.

    The last word that all names share. Else, of many fields, the shortest name, which is that of the thing where others
    say what it does: a `user` is an `assignee` elsewhere. Else the name of most, or the fields themselves.
    """
    different = list(dict.fromkeys(names))
    if len(different) == 1:
        return camel_case(different[0])
    lasts = {words(name)[-1] if words(name) else "" for name in different}
    if len(lasts) == 1 and not lasts & {*_VAGUE, ""}:
        return camel_case(lasts.pop())
    counted = Counter(names)
    if len(fields) > _FEW:
        return camel_case(min(different, key=lambda name: (len(name) < _SHORTEST, len(name))))
    most, count = counted.most_common(1)[0]
    return camel_case(most if 2 * count > len(names) else "_and_".join(fields))


def alike(one: str, other: str) -> bool:
    """Whether two names say the same: they are one, or their last word is one that says something."""
    first, second = words(one), words(other)
    if first == second:
        return True
    return bool(first and second) and first[-1] == second[-1] and first[-1] not in _VAGUE


def telling(fields: Collection[str]) -> bool:
    """Whether fields tell what a record is: `amount` and `currency` do, `id` and `name` are everywhere."""
    return len(fields) > 1 and any(word not in _COMMON for name in fields for word in words(name)[-1:])


def upper_snake(name: str) -> str:
    """A name as constants are written: `PAYMENT_STATE`."""
    return "_".join(words(name)).upper()
