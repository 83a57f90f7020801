"""What the slowest calls were: facts are noted as calls are made, and each call has one label when it is asked for.

What a call took beyond the case's median is explained by the first of these that accounts for at least half of it.

* `gc`: the time that collections took inside the call, less what they take inside a usual call. Less, because in every
  call on a large document some run; usual is the median of sampled calls, for a mean would be made by the tail itself.
* `preempted`: the call has more involuntary switches than a usual one, and what neither collector nor instance account
  for is at least half. Switches are counted per stretch of calls, and go to those parts of it that are longest beyond
  the usual of their instance and their collections; the time between calls is such a part. A stretch of one call has
  all of its switches: where calls are long, a usual one has some as well.
* `instance`: on a log scale, as sizes are factors: the median of its instance's last calls over that of all instances,
  both in this worker, or else a slow process would pass for large messages. Not known below three calls of an instance
  (one would explain itself) or above 20,000 instances; then it explains nothing.
* `other`: none of these. Where the system counts no switches, preempted calls are among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from serbench.histogram import HIGHEST_NS
from serbench.records.samples import Labels, SlowCalls
from serbench.statistics.percentiles import needed_calls

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from serbench.histogram import Histogram
    from serbench.records.samples import WorkerSamples

    Int64s = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

LETTERS = "gpio"
"""Of the labels: collector, preempted, instance, other."""

TIMELINE = 48
"""The most calls in a `SlowCalls`."""

_ROOM = 20_000  # candidates of a live worker; when they are more, the slowest half stays
_LEAST = 1_000  # slowest calls in a summary, or 1 % of the worker's calls, whichever is more
_SAMPLED = 64, 1024  # calls of a block, and the last ones of a worker, whose usual collections and switches are known
_MOST_INSTANCES = 20_000
_VISITS = 3  # of an instance, before its usual time is known
_FACTS = np.dtype([("at_ns", "i8"), ("ns", "i8"), ("gc_ns", "f4"), ("switches", "i4"), ("instance", "i4")])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Slowest:
    """The slowest calls of a worker, in the order of time: all that took longer than `beyond_ns`, and maybe others.

    Attributes:
        beyond_ns: the slowest call that is not here; -1 where all are.
        at_ns: start of each, since the worker's first single call; shape (calls,).
        ns: how long it took.
        labels: where its letter stands in `LETTERS`.
    """

    beyond_ns: int
    at_ns: Int64s
    ns: Int64s
    labels: npt.NDArray[np.int8]

    def timeline(self) -> SlowCalls:
        """At most `TIMELINE` of them, the slowest."""
        picked = np.sort(_pick(self.ns, TIMELINE)[0])
        letters = "".join(LETTERS[label] for label in self.labels[picked])
        return SlowCalls(at_ns=tuple(self.at_ns[picked].tolist()), ns=tuple(self.ns[picked].tolist()), labels=letters)


def recalled(samples: WorkerSamples) -> Slowest:
    """What the record of a worker still knows of its slowest calls, as in a run that was resumed."""
    slow = samples.slow
    whole = samples.calls + samples.overflow <= len(slow.ns)
    beyond_ns = -1 if whole else min(slow.ns, default=HIGHEST_NS)
    labels = np.array([LETTERS.index(letter) for letter in slow.labels], np.int8)
    return Slowest(
        beyond_ns=beyond_ns, at_ns=np.array(slow.at_ns, np.int64), ns=np.array(slow.ns, np.int64), labels=labels
    )


def labels(workers: Sequence[Slowest], merged: Histogram) -> Labels | None:
    """What a case's slowest calls were: 0.1 % of them from 10,000 calls on, 1 % from 1,000 on.

    All calls count that lie in the bucket of that percentile or a higher one, as in the histogram. They are all known
    where no worker holds more of them than its summary does: 1 % of its calls, and 1,000. So for ten workers with
    equally many calls, or fewer, or a million calls in all, they are, even if one worker holds them all. Where some
    are not, `from_ns` is raised to the first bucket above which all are, rather than guessing what the others were.

    After a run was resumed, ask with the `recalled` workers first, and if that is None with the workers of this
    sitting alone: share and `from_ns` are then theirs.

    Args:
        workers: of each, the slowest calls.
        merged: all calls of these workers and no others.

    Returns:
        None with fewer calls, or where less than half of the share is known.

    Raises:
        ValueError: the histogram is not that of these workers.
    """
    share = 0.001 if merged.total >= needed_calls(0.999) else 0.01
    if merged.total < needed_calls(0.99):
        return None
    values, counts = merged.values_counts()
    lower = np.concatenate(([-1], values[:-1]))  # a call is in a bucket or above if it took longer than this
    wanted = np.searchsorted(values, merged.percentile(1 - share))
    bucket = max(int(wanted), int(np.searchsorted(lower, max(worker.beyond_ns for worker in workers))))
    calls = int(counts[bucket:].sum())
    if 2 * calls < share * merged.total:
        return None
    found = np.zeros(len(LETTERS), np.int64)
    for worker in workers:
        slow = (worker.ns > lower[bucket]) & (worker.ns <= HIGHEST_NS)
        found += np.bincount(worker.labels[slow], minlength=len(LETTERS))
    if found.sum() != calls:
        raise ValueError(f"{found.sum()} slow calls of these workers and {calls} in the histogram")
    gc, preempted, instance, other = found.tolist()
    return Labels(share=share, from_ns=int(values[bucket]), gc=gc, preempted=preempted, instance=instance, other=other)


class Tail:
    """The slowest calls of a live worker: of up to a million calls at least 1 %, of more calls 10,000 of them.

    Args:
        instances: over how many the case rotates.

    Attributes:
        calls: single calls so far.
        collections: collections that ran meanwhile.
        collection_ns: how long they took.
        switches: involuntary context switches meanwhile.
    """

    def __init__(self, instances: int) -> None:
        self.calls = self.collections = self.collection_ns = self.switches = 0
        self._start_ns = 0
        self._beyond_ns = -1
        self._collected_until = 0
        self._room = np.empty(_ROOM, _FACTS)  # 560 kB, but only those pages that are written to
        self._known = self._room[:0]
        self._usual = np.zeros((2, 0))
        self._instances = _Instances(instances)

    def add(self, times: Int64s, marks: Int64s, collections: Int64s, first: int) -> Int64s:
        """Takes in a block.

        Args:
            times: start and end of each call, ns of a monotonic clock, alternating; shape (2 calls,).
            marks: calls made so far and involuntary switches of the thread so far, alternating; the first pair is from
                before the first call, then one follows every stretch. May be empty.
            collections: start and end of each collection, alternating, in the order of time, same clock; those before
                the first call or after the last one are left out.
            first: call i used instance (first + i) mod instances.

        Returns:
            ns of each call; shape (calls,).
        """
        ns: Int64s = times[1::2] - times[::2]
        if not len(ns):
            return ns
        self._start_ns = self._start_ns if self.calls else int(times[0])
        self.calls += len(ns)
        self._count(collections, int(times[0]), int(times[-1]))
        self.switches += int(marks[-1] - marks[1]) if len(marks) else 0
        block = _Block(times, collections, first)
        switches = block.switches(marks, self._instances)
        sampled = np.arange(0, len(ns), -(-len(ns) // _SAMPLED[0]))
        usual = np.stack((block.gc_ns(sampled), switches[sampled]))
        self._usual = np.concatenate((self._usual, usual), axis=1)[:, -_SAMPLED[1] :]
        slow = np.flatnonzero(ns > self._beyond_ns)
        if len(slow) > _ROOM:
            slow = slow[self._cut(ns[slow])]
        self._note(block, slow, switches[slow])
        self._instances.add(ns, first)
        return ns

    def _count(self, collections: Int64s, start: int, end: int) -> None:
        """Counts the collections between the first call and the last; threads of a worker share them."""
        starts, ends = collections[::2], collections[1::2]
        counted = (ends > max(start, self._collected_until)) & (starts < end)
        if counted.any():
            self.collections += int(np.count_nonzero(counted))
            self.collection_ns += int((ends - starts)[counted].sum())
            self._collected_until = int(ends[counted][-1])

    def _note(self, block: _Block, slow: Int64s, switches: npt.NDArray[np.int32]) -> None:
        """Adds candidates."""
        fresh = np.empty(len(slow), _FACTS)
        starts = block.times[2 * slow]
        fresh["at_ns"] = starts - self._start_ns
        fresh["ns"] = block.times[2 * slow + 1] - starts
        fresh["gc_ns"] = block.gc_ns(slow)
        fresh["switches"] = switches
        fresh["instance"] = self._instances.of(block.first + slow)
        held = len(self._known)
        if held + len(fresh) > _ROOM:
            both = np.concatenate((self._known, fresh))
            fresh, held = both[self._cut(both["ns"])], 0
        self._room[held : held + len(fresh)] = fresh
        self._known = self._room[: held + len(fresh)]

    def _cut(self, ns: Int64s) -> Int64s:
        """Which candidates stay."""
        picked, self._beyond_ns = _pick(ns, _ROOM // 2)
        return picked

    def slowest(self, median_ns: float) -> Slowest:
        """The slowest calls so far, labelled; this changes nothing.

        Args:
            median_ns: of all single calls of the case, above 0.
        """
        picked, beyond_ns = _pick(self._known["ns"], max(_LEAST, -(-self.calls // 100)))
        known = self._known[picked]
        known = known[np.argsort(known["at_ns"])]
        return Slowest(
            beyond_ns=max(self._beyond_ns, beyond_ns),
            at_ns=known["at_ns"].copy(),
            ns=known["ns"].copy(),
            labels=self._labels(known, median_ns),
        )

    def _labels(self, known: npt.NDArray[np.void], median_ns: float) -> npt.NDArray[np.int8]:
        """Of each candidate, where its letter stands in `LETTERS`."""
        ns = known["ns"]
        excess = ns - median_ns
        usual_gc_ns, usual_switches = (
            np.quantile(self._usual, 0.5, axis=1, method="inverted_cdf") if len(ns) else (0, 0)
        )
        gc_ns = known["gc_ns"] - usual_gc_ns
        usual_ns, middle_ns = self._instances.usual(known["instance"]), self._instances.middle()
        larger_ns = np.nan_to_num(usual_ns - middle_ns)
        with np.errstate(divide="ignore", invalid="ignore"):  # a clock may stand still: then there is no factor
            factor, whole = np.log(usual_ns / middle_ns), np.log(ns / median_ns)
        conditions = (
            2 * gc_ns >= excess,
            (known["switches"] > usual_switches) & (2 * (excess - gc_ns - larger_ns) >= excess),
            2 * factor >= whole,
        )
        return np.select([(excess > 0) & condition for condition in conditions], [0, 1, 2], 3).astype(np.int8)


class _Block:
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

    def switches(self, marks: Int64s, instances: _Instances) -> npt.NDArray[np.int32]:
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

    def _longest(self, start: int, end: int, n: int, instances: _Instances) -> Int64s:
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


class _Instances:
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


def _pick(ns: Int64s, n: int) -> tuple[Int64s, int]:
    """Which are the n slowest, or all, in no order; and the slowest of the others, -1 without others."""
    if len(ns) <= n:
        return np.arange(len(ns)), -1
    order = np.argpartition(ns, len(ns) - n)
    return order[len(ns) - n :], int(ns[order[: len(ns) - n]].max())
