"""The numbers of notes and facts: conditions, commands, calls, readings, and what a pass was made of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recount.cautions import cautions
from recount.pass_tables import shared
from recount.tables import difference, rounds, setting
from recount.writing import NUMBER, TIME, lasts, three, weighs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recount.cases import Calls, Case, Recount
    from recount.claims import Claims


def conditions(claims: Claims, run: Recount, payload: str) -> None:
    """What cases were measured under, word for word."""
    every = run.conditions(payload)
    claims.allow_texts(
        sorted([*map(setting, every), *(difference(one, every) for one in every)], key=len, reverse=True)
    )


def compressed(claims: Claims, run: Recount, payload: str) -> None:
    """Of how many messages sizes are, and under which compressors."""
    own = [one for case in run.of(payload=payload) for one in case.entry.get("sizes", [])]
    pairs = {f"{one['messages']:,} of {run.payloads[payload]['instances']:,} messages" for one in own}
    claims.allow_texts([*pairs, *(f"{one['method']} level {one['level']}" for one in own if one["level"])])


def command(claims: Claims, case: Case) -> None:
    """The options of a command that measures a case again."""
    asked = case.conditions
    own = not asked.get("instances_default", True)
    expected = {
        "budget": "10s",
        "seed": str(case.file["seed"]),
        "heap": str(asked.get("heap_objects", "")),
        "threads": str(asked.get("threads", "")),
        "instances": str(asked["instances"]) if own else "",
    }
    for name, value in expected.items():
        for found in claims.each(rf"--{name} (?P<value>\S+)"):
            claims.expect(found, value=value)


def facts(claims: Claims, label: str, case: Case, tail: str) -> None:
    """A line of what else is known of a case."""
    match label:
        case "empty call":
            floors = [lasts(case.floor(k)) for k in ("ns_per_call", "batch_ns_per_call", "clock_step_ns")]
            claims.expect_all([floor.split()[0] for floor in floors])
        case "calls":
            claims.expect_all(_counted(case))
        case "slowest calls" if case.tail:
            claims.expect_all(re.findall(NUMBER, tail.replace(case.codec, "")))
        case "slowest calls":
            cautions(claims, [case])
        case "message":
            sizes = case.encoded
            ends = [sizes["median"]] + (
                [sizes["min"], sizes["max"], sizes["mean"]] if sizes["min"] < sizes["max"] else []
            )
            claims.expect_all([_size(value) for value in ends])
        case "measure again":
            command(claims, case)


def _size(value: float) -> str:
    return weighs(value).split()[0]


def _counted(case: Case) -> list[str]:
    kept = rounds(case)
    shown = [len(kept)] * bool(kept) + [sum(kept)] * any(kept)
    counts = [case.total("calls") + case.total("overflow"), case.total("batch_calls"), *shown]
    counts += [case.total(key) for key in ("lead_in", "warm_up", "collections", "switches")]
    return [f"{n:,}" for n in counts]


def readings(claims: Claims, case: Case) -> None:
    """Half of the calls, the slowest, and how far single calls and batches agree."""
    if not case.merged.total:
        return
    _half(claims, case.merged)
    place = rf"(?:(?P<apart>{NUMBER}) % (?P<way>above|below)|at)"
    share = rf"(?:under (?P<least>{NUMBER})|(?P<share>{NUMBER})) % of it"
    for found in claims.each(rf"p50 lies {place} the typical time, an empty call is {share}"):
        off = case.percentile("p50").value / case.typical.value - 1
        of_it = 100 * case.floor("ns_per_call") / case.typical.value
        if found["apart"]:
            claims.expect(found, apart=f"{100 * abs(off):.2g}", way="above" if off > 0 else "below")
        if found["share"]:
            claims.expect(found, share=f"{of_it:.2g}" if of_it >= 0.1 else "")
        else:
            claims.expect(found, least="0.1" if of_it < 0.1 else "")


def _half(claims: Claims, calls: Calls) -> None:
    """From where to where the middle half of the calls lies; its unit is told once where both ends have one."""
    lower, upper = lasts(calls.at("0.25")), lasts(calls.at("0.75"))
    same = lower.split()[1] == upper.split()[1]
    half = f"about {lower}" if lower == upper else f"{lower.split()[0] if same else lower} to {upper}"
    for found in claims.each(rf"Half of the calls took (?P<half>.*?), the slowest (?P<slowest>{TIME})"):
        claims.expect(found, half=half, slowest=lasts(calls.ordered[-1]))


def passes(claims: Claims, label: str, cases: Sequence[Case]) -> None:
    """What the other passes found of a case; these share it."""
    match label:
        case "compressed" if sizes := shared(cases, "sizes"):
            claims.expect_all(
                [
                    n
                    for one in sizes
                    if one["level"]
                    for n in (str(one["level"]), _size(one["bytes_per_message"]["median"]))
                ]
            )
        case "memory" if one := shared(cases, "memory"):
            claims.expect_all(
                [
                    _size(one["peak_bytes"]["median"]),
                    _size(one["live_bytes"]["median"]),
                    three(one["tracked_per_result"]),
                    *([_size(one["new_bytes"]["median"])] if "new_bytes" in one else []),
                ]
            )
        case "cold start" if one := shared(cases, "cold_start"):
            claims.expect_all([lasts(one[f"{k}_ns"]["median"]).split()[0] for k in ("import", "bind", "first_call")])
        case "instructions" if one := shared(cases, "instructions"):
            claims.expect_all([f"{one:,.0f}"])
