"""What the numbers of a run stand on: where and how they were measured, and how to read them."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from serbench.compare.environment import facts
from serbench.doctor.noise import noise_words
from serbench.errors import BadRunFile
from serbench.harness.disturbance import words
from serbench.histogram import Histogram
from serbench.records.samples import Disturbance
from serbench.report.parts import Fact, Ground
from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.readings import CLOCK_STEPS, FLOORS
from serbench.units import duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from serbench.records.run import Run
    from serbench.records.samples import Floor, Noise, Round
    from serbench.statistics.estimates import Number

SAMPLERS = {
    "native": "(in C: little but the clock is read beside the call)",
    "python": "(in Python, as the native one was not built: the interpreter's work is read with every call)",
}
"""What the sampler means for the numbers."""

NOT_SHOWN = frozenset({"cpu flags"})
"""Too long to read; `run.json` has it."""

METHOD = (
    "Typical is the median over workers of their median batch mean: calls timed as a whole, with no clock in between.",
    "Rankings, ratios and throughput rest on the typical time.",
    "p50, p99 and p99.9 are percentiles of single calls of all workers together, the floor included.",
    "A percentile is the smallest value at or below which at least that share of the calls lie.",
    "It is shown only with 10/(1-q) calls behind it: 20 for p50, 1,000 for p99, 10,000 for p99.9.",
    "Intervals come from workers, since calls in one process are not independent.",
    "They are order statistics of the workers' own values, from six workers on, with their exact coverage.",
    "With two to five workers their range is shown, which is no interval; with one, nothing is known of the spread.",
    "A worker stands behind the interval of a percentile only if it alone has enough calls for it.",
    "Two codecs are told apart where their intervals do not meet, else they are too close to call.",
    f"A call shorter than {FLOORS} floors or {CLOCK_STEPS} clock steps has a typical time, and no tail is claimed.",
    "The floor is what an empty call reads in the same workers; it is subtracted from nothing.",
    (
        "Objects/s and MB/s follow from the typical time; MB are 10^6 encoded bytes, by the mean size, so compact "
        "codecs look slow in them."
    ),
    "The slowest calls are labelled one by one: collector, preempted, larger message, or unexplained.",
    "Empty calls watch the machine: from what interrupts them follows what a perfectly steady call would have shown.",
    "With several threads a call's time is what its thread sees; objects/s and MB/s are those of all threads together.",
    "Calls rotate over the instances of a payload. The release of a call's result is inside the timed region.",
    "Before timing, what came back was compared with what went in, after exactly the declared deviations.",
)
"""How to read the numbers."""


def ground(run: Run) -> Ground:
    """What the numbers of this run stand on."""
    floors = _floors(run)
    return Ground(
        environment=tuple(_environment(run)),
        measuring=tuple(_measuring(run, floors)),
        method=METHOD,
        floor_ns=_floor_ns(floors),
    )


def _floors(run: Run) -> list[Floor]:
    """One per worker process; a process measures its codec's cases all with the same floor."""
    found = {(m.case.codec, w.pair, w.hash_seed, w.floor): w.floor for m in run.measurements for w in m.workers}
    return list(found.values())


def _floor_ns(floors: list[Floor]) -> Number:
    if not floors:
        return Missing(short="not measured", reason="no worker measured anything")
    own = [floor.ns_per_call for floor in floors]
    return Estimate(
        value=median(own),
        low=min(own),
        high=max(own),
        basis="range" if len(own) > 1 else "none",
        coverage=0.0,
        workers=len(own),
        calls=sum(floor.calls for floor in floors),
    )


def _environment(run: Run) -> Iterator[Fact]:
    for label, value in facts(run.environment).items():
        if label not in NOT_SHOWN:
            yield Fact(label=label, value=value)
    if run.environment.git:
        changed = " with uncommitted changes" if run.environment.git.get("dirty") else ""
        yield Fact(label="git commit", value=f"{run.environment.git.get('commit', 'not known')}{changed}")
    packages = ", ".join(f"{name} {version}" for name, version in sorted(run.environment.packages.items()))
    if packages:
        yield Fact(label="libraries", value=packages)


def _measuring(run: Run, floors: list[Floor]) -> Iterator[Fact]:
    sampler = run.environment.sampler
    yield Fact(label="sampler", value=" ".join(filter(None, (sampler, SAMPLERS.get(sampler, "")))))
    yield Fact(label="passes", value=", ".join(run.passes))
    if floors:
        single = duration(median(floor.ns_per_call for floor in floors))
        batch = duration(median(floor.batch_ns_per_call for floor in floors))
        step = duration(median(floor.clock_step_ns for floor in floors))
        yield Fact(label="floor", value=f"an empty call reads {single}, {batch} in batches")
        yield Fact(label="clock step", value=step)
    if run.noise:
        where = f", on core {run.noise.core}" if run.noise.core >= 0 else ""
        yield Fact(label="noise", value=noise_words(_noise(run.noise), run.noise.observed_ns) + where)
    yield Fact(label="workers", value=_workers(run))
    yield Fact(label="rounds", value=f"{len(run.rounds):,}")
    yield from _disturbed(run.rounds)
    calls = sum(w.calls + w.batch_calls for m in run.measurements for w in m.workers)
    yield Fact(label="timed calls", value=f"{calls:,}")
    yield Fact(label="seed", value=str(run.seed))
    yield Fact(label="budget", value=f"{run.budget_seconds:g} s")
    wall = run.timing.get("total", sum(run.timing.values()))
    inside = sum(r.block_seconds for r in run.rounds)
    if wall:
        yield Fact(label="inside blocks", value=f"{inside:.1f} of {wall:.1f} s ({inside / wall:.0%})")


def _noise(noise: Noise) -> Histogram:
    try:
        return Histogram.decode(noise.histogram)
    except ValueError as error:
        raise BadRunFile(f"its noise: {error}; measure again") from error


def _disturbed(rounds: Sequence[Round]) -> Iterator[Fact]:
    """How many rounds were disturbed, how many of them were measured again, and what the worst of them met."""
    found = [one.disturbance for one in rounds if one.disturbance.disturbed]
    if not found:
        if rounds:
            yield Fact(label="disturbed rounds", value="none")
        return
    again = sum(one.repeated for one in rounds)
    worst = Disturbance(
        foreign_cpu=_most(one.foreign_cpu for one in found),
        foreign_cpu_elsewhere=_most(one.foreign_cpu_elsewhere for one in found),
        steal=_most(one.steal for one in found),
        pressure=_most(one.pressure for one in found),
    )
    yield Fact(
        label="disturbed rounds",
        value=f"{len(found)} of {len(rounds)}, {again} of them measured again; at the most {words(worst)}",
    )


def _most(shares: Iterable[float | None]) -> float | None:
    return max((share for share in shares if share is not None), default=None)


def _workers(run: Run) -> str:
    counts = sorted({len(m.workers) for m in run.measurements if m.workers})
    if not counts:
        return "none"
    return f"{counts[0]} per case" if len(counts) == 1 else f"{counts[0]} to {counts[-1]} per case"
