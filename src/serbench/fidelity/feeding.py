"""Feeds a decoder with broken input and watches what that takes, in the process that may die of it.

Before each input its bytes go to a file in memory that outlives the process: whoever finds it dead knows of what.
"""

from __future__ import annotations

import base64
import mmap
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.errors import UnsupportedPayload
from serbench.fidelity import broken
from serbench.fidelity.limits import PROCESSOR_SECONDS, ROOM_BYTES
from serbench.fidelity.parts import Harm
from serbench.worker import bounds
from serbench.worker.words import raised

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.codecs.base import Bound, Codec

GROWTH_BYTES = 256 << 20
"""By so much one input may make a process grow."""

_SIGN_OF_LIFE_SECONDS = 0.5
_NOTE = struct.Struct("<qqqq")
NOTES_BYTES = _NOTE.size + broken.LONGEST


class Feeder:
    """A decoder, ready to be fed.

    Args:
        codec: whose.
        at: told now and then that it goes on.

    Raises:
        UnsupportedPayload: the codec carries none of the messages that could be broken.
    """

    def __init__(self, codec: Codec, at: Callable[[str], None]) -> None:
        self._at = at
        self._bound, self._encoded = _encoded(codec)
        for data in self._encoded:
            self._decode(data)

    def _decode(self, data: bytes) -> None:
        """All of it, as a program would have it in the end: a view looks at nothing by itself."""
        self._bound.convert(self._bound.decode(self._bound.source(data)))

    def feed(self, data: bytes) -> tuple[Harm | None, str]:
        """Hands one input over.

        Returns:
            What harm it has done, and what happened in words: what was raised; empty where a value came out.
        """
        before, told = bounds.peak_bytes(), ""
        try:
            with bounds.ending(PROCESSOR_SECONDS):
                self._decode(data)
        except MemoryError as error:
            return Harm.MEMORY, f"{raised(error)}: it wanted over {ROOM_BYTES >> 20:,} MiB for {len(data):,} bytes"
        except Exception as error:
            told = raised(error)
        except BaseException as error:
            return Harm.PANIC, raised(error)
        if (grown := bounds.peak_bytes() - before) > GROWTH_BYTES:
            return Harm.MEMORY, f"it took {grown >> 20:,} MiB for {len(data):,} bytes"
        return None, told

    def attack(self, *, seed: int, first: int, count: int, seconds: float, notes: str) -> dict[str, Any]:
        """Feeds inputs of these numbers until all are eaten, one has done harm, or the time is over.

        Args:
            seed: of the inputs.
            first: number of the first.
            count: how many.
            seconds: of wall time.
            notes: the file for what is being eaten.
        """
        harmed: list[Any] = []
        refused = decoded = 0
        index, began = first, time.monotonic()
        sign = began
        self._at("decode")
        with Path(notes).open("r+b") as file, mmap.mmap(file.fileno(), NOTES_BYTES) as note:
            while not harmed and index < first + count and (now := time.monotonic()) - began < seconds:
                if now - sign > _SIGN_OF_LIFE_SECONDS:
                    sign = now
                    self._at("decode")
                made, data = broken.broken(seed, index, self._encoded)
                note[: _NOTE.size + len(data)] = _NOTE.pack(index, refused, decoded, len(data)) + data
                harm, told = self.feed(data)
                if harm:
                    harmed = [harm, told, made, index, base64.b64encode(data).decode()]
                else:
                    refused, decoded = refused + bool(told), decoded + (not told)
                index += 1
        return {"next": index, "refused": refused, "decoded": decoded, "harmed": harmed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """What a process that has died was being fed.

    Attributes:
        index: number of the input.
        made: how it was made.
        data: its bytes.
        refused: how many inputs since the last answer had raised an exception.
        decoded: how many had given a value.
    """

    index: int
    made: str
    data: bytes
    refused: int
    decoded: int


def last(notes: Path) -> Last:
    """What stands in the file of a process that has died."""
    held = notes.read_bytes()
    index, refused, decoded, size = _NOTE.unpack_from(held)
    makers = tuple(broken.MAKERS)
    data = held[_NOTE.size : _NOTE.size + size]
    return Last(index=index, made=makers[index % len(makers)], data=data, refused=refused, decoded=decoded)


def _encoded(codec: Codec) -> tuple[Bound, list[bytes]]:
    """The codec bound to the richest payload that it carries, and its instances encoded."""
    why: Exception = UnsupportedPayload("it carries nothing")
    for payload in broken.messages():
        try:
            bound = codec.bind(payload)
            return bound, [bytes(bound.encode(bound.build(message))) for message in payload.instances]
        except Exception as error:  # it does not carry this one: the next is simpler
            why = error
    raise UnsupportedPayload(f"none of the messages to be broken can be sent: {raised(why)}")
