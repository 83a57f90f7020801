"""Bills, reckoned again from times and sizes with the usual inputs of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recount.known import Known, apart
from recount.tables import NOTHING, Cell
from recount.writing import lasts, parted, three

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recount.cases import Case, Recount

RATE, DECODED, ENCODED, CORE, GIGABYTE, UTILISATION = 20_000, 1, 1, 30, 0.09, 50
"""What the page reckons with before anything is entered; it says so above each bill."""

MONTH = 2_630_016
"""Seconds: 30.44 days of 86,400."""

ASSUMED = (
    f"{parted(str(RATE))} requests per second, each with {DECODED} message decoded and {ENCODED} message encoded. "
    f"A core costs {CORE} a month and is used to {UTILISATION}\u00a0%; a GB out costs {GIGABYTE};"
)


@dataclass(frozen=True, slots=True)
class Bill:
    """What a codec takes on a payload a month, and of what it is made."""

    codec: str
    parse: Known
    serialise: Known
    size: float
    cores: Known
    gigabytes: float
    money: Known


def bills(run: Recount, payload: str) -> dict[str, Bill]:
    """Of each codec that has all that it takes."""
    every = run.conditions(payload)
    usual = next((one for one in every if _usual(one)), every[0])
    found = (_bill(run.of(payload=payload, codec=codec, conditions=usual)) for codec in run.codecs)
    return {bill.codec: bill for bill in found if bill}


def _usual(conditions: dict[str, object]) -> bool:
    asked = (
        conditions["gc"],
        conditions.get("instances_default", True),
        conditions["heap_objects"],
        conditions["threads"],
    )
    return asked == ("on", True, 0, 1)


def _bill(own: list[Case]) -> Bill | None:
    by_operation = {case.operation: case for case in own}
    parse = _first(by_operation, "read", "load", "decode")
    serialise = _first(by_operation, "dump", "encode")
    sizes = [case.encoded["mean"] for case in own if case.encoded]
    if not (parse and serialise and sizes):
        return None
    weakest = min(parse, serialise, key=lambda known: ("", "range", "interval").index(known.basis)).basis
    cores = [
        RATE * (DECODED * getattr(parse, end) + ENCODED * getattr(serialise, end)) / 1e9 / (UTILISATION / 100)
        for end in (("value", "low", "high") if weakest else ("value",) * 3)
    ]
    used = Known(value=cores[0], low=cores[1], high=cores[2], basis=weakest)
    gigabytes = RATE * ENCODED * sizes[0] * MONTH / 1e9
    money = [number * CORE + gigabytes * GIGABYTE for number in cores]
    total = Known(value=money[0], low=money[1], high=money[2], basis=weakest)
    return Bill(own[0].codec, parse, serialise, sizes[0], used, gigabytes, total)


def _first(cases: dict[str, Case], *operations: str) -> Known | None:
    return next((cases[name].typical for name in operations if name in cases and cases[name].typical), None)


def more(one: Known, other: Known) -> Known:
    """How much more, with the furthest and the nearest that both can be from each other."""
    basis = "" if "" in (one.basis, other.basis) else "range" if "range" in (one.basis, other.basis) else "interval"
    value = one.value - other.value
    low, high = (one.low - other.high, one.high - other.low) if basis else (value, value)
    return Known(value=value, low=low, high=high, basis=basis)


def signed(value: float) -> str:
    """With a plus or a real minus."""
    sign = "\u2212" if value < 0 else "+" if value > 0 else ""
    return f"{sign}{parted(three(abs(value)))}"


def ends(known: Known, between: str) -> str:
    """Both ends; nothing where three digits do not show them."""
    value, low, high = (parted(three(number)) for number in (known.value, known.low, known.high))
    return "" if not known.basis or low == high == value else f"{low}{between}{high}"


def cell(bill: Bill, today: Bill | None, head: str) -> Cell:
    """A cell of a bill."""
    if head in ("cores", "money"):
        known = {"cores": bill.cores, "money": bill.money}[head]
        return Cell(parted(three(known.value)), ends(known, "\u2013"), value=known.value)
    if head == "GB out":
        return Cell(parted(three(bill.gigabytes)), value=bill.gigabytes)
    return NOTHING if today is None or bill is today else _against(more(bill.money, today.money), bill, today)


def _against(change: Known, bill: Bill, today: Bill) -> Cell:
    """How much more than today, as far as that can be told."""
    low, high, value = map(signed, (change.low, change.high, change.value))
    if change.basis != "interval":
        return Cell(value, "", value=change.value)
    if not apart(bill.money, today.money):
        return NOTHING if change.low == change.high == 0 else Cell("", f"{low} to {high}")
    return Cell(value, "" if low == high == value else f"{low} to {high}", value=change.value)


def answer(every: dict[str, Bill], today: str) -> Iterator[str]:
    """The numbers of the sentence above a bill, in their order."""
    if not every:
        return
    best, own = min(every.values(), key=lambda bill: bill.money.value), every.get(today)
    if own is None:
        yield from with_ends(best.money)
        return
    yield parted(str(RATE))
    yield from with_ends(own.money)
    yield from (parted(three(own.cores.value * CORE)), parted(three(own.gigabytes * GIGABYTE)))
    saved = more(own.money, best.money)
    if best is own:
        return
    parts = ((own.cores.value - best.cores.value) * CORE, (own.gigabytes - best.gigabytes) * GIGABYTE)
    told = [parted(three(abs(part))) for part in parts if part]
    if saved.basis != "interval":
        yield from (parted(three(saved.value)), *told)
    elif apart(own.money, best.money):
        yield from with_ends(saved)
        yield from (parted(three(100 * saved.value / own.money.value)), *told)


def with_ends(known: Known) -> Iterator[str]:
    """A number and, where they show, its ends."""
    yield parted(three(known.value))
    yield from filter(None, ends(known, " to ").split(" to "))


def formula(bill: Bill) -> list[str]:
    """The three lines of the formula with the numbers of a codec."""
    cores, gigabytes, rate = parted(three(bill.cores.value)), parted(three(bill.gigabytes)), parted(str(RATE))
    size = parted(f"{bill.size:.10g}")
    times = f"{DECODED} \u00d7 {lasts(bill.parse.value)} + {ENCODED} \u00d7 ({lasts(bill.serialise.value)} + 0 ns)"
    return [
        f"{rate}/s \u00d7 ({times}) \u00f7 {UTILISATION}\u00a0% = {cores}",
        f"{rate}/s \u00d7 {ENCODED} \u00d7 {size} B \u00d7 2,630,016 s \u00f7 10\u2079 B = {gigabytes}",
        f"{cores} \u00d7 {CORE} + {gigabytes} \u00d7 {GIGABYTE} = {parted(three(bill.money.value))}",
    ]
