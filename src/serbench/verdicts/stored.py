"""A verdict on what is measured now against a baseline: strict where no clock is needed, reserved where one is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import serbench
from serbench.errors import NoBaseline, UnknownName, UsageError
from serbench.gate import decide, stored, strict
from serbench.gate.baseline import baseline_of, machine_differences, narrowed, ratios
from serbench.policy.judge import judge
from serbench.records.baseline import Baseline
from serbench.records.verdict import TIMES, Metric, SideInfo, Verdict
from serbench.store import baselines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.choice import Request
    from serbench.records.run import Run
    from serbench.verdicts.question import Asked


def of_baseline(asked: Asked, measure: Callable[[Request], Run]) -> Verdict:
    """Measures now and holds it against the file that was named.

    Args:
        asked: what is gated.
        measure: makes a run of a request.

    Raises:
        NoBaseline: there is no such file, and that was not allowed.
        BadRunFile: it cannot be read.
        UsageError: what it has is in a file that was not named.
    """
    place = asked.policy.baseline
    assert place
    try:
        base = baselines.load(place)
    except NoBaseline:
        if not asked.question.allow_missing_baseline:
            raise
        return _empty(asked)
    base = base if isinstance(base, Baseline) else baseline_of(base)
    try:
        run = measure(_like(asked, base))
    except UnknownName as unknown:
        said = {"payload": asked.request.payloads, "codec": asked.request.codecs}
        if said.get(unknown.kind, True):
            raise
        where = f"name its file as well, {'with -c' if unknown.kind == 'codec' else 'as for serbench run'}"
        raise UsageError(f"{place}: its {unknown.kind} {unknown.name!r} is none that comes along; {where}") from None
    new = baseline_of(run)
    if not (asked.question.allow_missing_baseline or base.entries.keys() & new.entries.keys()):
        has = ", ".join(list(base.entries)[:3])
        raise NoBaseline(f"{place}: none of these cases is in it, which has {has}; save it again, or name cases of it")
    asked.check({*base.entries, *new.entries})
    return _against(asked, _narrowed(base, run) if asked.narrowed else base, run, new)


def _narrowed(base: Baseline, run: Run) -> Baseline:
    """The cases of a baseline that were asked for this time."""
    measured = {(m.case.codec, m.case.payload, m.case.operation) for m in run.measurements}
    return narrowed(base, lambda entry: (entry.codec, entry.payload, entry.operation) in measured)


def _like(asked: Asked, base: Baseline) -> Request:
    """What the baseline has of payloads, codecs and operations, as far as nobody said which to measure."""
    request = asked.request
    if not request.suite:
        own = list(base.entries.values())
        payloads, codecs, operations = (
            tuple(dict.fromkeys(str(getattr(entry, name)) for entry in own))
            for name in ("payload", "codec", "operation")
        )
        # A payload that is a file has to be named, and says nothing of codecs and operations.
        request = replace(
            request,
            payloads=request.payloads or payloads,
            codecs=request.codecs or codecs,
            operations=request.operations or operations,
        )
        request = _under_conditions(request, base)
    counted = "instructions" in asked.policy.metrics and any(e.instructions for e in base.entries.values())
    passes = ("time",) * asked.question.time + ("memory",) + ("instructions",) * counted
    return replace(request, passes=passes)


def _under_conditions(request: Request, base: Baseline) -> Request:
    """The conditions in the ids of a baseline's cases, where nobody said which."""
    asked = [dict(parse_qsl(case_id.partition("?")[2])) for case_id in base.entries]
    instances = {int(one["n"]) for one in asked if "n" in one}
    return replace(
        request,
        gc=request.gc or tuple(dict.fromkeys(one.get("gc", "on") for one in asked)),
        heap=request.heap or tuple(dict.fromkeys(int(one.get("heap", 0)) for one in asked)),
        threads=request.threads or tuple(dict.fromkeys(int(one.get("threads", 1)) for one in asked)),
        instances=request.instances or next(iter(instances), None),
    )


def _against(asked: Asked, base: Baseline, run: Run, new: Baseline) -> Verdict:
    metrics: Sequence[Metric] = asked.policy.metrics
    tolerances = asked.tolerances
    rows = strict.strict_rows(base, new, strict.against_stored(tolerances), _available(base, new, metrics))
    notes = []
    if asked.question.time:
        rows += stored.time_rows(base, new, tolerances, metrics)
        notes.append(stored.WORTH)
    elif any(metric in TIMES for metric in metrics):
        notes.append("Time was not gated: a stored baseline cannot decide it (--time gates it all the same).")
    if differing := machine_differences(base, new):
        notes.append(f"The baseline is from another machine: {'; '.join(differing)}.")
    return Verdict(
        mode="baseline",
        base=SideInfo(
            asked=str(asked.policy.baseline),
            python=base.machine.get("python_version", ""),
            packages={c.distribution: c.version for c in base.codecs.values() if c.distribution and c.version},
            sampler=base.machine.get("sampler", ""),
        ),
        new=decide.side_info(run),
        rows=decide.sorted_rows(judge(asked.policy, rows, datetime.now(UTC).date())),
        seed=run.seed,
        started=run.started,
        serbench=serbench.__version__,
        command=asked.command(),
        strict=asked.policy.strict,
        ratios=ratios(base, new),
        notes=tuple(notes),
    )


def _available(base: Baseline, new: Baseline, metrics: Sequence[Metric]) -> list[Metric]:
    """Without instructions where one of the sides has none at all: they are gated where both have them."""
    both = all(any(entry.instructions is not None for entry in side.entries.values()) for side in (base, new))
    return [metric for metric in metrics if metric != "instructions" or both]


def _empty(asked: Asked) -> Verdict:
    note = (
        f"There is no baseline at {asked.policy.baseline}: nothing was compared, which --allow-missing-baseline allows."
    )
    return Verdict(
        mode="baseline",
        base=SideInfo(asked=str(asked.policy.baseline)),
        new=SideInfo(asked="now"),
        rows=(),
        serbench=serbench.__version__,
        strict=asked.policy.strict,
        notes=(note,),
        empty_allowed=True,
    )
