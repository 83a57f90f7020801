"""Blocks of single calls: how long collections and switches were in each call, and what is usual for an instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Int64s = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

_MOST_INSTANCES = 20_000
_VISITS = 3  # of an instance, before its usual time is known


class Block:
    """Calls made in a row, as `Tail.add` has them."""

    def __init__(self, times: Int64s, collections: Int64s, first: int) -> None:
        self.times, self.first = times, first
        self._edges = collections - times[0]  # since then: a float64 is exact for 104 days only
        lengths = self._edges[1::2] - self._edges[::2]
        self._until = np.stack((np.cumsum(lengths) - lengths, np.cumsum(lengths)), axis=1).ravel()

    def gc_ns(self, calls: Int64s) -> Floats:
        """How long collections took inside these calls."""
        return self._collected(self.times[2 * calls + 1]) - self._collected(self.times[2 * calls])

    def _collected(self, at: Int64s) -> Floats:
        """How long collections have taken until then, in ns."""
        return np.interp(at - self.times[0], self._edges, self._until) if len(self._edges) else np.zeros(len(at))

    def switches(self, marks: Int64s, instances: Instances) -> npt.NDArray[np.int32]:
        """Of each call, its involuntary switches."""
        switches = np.zeros(len(self.times) // 2, np.int32)
        made, up = marks[::2], np.diff(marks[1::2])
        for stretch in np.flatnonzero(up > 0).tolist():
            start, end = made[stretch : stretch + 2].tolist()
            if end > start:
                each, rest = divmod(int(up[stretch]), end - start)
                switches[start:end] += each
                if rest:
                    switches[start + self._longest(start, end, rest, instances)] += 1
        return switches

    def _longest(self, start: int, end: int, n: int, instances: Instances) -> Int64s:
        """Which calls of a stretch, from 0, are among its n longest parts; parts are calls and the time around them."""
        edges = self.times[max(2 * start - 1, 0) : 2 * end + 1]
        parts = np.diff(edges) - np.diff(self._collected(edges))
        before = min(start, 1)  # nothing is known of the time before a block
        calls = parts[before::2]  # a view
        usual = instances.usual(instances.of(self.first + np.arange(start, end)))
        calls -= np.where(np.isnan(usual), np.median(calls), usual)
        longest = np.argpartition(parts, -n)[-n:] - before
        found: Int64s = longest[longest % 2 == 0] // 2  # the odd ones lie between calls
        return found


class Instances:
    """The last times of every instance, ns: 16 of each, fewer where instances are many, none above 20,000."""

    def __init__(self, n: int) -> None:
        self._n = n
        self._depth = 0 if n > _MOST_INSTANCES else 16 if n <= 4096 else 4
        self._last = np.full(n * self._depth, np.inf, np.float32)
        self._begin = np.arange(n) * self._depth
        self._visits = np.zeros(n, np.int64)

    def of(self, calls: Int64s) -> Int64s:
        """The instances that calls of these numbers used."""
        numbers: Int64s = calls % self._n
        return numbers

    def add(self, ns: Int64s, first: int) -> None:
        """Takes in calls, of which the first used that instance, modulo their number."""
        done = max(0, len(ns) - self._n * self._depth)
        while done < len(ns) and self._depth:
            at = (first + done) % self._n
            chunk = ns[done : done + self._n - at]
            visited = slice(at, at + len(chunk))
            self._last[self._begin[visited] + self._visits[visited] % self._depth] = chunk
            self._visits[visited] += 1
            done += len(chunk)

    def usual(self, instances: Int64s) -> Floats:
        """The median of the last times of each; not a number where it is not known."""
        if not self._depth:
            return np.full(len(instances), np.nan)
        visits = np.minimum(self._visits[instances], self._depth)
        last = np.sort(self._last.reshape(self._n, self._depth)[instances], axis=1)
        middle = last[np.arange(len(instances)), (visits - 1) // 2].astype(np.float64)
        return np.where(visits >= _VISITS, middle, np.nan)

    def middle(self) -> float:
        """The median of all last times."""
        last = self._last[np.isfinite(self._last)]
        return float(np.median(last)) if len(last) else np.nan


def pick(ns: Int64s, n: int) -> tuple[Int64s, int]:
    """Which are the n slowest, or all, in no order; and the slowest of the others, -1 without others."""
    if len(ns) <= n:
        return np.arange(len(ns)), -1
    order = np.argpartition(ns, len(ns) - n)
    return order[len(ns) - n :], int(ns[order[: len(ns) - n]].max())
