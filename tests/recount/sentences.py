"""The numbers of the sentences above the tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recount.cases import LABELS
from recount.conditions import common, conditions
from recount.known import over
from recount.tables import difference, setting
from recount.writing import NUMBER, SIZE, TIME, lasts, three, times, weighs

if TYPE_CHECKING:
    from recount.cases import Case, Recount
    from recount.claims import Claims
    from recount.known import Known

OPERATIONS = "read|decode|load|encode|dump"


class Sentences:
    """The sentences of a run."""

    def __init__(self, run: Recount) -> None:
        self.run = run
        self.codec = "|".join(sorted(map(re.escape, run.codecs), key=len, reverse=True))

    def answers(self, claims: Claims, payload: str) -> None:
        """Who is fastest, smallest, and by how much; tails and conditions."""
        first = self.run.conditions(payload)[0]
        leads = list(claims.each(rf"To (?:parse|serialise) {re.escape(payload)} \((?P<op>{OPERATIONS}):[^)]*\)"))
        for n, lead in enumerate(leads):
            end = leads[n + 1].start() if n + 1 < len(leads) else len(claims.words)
            cases = {case.codec: case for case in self.run.of(payload=payload, operation=lead["op"], conditions=first)}
            self._ranking(claims, (lead.start(), end), cases)
        if leads:
            self._leaders(claims, payload, leads[0]["op"])
        every = self.run.conditions(payload)
        claims.allow_texts(f", {words}" for words in (setting(first), difference(first, every)) if words)
        claims.allow_texts(f" with {words}" for words in common(every))
        self._sizes(claims, payload)
        self._tails(claims, payload, first)
        conditions(claims, self.run, payload, self.codec)

    def _ranking(self, claims: Claims, span: tuple[int, int], cases: dict[str, Case]) -> None:
        known = {name: case.typical for name, case in cases.items() if case.typical}
        kind = rf"(?:(?P<coverage>{NUMBER}) % interval|range) of (?P<workers>\d+) workers"
        spread = rf"(?: \((?P<low>{TIME}) to (?P<high>{TIME}), {kind}\))?"
        how = r"(?: is fastest:| has the shortest typical time:| takes)"
        for found in claims.each(rf"(?P<codec>{self.codec}){how} (?P<ns>{TIME}) a message{spread}"):
            if span[0] <= found.start() < span[1]:
                self._time(claims, found, known[found["codec"]])
        between = r"(?:, the usual baseline of its format,)?(?: comes next and)?"
        ends = rf"(?: \((?P<low>{NUMBER}) to (?P<high>{NUMBER})\))?"
        pattern = (
            rf"(?P<codec>{self.codec}){between} takes (?P<value>{NUMBER}) times as long{ends} as (?P<best>{self.codec})"
        )
        for found in claims.each(pattern):
            if span[0] <= found.start() < span[1]:
                ratio = over(known[found["codec"]], known[found["best"]])
                claims.expect(found, value=three(ratio.value))
                if ratio.basis:
                    claims.expect(found, low=three(ratio.low), high=three(ratio.high))

    def _time(self, claims: Claims, found: re.Match[str], ns: Known) -> None:
        claims.expect(found, ns=lasts(ns.value))
        if ns.basis:
            claims.expect(found, low=lasts(ns.low), high=lasts(ns.high), workers=str(ns.workers))
        if ns.basis == "interval":
            claims.expect(found, coverage=f"{100 * ns.coverage:.3g}")

    def _leaders(self, claims: Claims, payload: str, operation: str) -> None:
        """Who is first under other conditions, which are told by what sets them apart."""
        every = self.run.conditions(payload)
        rows = {}
        for one in every[1:]:
            timed = [c for c in self.run.of(payload=payload, operation=operation, conditions=one) if c.typical]
            rows[difference(one, every)] = sorted(timed, key=lambda case: case.typical.value)
        for found in claims.each(rf"(?P<codec>{self.codec}) has the shortest typical time with (?P<settings>[^.]*)\."):
            led = [words for words, timed in rows.items() if len(timed) > 1 and timed[0].codec == found["codec"]]
            claims.expect(found, settings="; ".join(led))
        for found in claims.each(rf"(?P<codec>{self.codec}) takes (?P<taken>{TIME} with [^.]*(?:\.\d[^.]*)*)\."):
            alone = {words: timed[0] for words, timed in rows.items() if len(timed) == 1}
            own = {words: case.typical.value for words, case in alone.items() if case.codec == found["codec"]}
            claims.expect(found, taken="; ".join(f"{lasts(ns)} with {words}" for words, ns in own.items()))

    def _sizes(self, claims: Claims, payload: str) -> None:
        sizes = {case.codec: case.encoded["median"] for case in self.run.of(payload=payload) if case.encoded}
        smallest = min(sizes.values(), default=0)
        for found in claims.each(
            rf"(?:smallest {re.escape(payload)}:|writes {re.escape(payload)} in) (?P<size>{SIZE}) \(median\)"
        ):
            claims.expect(found, size=weighs(smallest))
        for found in claims.each(
            rf"(?P<codec>{self.codec}) writes (?P<size>{SIZE})(?:, (?P<times>{NUMBER}) times as much)?"
        ):
            claims.expect(found, size=weighs(sizes[found["codec"]]), times=three(sizes[found["codec"]] / smallest))

    def _tails(self, claims: Claims, payload: str, conditions: dict[str, object]) -> None:
        for found in claims.each(r"(?P<tail>[Tt]he slowest [^.]*(?:\.\d[^.]*)*\.)"):
            leads = re.findall(rf"\b({OPERATIONS.title()}): ", claims.words[: found.start()])
            codec = re.search(rf"% of ({self.codec}) \(", found["tail"])
            if codec:
                case = self.run.one(payload=payload, operation=leads[-1].lower(), codec=codec[1], conditions=conditions)
                claims.expect(found, tail=f"{found['tail'][0]}{tail_words(case)[1:]}")

    def doubts(self, claims: Claims) -> None:
        """How many cases are short of workers, calls or length; how many tails are the machine's."""
        own = [case for case in self.run.cases.values() if not case.entry.get("same_as")]
        timed = [case for case in own if case.typical]
        workers = [case.typical.workers for case in timed]
        few = [case for case in timed if not case.percentile("p99") and not case.tailless]
        kept = [one for one in self.run.file["rounds"] if not one.get("repeated")]
        disturbed = [one for one in kept if one.get("disturbance", {}).get("disturbed")]
        tails = [case for case in own if case.tail]
        counts = {
            "cases (?:has|have) fewer than 6 workers": (sum(n < 6 for n in workers), len(timed)),
            r"cases (?:has|have) fewer\. A": (len(few), len(timed)),
            "cases (?:is|are) too short": (sum(case.tailless for case in timed), len(timed)),
            "rounds (?:was|were) disturbed": (len(disturbed), len(kept)),
            "tails (?:is|are) the machine's": (sum(map(machines, tails)), len(tails)),
        }
        for words, (some, every) in counts.items():
            for found in claims.each(rf"(?P<some>\d+) of (?P<every>\d+) {words}"):
                claims.expect(found, some=str(some), every=str(every))
            for found in claims.each(rf"[Aa]ll (?P<every>\d+) {words}"):
                claims.expect(found, every=str(every) if some == every else "")
        for found in claims.each(r"(?P<single>\d+) of them (?:has|have) one worker"):
            claims.expect(found, single=str(workers.count(1)))


