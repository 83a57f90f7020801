"""Hands broken input to decoders, in processes that may die of it, and looks at each find once more by itself."""

from __future__ import annotations

import base64
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.errors import WorkerFailure
from serbench.fidelity import feeding
from serbench.fidelity.parts import Attack, Finding, Harm
from serbench.fidelity.running import Died

if TYPE_CHECKING:
    from serbench.fidelity.budget import Budget
    from serbench.fidelity.running import Process
    from serbench.harness.inbox import Answer

MOST_DEATHS = 5
"""An attack has said enough when a decoder has died so often."""

KEPT_OF_A_SORT = 3
"""Of each sort of harm so many inputs are kept."""

_STRETCH = 500
_STRETCH_SECONDS = 5.0


def attack(process: Process, budget: Budget, seconds: float) -> Attack:
    """Attacks one decoder until its inputs are used up or its time is over.

    Args:
        process: that of its codec.
        budget: for all decoders.
        seconds: of it, this one's; a look at each find comes on top.

    Raises:
        Interrupted: somebody asked for the end.
    """
    with tempfile.NamedTemporaryFile(prefix="serbench-attack-") as notes:
        notes.truncate(feeding.NOTES_BYTES)
        return _Siege(process, budget, seconds, Path(notes.name)).run()


def feed(process: Process, data: bytes) -> tuple[Harm | None, str]:
    """Hands one input over: what harm it did, and in words what happened; both empty where a value came out.

    Raises:
        WorkerFailure: it could not be handed over.
        Interrupted: somebody asked for the end.
    """
    try:
        answer = process.ask(do="input", data=base64.b64encode(data).decode())
    except Died as death:
        return _harm(death), str(death)
    return (Harm(answer["harm"]) if answer["harm"] else None), answer["words"]


def _harm(death: Died) -> Harm:
    return Harm.HANG if death.hung else Harm.CRASH


class _Siege:
    """One attack under way."""

    def __init__(self, process: Process, budget: Budget, seconds: float, notes: Path) -> None:
        self._process = process
        self._budget = budget
        self._seconds = seconds
        self._notes = notes
        self._next = self._refused = self._decoded = self._deaths = 0
        self._found: list[Finding] = []
        self._kept: Counter[Harm] = Counter()

    def run(self) -> Attack:
        ended = ""
        deadline = time.monotonic() + self._seconds
        while not ended and self._next < self._budget.inputs and (left := deadline - time.monotonic()) > 0:
            try:
                self._take(self._ask(min(left, _STRETCH_SECONDS)))
            except Died as death:
                ended = self._bury(death)
            except WorkerFailure as failure:
                ended = str(failure)
        return Attack(
            seed=self._budget.seed,
            tried=self._next,
            refused=self._refused,
            decoded=self._decoded,
            findings=tuple(map(self._confirmed, self._found)),
            ended=ended,
        )

    def _ask(self, seconds: float) -> Answer:
        return self._process.ask(
            do="attack",
            seed=self._budget.seed,
            first=self._next,
            count=min(_STRETCH, self._budget.inputs - self._next),
            seconds=seconds,
            notes=str(self._notes),
        )

    def _take(self, answer: Answer) -> None:
        self._next = answer["next"]
        self._refused += answer["refused"]
        self._decoded += answer["decoded"]
        if answer["harmed"]:
            harm, words, made, index, data = answer["harmed"]
            self._keep(Harm(harm), words, made, index, base64.b64decode(data))

    def _bury(self, death: Died) -> str:
        """Notes what it died of; returns why there is no going on, if there is none."""
        if death.doing == "bind":
            return f"it could not be made ready: {death}"
        last = feeding.last(self._notes)
        self._next = last.index + 1
        self._refused += last.refused
        self._decoded += last.decoded
        self._keep(_harm(death), str(death), last.made, last.index, last.data)
        self._deaths += 1
        return f"ended after {MOST_DEATHS} deaths" if self._deaths == MOST_DEATHS else ""

    def _keep(self, harm: Harm, words: str, made: str, index: int, data: bytes) -> None:
        self._kept[harm] += 1
        if self._kept[harm] <= KEPT_OF_A_SORT:
            self._found.append(Finding(harm=harm, words=words, made=made, index=index, data=data, again=False))

    def _confirmed(self, finding: Finding) -> Finding:
        """With whether it does the same in a process that was fed nothing else."""
        self._process.close()
        try:
            harm, _ = feed(self._process, finding.data)
        except WorkerFailure:
            return finding
        return replace(finding, again=harm is finding.harm)
