"""Whether what was seen of a probe agrees with the deviations that a codec declares."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

from serbench.codecs.deviations import RULES, Deviation, expected, refusal
from serbench.fidelity.exactness import difference
from serbench.records.fidelity import Outcome
from serbench.schema.payload import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from serbench.fidelity.probes import Probe

_DEEP = 50_000


def disagreement(probe: Probe, deviations: AbstractSet[Deviation], outcome: Outcome, back: Any, *, shape: bool) -> str:
    """How an outcome is at odds with what is declared; empty where it is not.

    Codecs declare nothing of the order of keys, the bits of a NaN, how long they go, and what no schema can say.

    Args:
        probe: what was sent; what was tampered with on the wire is beyond deviations.
        deviations: the codec's.
        outcome: what became of it.
        back: what came back, if anything did.
        shape: whether the codec refused the shape of the payload before it was handed anything.
    """
    if probe.schema is None or probe.twin or outcome in (Outcome.UNTRIED, Outcome.CRASHED):
        return ""
    message = probe.make()
    with _deep():
        refused = refusal(probe.payload(message), deviations)
        if refused:
            return f"{refused[0]} is declared, yet it came back as it was" if outcome is Outcome.EXACT else ""
        if outcome is Outcome.REFUSED:
            return "" if shape or probe.limit else "no declared deviation refuses it"
        must = expected(message, probe.payload(message).schema.root, deviations)
    if not difference(must, back, strict=False, subclasses=Deviation.INT_SUBCLASS in deviations):
        return ""
    return f"{_changing(probe, deviations)} promises another value" if difference(message, must) else "not declared"


def concerned(probe: Probe, deviation: Deviation) -> bool:
    """Whether a deviation changes or refuses a probe."""
    if not probe.plain or probe.twin:
        return False
    message = probe.make()
    with _deep():
        payload = probe.payload(message)
        if deviation is Deviation.INT_SUBCLASS:  # it may change any integer, and need not
            return not payload.kinds.isdisjoint((Kind.INT_OVER_53_BITS, Kind.INT_OVER_63_BITS))
        if RULES[deviation].refuses:
            return refusal(payload, {deviation}) is not None
        return bool(difference(message, expected(message, payload.schema.root, {deviation}), strict=False))


def _changing(probe: Probe, deviations: AbstractSet[Deviation]) -> str:
    """The names of those that change a probe."""
    return ", ".join(sorted(d for d in deviations if RULES[d].refuses is None and concerned(probe, d)))


@contextlib.contextmanager
def _deep() -> Iterator[None]:
    """Lets functions of ours recurse deeper than users of a library would let it."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(_DEEP)
    try:
        yield
    finally:
        sys.setrecursionlimit(usual)
