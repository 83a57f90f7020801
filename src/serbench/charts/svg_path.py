"""Path data in few letters, to a tenth of a pixel: what is finer is not seen."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_STEP = re.compile(r"([MLCQz])([^MLCQz]*)")

Tenths = tuple[int, int]
"""A place, in tenths of a pixel."""


def compact(data: str) -> str:
    """The same path, each step told from the point before: in whole tenths, so that rounding does not add up.

    Args:
        data: absolute moves, lines, curves and closes (`M`, `L`, `C`, `Q`, `z`), as matplotlib writes them.
    """
    written, letter = "", ""
    for word, numbers in _steps(data):
        if word != letter or word in "mz":
            written += "" if (letter, word) == ("m", "l") else word  # what follows a move is a line
            letter = word
        for number in map(_text, numbers):
            written += number if written[-1:].isalpha() or number[0] == "-" else f" {number}"
    return written


def pairs(data: str) -> str:
    """The same path as x and y of every point, one behind the other: what a script can read."""
    written, letter = "", ""
    for word in data.split():
        if not word.isalpha():
            written += f"{' ' * (not written[-1:].isalpha())}{tenth(word)}"
        elif word != letter or word == "M":
            written += "" if (letter, word) == ("M", "L") else word
            letter = word
    return written


def tenth(word: str) -> str:
    """A number with one decimal at most; what is no number as it is."""
    try:
        return f"{round(float(word), 1) + 0.0:g}" if abs(float(word)) < 10_000 else word  # :g keeps six digits
    except ValueError:
        return word


def _steps(data: str) -> Iterator[tuple[str, Sequence[int]]]:
    """Letter and numbers of each step, from the point where the pen is, in tenths."""
    at = begin = (0, 0)
    for word, text in _STEP.findall(data):
        places = _places(text)
        if word == "z":
            yield word, ()
            at = begin
            continue
        yield _from(at, word, places)
        at = places[-1]
        begin = at if word == "M" else begin


def _places(text: str) -> list[Tenths]:
    numbers = [round(10 * float(number)) for number in text.split()]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _from(at: Tenths, word: str, places: Sequence[Tenths]) -> tuple[str, Sequence[int]]:
    moves = [end - begin for place in places for begin, end in zip(at, place, strict=True)]
    if word == "L" and moves[1] == 0:
        return "h", moves[:1]
    if word == "L" and moves[0] == 0:
        return "v", moves[1:]
    return word.lower(), moves


@lru_cache(maxsize=4096)
def _text(tenths: int) -> str:
    """`-.5`, `12`."""
    whole, rest = divmod(abs(tenths), 10)
    return f"{'-' * (tenths < 0)}{whole or ('' if rest else '0')}{f'.{rest}' * bool(rest)}"
