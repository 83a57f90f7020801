"""A column of a heat map: each number over the column's best, how far from it that is in steps, and what is a tie."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from serbench.report.cells import grouped, known
from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.intervals import apart
from serbench.units import Scale, significant, size_scale, time_scale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.statistics.estimates import Number

Kind = Literal["time", "rate", "size"]
"""What a number is of: ns, per second, or bytes. More is better of rates, less of the others."""

Mark = Literal["", "best", "tie", "unsure"]
"""`best`: apart from all others; `tie`: intervals meet the best's; `unsure`: too few workers to tell."""

STEPS = (1.1, 1.5, 2.0, 4.0, 8.0)
"""How many times the best a number is at most, step by step; the last step has no end."""

WIDEST = 1e4
"""From this number on in the unit of a whole table, each of its columns has its own."""

_RATES = ((1e6, "M/s"), (1e3, "k/s"), (1.0, "/s"))
FROM_NOTHING = Missing(short="from nothing", reason="the other is 0, and nothing is a multiple of that")
"""Why a number over 0 is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """A cell of a heat map.

    Attributes:
        text: the number, or the words in its place.
        pad: what is not seen, so that the decimal points of a column stand below each other.
        step: how far from the best, 0 to `len(STEPS)`; None without a number.
        mark: how certain that is.
        why: why a number cannot be shown over the best; else empty.
    """

    text: str
    pad: str = ""
    step: int | None = None
    mark: Mark = ""
    why: str = ""


def shades(numbers: Sequence[Number], kind: Kind, *, exact: bool, scale: Scale | None = None) -> tuple[Shade, ...]:
    """The cells of a column.

    Args:
        numbers: from top to bottom.
        kind: what they are of.
        exact: whether they are counted, so that different ones certainly differ.
        scale: the unit that they are written in; without one they are multiples of the best.
    """
    counted = [number for number in numbers if isinstance(number, Estimate)]
    if not counted:
        return tuple(Shade(text=number.short) for number in numbers if isinstance(number, Missing))
    best = min(counted, key=lambda number: goodness(number, kind))
    made = [_shade(number, best, kind, scale) for number in numbers]
    decimals = max((len(one.text.partition(".")[2]) for one in made if one.step is not None), default=0)
    marks = _marks(numbers, best, exact=exact)
    return tuple(
        one if one.step is None else replace(one, pad=_pad(one.text, decimals), mark=mark)
        for one, mark in zip(made, marks, strict=True)
    )


def scales(columns: Sequence[Sequence[Number]], kind: Kind) -> tuple[Scale, ...]:
    """A unit for each column: one for all, or its own for each where they are too different for one."""
    values = [known(column) for column in columns]
    every = [value for column in values for value in column]
    whole = scale_of(every, kind)
    own = tuple(scale_of(column, kind) if column else whole for column in values)
    wide = max(every, default=0.0) >= WIDEST * whole.divisor and len({scale.unit for scale in own}) > 1
    return own if wide else (whole,) * len(own)


def goodness(number: Estimate, kind: Kind) -> float:
    """What rises from the best to the worst."""
    return -number.value if kind == "rate" else number.value


def in_words(number: Number, kind: Kind) -> str:
    """A number with its own unit, and its interval where it has one: `3.00 us (2.97-3.03)`; or why there is none."""
    if isinstance(number, Missing):
        return number.reason
    scale = scale_of([number.value], kind)
    text, low, high = (written(value, scale) for value in (number.value, number.low, number.high))
    return f"{text} {scale.unit}" + (f" ({low}\u2013{high})" if number.basis == "interval" else "")


def scale_of(values: Sequence[float], kind: Kind) -> Scale:
    """The unit in which the smallest is at least 1."""
    if kind != "rate":
        return time_scale(values) if kind == "time" else size_scale(values)
    smallest = min((value for value in values if value > 0), default=1.0)
    return next((Scale(*one) for one in _RATES if float(significant(smallest)) >= one[0]), Scale(*_RATES[-1]))


def written(value: float, scale: Scale) -> str:
    """Three significant digits, or the whole number where the unit is bytes."""
    return grouped(f"{value:.10g}" if scale.unit == "B" else scale.text(value))


def _marks(numbers: Sequence[Number], best: Estimate, *, exact: bool) -> list[Mark]:
    place = next(n for n, number in enumerate(numbers) if number is best)
    marks = [_told(number, best, exact=exact) for number in numbers]
    others = {mark for n, mark in enumerate(marks) if n != place and isinstance(numbers[n], Estimate)}
    marks[place] = _of_best(others)
    return marks


def _told(one: Number, best: Estimate, *, exact: bool) -> Mark:
    """How it is told from the best: nothing where it is apart."""
    if isinstance(one, Missing):
        return ""
    if exact:
        return "tie" if one.value == best.value else ""
    if apart(one, best):
        return ""
    return "tie" if one.basis == best.basis == "interval" else "unsure"


def _of_best(others: set[Mark]) -> Mark:
    """What the best is called, given how the others are told from it."""
    if not others:
        return ""
    return "best" if others == {""} else "tie" if "tie" in others else "unsure"


def _shade(number: Number, best: Estimate, kind: Kind, scale: Scale | None) -> Shade:
    if isinstance(number, Missing):
        return Shade(text=number.short)
    multiple = _multiple(number, best)
    if scale:
        return Shade(text=written(number.value, scale), step=_step(multiple, kind))
    if isinstance(multiple, Missing):
        return Shade(text=multiple.short, why=multiple.reason)
    return Shade(text="1" if multiple == 1 else grouped(significant(multiple)), step=_step(multiple, kind))


def _multiple(number: Estimate, best: Estimate) -> float | Missing:
    if number.value == best.value:
        return 1.0
    return number.value / best.value if best.value > 0 else FROM_NOTHING


def _pad(text: str, decimals: int) -> str:
    own = text.partition(".")[2]
    return ("" if own or not decimals else ".") + "0" * (decimals - len(own))


def _step(multiple: float | Missing, kind: Kind) -> int:
    if isinstance(multiple, Missing) or multiple <= 0:
        return len(STEPS)
    told = float(significant(1 / multiple if kind == "rate" else multiple))  # as it is written
    return sum(told > end for end in STEPS)
