"""Two runs that were never measured, and their comparison: every kind of change is in it, and every number is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import fakes
from serbench.compare.build import compare
from serbench.records.cases import Status
from serbench.records.run import Pairing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from serbench.compare.parts import Comparison
    from serbench.records.cases import Case
    from serbench.records.run import Measurement, Run

NEW_ID = "20260103T030405Z-beef"

JSON, ORJSON, MSGPACK = (fakes.case(name) for name in ("json", "orjson", "msgpack"))
ENCODE = fakes.case("orjson", operation="encode")
CHAT = fakes.case("json", "chat")


def exact(of: Case, ns: float, *, workers: int = 6, encoded: int = 1_000) -> Measurement:
    """A case of which nothing is drawn at random."""
    return fakes.measured(of, fakes.even_workers(ns, workers=workers, calls=1_200), encoded)


def runs(base: Iterable[Measurement], new: Iterable[Measurement], **changes: object) -> tuple[Run, Run]:
    """Both, the second with these fields changed."""
    return fakes.run(base), fakes.run(new, **{"id": NEW_ID, "started": "2026-01-03T03:04:05Z"} | changes)


def full_runs() -> tuple[Run, Run]:
    """A case slower, one faster and larger, one within noise, one failed, one gone, one new, one of few workers."""
    base = [
        exact(JSON, 8_000),
        exact(ORJSON, 2_000),
        exact(MSGPACK, 3_000),
        exact(ENCODE, 1_500),
        exact(fakes.case("pickle"), 4_000),
        exact(CHAT, 20_000),
    ]
    new = [
        exact(JSON, 8_080),
        exact(ORJSON, 3_000),
        fakes.unmeasured(MSGPACK, Status.FAILED, "the worker died: SIGSEGV"),
        exact(ENCODE, 1_200, encoded=1_050),
        exact(CHAT, 30_000, workers=5),
        exact(fakes.case("orjson", "chat"), 6_000),
    ]
    other = replace(fakes.ENVIRONMENT, machine=fakes.ENVIRONMENT.machine | {"cpu_model": "Other CPU"})
    return runs(base, new, environment=other, serbench="0.2.0", seed=8)


def full_comparison() -> Comparison:
    """The comparison of these two."""
    return compare(*full_runs())


def halves() -> tuple[Run, Run]:
    """Both sides of one measurement in pairs."""
    about = {"id": "p", "pairs": 12, "rounds": 60}
    base, new = runs([exact(ORJSON, 2_000)], [exact(ORJSON, 2_010)])
    return (
        replace(base, pairing=Pairing(side="base", asked="orjson==1", **about)),
        replace(new, pairing=Pairing(side="new", asked="orjson==2", **about)),
    )


def many(cases: int) -> tuple[Run, Run]:
    """As many codecs on one payload; each takes one per cent longer than the one before, in new."""
    names = [fakes.case(f"codec-{n}") for n in range(cases)]
    return runs(
        [exact(case, 2_000) for case in names], [exact(case, 2_000 * (1 + n / 100)) for n, case in enumerate(names)]
    )
