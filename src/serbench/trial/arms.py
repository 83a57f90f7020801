"""The arms of a trial: a side with its codecs, its copy of the payloads, its workers; and the run that comes of it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import serbench
from serbench.harness import cores as cores_module
from serbench.harness import environment, memory
from serbench.harness import plan as planning
from serbench.harness.crew import Crew, Kit
from serbench.harness.ledger import Ledger
from serbench.harness.pairs import Arm
from serbench.records.run import Environment, Pairing, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random
    from typing import Literal

    from serbench.harness.cores import Cores
    from serbench.harness.pairs import Pairs
    from serbench.harness.plan import Setting, Spooled
    from serbench.records.cases import CodecInfo, Operation, Pass
    from serbench.sides.base import Launch


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Makes arms that measure the same cases.

    Attributes:
        payloads: on disk.
        operations: in order.
        settings: conditions, each a case of its own.
        rng: draws hash seeds.
        timeout: seconds that one call may take.
        stop: whether somebody asked for the end.
        cores: where workers get ready and where they measure; as it is before this process moves aside.
    """

    payloads: tuple[Spooled, ...]
    operations: tuple[Operation, ...]
    settings: tuple[Setting, ...]
    rng: Random
    timeout: float
    stop: Callable[[], bool]
    cores: Cores = field(default_factory=cores_module.split)

    def arm(
        self,
        name: str,
        codecs: Sequence[CodecInfo],
        *,
        launch: Launch,
        sampler: str = "",
        burdens: Mapping[str, Sequence[int]] | None = None,
    ) -> Arm:
        """One side. Workers of different sides leave their encoded messages in different folders.

        Args:
            name: of the side, and of its folder.
            codecs: as the side has them.
            launch: how its workers are started.
            sampler: the one they are to use; empty: the best they have.
            burdens: slowness put in on purpose, by case id.
        """
        own = tuple(_own_copy(payload, name) for payload in self.payloads)
        plan = planning.plan(codecs, own, self.operations, self.settings)
        ledger = Ledger(plan, paired=True)
        crew = Crew(
            codecs=codecs,
            ledger=ledger,
            cores=self.cores,
            rng=self.rng,
            patience=self.timeout,
            memory_bytes=memory.limit(),
            stop=self.stop,
            kit=Kit(launch=launch, sampler=sampler, burdens=burdens or {}),
        )
        return Arm(name=name, plan=plan, ledger=ledger, crew=crew)


def _own_copy(payload: Spooled, name: str) -> Spooled:
    """The same file under a name of the side's own, for what is written beside it."""
    folder = payload.path.parent / name
    folder.mkdir(exist_ok=True)
    path = folder / payload.path.name
    if not path.exists():
        os.link(payload.path, path)
    return replace(payload, path=path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """What is known of a side besides its samples.

    Attributes:
        side: which.
        asked: what it was asked for as.
        python: version of its interpreter; empty: this one's.
        packages: versions of its distributions; None: this environment's.
    """

    side: Literal["base", "new"]
    asked: str
    python: str = ""
    packages: Mapping[str, str] | None = None


def run_of(
    arm: Arm,
    half: Half,
    pairs: Pairs,
    *,
    trial_id: str,
    started: str,
    seed: int,
    budget_seconds: float,
    command: Sequence[str],
    passes: tuple[Pass, ...],
    complete: bool,
) -> Run:
    """The run of one side, as it stands."""
    return Run(
        id=f"{trial_id}-{half.side}",
        started=started,
        finished=now(),
        complete=complete,
        serbench=serbench.__version__,
        command=tuple(command),
        seed=seed,
        suite="",
        budget_seconds=budget_seconds,
        environment=_environment(arm, half, pairs.cores.only),
        codecs=arm.plan.codecs,
        payloads=tuple(payload.info for payload in arm.plan.payloads),
        rounds=tuple(pairs.done),
        measurements=arm.ledger.measurements("stopped before its first pair"),
        passes=passes,
        pairing=Pairing(
            id=trial_id,
            side=half.side,
            asked=half.asked,
            pairs=len(pairs.done),
            rounds=pairs.rounds,
            origins=dict(sorted(arm.crew.origins.items())),
        ),
    )


def _environment(arm: Arm, half: Half, measuring_core: int | None) -> Environment:
    distributions = sorted({info.distribution for info in arm.plan.codecs if info.distribution})
    found = environment.describe(
        packages=distributions,
        sampler=arm.crew.sampler,
        measuring_core=measuring_core,
        directory=Path.cwd(),
    )
    if half.packages is None:
        return found
    packages = {name: half.packages[name] for name in distributions if name in half.packages}
    return replace(found, packages=packages, python={"implementation": "CPython", "version": half.python})


def now() -> str:
    """RFC 3339, UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
