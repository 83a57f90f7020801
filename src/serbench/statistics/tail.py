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
from serbench.statistics.blocks import Block, Instances, pick
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
        picked = np.sort(pick(self.ns, TIMELINE)[0])
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
    are not, `from_ns` is raised to the first bucket above which all are, rather than guessing what the others were, and
    `share` is what those are of all calls.

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
    if bucket > wanted:
        share = calls / merged.total
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
        self._instances = Instances(instances)

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
        block = Block(times, collections, first)
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

    def _note(self, block: Block, slow: Int64s, switches: npt.NDArray[np.int32]) -> None:
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
        picked, self._beyond_ns = pick(ns, _ROOM // 2)
        return picked

    def slowest(self, median_ns: float) -> Slowest:
        """The slowest calls so far, labelled; this changes nothing.

        Args:
            median_ns: of all single calls of the case, above 0.
        """
        picked, beyond_ns = pick(self._known["ns"], max(_LEAST, -(-self.calls // 100)))
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
