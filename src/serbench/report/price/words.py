"""A bill in sentences: what switching saves, what it was reckoned with, and the formula with the numbers put in.

`renderers/templates/price.js` writes the same words; a test holds the two against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.compare.words import listed
from serbench.report.cells import grouped
from serbench.report.price.cost import Packed, Step, difference
from serbench.statistics.intervals import apart
from serbench.units import duration, significant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from serbench.report.price.cost import Cost, Figures, Inputs
    from serbench.statistics.estimates import Estimate, Missing

FORMULA = (
    (
        "cores",
        (
            "requests per second \u00d7 (messages decoded \u00d7 time to parse one + messages encoded \u00d7 "
            "(time to serialise one + time to compress one)) \u00f7 utilisation"
        ),
    ),
    (
        "GB out",
        "requests per second \u00d7 messages encoded \u00d7 bytes of one \u00d7 2,630,016 s \u00f7 10\u2079 bytes",
    ),
    ("money", "cores \u00d7 price of a core + GB out \u00d7 price of a GB"),
)
"""What is reckoned, in words."""

SHOWN = 5
"""As many codecs that cannot be told apart are named."""

NO_NUMBER = "\u2013"

MINUS = "\u2212"

TIMES = "\u00d7"

PER_CENT = "\u00a0%"

Priced = tuple["Figures", "Cost"]
"""A codec with what it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """A line of the formula: what it gives, in words, and with the numbers of one codec."""

    name: str
    words: str
    numbers: str


def three(value: float) -> str:
    """Three digits, with thin spaces."""
    return grouped(significant(value))


def plain(value: float) -> str:
    """What a reader entered: up to ten digits, no needless zeros."""
    text = significant(value, 10)
    return grouped(text.rstrip("0").rstrip(".") if "." in text else text)


def ends(number: Estimate, between: str) -> str:
    """Both ends; empty where there are none, and where three digits do not show them."""
    low, high = three(number.low), three(number.high)
    hidden = number.basis == "none" or low == high == three(number.value)
    return "" if hidden else f"{low}{between}{high}"


def with_ends(number: Estimate) -> str:
    """`12.3 (12.1 to 12.6)`."""
    own = ends(number, " to ")
    return f"{three(number.value)} ({own})" if own else three(number.value)


def signed(value: float) -> str:
    """`+1.20`, and a real minus."""
    sign = MINUS if value < 0 else "+" if value > 0 else ""
    return f"{sign}{three(abs(value))}"


def assumptions(inputs: Inputs, compression: str) -> str:
    """What a table was reckoned with."""
    return (
        f"{plain(inputs.rate)} requests per second, each with {_messages(inputs.decoded)} decoded and "
        f"{_messages(inputs.encoded)} encoded. A core costs {plain(inputs.core)} a month and is used to "
        f"{plain(inputs.utilisation)}{PER_CENT}; a GB out costs {plain(inputs.gigabyte)}; {compression}."
    )


def _messages(count: float) -> str:
    return f"{plain(count)} message{'s' * (count != 1)}"


def answer(ranked: Sequence[Priced], today: str, without: Mapping[str, str], inputs: Inputs) -> str:
    """What today's codec takes, what the cheapest saves, and who cannot be told apart from that one.

    Args:
        ranked: codecs with totals, cheapest first.
        today: the codec that is used today.
        without: codecs without a total, and why they have none.
        inputs: what was reckoned with.
    """
    if not ranked:
        return "No codec has all the parts that this takes; the table says what is missing."
    (first, best), *_ = ranked
    own = next((cost for figures, cost in ranked if figures.codec == today), None)
    if own is None:
        why = without.get(today, "it was not measured on this payload")
        cheapest = f"{first.codec}: {with_ends(best.money)} a month"
        return f"{today} has no total here: {why}. The cheapest with one is {cheapest}."
    texts = [
        (
            f"At {plain(inputs.rate)} requests per second {today} costs {with_ends(own.money)} a month: "
            f"{three(own.for_cores.value)} for cores and {three(own.for_gigabytes)} for GB out."
        ),
        _switch(first.codec, best, today, own, whole=not without),
    ]
    rest = [(f.codec, c.money, difference(c.money, best.money).basis) for f, c in ranked[1:] if f.codec != today]
    alike = [name for name, money, basis in rest if basis == "interval" and not apart(money, best.money)]
    unsure = [name for name, _, basis in rest if basis != "interval"]
    if alike:
        texts.append(f"{_named(alike)} cannot be told apart from {first.codec}.")
    if unsure:
        texts.append(f"There are too few workers to tell {_named(unsure)} from {first.codec}.")
    return " ".join(texts)


def _named(codecs: Sequence[str]) -> str:
    return listed(codecs) if len(codecs) <= SHOWN else f"{len(codecs)} others"


def _switch(first: str, best: Cost, today: str, own: Cost, *, whole: bool) -> str:
    """What switching saves, and where; `whole`: every codec has a total."""
    if first == today:
        return "No codec costs less." if whole else "No codec that has a total costs less."
    saved = difference(own.money, best.money)
    parts = (
        f"{_less(own.for_cores.value - best.for_cores.value, 'cores')} and "
        f"{_less(own.for_gigabytes - best.for_gigabytes, 'GB out')}"
    )
    if saved.basis != "interval":
        unsure = "there are too few workers to be sure of what is for cores"
        return f"{first} has the lowest total, {three(saved.value)} less ({parts}); {unsure}."
    if not apart(own.money, best.money):
        return f"{first} has the lowest total, which cannot be told apart from that of {today}."
    share = three(100 * saved.value / own.money.value)
    return f"Switching to {first} saves {with_ends(saved)} a month, {share}{PER_CENT} of it: {parts}."


def _less(saved: float, what: str) -> str:
    """`9.80 less for cores`."""
    return f"{three(abs(saved))} {'less' if saved > 0 else 'more'} for {what}" if saved else f"as much for {what}"


def formula(example: Priced | None, inputs: Inputs) -> tuple[Reckoned, ...]:
    """The formula, with the numbers of a codec that has a total; without numbers where none has."""
    numbers = _numbers(*example, inputs) if example else ("", "", "")
    return tuple(
        Reckoned(name=name, words=words, numbers=text) for (name, words), text in zip(FORMULA, numbers, strict=True)
    )


def _numbers(figures: Figures, cost: Cost, inputs: Inputs) -> tuple[str, str, str]:
    packed = figures.packed[inputs.compression]
    size, compress = (
        (plain(packed.bytes), duration(packed.ns)) if isinstance(packed, Packed) else (NO_NUMBER, NO_NUMBER)
    )
    rate, core, gigabyte = (plain(number) for number in (inputs.rate, inputs.core, inputs.gigabyte))
    decoded, encoded, utilisation = (plain(n) for n in (inputs.decoded, inputs.encoded, inputs.utilisation))
    cores, gigabytes = three(cost.cores.value), three(cost.gigabytes)
    parse, serialise = _time(figures.parse), _time(figures.serialise)
    ns = f"({decoded} {TIMES} {parse} + {encoded} {TIMES} ({serialise} + {compress}))"
    return (
        f"{rate}/s {TIMES} {ns} \u00f7 {utilisation}{PER_CENT} = {cores}",
        f"{rate}/s {TIMES} {encoded} {TIMES} {size} B {TIMES} 2,630,016 s \u00f7 10\u2079 B = {gigabytes}",
        f"{cores} {TIMES} {core} + {gigabytes} {TIMES} {gigabyte} = {three(cost.money.value)}",
    )


def _time(step: Step | Missing) -> str:
    return duration(step.ns.value) if isinstance(step, Step) else NO_NUMBER
