"""The numbers of sentences on what the collector, live objects and threads cost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from recount.writing import TIME, lasts, three

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recount.cases import Case, Recount
    from recount.claims import Claims


def common(every: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What conditions that are held against each other may have in common that is not usual."""
    heaps = [f"{heap:,} live objects" for heap in {one["heap_objects"] for one in every} if heap]
    threads = [f"{count} threads" for count in {one["threads"] for one in every} if count > 1]
    yield from (*heaps, *threads, *(f"{heap} and {count}" for heap in heaps for count in threads))


def conditions(claims: Claims, run: Recount, payload: str, codec: str) -> None:
    """Holds each of these sentences against the cases that it is about.

    Args:
        claims: the text.
        run: the run.
        payload: whose sentences they are.
        codec: a pattern of all codecs' names.
    """
    lead = r"\b(?P<op>[A-Z]\w+)(?P<with> with [^:]*)?: "
    states = rf"\w+ {TIME}(?:, \w+ {TIME})*"
    collector = rf"the collector makes (?P<p1>p[\d.]+) of (?P<c1>{codec}) (?P<on>{TIME}); (?P<others>{states})\."
    alone = rf"with the collector (?P<states>{states}) is (?P<p2>p[\d.]+) of (?P<c2>{codec})\."
    heap = rf"(?P<p3>p[\d.]+) of (?P<c3>{codec}) is (?P<heaps>{TIME} with [^.]*(?:\.\d[^.]*)*)\."
    threads = (
        rf"(?P<rates>\d+ handle .*?) times as many objects a second with (?P<c4>{codec}) as (?P<fewest>\d+) threads?\."
    )
    for found in claims.each(f"{lead}(?:{collector}|{alone}|{heap}|{threads})"):
        name = next(found[group] for group in ("c1", "c2", "c3", "c4") if found[group])
        cases = run.of(payload=payload, operation=found["op"].lower(), codec=name)
        _held(claims, found, cases)


def _held(claims: Claims, found: re.Match[str], cases: Sequence[Case]) -> None:
    words = found["with"] or ""
    gc, heap, threads = (re.search(p, words) for p in (r"collector (\w+)", r"([\d,]+) live", r"(\d+) threads"))
    same = {
        "gc": gc[1] if gc else "on",
        "heap_objects": int(heap[1].replace(",", "")) if heap else 0,
        "threads": int(threads[1]) if threads else 1,
    }

    def own(varied: str) -> list[Case]:
        return [c for c in cases if all(c.conditions[key] == same[key] for key in same if key != varied)]

    if percentile := found["p1"] or found["p2"]:
        told = {
            c.conditions["gc"]: lasts(c.percentile(percentile).value) for c in own("gc") if c.percentile(percentile)
        }
        if found["on"]:
            claims.expect(found, on=told.pop("on"))
        states = ", ".join(f"{state} {ns}" for state, ns in told.items())
        claims.expect(found, **{"others" if found["on"] else "states": states})
    elif percentile := found["p3"]:
        known = [(c, c.percentile(percentile)) for c in own("heap_objects")]
        claims.expect(found, heaps=listed([f"{lasts(ns.value)} with {_alive(c)}" for c, ns in known if ns]))
    else:
        base, *others = [(c.threads, c.rate().value) for c in own("threads") if c.rate()]
        rates = [f"{count} handle {three(rate / base[1])}" for count, rate in others]
        claims.expect(found, rates=listed(rates), fewest=str(base[0]))


def listed(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _alive(case: Case) -> str:
    heap = case.conditions["heap_objects"]
    return f"{heap:,} live objects" if heap else "no live objects"
