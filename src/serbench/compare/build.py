"""Holds a run against another. It informs and decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.compare.cases import changes
from serbench.compare.environment import differences
from serbench.compare.parts import Comparison
from serbench.compare.words import sentences

if TYPE_CHECKING:
    from serbench.records.run import Run


def compare(base: Run, new: Run) -> Comparison:
    """Two saved runs side by side, case by case.

    Raises:
        BadRunFile: a histogram cannot be read.
    """
    changed = tuple(changes(base, new))
    differing = tuple(differences(base, new))
    return Comparison(
        base_id=base.id,
        new_id=new.id,
        base_started=base.started,
        new_started=new.started,
        sentences=tuple(sentences(base, new, changed, differing)),
        differences=differing,
        changes=changed,
        runs=(base, new),
    )
