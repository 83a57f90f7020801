"""The probe values of `serbench fidelity`, as one check: whether what is declared is what is seen."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from serbench.conformance.parts import Check, Checked, Finding
from serbench.fidelity import running
from serbench.fidelity.probes import BY_NAME
from serbench.records.fidelity import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.records.cases import CodecInfo
    from serbench.records.fidelity import Probed


def checked(check: Check, info: CodecInfo, stop: Callable[[], bool]) -> Checked:
    """Sends every probe through the codec.

    Args:
        check: which this is.
        info: the codec.
        stop: whether somebody asked for the end.
    """
    with contextlib.closing(running.Process(info, stop)) as process:
        seen = running.fidelity(info, process).probed
    tried = sum(one.outcome is not Outcome.UNTRIED for one in seen)
    findings = [
        Finding(where=f"probe {one.probe}", what=_words(one)) for one in seen if one.undeclared and _of_a_payload(one)
    ]
    return Checked(check=check, findings=tuple(findings), told=f"{tried} values")


def _of_a_payload(one: Probed) -> bool:
    """Whether a payload can hold it. What no schema can say is nothing that a codec could declare."""
    return BY_NAME[one.probe].schema is not None


def _words(one: Probed) -> str:
    """How what was seen is at odds with what is declared."""
    return f"{one.outcome}, {one.words}: {one.undeclared}" if one.words else f"{one.outcome}: {one.undeclared}"
