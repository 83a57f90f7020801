"""All findings about a machine and a Python, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from serbench.doctor.clock import of_clock
from serbench.doctor.company import of_company
from serbench.doctor.hardware import of_hardware
from serbench.doctor.interpreter import of_interpreter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from serbench.doctor.parts import Finding, Readings
    from serbench.records.run import Environment

Fitness = Literal["fit for tails", "fit for medians", "unfit"]

TAILS = frozenset(
    {
        "interruptions",  # p99.9 of a call of 10 us is the machine's
        "clock_step",  # calls of several us are too short for the clock to tell their tail
        "cores",  # without a core of its own, a worker is moved about or waits for who drives it
        "foreign_cpu",  # what waits for another program waits for milliseconds
        "steal",  # the same, and no counter tells which call it was
        "cpu_limit",  # a group that has used up its share stands still for up to a period of 100 ms
        "swapping",  # a page that comes back takes as long as a thousand calls
    }
)
"""Findings that have to be good for tails: what they tell of comes now and then, and is long. A median does not see it.
The others change all calls alike, and with them both sides of a comparison."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What can be measured here.

    Attributes:
        fitness: in three words or less.
        reasons: what keeps it from being better, one for each finding that does; empty for "fit for tails".
    """

    fitness: Fitness
    reasons: tuple[str, ...] = ()


def findings(environment: Environment, readings: Readings) -> tuple[Finding, ...]:
    """Everything that numbers depend on, in the order to be shown."""
    return (
        *of_clock(environment, readings),
        *of_company(environment, readings),
        *of_hardware(environment),
        *of_interpreter(environment),
    )


def verdict(found: Iterable[Finding]) -> Verdict:
    """What these findings add up to.

    The rule: with a bad finding a machine is unfit. Without one it is fit for tails if all of `TAILS` are good, and fit
    for medians otherwise. One of them that cannot be read is not good: who cannot tell that nobody takes the processor
    away should not tell a tail. The numbers behind each judgement stand with their reasons in the modules that judge:

    * bad: a debug build; tracing; a variable that makes Python check or trace; a clock that steps by over 1 us or takes
      as long to be read; other programs with over 20 % of the measuring core, or interruptions that take as much; over
      10 % stolen; a control group that was stopped.
    * not good for tails: over 100 interruptions a second longer than 10 us; a clock that steps by over 100 ns; no core
      to measure on alone; other programs with over 3 % of it; over 2 % stolen; less than 2 processors; swapping.
    """
    found = tuple(found)
    bad = tuple(_reason(finding) for finding in found if finding.judgement == "bad")
    if bad:
        return Verdict(fitness="unfit", reasons=bad)
    short = tuple(_reason(finding) for finding in found if finding.name in TAILS and finding.judgement != "good")
    return Verdict(fitness="fit for medians", reasons=short) if short else Verdict(fitness="fit for tails")


def _reason(finding: Finding) -> str:
    return f"{finding.what}: {finding.value}"
