"""One measurement, worked out: the numbers that reports and comparisons both show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.errors import BadRunFile
from serbench.histogram import HIGHEST_NS, Histogram
from serbench.records.cases import Caution, Status
from serbench.statistics.centre import typical
from serbench.statistics.estimates import Missing
from serbench.statistics.percentiles import band, curve, outside, percentile
from serbench.statistics.readings import above_tail, differing, disagreement, no_tail
from serbench.statistics.rotation import incomplete
from serbench.units import duration

if TYPE_CHECKING:
    from serbench.records.run import Measurement
    from serbench.statistics.estimates import Number

SHARES = (0.5, 0.99, 0.999)
"""The percentiles that are shown."""


NO_CALLS = Missing(short="no calls", reason="no worker finished a block of it; give the run a longer --budget")
"""Why a case without a reason of its own has no number."""

NOT_TIMED = Missing(short="not timed", reason="not timed: the pass time was not asked for (--pass time)")
"""Why no case of a run has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the calls of one case amount to.

    Attributes:
        typical_ns: median over workers of their median batch mean.
        p50_ns: median of all single calls.
        p99_ns: 99th percentile.
        p999_ns: 99.9th percentile.
        x: 1/(1-q) of the percentile curve; empty where no tail is claimed or earned.
        ns: the curve's ns per call, as many.
        band: intervals along it: 1/(1-q), low and high end in ns, where the workers give one.
        cautions: the measurement's own, then what was found here.
    """

    typical_ns: Number
    p50_ns: Number
    p99_ns: Number
    p999_ns: Number
    x: tuple[float, ...]
    ns: tuple[float, ...]
    band: tuple[tuple[float, float, float], ...]
    cautions: tuple[Caution, ...]


def summarise(measurement: Measurement, *, timed: bool = True) -> Summary:
    """Works out a measurement that holds its own numbers.

    Args:
        measurement: one that is not the same as another.
        timed: whether its run was to time anything.

    Raises:
        BadRunFile: one of its histograms cannot be read.
    """
    if measurement.status is not Status.MEASURED or not measurement.workers:
        nothing = NO_CALLS if timed else NOT_TIMED
        if measurement.reason:
            nothing = Missing(short=measurement.status, reason=measurement.reason)
        return Summary(
            typical_ns=nothing,
            p50_ns=nothing,
            p99_ns=nothing,
            p999_ns=nothing,
            x=(),
            ns=(),
            band=(),
            cautions=measurement.warnings,
        )
    own, merged = _histograms(measurement)
    centre = typical(measurement.workers)
    short = no_tail(centre, measurement.workers, merged)
    p50, p99, p999 = (short or percentile(q, merged, own) for q in SHARES)
    x, ns = ((), ()) if short else curve(merged)
    disturbed = any(caution.name == "disturbed" for caution in measurement.warnings)
    instances = measurement.case.conditions.instances
    found = [
        _overflow(measurement),
        incomplete(measurement),
        differing(centre, instances=instances, disturbed=disturbed),
    ]
    if not short:
        if measurement.case.conditions.threads == 1:  # several wait for each other between calls: in batches alone
            found += [disagreement(centre, measurement.workers, own), above_tail(centre, p99)]
        found += [outside(q, merged, own) for q in SHARES]
    return Summary(
        typical_ns=centre,
        p50_ns=p50,
        p99_ns=p99,
        p999_ns=p999,
        x=x,
        ns=ns,
        band=() if short else band(merged, own),
        cautions=(*measurement.warnings, *filter(None, found)),
    )


def _histograms(measurement: Measurement) -> tuple[list[Histogram], Histogram]:
    """Each worker's histogram, and all of them together."""
    merged = Histogram()
    try:
        own = [Histogram.decode(worker.histogram) for worker in measurement.workers]
        for one in own:
            merged.add(one)
    except ValueError as error:
        raise BadRunFile(f"{measurement.case.id}: {error}; measure again") from error
    return own, merged


def _overflow(measurement: Measurement) -> Caution | None:
    over = sum(worker.overflow for worker in measurement.workers)
    if not over:
        return None
    text = (
        f"{over:,} calls took over {duration(HIGHEST_NS)} and stand in no percentile. Their tail is longer than shown."
    )
    return Caution(name="overflow", text=text)
