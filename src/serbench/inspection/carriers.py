"""What the codecs of this installation do with something odd: as they declare, and as `serbench fidelity` has found."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from serbench.codecs.deviations import RULES, Deviation
from serbench.fidelity import declared, recorded, summary
from serbench.inspection.oddities import PROBES
from serbench.inspection.parts import Handling
from serbench.records.fidelity import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from serbench.records.cases import CodecInfo
    from serbench.records.fidelity import Fidelity


class Carriers:
    """Codecs, and what is known of them without asking them anew.

    Args:
        codecs: of this installation; those that cannot be used are left out.
    """

    def __init__(self, codecs: Iterable[CodecInfo]) -> None:
        self.codecs = [info for info in codecs if not info.unavailable]
        self.found = {one.codec: one for one in recorded.recorded(self.codecs, 0.0)}

    def handlings(self, probes: Sequence[str]) -> tuple[Handling, ...]:
        """What they do with values like these probes; none of those that carry all of them, as far as is known."""
        told: dict[Deviation, list[str]] = {}
        for info in self.codecs:
            if deviation := _first_concerned(probes, info.deviations):
                told.setdefault(deviation, []).append(info.name)
        named = {name for names in told.values() for name in names}
        by_declaration = [
            Handling(
                outcome=_outcome(one),
                words=RULES[one].words,
                codecs=tuple(names),
                of=len(self.codecs),
                declared=True,
            )
            for one, names in sorted(told.items(), key=lambda item: (RULES[item[0]].refuses is None, -len(item[1])))
        ]
        others = [found for name, found in self.found.items() if name not in named]
        return (*by_declaration, *_by_experience(probes, others, len(self.found)))


def _first_concerned(probes: Sequence[str], names: Sequence[str]) -> Deviation | None:
    """The codec's deviation that such values meet, one that refuses before one that changes."""
    met = [one for one in Deviation if one in names and any(_concerned(probe, one) for probe in probes)]
    return min(met, key=lambda one: RULES[one].refuses is None, default=None)


@cache
def _concerned(probe: str, deviation: Deviation) -> bool:
    return declared.concerned(PROBES[probe], deviation)


def _outcome(deviation: Deviation) -> str:
    return str(Outcome.CHANGED if RULES[deviation].refuses is None else Outcome.REFUSED)


def _by_experience(probes: Sequence[str], found: Sequence[Fidelity], of: int) -> list[Handling]:
    """What codecs do that they need not declare; of each codec the first such thing."""
    deeds = summary.deeds(found)
    handlings: dict[tuple[str, str], list[str]] = {}
    named: set[str] = set()
    for deed in (deed for probe in probes for deed in deeds.get(probe, ())):
        new = [name for name in deed.codecs if name not in named]
        named.update(new)
        if new:
            handlings.setdefault((str(deed.outcome), deed.words), []).extend(new)
    return [
        Handling(outcome=outcome, words=words, codecs=tuple(codecs), of=of, declared=False)
        for (outcome, words), codecs in handlings.items()
    ]
