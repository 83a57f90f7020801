"""What is found out about a codec, and what a decoder did with broken input."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from serbench.records.cases import CodecInfo
    from serbench.records.fidelity import Fidelity


class Harm(StrEnum):
    """What broken input must not do to a decoder. An exception is right, and so is a value."""

    CRASH = "crash"
    HANG = "hang"
    MEMORY = "memory"
    PANIC = "panic"


HARM_WORDS: dict[Harm, str] = {
    Harm.CRASH: "the process died",
    Harm.HANG: "there was no end to it",
    Harm.MEMORY: "it asked for memory out of all proportion",
    Harm.PANIC: "it raised what `except Exception` does not catch",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An input that does harm.

    Attributes:
        harm: of which sort.
        words: what happened.
        made: how the input was made: `truncated`, `flipped`, `random`, `repeated`.
        index: its number in the attack.
        data: the input.
        again: whether it did the same alone, in a process of its own.
        file: where it is kept; empty where it is not.
    """

    harm: Harm
    words: str
    made: str
    index: int
    data: bytes
    again: bool
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """What became of a decoder under broken input.

    Attributes:
        seed: of the inputs.
        tried: how many inputs there were.
        refused: how many raised an exception.
        decoded: how many gave a value.
        findings: the first few inputs of each sort that did harm; how many did is what is left of `tried`.
        ended: why it ended early, or why there was none; empty where it went to its end.
    """

    seed: int
    tried: int
    refused: int
    decoded: int
    findings: tuple[Finding, ...] = ()
    ended: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A codec and what was found out about it.

    Attributes:
        info: the codec, as the catalogue has it.
        fidelity: what came back of each probe.
        attack: None where there was none.
    """

    info: CodecInfo
    fidelity: Fidelity
    attack: Attack | None = None
