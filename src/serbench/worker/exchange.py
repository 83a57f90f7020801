"""What one worker has encoded, in a file for the others and for the orchestrator: lengths and messages in turn."""

from __future__ import annotations

from os import getpid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_LENGTH_BYTES = 8


def write(path: Path, messages: Iterable[bytes]) -> None:
    """Writes encoded messages, each behind its length as 8 little-endian bytes.

    The file is there whole or not at all: its writer may be killed, and others read what is there.
    """
    part = path.with_name(f"{path.name}.{getpid()}.part")  # workers of one codec under several conditions
    with part.open("wb") as file:
        for message in messages:
            file.write(len(message).to_bytes(_LENGTH_BYTES, "little"))
            file.write(message)
    part.replace(path)


def read(path: Path, at_most: int | None = None) -> list[bytes]:
    """The first messages, all of them without a limit."""
    messages: list[bytes] = []
    with path.open("rb") as file:
        while (at_most is None or len(messages) < at_most) and (length := file.read(_LENGTH_BYTES)):
            messages.append(file.read(int.from_bytes(length, "little")))
    return messages
