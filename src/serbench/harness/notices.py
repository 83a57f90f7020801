"""What workers notice of codecs besides their work, in words for the reader of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.harness.inbox import Answer
    from serbench.harness.ledger import Ledger
    from serbench.records.cases import Case

REMEDIES = {
    "moves-descriptors": "They were put back; what it did takes part of its time. A codec leaves 0, 1 and 2 alone.",
    "prints": "It was caught and kept out of the results; printing takes part of its time. Take it out of the codec.",
    "starts-threads": (
        "They cannot be ended; the worker is kept still while others measure, and its own calls share the core "
        "with them. Have the codec work in the calling thread."
    ),
    "starts-processes": (
        "They are kept still while others measure and ended with the worker; its own calls share the core with them. "
        "Have the codec work in its own process."
    ),
    "converts": "That is the class's own doing and part of its time; other codecs carry the messages as they are.",
    "changes-collector": "It was put back after the block, which was measured as the codec had it. Use --gc instead.",
}
"""What follows from each, and what to do about it."""


def note(ledger: Ledger, cases: Sequence[Case], answer: Answer) -> bool:
    """Tells the cases what was noticed; returns whether threads or children of the codec go on running."""
    for name, words in answer.fields.get("noticed", ()):
        remedy = REMEDIES.get(name)
        if remedy:
            for case in cases:
                ledger.caution(case, name, f"{words}. {remedy}")
    return bool(answer.fields.get("busy"))
