"""Schemas as they are printed, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.schema.inference import infer
from serbench.schema.observed import Observed
from serbench.schema.printed import Wishes, printed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.schema.types import Schema


def observed(messages: Sequence[Any]) -> Observed:
    """What was seen in messages."""
    seen = Observed()
    seen.add(messages)
    return seen


def schema_of(messages: Sequence[Any], name: str = "Root", *, enums: int = 0, comments: bool = False) -> Schema:
    """The schema of messages as it is printed."""
    wishes = Wishes(name=name, enums=enums, comments=comments)
    return printed(infer(name, messages), observed(messages), wishes)
