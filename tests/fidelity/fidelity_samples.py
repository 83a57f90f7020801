"""An exact comparison that owes nothing to the one under test, and records of what was found."""

from __future__ import annotations

import math
import struct
from typing import Any

from serbench.fidelity.parts import Attack, Examined, Finding, Harm
from serbench.records.cases import CodecInfo
from serbench.records.fidelity import Fidelity, Outcome, Probed


def exact(value: Any) -> Any:
    """A form in which values are equal only if they are the same to the type; the order of keys is free."""
    match value:
        case float():
            return "float", "nan" if math.isnan(value) else struct.pack("<d", value)
        case list() | tuple():
            return type(value).__name__, [exact(item) for item in value]
        case dict():
            return "dict", {(type(key).__name__, key): exact(item) for key, item in value.items()}
    return type(value).__name__, value


def info(name: str, **about: Any) -> CodecInfo:
    """A codec as the catalogue has it."""
    usual = {
        "format": "json",
        "model": "plain",
        "distribution": name,
        "version": "1.0",
        "native": "C",
        "deviations": ("TUPLE_AS_LIST",),
        "source": f"serbench.codecs.{name}",
    }
    return CodecInfo(name=name, **usual | about)


def fidelity(codec: str, **probed: tuple[str, str] | tuple[str, str, str]) -> Fidelity:
    """What comes back from a codec: of each probe outcome and words, and how that is undeclared."""
    told = ((name.replace("_", "-"), (*rest, "")[:3]) for name, rest in probed.items())
    made = (Probed(probe=name, outcome=Outcome(o), words=w, undeclared=u) for name, (o, w, u) in told)
    return Fidelity(codec=codec, probed=tuple(made))


FINDING = Finding(
    harm=Harm.CRASH, words="killed by SIGSEGV during decode", made="flipped", index=5, data=b"\0\xff", again=True
)
LOSSY = Examined(
    info=info("lossy"),
    fidelity=fidelity(
        "lossy",
        over_64_bits=("refused", "OverflowError: too big"),
        nan=("changed", "None"),
        tuple=("changed", "[1, 2]"),
        none=("crashed", "killed by SIGSEGV during encode"),
        set=("untried", "no type"),
    ),
    attack=Attack(seed=1, tried=1000, refused=900, decoded=99, findings=(FINDING,)),
)
FAITHFUL = Examined(
    info=info("faithful"),
    fidelity=fidelity(
        "faithful",
        over_64_bits=("exact", ""),
        nan=("changed", "None", "not declared"),
        tuple=("exact", ""),
        none=("exact", ""),
        set=("exact", ""),
    ),
    attack=Attack(seed=1, tried=1000, refused=1000, decoded=0),
)
