"""What a generated payload is, and the only sources of chance that its generator may use.

The same seed gives the same bytes on every machine and Python: everything comes from `Random.random` and
`getrandbits`, whose sequences are guaranteed, through operations that IEEE 754 and integers make exact. No logarithm,
no sine, no power of a float, no order of a set, no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from serbench.schema.types import Schema

_T = TypeVar("_T")

Generate = Callable[[Random], Iterator[Any]]
"""An endless stream of instances: the first k are the same however many are taken."""

NOW_MS = 1_767_225_600_000
"""2026-01-01T00:00:00Z, around which generated times lie: milliseconds since 1970."""

_SNOWFLAKE_EPOCH_MS = 1_420_070_400_000  # 2015
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A payload that is made from a seed.

    Attributes:
        name: as on the command line.
        title: what the message is, a few words.
        origin: what it is modelled on.
        traits: what it exercises, a few words each.
        schema: its shape; the root is a record.
        generate: the stream of instances.
        of_size: the same with messages of about so many bytes, where these can be asked for.
    """

    name: str
    title: str
    origin: str
    traits: tuple[str, ...]
    schema: Schema
    generate: Generate
    of_size: Callable[[int], Generated] | None = None


def below(rng: Random, n: int) -> int:
    """An integer from 0 to n - 1."""
    return int(rng.random() * n)


def between(rng: Random, low: int, high: int) -> int:
    """An integer from low to high, both included."""
    return low + int(rng.random() * (high - low + 1))


def chance(rng: Random, probability: float) -> bool:
    """True with that probability."""
    return rng.random() < probability


def pick(rng: Random, items: Sequence[_T]) -> _T:
    """One of the items."""
    return items[int(rng.random() * len(items))]


def some(rng: Random, items: Sequence[_T], n: int) -> list[_T]:
    """Different items, n of them or all that there are: a stretch of the sequence, which is taken for a ring."""
    start = below(rng, len(items))
    return [items[(start + i) % len(items)] for i in range(min(n, len(items)))]


def weighted(**weights: int) -> tuple[str, ...]:
    """Each name as often as its weight, for `pick`."""
    return tuple(name for name, weight in weights.items() for _ in range(weight))


def magnitude(rng: Random, bits: int) -> int:
    """A count whose order of magnitude is even, below 2**bits: many small ones, few large ones."""
    return rng.getrandbits(1 + below(rng, bits))


def bell(rng: Random) -> float:
    """A number around 0, near to normal with variance 1/3: the sum of four uniform ones, from -2 to 2."""
    random = rng.random
    return random() + random() + random() + random() - 2.0


def identifier(rng: Random) -> str:
    """A random UUID (version 4)."""
    text = f"{rng.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{'89ab'[int(text[16], 16) & 3]}{text[17:20]}-{text[20:]}"


def snowflake(rng: Random, ms: int) -> int:
    """An id that sorts by its time, as social networks make them: more than 53 bits."""
    return ((ms - _SNOWFLAKE_EPOCH_MS) << 22) + rng.getrandbits(22)


def rfc3339(ms: int) -> str:
    """Milliseconds since 1970 as `2026-01-01T00:00:00.000Z`."""
    return (_EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
