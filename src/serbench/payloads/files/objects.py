"""Python objects as a payload: what a program hands to `serbench.run`."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.errors import UsageError
from serbench.payloads.files.base import Messages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from serbench.payloads.files.base import Found

ORIGIN = "python:"
"""What stands before the name of such a payload where it came from is told: it can be had from its program only."""


@dataclass(frozen=True, slots=True)
class Instances:
    """Messages of a program, as a payload.

    Attributes:
        name: of the payload, in results.
        values: plain values (None, bool, int, float, str, bytes, list, tuple, dict with text or whole numbers as keys)
            or dataclasses of these; a stream is read once.
    """

    name: str
    values: Iterable[Any]

    def messages(self) -> Messages:
        """The values, numbered from 1."""
        return Messages(self._found())

    def _found(self) -> Iterator[Found]:
        for number, value in enumerate(self.values, start=1):
            yield _plain(value), f"{ORIGIN}{self.name}", number


def given(objects: Iterable[Any]) -> tuple[Instances, ...]:
    """Objects as payloads: each that is no `Instances` is one message, and named `object`, `object-2`.

    Raises:
        UsageError: an `Instances` has no name, or nothing to go through.
    """
    made: list[Instances] = []
    alone = 0
    for one in objects:
        if not isinstance(one, Instances):
            alone += 1
            made.append(Instances(f"object-{alone}" if alone > 1 else "object", (one,)))
        elif not (isinstance(one.name, str) and one.name):
            raise UsageError(f"the name of Instances is a text of its own, not {one.name!r}")
        elif isinstance(one.values, str | bytes | dict) or not hasattr(one.values, "__iter__"):
            kind = type(one.values).__name__
            raise UsageError(f"Instances {one.name!r}: values are a list of messages, not one {kind}; put it in a list")
        else:
            made.append(one)
    return tuple(made)


def _plain(value: Any) -> Any:
    """A dataclass as a dict, and so wherever it stands in lists and dicts."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if type(value) is list:
        return [_plain(item) for item in value]
    if type(value) is dict:
        return {key: _plain(item) for key, item in value.items()}
    return value
