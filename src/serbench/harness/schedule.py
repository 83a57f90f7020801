"""How the time of a run is spent: how many waves, and on which cases more workers are spent in the end. Pure.

An interval comes from the workers' own medians (`serbench.statistics.intervals`): more time in a worker hardly narrows
it, more workers do, in steps: between six and eight the ends are the smallest and the largest of them, from nine on the
second, from twelve on the third. So what is left in the end goes, in whole steps, to the cases with the widest ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from serbench.harness import plan as planning
from serbench.statistics.intervals import WORKERS_FOR_INTERVAL, trimmed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from serbench.records.cases import Case

WAVES_AT_LEAST = WORKERS_FOR_INTERVAL
WAVES_AT_MOST = 21
WORKERS_SHARE = 0.2
"""Of the time: what getting workers ready may take before more of them cost more than their certainty is worth."""

WAVE_SECONDS = 1.0
"""A wave is not shorter, unless six would not fit: ten rounds of which one is worth its name."""

START_UP_SHARE = 0.4
SHARPEN_SHARE = 0.1
"""Share of the time that is kept for the widest intervals."""

CERTAIN = 0.01
"""An interval of under 1 % of its value is as good as known: nobody tells two codecs apart by less."""

SECONDS_PER_BLOCKS = 0.1
"""What a case has for its blocks in a further worker: ten of about 10 ms."""


@dataclass(slots=True)
class Starts:
    """What it takes to get a worker ready for a payload, as seen so far.

    The first time everything is verified; what that took is halved, until a later time has been seen.
    """

    _seconds: dict[bool, float] = field(default_factory=lambda: {True: 0.0, False: 0.0})
    _pairs: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    _known: dict[str, tuple[object, str]] = field(default_factory=dict)

    def took(self, cases: Iterable[Case], seconds: float, *, thorough: bool) -> None:
        """A wave of these cases has got ready in that time; thorough: and has verified all."""
        pairs = {case.id: (planning.station(case), case.payload) for case in cases}
        self._known |= pairs
        self._pairs[thorough] += len(set(pairs.values()))
        self._seconds[thorough] += seconds

    def of(self, cases: Iterable[Case]) -> float:
        """Seconds that another wave of these cases takes to get ready."""
        return len({(planning.station(case), case.payload) for case in cases}) * self._each()

    def of_ids(self, ids: Iterable[str]) -> float:
        """The same, by ids of cases that have been measured."""
        return len({self._known[case_id] for case_id in ids}) * self._each()

    def _each(self) -> float:
        thorough = not self._pairs[False]
        return self._seconds[thorough] / max(1, self._pairs[thorough]) * (0.5 if thorough else 1.0)

    def __contains__(self, case_id: str) -> bool:
        return case_id in self._known


def waves_wanted(seconds: float, start_seconds: float) -> int:
    """How many waves a run of that length should have.

    Six at least. More as long as getting ready takes no more than its share and a wave is no shorter than it should be;
    but only as many as leave one more out at each end of an interval: seven do less than six.

    Args:
        seconds: of all waves.
        start_seconds: what one takes to get ready.
    """
    affordable = int(min(WORKERS_SHARE * seconds / max(start_seconds, 1e-3), seconds / WAVE_SECONDS))
    most = max(WAVES_AT_LEAST, min(WAVES_AT_MOST, affordable))
    return min(n for n in range(WAVES_AT_LEAST, most + 1) if trimmed(n) == trimmed(most))


def waves_affordable(seconds: float, start_seconds: float, wanted: int) -> int:
    """How many more waves to have in that time: as many as wanted, but getting ready takes at most four tenths."""
    return max(0, min(wanted, int(START_UP_SHARE * max(0.0, seconds) / max(start_seconds, 1e-3))))


def certain(medians: Iterable[Sequence[float]]) -> bool:
    """Whether every case's interval is under 1 % of its value: then more time would buy nothing."""
    return all(_enough(own) and width(own) <= CERTAIN for own in medians)


def _enough(medians: Sequence[float]) -> bool:
    return len(medians) >= WORKERS_FOR_INTERVAL


def width(medians: Sequence[float]) -> float:
    """The interval of the workers' medians, as a share of its lower end."""
    ordered, k = sorted(medians), trimmed(len(medians))
    return ordered[-k] / max(ordered[k - 1], 1e-9) - 1


def workers_to_gain(workers: int) -> int:
    """How many more workers it takes until an interval of so many leaves one more out at each end."""
    more = 1
    while trimmed(workers + more) == trimmed(workers):
        more += 1
    return more


def widest(medians: Mapping[str, Sequence[float]], starts: Starts, seconds: float) -> Collection[str]:
    """The cases, by id, that more workers are spent on: the widest intervals, as many as the time allows.

    Args:
        medians: of each case's workers so far.
        starts: what getting ready takes.
        seconds: that are left.
    """
    open_ = [c for c, own in medians.items() if c in starts and _enough(own) and width(own) > CERTAIN]
    chosen: list[str] = []
    for case_id in sorted(open_, key=lambda c: width(medians[c]), reverse=True):
        more = [*chosen, case_id]
        extra = max(workers_to_gain(len(medians[c])) for c in more)
        if extra * (starts.of_ids(more) + SECONDS_PER_BLOCKS * len(more)) > seconds:
            break
        chosen = more
    return chosen
