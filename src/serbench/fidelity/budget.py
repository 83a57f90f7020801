"""How long decoders are attacked, and with what: as it is said on the command line."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench import suites
from serbench.errors import UnusableFile, UsageError

if TYPE_CHECKING:
    from pathlib import Path

MOST_INPUTS = 100_000_000
LARGEST_INPUT = 64 << 20
"""Bytes of a file that decoders can be fed with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How long decoders are attacked.

    Attributes:
        seed: of the inputs.
        inputs: at most so many for each decoder.
        seconds: of wall time, for all decoders together.
    """

    seed: int
    inputs: int
    seconds: float


def read(words: str, seed: int) -> Budget:
    """The budget of `2000`, inputs for each decoder, or of `60s`, time for all.

    Raises:
        UsageError: it is neither, or nothing.
    """
    if words.isascii() and words.isdecimal():
        if not 1 <= int(words) <= MOST_INPUTS:
            raise UsageError(f"--attack {words}: inputs must be 1 to {MOST_INPUTS:,}")
        return Budget(seed=seed, inputs=int(words), seconds=math.inf)
    try:
        seconds = suites.duration(words)
    except UsageError:
        raise UsageError(f"--attack {words!r}: write it as a number of inputs, 2000, or as a time, 60s") from None
    return Budget(seed=seed, inputs=MOST_INPUTS, seconds=seconds)


def input_bytes(path: Path) -> bytes:
    """What stands in a file that decoders are to be fed with.

    Raises:
        UnusableFile: it is not there, is no file, or is too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_INPUT + 1)
    except OSError as error:
        raise UnusableFile(f"{path}: cannot be read, {(error.strerror or str(error)).lower()}") from error
    if len(data) > LARGEST_INPUT:
        raise UnusableFile(f"{path}: over {LARGEST_INPUT >> 20} MiB, which is more than --input takes; cut it short")
    return data
