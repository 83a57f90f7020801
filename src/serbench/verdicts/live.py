"""A verdict on two sides that are measured now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import serbench
from serbench.errors import UsageError
from serbench.gate import decide
from serbench.policy.judge import judge
from serbench.trial.live import Trial
from serbench.trial.sitting import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.harness.state import Event
    from serbench.records.run import Run
    from serbench.records.verdict import Verdict
    from serbench.verdicts.question import Asked


def of_sides(
    asked: Asked,
    *,
    save: Callable[[Run, Run], None],
    watch: Callable[[Event], None],
    tell: Callable[[str], None],
    stop: Callable[[], bool],
) -> Verdict:
    """Measures both sides and decides.

    Args:
        asked: what is gated.
        save: given both halves once they are measured.
        watch: told what is happening.
        tell: told in words what takes long before anything is measured.
        stop: whether somebody asked for the end.

    Raises:
        SerbenchError: as `Trial.run` says.
    """
    policy = asked.policy
    missing = [name for name, texts in (("--base", policy.base), ("--new", policy.new)) if not texts]
    if missing:
        lack = f"{' and '.join(missing)} {'are' if missing[1:] else 'is'} missing"
        raise UsageError(f"{lack}; name a side, such as orjson==3.10.18, . or git:main")
    wanted = Wanted(
        request=asked.request,
        base=policy.base,
        new=policy.new,
        metrics=policy.metrics,
        tolerances=asked.tolerances,
        command=asked.command(),
    )
    trial = Trial(wanted=wanted, stop=stop, watch=watch, tell=tell, check=asked.check)
    base, new = trial.run(save)
    return replace(
        of_runs(asked, base, new),
        mode="live",
        seconds=trial.seconds,
        command=asked.command(),
        notes=(*trial.notes, *_uncounted(base, new), *_disturbed(base)),
    )


def of_runs(asked: Asked, base: Run, new: Run) -> Verdict:
    """Decides about two runs, as far as they were measured in pairs."""
    found = decide.verdict(
        base,
        new,
        tolerances=asked.tolerances,
        metrics=asked.policy.metrics,
        judge=partial(judge, asked.policy, today=datetime.now(UTC).date()),
        seed=base.seed,
    )
    return replace(found, strict=asked.policy.strict, serbench=serbench.__version__)


def _uncounted(*runs: Run) -> tuple[str, ...]:
    """What failed of memory and of counting instructions: the first reason of each, and how many cases there are."""
    notes: list[str] = []
    for name in ("no-memory", "no-instructions"):
        warned = ((m.case.id, caution) for run in runs for m in run.measurements for caution in m.warnings)
        found = {case_id: caution.text for case_id, caution in warned if caution.name == name}
        notes += [f"{case_id}: {text}" for case_id, text in found.items()][:1]
        notes += [f"So it is with {len(found)} cases."] * (len(found) > 1)
    return tuple(notes)


def _disturbed(run: Run) -> tuple[str, ...]:
    disturbed = sum(round_.disturbance.disturbed for round_ in run.rounds)
    if not disturbed:
        return ()
    return (f"Other programs disturbed {disturbed} of {len(run.rounds)} pairs; they meet both sides alike.",)
