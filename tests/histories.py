"""Several runs that were never measured, side by side: every kind of change is in them, and every number is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import fakes
from compared_runs import CHAT, ENCODE, JSON, MSGPACK, ORJSON, exact
from serbench.compare.history import history
from serbench.records.cases import Status

if TYPE_CHECKING:
    from serbench.compare.parts import Against, History
    from serbench.records.run import Run

NAMES = ("v1", "v2", "v3", "v4", "v5")


def releases() -> tuple[Run, ...]:
    """Five runs: a case that gets slower in steps, one faster and larger, one fails, one goes, one comes."""
    failed = fakes.unmeasured(MSGPACK, Status.FAILED, "the worker died: SIGSEGV")
    late = exact(fakes.case("pickle"), 4_000)
    made = []
    for n, factor in enumerate((1.0, 1.0, 1.5, 1.5, 2.0)):
        own = [exact(ORJSON, 2_000 * factor), exact(JSON, 8_000 + 20 * n)]
        own += [failed if n == 2 else exact(MSGPACK, 3_000)]
        own += [exact(ENCODE, 1_500 if n < 3 else 1_000, encoded=1_000 if n < 3 else 1_050)]
        own += [exact(CHAT, 20_000 + 5_000 * n, workers=6 if n < 4 else 5)] * (n != 1)
        own += [late] * (n > 2)
        made.append(fakes.run(own, id=f"2026010{n + 1}T030405Z-beef", started=f"2026-01-0{n + 1}T03:04:05Z"))
    return (*made[:4], replace(made[4], serbench="0.2.0", seed=8))


def full_history(against: Against = "first") -> History:
    """These, side by side."""
    return history(releases(), NAMES, against=against)
