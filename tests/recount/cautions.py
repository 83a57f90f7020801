"""The numbers of what is said of a number that is missing, or of one that should be read with care."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from recount.cases import share_of
from recount.known import extremes
from recount.tables import threads
from recount.writing import NUMBER, TIME, lasts

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence

    from recount.cases import Calls, Case
    from recount.claims import Claims

NEEDED = {"50": "20", "99": "1,000", "99.9": "10,000"}
"""Calls that earn a percentile."""

Groups = dict[str, str]


def cautions(claims: Claims, cases: Sequence[Case]) -> None:
    """Each of these sentences must be right for one of these cases, whole."""
    timed = [case for case in cases if case.measured and case.typical]
    for pattern, read in READERS.items():
        for found in claims.each(pattern):
            _among(claims, found, [groups for case in timed if (groups := read(case, found))])


def _among(claims: Claims, found: re.Match[str], expected: Sequence[dict[str, str]]) -> None:
    """One of these, whole."""
    own = {name: found[name] for name in found.groupdict()}
    claims.expect(found, **(own if own in expected else expected[0] if expected else dict.fromkeys(own, "")))


def _unearned(case: Case, found: re.Match[str]) -> Groups:
    return {"name": found["name"], "needed": NEEDED.get(found["name"], ""), "calls": f"{case.merged.total:,}"}


def _floors(case: Case, _: re.Match[str]) -> Groups:
    return {"ns": lasts(case.call_ns), "n": "20", "floor": lasts(case.floor("ns_per_call"))}


def _steps(case: Case, _: re.Match[str]) -> Groups:
    return {"ns": lasts(case.call_ns), "n": "40", "step": lasts(case.floor("clock_step_ns"))}


def _threads(case: Case, _: re.Match[str]) -> Groups:
    own = threads(case)
    return {"low": lasts(min(own)), "high": lasts(max(own))} if own else {}


def _watched(case: Case, _: re.Match[str]) -> Groups:
    middle, observed = case.percentile("p50"), case.file["noise"]["observed_ns"]
    if middle is None:
        return {}
    return {"watched": lasts(observed), "calls": f"{observed / middle.value:,.0f}", "ns": lasts(middle.value)}


def _differing(case: Case, _: re.Match[str]) -> Groups:
    ns = case.typical
    return {"factor": f"{ns.high / ns.low:.2g}", "low": lasts(ns.low), "high": lasts(ns.high)}


def _above(case: Case, _: re.Match[str]) -> Groups:
    p99 = case.percentile("p99")
    return {"typical": lasts(case.typical.value), "p99": lasts(p99.value)} if p99 else {}


def _outside(case: Case, found: re.Match[str]) -> Groups:
    """The ends as they were before they were widened."""
    name = f"p{found['name']}"
    values = case.earned(name)[0]
    if len(values) < 2:
        return {}
    low, high, _ = extremes(values)
    return {"name": found["name"], "ns": lasts(case.merged.at(share_of(name))), "low": lasts(low), "high": lasts(high)}


def _over(case: Case, _: re.Match[str]) -> Groups:
    return {"over": f"{case.total('overflow'):,}", "most": lasts(2**36 - 1)}


def _readings(case: Case, _: re.Match[str]) -> Groups:
    gaps = [_gap(w, c) for w, c in zip(case.workers, case.own, strict=True) if w["ns_per_call"] and c.total]
    return {
        "single": lasts(median(calls.at("0.5") for calls in case.own if calls.total)),
        "batch": lasts(case.typical.value),
        "floor": lasts(case.floor("ns_per_call")),
        "gap": lasts(abs(median(gaps))),
    }


def _gap(worker: dict, calls: Calls) -> float:
    batch, middle = median(worker["ns_per_call"]), calls.at("0.5")
    mean = sum(ns * n for ns, n in calls.counts.items()) / calls.total
    above, below = batch - max(middle, mean), batch - (min(middle, mean) - worker["floor"]["ns_per_call"])
    return max(above, 0.0) + min(below, 0.0)


READERS: dict[str, Callable[[Case, re.Match[str]], Groups]] = {
    rf"p(?P<name>[\d.]+) takes (?P<needed>{NUMBER}) calls and there are (?P<calls>{NUMBER});": _unearned,
    rf"a call of (?P<ns>{TIME}) is shorter than (?P<n>20) floors \(an empty call reads (?P<floor>{TIME})\)": _floors,
    rf"a call of (?P<ns>{TIME}) is shorter than (?P<n>40) steps of the clock \((?P<step>{TIME}) each\)": _steps,
    rf"times lie between (?P<low>{TIME}) and (?P<high>{TIME})": _threads,
    rf"watched for (?P<watched>{TIME}), in which only (?P<calls>{NUMBER}) calls of (?P<ns>{TIME}) fit": _watched,
    rf"Workers differ by a factor of (?P<factor>{NUMBER}) \((?P<low>{TIME}) to (?P<high>{TIME})\)": _differing,
    rf"The typical time \((?P<typical>{TIME})\) lies above p99 \((?P<p99>{TIME})\)": _above,
    rf"p(?P<name>[\d.]+) of all calls together is (?P<ns>{TIME}), outside .*? "
    rf"\((?P<low>{TIME}) to (?P<high>{TIME})\)": _outside,
    rf"(?P<over>{NUMBER}) calls took over (?P<most>{TIME})": _over,
    rf"One by one the middle call takes (?P<single>{TIME}), in batches a call takes (?P<batch>{TIME}); the floor "
    rf"\((?P<floor>{TIME})\) and the skew of the calls leave (?P<gap>{TIME}) unexplained": _readings,
}
"""Sentences, and what their numbers are for a case; nothing where it can have no such sentence."""
