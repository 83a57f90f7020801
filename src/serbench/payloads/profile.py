"""What a payload's bytes are made of."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from serbench.records.passes import EncodedBytes
from serbench.schema.spool import compact_json

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What instances are made of. A share is of the bytes of all of them as compact UTF-8 JSON, bytes as base64.

    Attributes:
        bytes_as_json: size of an instance, over the instances.
        depth: how many dicts and lists are open at the innermost leaf, in the deepest instance.
        strings: share of string values, quotes included; keys are none.
        numbers: share of numbers.
        structure: share of brackets, colons, commas and keys, quotes included.
        other: share of the rest: booleans, nulls, base64.
        non_ascii: share of the characters of string values that are not ASCII.
        key_repetition: how often a key stands in an instance: keys over different keys, the mean over the instances.
    """

    bytes_as_json: EncodedBytes
    depth: int
    strings: float
    numbers: float
    structure: float
    other: float
    non_ascii: float
    key_repetition: float


def profile(instances: Sequence[Any]) -> Profile:
    """The profile of these instances, at least one."""
    parts = [_Parts(instance) for instance in instances]
    sizes = [len(compact_json(instance)) for instance in instances]
    strings = [value for part in parts for value in part.strings]
    shares = {
        "strings": _json_bytes(strings) / sum(sizes),
        "numbers": _json_bytes([value for part in parts for value in part.numbers]) / sum(sizes),
        "other": _json_bytes([value for part in parts for value in part.other]) / sum(sizes),
    }
    text = "".join(strings)
    return Profile(
        bytes_as_json=EncodedBytes(mean=fmean(sizes), median=median(sizes), min=min(sizes), max=max(sizes)),
        depth=max(part.depth for part in parts),
        structure=1 - sum(shares.values()),
        non_ascii=sum(not character.isascii() for character in text) / max(1, len(text)),
        key_repetition=sum(len(part.keys) / max(1, len(set(part.keys))) for part in parts) / len(parts),
        **shares,
    )


class _Parts:
    """The leaves and keys of one instance."""

    def __init__(self, instance: Any) -> None:
        self.strings: list[str] = []
        self.numbers: list[float] = []
        self.other: list[Any] = []
        self.keys: list[Any] = []
        self.depth = 0
        self._add(instance, 0)

    def _add(self, value: Any, depth: int) -> None:
        match value:
            case dict():
                self.keys += value
                self._add_all(value.values(), depth)
            case list() | tuple():
                self._add_all(value, depth)
            case str():
                self.strings.append(value)
            case bool() | None | bytes():
                self.other.append(value)
            case _:
                self.numbers.append(value)

    def _add_all(self, values: Any, depth: int) -> None:
        self.depth = max(self.depth, depth + 1)
        for value in values:
            self._add(value, depth + 1)


def _json_bytes(values: Sequence[Any]) -> int:
    """Size of these leaves as JSON: that of their list without its brackets and commas."""
    return len(compact_json(values)) - 2 - max(0, len(values) - 1)
