"""The self-test: codecs that keep their own record are measured, and what serbench says is held against it.

The record is what each call took from inside, interruptions included.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from serbench.doctor import synthetic
from serbench.doctor.own_record import Blocks, Record
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
from serbench.statistics.percentiles import label, needed_calls
from serbench.statistics.summary import SHARES, summarise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy.typing as npt

    from serbench.harness.state import Event
    from serbench.records.cases import CodecInfo
    from serbench.records.run import Measurement
    from serbench.statistics.estimates import Number
    from serbench.statistics.summary import Summary

    Int64s = npt.NDArray[np.int64]

SECONDS = 16.0
TOLERANCE = 0.03
"""Of a time."""

RANK_TOLERANCE = 0.02
"""Of the calls above a percentile, and at least one: as many may have moved across it.

An interrupt on the way back from a codec is in serbench's time of a call and in no record of the codec. Where calls
are few and far apart, on a busy machine, one of them makes the next one the percentile, which may take twice as long.
"""

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
        note: what else there is to say; empty for nothing.
    """

    what: str
    said: float
    known: float
    unit: str
    tolerance: float
    passed: bool
    note: str = ""


def run(watch: Callable[[Event], None], stop: Callable[[], bool], seconds: float = SECONDS) -> tuple[Check, ...]:
    """Measures the synthetic codecs and checks what comes of it.

    Args:
        watch: told what is happening.
        stop: whether somebody asked for the end.
        seconds: wall time of the measurement.

    Raises:
        Interrupted: `stop` said so.
    """
    blocks = Blocks()
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
        records = {name: Record(Path(scratch), name, blocks.of(name)) for name in measured}
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


def _checks(measured: Mapping[str, Measurement], records: Mapping[str, Record]) -> Iterator[Check]:
    summaries = {name: summarise(m) for name, m in measured.items()}
    for name, m in measured.items():
        calls = sum(worker.calls for worker in m.workers)
        yield _close(f"{name}: calls", calls, len(records[name].ns), "calls", 0.0)
        yield from _times(name, summaries[name], records[name])
    yield from _comparison(summaries)
    yield from _labels(measured["collecting"], records["collecting"])


def _times(name: str, summary: Summary, record: Record) -> Iterator[Check]:
    """The times that serbench prints, and those of the same calls as the codec saw them."""
    yield _close(f"{name}: typical", _value(summary.typical_ns), record.typical_ns, "ns", TOLERANCE)
    for share, said in zip(SHARES, (summary.p50_ns, summary.p99_ns, summary.p999_ns), strict=True):
        yield _percentile(f"{name}: {label(share)}", _value(said), share, record)


def _percentile(what: str, said: float, share: float, record: Record) -> Check:
    """Held against the record's call of that rank, or the one that it changed places with.

    Which one that is, is told by the time that was sampled, not by what is said of it: that may be wrong. Of too few
    calls nothing may be said.
    """
    own, sampled = np.sort(record.ns), np.sort(record.sampled_ns)
    if len(own) < (needed := needed_calls(share)):
        note = f"not claimed: it takes {needed:,} calls"
        check = Check(what=what, said=said, known=0.0, unit="ns", tolerance=TOLERANCE, passed=not said)
        return replace(check, note=note) if check.passed else check
    at = int(ranks([share], len(own))[0]) - 1
    strict = _close(what, said, float(own[at]), "ns", TOLERANCE)
    if strict.passed:
        return strict
    most = max(1, int(RANK_TOLERANCE * (len(own) - at)))
    near = np.arange(max(0, at - most), min(len(own), at + most + 1))
    nearest = int(near[np.abs(own[near] - sampled[at]).argmin()])
    moved = _close(what, said, float(own[nearest]), "ns", TOLERANCE)
    away = abs(nearest - at)
    note = f"{away} {'call' if away == 1 else 'calls'} from its rank"
    return replace(moved, note=note) if moved.passed else strict


def _comparison(summaries: Mapping[str, Summary]) -> Iterator[Check]:
    """A codec that is 5 % slower: by how much, and whether what is called sure is right.

    On a machine where others take half of the core the intervals may well meet: that is no error, the contrary is.
    """
    slower, fixed = summaries["slower"], summaries["fixed"]
    said = _value(ratio(slower.p50_ns, fixed.p50_ns))
    yield _close("slower over fixed: p50", said, synthetic.SLOWER, "x", RATIO_TOLERANCE)
    wrong = apart(slower.typical_ns, fixed.typical_ns) and _value(slower.typical_ns) < _value(fixed.typical_ns)
    yield _close("slower is not called faster", float(not wrong), 1.0, "", 0.0)


def _labels(measurement: Measurement, record: Record) -> Iterator[Check]:
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
