"""Of a run, what another is held against; and what times of two of them, measured apart, can still say."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from serbench.errors import BadRunFile
from serbench.histogram import Histogram
from serbench.records.baseline import Baseline, BaselineCodec, BaselineEntry, BaselinePayload, BaselineTime
from serbench.records.cases import Status
from serbench.records.verdict import Ratio
from serbench.statistics.centre import typical
from serbench.statistics.estimates import Estimate
from serbench.statistics.percentiles import CALLS_BEYOND, percentile
from serbench.statistics.readings import no_tail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from serbench.records.run import Environment, Measurement, Run
    from serbench.records.samples import WorkerSamples
    from serbench.statistics.estimates import Number

DIGITS = 5
"""Of a time: a hundredth of a per cent and less is nothing that a file under version control should change for."""

_MACHINE = (
    *("cpu_model", "architecture", "hardware", "virtualisation", "cores", "cores_usable", "cpu_limit"),
    *("governor", "frequency_driver", "turbo", "smt"),
)
_PYTHON = ("implementation", "version", "gil", "jit", "debug")
_HOME = re.compile(r"/(?:home|Users)/[^\s/'\":,;)]+|/root(?![\w.-])")
_FOLDERS = re.compile(r"(?<![\w.~/])~?/+(?:[^\s/'\"]+/+)+(?=[^\s/'\"])")


def baseline_of(run: Run) -> Baseline:
    """What is kept of a run: exact values, times with their intervals, and what they depend on.

    Raises:
        BadRunFile: a histogram cannot be read.
    """
    return Baseline(
        serbench=run.serbench,
        created=run.finished,
        run=run.id,
        machine=_machine(run.environment),
        codecs={
            codec.name: BaselineCodec(
                format=codec.format,
                model=codec.model,
                deviations=tuple(sorted(codec.deviations)),
                distribution=codec.distribution,
                version=codec.version,
            )
            for codec in run.codecs
        },
        payloads={p.name: BaselinePayload(digest=p.digest, instances=p.instances) for p in run.payloads},
        entries={measurement.case.id: _entry(measurement) for measurement in run.measurements},
    )


def narrowed(baseline: Baseline, keep: Callable[[BaselineEntry], bool]) -> Baseline:
    """The baseline without the cases that were not asked for; what is the same as one of them gets its numbers.

    Args:
        baseline: all of it.
        keep: whether a case was asked for.
    """
    kept: dict[str, BaselineEntry] = {}
    for case_id, entry in baseline.entries.items():
        if keep(entry):
            target = baseline.numbers(case_id)
            own: dict[str, Any] = {
                "codec": entry.codec,
                "payload": entry.payload,
                "operation": entry.operation,
                "same_as": "",
            }
            kept[case_id] = entry if keep(target) else replace(target, **own)
    return replace(baseline, entries=kept)


def same_machine(one: Baseline, other: Baseline) -> bool:
    """Whether nothing is known in which the machines, the Pythons and the samplers differ.

    That they are of one kind is all it says: two virtual machines of one offer, and one at two hours of a day, differ
    by some 3 %. What is not known on either side makes no difference.
    """
    return one.fingerprint == other.fingerprint


def machine_differences(base: Baseline, new: Baseline) -> tuple[str, ...]:
    """In what they differ, in words: `cpu model was A and is B`."""
    keys = sorted(base.machine.keys() | new.machine.keys())
    pairs = ((key, base.machine.get(key, "not known"), new.machine.get(key, "not known")) for key in keys)
    return tuple(f"{key.replace('_', ' ')} was {old} and is {now}" for key, old, now in pairs if old != now)


def ratios(base: Baseline, new: Baseline) -> tuple[Ratio, ...]:
    """How codecs compare inside each side, which cancels the machine as far as it is alike for both.

    Each codec is held against the one that is named like its format; that one, and a codec of a format without one,
    against the first codec of the group. A group is what has payload, operation and conditions in common and a typical
    time on both sides. Cases are in the order of their ids.
    """
    groups: dict[tuple[str, str, str], list[str]] = {}
    for case_id, entry in sorted(base.entries.items()):
        there = new.entries.get(case_id)
        if there and not (entry.same_as and there.same_as) and _typical(base, case_id) and _typical(new, case_id):
            group = (entry.payload, entry.operation, case_id.partition("?")[2])
            groups.setdefault(group, []).append(case_id)
    return tuple(ratio for ids in groups.values() for ratio in _ratios(base, new, ids))


def _ratios(base: Baseline, new: Baseline, ids: list[str]) -> Iterator[Ratio]:
    names = {base.entries[case_id].codec: case_id for case_id in ids}
    first = next((case_id for name, case_id in names.items() if base.codecs[name].format == name), ids[0])
    for name, case_id in names.items():
        usual = names.get(base.codecs[name].format, first)
        over = first if usual == case_id else usual
        if over != case_id:
            was, now = (_typical(side, case_id) / _typical(side, over) for side in (base, new))
            yield Ratio(case_id=case_id, over=over, base=was, new=now)


def _typical(side: Baseline, case_id: str) -> float:
    """ns, or 0 where there is none."""
    found = side.numbers(case_id).typical
    return found.ns if found else 0.0


def _entry(measurement: Measurement) -> BaselineEntry:
    case = measurement.case
    entry = BaselineEntry(
        codec=case.codec,
        payload=case.payload,
        operation=case.operation,
        status=measurement.status,
        reason=_FOLDERS.sub("", _HOME.sub("~", measurement.reason)),  # a user's name may stand in it
        same_as=measurement.same_as,
        encoded_bytes=measurement.encoded_bytes,
        peak_bytes=measurement.memory.peak_bytes.median if measurement.memory else None,
        instructions=measurement.instructions,
    )
    if measurement.status is not Status.MEASURED or not measurement.workers:
        return entry
    try:
        return replace(entry, **_times(measurement.workers))
    except ValueError as error:
        raise BadRunFile(f"{case.id}: {error}; measure again") from error


def _times(workers: tuple[WorkerSamples, ...]) -> dict[str, Any]:
    """The times that these workers have earned, by field.

    Raises:
        ValueError: a histogram cannot be read.
    """
    centre = typical(workers)
    found = {"typical": _kept(centre)}
    merged = Histogram.merge(worker.histogram for worker in workers)
    if no_tail(centre, workers, merged):
        return found
    own = [Histogram.decode(worker.histogram) for worker in workers]
    for name, q in (("p10", 0.1), ("p50", 0.5), ("p99", 0.99)):
        if merged.total * q >= CALLS_BEYOND:  # as many below it as `percentile` demands above
            found[name] = _kept(percentile(q, merged, own))
    return found


def _kept(number: Number) -> BaselineTime | None:
    if not isinstance(number, Estimate):
        return None
    ns, low, high = (float(f"{value:.{DIGITS}g}") for value in (number.value, number.low, number.high))
    if low <= 0:  # the clock did not move during one of the workers' calls
        return None
    return BaselineTime(ns=ns, low=low, high=high, workers=number.workers, calls=number.calls)


def _machine(environment: Environment) -> dict[str, str]:
    """What times depend on and is likely to be the same tomorrow: no measuring core, no patch level of a kernel."""
    machine, system, python = environment.machine, environment.system, environment.python
    facts: dict[str, Any] = {key: machine.get(key) for key in _MACHINE}
    if memory := machine.get("memory_bytes", 0):
        facts["memory"] = f"{2 ** round(math.log2(memory / 2**30)):g} GiB"
    if kernel := re.match(r"(?:\w+ )?\d+\.\d+", str(system.get("kernel", ""))):
        facts["kernel"] = kernel[0]
    facts |= {f"python_{key}": python.get(key) for key in _PYTHON}
    facts["sampler"] = environment.sampler
    return {key: _text(value) for key, value in sorted(facts.items()) if value is not None and value != ""}


def _text(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case dict():
            return ", ".join(f"{key} {_text(item)}" for key, item in sorted(value.items()))
        case list() | tuple():
            return ", ".join(map(_text, value))
    return str(value)