def machines(case: Case) -> bool:
    """Whether a steady call would have come half of the way from the median to the tail."""
    middle, start = case.percentile("p50"), case.tail["from_ns"]
    if case.steady_ns is None or start <= middle.value or uneven(case):
        return False
    return case.steady_ns - middle.value >= 0.5 * (start - middle.value)


def uneven(case: Case) -> bool:
    """Whether a steady call would have taken over twice what the slowest calls take at least."""
    return case.steady_ns is not None and case.steady_ns > 2 * case.tail["from_ns"]


def tail_words(case: Case) -> str:
    """`The slowest 0.1 % of orjson (57 calls from 30.7 us): 61 % preempted, ...`."""
    labels, count = case.tail, case.slowest
    shares = sorted(((labels[key], words) for key, words in LABELS.items() if labels[key]), key=lambda pair: -pair[0])
    parts = [f"{'under 1' if n / count < 0.005 else f'{100 * n / count:.0f}'} % {words}" for n, words in shares]
    steady = ""
    if case.steady_ns is not None:
        whose = ", so it is the machine's tail" if machines(case) else ""
        if uneven(case):
            whose = ": the machine's noise was not the same throughout, so whose tail it is cannot be told"
        steady = f"; a perfectly steady call would have taken {lasts(case.steady_ns)} there{whose}"
    calls = f"{times(count, 'call')} from {lasts(labels['from_ns'])}"
    return f"The slowest {100 * labels['share']:g} % of {case.codec} ({calls}): {', '.join(parts)}{steady}."
