"""The self-test: codecs that keep their own record are measured, and what serbench says is held against it.

The record is what each call took from inside, interruptions included.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from serbench.doctor import synthetic
from serbench.errors import Interrupted
from serbench.harness import catalogue
from serbench.harness import plan as planning
from serbench.harness.link import Stopped
from serbench.harness.session import Session
from serbench.histogram import ranks
from serbench.payloads import catalogue as payloads
from serbench.payloads import instances
from serbench.records.cases import Operation
from serbench.statistics.estimates import Estimate
from serbench.statistics.intervals import apart, ratio
from serbench.statistics.percentiles import label
from serbench.statistics.summary import SHARES, summarise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy.typing as npt

    from serbench.harness.inbox import Answer
    from serbench.harness.state import Event
    from serbench.records.cases import Case, CodecInfo
    from serbench.records.run import Measurement
    from serbench.statistics.estimates import Number
    from serbench.statistics.summary import Summary

    Int64s = npt.NDArray[np.int64]

SECONDS = 16.0
TOLERANCE = 0.03
"""Of a time."""

RATIO_TOLERANCE = 0.01
"""Of the ratio of two times."""

LABEL_TOLERANCE, LABELS_APART = 0.1, 2
"""Of the number of calls with a label: a share, or so many calls where they are few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One statement of serbench, held against what is known.

    Attributes:
        what: what is compared, such as `rare: p99.9`.
        said: what serbench says.
        known: what the codec's own record says.
        unit: of both.
        tolerance: how far they may be apart, as a share.
        passed: whether they are as close.
    """

    what: str
    said: float
    known: float
    unit: str
    tolerance: float
    passed: bool


class _Blocks:
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


class _Record:
    """What a codec saw of the calls that serbench sampled, as it kept it itself.

    A call belongs to the sample within whose two readings of the clock its own two lie. The calls that follow the last
    one of a block are those of its batch.

    Attributes:
        ns: of each sampled call, from inside.
        collected_ns: how long it collected garbage.
        switches: how often the scheduler took the processor away, from the reading before it to the one after it.
        typical_ns: the median over processes of their median mean of a batch.
    """

    def __init__(self, folder: Path, codec: str, blocks: list[tuple[Int64s, int]]) -> None:
        calls = self._calls(folder, codec)
        found: list[Int64s] = []
        means: dict[int, list[float]] = {}
        for times, batch in blocks:
            at = np.searchsorted(calls[:, 0], times[:, 0])
            of_block = calls[np.minimum(at, len(calls) - 1)]
            inside = (of_block[:, 0] >= times[:, 0]) & (of_block[:, 1] <= times[:, 1])
            found.append(of_block[inside])
            following = calls[at[-1] + 1 : at[-1] + 1 + batch]
            if len(following):
                mean = float((following[:, 1] - following[:, 0]).mean())
                means.setdefault(int(following[0, 4]), []).append(mean)
        sampled = np.concatenate(found or [calls[:0]])
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
            calls = calls[calls[:, 1] > calls[:, 0]]
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


def run(watch: Callable[[Event], None], stop: Callable[[], bool], seconds: float = SECONDS) -> tuple[Check, ...]:
    """Measures the synthetic codecs and checks what comes of it.

    Args:
        watch: told what is happening.
        stop: whether somebody asked for the end.
        seconds: wall time of the measurement.

    Raises:
        Interrupted: `stop` said so.
    """
    blocks = _Blocks()
    with tempfile.TemporaryDirectory(prefix="serbench-") as scratch, _recording(scratch):
        pack, info = instances.make(payloads.get("ping"), seed=1, count=8)
        spooled = planning.Spooled(info=info, path=Path(scratch) / "ping.ndjson", instances_default=True)
        pack.write(spooled.path)
        plan = planning.plan(_codecs(stop), [spooled], [Operation.DECODE], [planning.Setting()])
        session = Session(plan=plan, seconds=seconds, seed=1, timeout=5.0, stop=stop, watch=watch, observe=blocks.take)
        *_, final = session.run()
        if final.stopped:
            raise Interrupted("stopped before the self-test was over")
        measured = {m.case.codec: m for m in final.measurements}
        records = {name: _Record(Path(scratch), name, blocks.of(name)) for name in measured}
    return tuple(_checks(measured, records))


def _codecs(stop: Callable[[], bool]) -> tuple[CodecInfo, ...]:
    try:
        return catalogue.of_file(synthetic.__file__, stop)
    except Stopped:
        raise Interrupted("stopped before the self-test was over") from None


@contextlib.contextmanager
def _recording(folder: str) -> Iterator[None]:
    """Workers that are started meanwhile keep records there."""
    before = os.environ.get(synthetic.FOLDER)
    os.environ[synthetic.FOLDER] = folder
    try:
        yield
    finally:
        os.environ.pop(synthetic.FOLDER)
        if before is not None:
            os.environ[synthetic.FOLDER] = before


def _checks(measured: Mapping[str, Measurement], records: Mapping[str, _Record]) -> Iterator[Check]:
    summaries = {name: summarise(m) for name, m in measured.items()}
    for name, m in measured.items():
        calls = sum(worker.calls for worker in m.workers)
        yield _close(f"{name}: calls", calls, len(records[name].ns), "calls", 0.0)
        yield from _times(name, summaries[name], records[name])
    yield from _comparison(summaries)
    yield from _labels(measured["collecting"], records["collecting"])


def _times(name: str, summary: Summary, record: _Record) -> Iterator[Check]:
    """The times that serbench prints, and those of the same calls as the codec saw them."""
    yield _close(f"{name}: typical", _value(summary.typical_ns), record.typical_ns, "ns", TOLERANCE)
    ordered = np.sort(record.ns)
    for share, said in zip(SHARES, (summary.p50_ns, summary.p99_ns, summary.p999_ns), strict=True):
        known = float(ordered[ranks([share], len(ordered))[0] - 1]) if len(ordered) else 0.0
        yield _close(f"{name}: {label(share)}", _value(said), known, "ns", TOLERANCE)


def _comparison(summaries: Mapping[str, Summary]) -> Iterator[Check]:
    """A codec that is 5 % slower: by how much, and whether what is called sure is right.

    On a machine where others take half of the core the intervals may well meet: that is no error, the contrary is.
    """
    slower, fixed = summaries["slower"], summaries["fixed"]
    said = _value(ratio(slower.p50_ns, fixed.p50_ns))
    yield _close("slower over fixed: p50", said, synthetic.SLOWER, "x", RATIO_TOLERANCE)
    wrong = apart(slower.typical_ns, fixed.typical_ns) and _value(slower.typical_ns) < _value(fixed.typical_ns)
    yield _close("slower is not called faster", float(not wrong), 1.0, "", 0.0)


def _labels(measurement: Measurement, record: _Record) -> Iterator[Check]:
    """What the slowest calls were: those in which the codec collected, and those that it saw interrupted."""
    labels = measurement.labels
    if not labels:
        yield _close("collecting: labels", 0.0, 1.0, "calls", 0.0)
        return
    slowest = np.argsort(record.ns)[len(record.ns) - labels.calls :]
    beyond = record.ns[slowest] - np.median(record.ns)
    collected = 2 * record.collected_ns[slowest] >= beyond
    preempted = ~collected & (record.switches[slowest] > 0)
    for what, said, known in (
        ("of the collector", labels.gc, int(collected.sum())),
        ("preempted", labels.preempted, int(preempted.sum())),
    ):
        passed = abs(said - known) <= max(LABELS_APART, LABEL_TOLERANCE * known)
        words = f"collecting: slowest calls {what}"
        yield Check(what=words, said=said, known=known, unit="calls", tolerance=LABEL_TOLERANCE, passed=passed)


def _value(number: Number) -> float:
    return number.value if isinstance(number, Estimate) else 0.0


def _close(what: str, said: float, known: float, unit: str, tolerance: float) -> Check:
    passed = bool(known) and abs(said - known) <= tolerance * abs(known)
    return Check(what=what, said=said, known=known, unit=unit, tolerance=tolerance, passed=passed)
