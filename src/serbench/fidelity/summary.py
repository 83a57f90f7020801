"""What was found out, ordered for people: marks in groups, and of each probe who did what with it. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.fidelity.probes import BY_NAME, GROUPS, PROBES
from serbench.records.fidelity import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.fidelity.parts import Attack
    from serbench.records.fidelity import Fidelity, Probed

MARKS: dict[Outcome, str] = {
    Outcome.EXACT: ".",
    Outcome.CHANGED: "~",
    Outcome.REFUSED: "-",
    Outcome.CRASHED: "X",
    Outcome.UNTRIED: " ",
}
IN_FULL = 3
"""For so many codecs every reason is told in full; for more, errors are told by their class."""

_WORST_FIRST = (Outcome.CRASHED, Outcome.CHANGED, Outcome.REFUSED)
_NOT_READ = "written, then not read: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What some codecs did with a probe.

    Attributes:
        outcome: changed, refused or crashed.
        words: into what or how.
        codecs: who.
    """

    outcome: Outcome
    words: str
    codecs: tuple[str, ...]


def marks(fidelity: Fidelity) -> tuple[str, ...]:
    """A text of marks for each group, a mark for each of its probes."""
    found = {probed.probe: MARKS[probed.outcome] for probed in fidelity.probed}
    return tuple("".join(found.get(p.name, " ") for p in PROBES if p.group == group) for group in GROUPS)


def counts(fidelity: Fidelity) -> dict[Outcome, int]:
    """How many probes had each outcome, all outcomes named."""
    counted = Counter(probed.outcome for probed in fidelity.probed)
    return {outcome: counted[outcome] for outcome in Outcome}


def deeds(found: Sequence[Fidelity]) -> dict[str, tuple[Deed, ...]]:
    """Of each probe that did not come back exactly from all, who did what, the worst first."""
    told: dict[str, tuple[Deed, ...]] = {}
    for name in dict.fromkeys(probed.probe for fidelity in found for probed in fidelity.probed):
        if own := _deeds(name, found):
            told[name] = own
    return told


def _deeds(name: str, found: Sequence[Fidelity]) -> tuple[Deed, ...]:
    who: dict[tuple[Outcome, str], list[str]] = {}
    for fidelity in found:
        for probed in fidelity.probed:
            if probed.probe == name and probed.outcome in _WORST_FIRST:
                words = probed.words if len(found) <= IN_FULL else brief(probed)
                who.setdefault((probed.outcome, words), []).append(fidelity.codec)
    ordered = sorted(who.items(), key=lambda item: (_WORST_FIRST.index(item[0][0]), -len(item[1])))
    return tuple(Deed(outcome=outcome, words=words, codecs=tuple(codecs)) for (outcome, words), codecs in ordered)


def brief(probed: Probed) -> str:
    """Of an error its class only; what is said of a shape, and what a value became, as it is."""
    if probed.outcome is not Outcome.REFUSED:
        return probed.words
    late = _NOT_READ if probed.words.startswith(_NOT_READ) else ""
    kind = probed.words.removeprefix(late).partition(":")[0]
    return late + kind if kind.isidentifier() and kind[0].isupper() else "its shape, before any call"


def title(name: str) -> str:
    """How people write a probe's value; the name itself of one that is not known here."""
    return BY_NAME[name].title if name in BY_NAME else name


def undeclared(found: Sequence[Fidelity]) -> tuple[tuple[str, Probed], ...]:
    """What is at odds with what codecs declare, each with the codec."""
    return tuple((f.codec, probed) for f in found for probed in f.probed if probed.undeclared)


def harms(attack: Attack) -> str:
    """`13: crash, hang`: how many inputs did harm, of which sorts, and why it ended early; empty for nothing."""
    sorts = ", ".join(dict.fromkeys(finding.harm.value for finding in attack.findings))
    harmed = attack.tried - attack.refused - attack.decoded
    return "; ".join(filter(None, (f"{harmed:,}: {sorts}" if harmed else "", attack.ended)))
