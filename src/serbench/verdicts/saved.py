"""A verdict on two saved runs: the same rule, as far as they were measured in pairs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.store import files
from serbench.verdicts.live import of_runs

if TYPE_CHECKING:
    from serbench.records.verdict import Verdict
    from serbench.verdicts.question import Asked


def of_files(asked: Asked) -> Verdict:
    """Decides about the runs in two files.

    Raises:
        UsageError: a pattern of the policy matches nothing.
        BadRunFile: one cannot be read.
    """
    (one,), (other,) = asked.policy.base, asked.policy.new
    base, new = (files.load(Path(text)) for text in (one, other))
    asked.check({m.case.id for run in (base, new) for m in run.measurements})
    found = of_runs(asked, base, new)
    return replace(
        found,
        base=replace(found.base, asked=one),
        new=replace(found.new, asked=other),
        command=asked.command(),
    )
