"""One run on its way: from what was asked to measurements on disk, saved after every round."""

from __future__ import annotations

import contextlib
import secrets
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import serbench
from serbench import choice, unfinished
from serbench.fidelity.recorded import recorded
from serbench.harness import cores, environment, probe
from serbench.harness import plan as planning
from serbench.harness.session import Session
from serbench.records.run import Run
from serbench.store import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from serbench.choice import Request
    from serbench.harness.plan import Plan
    from serbench.harness.probe import Prospect
    from serbench.harness.state import Event, State
    from serbench.records.cases import Pass

BUDGET_SECONDS_PER_CASE = 1.0
BUDGET_SECONDS = (10.0, 60.0)

# What drawing and writing `index.html` takes is kept back from the budget; `benchmarks/bench_render.py` measures it.
RENDER_SECONDS = 1.0
RENDER_SECONDS_PER_CASE = 0.035
RENDER_SHARE_AT_MOST = 0.3

FIDELITY_SHARE = 0.1
"""Of the budget at most, what looking at what comes back may take; where that is known already it takes nothing."""


class Job:
    """A run that has been asked for. Its clock runs from here: the first worker is started to look the codecs up.

    Args:
        request: what was asked.
        stop: whether somebody asked for the end.
        before: the same run as far as it got; None: a new one.

    Raises:
        UsageError: a name, a file or a value is wrong.
        Interrupted: somebody asked for the end.
    """

    def __init__(self, request: Request, *, stop: Callable[[], bool], before: Run | None = None) -> None:
        self._request = request
        self._stop = stop
        self._before = before
        self._chosen = choice.choose(request)
        self._began = time.monotonic()
        self._codecs = choice.codecs(self._chosen, stop=stop)
        self._id = before.id if before else f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
        self._folder = Path()
        self._made: list[Path] = []
        self.wanted = self._chosen.wanted | {c.name for c in self._codecs if c.source in self._chosen.codec_files}

    def open(self, folder: Path | None, *, force: bool) -> Path:
        """Makes the run's folder; None: a new one in `reports`.

        Raises:
            UsageError: it holds a run already and `force` is not given.
            CannotWrite: it cannot be written.
        """
        folder = folder or Path("reports") / self._id
        self._made = [place for place in (folder, *folder.parents) if not place.exists()]
        self._folder = files.open_folder(folder, force=force or self._before is not None)
        return self._folder

    def plan(self, scratch: Path) -> tuple[Plan, float]:
        """The cases and the budget in seconds; payloads are spooled to a folder.

        Raises:
            UsageError: a payload cannot be made.
            Interrupted: somebody asked for the end.
        """
        request = self._request
        made = choice.spool(self._chosen, scratch, seed=request.seed, count=request.instances, stop=self._stop)
        plan = planning.plan(self._codecs, made, self._chosen.operations, self._chosen.settings)
        least, most = BUDGET_SECONDS
        return plan, self._chosen.budget_seconds or min(most, max(least, BUDGET_SECONDS_PER_CASE * len(plan.cases)))

    def foresee(self, scratch: Path) -> tuple[Plan, float, Prospect, tuple[Pass, ...]]:
        """What would be measured, and what may be expected of it.

        Raises:
            UsageError: a payload cannot be made.
            Interrupted: somebody asked for the end.
        """
        plan, budget = self.plan(scratch)
        found = probe.prospect(plan, budget - self._reserve(plan, budget), self._chosen.passes, self._stop)
        return plan, budget, found, self._chosen.passes

    def _reserve(self, plan: Plan, budget: float) -> float:
        """What is kept back for drawing and writing the page."""
        return min(RENDER_SHARE_AT_MOST * budget, RENDER_SECONDS + RENDER_SECONDS_PER_CASE * len(plan.cases))

    def measure(self, watch: Callable[[Event], None], after_round: Callable[[Run], None]) -> Run:
        """Measures under what is left of the budget; saves after every round.

        Raises:
            UsageError: a payload cannot be made, or another run is being measured into the same folder.
            CannotWrite: the results cannot be written.
            Interrupted: somebody asked for the end before anything was started.
        """
        with files.alone(self._folder), self._unless_empty(), self._scratch() as scratch:
            plan, budget = self.plan(Path(scratch))
            blank = record = self._with_fidelity(self._blank(plan, budget))
            spent = unfinished.seconds_spent(self._before) if self._before else 0.0
            session = Session(
                plan=plan,
                passes=self._chosen.passes,
                before=unfinished.state(self._before, blank) if self._before else None,
                seconds=max(0.0, budget - spent - (time.monotonic() - self._began) - self._reserve(plan, budget)),
                seed=self._request.seed,
                timeout=min(self._request.timeout, budget / 10),
                stop=self._stop,
                watch=watch,
            )
            for state in session.run():
                record = _with(blank, state)
                files.save(record, self._folder)
                files.forget_page(self._folder)
                after_round(record)
        return record

    @contextlib.contextmanager
    def _scratch(self) -> Iterator[str]:
        """A folder for what is only needed meanwhile, and none left by the same run, had it been killed."""
        if self._before:
            unfinished.clean(self._id, self._folder)
        with tempfile.TemporaryDirectory(prefix=unfinished.scratch(self._id)) as scratch:
            yield scratch

    @contextlib.contextmanager
    def _unless_empty(self) -> Iterator[None]:
        """Takes away again what was made for the run if nothing came to lie in it."""
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                for place in self._made:
                    place.rmdir()

    def close(self, record: Run) -> Run:
        """Saves the last figures, once the report has been rendered, and points `latest` at the folder."""
        total = time.monotonic() - self._began + (unfinished.seconds_spent(self._before) if self._before else 0.0)
        spent = record.timing | {"total": round(total, 3)}
        record = replace(record, timing=spent, finished=_now())
        files.save(record, self._folder)
        files.latest(self._folder.parent, self._folder)
        return record

    def _with_fidelity(self, blank: Run) -> Run:
        """The run with what comes back from its codecs; where a run is gone on with, as it found it."""
        if self._before:
            return replace(blank, fidelity=self._before.fidelity)
        return replace(blank, fidelity=recorded(blank.codecs, FIDELITY_SHARE * blank.budget_seconds, stop=self._stop))

    def _blank(self, plan: Plan, budget: float) -> Run:
        """The run before its first round."""
        return Run(
            id=self._id,
            started=self._before.started if self._before else _now(),
            finished=_now(),
            complete=False,
            serbench=serbench.__version__,
            command=self._request.command(budget),
            seed=self._request.seed,
            suite=self._chosen.suite,
            budget_seconds=budget,
            environment=environment.describe(
                packages=sorted({info.distribution for info in plan.codecs if info.distribution}),
                sampler="",
                measuring_core=cores.split().only,
                directory=Path.cwd(),
            ),
            codecs=plan.codecs,
            payloads=tuple(payload.info for payload in plan.payloads),
            rounds=(),
            measurements=(),
            passes=self._chosen.passes,
        )


def _with(blank: Run, state: State) -> Run:
    return replace(
        blank,
        finished=_now(),
        complete=state.finished and not state.stopped,
        rounds=state.rounds,
        measurements=state.measurements,
        timing=state.seconds,
        noise=state.noise,
        environment=replace(blank.environment, sampler=state.sampler or blank.environment.sampler),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
