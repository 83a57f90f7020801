"""The cells of a bill: numbers with their ends, and words where two totals cannot be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.report.price.cost import difference
from serbench.report.price.words import NO_NUMBER, ends, signed, three
from serbench.report.results import NumberCell
from serbench.statistics.intervals import apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.report.price.cost import Cost
    from serbench.statistics.estimates import Estimate

_Entry = tuple[str, str, float | None]
"""What stands in a cell, what in small beneath, and the number behind it; None where words stand there."""


def columns(costs: Sequence[Cost], today: Cost | None) -> tuple[list[NumberCell], ...]:
    """Cores, GB out, money and the difference to today's codec: a column each, a cell for each codec."""
    return (
        _column([_entry(one.cores) for one in costs]),
        _column([(three(one.gigabytes), "", one.gigabytes) for one in costs]),
        _column([_entry(one.money) for one in costs]),
        _column([_against(one, today) for one in costs]),
    )


def _entry(number: Estimate) -> _Entry:
    return three(number.value), ends(number, NO_NUMBER), number.value


def _against(one: Cost, today: Cost | None) -> _Entry:
    """How much more than today; in words where that cannot be told."""
    if today is None or one is today:
        return NO_NUMBER, "", None
    more = difference(one.money, today.money)
    if more.basis != "interval":
        return signed(more.value), "too few workers to tell", more.value
    if more.low == more.high == 0:
        return "no difference", "", None
    low, high = signed(more.low), signed(more.high)
    if not apart(one.money, today.money):
        return "cannot be told apart", f"{low} to {high}", None
    return signed(more.value), "" if low == high == signed(more.value) else f"{low} to {high}", more.value


def _column(entries: Sequence[_Entry]) -> list[NumberCell]:
    """The cells, filled up so that the decimal points of numbers stand below each other."""
    decimals = max((len(text.partition(".")[2]) for text, _, value in entries if value is not None), default=0)
    return [NumberCell(text=text, pad=_pad(text, decimals, value), spread=s, value=value) for text, s, value in entries]


def _pad(text: str, decimals: int, value: float | None) -> str:
    own = text.partition(".")[2]
    return "" if value is None else ("" if own or not decimals else ".") + "0" * (decimals - len(own))
