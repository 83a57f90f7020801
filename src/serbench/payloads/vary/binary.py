"""Binary values of the same length, of the bytes that their place has."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter

    from serbench.payloads.vary.draws import Turn

_LOOKED_AT = 1 << 16


class Binary:
    """The binary values of one place.

    Args:
        counts: how often each was seen.
    """

    def __init__(self, counts: Counter[bytes]) -> None:
        looked_at = sorted(chain.from_iterable(value[: _LOOKED_AT // len(counts) + 1] for value in counts)) or [0]
        self.table = bytes(looked_at[n * len(looked_at) // 256] for n in range(256))

    def draw(self, turn: Turn, value: bytes) -> bytes:
        """Binary data in place of that one, each byte about as often as in all of them."""
        size = len(value)
        return turn.rng.getrandbits(8 * size).to_bytes(size, "little").translate(self.table) if size else b""
