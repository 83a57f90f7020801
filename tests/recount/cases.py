"""The numbers of a case, worked out again from the objects of `run.json`: medians, percentiles, order statistics."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from math import ceil
from statistics import median
from typing import Any

from recount.known import Known, spread
from serbench.histogram import Histogram
from serbench.statistics.steady import steady_curve

NEEDED = {"p50": 20, "p90": 100, "p99": 1_000, "p99.9": 10_000, "p99.99": 100_000}
"""Calls that earn a percentile: ten are expected beyond it."""


def share_of(name: str) -> str:
    """`p99.9` as an exact share."""
    return str(Fraction(name[1:]) / 100)


class Calls:
    """Counted times, ns."""

    def __init__(self, *counted: Counter[int]) -> None:
        self.counts: Counter[int] = Counter()
        for one in counted:
            self.counts.update(one)
        self.total = self.counts.total()

    @classmethod
    def decode(cls, blob: str) -> Calls:
        """Those of a histogram in `run.json`."""
        values, counts = Histogram.decode(blob).values_counts()
        return cls(Counter(dict(zip(values.tolist(), counts.tolist(), strict=True))))

    @cached_property
    def ordered(self) -> list[int]:
        """The times that there are."""
        return sorted(self.counts)

    @cached_property
    def _passed(self) -> list[int]:
        return list(accumulate(self.counts[ns] for ns in self.ordered))

    def at(self, share: str) -> int:
        """The smallest time at or below which at least that share lies, `0.99`."""
        return self.ordered[bisect_left(self._passed, max(1, ceil(Fraction(share) * self.total)))]


class Case:
    """A measurement that holds its own numbers, or the one that it is the same as."""

    def __init__(self, entry: dict[str, Any], source: dict[str, Any], file: dict[str, Any]) -> None:
        self.entry, self.source, self.file = entry, source, file
        about = entry["case"]
        self.id, self.codec, self.payload = about["id"], about["codec"], about["payload"]
        self.operation, self.conditions = about["operation"], about["conditions"]
        self.workers = source.get("workers", [])
        self._known: dict[str, Known | None] = {}
        self.measured = entry["status"] == "measured" and bool(self.workers)

    @cached_property
    def typical(self) -> Known | None:
        """The median over workers of their median batch mean."""
        own = [median(worker["ns_per_call"]) for worker in self.workers if worker["ns_per_call"]]
        calls = sum(worker["batch_calls"] for worker in self.workers)
        return spread(median(own), own, calls) if self.measured and own else None

    @cached_property
    def own(self) -> list[Calls]:
        """The single calls of each worker."""
        return [Calls.decode(worker["histogram"]) for worker in self.workers]

    @cached_property
    def merged(self) -> Calls:
        """The single calls of all workers."""
        return Calls(*(one.counts for one in self.own))

    def floor(self, key: str) -> float:
        """What an empty call reads, median over workers."""
        return median(worker["floor"][key] for worker in self.workers)

    def total(self, key: str) -> int:
        """A count of all workers together; what is absent is 0."""
        return sum(worker.get(key, 0) for worker in self.workers)

    @cached_property
    def call_ns(self) -> float | None:
        """How long a call is held to be: the typical time, or the median of single calls where that is less."""
        single = float(self.merged.at("0.5")) if self.merged.total else math.inf
        return min(self.typical.value, single) if self.typical else None

    @cached_property
    def tailless(self) -> bool:
        """Whether a call is too short to be read by itself: under 20 floors or 40 steps of the clock."""
        short = max(20 * self.floor("ns_per_call"), 40 * self.floor("clock_step_ns"))
        return self.call_ns is not None and self.call_ns < short

    def percentile(self, name: str) -> Known | None:
        """`p99.9` of all calls, with what workers that have earned it say, or groups of them; None if not earned."""
        if name not in self._known:
            self._known[name] = self._percentile(name)
        return self._known[name]

    def _percentile(self, name: str) -> Known | None:
        if not self.measured or self.tailless or self.merged.total < NEEDED[name]:
            return None
        values, each = self.earned(name)
        return spread(float(self.merged.at(share_of(name))), values, self.merged.total, each)

    def earned(self, name: str) -> tuple[list[float], int]:
        """That percentile of the workers that have earned it alone, or of groups of so many where these are more."""
        needed, share = NEEDED[name], share_of(name)
        alone = [float(one.at(share)) for one in self.own if one.total >= needed]
        for size in range(2, len(self.own) // 2 + 1) if len(alone) < 6 else ():
            count = len(self.own) // size
            groups = [Calls(*(one.counts for one in self.own[n::count])) for n in range(count)]
            if count > len(alone) and all(group.total >= needed for group in groups):
                return [float(group.at(share)) for group in groups], size
        return alone, 1

    @property
    def encoded(self) -> dict[str, Any] | None:
        """Its sizes."""
        return self.source.get("encoded_bytes")

    @property
    def threads(self) -> int:
        """That call at once."""
        return int(self.conditions.get("threads", 1))

    def rate(self, amount: float = 1.0) -> Known | None:
        """How much a second, all threads together."""
        if self.typical is None:
            return None
        each, ns = amount * self.threads * 1e9, self.typical
        return ns.of(each / ns.value, each / ns.high, each / ns.low)

    @cached_property
    def tail(self) -> dict[str, Any] | None:
        """The labels of its slowest calls, where p99 is earned."""
        labels = self.source.get("labels")
        return labels if labels and self.percentile("p99") and sum(labels[k] for k in LABELS) else None

    @property
    def slowest(self) -> int:
        """How many slow calls have a label."""
        return sum(self.tail[key] for key in LABELS) if self.tail else 0

    @cached_property
    def steady_ns(self) -> float | None:
        """What a steady call of its median would have shown where its slowest calls begin; None if not watched."""
        noise, middle = self.file.get("noise"), self.percentile("p50")
        if not (noise and middle and self.tail):
            return None
        watched = Histogram.decode(noise["histogram"])
        found = steady_curve(watched, noise["observed_ns"], middle.value, [1 / self.tail["share"]])
        return found[0] if found else None


LABELS = {"gc": "collector", "preempted": "preempted", "instance": "larger messages", "other": "unexplained"}
"""The labels of slow calls, in words."""


class Recount:
    """All cases of a run, and how they are grouped."""

    def __init__(self, file: dict[str, Any]) -> None:
        self.file = file
        by_id = {entry["case"]["id"]: entry for entry in file["measurements"]}
        self.cases = {name: Case(entry, by_id[entry.get("same_as", name)], file) for name, entry in by_id.items()}
        self.codecs = [codec["name"] for codec in file["codecs"]]
        self.payloads = {payload["name"]: payload for payload in file["payloads"]}

    def of(self, **about: Any) -> list[Case]:
        """The cases of that payload, codec, operation, conditions, in the order of the file."""
        return [
            case for case in self.cases.values() if all(getattr(case, key) == value for key, value in about.items())
        ]

    def one(self, **about: Any) -> Case | None:
        """The first of them."""
        return next(iter(self.of(**about)), None)

    def conditions(self, payload: str) -> list[dict[str, Any]]:
        """Those of a payload, in the order of the file."""
        found: list[dict[str, Any]] = []
        for case in self.of(payload=payload):
            found += [case.conditions] if case.conditions not in found else []
        return found

    def best(self, rows: list[Case]) -> Case | None:
        """The one of the shortest typical time."""
        timed = [case for case in rows if case.typical]
        return min(timed, key=lambda case: case.typical.value, default=None)


def ranking(own: dict[str, list[Case]]) -> str:
    """Of operations in their order, the one that ranks: the first with a number that stands in for no other."""
    there = {name: cases for name, cases in own.items() if cases}
    asked = [name for name, cases in there.items() if not any(_stands_in(cases, others) for others in there.values())]
    return next((name for name in asked if any(case.typical for case in there[name])), next(iter(asked), ""))


def _stands_in(cases: list[Case], others: list[Case]) -> bool:
    return len(cases) < len(others) and {case.id for case in cases} <= {case.entry.get("same_as") for case in others}
