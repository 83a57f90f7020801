"""A trial: both sides made, their codecs looked up, and a sitting in which they are measured."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from serbench import choice
from serbench.sides import spec
from serbench.store.halves import new_id
from serbench.trial.arms import Maker
from serbench.trial.choosing import Choosing
from serbench.trial.sitting import Sitting

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from serbench.choice import Chosen
    from serbench.harness.state import Event
    from serbench.records.cases import CodecInfo
    from serbench.records.run import Run
    from serbench.sides.environment import Side
    from serbench.sides.spec import Spec
    from serbench.trial.sitting import Wanted


@dataclass(slots=True, kw_only=True)
class Trial:
    """One A/B on its way.

    Attributes:
        wanted: what it measures.
        stop: whether somebody asked for the end.
        watch: told what is happening.
        tell: told in words what takes long before anything is measured.
        check: given the ids of all cases before any is measured; raises where what was asked for does not fit them.
        seconds: wall time, once it is over.
        notes: what the reader should know besides, once it is over.
    """

    wanted: Wanted
    stop: Callable[[], bool]
    watch: Callable[[Event], None]
    tell: Callable[[str], None]
    check: Callable[[Collection[str]], None] = lambda _: None
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    _specs: tuple[Spec, Spec] = field(init=False)
    _chosen: Chosen = field(init=False)

    def __post_init__(self) -> None:
        """Looks at what was asked for, before anything is made.

        Raises:
            UsageError: a side, a name, a file or a value is wrong.
        """
        self._chosen = choice.choose(self.wanted.request)
        here = Path.cwd()
        self._specs = spec.parse(self.wanted.base, here), spec.parse(self.wanted.new, here)

    def run(self, save: Callable[[Run, Run], None]) -> tuple[Run, Run]:
        """Measures both sides.

        Args:
            save: given both halves at the end, whatever it ends with, if there is a pair.

        Raises:
            UsageError: a codec or payload cannot be measured, or the budget is too short for the least number of pairs.
            SerbenchError: a side cannot be made.
            Interrupted: somebody asked for the end; what was measured has been saved.
        """
        begin = time.monotonic()
        by_name = bool(self.wanted.request.codecs)
        choosing = Choosing(chosen=self._chosen, by_name=by_name, tell=self.tell, stop=self.stop)
        base, new = (choosing.side(side) for side in self._specs)
        codecs = choosing.codecs(base, new)
        with tempfile.TemporaryDirectory(prefix="serbench-gate-") as scratch:
            sitting = self._sitting((base, new), codecs, Path(scratch))
            self.check({m.case.id for arm in sitting.arms for m in arm.ledger.measurements("not measured")})
            halves = sitting.run(save)
        self.seconds, self.notes = time.monotonic() - begin, tuple(sitting.notes)
        return halves

    def _sitting(
        self, sides: tuple[Side, Side], codecs: tuple[list[CodecInfo], list[CodecInfo]], scratch: Path
    ) -> Sitting:
        request = self.wanted.request
        rng = Random(f"serbench pairs {request.seed}")
        maker = Maker(
            payloads=choice.spool(self._chosen, scratch, seed=request.seed, count=request.instances, stop=self.stop),
            operations=self._chosen.operations,
            settings=self._chosen.settings,
            rng=rng,
            timeout=request.timeout,
            stop=self.stop,
        )
        sampler = "native" if all(side.sampler == "native" for side in sides) else "python"
        return Sitting(
            id=new_id(),
            wanted=self.wanted,
            sides=sides,
            arms=tuple(
                maker.arm(name, own, launch=side.launch, sampler=sampler)
                for name, side, own in zip(("base", "new"), sides, codecs, strict=True)
            ),
            sampler=sampler,
            rng=rng,
            cores=maker.cores,
            stop=self.stop,
            watch=self.watch,
        )
