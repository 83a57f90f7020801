"""What a run is doing, and what it has come to: what a session tells while it measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from serbench.records.run import Measurement
    from serbench.records.samples import Noise, Round


Phase = Literal["start-up", "warm-up", "round", "size", "memory", "cold", "instructions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What is happening, for whoever shows progress.

    Attributes:
        phase: what is being done; from `size` on they are passes.
        round: number of the round, from 1; 0 before the first.
        wave: which generation of workers, from 0, of `waves`.
        case: id of the case in hand; empty where there is none.
        seconds_left: of the time for measuring.
    """

    phase: Phase
    round: int
    wave: int
    waves: int
    case: str
    seconds_left: float


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a run has come to after a round.

    Attributes:
        measurements: every case and where it stands.
        rounds: all so far.
        seconds: where the time went: `start_up`, `warm_up`, `blocks` (inside), `between_blocks` (lead-in, messages),
            and each pass besides time.
        noise: the machine's own; None before the first round.
        sampler: the one that measures; empty before the first worker.
        finished: whether this is the last.
        stopped: whether somebody asked for the end.
    """

    measurements: tuple[Measurement, ...]
    rounds: tuple[Round, ...]
    seconds: dict[str, float]
    noise: Noise | None = None
    sampler: str = ""
    finished: bool = False
    stopped: bool = False
