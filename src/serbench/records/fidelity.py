"""What comes back of probe values from a codec. Workers import this: standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a probe value on its way to bytes and back."""

    EXACT = "exact"
    CHANGED = "changed"
    REFUSED = "refused"
    CRASHED = "crashed"
    UNTRIED = "untried"


OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.EXACT: "came back as it was: value, type, order of keys",
    Outcome.CHANGED: "came back as something else, without an error",
    Outcome.REFUSED: "an error said that it is not carried",
    Outcome.CRASHED: "ended the process, did not end, or raised what `except Exception` does not catch",
    Outcome.UNTRIED: "cannot be asked of this codec",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """One probe value and one codec.

    Attributes:
        probe: its name, from the list in `serbench.fidelity.probes`.
        outcome: what became of it.
        words: into what it was changed, how it was refused, how it ended, or why it was not tried; empty if exact.
        undeclared: how this is at odds with the deviations that the codec declares; empty where it is not.
    """

    probe: str
    outcome: Outcome
    words: str = ""
    undeclared: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fidelity:
    """What comes back from one codec.

    Attributes:
        codec: its name.
        probed: every probe, in the order of their list.
    """

    codec: str
    probed: tuple[Probed, ...]
