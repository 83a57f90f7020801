"""Bills as a page shows them, and the figures that they are reckoned from again in a reader's browser."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.report.price.cells import columns
from serbench.report.price.cost import Cost, Inputs, Packed, Step, cost
from serbench.report.price.words import answer, assumptions, formula
from serbench.statistics.intervals import apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.report.price.cost import Figures
    from serbench.report.price.offers import Method, Offer, Prices
    from serbench.report.price.words import Reckoned
    from serbench.report.results import NumberCell
    from serbench.statistics.estimates import Missing

LEGEND = (
    (
        "In small: from the lower to the upper ends of the times' intervals, carried through. It is left out where "
        "three digits do not show it. With fewer than six workers it is a range, no interval, and nothing can be told "
        "apart."
    ),
    "cannot be told apart: the intervals of the two totals overlap.",
)
"""How to read a bill."""

LEFT_OUT = (
    (
        "Only serialization is reckoned: no other work of a service, no network, none of the processor time that the "
        "network takes, no latency. Messages that come in cost no money by the GB."
    ),
    "Headroom is the utilisation: there are so many cores that each is busy for that share of the time.",
    "Compressing a message counts as processor time of its sender. Decompressing is not measured and not counted.",
    (
        "A size is the mean over the payload's messages, without headers and encryption; a compressing time is the "
        "median. Neither has an interval."
    ),
    (
        "GB are 10\u2079 bytes; a month is 30.44 days of 86,400 s. Money is in the unit of the prices. Numbers are "
        "shown with three digits and reckoned with all."
    ),
)
"""What is not in a bill, and what it takes for granted."""

_BASES = ("none", "range", "interval")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """An input: its name, label, what it is when nothing is entered, and from where to where it may be."""

    name: str
    label: str
    usual: str
    low: str
    high: str


FIELDS = (
    Field(name="rate", label="Requests per second", usual="20000", low="0", high="1000000000"),
    Field(name="decoded", label="Messages decoded per request", usual="1", low="0", high="1000"),
    Field(name="encoded", label="Messages encoded per request", usual="1", low="0", high="1000"),
    Field(name="core", label="Price per core-month", usual="30", low="0", high="1000000"),
    Field(name="gigabyte", label="Price of a GB out", usual="0.09", low="0", high="1000000"),
    Field(name="utilisation", label="Core utilisation, %", usual="50", low="1", high="100"),
)
"""What a reader can enter, in the order of a page; the usual ones are those of `Inputs`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A codec: cores, GB, money and difference; or, without cells, why there is no total.

    Attributes:
        codec: its name.
        today: whether it is the one used today.
        cheapest: whether its total is apart from all others and below them.
        cells: cores, GB out, money, difference; empty without a total.
        reason: why there is none.
    """

    codec: str
    today: bool
    cheapest: bool = False
    cells: tuple[NumberCell, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A payload under some inputs.

    Attributes:
        payload: its name.
        assumptions: the inputs in words.
        answer: what switching saves.
        today: the codec that the others are held against.
        lines: cheapest first; those without a total last.
        notes: what a reader has to know of some codecs' figures.
        basis: which times these are.
        example: whose numbers stand in the formula; empty where no codec has a total.
        formula: in words and with that one's numbers.
    """

    payload: str
    assumptions: str
    answer: str
    today: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    basis: tuple[str, ...]
    example: str
    formula: tuple[Reckoned, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceView:
    """The part of a page.

    Attributes:
        bills: of each payload, with the usual inputs.
        fields: what can be entered.
        methods: compressions, by name and in words.
        codecs: all that can be the one used today.
        today: the one that is, usually.
        legend: how to read a bill.
        left_out: what is not in it.
        data: the figures as JSON that may stand in a script element.
    """

    bills: tuple[Bill, ...]
    fields: tuple[Field, ...]
    methods: tuple[tuple[str, str], ...]
    codecs: tuple[str, ...]
    today: str
    legend: tuple[str, ...]
    left_out: tuple[str, ...]
    data: str


def price_view(prices: Prices) -> PriceView:
    """Everything a page shows before anything is entered, and what a browser needs for the rest."""
    machine = f" ({prices.machine})" if prices.machine else ""
    where = f"The machine is the one that was measured{machine}; a core that is rented may be another one."
    return PriceView(
        bills=tuple(bill(offer, prices, Inputs(), prices.today) for offer in prices.offers),
        fields=FIELDS,
        methods=tuple((method.name, method.words) for method in prices.methods),
        codecs=prices.codecs,
        today=prices.today,
        legend=LEGEND,
        left_out=(*LEFT_OUT[:1], where, *LEFT_OUT[1:]),
        data=_data(prices.offers, prices.methods),
    )


def bill(offer: Offer, prices: Prices, inputs: Inputs, today: str) -> Bill:
    """A payload's codecs under these inputs, held against the codec that is used today."""
    costs = [(figures, cost(figures, inputs)) for figures in offer.figures]
    ranked = sorted(((f, c) for f, c in costs if isinstance(c, Cost)), key=lambda pair: pair[1].money.value)
    without = {f.codec: c.reason for f, c in costs if not isinstance(c, Cost)}
    own = next((c for f, c in ranked if f.codec == today), None)
    example = next((pair for pair in ranked if pair[0].codec == today), next(iter(ranked), None))
    clear = len(ranked) > 1 and all(apart(c.money, ranked[0][1].money) for _, c in ranked[1:])
    made = zip(*columns([c for _, c in ranked], own), strict=True)
    lines = [
        Line(codec=f.codec, today=f.codec == today, cheapest=clear and n == 0, cells=cells)
        for n, ((f, _), cells) in enumerate(zip(ranked, made, strict=True))
    ]
    words = next(method.words for method in prices.methods if method.name == inputs.compression)
    return Bill(
        payload=offer.payload,
        assumptions=assumptions(inputs, words),
        answer=answer(ranked, today, without, inputs),
        today=today,
        lines=(*lines, *(Line(codec=n, today=n == today, reason=why) for n, why in without.items())),
        notes=offer.notes,
        basis=offer.basis,
        example=example[0].codec if example else "",
        formula=formula(example, inputs),
    )


def _data(offers: Sequence[Offer], methods: Sequence[Method]) -> str:
    """Compact: a step is a list of ns, its ends and its basis, a packed message one of bytes and ns, else a reason."""
    names = [method.name for method in methods]
    told = [
        {"name": o.payload, "basis": o.basis, "notes": o.notes, "figures": [_figures(f, names) for f in o.figures]}
        for o in offers
    ]
    about: dict[str, Any] = {"methods": [[m.name, m.words] for m in methods], "payloads": told}
    return json.dumps(about, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _figures(figures: Figures, methods: Sequence[str]) -> list[Any]:
    return [
        figures.codec,
        _step(figures.parse),
        _step(figures.serialise),
        [_packed(figures.packed[name]) for name in methods],
    ]


def _step(step: Step | Missing) -> list[float] | str:
    if isinstance(step, Step):
        return [step.ns.value, step.ns.low, step.ns.high, _BASES.index(step.ns.basis)]
    return step.reason


def _packed(packed: Packed | Missing) -> list[float] | str:
    return [packed.bytes, packed.ns] if isinstance(packed, Packed) else packed.reason
