"""What the self-test's codecs saw of the calls that serbench sampled, as they kept it themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from serbench.doctor import synthetic

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from serbench.harness.inbox import Answer
    from serbench.records.cases import Case

    Int64s = npt.NDArray[np.int64]


class Blocks:
    """What became samples, by codec: the start and the end of every single call, and how many calls a batch had."""

    def __init__(self) -> None:
        self._taken: dict[str, list[tuple[Int64s, int]]] = {}

    def take(self, case: Case, answer: Answer) -> None:
        """A block that counts."""
        for strand in answer.strands()[0]:
            block = strand.times.reshape(-1, 2).copy(), strand.told["batch_calls"]
            self._taken.setdefault(case.codec, []).append(block)

    def of(self, codec: str) -> list[tuple[Int64s, int]]:
        """Blocks in the order of time."""
        return sorted(self._taken.get(codec, []), key=lambda block: int(block[0][0, 0]))


class Record:
    """What a codec saw of the calls that serbench sampled, as it kept it itself.

    A call belongs to the sample within whose two readings of the clock its own two lie. The calls that follow the last
    one of a block are those of its batch.

    Attributes:
        sampled_ns: of each sampled call, as serbench read it.
        ns: of the same calls, from inside.
        collected_ns: how long it collected garbage.
        switches: how often the scheduler took the processor away, from the reading before it to the one after it.
        typical_ns: the median over processes of their median mean of a batch.
    """

    def __init__(self, folder: Path, codec: str, blocks: list[tuple[Int64s, int]]) -> None:
        calls = self._calls(folder, codec)
        found: list[Int64s] = []
        taken: list[Int64s] = []
        means: dict[int, list[float]] = {}
        for times, batch in blocks if len(calls) else ():
            at = np.searchsorted(calls[:, 0], times[:, 0])
            of_block = calls[np.minimum(at, len(calls) - 1)]
            inside = (of_block[:, 0] >= times[:, 0]) & (of_block[:, 1] <= times[:, 1])
            found.append(of_block[inside])
            taken.append(times[inside, 1] - times[inside, 0])
            following = calls[at[-1] + 1 : at[-1] + 1 + batch]
            if len(following):
                mean = float((following[:, 1] - following[:, 0]).mean())
                means.setdefault(int(following[0, 4]), []).append(mean)
        sampled = np.concatenate(found or [calls[:0]])
        self.sampled_ns: Int64s = np.concatenate(taken or [sampled[:, 0]])
        self.ns: Int64s = sampled[:, 1] - sampled[:, 0]
        self.collected_ns: Int64s = sampled[:, 2]
        self.switches: Int64s = sampled[:, 3]
        self.typical_ns = float(np.median([np.median(own) for own in means.values()])) if means else 0.0

    @staticmethod
    def _calls(folder: Path, codec: str) -> Int64s:
        """Every call of every process, in the order of time: start, end, ns of a collection, switches, process."""
        found = [np.zeros((0, 5), np.int64)]
        for n, path in enumerate(folder.glob(f"{codec}.*")):
            calls = np.fromfile(path, np.int64).reshape(-1, synthetic.FIELDS)
            calls = calls[calls[:, 1] > 0]
            calls = calls[np.argsort(calls[:, 0])]
            found.append(np.column_stack((calls[:, :3], _switches(calls[:, 3], calls[:, 4]), np.full(len(calls), n))))
        calls = np.concatenate(found)
        return calls[np.argsort(calls[:, 0])]


def _switches(after_start: Int64s, before_end: Int64s) -> Int64s:
    """How often the scheduler took the processor away in each call, from what had been counted by then.

    It does so most readily on the way back from being asked, which is in a call's time and not between its two
    readings. So a call has what was counted from the last reading before it to the first one after it.
    """
    first, last = after_start[:1], before_end[-1:]
    return np.concatenate((after_start[1:], last)) - np.concatenate((first, before_end[:-1]))
