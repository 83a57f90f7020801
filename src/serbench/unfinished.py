"""Going on with a run that was killed: what it asked for, how far it got, and whether that can be gone on with here."""

from __future__ import annotations

import glob
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.choice import Request
from serbench.errors import BadRunFile, CannotResume, UnusableFile, UsageError
from serbench.harness.state import State
from serbench.store import files
from serbench.worker.sampler import load as load_sampler

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.records.run import Run

REPORTS = Path("reports")

_MACHINE = ("cpu_model", "architecture", "cores_usable", "measuring_core")
_PYTHON = ("implementation", "version", "debug", "gil")


def find(folder: Path | None) -> tuple[Path, Run]:
    """The run that was cut short, and its folder.

    Args:
        folder: where it is; None: the newest in `reports`.

    Raises:
        UsageError: there is none, or it is complete.
        BadRunFile: it cannot be read.
    """
    if folder:
        run = files.load(folder)
        if run.complete:
            raise UsageError(f"{folder}: the run is complete, nothing is left to go on with; start another one")
        return (folder if folder.is_dir() else folder.parent), run
    for candidate in sorted(REPORTS.glob("*/run.json"), key=lambda path: path.stat().st_mtime, reverse=True):
        try:
            run = files.load(candidate)
        except (BadRunFile, UnusableFile):
            continue
        if not run.complete and not candidate.parent.is_symlink():
            return candidate.parent, run
    raise UsageError(f"{REPORTS}: no run in it was cut short; name another place with --dir")


def request(run: Run) -> Request:
    """What was asked of a run, from the command that makes it again.

    Raises:
        BadRunFile: the command is none that this version writes.
    """
    try:
        return Request.of(run.command)
    except (ValueError, TypeError, UsageError) as error:
        raise BadRunFile(f"its command cannot be gone on with: {' '.join(run.command)}; start another run") from error


def scratch(run_id: str) -> str:
    """What the name of a run's scratch folder begins with."""
    return f"serbench-{run_id}-"


def clean(run_id: str, folder: Path) -> None:
    """Takes away what a run that was killed has left: its scratch, and what it was about to write."""
    leftovers = [*Path(tempfile.gettempdir()).glob(f"{glob.escape(scratch(run_id))}*"), *folder.glob(".run.json.*")]
    for leftover in leftovers:
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)


def seconds_spent(run: Run) -> float:
    """How much of its budget a run has used."""
    return sum(seconds for name, seconds in run.timing.items() if name != "total")


def state(before: Run, now: Run) -> State:
    """How far the run got.

    Args:
        before: the run as it was saved.
        now: the same, asked for again here.

    Raises:
        CannotResume: what was measured then and what would be measured now are not the same thing.
    """
    if reason := next(_differences(before, now), ""):
        raise CannotResume(f"the run cannot be gone on with: {reason}; start another one")
    return State(
        measurements=before.measurements,
        rounds=before.rounds,
        seconds=before.timing,
        noise=before.noise,
        sampler=before.environment.sampler,
        finished=False,
        stopped=False,
    )


def _differences(before: Run, now: Run) -> Iterator[str]:
    """In what the two are not the same."""
    for what, keys, old, new in (
        ("machine", _MACHINE, before.environment.machine, now.environment.machine),
        ("Python", _PYTHON, before.environment.python, now.environment.python),
    ):
        for key in keys:
            if old.get(key) != new.get(key):
                yield f"{what}: {key} was {old.get(key)} and is {new.get(key)}"
    if (sampler := load_sampler().NAME) != before.environment.sampler:
        yield f"the sampler was {before.environment.sampler} and is {sampler}"
    versions = {codec.name: codec.version for codec in now.codecs}
    for codec in before.codecs:
        if versions.get(codec.name) != codec.version:
            yield f"{codec.name} was {codec.version or 'not there'} and is {versions.get(codec.name) or 'not there'}"
    digests = {payload.name: payload.digest for payload in now.payloads}
    for payload in before.payloads:
        if digests.get(payload.name) != payload.digest:
            yield f"payload {payload.name} has other messages than it had"
